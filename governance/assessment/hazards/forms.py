"""Forms for hazards, controls, scores, acceptance and status: one thing each."""

from typing import Any

from governance.assessment.hazards import words
from governance.assessment.hazards.matrix import Matrix
from governance.web.fields import DateField, RadioField, StringField, TextAreaField
from governance.web.forms import Form, VersionedForm

TEXTS = ("name", "description", "impact", "causes", "owner", "actions")


class _Details:
    name = StringField("Name of the hazard", hint="What could go wrong, in a line", required="Name the hazard")
    description = TextAreaField("What could happen", hint="How it would come about, and who would notice.", rows=3)
    impact = TextAreaField("Possible effect on the patient", hint="The worst that can credibly happen.", rows=3)
    causes = TextAreaField("Possible causes", hint="The tool, the systems around it, people, the way of working.")
    owner = StringField("Who looks after it", hint="A role rather than a name")
    actions = TextAreaField("Actions outstanding", hint="What, by whom, by when.", rows=3)

    def texts(self) -> dict[str, Any]:
        """What was written, by name."""
        return {name: self[name].data or "" for name in TEXTS}  # type: ignore[index]


class ReviewForm(VersionedForm):
    """When a local review of the hazard is due, whatever its status."""

    review_on = DateField("When is the next local review due?", hint="For example, 3 5 2027. Leave it empty for none.")
    reason = TextAreaField("Why", rows=3, hint="What was looked at, or what the next review should look at.")


class SupplierForm(VersionedForm):
    """What the supplier says of the same hazard, in the supplier’s own words."""

    supplier_reference = StringField("Supplier’s reference", hint="As in the supplier’s hazard log", max_length=60)
    supplier_scheme = StringField("Name of the scheme", hint="For example, ISO 14971 with a 1 to 25 score")
    supplier_initial = StringField("Initial rating, in that scheme", hint="Word for word", max_length=60)
    supplier_residual = StringField("Residual rating, in that scheme", hint="Word for word", max_length=60)
    supplier_status = StringField("Status, in the supplier’s words", max_length=60)

    def texts(self) -> dict[str, Any]:
        """What was written, by name of column."""
        return {f"supplier_{key}": self[f"supplier_{key}"].data or "" for key in words.SUPPLIER_SAYS}


class AddHazardForm(_Details, Form):
    """A hazard named for the first time."""


class DetailsForm(_Details, VersionedForm):
    """What a hazard says."""

    reason = StringField("Why it changes", hint="Kept with the history. You can leave it empty.")


class ScoreForm(VersionedForm):
    """Severity and likelihood. Which severities there are depends on how many patients one occurrence could harm."""

    patients = RadioField(
        "How many patients could it harm when it happens?",
        choices=list(words.PATIENT_WORDS.items()),
        reveals={"single": "severity_single", "multiple": "severity_multiple"},
        required="Choose whether one patient or several could be harmed",
        called="How many patients",
    )
    severity_single = RadioField(
        "Severity for one patient", required="Choose the severity for one patient", required_when=("patients", "single")
    )
    severity_multiple = RadioField(
        "Severity for several patients",
        required="Choose the severity for several patients",
        required_when=("patients", "multiple"),
    )
    likelihood = RadioField("How likely is it?", required="Choose how likely it is")
    reason = TextAreaField("Why the score changes", rows=3, hint="Kept with the history.")

    def offer(self, matrix: Matrix) -> None:
        """Offer the levels of a matrix, the worst first, each with its descriptor."""
        for patients in ("single", "multiple"):
            field, levels = self[f"severity_{patients}"], matrix.allowed_severities(patients)
            field.choices = [(level.code, level.words) for level in reversed(levels)]
            field.hints = {level.code: _after_colon(matrix.descriptors[patients][level.code]) for level in levels}
        self.likelihood.choices = [(level.code, level.words) for level in reversed(matrix.likelihoods)]
        self.likelihood.hints = {level.code: level.meaning or "" for level in matrix.likelihoods}

    @property
    def severity(self) -> str:
        """The severity chosen for the patients chosen."""
        return self[f"severity_{self.patients.data}"].data or ""

    @staticmethod
    def stored(hazard: Any, which: str) -> dict[str, Any]:
        """What the form shows of a score that stands. A residual one begins with the patients of the initial one."""
        patients = hazard.patients if which == "initial" else hazard.residual_patients or hazard.patients
        severity = getattr(hazard, f"{which}_severity")
        return {
            "version_id": hazard.version_id,
            "patients": patients,
            f"severity_{patients or 'single'}": severity,
            "likelihood": getattr(hazard, f"{which}_likelihood"),
        }


class AcceptForm(VersionedForm):
    """Why a residual 2 or 3 stays."""

    acceptance = RadioField("On what ground?", required="Choose why it is accepted")
    acceptance_reason = TextAreaField(
        "Why", hint="What more control would take, and why it is not done.", required="Say why, in a sentence or two"
    )

    def offer(self, grounds: tuple[str, ...]) -> None:
        """Offer the grounds a rating allows."""
        self.acceptance.choices = [(code, said) for code, said in words.ACCEPTANCES if code in grounds]


class _Control:
    kind = RadioField(
        "What kind of control is it?",
        choices=[(code, said) for code, said, _ in words.KINDS],
        hints={code: hint for code, _, hint in words.KINDS},
        required="Choose what kind of control it is",
    )
    description = TextAreaField("What is the control?", rows=3, required="Say what the control is")
    implementation = TextAreaField(
        "How was it verified that it is in place?",
        rows=3,
        hint="What was looked at, when, by whom. Leave empty until then.",
    )
    effectiveness = TextAreaField(
        "How was it verified that it works?",
        hint="What shows that the risk is lower. Leave empty until it does.",
        rows=3,
    )

    def texts(self) -> dict[str, str]:
        """The control as written."""
        return {name: self[name].data or "" for name in ("kind", "description", "implementation", "effectiveness")}  # type: ignore[index]


class ControlForm(_Control, VersionedForm):
    """A control of a hazard; the page is stale when the hazard changed."""


class ReasonForm(VersionedForm):
    """A change that needs its reason and nothing else."""

    reason = TextAreaField("Why", rows=3, required="Say why the control is removed")


class StatusForm(VersionedForm):
    """Open, transferred or closed."""

    status = RadioField(
        "What is its status?",
        choices=[(code, said) for code, said, _ in words.STATUSES],
        hints={code: hint for code, _, hint in words.STATUSES},
        required="Choose its status",
    )
    reason = TextAreaField("Why", rows=3, hint="Kept with the history. You can leave it empty.")


def _after_colon(text: str) -> str:
    """The harm without the words about patients that the question above says already."""
    said = text.partition(": ")[2] or text
    return said[0].upper() + said[1:]
