"""What changes additions, and the decision that an open submission goes on under a newer policy."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from governance import clock
from governance.audit.record import record
from governance.database import db
from governance.errors import Conflict, Forbidden, NotVisible, Refused, refuse_if
from governance.intake import operations as intake
from governance.intake import queries as submissions
from governance.intake.additions import queries, rules
from governance.intake.models import PolicyAddition, PolicyMove, Submission
from governance.intake.proposals import recorded_triage
from governance.permissions import Actor, Permission
from governance.policy import additions, policy
from governance.register import operations as register


def add(
    *, kind: str, what: Mapping[str, Any], instrument: str, reason: str, starts_on: date, by: Actor, at: datetime
) -> PolicyAddition:
    """Record what the organisation asks beyond policy, and what decided it. Raises Refused, Forbidden.

    It counts for what is proposed from `starts_on`; what is open stays as it is until somebody moves it.
    """
    by.must(Permission.MANAGE_ADDITIONS)
    assert by.organisation_id is not None
    today = clock.london_date(at)
    asked = additions.read(kind, what)
    refuse_if(
        [
            *rules.record_blockers(instrument=instrument, reason=reason, starts_on=starts_on, today=today),
            *additions.blockers(policy(), asked),
            *rules.twice(asked, submissions.additions_in_force(by.organisation_id, max(starts_on, today))),
        ]
    )
    row = PolicyAddition(
        organisation_id=by.organisation_id,
        kind=kind,
        what=rules.plain(asked),
        reason=reason.strip(),
        instrument=instrument.strip(),
        starts_on=starts_on,
        made_by=by.person_id,
        made_at=at,
    )
    db.session.add(row)
    db.session.flush()
    record(
        "policy_addition.made", stream=f"organisation:{by.organisation_id}", by=by, at=at, addition=row.id,
        says=additions.sentence(policy(), asked), instrument=row.instrument, starts_on=starts_on.isoformat(), reason=row.reason,
    )  # fmt: skip
    return row


def end(*, addition: PolicyAddition, ended_on: date, version_id: int | str, by: Actor, at: datetime) -> None:
    """Ask it no more of what is proposed from a day on. Raises Refused, Conflict, Forbidden, NotVisible."""
    by.must(Permission.MANAGE_ADDITIONS)
    if addition.organisation_id not in by.scope:
        raise NotVisible()
    if addition.organisation_id != by.organisation_id:
        raise Forbidden(intake.ENDED)
    if str(addition.version_id) != str(version_id):
        raise Conflict()
    refuse_if(
        rules.end_blockers(
            starts_on=addition.starts_on, ended_before=addition.ended_on, ended_on=ended_on, today=clock.london_date(at)
        )
    )
    addition.ended_on = ended_on
    db.session.flush()
    record(
        "policy_addition.ended", stream=f"organisation:{addition.organisation_id}", by=by, at=at, addition=addition.id,
        says=additions.sentence(policy(), submissions.as_addition(addition)), ended_on=ended_on.isoformat(),
    )  # fmt: skip


def move_policy(
    *, submission: Submission, reason: str, mark: str, version_id: int | str, by: Actor, at: datetime
) -> PolicyMove:
    """Go on under the policy and the additions as they are today. What is answered stays. Raises Refused, Conflict.

    `mark` names what was read when it was decided (`queries.Newer.mark`): something newer still is a conflict.
    """
    by.must(Permission.MOVE_POLICY)
    if submission.organisation_id not in by.scope:
        raise NotVisible()
    if submission.organisation_id != by.organisation_id:
        raise Forbidden(intake.ENDED)
    if str(submission.version_id) != str(version_id):
        raise Conflict()
    refuse_if(rules.move_blockers(status=submission.status, reason=reason))
    found = queries.newer(submission, by.on)
    if found is None:
        raise Refused.because("Nothing newer has come since it was proposed.", code="policy.newest")
    if found.mark != mark:
        raise Conflict()
    refuse_if(found.blockers)
    row = PolicyMove(
        organisation_id=submission.organisation_id,
        submission_id=submission.id,
        from_version=submission.policy_version,
        to_version=found.policy.version,
        from_additions=list(submission.policy_additions or ()),
        to_additions=[each.number for each in found.policy.additions],
        difference=list(found.sentences),
        reason=reason.strip(),
        moved_by=by.person_id,
        moved_at=at,
    )
    db.session.add(row)
    _hold_to(submission, found, row, by, at)
    db.session.flush()
    record(
        "policy.moved", stream=intake.stream_of(submission), by=by, at=at, submission=submission.id,
        before=row.from_version, version=row.to_version, additions_before=row.from_additions, additions=row.to_additions,
        difference=row.difference, reason=row.reason,
    )  # fmt: skip
    if submission.deployment is not None:
        register.project(deployment=submission.deployment, at=at)
    return row


def _hold_to(submission: Submission, found: queries.Newer, row: PolicyMove, by: Actor, at: datetime) -> None:
    """Pin the newer policy; where it gives another tier, triage is recorded again with why."""
    before, tier = submissions.triage(submission), submissions.tier(submission)
    submission.policy_version = row.to_version
    submission.policy_additions = row.to_additions or None
    if found.tier is tier or before is None:
        return
    stays = (submissions.FIRST_OF_KIND, "research_route")
    kept = [list(each) for each in before.reasons if each[0] in stays]
    why = f"Moved to {row.to_version}: {row.reason}"
    db.session.add(recorded_triage(submission, before.facts, found.result, by=by, at=at, reason=why, extra=kept))
    intake.set_tier(submission, found.tier)
    if found.tier is None:
        submission.route = found.result.route
