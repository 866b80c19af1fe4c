"""What an organisation's additions put on top of a policy's rows. Each function can only give more than it was given."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from governance.lifecycle import Stage, SubmissionKind
from governance.permissions import PERMISSION_ROLES, Permission, Role
from governance.policy.conditions import Situation, all_hold
from governance.policy.schema import Act, Addition, Agreement, Depth, Policy, TurnRow

SIGNERS = PERMISSION_ROLES[Permission.SIGN] - {Role.SRO}
ADVISERS = PERMISSION_ROLES[Permission.ADVISE]
BROUGHT = {"hazard_log": "risk_plan"}
"""No hazard is scored before its plan is approved (policy, "What must be shown"): one asked in full brings the other."""


def counting(
    policy: Policy, what: str, situation: Situation, stages: Iterable[Stage], kind: SubmissionKind
) -> tuple[Addition, ...]:
    """The additions of one kind that count here. To step back or to cease nothing of a stage is asked, so none does."""
    if not policy.additions or not policy.kind(kind).stage_rows:
        return ()
    there = set(stages)
    return tuple(
        each
        for each in policy.additions
        if each.kind == what
        and there & set(each.stages)
        and (not each.tiers or situation.tier in each.tiers)
        and all_hold(policy, each.when, situation)
    )


def asking(
    policy: Policy, question_set: str, situation: Situation, stages: Iterable[Stage], kind: SubmissionKind
) -> tuple[Addition, ...]:
    """The additions that ask a question set here, the deepest first."""
    found = [
        each
        for each in counting(policy, "requirement", situation, stages, kind)
        if each.question_set == question_set
        or (each.depth is Depth.FULL and BROUGHT.get(each.question_set) == question_set)
    ]
    return tuple(sorted(found, key=lambda each: each.depth.rank, reverse=True))


def turns(
    policy: Policy, agreement: Agreement, rows: Sequence[TurnRow], situation: Situation, stage: Stage, kind: SubmissionKind
) -> tuple[list[TurnRow], frozenset[Role]]:
    """The rows of people with what additions make of them, and the roles that are there by an addition alone."""
    found, more = list(rows), set()
    for each in counting(policy, "signer", situation, (stage,), kind):
        if each.role is not None and each.role not in {row.role for row in found}:
            found = _joined(agreement, found, each.role, each.basis)
            more.add(each.role)
    for each in counting(policy, "panel", situation, (stage,), kind):
        found = [
            row.model_copy(update={"needs": max(row.needs, each.needs)})
            if row.role is each.role and row.act is not Act.AUTHORISE
            else row
            for row in found
        ]
    if counting(policy, "independent", situation, (stage,), kind):
        signing = {row.role for row in found if row.act is Act.SIGN}
        found = [
            row.model_copy(update={"independent": True}) if row.act is Act.SIGN and not signing & set(row.after) else row
            for row in found
        ]
    return found, frozenset(more)


def _joined(agreement: Agreement, rows: Sequence[TurnRow], role: Role, basis: str) -> list[TurnRow]:
    """A role more among the rows, before whoever answers for the whole: these come after it."""
    own = next((row for row in agreement.turns if row.role is role), None)
    act = Act.ADVISE if role in ADVISERS else Act.SIGN
    after = own.after if own else (Role.DPO,) if role is Role.SIRO else ()
    row = TurnRow(role=role, act=act, when=(), after=after, provenance="default", basis=basis)
    last = [each.role is Role.SRO or each.act is Act.AUTHORISE for each in rows].index(True)
    waiting = [each for each in rows[last:] if Role.SRO not in each.after and role not in each.after]
    answering = [
        each.model_copy(update={"after": (*each.after, role)}) if each in waiting else each for each in rows[last:]
    ]
    heeding = [
        each.model_copy(update={"after": (*each.after, role)})
        if each.role is Role.SIRO and role is Role.DPO and role not in each.after
        else each
        for each in rows[:last]
    ]
    place = next((n for n, each in enumerate(heeding) if role in each.after), len(heeding))
    return [*heeding[:place], row, *heeding[place:], *answering]
