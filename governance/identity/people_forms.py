"""Forms of the organisation administrator: invite, appoint, registration."""

from governance.lifecycle import Stage
from governance.permissions import Role, RoleKind
from governance.web.fields import (
    DateField,
    EmailField,
    RadioField,
    SelectField,
    StringField,
    SubmitField,
    TextAreaField,
)
from governance.web.forms import Form

MEMBER_ROLES = [(role.value, role.heading) for role in Role if role.kind is RoleKind.MEMBER]
APPOINTED_ROLES = [(role.value, role.heading) for role in Role if role.kind is RoleKind.APPOINTED]
DEPLOYMENT_ROLES = [(role.value, role.heading) for role in Role if role.kind is RoleKind.PER_DEPLOYMENT]
TIERS = [("", "Not an executive"), ("low", "Low"), ("medium", "Medium"), ("high", "High")]
STAGES = [("", "Not an executive"), *((stage.value, stage.label) for stage in Stage)]
RESIDUALS = [("", "Not an executive"), ("1", "1"), ("2", "2"), ("3", "3")]


class InviteForm(Form):
    """A new account with one member's role."""

    name = StringField("Full name", required="Enter the person’s full name")
    email = EmailField("E-mail address", required="Enter the person’s e-mail address")
    role = RadioField(
        "Role",
        choices=MEMBER_ROLES,
        hints={role.value: role.description for role in Role if role.kind is RoleKind.MEMBER},
        required="Choose a role",
    )
    submit = SubmitField("Invite")


class AppointForm(Form):
    """An accountable role between two dates."""

    person = SelectField("Person", choices=[], required="Choose a person")
    role = RadioField("Role", choices=APPOINTED_ROLES, required="Choose a role")
    starts_on = DateField("First day", required="Enter the first day")
    ends_on = DateField("Last day", required="Enter the last day")
    instrument = StringField(
        "What appoints them", hint="For example: letter of the chief executive, 5 January 2026", required="Say what appoints them"
    )
    highest_tier = SelectField("Authorising executive: highest tier", choices=TIERS)
    highest_stage = SelectField("Authorising executive: highest stage", choices=STAGES)
    highest_residual = SelectField("Authorising executive: highest residual rating they may accept", choices=RESIDUALS)
    submit = SubmitField("Appoint")


class DeploymentAppointForm(Form):
    """Clinical lead or senior responsible owner of one deployment."""

    person = SelectField("Person", choices=[], required="Choose a person")
    role = RadioField("Role", choices=DEPLOYMENT_ROLES, required="Choose a role")
    starts_on = DateField("First day", required="Enter the first day")
    ends_on = DateField("Last day", required="Enter the last day")
    instrument = StringField(
        "What appoints them", hint="For example: programme board, 1 October 2026", required="Say what appoints them"
    )
    submit = SubmitField("Appoint")


class RegistrationForm(Form):
    """A clinician's professional registration and safety training."""

    body = StringField("Professional body", hint="For example GMC, NMC, GPhC or HCPC", required="Enter the professional body")
    number = StringField("Registration number", required="Enter the registration number")
    expires_on = DateField("Registration expires", required="Enter the date on which the registration expires")
    trained_on = DateField("Clinical safety training", hint="The day it was completed, if it was")
    submit = SubmitField("Record")


class EndForm(Form):
    """The day from which something ends."""

    on = DateField("From which day", required="Enter the day from which it ends")
    submit = SubmitField("End it")


class ConcernsForm(Form):
    """How somebody who is no member of staff raises a concern."""

    concerns = TextAreaField(
        "How the public raises a concern about AI here",
        hint="A telephone number, an address or a page, with opening hours. No names of people. Everybody can read it.",
        max_length=300,
    )
    submit = SubmitField("Save")
