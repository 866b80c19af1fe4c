"""What pages of plans and of the hazard log share: finding the record, doing one thing, confirming who signs."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import request, url_for

from governance import clock
from governance.database import db, transaction
from governance.errors import NotVisible, Refused
from governance.identity import credentials, throttle
from governance.identity.models import Person
from governance.intake import queries as intake
from governance.intake.models import Submission
from governance.permissions import Actor, Role
from governance.policy import policy
from governance.policy.rules import registration_warnings
from governance.register.models import Deployment
from governance.signing.operations import acting_text, appointment_text, registration_text
from governance.web import access
from governance.web.fields import PasswordField
from governance.web.forms import Form
from governance.web.wording import long_date

WAIT = "Too many attempts. Wait 15 minutes, then try again."
WRONG = "This is not the password you sign in with."

Crumbs = list[tuple[str, str]]


class ConfirmForm(Form):
    """The second step of signing: the credential."""

    password = PasswordField(
        "Password",
        hint="The one you sign in with. We do not keep it with the signature.",
        required="Enter your password",
    )


@dataclass(frozen=True, slots=True)
class SignsAs:
    """As whom a person is about to sign: pairs for the list of facts, and what is worth saying but stops nothing."""

    facts: tuple[tuple[str, str], ...]
    warnings: tuple[str, ...]


def found(reference: str, by: Actor | None = None) -> tuple[Submission, Deployment]:
    """A submission the actor may see, and its deployment. Raises NotVisible, for a draft too: it has no deployment."""
    submission = intake.submission(reference, by or access.actor())
    if submission.deployment is None:
        raise NotVisible()
    return submission, submission.deployment


def attempt(form: Form, act: Callable[[Actor], Any], fields: Mapping[str, str] | None = None) -> bool:
    """Do one thing in the request's one transaction. A refusal goes to the form, and False is given back."""
    try:
        with access.acting() as by:
            act(by)
    except Refused as refused:
        form.refuse(refused, fields)
        return False
    return True


def confirmed(form: ConfirmForm) -> bool:
    """Whether the password is the signer's own. Guesses count as attempts to sign in; it is slow, so it comes first."""
    person = db.session.get(Person, access.actor().person_id)
    email, address, at = person.email if person else "", request.remote_addr or "", clock.now()
    if throttle.is_throttled(email, address, at):
        form.add_error(WAIT)
        return False
    if credentials.matches(person, form.password.data or ""):
        return True
    with transaction():
        throttle.note(email=email, address=address, passed=False, at=at)
    form.add_error(WRONG, "password")
    return False


def signs_as(role: Role, deployment: Deployment, by: Actor) -> SignsAs:
    """The facts that a signature will keep: name, registration, appointment, training."""
    held = by.held_for(role, deployment.id)
    registration = by.registration
    trained = registration.trained_on if registration else None
    facts = [
        ("Name", by.name),
        ("Role", role.heading),
        ("Registration", registration_text(registration) or "None on record"),
        ("Appointment", appointment_text(held) if held else "None"),
        ("Safety training", long_date(trained) if trained else "Not on record"),
    ]
    if acting := acting_text(by, role, deployment.organisation_id, deployment.id, by.on):
        facts.append(("Acting for", acting))
    warnings = registration_warnings(policy(), role=role, registration=registration, on=by.on)
    return SignsAs(tuple(facts), tuple(warning.sentence for warning in warnings))


def crumbs(submission: Submission, *steps: tuple[str, str]) -> Crumbs:
    """The way back: the submission, then the steps named as (text, endpoint)."""
    return [
        (f"{submission.reference}", submission_url(submission)),
        *((text, here(submission, endpoint)) for text, endpoint in steps),
    ]


def here(submission: Submission, endpoint: str, **values: Any) -> str:
    """The address of a page of this submission, in the organisation of the request."""
    return url_for(endpoint, organisation=access.actor().organisation_code, reference=submission.reference, **values)


def submission_url(submission: Submission) -> str:
    """The address of the submission's own page."""
    return f"/{access.actor().organisation_code}/submissions/{submission.reference}"


def where(deployment: Deployment) -> str:
    """The tool and where: Chestwise Triage at Riverside Teaching Hospitals."""
    return f"{deployment.tool.name} at {deployment.organisation.name}"
