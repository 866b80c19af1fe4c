"""What a submission shows besides: a cease its tasks and lessons, and every kind but a progress the figures so far."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import url_for

from governance.assessment.packs import slots
from governance.assessment.packs.slots import Extra
from governance.intake.models import Submission
from governance.lifecycle import SubmissionKind, SubmissionStatus
from governance.monitoring.endings import queries, rules
from governance.monitoring.readings import packed
from governance.permissions import Actor, Role
from governance.register.models import Deployment
from governance.web.wording import plural

PLACE = "endings"
FROZEN = (
    SubmissionStatus.SUBMITTED, SubmissionStatus.DEFERRED, SubmissionStatus.AUTHORISED, SubmissionStatus.NOT_APPROVED,
)  # fmt: skip


def init() -> None:
    """Hand packs what a cease and an extension show besides the rows of policy."""
    slots.extras[:] = [extras]
    slots.places[PLACE] = page_of


def page_of(submission: Submission, by: Actor) -> str:
    """The page where tasks and lessons are written."""
    deployment = submission.deployment
    assert deployment is not None
    return url_for("endings.ending", organisation=by.organisation_code, reference=deployment.reference)


def extras(submission: Submission) -> Sequence[Extra]:
    """Of a progress nothing: it asks for a stage, and the plan of that stage says what is measured."""
    deployment = submission.deployment
    if deployment is None:
        return ()
    ending = (_ending(deployment),) if submission.kind is SubmissionKind.CEASE else ()
    return (*ending, *(_figures(submission, deployment) if submission.kind is not SubmissionKind.PROGRESS else ()))


def _ending(deployment: Deployment) -> Extra:
    listed, learned = queries.tasks(deployment), queries.lessons(deployment)
    lacks = rules.submit_blockers(queries.facts(deployment), {each.kind for each in listed}, lessons=len(learned))
    said = f"{plural(len(listed), 'task')}, {plural(len(learned), 'lesson')}" if listed or learned else ""
    part: dict[str, Any] = {
        "kind": "decommissioning",
        "tasks": [
            {
                "number": each.number,
                "kind": rules.KINDS.get(each.kind, each.kind),
                "text": each.text,
                "owner": each.owner_role,
                "due_on": each.due_on.isoformat(),
            }
            for each in listed
        ],
        "lessons": [row.text for row, _ in learned],
    }
    return Extra(
        place=PLACE,
        section="decommissioning",
        title="Tasks of decommissioning and lessons",
        roles=(Role.DIGITAL_LEAD,),
        says=said,
        started=bool(listed or learned),
        parts=(part,),
        lacks=tuple(lacks),
        authors=queries.authors(deployment),
    )


def _figures(submission: Submission, deployment: Deployment) -> tuple[Extra, ...]:
    """The figures entered until the pack was frozen; up to now while it is not.

    Those of a pilot belong to its monitoring plan, which is judged. Elsewhere they stand with what is asked, where there
    are any: nobody judges that section, so a figure that comes while it is assessed makes no judgement stale.
    """
    until = submission.turn_since if submission.status in FROZEN else None
    if submission.kind is SubmissionKind.EXTEND_PILOT:
        part = packed.part(deployment, until=until, title="Figures of the pilot so far")
        return (Extra(place="figures", section="monitoring_plan", parts=(part,)),)
    part = packed.part(deployment, until=until)
    return (Extra(place="figures", section="triage", parts=(part,)),) if packed.has_figures(part) else ()
