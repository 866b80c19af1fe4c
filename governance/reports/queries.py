"""Finding issued reports, packs by their check code, and reading the material of a report."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import sqlalchemy as sa

from governance.approval import blind, history, outcomes, seats
from governance.approval import queries as approval
from governance.approval.models import Decision
from governance.approval.rules import VEILED
from governance.assessment.packs.models import AssurancePack
from governance.audit.redactions import queries as redactions
from governance.clock import london_date
from governance.database import db
from governance.errors import NotVisible
from governance.identity.models import Organisation, Person
from governance.intake.models import Submission, SubmissionChange
from governance.jobs.models import Job
from governance.lifecycle import Stage, SubmissionKind, SubmissionStatus
from governance.permissions import Actor, Permission, Role
from governance.register import queries as register
from governance.register.models import Deployment, Tool, ToolVersion
from governance.reports import editions, partner, trail
from governance.reports.material import (
    Authorised,
    Conditioned,
    Decided,
    Material,
    Replaced,
    Section,
    Signed,
    Step,
    SteppedBack,
)
from governance.reports.models import Report
from governance.signing.models import SignOff

PAGE = 20
KIND = "audit_report"
FULL, PARTNER, DECIDED = editions.FULL, editions.PARTNER, editions.DECIDED
IS_DECIDED = ~Report.edition.startswith("interim")
"""Rows of every issue of an edition made once it was decided."""


@dataclass(frozen=True, slots=True)
class Line:
    """One issued report in the list, with the decision it prints."""

    report: Report
    reference: str
    decision: str | None


@dataclass(frozen=True, slots=True)
class Checked:
    """What a check code belongs to: nothing that names a person."""

    digest: str
    frozen_at: datetime
    tool: str
    version: str
    organisation: str
    status: SubmissionStatus
    kind: SubmissionKind
    stage: Stage
    outcome: str | None
    decided_at: datetime | None
    sentence: str | None
    superseded: bool


def edition_of(submission: Submission, pack: AssurancePack) -> str:
    """`full` once decided. Before that `interim-4`: the number grows with each signature and each arrow taken."""
    if submission.status in (SubmissionStatus.AUTHORISED, SubmissionStatus.NOT_APPROVED):
        return FULL
    signed = sa.select(sa.func.count()).where(SignOff.subject_kind == approval.PACK, SignOff.subject_id == pack.id)
    moved = sa.select(sa.func.count()).where(SubmissionChange.submission_id == submission.id)
    return f"interim-{(db.session.scalar(signed) or 0) + (db.session.scalar(moved) or 0)}"


def issued(pack_id: int, edition: str) -> Report | None:
    """The report of a pack in an edition, once issued: its newest issue, also where its file was withheld."""
    any_issue = sa.or_(Report.edition == edition, Report.edition.startswith(f"{edition}."))
    query = sa.select(Report).where(Report.pack_id == pack_id, Report.kind == KIND, any_issue)
    return db.session.scalar(query.order_by(Report.id.desc()).limit(1))


def standing(pack_id: int, edition: str) -> Report | None:
    """The same, unless its file was withheld: then the next issue can be made."""
    found = issued(pack_id, edition)
    return found if found is not None and redactions.withheld(Report.__tablename__, found.id) is None else None


def replaced(pack_id: int, edition: str) -> Replaced | None:
    """What the next issue of an edition replaces and why; None where none was withheld."""
    found = issued(pack_id, edition)
    gone = redactions.withheld(Report.__tablename__, found.id) if found is not None else None
    if found is None or gone is None:
        return None
    return Replaced(found.id, editions.parts(found.edition)[1], found.issued_at, gone.redacted_at, gone.reason)


def job_key(pack_id: int, edition: str) -> str:
    """What makes two requests for one issue one job."""
    gone, there = replaced(pack_id, edition), issued(pack_id, edition)
    number = gone.number + 1 if gone else editions.parts(there.edition)[1] if there else 1
    return f"{KIND}:{pack_id}:{editions.issue(edition, number)}"


def report(report_id: int, by: Actor) -> Report:
    """One report within the actor's scope; a board member sees what is decided. Raises NotVisible."""
    found = db.session.get(Report, report_id)
    if found is None or found.organisation_id not in by.scope or not (editions.is_decided(found.edition) or _sees_interim(by)):
        raise NotVisible()
    return found


def reports(by: Actor, *, before: int | None = None, limit: int = PAGE) -> list[Line]:
    """Issued reports of the actor's scope, newest first, one page and one more, in one query."""
    query = (
        sa.select(Report, Submission.reference, Decision.sentence)
        .join(Submission, Submission.id == Report.submission_id)
        .outerjoin(Decision, Decision.submission_id == Report.submission_id)
        .where(Report.organisation_id.in_(by.scope))
        .order_by(Report.id.desc())
        .limit(limit + 1)
    )
    if not _sees_interim(by):
        query = query.where(IS_DECIDED)
    if before is not None:
        query = query.where(Report.id < before)
    return [Line(row[0], row[1] or "", row[2]) for row in db.session.execute(query)]


def decision_of(report: Report) -> str:
    """The decision that an edition prints; nothing for an interim one."""
    query = sa.select(Decision.sentence).where(Decision.submission_id == report.submission_id)
    return (db.session.scalar(query) or "") if editions.is_decided(report.edition) else ""


def of_submission(submission_id: int, by: Actor) -> Sequence[Report]:
    """Reports issued on one submission that this person may read, newest first."""
    query = sa.select(Report).where(Report.submission_id == submission_id, Report.organisation_id.in_(by.scope))
    if not _sees_interim(by):
        query = query.where(IS_DECIDED)
    return db.session.scalars(query.order_by(Report.id.desc())).all()


def job(job_id: int, by: Actor) -> Job:
    """A job that makes a report, of the actor's own organisation. Raises NotVisible."""
    found = db.session.get(Job, job_id)
    if found is None or found.kind != KIND or found.organisation_id not in by.scope:
        raise NotVisible()
    return found


def partner_job(pack_id: int) -> Job | None:
    """The job that makes the edition for partners of a pack, whoever asked for it."""
    return db.session.scalar(sa.select(Job).where(Job.key == job_key(pack_id, PARTNER)))


def is_decided(deployment: Deployment) -> bool:
    """Whether any submission about a deployment was decided: from then on board members read its trail."""
    query = sa.select(Decision.id).join(Submission, Submission.id == Decision.submission_id)
    return db.session.scalar(query.where(Submission.deployment_id == deployment.id).limit(1)) is not None


def by_code(code: str) -> list[Checked]:
    """Packs of any organisation whose digest begins with a code of 8 to 64 hexadecimal characters. One, as a rule."""
    query = (
        sa.select(
            AssurancePack.digest, AssurancePack.frozen_at, Tool.name, ToolVersion.version, Organisation.name,
            Submission.status, Submission.kind, Submission.stage_asked, Submission.stage_from,
            Decision.outcome, Decision.sentence, Decision.decided_at, AssurancePack.round, Submission.round,
        )
        .join(Submission, Submission.id == AssurancePack.submission_id)
        .join(Deployment, Deployment.id == Submission.deployment_id)
        .join(Tool, Tool.id == Deployment.tool_id)
        .join(Organisation, Organisation.id == Deployment.organisation_id)
        .outerjoin(ToolVersion, ToolVersion.id == Submission.tool_version_id)
        .outerjoin(Decision, Decision.submission_id == Submission.id)
        .where(AssurancePack.digest >= code.ljust(64, "0"), AssurancePack.digest <= code.ljust(64, "f"))
        .order_by(AssurancePack.id)
        .limit(5)
    )  # fmt: skip
    return [
        Checked(
            digest=row[0], frozen_at=row[1], tool=row[2], version=row[3] or "", organisation=row[4], status=row[5],
            kind=row[6], stage=row[7] or row[8], outcome=row[9], sentence=row[10], decided_at=row[11],
            superseded=row[12] != row[13],
        )
        for row in db.session.execute(query)
    ]  # fmt: skip


def material(pack: AssurancePack, *, edition: str, issued_at: datetime, product: str, public_url: str) -> Material:
    """Everything a report prints, from the frozen pack, its signatures, the decision and the stream up to `issued_at`."""
    submission = db.session.get_one(Submission, pack.submission_id)
    deployment = submission.deployment
    assert deployment is not None and submission.stage_asked is not None
    here = approval.position(submission, london_date(issued_at)) if edition not in DECIDED else None
    decision = outcomes.decision(submission)
    found = Material(
        product=product,
        public_url=public_url,
        edition=edition,
        reference=submission.reference or deployment.reference,
        kind=submission.kind,
        status=submission.status,
        round=pack.round,
        stage_from=submission.stage_from,
        stage_asked=submission.stage_asked,
        digest=pack.digest,
        frozen_at=pack.frozen_at,
        frozen_by=db.session.get_one(Person, pack.frozen_by).name,
        sections=tuple(Section(each.code, each.title, each.content, each.digest) for each in pack.sections),
        signed=signed_on(pack, deployment),
        stepped_back=tuple(
            SteppedBack(name, row.declared_at, row.reason)
            for row, name in seats.recusals(submission)
            if row.declared_at <= issued_at
        ),
        waiting=tuple(line.turn.role for line in here.open_turns) if here else (),
        authorised=_authorised(submission),
        decided=_decided(decision),
        conditions=_conditions(submission),
        steps=_steps(deployment, submission, decision),
        trail=trail.up_to(deployment, issued_at),
        issued_at=issued_at,
        replaces=replaced(pack.id, edition),
    )
    return partner.edited(found) if edition == PARTNER else found


def signed_on(pack: AssurancePack, deployment: Deployment) -> tuple[Signed, ...]:
    """What was sealed on a pack; of what nobody is shown yet, that somebody signed."""
    query = sa.select(SignOff).where(SignOff.subject_kind == approval.PACK, SignOff.subject_id == pack.id)
    unseen, needs = blind.unseen(deployment), history.needs(db.session.get_one(Submission, pack.submission_id))
    return tuple(
        _veiled(_sealed(row, needs), row.id in unseen)
        for row in db.session.scalars(query.order_by(SignOff.signed_at, SignOff.id))
    )


def _sealed(row: SignOff, needs: Mapping[Role, int]) -> Signed:
    of = needs.get(row.role, 1)
    return Signed(
        role=row.role, act=row.act.partition("-")[0], outcome=row.outcome, statement=row.statement, person=row.person_name,
        holding=row.appointment_text, registration=row.registration, at=row.signed_at, code=row.check_code,
        reason=str(row.details.get("reason") or ""), sign_off_id=row.id,
        panel=f"{row.act.partition('-')[2] or '1'} of {of}" if of > 1 else "",
    )  # fmt: skip


def _veiled(found: Signed, unseen: bool) -> Signed:
    return replace(found, outcome=VEILED, statement="", reason="") if unseen else found


def _authorised(submission: Submission) -> Authorised | None:
    given = outcomes.authorisation(submission)
    if given is None:
        return None
    version = db.session.get_one(ToolVersion, given.tool_version_id).version
    return Authorised(given.role, given.stage, version, given.until, given.residual_accepted, given.against_advice, given.made_at)


def _decided(row: Decision | None) -> Decided | None:
    return Decided(row.outcome, row.sentence, row.decided_by, row.role, row.decided_at) if row else None


def _conditions(submission: Submission) -> tuple[Conditioned, ...]:
    return tuple(
        Conditioned(
            number=row.number, text=row.text, evidence_asked=row.evidence_asked, kind=row.kind, owner=row.owner_role,
            due_on=row.due_on, status=row.status, set_by=row.set_by_role, before_stage=row.before_stage,
            sign_off_id=row.sign_off_id,
        )
        for row in outcomes.conditions_of(submission)
    )  # fmt: skip


def _steps(deployment: Deployment, submission: Submission, decision: Decision | None) -> tuple[Step, ...]:
    """Stages come to, oldest first, up to what this submission brought about: what came later is another report's."""
    changes = register.history(deployment)
    own = [change.id for change in changes if change.submission_id == submission.id and change.arrow != "propose"]
    if own:
        changes = [change for change in changes if change.id <= own[-1]]
    elif decision is not None:
        changes = [change for change in changes if change.at <= decision.decided_at]
    return tuple(Step(london_date(change.at), change.stage_to) for change in changes if change.stage_to != change.stage_from)


def _sees_interim(by: Actor) -> bool:
    return by.may(Permission.READ_PACK)
