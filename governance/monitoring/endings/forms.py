"""Forms of an ending: a task, that it is done, and a lesson."""

from typing import Any

from governance.monitoring.endings import rules
from governance.web.fields import DateField, RadioField, SelectField, StringField, TextAreaField
from governance.web.forms import Form, VersionedForm


class TaskForm(VersionedForm):
    """What is done, whose it is, and by when."""

    kind = RadioField(
        "What kind of task is it?", choices=list(rules.KINDS.items()), required="Choose what kind of task it is", size="m"
    )
    text = StringField(
        "What is to be done?", required="Say what is to be done", max_length=400,
        hint="For example: close the interface to the picture archive",
    )  # fmt: skip
    owner = SelectField(
        "Whose task is it?", choices=[("", "Choose a role"), *((each.value, each.heading) for each in rules.OWNERS)],
        required="Choose whose task it is",
    )  # fmt: skip
    due_on = DateField("By when?", required="Enter the day by which it is done")


class DoneForm(VersionedForm):
    """That a task is done, when and how."""

    done_on = DateField("When was it done?", required="Enter the day it was done")
    note = TextAreaField(
        "How was it done?", hint="Who did it, and where that can be seen. Or why it is not needed.",
        required="Say how it was done, or why it is not needed", rows=3, max_length=2000,
    )  # fmt: skip


class LessonForm(Form):
    """A lesson for partners, or why there is none."""

    text = TextAreaField(
        "What would you tell another organisation?",
        hint="Every partner reads this beside the record. No names, no patient details, no commercial terms.",
        rows=5,
        max_length=4000,
    )
    because = StringField("Or why there is nothing to learn", hint="For example: it was never used", max_length=300)


def task_form(row: Any = None) -> TaskForm:
    """The form of a new task, or of one that is listed."""
    if row is None:
        return TaskForm()
    held = {"kind": row.kind, "text": row.text, "owner": row.owner_role, "due_on": row.due_on, "version_id": row.version_id}
    return TaskForm(data=held)
