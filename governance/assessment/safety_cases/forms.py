"""The form for a revision of the safety case report. Its texts come from `texts`, so that page, rule and pack ask alike."""

from governance.assessment.plans.forms import RevisedForm
from governance.assessment.safety_cases.texts import PHASES, TEXTS
from governance.web.fields import RadioField, TextAreaField


class SafetyCaseForm(RevisedForm):
    """The prose of a report. It may be saved with gaps; approving it may not."""

    asked = TEXTS
    phase = RadioField(
        "Which phase is it for?",
        choices=[(code, said) for code, said, _ in PHASES],
        hints={code: hint for code, _, hint in PHASES},
        required="Choose the phase it is for",
    )

    def texts(self) -> dict[str, str]:
        """What was written, by code."""
        return {text.code: self[text.code].data or "" for text in TEXTS}


for _text in TEXTS:
    setattr(SafetyCaseForm, _text.code, TextAreaField(_text.title, hint=_text.hint, rows=6, max_length=12000))
