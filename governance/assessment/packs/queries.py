"""Reading a submission's state, its frozen packs, and how one pack differs from another or from today."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import selectinload

from governance.assessment.packs import as_signed as same_as_signed
from governance.assessment.packs import content, redacted, rules
from governance.assessment.packs import stopping as stops
from governance.assessment.packs import tasks as task_list
from governance.assessment.packs.asked import Asked, asked_of
from governance.assessment.packs.live import gather
from governance.assessment.packs.matter import Live
from governance.assessment.packs.models import AssurancePack, Judgement, PackSection
from governance.assessment.packs.rules import BuiltSection
from governance.assessment.packs.tasks import Task
from governance.database import db, read_once
from governance.errors import Blocker, Forbidden, NotVisible
from governance.intake.models import Submission
from governance.lifecycle import CLOSED_STATUSES, SubmissionStatus
from governance.permissions import Actor, Permission
from governance.signing.models import SignOff


@dataclass(frozen=True)
class Position:
    """One submission's assessment, loaded once for a page or an operation; its sections are put together when asked for."""

    asked: Asked
    live: Live
    given: dict[str, Judgement]

    @cached_property
    def sections(self) -> tuple[BuiltSection, ...]:
        """Every section as built now, in policy's order."""
        return content.assemble(self.asked, self.live, self.given)

    def section(self, code: str) -> BuiltSection:
        """One section as built now, without the others. Raises NotVisible."""
        return content.one(self.asked.section(code), self.asked, self.live, self.given)

    def stopping(self, on: date) -> list[Blocker]:
        """Every reason why it cannot be submitted on this day."""
        return stops.stopping(self.asked, self.live, self.sections, self.given, on)

    def tasks(self, by: Actor, on: date) -> tuple[Task, ...]:
        """What policy asks for, who has each thing, and where it stands."""
        return task_list.tasks(self.asked, self.live, self.sections, by, on)


def position(submission: Submission) -> Position:
    """Everything about one proposed submission's assessment. Raises Refused for a draft."""
    asked = asked_of(submission)
    live, given = gather(asked), content.judgements(asked)
    return Position(asked, live, given)


def stopping(submission: Submission, on: date) -> list[Blocker]:
    """What is stopping a submission on a day; empty when nothing is."""
    return position(submission).stopping(on)


def tasks(submission: Submission, by: Actor, on: date) -> tuple[Task, ...]:
    """The task list of a submission as this person sees it."""
    return position(submission).tasks(by, on)


def pack(submission: Submission) -> AssurancePack | None:
    """The newest frozen pack of a submission, with its sections."""
    query = sa.select(AssurancePack).where(AssurancePack.submission_id == submission.id)
    query = query.options(selectinload(AssurancePack.sections)).order_by(AssurancePack.round.desc())
    return db.session.scalar(query.limit(1))


def packs(submission: Submission) -> Sequence[AssurancePack]:
    """Every frozen pack of a submission, newest first."""
    query = sa.select(AssurancePack).where(AssurancePack.submission_id == submission.id)
    return db.session.scalars(query.order_by(AssurancePack.round.desc())).all()


@read_once
def signed_before(submission: Submission) -> tuple[PackSection, ...]:
    """Each section as it was in the last decided pack of the same deployment that held it."""
    query = (
        sa.select(PackSection)
        .join(AssurancePack, AssurancePack.id == PackSection.pack_id)
        .join(Submission, Submission.id == AssurancePack.submission_id)
        .where(
            Submission.deployment_id == submission.deployment_id, Submission.id < submission.id,
            Submission.status == SubmissionStatus.AUTHORISED,
        )
        .order_by(AssurancePack.id)
    )  # fmt: skip
    return tuple({each.code: each for each in db.session.scalars(query)}.values())


def as_signed(now: Position) -> frozenset[str]:
    """Codes of the sections that say what was signed before, all answers carried over with their evidence."""
    return same_as_signed.sections(signed_before(now.asked.submission), now.sections)


def judged_as_signed(now: Position, code: str) -> dict[str, Any] | None:
    """What was last judged of a section that says what was signed before, where it was not judged since; else None."""
    built = now.section(code)
    if not built.is_stale:
        return None
    before = [each for each in signed_before(now.asked.submission) if each.code == code]
    return built.judgement if same_as_signed.sections(before, [built]) else None


def pack_by_id(pack_id: int, by: Actor) -> AssurancePack:
    """One frozen pack within the actor's scope. Raises NotVisible."""
    query = sa.select(AssurancePack).where(AssurancePack.id == pack_id, AssurancePack.organisation_id.in_(by.scope))
    found = db.session.scalar(query.options(selectinload(AssurancePack.sections)))
    if found is None:
        raise NotVisible()
    return found


def readable(pack_id: int, by: Actor) -> tuple[AssurancePack, Submission]:
    """A pack with its submission that the actor may read: a board member, once it is decided. Raises NotVisible, Forbidden."""
    found = pack_by_id(pack_id, by)
    submission = submission_of(found)
    if not by.may(Permission.READ_PACK) and submission.status not in CLOSED_STATUSES:
        raise Forbidden("This pack is not decided yet.")
    return found, submission


def roles_signed(submission: Submission, by: Actor) -> frozenset[str]:
    """The roles in which this person signed or advised on a pack of a submission, in any round."""
    query = (
        sa.select(SignOff.role)
        .join(AssurancePack, AssurancePack.id == SignOff.subject_id)
        .where(
            SignOff.subject_kind == "assurance_pack",
            AssurancePack.submission_id == submission.id,
            SignOff.person_id == by.person_id,
        )
    )
    return frozenset(role.value for role in db.session.scalars(query))


def pack_section(pack: AssurancePack, code: str) -> PackSection:
    """One section of a frozen pack. Raises NotVisible."""
    found = next((each for each in pack.sections if each.code == code), None)
    if found is None:
        raise NotVisible()
    return found


def submission_of(pack: AssurancePack) -> Submission:
    """The submission that a pack was frozen for."""
    return db.session.get_one(Submission, pack.submission_id)


def differences(pack: AssurancePack) -> list[Blocker]:
    """How the live record differs from a frozen pack, section by section; empty when it is the same."""
    return differences_from(pack, position(submission_of(pack)))


def differences_from(pack: AssurancePack, now: Position) -> list[Blocker]:
    """The same, where the live record is loaded already."""
    return rules.difference_blockers(
        {each.code: (each.title, each.digest) for each in redacted.sides(pack)},
        {each.code: (each.title, each.digest) for each in now.sections},
    )


def compare(pack_a: AssurancePack, pack_b: AssurancePack) -> tuple[str, ...]:
    """Codes of the sections that differ between two packs, or that only one of them has."""
    return rules.changed_sections(_digests(pack_a), _digests(pack_b))


def judgements_on(submission: Submission, section: str) -> Sequence[Judgement]:
    """Every judgement given on a section of this submission, newest first."""
    query = sa.select(Judgement).where(Judgement.submission_id == submission.id, Judgement.section == section)
    return db.session.scalars(query.order_by(Judgement.revision.desc())).all()


def _digests(pack: AssurancePack) -> dict[str, str]:
    return {each.code: each.digest for each in redacted.sides(pack)}
