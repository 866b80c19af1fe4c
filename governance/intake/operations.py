"""What changes a submission: drafts, proposing, triage and tier, and the arrows of its status."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.exc import IntegrityError

from governance import clock
from governance.audit.record import record
from governance.database import db
from governance.errors import Blocker, Conflict, Forbidden, NotVisible, Refused, refuse_if
from governance.intake import queries, rules
from governance.intake.cards.reader import ModelCard as CardRead
from governance.intake.models import ModelCard, Submission, SubmissionChange, TierChange, Triage
from governance.intake.proposals import entered, pinned_first_of_kind, recorded_triage
from governance.lifecycle import (
    CLOSED_STATUSES,
    SUBMISSION_ARROWS,
    Stage,
    Standing,
    SubmissionKind,
    SubmissionStatus,
    submission_arrow,
)
from governance.permissions import Actor, Permission, Role
from governance.policy import Tier, policy
from governance.policy import rules as policy_rules
from governance.register import operations as register
from governance.register.models import Deployment
from governance.web.uploads import Upload

EVENTS = {
    "hold": "held",
    "return_for_information": "returned",
    "resume_decision": "taken_up_again",
}
ENDED = "This belongs to an organisation that has ended. It can be read, not changed."
moved: list[Callable[[Submission, SubmissionChange, Actor, datetime], None]] = []
"""What later rooms do when a submission takes an arrow, filled when the application is made: they tell people."""
CORRECTABLE = (SubmissionStatus.OPENED, SubmissionStatus.RETURNED)


def stream_of(submission: Submission) -> str:
    """A submission's events are in its deployment's stream; while there is none, in its organisation's."""
    if submission.deployment_id is None:
        return f"organisation:{submission.organisation_id}"
    return f"deployment:{submission.deployment_id}"


def start(*, by: Actor, at: datetime, deployment: Deployment | None = None) -> Submission:
    """Begin a draft: about a tool to be proposed, or the next request about a deployment. Raises Refused, Forbidden."""
    by.must(Permission.START_SUBMISSION)
    if deployment is not None and deployment.organisation_id != by.organisation_id:
        raise Forbidden(ENDED)
    if deployment is not None and deployment.standing is Standing.CEASED:
        raise Refused.because("Its use has ceased. Propose it anew to use it again.", code="submission.ceased")
    if deployment is not None and queries.open_on(deployment) is not None:
        raise Refused.because("There is an open submission about this deployment already.", code="submission.open")
    draft = rules.empty() | (_carried_over(deployment) if deployment else {})
    row = Submission(
        organisation_id=by.organisation_id,
        deployment_id=deployment.id if deployment else None,
        kind=SubmissionKind.PROGRESS,
        stage_from=deployment.stage if deployment else Stage.PIPELINE,
        draft=draft,
        started_by=by.person_id,
        started_at=at,
    )
    move(submission=row, arrow="start", by=by, at=at, role=Role.DIGITAL_LEAD)
    return row


def _carried_over(deployment: Deployment) -> dict[str, Any]:
    """What the last submission about a deployment said, or was stated of it, to be looked at again and saved."""
    for last in queries.of_deployment(deployment):
        facts = queries.facts(last)
        if facts:
            return {"values": {"triage": facts, "ask": {"version": deployment.tool_version.version}}}
    stated = next((facts for said in queries.stated if (facts := dict(said(deployment)))), {})
    return {"values": {"triage": stated, "ask": {"version": deployment.tool_version.version}}}


def save_draft(
    *, submission: Submission, page: str, values: Mapping[str, Any], version_id: int | str, by: Actor, at: datetime
) -> None:
    """Keep one page of a draft; what a model card filled on it counts as confirmed. Raises Refused, Conflict."""
    _own(submission, by)
    by.must(Permission.PROPOSE)
    _still_drafted(submission)
    if str(submission.version_id) != str(version_id):
        raise Conflict()
    refuse_if(rules.page_blockers(page, values))
    if page == "ask" and submission.deployment is not None:
        refuse_if(rules.ask_blockers(policy(), queries.known(submission.deployment), values))
    confirmed = submission.draft.get("from_card", {}).get(page, [])
    submission.draft = rules.with_page(submission.draft, page, values)
    record(
        "draft.saved", stream=stream_of(submission), by=by, at=at,
        submission=submission.id, page=page, confirmed=list(confirmed),
    )  # fmt: skip


def upload_card(*, submission: Submission, upload: Upload, card: CardRead, by: Actor, at: datetime) -> ModelCard:
    """Keep a model card with everything read from it, and fill what nobody has typed. The file is stored already."""
    _own(submission, by)
    by.must(Permission.PROPOSE)
    _still_drafted(submission)
    row = ModelCard(
        organisation_id=submission.organisation_id,
        submission_id=submission.id,
        schema_version=card.version,
        filename=upload.filename,
        sha256=upload.sha256,
        fields=card.fields,
        elements=[list(element) for element in card.elements],
        uploaded_by=by.person_id,
        uploaded_at=at,
    )
    db.session.add(row)
    submission.draft = rules.with_card(submission.draft, card.fields)
    record(
        "model_card.uploaded", stream=stream_of(submission), by=by, at=at,
        submission=submission.id, filename=upload.filename, sha256=upload.sha256,
    )  # fmt: skip
    return row


def _own(submission: Submission, by: Actor) -> None:
    """Writing is to the own organisation only; a predecessor's submissions may be read."""
    if submission.organisation_id not in by.scope:
        raise NotVisible()
    if submission.organisation_id != by.organisation_id:
        raise Forbidden(ENDED)


def _still_drafted(submission: Submission) -> None:
    if submission.status is not SubmissionStatus.DRAFTED:
        now = submission.status.label.lower()
        raise Refused.because(f"This is no longer a draft: it is {now}.", code="submission.drafted")


def propose(*, submission: Submission, by: Actor, at: datetime) -> None:
    """Turn a draft into an open submission: the register entry, triage and tier, and the policy it will be held to.

    Raises Refused with everything still missing, NotVisible for a site or controller that is not within reach.
    """
    _own(submission, by)
    by.must(Permission.PROPOSE)
    _still_drafted(submission)
    pinned, draft = queries.policy_for(submission.organisation_id, by.on), submission.draft
    tool = rules.values(draft, "tool")
    known = queries.known(submission.deployment) if submission.deployment else None
    refuse_if(rules.propose_blockers(draft, pinned, known=known, matches=() if known else queries.alike(tool)))
    deployment = entered(submission, by=by, at=at)
    asked = rules.values(draft, "ask" if known else "where")
    submission.deployment_id = deployment.id
    submission.reference = f"{deployment.reference}-S{queries.how_many_of(deployment) + 1}"
    submission.kind = SubmissionKind(asked.get("kind") or SubmissionKind.PROGRESS)
    submission.stage_from, submission.stage_asked = deployment.stage, Stage(asked["stage"])
    submission.shown_anew = True if queries.shows_anew(deployment, str(asked.get("version") or "")) else None
    submission.policy_version, submission.proposed_by, submission.proposed_at = pinned.version, by.person_id, at
    submission.policy_additions = [each.number for each in pinned.additions] or None
    first = queries.first_in_system(
        organisation_id=deployment.organisation_id,
        tool_id=deployment.tool_id,
        use_case_id=deployment.use_case_id,
        on=by.on,
    )
    result = policy_rules.tier(rules.facts_of(draft), pinned)
    extra = pinned_first_of_kind(first, result.tier) + _research(rules.values(draft, "triage"))
    db.session.add(recorded_triage(submission, rules.facts_of(draft), result, by=by, at=at, extra=extra))
    submission.tier, submission.route = result.tier, result.route
    register.note_tier(deployment=deployment, tier=result.tier)
    db.session.flush()
    db.session.expire(submission, ["deployment"])
    reason = str(asked.get("reason") or "")
    move(submission=submission, arrow="propose", by=by, at=at, role=Role.DIGITAL_LEAD, reason=reason)
    register.project(deployment=deployment, at=at)


def _research(held: Mapping[str, Any]) -> list[list[str]]:
    said = held.get("research_route") if held.get("purpose") == "research" else ""
    return [["research_route", f"Health Research Authority route, as stated: {said}"]] if said else []


def move(
    *,
    submission: Submission,
    arrow: str,
    by: Actor,
    at: datetime,
    role: str = "",
    reason: str = "",
    **changes: Any,
) -> SubmissionChange:
    """Take one arrow of the submission table: the only writer of status. Raises Refused, Conflict.

    `changes` are columns that change with it (`submitted_by`, `deferred_until`). Who may is the caller's to check.
    """
    row, before = SUBMISSION_ARROWS[arrow], submission.status
    if row.reason_needed and not reason.strip():
        raise Refused.because("Give a reason.", code="reason")
    status = submission_arrow(before, arrow, before=submission.status_before)
    submission.status_before = before if arrow == "hold" else None
    submission.status = status
    if arrow == "submit":
        submission.round, submission.turn_since = submission.round + 1, at
    if before is SubmissionStatus.DEFERRED:
        submission.deferred_until = None
    if status in CLOSED_STATUSES:
        submission.closed_at = at
    for column, value in changes.items():
        if column not in Submission.__table__.columns:
            raise TypeError(f"a submission has no {column}")
        setattr(submission, column, value)
    db.session.add(submission)
    try:
        db.session.flush()
    except IntegrityError as clash:
        raise Conflict("There is an open submission about this deployment already.") from clash
    change = SubmissionChange(
        organisation_id=submission.organisation_id,
        submission_id=submission.id,
        at=at,
        by_person_id=by.person_id,
        by_role=str(role),
        arrow=arrow,
        status_from=before,
        status_to=status,
        round=submission.round,
        reason=reason.strip(),
    )
    db.session.add(change)
    record(
        f"submission.{EVENTS.get(arrow, row.done)}", stream=stream_of(submission), by=by, at=at,
        organisation_id=submission.organisation_id, submission=submission.id, reference=submission.reference or "",
        status=status.value, round=submission.round, role=str(role), reason=reason.strip(),
    )  # fmt: skip
    db.session.flush()
    for follow in moved:
        follow(submission, change, by, at)
    return change


def hold(*, submission: Submission, reason: str, by: Actor, at: datetime) -> None:
    """Put a submission on hold, with a reason. Raises Refused."""
    _own(submission, by)
    by.must(Permission.HOLD)
    move(submission=submission, arrow="hold", reason=reason, role=Role.DIGITAL_LEAD, by=by, at=at)


def release(*, submission: Submission, reason: str, by: Actor, at: datetime) -> None:
    """Take a submission off hold: it is what it was before. Raises Refused."""
    _own(submission, by)
    by.must(Permission.HOLD)
    move(submission=submission, arrow="release", reason=reason, role=Role.DIGITAL_LEAD, by=by, at=at)


def withdraw(*, submission: Submission, reason: str, by: Actor, at: datetime) -> None:
    """Withdraw a submission for good, with a reason. Raises Refused."""
    _own(submission, by)
    by.must(Permission.WITHDRAW)
    move(submission=submission, arrow="withdraw", reason=reason, role=Role.DIGITAL_LEAD, by=by, at=at)


def correct_triage(
    *,
    submission: Submission,
    facts: Mapping[str, str],
    reason: str,
    version_id: int | str,
    by: Actor,
    at: datetime,
    research_route: str = "",
) -> Triage:
    """Record corrected triage facts with a reason; the tier is computed again. Raises Refused, Conflict.

    `research_route` is the reference of research; left empty, the one given before stays.
    """
    _own(submission, by)
    by.must(Permission.PROPOSE)
    if str(submission.version_id) != str(version_id):
        raise Conflict()
    before, pinned = queries.triage(submission), queries.policy_of(submission)
    if before is None or submission.status not in CORRECTABLE:
        now = submission.status.label.lower()
        raise Refused.because(f"Triage cannot be corrected now: this submission is {now}.", code="triage.status")
    refuse_if(rules.correction_blockers(pinned, before=before.facts, facts=facts, reason=reason))
    result = policy_rules.tier(facts, pinned)
    last = queries.tier_changes(submission)[-1:]
    raised = [each.tier_to for each in last if Tier(each.tier_to).rank > Tier(each.tier_from).rank]
    tier = rules.tier_after_correction(computed=result.tier, raised_to=raised[0] if raised else None)
    research = _research({**facts, "research_route": research_route})
    stays = (queries.FIRST_OF_KIND, *(("research_route",) if facts["purpose"] == "research" and not research else ()))
    kept = [list(each) for each in before.reasons if each[0] in stays] + research
    row = recorded_triage(submission, facts, result, by=by, at=at, reason=reason, extra=kept)
    db.session.add(row)
    set_tier(submission, tier)
    if tier is None:
        submission.route = result.route
    record(
        "triage.corrected", stream=stream_of(submission), by=by, at=at,
        submission=submission.id, facts=dict(facts), tier=str(tier or ""), reason=reason.strip(),
    )  # fmt: skip
    _project(submission, at)
    return row


def raise_tier(*, submission: Submission, tier: Tier, reason: str, by: Actor, at: datetime) -> None:
    """Ask for more than policy does: a digital lead or the clinical safety officer. Raises Refused, Forbidden."""
    _own(submission, by)
    by.must(Permission.RAISE_TIER)
    _change_tier(submission, tier, reason, by, at, higher=True)


def lower_tier(*, submission: Submission, tier: Tier, reason: str, by: Actor, at: datetime) -> None:
    """Ask for less than policy does: only the clinical safety officer, with a reason. Raises Refused, Forbidden."""
    _own(submission, by)
    by.must(Permission.LOWER_TIER)
    _change_tier(submission, tier, reason, by, at, higher=False)


def _change_tier(submission: Submission, tier: Tier, reason: str, by: Actor, at: datetime, *, higher: bool) -> None:
    refuse_if(queries.barred_from(submission, by))
    now = queries.tier(submission)
    if now is None or submission.status not in CORRECTABLE:
        raise Refused.because("The tier can be changed while a submission is open or returned.", code="tier.status")
    if tier.rank == now.rank or (tier.rank > now.rank) is not higher:
        word = "higher" if higher else "lower"
        raise Refused.because(f"Choose a {word} tier: it is {now} now.", code="tier.direction")
    blockers = policy_rules.tier_change_blockers(
        queries.policy_of(submission), computed=now, chosen=tier, roles=by.roles, reason=reason
    )
    role = Role.CSO if by.holds(Role.CSO) and not (higher and by.holds(Role.DIGITAL_LEAD)) else Role.DIGITAL_LEAD
    on = clock.london_date(at)
    blockers += policy_rules.registration_blockers(
        queries.policy_of(submission), role=role, registration=by.registration, on=on
    )
    if not reason.strip() and not any(each.code == "tier.reason" for each in blockers):
        blockers.append(Blocker("tier.reason", "Give a reason, so that others can follow it."))
    refuse_if(blockers)
    db.session.add(
        TierChange(
            organisation_id=submission.organisation_id,
            submission_id=submission.id,
            tier_from=now,
            tier_to=tier,
            reason=reason.strip(),
            role=role,
            changed_by=by.person_id,
            changed_at=at,
        )
    )
    set_tier(submission, tier)
    record(
        "tier.raised" if higher else "tier.lowered", stream=stream_of(submission), by=by, at=at,
        submission=submission.id, before=str(now), tier=str(tier), role=role.value, reason=reason.strip(),
    )  # fmt: skip
    _project(submission, at)


def set_tier(submission: Submission, tier: Tier | None) -> None:
    """The tier and its route, on the submission and on a deployment nobody has approved yet."""
    submission.tier = tier
    routes = queries.policy_of(submission).routes
    if tier is not None:
        submission.route = next(row.code for row in routes if row.tier is tier)
    if submission.deployment is not None:
        register.note_tier(deployment=submission.deployment, tier=tier)


def _project(submission: Submission, at: datetime) -> None:
    if submission.deployment is not None:
        register.project(deployment=submission.deployment, at=at)
