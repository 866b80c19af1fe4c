"""Where a submission stands with those who must agree, and why somebody may not act now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import selectinload

from governance import clock
from governance.approval import rounds, rules, seats
from governance.approval.models import Advice, Condition, SectionReading
from governance.approval.rules import Done, TurnState
from governance.approval.statements import Matter
from governance.assessment.hazards import queries as hazards
from governance.assessment.packs import queries as packs
from governance.assessment.packs.asked import Asked, asked_of
from governance.assessment.packs.models import AssurancePack, PackSection
from governance.database import db
from governance.errors import Blocker, NotVisible
from governance.intake.models import Submission, SubmissionChange
from governance.lifecycle import SubmissionStatus
from governance.permissions import Actor, Role
from governance.policy import rules as policy
from governance.policy.rules import Turn
from governance.policy.schema import Act, Outcome
from governance.signing.models import SignOff

PACK = seats.PACK


@dataclass(frozen=True)
class Position:
    """One submission before those who must agree: its pack, the turns, and what was done in this round."""

    asked: Asked
    pack: AssurancePack
    turns: tuple[Turn, ...]
    given: Mapping[Role, tuple[Done, ...]]
    lines: tuple[TurnState, ...]
    recused: frozenset[int]

    @property
    def submission(self) -> Submission:
        return self.asked.submission

    @property
    def open_turns(self) -> tuple[TurnState, ...]:
        """Turns that are somebody's now; none before it is submitted, after it is decided, or until a deferral's day."""
        return tuple(line for line in self.lines if line.state == "open")

    @property
    def authoriser(self) -> Role:
        """The role that decides, last of all. Raises NotVisible where nobody authorises."""
        found = next((turn.role for turn in self.turns if turn.act is Act.AUTHORISE), None)
        if found is None:
            raise NotVisible()
        return found

    def line(self, role: Role) -> TurnState:
        """One role's turn. Raises NotVisible where the role has no part in this."""
        found = next((line for line in self.lines if line.turn.role is role), None)
        if found is None:
            raise NotVisible()
        return found

    @property
    def done(self) -> frozenset[Role]:
        """Roles whose turn is over and may be seen."""
        return policy.settled(self.turns, self.outcomes)

    @property
    def outcomes(self) -> dict[Role, tuple[str, ...]]:
        """Outcome codes by role and seat, as the policy's rules take them: also those that nobody is shown yet."""
        return rules.outcomes(self.given)

    @property
    def veiled(self) -> frozenset[Role]:
        """Independent roles whose outcomes nobody is shown yet."""
        return policy.veiled(self.turns, self.outcomes)


def position(submission: Submission, on: date) -> Position | None:
    """Where it stands; None before the first pack."""
    pack = packs.pack(submission)
    if pack is None:
        return None
    asked = asked_of(submission)
    asked = rounds.as_it_was(asked, pack)
    turns = turns_of(asked)
    words = {(turn.role, outcome.code): outcome.label for turn in turns for outcome in turn.outcomes}
    given = seats.taken([pack.id], words).get(pack.id, {})
    recused = frozenset(row.person_id for row, _ in seats.recusals(submission))
    lines = rules.states(
        turns, given, status=submission.status, began=submission.turn_since or pack.frozen_at,
        deferred_until=submission.deferred_until, on=on, recused=recused,
    )  # fmt: skip
    return Position(asked, pack, turns, given, lines, recused)


def turns_of(asked: Asked) -> tuple[Turn, ...]:
    """Everybody who must agree to a submission, in policy's order."""
    return policy.signers(
        asked.policy,
        facts=asked.facts,
        tier=asked.tier,
        stage_asked=asked.stage_asked,
        kind=asked.submission.kind,
        first_of_kind=asked.first_of_kind,
        stage_from=asked.submission.counted_from,
        carried_conditions=bool(asked.carried),
    )


def outcome_of(turn: Turn, code: str) -> Outcome | None:
    """One of the outcomes a turn may have."""
    return next((each for each in turn.outcomes if each.code == code), None)


def sign_blockers(at: Position, role: Role, by: Actor, on: date) -> list[Blocker]:
    """Every reason why this person may not act in this role on this pack now, whatever the outcome."""
    submission, asked = at.submission, at.asked
    found: list[Blocker] = []
    if submission.status is SubmissionStatus.DEFERRED:
        found.append(Blocker("deferred", "The decision is deferred. It is taken up again first."))
    elif submission.status is not SubmissionStatus.SUBMITTED:
        found.append(Blocker("not_submitted", f"Nothing can be signed: this submission is {submission.status.label.lower()}."))
    elif at.pack.round != submission.round:
        found.append(Blocker("superseded", "This pack is superseded by a newer round. Open the newest one."))
    else:
        found += policy.turn_blockers(at.turns, at.outcomes, role)
    found += seat_blockers(at, role, by)
    held = by.held_for(role, asked.deployment.id)
    if held is None:
        found.append(Blocker("appointment", f"You hold no current appointment as {role.title} for this deployment."))
    found += policy.registration_blockers(asked.policy, role=role, registration=by.registration, on=on)
    found += policy.appointment_separation_blockers(asked.policy, role=role, held=by.roles)
    found += policy.separation_blockers(asked.policy, about_to=role.value, already=parts_of(submission, by.person_id))
    return found


def seat_blockers(at: Position, role: Role, by: Actor) -> list[Blocker]:
    """Why this person may not take a seat: they stepped back, or they have one."""
    found = seats.recused_blockers(at.submission, by)
    mine = any(each.person_id == by.person_id for each in at.given.get(role, ()))
    line = next((line for line in at.lines if line.turn.role is role), None)
    if mine and line is not None and line.state != "done":
        said = f"You have signed as {role.title} in this round. {line.of_panel} have signed: the next is somebody else."
        found.append(Blocker("turn.seat", said))
    return found


def shortages(at: Position, on: date, role: Role | None = None) -> tuple[str, ...]:
    """Sentences about turns, or that of one role, that those appointed cannot complete.

    Asks who holds a role only where a panel signs or somebody stepped back.
    """
    found = []
    for line in at.lines:
        if role not in (None, line.turn.role):
            continue
        if line.state != "done" and (line.turn.needs > 1 or at.recused):
            said = rules.shortage(line, seats.holders(at.asked.deployment, line.turn.role, on))
            found += [said] if said else []
    return tuple(found)


def content_blockers(at: Position) -> list[Blocker]:
    """Why the pack may not be agreed to as it is: live records differ from it."""
    return packs.differences(at.pack)


def agreeing_blockers(at: Position, role: Role, by: Actor, on: date) -> list[Blocker]:
    """What stops somebody from saying yes: records that differ from the pack, stops of policy, the limit of an appointment."""
    now = packs.position(at.submission)
    found = [*packs.differences_from(at.pack, now), *now.stopping(on)]
    held = by.held_for(role, at.asked.deployment.id)
    turn = at.line(role).turn
    if held is not None and turn.act is Act.AUTHORISE and at.asked.tier is not None:
        found += policy.authority_blockers(
            held, tier=at.asked.tier, stage=at.asked.stage_asked, residual=highest_residual(at.asked), on=on
        )
    return found


def highest_residual(asked: Asked) -> int | None:
    """The highest residual rating in the log; None where no hazard is scored."""
    ratings = [each.residual_rating for each in hazards.hazards(asked.deployment) if each.residual_rating]
    return max(ratings) if ratings else None


def threes(asked: Asked) -> tuple[int, ...]:
    """Numbers of hazards that stay at 3."""
    return tuple(each.number for each in hazards.hazards(asked.deployment) if each.residual_rating == 3)


def parts_of(submission: Submission, person_id: int | None) -> set[str]:
    """What a person has done on a submission, in any round: started, proposed, submitted, or a role they acted in."""
    found = set()
    for word, who in (
        ("started", submission.started_by),
        ("proposed", submission.proposed_by),
        ("submitted", submission.submitted_by),
    ):
        if who == person_id:
            found.add(word)
    submitted = sa.select(SubmissionChange.id).where(
        SubmissionChange.submission_id == submission.id,
        SubmissionChange.arrow == "submit",
        SubmissionChange.by_person_id == person_id,
    )
    if db.session.scalar(submitted.limit(1)):
        found.add("submitted")
    signed = (
        sa.select(SignOff.role)
        .join(AssurancePack, AssurancePack.id == SignOff.subject_id)
        .where(SignOff.subject_kind == PACK, AssurancePack.submission_id == submission.id, SignOff.person_id == person_id)
    )
    return found | {role.value for role in db.session.scalars(signed)}


def matter_of(at: Position, role: Role) -> Matter:
    """What a role's statement is about."""
    asked, submission = at.asked, at.submission
    version = submission.tool_version or asked.deployment.tool_version
    return Matter(
        tool=f"{asked.deployment.tool.name} {version.version}",
        where=asked.deployment.organisation.name,
        kind=submission.kind,
        stage=asked.stage_asked,
        stage_from=submission.stage_from,
        sections=sum(section.code in at.line(role).turn.sections for section in at.pack.sections),
        direct_care=asked.facts.get("direct_care") == "yes",
        highest=highest_residual(asked),
        threes=threes(asked),
    )


def advice_against(at: Position, role: Role) -> tuple[str, ...]:
    """Advice that says no and that a role must give a reason for not following, in words. Empty for those who advise."""
    own = at.line(role).turn
    said = []
    for line in at.lines:
        heeded = line.turn.act is Act.ADVISE and (own.act is Act.AUTHORISE or line.turn.role in own.after)
        outcome = outcome_of(line.turn, line.done.outcome) if line.done else None
        if heeded and outcome is not None and outcome.against:
            said.append(f"The {line.turn.role.title} said “{outcome.label}”.")
    return tuple(said) if own.act is not Act.ADVISE else ()


def last_signed(at: Position, role: Role, person_id: int | None) -> SignOff | None:
    """What this person last signed in this role for the same deployment, on an earlier pack."""
    query = (
        sa.select(SignOff)
        .join(AssurancePack, AssurancePack.id == SignOff.subject_id)
        .join(Submission, Submission.id == AssurancePack.submission_id)
        .where(
            SignOff.subject_kind == PACK,
            SignOff.role == role,
            SignOff.person_id == person_id,
            SignOff.subject_id != at.pack.id,
            Submission.deployment_id == at.asked.deployment.id,
        )
        .order_by(SignOff.id.desc())
        .limit(1)
    )
    return db.session.scalar(query)


def readings(at: Position, person_id: int | None) -> dict[str, SectionReading]:
    """Sections of this pack that a person has read, by code."""
    query = (
        sa.select(PackSection.code, SectionReading)
        .join(SectionReading, SectionReading.pack_section_id == PackSection.id)
        .where(PackSection.pack_id == at.pack.id, SectionReading.person_id == person_id)
    )
    return {row[0]: row[1] for row in db.session.execute(query)}


def unchanged(at: Position, role: Role, person_id: int | None) -> frozenset[str]:
    """Own sections whose digest is as this person last signed it."""
    before = last_signed(at, role, person_id)
    if before is None:
        return frozenset()
    mine = set(at.line(role).turn.sections)
    return frozenset(
        section.code
        for section in at.pack.sections
        if section.code in mine and before.section_digests.get(section.code) == section.digest
    )


def unread(at: Position, role: Role, person_id: int | None) -> tuple[str, ...]:
    """Own sections that are new or changed since this person last signed and that they have not opened."""
    read, same = readings(at, person_id), unchanged(at, role, person_id)
    mine = at.line(role).turn.sections
    return tuple(section.code for section in at.pack.sections if section.code in mine and section.code not in {*read, *same})


def advice_on(submission: Submission) -> Sequence[Advice]:
    """All advice given on a submission, in any round."""
    return db.session.scalars(sa.select(Advice).where(Advice.submission_id == submission.id).order_by(Advice.id)).all()


def left_over(at: Position) -> Sequence[Condition]:
    """Conditions proposed on an earlier pack of a submission: a recall ended their round and voided nothing."""
    query = sa.select(Condition).join(SignOff, SignOff.id == Condition.sign_off_id)
    query = query.where(
        Condition.submission_id == at.submission.id, Condition.status == "proposed", SignOff.subject_id != at.pack.id
    )
    return db.session.scalars(query.order_by(Condition.number)).all()


def waiting_for(by: Actor, on: date) -> list[tuple[Position, TurnState]]:
    """Submitted submissions of the actor's organisation in which it is this person's turn, the oldest first."""
    query = (
        sa.select(Submission)
        .where(Submission.organisation_id == by.organisation_id, Submission.status == SubmissionStatus.SUBMITTED)
        .options(selectinload(Submission.tool_version))
        .order_by(Submission.turn_since)
    )
    found = []
    for submission in db.session.scalars(query):
        at = position(submission, on)
        for line in at.open_turns if at else ():
            if at and line.is_for(by.person_id) and by.holds(line.turn.role, at.asked.deployment.id):
                found.append((at, line))
    return sorted(found, key=lambda pair: pair[1].since or clock.now())
