"""Signing, advising and authorising: one shape, two steps, every refusal made here."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from governance import clock
from governance.approval import effects, queries, rules, seats, statements
from governance.approval.models import SectionReading
from governance.approval.queries import PACK, Position
from governance.approval.rules import NewCondition
from governance.assessment.packs import queries as packs
from governance.database import db
from governance.errors import Blocker, Forbidden, NotVisible, Refused, refuse_if
from governance.intake import operations as intake
from governance.intake.models import Submission
from governance.keys import Keyring
from governance.permissions import Actor, Role
from governance.policy import rules as policy
from governance.policy.schema import Act
from governance.signing import operations as signing
from governance.signing.models import SignIntent, SignOff

YES = ("approve", "approve_with_conditions", "authorise", "authorise_with_conditions")


def read_section(*, submission: Submission, code: str, by: Actor, at: datetime) -> None:
    """Keep that a signer opened a section of the present pack. A second reading changes nothing."""
    pack = packs.pack(submission)
    if pack is None:
        raise NotVisible()
    section = packs.pack_section(pack, code)
    query = sa.select(SectionReading).where(
        SectionReading.pack_section_id == section.id, SectionReading.person_id == by.person_id
    )
    if db.session.scalar(query) is None:
        db.session.add(
            SectionReading(
                organisation_id=section.organisation_id, pack_section_id=section.id, person_id=by.person_id, read_at=at
            )
        )
        db.session.flush()


def intend(
    *,
    submission: Submission,
    role: Role,
    outcome: str,
    reason: str = "",
    conditions: Sequence[NewCondition] = (),
    until: date | None = None,
    confirms_unchanged: bool = False,
    shown: Collection[int] = (),
    by: Actor,
    at: datetime,
) -> SignIntent:
    """First step: check everything, and fix what the person is about to sign. Raises Refused with every reason.

    until: the last day of an approval (authorise), or the day a decision is deferred to. shown: ids of the sections that
    the page had before the person in full; those of the present pack count as read with it.
    """
    here = _here(submission, at)
    _check(here, role, outcome, reason, conditions, until, by, at)
    on = clock.london_date(at)
    same = queries.unchanged(here, role, by.person_id)
    for each in here.pack.sections:
        if each.id in shown:
            read_section(submission=submission, code=each.code, by=by, at=at)
    found = []
    unread = queries.unread(here, role, by.person_id) if _over_the_pack(here, role, outcome) else ()
    if unread:
        titles = [each.title for each in here.pack.sections if each.code in unread]
        found.append(Blocker("unread", f"Open each new or changed section before you sign: {', '.join(titles)}."))
    if same and not confirms_unchanged and _over_the_pack(here, role, outcome):
        found.append(Blocker("unchanged", "Confirm the sections that have not changed since you signed them."))
    refuse_if(found)
    turn = here.line(role).turn
    mine = {each.code: each.digest for each in here.pack.sections if each.code in turn.sections}
    last = until or _longest(here, on) or on
    details: dict[str, Any] = {
        "reason": reason.strip(),
        "conditions": [each.content() for each in conditions],
        "unchanged": sorted(same),
        "until": last.isoformat() if last and (turn.act is Act.AUTHORISE) else "",
        "residual": queries.highest_residual(here.asked) or 0,
    }
    if turn.act is Act.AUTHORISE:
        said = [done for seats in here.given.values() for done in seats]
        details["agreed"] = [f"{done.role.value}:{done.outcome}:{done.check_code}" for done in said]
    return signing.intend(
        subject_kind=PACK,
        subject_id=here.pack.id,
        act=_act(here, role, outcome),
        digest=here.pack.digest,
        section_digests=mine,
        role=role,
        outcome=outcome,
        statement=_statement(here, role, outcome, reason, len(conditions), last),
        details=details,
        organisation_id=submission.organisation_id,
        by=by,
        at=at,
    )


def carry_out(*, submission: Submission, intent: SignIntent, keyring: Keyring, by: Actor, at: datetime) -> SignOff:
    """Second step, after the credential: check all of it again, seal, and let it take its effect.

    Raises Refused, or Conflict where somebody signed the same meanwhile.
    """
    # the submission's own row alone: PostgreSQL cannot lock what an outer join may leave empty
    db.session.refresh(submission, with_for_update={"of": Submission})
    here = _here(submission, at)
    if intent.subject_kind != PACK or intent.subject_id != here.pack.id or intent.digest != here.pack.digest:
        raise Refused.because("This pack is superseded by a newer round. Open the newest one.", code="superseded")
    details = intent.details
    conditions = [NewCondition.from_content(each) for each in details["conditions"]]
    until = date.fromisoformat(details["until"]) if details["until"] else None
    _check(here, intent.role, intent.outcome, details["reason"], conditions, until, by, at)
    held = by.held_for(intent.role, here.asked.deployment.id)
    assert held is not None
    row = signing.seal(
        intent=intent, held=held, deployment_id=here.asked.deployment.id, keyring=keyring, by=by, at=at,
        # of a panel, the seat that is free now: the one meant may have been taken meanwhile
        act=_act(here, intent.role, intent.outcome),
    )  # fmt: skip
    effects.follow(here=here, row=row, conditions=conditions, until=until, reason=details["reason"], by=by, at=at)
    return row


def resume_decision(*, submission: Submission, by: Actor, at: datetime) -> None:
    """Take up a deferred decision again, from its day or earlier: whoever authorises.

    Where records changed meanwhile, the comparison stops each signature until the digital lead takes the submission back.
    Raises Forbidden, Refused.
    """
    here = _here(submission, at)
    role = here.authoriser
    if submission.organisation_id != by.organisation_id:
        raise NotVisible()
    if by.held_for(role, here.asked.deployment.id) is None:
        raise Forbidden(f"The {role.title} takes up a deferred decision.")
    refuse_if(seats.recused_blockers(submission, by))
    intake.move(submission=submission, arrow="resume_decision", role=role.value, by=by, at=at)


def _here(submission: Submission, at: datetime) -> Position:
    found = queries.position(submission, clock.london_date(at))
    if found is None:
        raise Refused.because("Nothing has been submitted yet.", code="not_submitted")
    return found


def _check(
    here: Position,
    role: Role,
    outcome: str,
    reason: str,
    conditions: Sequence[NewCondition],
    until: date | None,
    by: Actor,
    at: datetime,
) -> None:
    """Every refusal of policy that concerns this role and outcome."""
    on = clock.london_date(at)
    if here.submission.organisation_id != by.organisation_id:
        raise NotVisible()
    found = queries.sign_blockers(here, role, by, on)
    if any(turn.role is role for turn in here.turns):
        found += policy.decision_reason_blockers(
            here.turns, here.outcomes, role=role, outcome=outcome, reason=reason, conditions=len(conditions)
        )
        found += rules.condition_blockers(conditions, on, asked=here.asked.stage_asked)
        if outcome in YES:
            found += queries.agreeing_blockers(here, role, by, on)
        elif _over_the_pack(here, role, outcome):
            found += queries.content_blockers(here)
        if outcome.startswith("authorise") and here.asked.tier is not None:
            limit = _longest(here, on)
            if limit is not None and until is not None:
                found += policy.until_blockers(chosen=until, limit=limit, decided_on=on)
        if outcome == "defer" and (until is None or until <= on):
            found.append(Blocker("until", "Enter the day until which the decision is deferred, after today."))
    refuse_if(found)


def _over_the_pack(here: Position, role: Role, outcome: str) -> bool:
    """Whether an outcome speaks for what the sections say: agreeing and advising do; returning, refusing, deferring do not."""
    return outcome in YES or here.line(role).turn.act is Act.ADVISE


def _longest(here: Position, on: date) -> date | None:
    asked = here.asked
    if asked.tier is None:
        return None
    return policy.approval_until(
        asked.policy,
        tier=asked.tier,
        stage=asked.stage_asked,
        decided_on=on,
        kind=asked.submission.kind,
        running_until=asked.deployment.approved_until,
    )


def _act(here: Position, role: Role, outcome: str) -> str:
    """sign, advise or authorise; a panel's second seat is “sign-2”, so that the database keeps two out of one seat.

    A deferral is numbered, since the same person decides on the same pack later.
    """
    if outcome != "defer":
        taken, act = len(here.given.get(role, ())), here.line(role).turn.act.value
        return f"{act}-{taken + 1}" if taken else act
    query = sa.select(sa.func.count()).where(
        SignOff.subject_kind == PACK, SignOff.subject_id == here.pack.id, SignOff.act.like("defer-%")
    )
    return f"defer-{(db.session.scalar(query) or 0) + 1}"


def _statement(here: Position, role: Role, outcome: str, reason: str, conditions: int, until: date | None) -> str:
    turn = here.line(role).turn
    chosen = queries.outcome_of(turn, outcome)
    assert chosen is not None
    return statements.statement(
        turn=turn,
        outcome=chosen,
        matter=queries.matter_of(here, role),
        reason=reason,
        conditions=conditions,
        until=until,
        against=bool(queries.advice_against(here, role)),
    )

