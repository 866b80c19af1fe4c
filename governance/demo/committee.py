"""A committee of the demonstration: one meeting that is closed and one that is planned, with today's submissions on it."""

from collections.abc import Sequence
from datetime import timedelta

import sqlalchemy as sa

from governance import clock
from governance.approval.committees import holding, operations, queries
from governance.approval.committees.models import AgendaItem, Committee, Meeting
from governance.approval.committees.rules import Seat
from governance.assessment.packs import queries as packs
from governance.assessment.packs.models import PackSection
from governance.database import db, transaction
from governance.demo import agreeing, cast, steps
from governance.identity import queries as people
from governance.intake.models import Submission
from governance.lifecycle import OPEN_STATUSES
from governance.permissions import Actor, Role
from governance.register.models import Deployment, Tool

NAME = "AI assurance group (invented)"
TERMS = "It reads what the trust is asked to agree to and says what it thinks. Those who sign and authorise decide."
WHERE = "DEM01"
THERE: tuple[tuple[Role, str], ...] = (
    (Role.CCIO, "present"),
    (Role.CSO, "present"),
    (Role.SIRO, "remote"),
    (Role.DPO, "present"),
    (Role.AI_LEAD, "remote"),
    (Role.CLINICAL_LEAD, "present"),
    (Role.DIGITAL_LEAD, "present"),
    (Role.CALDICOTT_GUARDIAN, "apologies"),
)
LAY = "Mary Layperson-Demo"
OPINION = (
    "The pilot shows what was hoped: urgent images were read sooner in 9 weeks of 10. The group is content with the controls by "
    "day. At night nobody looked at a flagged image before morning, and the log does not say so."
)
CAVEATS = (
    "The wait of flagged images at night is put into the hazard log before anybody signs.",
    "The supplier shows that its copies are deleted after 30 days.",
)


def met(submission: Submission) -> None:
    """The group was founded, met about a submission that was with its signers then, and closed the meeting."""
    with clock.fixed(steps.ago(48)), transaction():
        group = operations.found_committee(
            name=NAME,
            terms=TERMS,
            seats=[Seat(Role.CSO), Seat(Role.SIRO), Seat(Role.CCIO)],
            quorum_people=5,
            comment_working_days=5,
            by=_secretary(),
            at=clock.now(),
        )
    meeting = _planned(group, days=25, made=36)
    with clock.fixed(steps.ago(27)):
        _put(meeting, submission, "decision", "Dr Bea Specimann", ("hazard_log", "dpia", "monitoring_plan"))
        with transaction():
            operations.put_matter(
                meeting=meeting,
                title="Figures of tools in use",
                purpose="assurance",
                presented_by="Rowan Proforma",
                description="Two tools are watched each month. One figure of Sortwell Referrals got worse since the summer.",
                by=_secretary(),
                at=clock.now(),
            )
        _invite(meeting)
    with clock.fixed(steps.ago(25, hour=15)):
        _hold(meeting)
    with clock.fixed(steps.ago(24, hour=16)):
        _decide(meeting)
    with clock.fixed(steps.ago(22)), transaction():
        holding.close(meeting=meeting, version_id=meeting.version_id, by=_secretary(), at=clock.now())
    with clock.fixed(steps.ago(14)), transaction():
        action, by = queries.actions(meeting)[0], agreeing.person("Dr Bea Specimann", WHERE)
        words = "A sixth hazard is in the log, with the rota at night as its control."
        holding.finish_action(action=action, words=words, version_id=action.version_id, by=by, at=clock.now())


def meets_next() -> None:
    """The next meeting is planned, with what is with its signers today on the agenda and their papers."""
    group = db.session.scalars(sa.select(Committee).where(Committee.name == NAME)).one()
    meeting = _planned(group, days=-9, made=6)
    with clock.fixed(steps.ago(2, hour=15)):
        _put(meeting, _open("Chestwise Triage"), "decision", "Dr Bea Specimann", ("hazard_log", "monitoring_plan"))
        _put(meeting, _open("Bedflow"), "assurance", "Rowan Proforma", ("monitoring_plan",))
        _invite(meeting)


def _planned(group: Committee, *, days: int, made: int) -> Meeting:
    """A meeting on the working day so many days ago, or ahead where that is less than none, planned earlier."""
    held_on = clock.london_date(steps.ago(days))
    with clock.fixed(steps.ago(made)), transaction():
        return operations.plan(
            committee=group, held_on=held_on, starts_at="14:00", place="Board room, Riverside main hospital",
            by=_secretary(), at=clock.now(),
        )  # fmt: skip


def _put(meeting: Meeting, submission: Submission, purpose: str, presents: str, papers: Sequence[str]) -> AgendaItem:
    with transaction():
        by, at, pack = _secretary(), clock.now(), packs.pack(submission)
        assert pack is not None
        item = operations.put_submission(
            meeting=meeting, submission=submission, purpose=purpose, presented_by=presents, by=by, at=at
        )
        query = sa.select(PackSection).where(PackSection.pack_id == pack.id, PackSection.code.in_(papers))
        for section in db.session.scalars(query.order_by(PackSection.id)):
            operations.enclose_section(item=item, section=section, by=by, at=at)
        return item


def _invite(meeting: Meeting) -> None:
    with transaction():
        operations.invite(meeting=meeting, by=_secretary(), at=clock.now())


def _hold(meeting: Meeting) -> None:
    with transaction():
        by, at = _secretary(), clock.now()
        for role, presence in THERE:
            name = cast.named(role, WHERE)
            holding.attend(
                meeting=meeting, name=name, role=role, presence=presence, is_chair=role is Role.CCIO,
                person_id=agreeing.person(name, WHERE).person_id, by=by, at=at,
            )  # fmt: skip
        holding.attend(
            meeting=meeting, name=LAY, role=None, role_words="Lay member (invented)", presence="present", by=by, at=at
        )
        name = cast.named(Role.CLINICAL_LEAD, WHERE)
        holding.declare_interest(
            meeting=meeting,
            item=queries.agenda(meeting)[0],
            name=name,
            person_id=agreeing.person(name, WHERE).person_id,
            interest="Leads the department in which the tool is piloted. Answered questions and took no part in the opinion.",
            handled="took_part",
            by=by,
            at=at,
        )
        said = "There are none: this is the first meeting."
        holding.hold(meeting=meeting, previous_minutes=said, version_id=meeting.version_id, by=by, at=at)


def _decide(meeting: Meeting) -> None:
    with transaction():
        by, at = _secretary(), clock.now()
        first, second = queries.agenda(meeting)
        holding.decide(
            item=first, opinion=OPINION, decision="supported_with_caveats", caveats=CAVEATS, version_id=first.version_id,
            by=by, at=at,
        )  # fmt: skip
        said = "The clinical lead reads the referrals that were sorted wrongly and says at the next meeting what they share."
        holding.decide(item=second, opinion=said, decision="noted", version_id=second.version_id, by=by, at=at)
        for text, role, days in (
            ("Put the wait at night into the hazard log", Role.CLINICAL_LEAD, 13),
            ("Ask the supplier for its reports of deletion", Role.DIGITAL_LEAD, 32),
        ):
            name = cast.named(role, WHERE)
            holding.give_action(
                meeting=meeting, item=first, text=text, owner=name, owner_id=agreeing.person(name, WHERE).person_id,
                due_on=clock.today() + timedelta(days=days), by=by, at=at,
            )  # fmt: skip


def _open(tool: str) -> Submission:
    """The submission that is open about a tool of the trust."""
    query = (
        sa.select(Submission)
        .join(Deployment, Deployment.id == Submission.deployment_id)
        .join(Tool, Tool.id == Deployment.tool_id)
        .where(
            Tool.name == tool, Submission.status.in_(OPEN_STATUSES),
            Submission.organisation_id == people.organisation_by_code(WHERE).id,
        )
    )  # fmt: skip
    return db.session.scalars(query).one()


def _secretary() -> Actor:
    return cast.actor(Role.DIGITAL_LEAD, WHERE)
