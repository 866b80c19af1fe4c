"""Sections of the pack, who must agree, and in which order. Source: our policy, "Who must agree" and "Pack sections"."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from governance.errors import Blocker
from governance.lifecycle import Stage, SubmissionKind
from governance.permissions import Role
from governance.policy.conditions import Facts, Situation, all_hold
from governance.policy.rules.asked import Requirement, requirements, role_counts, section_judges
from governance.policy.schema import Act, Agreement, Outcome, Policy, SectionRow, Tier, TurnRow


@dataclass(frozen=True, slots=True)
class SectionRule:
    """A section of one pack: who judges it before submission, whom they consult, who signs it, who advises on it.

    `judged_by` is None where there is nothing to judge. `gates` false means a judgement never stops the submission.
    """

    code: str
    title: str
    judged_by: Role | None
    consulted: tuple[Role, ...]
    signed_by: tuple[Role, ...]
    advice: tuple[Role, ...]
    gates: bool
    own_answers: bool


@dataclass(frozen=True, slots=True)
class Turn:
    """One role's part: what it does, over which sections, after whom, in how many working days, with which outcomes.

    `needs` is how many holders must agree; `independent` turns are blind to each other until all of them are in.
    """

    role: Role
    act: Act
    sections: tuple[str, ...]
    after: tuple[Role, ...]
    expected_working_days: int
    outcomes: tuple[Outcome, ...]
    needs: int = 1
    independent: bool = False


def agreement_for(policy: Policy, *, stage_asked: Stage, kind: SubmissionKind) -> Agreement | None:
    """The one row of people for this kind and stage; None where nobody is asked (Pipeline)."""
    return next((a for a in policy.agreements if kind in a.kinds and stage_asked in a.stages), None)


def _rows(policy: Policy, situation: Situation, stage_asked: Stage, kind: SubmissionKind) -> list[TurnRow]:
    agreement = agreement_for(policy, stage_asked=stage_asked, kind=kind)
    if agreement is None or situation.tier is None:
        return []
    return [row for row in agreement.turns if all_hold(policy, row.when, situation)]


def sections_for(
    policy: Policy,
    asked: Iterable[Requirement],
    *,
    facts: Facts,
    tier: Tier | None,
    stage_asked: Stage,
    kind: SubmissionKind = SubmissionKind.PROGRESS,
    first_of_kind: bool = False,
    carried_conditions: bool = False,
) -> tuple[SectionRule, ...]:
    """The sections of the pack, in the policy's order.

    Triage and tool are always there, `conditions` where some are carried over from an earlier decision, the rest as asked.
    A section none of whose signers is required falls to the senior responsible owner, and so does its judging.
    """
    situation = Situation(facts, tier, first_of_kind)
    turns = _rows(policy, situation, stage_asked, kind)
    if not turns:
        return ()
    codes = {code for requirement in asked for code in requirement.sections}
    codes |= {"conditions"} if carried_conditions else set()
    there = [row for row in policy.sections if row.standing or row.code in codes]
    return tuple(_section(policy, row, situation, turns) for row in there)


def _section(policy: Policy, row: SectionRow, situation: Situation, turns: list[TurnRow]) -> SectionRule:
    signing = {turn.role for turn in turns if turn.act in (Act.SIGN, Act.AUTHORISE)}
    advising = {turn.role for turn in turns if turn.act is Act.ADVISE}
    signers = tuple(
        role for role in row.signed_by if role in signing and role_counts(policy, role, "sign", row.code, situation)
    )
    judges = section_judges(policy, row.code, situation)
    return SectionRule(
        code=row.code,
        title=row.title,
        judged_by=judges[0] if judges else None,
        consulted=tuple(role for role in row.consulted if role in signing | advising or not role.is_appointed),
        signed_by=signers or (Role.SRO,),
        advice=tuple(role for role in row.advice if role in advising),
        gates=row.gates,
        own_answers=row.own_answers,
    )


def signers(
    policy: Policy,
    *,
    facts: Facts,
    tier: Tier | None,
    stage_asked: Stage,
    kind: SubmissionKind = SubmissionKind.PROGRESS,
    first_of_kind: bool,
    stage_from: Stage | None = None,
    carried_conditions: bool = False,
) -> tuple[Turn, ...]:
    """Everybody who must agree, in an order that keeps every “after”. Give `stage_from` so that skipped stages count.

    Whoever authorises does so over the whole pack; everybody else over their own sections.
    """
    situation = Situation(facts, tier, first_of_kind)
    rows = _rows(policy, situation, stage_asked, kind)
    if tier is None or not rows:
        return ()
    asked = requirements(policy, facts=facts, tier=tier, stage_asked=stage_asked, stage_from=stage_from, kind=kind)
    sections = sections_for(
        policy, asked, facts=facts, tier=tier, stage_asked=stage_asked, kind=kind,
        first_of_kind=first_of_kind, carried_conditions=carried_conditions,
    )  # fmt: skip
    roles = {row.role for row in rows}
    days = policy.time("sign_off_working_days", tier) or 0
    return tuple(
        Turn(
            role=row.role,
            act=row.act,
            sections=_own_sections(row, sections),
            after=tuple(role for role in row.after if role in roles),
            expected_working_days=days,
            outcomes=policy.outcomes_of(row.act, row.role, kind),
            needs=row.needs,
            independent=row.independent,
        )
        for row in rows
    )


def _own_sections(row: TurnRow, sections: Iterable[SectionRule]) -> tuple[str, ...]:
    if row.act is Act.AUTHORISE:
        return tuple(section.code for section in sections)
    if row.act is Act.ADVISE:
        return tuple(section.code for section in sections if row.role in section.advice)
    return tuple(section.code for section in sections if row.role in section.signed_by)


def _outcome(turn: Turn, code: str) -> Outcome | None:
    return next((outcome for outcome in turn.outcomes if outcome.code == code), None)


def turns_open(turns: Iterable[Turn], done: Mapping[Role, str]) -> tuple[Turn, ...]:
    """Whose turn it is now, given the outcomes of those who acted in this round.

    Nobody's, once an outcome has ended the round (return, not approved) or paused it (deferred).
    """
    turns = tuple(turns)
    for turn in turns:
        outcome = _outcome(turn, done[turn.role]) if turn.role in done else None
        if outcome is not None and (outcome.ends_round or outcome.pauses):
            return ()
    return tuple(turn for turn in turns if turn.role not in done and all(role in done for role in turn.after))


def turn_blockers(turns: Iterable[Turn], done: Mapping[Role, str], role: Role) -> list[Blocker]:
    """Why a role may not act now: no part in this, acted already, round over, or others come first."""
    turns = tuple(turns)
    turn = next((turn for turn in turns if turn.role is role), None)
    if turn is None:
        return [Blocker("turn.none", f"The {role.title} is not among those who must agree to this submission.")]
    if role in done:
        return [Blocker("turn.done", f"The {role.title} has already acted in this round.")]
    if turn in turns_open(turns, done):
        return []
    waiting = [other.title for other in turn.after if other not in done]
    if not waiting:
        return [Blocker("turn.closed", "This round has ended or is deferred.")]
    return [Blocker("turn.waiting", f"The {role.title} acts after the {_listed(waiting)}.")]


def _listed(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def decision_reason_blockers(
    turns: Iterable[Turn], done: Mapping[Role, str], *, role: Role, outcome: str, reason: str, conditions: int = 0
) -> list[Blocker]:
    """What an outcome still needs: its reason, its conditions, and a reason for deciding against advice.

    Whoever authorises answers to all advice given; others to the advice their turn waits for (the SIRO to the DPO's).
    `conditions` counts those set with this outcome.
    """
    turns = tuple(turns)
    own = next((turn for turn in turns if turn.role is role), None)
    chosen = _outcome(own, outcome) if own else None
    if own is None or chosen is None:
        return [Blocker("outcome.unknown", f"The {role.title} cannot answer “{outcome}”.")]
    given = bool(reason.strip())
    blockers = []
    if chosen.reason and not given:
        blockers.append(Blocker("outcome.reason", f"“{chosen.label}” needs a reason."))
    if chosen.conditions and not conditions:
        blockers.append(Blocker("outcome.conditions", f"“{chosen.label}” needs at least one condition."))
    if own.act is Act.ADVISE or chosen.ends_round or chosen.pauses or given:
        return blockers
    for turn in turns:
        heeded = turn.act is Act.ADVISE and (own.act is Act.AUTHORISE or turn.role in own.after)
        advice = _outcome(turn, done[turn.role]) if heeded and turn.role in done else None
        if advice is not None and advice.against:
            said = f"The {turn.role.title} said “{advice.label}”. Deciding against advice needs a reason."
            blockers.append(Blocker("outcome.against_advice", said))
    return blockers
