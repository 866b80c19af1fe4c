"""The form for one hazard workshop."""

from governance.assessment.workshops import rules
from governance.web.fields import DateField, FileField, SelectField, StringField, TextAreaField
from governance.web.forms import Form


class WorkshopForm(Form):
    """The day, the technique, who was there by role, and the minutes as text or file."""

    held_on = DateField("When was it held?", hint="For example, 3 5 2027")
    technique = StringField("Technique", hint="For example, structured what-if technique (SWIFT). You can leave it empty.")
    minutes = TextAreaField(
        "Minutes",
        hint="What was looked at, which hazards were found, what was decided. Do not name patients or give details of them.",
        rows=10,
        max_length=20000,
    )
    evidence = SelectField("Minutes you hold as evidence already", hint="You can leave it empty.")
    file = FileField("Or a file with the minutes", hint="PDF, Word or text. No patient details.")

    @property
    def attendance(self) -> list[tuple[str, str]]:
        """(role, name) of each line."""
        return [(self[f"role_{n}"].data or "", self[f"name_{n}"].data or "") for n in range(rules.ROWS)]


for _n in range(rules.ROWS):
    setattr(WorkshopForm, f"role_{_n}", StringField(f"Role {_n + 1}"))
    setattr(WorkshopForm, f"name_{_n}", StringField("Name", called=f"Name {_n + 1}"))
