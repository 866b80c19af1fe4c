"""Sections of the pack, who must agree, and in which order. Source: our policy, "Who must agree" and "Pack sections"."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from governance.lifecycle import Stage, SubmissionKind
from governance.permissions import Role
from governance.policy.conditions import Facts, Situation, all_hold
from governance.policy.rules import added
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


def people_rows(
    policy: Policy, situation: Situation, stage_asked: Stage, kind: SubmissionKind
) -> tuple[list[TurnRow], frozenset[Role]]:
    """The rows of people that count, in order, and the roles among them that only an organisation's addition asks."""
    agreement = agreement_for(policy, stage_asked=stage_asked, kind=kind)
    if agreement is None or situation.tier is None:
        return [], frozenset()
    rows = [row for row in agreement.turns if all_hold(policy, row.when, situation)]
    return added.turns(policy, agreement, rows, situation, stage_asked, kind)


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
    turns, more = people_rows(policy, situation, stage_asked, kind)
    if not turns:
        return ()
    codes = {code for requirement in asked for code in requirement.sections}
    codes |= {"conditions"} if carried_conditions else set()
    there = [row for row in policy.sections if row.standing or row.code in codes]
    return tuple(_section(policy, row, situation, turns, more) for row in there)


def _section(
    policy: Policy, row: SectionRow, situation: Situation, turns: list[TurnRow], more: frozenset[Role]
) -> SectionRule:
    """Who has a part in one section. `more` come on top: they never take a section from whoever has it without them."""
    signing = {turn.role for turn in turns if turn.act in (Act.SIGN, Act.AUTHORISE)}
    advising = {turn.role for turn in turns if turn.act is Act.ADVISE}
    counted = {role for role in signing if role_counts(policy, role, "sign", row.code, situation)}
    signers = tuple(role for role in row.signed_by if role in counted - more) or (Role.SRO,)
    further = [role for role in sorted(counted & more) if row.standing or role in row.signed_by]
    judges = section_judges(policy, row.code, situation)
    return SectionRule(
        code=row.code,
        title=row.title,
        judged_by=judges[0] if judges else None,
        consulted=tuple(role for role in row.consulted if role in signing | advising or not role.is_appointed),
        signed_by=tuple(dict.fromkeys((*signers, *further))),
        advice=tuple(
            dict.fromkeys(
                [role for role in row.advice if role in advising]
                + [role for role in sorted(advising & more) if row.standing]
            )
        ),
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
    rows, _ = people_rows(policy, situation, stage_asked, kind)
    if tier is None or not rows:
        return ()
    asked = requirements(policy, facts=facts, tier=tier, stage_asked=stage_asked, stage_from=stage_from, kind=kind)
    sections = sections_for(
        policy, asked, facts=facts, tier=tier, stage_asked=stage_asked, kind=kind,
        first_of_kind=first_of_kind, carried_conditions=carried_conditions,
    )  # fmt: skip
    roles = {row.role for row in rows}
    days = policy.time("sign_off_working_days", tier) or 0
    apart = _independent(rows)
    return tuple(
        Turn(
            role=row.role,
            act=row.act,
            sections=_own_sections(row, sections),
            after=tuple(role for role in row.after if role in roles),
            expected_working_days=days,
            outcomes=policy.outcomes_of(row.act, row.role, kind),
            needs=row.needs if row.act is Act.SIGN else 1,  # one adviser speaks for the role, one person decides
            independent=row.role in apart,
        )
        for row in rows
    )


def may_be_independent(policy: Policy) -> bool:
    """Whether some turn may be blind to others under a policy, by a row of its own or by an organisation's addition."""
    return _somewhere(policy, "independent", lambda row: row.independent)


def may_be_panel(policy: Policy) -> bool:
    """Whether several holders of a role may have to agree, by a row of the policy or by an organisation's addition."""
    return _somewhere(policy, "panel", lambda row: row.needs > 1)


def _somewhere(policy: Policy, kind: str, asks: Callable[[TurnRow], bool]) -> bool:
    rows = (row for each in policy.agreements for row in each.turns)
    return any(each.kind == kind for each in policy.additions) or any(asks(row) for row in rows)


def _independent(rows: Sequence[TurnRow]) -> frozenset[Role]:
    """Roles that act without seeing each other. Never whoever authorises, nor who waits for one of them and so sees all."""
    apart: set[Role] = set()
    behind: set[Role] = set()
    for row in rows:
        if behind & set(row.after):
            behind.add(row.role)
        elif row.independent and row.act is not Act.AUTHORISE:
            apart.add(row.role)
            behind.add(row.role)
    return frozenset(apart)


def _own_sections(row: TurnRow, sections: Iterable[SectionRule]) -> tuple[str, ...]:
    if row.act is Act.AUTHORISE:
        return tuple(section.code for section in sections)
    if row.act is Act.ADVISE:
        return tuple(section.code for section in sections if row.role in section.advice)
    return tuple(section.code for section in sections if row.role in section.signed_by)
