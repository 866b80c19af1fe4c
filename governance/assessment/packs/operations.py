"""Judging sections, submitting (which freezes the pack), and recalling."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from governance import clock
from governance.assessment.packs import lacks, people, queries, rules, slots, stopping
from governance.assessment.packs.models import AssurancePack, Judgement, PackSection
from governance.audit.record import record
from governance.database import db
from governance.errors import (
    Blocker,
    Conflict,
    Forbidden,
    NotVisible,
    Refused,
    refuse_if,
)
from governance.intake import operations as intake
from governance.intake.models import Submission
from governance.lifecycle import SubmissionStatus
from governance.permissions import Actor, Permission, Role
from governance.policy.rules import judge_blockers, registration_blockers, separation_blockers

JUDGED_WHILE = (SubmissionStatus.OPENED, SubmissionStatus.RETURNED)


def judge(
    *, submission: Submission, section: str, outcome: str, reason: str, by: Actor, at: datetime, expected_digest: str = ""
) -> Judgement:
    """Give the organisation's own met, not met or query on a section as it stands.

    `expected_digest` is the matter's as the page showed it. Raises Conflict when it has changed since, Refused when this
    person may not judge it, or "met" cannot be said yet.
    """
    _own(submission, by)
    now = queries.position(submission)
    rule, built = now.asked.section(section), now.section(section)
    if submission.status not in JUDGED_WHILE:
        said = f"Sections are judged before the pack is frozen: this submission is {submission.status.label.lower()}."
        raise Refused.because(said, code="judge.status")
    refuse_if(slots.barred_from(submission, by))
    role = rule.judged_by
    held = by.held_for(role, now.asked.deployment.id) if role else None
    if role is not None and held is None:
        raise Refused.because(f"{rule.title} is judged by the {role.title}.", code="judge.role")
    london, on = now.asked.policy, clock.london_date(at)
    refuse_if(registration_blockers(london, role=role or Role.SRO, registration=by.registration, on=on))
    answered = people.answered(section, now.asked, now.live)
    refuse_if(judge_blockers(rule, role=role or Role.SRO, person_id=by.person_id or 0, answered_by=answered))
    if expected_digest and expected_digest != built.matter_digest:
        raise Conflict(f"{rule.title} changed since you opened the page. Read what it says now and judge again.")
    refuse_if(
        [
            *rules.outcome_blockers(outcome, reason),
            *(_met_blockers(now, section, clock.london_date(at)) if outcome == "met" and rule.gates else ()),
        ]
    )
    assert held is not None and role is not None
    row = Judgement(
        organisation_id=submission.organisation_id,
        submission_id=submission.id,
        section=section,
        revision=_revision(submission, section) + 1,
        role=role,
        outcome=outcome,
        reason=reason.strip(),
        digest=built.matter_digest,
        person_id=by.person_id,
        person_name=by.name,
        # an appointment made elsewhere is not this organisation's row
        appointment_id=held.appointment_id if held.agreement_id is None else None,
        judged_at=at,
    )
    db.session.add(row)
    try:
        db.session.flush()
    except IntegrityError as clash:
        raise Conflict(f"{rule.title} was judged just now by somebody else. Read what they said.") from clash
    record(
        "section.judged", stream=f"deployment:{submission.deployment_id}", by=by, at=at,
        organisation_id=submission.organisation_id, submission=submission.id, section=section, role=role.value,
        outcome=outcome, reason=row.reason, digest=row.digest,
    )  # fmt: skip
    return row


def submit(*, submission: Submission, by: Actor, at: datetime) -> AssurancePack:
    """Freeze the pack and hand the submission to those who must agree. Raises Refused with every blocker there is."""
    _own(submission, by)
    _may(by, submission, Permission.SUBMIT)
    if submission.status not in JUDGED_WHILE:
        raise Refused.because(
            f"It cannot be submitted now: this submission is {submission.status.label.lower()}.", code="submission.arrow"
        )
    now = queries.position(submission)
    signed = queries.roles_signed(submission, by)
    refuse_if(
        [
            *separation_blockers(now.asked.policy, about_to="submitted", already=signed),
            *now.stopping(clock.london_date(at)),
        ]
    )
    pack = AssurancePack(
        organisation_id=submission.organisation_id,
        submission_id=submission.id,
        round=submission.round + 1,
        digest=rules.pack_digest((section.code, section.digest) for section in now.sections),
        frozen_by=by.person_id,
        frozen_at=at,
    )
    db.session.add(pack)
    try:
        db.session.flush()
    except IntegrityError as twice:
        raise Conflict("This was submitted just now. Reload the page to see the pack.") from twice
    for position, section in enumerate(now.sections, 1):
        row = PackSection(organisation_id=pack.organisation_id, pack_id=pack.id, position=position)
        row.code, row.title, row.content, row.digest = section.code, section.title, section.content, section.digest
        db.session.add(row)
    record(
        "pack.frozen", stream=f"deployment:{submission.deployment_id}", by=by, at=at,
        organisation_id=pack.organisation_id, submission=submission.id, round=pack.round, pack=pack.id,
        digest=pack.digest, sections={section.code: section.digest for section in now.sections},
    )  # fmt: skip
    intake.move(
        submission=submission, arrow="submit", role=Role.DIGITAL_LEAD.value, submitted_by=by.person_id, by=by, at=at
    )
    return pack


def recall(*, submission: Submission, reason: str, by: Actor, at: datetime) -> None:
    """Take a submission back from its signers, with a reason. It ends the round. Raises Refused."""
    _own(submission, by)
    _may(by, submission, Permission.RECALL)
    intake.move(submission=submission, arrow="recall", role=Role.DIGITAL_LEAD.value, reason=reason, by=by, at=at)


def _met_blockers(now: queries.Position, section: str, on: date) -> list[Blocker]:
    """Why "met" cannot be said: something in the section is open, an answer fails by itself, or its evidence expired."""
    expired = [each.lack for each in lacks.lapsed(now.asked, now.live, on)]
    here = [each for each in lacks.lacks(now.asked, now.live) if each.section == section]
    said = [*stopping.grouped(here, now.live), *(each.blocker for each in expired if each.section == section)]
    return [Blocker("met", f"It cannot be met yet. {each.sentence}") for each in said]


def _revision(submission: Submission, section: str) -> int:
    query = sa.select(sa.func.max(Judgement.revision))
    return db.session.scalar(
        query.where(Judgement.submission_id == submission.id, Judgement.section == section)
    ) or 0


def _may(by: Actor, submission: Submission, permission: Permission) -> None:
    if not by.may(permission, deployment_id=submission.deployment_id):
        raise Forbidden()


def _own(submission: Submission, by: Actor) -> None:
    if submission.organisation_id not in by.scope:
        raise NotVisible()
    if submission.organisation_id != by.organisation_id:
        raise Forbidden("This belongs to an organisation that has ended. It can be read, not changed.")
