"""One thing per form: a committee, a meeting, what comes before it, and what is said there."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

from wtforms.validators import ValidationError

from governance.approval.committees import rules
from governance.approval.committees.rules import Seat
from governance.permissions import Role
from governance.web.fields import (
    CheckboxesField,
    CheckboxField,
    DateField,
    IntegerField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from governance.web.forms import Form, VersionedForm

_TIME = re.compile(r"([01]?\d|2[0-3])[:.]([0-5]\d)", re.ASCII)
PRESENT = (("present", "There"), ("remote", "There, by video or telephone"), ("apologies", "Sent apologies"))
HANDLED = (
    ("took_part", "Took part all the same"),
    ("stayed_silent", "Stayed and said nothing"),
    ("left", "Left for it and is not counted"),
)
POSITIONS = (("supports", "I support it"), ("supports_with_caveats", "I support it with caveats"), ("against", "I am against it"))


class CommitteeForm(VersionedForm):
    """What a committee is called, what makes it quorate, and what it is for."""

    name = StringField("What is it called?", max_length=200, required="Enter the name of the committee", size="m")
    quorum_people = IntegerField(
        "How many people make a quorum?", at_least=1, at_most=100, width=2, size="m", called="The quorum",
        required="Enter how many people make a quorum",
    )  # fmt: skip
    roles = CheckboxesField(
        "Who must be among them?", hint="At least one of each. Leave all empty if only the number counts.", size="m",
        choices=[(role.value, role.heading) for role in sorted(Role, key=lambda each: each.title.lower()) if role.is_person],
    )  # fmt: skip
    comment_working_days = IntegerField(
        "Working days to comment", hint="When a meeting is not quorate, members comment for so long.", at_least=1, at_most=60,
        width=2, size="m", required="Enter how many working days members have to comment",
    )  # fmt: skip
    terms = TextAreaField(
        "What is it for?", hint="Its terms of reference, or where they are kept.", max_length=4000, rows=5, size="m"
    )

    def seats(self, before: Iterable[Seat] = ()) -> list[Seat]:
        """The roles chosen. One that more than one of must be there stays as it was."""
        kept = {each.role: each.at_least for each in before}
        return [Seat(Role(each), kept.get(Role(each), 1)) for each in self.roles.data or ()]


class EndForm(VersionedForm):
    """The last day of a committee."""

    on = DateField("Its last day", required="Enter its last day")


class PlanForm(Form):
    """When and where a committee meets."""

    held_on = DateField("When does it meet?", required="Enter the day of the meeting")
    starts_at = StringField(
        "At what time?", hint="For example, 14:00", max_length=5, width=5, size="m", required="Enter when the meeting starts"
    )
    place = StringField("Where?", hint="A room, or the name of the video meeting. No link that lets anybody in.", size="m")

    def validate_starts_at(self, field: StringField) -> None:
        """Hours and minutes, kept as `14:00`."""
        found = _TIME.fullmatch(field.data or "")
        if found is None:
            raise ValidationError("Enter the time in hours and minutes, like 14:00")
        field.data = f"{int(found[1]):02}:{found[2]}"


class CancelForm(VersionedForm):
    """Why it is called off."""

    reason = TextAreaField("Why is it cancelled?", max_length=1000, rows=3, size="m", required="Say why the meeting is cancelled")


class ItemForm(Form):
    """A submission that waits for a decision, or a matter in words."""

    about = RadioField(
        "What is it about?", choices=[("submission", "A submission that waits for a decision"), ("matter", "Something else")],
        reveals={"submission": "submission", "matter": "title"}, required="Choose what the item is about", size="m",
    )  # fmt: skip
    submission = SelectField("Which one?", required="Choose a submission", required_when=("about", "submission"))
    title = StringField(
        "In a few words", max_length=200, required="Enter what the item is about", required_when=("about", "matter")
    )
    purpose = RadioField(
        "What is it put on for?", choices=rules.PURPOSES.items(), size="m",
        required="Choose whether it is for decision, for assurance or for noting",
    )  # fmt: skip
    presented_by = StringField("Who presents it?", size="m", max_length=200)
    description = TextAreaField("What should members know beforehand?", max_length=4000, rows=4, size="m")


class EncloseForm(Form):
    """Sections of the pack, and files of evidence that it names, that go to members with the agenda."""

    sections = CheckboxesField("Which sections are enclosed?", size="m")
    files = CheckboxesField("Which evidence is enclosed?", hint="Files that this pack names.", size="m")

    def validate(self, *args: Any, **kwargs: Any) -> bool:
        """At least one paper of either kind. What is missing is said at the first list there is."""
        valid = bool(super().validate(*args, **kwargs))
        if valid and not self.sections.data and not self.files.data:
            (self.sections if self.sections.choices else self.files).errors = ["Choose at least one paper"]
            return False
        return valid


class AttendForm(Form):
    """One person in one role."""

    who = SelectField("Who?", blank="A guest, named below", hint="Somebody in two roles is recorded in each and counts once.")
    name = StringField(
        "The guest’s name", max_length=200, required="Choose somebody, or enter the guest’s name", required_when=("who", None)
    )
    role_words = StringField("In what role does the guest come?", hint="For example, supplier or ethics adviser", max_length=100)
    presence = RadioField("Were they there?", choices=PRESENT, required="Choose whether they were there", size="m")
    is_chair = CheckboxField("In the chair")


class InterestForm(Form):
    """An interest, and what was done about it."""

    who = SelectField("Whose interest is it?", required="Choose who declared it", hint="Record them as attending first.")
    item = SelectField("In what?", blank="The whole meeting")
    interest = TextAreaField("What is the interest?", max_length=1000, rows=3, size="m", required="Say what the interest is")
    handled = RadioField("What was done about it?", choices=HANDLED, required="Choose what was done about it", size="m")


class HoldForm(VersionedForm):
    """The minutes of the meeting before, and that it was held."""

    previous_minutes = TextAreaField(
        "What about the minutes of the meeting before?", hint="Agreed, or what was corrected.", max_length=2000, rows=3, size="m",
        required="Say whether the minutes of the meeting before were agreed",
    )  # fmt: skip


class DecideForm(VersionedForm):
    """The opinion of the committee and what it decided."""

    opinion = TextAreaField("What did members think?", max_length=4000, rows=6, size="m")
    decision = RadioField(
        "What did they decide?", choices=rules.DECISIONS.items(), reveals={"supported_with_caveats": "caveats"},
        required="Choose what the committee decided", size="m",
    )  # fmt: skip
    caveats = TextAreaField(
        "Which caveats?", hint="One in each line. They bind nobody until a signer sets them as conditions.",
        max_length=4000, rows=4, required="Write at least one caveat, or choose supported",
        required_when=("decision", "supported_with_caveats"),
    )  # fmt: skip

    def lines(self) -> Sequence[str]:
        """The caveats, one from each line; none unless it was supported with caveats."""
        chosen = self.decision.data == "supported_with_caveats"
        return [line.strip() for line in (self.caveats.data or "").splitlines() if line.strip()] if chosen else []


class CommentForm(Form):
    """What a member says out of the meeting."""

    position = RadioField("What do you say to it?", choices=POSITIONS, required="Choose whether you support it", size="m")
    text = TextAreaField(
        "Your comment", hint="Your caveats, or why you are against it. No details of patients.", max_length=4000, rows=5,
        size="m", required="Say what your caveats are, or why you are against it",
        required_when=("position", ("supports_with_caveats", "against")),
    )  # fmt: skip


class ActionForm(Form):
    """What somebody was asked to do."""

    text = TextAreaField("What is to be done?", max_length=1000, rows=3, size="m", required="Say what is to be done")
    who = SelectField("Who does it?", blank="Somebody else, named below", hint="Somebody of the organisation is reminded.")
    owner = StringField(
        "The name of somebody else", max_length=200, required="Choose who does it, or enter a name", required_when=("who", None)
    )
    due_on = DateField("By when?", required="Enter the day by which it is done")
    item = SelectField("For which item?", blank="None of them")


class DoneForm(VersionedForm):
    """That an action is done."""

    words = TextAreaField("What was done?", max_length=1000, rows=3, size="m", required="Say what was done")
