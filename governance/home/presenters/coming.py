"""What is under assessment, on its way to a signer: what is missing, and what waits for them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from flask import url_for

from governance.assessment.packs import presenters as packs
from governance.home import queries
from governance.home.looked import Look
from governance.home.presenters.words import asks, submission_url, tool_of
from governance.home.queries import Due
from governance.intake.models import Submission
from governance.lifecycle import SubmissionStatus
from governance.permissions import Actor, Role
from governance.web.wording import long_date, plural, starting_small

SAFETY = "safety_decision"


@dataclass(frozen=True, slots=True)
class Approval:
    """One record that waits for this person: a plan, a version of the log, evidence offered for a condition."""

    text: str
    href: str
    tool: str
    about: str


@dataclass(frozen=True, slots=True)
class OnItsWay:
    """One submission under assessment: what is missing, and links to what waits for this person."""

    tool: str
    href: str
    under: str
    missing: str
    yours: tuple[tuple[str, str], ...]


def approvals(assessed: Sequence[Submission], actors: Mapping[int, Actor], on: date) -> Iterator[Approval]:
    """What awaits a clinical safety officer: plans, log versions, safety case reports; and conditions offered to their role."""
    ids = {each.deployment_id for each in assessed if each.deployment_id}
    plans = queries.unapproved_plans(ids)
    for each in assessed:
        by, deployment = actors[each.organisation_id], each.deployment
        if deployment is None or not by.holds(Role.CSO, deployment.id):
            continue
        here = {"organisation": by.organisation_code, "reference": str(each.reference)}
        tool, about = tool_of(each), deployment.organisation.name
        if deployment.id in plans:
            href = url_for("plans.risk.show", **here)  # type: ignore[arg-type]
            yield Approval("Approve the clinical risk management plan", href, tool, about)
    yield from _records(actors)
    person_id = next((actor.person_id for actor in actors.values()), None)
    for offered in queries.conditions(set(actors), settled_by=person_id):
        if offered.status == "offered" and actors[offered.organisation_id].holds(
            Role(offered.set_by_role), offered.deployment_id
        ):
            yield _offered(offered, actors[offered.organisation_id])


def _records(actors: Mapping[int, Actor]) -> Iterator[Approval]:
    """Versions of the hazard log and safety case reports, of tools in use too."""
    scope = {number for number, actor in actors.items() if Role.CSO in actor.roles}
    if not scope:
        return
    for found, text, endpoint in (
        (queries.unapproved_versions(scope), "Approve hazard log version", "hazards.versions.show"),
        (queries.unapproved_cases(scope), "Approve safety case report, revision", "safety_cases.revision"),
    ):
        for each in found:
            by = actors[each.organisation_id]
            if by.holds(Role.CSO, each.deployment_id):
                href = url_for(endpoint, organisation=by.organisation_code, reference=each.reference, number=each.number)
                yield Approval(f"{text} {each.number}", href, each.tool, each.organisation)


def _offered(each: Due, by: Actor) -> Approval:
    href = url_for("conditions.condition", organisation=by.organisation_code, condition_id=each.id)
    due = f"before {each.before_stage.label}" if each.before_stage else f"due {long_date(each.due_on)}"
    return Approval(f"Confirm condition {each.number}", href, each.tool, f"evidence is offered, {due}")


def on_their_way(
    assessed: Sequence[Submission], looks: Mapping[int, Look], actors: Mapping[int, Actor], on: date
) -> tuple[OnItsWay, ...]:
    """The longest open few, with what each still lacks."""
    return tuple(_line(each, looks[each.id], actors[each.organisation_id]) for each in assessed if each.id in looks)


def _line(each: Submission, look: Look, by: Actor) -> OnItsWay:
    yours = []
    for task in look.mine:
        href = packs.place_url(task.place, each, by)
        if task.is_judging:
            yours.append((f"Judge {starting_small(task.title)}", href))
        elif task.place == SAFETY:
            yours.append(("Decide whether it is safety related", href))
    others = [stop.sentence for stop in look.stops if not stop.code.startswith("judge:")]
    missing = others[0] if others else "Only judgements are missing." if look.stops else "Nothing: it can be submitted."
    if len(others) > 1:
        missing = f"{missing.rstrip('.')}, and {plural(len(others) - 1, 'more thing')}."
    if each.status is SubmissionStatus.RETURNED:
        missing = f"Returned for information. {missing if others else 'The digital lead answers it.'}"
    return OnItsWay(tool_of(each), submission_url(each, by), asks(each, organisation=True), missing, tuple(yours))
