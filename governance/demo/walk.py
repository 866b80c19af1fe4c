"""Walking one submission along the line with real operations. Each step opens its own transaction, as a request does."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from governance import clock
from governance.approval import operations as approval
from governance.approval import queries as agreement
from governance.approval.rules import NewCondition
from governance.assessment.packs import operations as packs
from governance.assessment.packs import queries
from governance.database import transaction
from governance.demo import cast
from governance.extensions import house
from governance.identity import queries as identity
from governance.intake import operations as intake
from governance.intake import queries as intake_queries
from governance.intake import rules as intake_rules
from governance.intake.models import Submission
from governance.lifecycle import Stage, SubmissionKind
from governance.permissions import Actor, Role
from governance.policy.schema import Act
from governance.register.models import Deployment

Story = dict[str, Any]


def draft(story: Story, where: str, *, stage: Stage = Stage.PILOT, deployment: Deployment | None = None) -> Submission:
    """A draft with every page filled."""
    at = clock.now()
    with transaction():
        by = cast.actor(Role.DIGITAL_LEAD, where)
        submission = intake.start(by=by, at=at, deployment=deployment)
        for page, filled in _pages(story, by, stage, deployment).items():
            intake.save_draft(
                submission=submission, page=page, values=filled, version_id=submission.version_id, by=by, at=at
            )
    return submission


def _pages(story: Story, by: Actor, stage: Stage, deployment: Deployment | None) -> dict[str, Any]:
    tool, facts = story["tool"], story["facts"]
    alike = sorted(intake_queries.alike(tool)) if deployment is None else []
    where = {
        "site_ids": [site.id for site in identity.sites_of(by)][:3],
        "new_site": "",
        "controller_id": by.organisation_id,
        "stage": stage.value,
    }
    pages: dict[str, Any] = {
        "tool": tool,
        "same": {
            "choice": str(alike[0]) if alike else intake_rules.NO_MATCH,
            "shown": alike,
            "why": "",
        },
        "use_case": story["use_case"],
        "where": where,
        "ask": {"kind": SubmissionKind.PROGRESS.value, "stage": stage.value, "version": tool["version"], "reason": ""},
        "triage": facts if deployment is not None else {name: facts[name] for name in facts if name != "kind"},
    }
    kept = intake_rules.pages_of(has_deployment=deployment is not None)
    return {name: filled for name, filled in pages.items() if name in kept}


def ask(
    story: Story, where: str, deployment: Deployment, kind: SubmissionKind, *, version: str = "", reason: str = ""
) -> Submission:
    """Propose the next request about a deployment at its stage: to assure it again, extend its pilot, or let it cease."""
    with transaction():
        by, at = cast.actor(Role.DIGITAL_LEAD, where), clock.now()
        submission = intake.start(by=by, at=at, deployment=deployment)
        asked = {
            "kind": kind.value,
            "stage": deployment.stage.value,
            "version": version or deployment.tool_version.version,
            "reason": reason,
        }
        for page, filled in (("ask", asked), ("triage", story["facts"])):
            intake.save_draft(
                submission=submission, page=page, values=filled, version_id=submission.version_id, by=by, at=at
            )
        intake.propose(submission=submission, by=by, at=at)
    return submission


def propose(submission: Submission, where: str) -> Submission:
    """Propose a draft, and appoint who answers for the deployment."""
    with transaction():
        intake.propose(submission=submission, by=cast.actor(Role.DIGITAL_LEAD, where), at=clock.now())
    return submission


def opened(story: Story, where: str, **asked: Any) -> Submission:
    """Draft, propose and appoint."""
    submission = propose(draft(story, where, **asked), where)
    if asked.get("deployment") is None:
        with transaction():
            assert submission.deployment is not None
            cast.appoint_for(submission.deployment.id, where, clock.now())
    return submission


def judge(submission: Submission, where: str) -> None:
    """Every section judged met by whom policy names; what was judged before and did not change stays."""
    with transaction():
        position = queries.position(submission)
        given = {each.code for each in position.sections if each.outcome}
        for section in position.asked.sections:
            if section.judged_by and section.code not in given:
                packs.judge(
                    submission=submission,
                    section=section.code,
                    outcome="met",
                    reason="Read against the criterion and the evidence.",
                    by=cast.actor(section.judged_by, where),
                    at=clock.now(),
                )


def submit(submission: Submission, where: str) -> None:
    """Freeze the pack."""
    with transaction():
        packs.submit(submission=submission, by=cast.actor(Role.DIGITAL_LEAD, where), at=clock.now())


def roles_of(submission: Submission) -> list[Role]:
    """Everybody who must agree, in policy's order."""
    here = agreement.position(submission, clock.today())
    assert here is not None
    return [turn.role for turn in here.turns]


ADVICE = {Role.DPO: "content", Role.AI_LEAD: "advises_progress"}
YES = {Act.SIGN: "approve", Act.AUTHORISE: "authorise"}


def act(
    submission: Submission,
    where: str,
    role: Role,
    *,
    outcome: str = "",
    reason: str = "",
    conditions: Sequence[NewCondition] = (),
    until: date | None = None,
) -> None:
    """Sign, advise or authorise in a role: read what is new, fix what is signed, seal it."""
    at = clock.now()
    with transaction():
        by = cast.actor(role, where)
        here = agreement.position(submission, clock.london_date(at))
        assert here is not None
        given = outcome or ADVICE.get(role) or YES[here.line(role).turn.act]
        given += "_with_conditions" if conditions and not outcome else ""
        for code in agreement.unread(here, role, by.person_id):
            approval.read_section(submission=submission, code=code, by=by, at=at)
        intent = approval.intend(
            submission=submission,
            role=role,
            outcome=given,
            reason=reason,
            conditions=conditions,
            until=until,
            confirms_unchanged=True,
            by=by,
            at=at,
        )
        approval.carry_out(submission=submission, intent=intent, keyring=house().keyring, by=by, at=at)
