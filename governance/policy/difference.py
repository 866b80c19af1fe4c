"""What changes for one open submission where it goes on under another policy, or with other additions: in sentences.

Pure. Nothing is applied here, and nothing applies by itself: somebody decides it (policy, "Policy": pinned at propose).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from governance.lifecycle import Stage, SubmissionKind
from governance.permissions import Role
from governance.policy import rules
from governance.policy.conditions import Facts, Situation, all_hold
from governance.policy.schema import Act, Depth, Form, Policy, Tier

_ACTS = {Act.SIGN: "sign", Act.ADVISE: "advise", Act.AUTHORISE: "authorise"}


@dataclass(frozen=True, slots=True)
class Case:
    """One submission as policy sees it. `tier_after` is the tier it would have under the other policy."""

    facts: Facts
    tier: Tier | None
    tier_after: Tier | None
    stage_asked: Stage
    stage_from: Stage | None
    kind: SubmissionKind
    first_of_kind: bool = False


def difference(before: Policy, after: Policy, case: Case) -> tuple[str, ...]:
    """Everything that would be other than now, in policy's order. Empty: the submission would not notice."""
    parts = (_tier(case), _asked(before, after, case), _people(before, after, case), _stops(before, after, case))
    return tuple(dict.fromkeys(sentence for part in parts for sentence in part))


def _tier(case: Case) -> Iterator[str]:
    if case.tier is not case.tier_after:
        yield f"The tier would be {case.tier_after or 'none'}, not {case.tier or 'none'}."


def _requirements(policy: Policy, case: Case, tier: Tier | None) -> Mapping[str, rules.Requirement]:
    found = rules.requirements(
        policy, facts=case.facts, tier=tier, stage_asked=case.stage_asked, stage_from=case.stage_from, kind=case.kind
    )
    return {row.question_set: row for row in found}


def _asked(before: Policy, after: Policy, case: Case) -> Iterator[str]:
    old, new = _requirements(before, case, case.tier), _requirements(after, case, case.tier_after)
    if before.tool_sheet != after.tool_sheet and after.kind(case.kind).stage_rows:
        yield f"The facts about the tool are asked in {after.tool_sheet}. What was answered in {before.tool_sheet} is kept."
    answered = [row.title for code, row in new.items() if code in old and _moves_to_a_set(old[code], row)]
    if answered:
        yield f"Answered question by question, no longer by a document of your own: {'; '.join(answered)}. Documents are kept."
    for code, row in new.items():
        if code not in old:
            voluntary = " It is voluntary." if row.voluntary else ""
            yield f"Asked anew: {row.title}, {_depth(row)}.{voluntary}"
        else:
            yield from _changed(old[code], row)
    for code, row in old.items():
        if code not in new:
            yield f"No longer asked: {row.title}. What was answered is kept."


def _changed(old: rules.Requirement, new: rules.Requirement) -> Iterator[str]:
    if old.depth is not new.depth:
        yield f"{new.title} would be asked {_depth(new)}, not {_depth(old)}."
    if old.published and new.published and old.published != new.published:
        yield f"{new.title} would be answered in the newer set {new.published}, not {old.published}."
    if old.voluntary and not new.voluntary:
        yield f"{new.title} would no longer be voluntary."
    if old.judged_by != new.judged_by:
        yield f"{new.title} would be judged by the {_and(new.judged_by)}, not by the {_and(old.judged_by)}."


def _moves_to_a_set(old: rules.Requirement, new: rules.Requirement) -> bool:
    return old.form is Form.DOCUMENT and new.form is Form.SHEET


def _depth(row: rules.Requirement) -> str:
    return "in full" if row.depth is Depth.FULL else "in short"


def _turns(policy: Policy, case: Case, tier: Tier | None) -> Mapping[tuple[Role, Act], rules.Turn]:
    found = rules.signers(
        policy, facts=case.facts, tier=tier, stage_asked=case.stage_asked, kind=case.kind,
        first_of_kind=case.first_of_kind, stage_from=case.stage_from,
    )  # fmt: skip
    return {(turn.role, turn.act): turn for turn in found}


def _people(before: Policy, after: Policy, case: Case) -> Iterator[str]:
    old, new = _turns(before, case, case.tier), _turns(after, case, case.tier_after)
    for key, turn in new.items():
        does, was = _ACTS[turn.act], old.get(key)
        if was is None:
            yield f"The {turn.role.title} would {does} too."
        needed = was.needs if was else 1
        if turn.needs != needed:
            yield f"It would take {turn.needs} holders of the role {turn.role.title}, not {needed}."
        if was is not None and turn.sections != was.sections and turn.act is not Act.AUTHORISE:
            there = {code for each in old.values() for code in each.sections}
            yield from _sections(after, turn, there - set(was.sections))
    for blind, sees in ((True, "would not see"), (False, "would see")):
        roles = [turn.role for key, turn in new.items() if turn.independent is blind and _was_blind(old, key) is not blind]
        if roles:
            yield f"The {_and(tuple(roles))} {sees} what the others say before all are in."
    for role, act in (key for key in old if key not in new):
        yield f"The {role.title} would no longer {_ACTS[act]}."


def _was_blind(old: Mapping[tuple[Role, Act], rules.Turn], key: tuple[Role, Act]) -> bool:
    return key in old and old[key].independent


def _sections(policy: Policy, turn: rules.Turn, others: set[str]) -> Iterator[str]:
    """Sections that were in the pack already, and are this role's too now. What is asked anew says so itself."""
    more = [policy.section(code).title for code in turn.sections if code in others]
    if more:
        yield f"The {turn.role.title} would {_ACTS[turn.act]} over more sections: {'; '.join(more)}."


def _stops(before: Policy, after: Policy, case: Case) -> Iterator[str]:
    old, new = _looked_at(before, case, case.tier), _looked_at(after, case, case.tier_after)
    for code, says in new.items():
        if code not in old:
            yield f"This would stop it too: {says[:1].lower()}{says[1:]}"
    for code, says in old.items():
        if code not in new:
            yield f"This would no longer stop it: {says[:1].lower()}{says[1:]}"


def _looked_at(policy: Policy, case: Case, tier: Tier | None) -> Mapping[str, str]:
    situation = Situation(case.facts, tier, case.first_of_kind)
    return {
        row.code: row.says
        for row in policy.stops
        if case.stage_asked.position >= row.from_stage.position and case.kind in row.kinds
        and all_hold(policy, row.when, situation)
    }  # fmt: skip


def _and(roles: tuple[Role, ...]) -> str:
    titles = [role.title for role in roles]
    if not titles:
        return "nobody"
    return titles[0] if len(titles) == 1 else f"{', '.join(titles[:-1])} and {titles[-1]}"
