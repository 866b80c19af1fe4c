"""The safety work of the demonstration: plan, workshops, hazard log and its versions, and safety case reports."""

from collections.abc import Mapping
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from governance import clock
from governance.assessment.hazards import operations as hazards
from governance.assessment.hazards import queries, versions
from governance.assessment.hazards.models import Hazard
from governance.assessment.hazards.starters import library
from governance.assessment.hazards.starters import operations as starters
from governance.assessment.plans import operations as plans
from governance.assessment.plans import queries as plan_queries
from governance.assessment.safety_cases import operations as safety_cases
from governance.assessment.workshops import operations as workshops
from governance.assessment.workshops import queries as held
from governance.clock import add_months, london_date
from governance.database import transaction
from governance.demo import answering, cast, content
from governance.extensions import house
from governance.lifecycle import SubmissionKind
from governance.permissions import Actor, Role
from governance.register.models import Deployment

MATRIX = "dcb0129-ig-3.2"
Story = dict[str, Any]
THERE: tuple[tuple[str, Role | None], ...] = (
    ("Clinical safety officer", Role.CSO),
    ("Clinical lead", Role.CLINICAL_LEAD),
    ("Digital lead", Role.DIGITAL_LEAD),
    ("Information governance", Role.IG_LEAD),
    ("Someone who uses the tool", None),
    ("Patient or carer", None),
)
"""Who sat at a workshop: by name where the organisation has such a person, else by role alone."""


def plan(story: Story, deployment: Deployment, where: str) -> None:
    """Write the risk management plan and let the safety officer approve it, once."""
    at, cso = clock.now(), cast.actor(Role.CSO, where)
    if plan_queries.risk_plan_approved(deployment) is not None:
        return
    known = answering.words(story, london_date(at))
    texts = {name: text.format(**known) for name, text in content.PLAN.items()}
    texts["review_on"] = add_months(london_date(at), 12).isoformat()
    made = plans.write_risk_plan(
        deployment=deployment, content=texts, matrix_version=MATRIX, expected_revision=None, by=cso, at=at
    )
    intent = plans.intend_plan_approval(deployment=deployment, plan=made, by=cso, at=at)
    plans.approve_risk_plan(deployment=deployment, plan=made, intent=intent, keyring=house().keyring, by=cso, at=at)


def log(story: Story, deployment: Deployment, kind: SubmissionKind, where: str) -> None:
    """A workshop where the story has one to come, then its hazards, an approved version, and the report on it."""
    lead = cast.actor(Role.DIGITAL_LEAD, where)
    said = story.get("workshops", [])
    for minutes in said[held.last_number(deployment) :]:
        workshop(deployment, where, minutes)
    known = {each.name for each in queries.hazards(deployment)}
    for each in story["hazards"]:
        if each["name"] not in known:
            hazard(each, story, deployment, lead)
    if approve(deployment, where):
        report(story, deployment, "deployment" if kind is SubmissionKind.PROGRESS else "use", where)


def workshop(deployment: Deployment, where: str, minutes: str) -> None:
    """Record a workshop that was held two days before."""
    there = [(title, cast.named(role, where) if role else "") for title, role in THERE]
    at = clock.now()
    workshops.record(
        deployment=deployment,
        held_on=london_date(at) - timedelta(days=2),
        technique="Structured what-if (SWIFT)",
        attendance=there,
        minutes=minutes,
        by=cast.actor(Role.CSO, where),
        at=at,
    )


def approve(deployment: Deployment, where: str) -> bool:
    """Freeze the log and let the safety officer approve it; False where the newest approved version says the same."""
    at, cso = clock.now(), cast.actor(Role.CSO, where)
    approved = queries.approved_version(deployment)
    if approved is not None and approved.digest == queries.log_digest(queries.log_content(deployment)):
        return False
    version = versions.make_version(deployment=deployment, by=cast.actor(Role.DIGITAL_LEAD, where), at=at)
    intent = versions.intend_approval(deployment=deployment, version=version, by=cso, at=at)
    versions.approve_version(
        deployment=deployment, version=version, intent=intent, keyring=house().keyring, by=cso, at=at
    )
    return True


def report(story: Story, deployment: Deployment, phase: str, where: str) -> None:
    """Write a safety case report on the newest version of the log, and let the safety officer approve it."""
    at, cso = clock.now(), cast.actor(Role.CSO, where)
    known = answering.words(story, london_date(at))
    texts = {name: text.format(**known) for name, text in _report_texts().items()}
    case = safety_cases.write(deployment=deployment, phase=phase, texts=texts, expected_revision=None, by=cso, at=at)
    intent = safety_cases.intend_approval(deployment=deployment, case=case, by=cso, at=at)
    safety_cases.approve(deployment=deployment, case=case, intent=intent, keyring=house().keyring, by=cso, at=at)


@cache
def _report_texts() -> dict[str, str]:
    return dict(yaml.safe_load((Path(__file__).resolve().parent / "safety_case.yaml").read_text()))


def hazard(each: Mapping[str, Any], story: Story, deployment: Deployment, by: Actor) -> Hazard:
    """One hazard, with its control, scored before and after, and the reason why it stays."""
    at = clock.now()
    review = story["today"] + timedelta(days=each["review_in"]) if "review_in" in each else None
    made = hazards.add_hazard(
        deployment=deployment,
        name=each["name"],
        causes=each["causes"],
        impact=each["impact"],
        owner="Clinical lead",
        review_on=review,
        supplier=each.get("supplier"),
        by=by,
        at=at,
    )
    scored = {"patients": each["patients"], "version_id": None, "by": by, "at": at}
    severity, likelihood = each["initial"]
    hazards.score(hazard=made, which="initial", severity=severity, likelihood=likelihood, **scored)
    hazards.add_control(
        hazard=made,
        kind=each["kind"],
        description=each["control"],
        implementation=each.get("seen", "Seen in use at the first site by the safety officer"),
        effectiveness=each.get("works", "Tried in the workshop and in the test period; figures follow from monitoring"),
        version_id=None,
        by=by,
        at=at,
    )
    severity, likelihood = each["residual"]
    hazards.score(hazard=made, which="residual", severity=severity, likelihood=likelihood, **scored)
    if "acceptance" in each:
        hazards.accept(
            hazard=made, acceptance=each["acceptance"], reason=each["reason"], version_id=None, by=by, at=at
        )
    return made


def change_log(story: Story, deployment: Deployment, each: Mapping[str, Any]) -> None:
    """A hazard comes to light in use: it is added and the log approved anew, outside any request."""
    where = deployment.organisation.code
    with transaction():
        hazard(each, story, deployment, cast.actor(Role.CLINICAL_LEAD, where))
        approve(deployment, where)


def take_starters(story: Story, deployment: Deployment, numbers: list[int]) -> None:
    """Take some starting hazards for the kind of tool into the log, without scores."""
    kind = library.library().of(story["facts"]["kind"])
    assert kind is not None
    with transaction():
        by = cast.actor(Role.DIGITAL_LEAD, deployment.organisation.code)
        starters.take(deployment=deployment, kind=kind, numbers=numbers, in_place=(), by=by, at=clock.now())
