"""Noting a change, taking it up in a submission, and saying that nothing follows."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime

from governance.approval.changes import notices, queries, rules
from governance.approval.changes.models import ChangeNotice
from governance.approval.changes.words import name_of
from governance.assessment.evidence.models import Evidence
from governance.audit.record import record
from governance.database import db, one_at_a_time
from governance.errors import Conflict, Forbidden, NotVisible, refuse_if
from governance.intake import operations as intake
from governance.intake import rules as drafts
from governance.intake.models import Submission, SubmissionChange
from governance.lifecycle import SubmissionKind, SubmissionStatus
from governance.permissions import SYSTEM, Actor, Permission
from governance.policy import policy
from governance.register import operations as register
from governance.register.models import Deployment, ToolVersion
from governance.web.wording import long_date

UNDONE_BY = ("withdraw", "refuse")
"""Arrows of a submission after which the changes it took up are open again."""
ENDED = "The submission that took it up has ended without an approval."
LONGEST = 1000


def note_change(
    *, deployment: Deployment, kind: str, what: str, effective_on: date, by: Actor, at: datetime, version: str = ""
) -> ChangeNotice:
    """Note that something changed about a deployment that is approved or in use, and tell who must say what follows.

    `version`: the supplier's new one, registered where it is new. Raises Refused, Forbidden, NotVisible.
    """
    _own(deployment, by)
    by.must(Permission.NOTE_CHANGE, deployment_id=deployment.id)
    one_at_a_time(f"changes:{deployment.id}")
    noted = [queries.version_of(each) for each in queries.open_of(deployment)]
    refuse_if(
        rules.note_blockers(
            standing=deployment.standing, approved=queries.is_approved(deployment), kind=kind, what=what, version=version,
            in_use=(deployment.approved_version or deployment.tool_version).version, noted=[each for each in noted if each],
        )
    )  # fmt: skip
    brought = None
    if kind == "version":
        brought = register.register_version(tool=deployment.tool, version=version, by=by, at=at)
    return _noted(deployment, kind, what, effective_on, (), by, at, brought=brought)


def note_ended(*, deployment: Deployment, item: Evidence, sections: Collection[str], at: datetime) -> ChangeNotice:
    """Note, as the system, that evidence behind the decided pack ended. Once for each item and deployment."""
    assert item.expires_on is not None
    what = f"“{item.title}” ended on {long_date(item.expires_on)}, and no newer one stands in its place."
    return _noted(deployment, "certificate", what, item.expires_on, sections, SYSTEM, at, item=item)


def _noted(
    deployment: Deployment, kind: str, what: str, effective_on: date, used_in: Collection[str], by: Actor, at: datetime,
    *, brought: ToolVersion | None = None, item: Evidence | None = None,
) -> ChangeNotice:  # fmt: skip
    pack = [code for code, _ in queries.sections_of(deployment)]
    row = ChangeNotice(
        organisation_id=deployment.organisation_id,
        deployment_id=deployment.id,
        number=queries.last_number(deployment) + 1,
        kind=kind,
        what=what.strip(),
        effective_on=effective_on,
        tool_version_id=brought.id if brought else None,
        evidence_id=item.id if item else None,
        touches=list(rules.touched(policy(), kind, pack=pack, used_in=used_in)),
        status="open",
        noted_by=by.person_id,
        noted_at=at,
    )
    db.session.add(row)
    db.session.flush()
    name = name_of(kind, brought.version if brought else "")
    _record("noted", row, by, at, name=name, what=row.what, touches=row.touches)
    notices.noted(row, deployment, name, by, at)
    return row


def start_re_assurance(*, deployment: Deployment, by: Actor, at: datetime) -> Submission:
    """Begin the re-assurance that takes up every open change of a deployment, about the newest version one brings.

    Raises Refused, where a submission is open too: the changes are then taken up there. Forbidden, NotVisible.
    """
    _own(deployment, by)
    by.must(Permission.START_SUBMISSION)
    rows, running = queries.open_of(deployment), queries.running_on(deployment)
    refuse_if(
        rules.start_blockers(
            open_changes=len(rows), standing=deployment.standing, running=running[1] if running else None
        )
    )
    submission = intake.start(deployment=deployment, by=by, at=at)
    asked = {
        "kind": SubmissionKind.RE_ASSURANCE.value, "stage": deployment.stage.value,
        "version": _brought(rows) or deployment.tool_version.version, "reason": _reason(rows),
    }  # fmt: skip
    intake.save_draft(submission=submission, page="ask", values=asked, version_id=submission.version_id, by=by, at=at)
    _link(rows, submission, by, at)
    return submission


def take_up(*, deployment: Deployment, by: Actor, at: datetime) -> Submission:
    """Take every open change up in the submission that is open about a deployment. A draft takes its new version.

    Raises Refused, Forbidden, NotVisible.
    """
    _own(deployment, by)
    by.must(Permission.START_SUBMISSION)
    rows, running = queries.open_of(deployment), queries.running_on(deployment)
    brought = _brought(rows)
    refuse_if(
        rules.take_up_blockers(open_changes=len(rows), running=running[1] if running else None, version=brought)
    )
    assert running is not None
    submission = running[0]
    if brought and submission.status is SubmissionStatus.DRAFTED:
        asked = dict(drafts.values(submission.draft, "ask"))
        if asked.get("kind") and asked.get("stage"):
            asked |= {"version": brought, "reason": str(asked.get("reason") or "") or _reason(rows)}
            intake.save_draft(
                submission=submission, page="ask", values=asked, version_id=submission.version_id, by=by, at=at
            )
    _link(rows, submission, by, at)
    return submission


def settle(*, notice: ChangeNotice, reason: str, version_id: int | str, by: Actor, at: datetime) -> None:
    """Say that nothing follows from a change, with a reason: the safety officer, or the owner where no care is reached.

    Raises Refused, Forbidden, Conflict, NotVisible.
    """
    deployment = db.session.get_one(Deployment, notice.deployment_id)
    _own(deployment, by)
    role = queries.settler(deployment)
    if by.held_for(role, deployment.id) is None:
        raise Forbidden(f"Only the {role.title} can say that nothing follows from this change.")
    if str(notice.version_id) != str(version_id):
        raise Conflict()
    refuse_if(rules.settle_blockers(status=notice.status, reason=reason))
    notice.status, notice.settled_reason, notice.settled_by, notice.settled_at = "settled", reason.strip(), by.person_id, at
    db.session.flush()
    name = name_of(notice.kind, queries.version_of(notice))
    _record("settled", notice, by, at, name=name, reason=notice.settled_reason, role=role.value)
    notices.settled(notice, deployment, name, by, at)


def follow(submission: Submission, change: SubmissionChange, by: Actor, at: datetime) -> None:
    """A submission took an arrow. The changes it took up are open again where it ends without an approval, or asks for
    something, once proposed, that does not assess them.
    """
    if submission.deployment_id is None or change.arrow not in (*UNDONE_BY, "propose"):
        return
    rows, deployment = queries.of_submission(submission), db.session.get_one(Deployment, submission.deployment_id)
    running = queries.running_on(deployment) if rows and change.arrow == "propose" else None
    newest = _brought(rows[::-1])
    for row in rows:
        why = rules.left_out(running[1], kind=row.kind, newest=newest) if running else ENDED
        if why:
            _open_again(row, deployment, submission, why, by, at)


def _open_again(
    row: ChangeNotice, deployment: Deployment, submission: Submission, why: str, by: Actor, at: datetime
) -> None:
    row.status, row.submission_id = "open", None
    db.session.flush()
    name = name_of(row.kind, queries.version_of(row))
    _record("reopened", row, by, at, name=name, submission=submission.id)
    notices.reopened(row, deployment, name, why, by, at)


def _link(rows: Sequence[ChangeNotice], submission: Submission, by: Actor, at: datetime) -> None:
    for row in rows:
        row.status, row.submission_id = "taken_up", submission.id
        db.session.flush()
        _record("taken_up", row, by, at, name=name_of(row.kind, queries.version_of(row)), submission=submission.id)


def _brought(rows: Sequence[ChangeNotice]) -> str:
    """The version that the newest of these changes brings; empty where none brings one."""
    return next((version for row in rows if (version := queries.version_of(row))), "")


def _reason(rows: Sequence[ChangeNotice]) -> str:
    """The changes as the reason of the submission, the oldest first."""
    return " ".join(f"Change {row.number}: {row.what}" for row in reversed(rows))[:LONGEST]


def _own(deployment: Deployment, by: Actor) -> None:
    """Writing is to the own organisation only; a predecessor's changes may be read."""
    if deployment.organisation_id not in by.scope:
        raise NotVisible()
    if deployment.organisation_id != by.organisation_id:
        raise Forbidden("This belongs to an organisation that has ended. It can be read, not changed.")


def _record(step: str, row: ChangeNotice, by: Actor, at: datetime, **said: object) -> None:
    record(
        f"change.{step}", stream=f"deployment:{row.deployment_id}", by=by, at=at, organisation_id=row.organisation_id,
        change=row.number, **said,
    )  # fmt: skip
