"""Policy in sentences: what one set of facts and one stage mean. The same lines on the page and the command line."""

from __future__ import annotations

from collections.abc import Iterator

from governance.lifecycle import Stage, SubmissionKind
from governance.policy import rules
from governance.policy.conditions import Facts
from governance.policy.rules.asked import stages_counted
from governance.policy.schema import Act, Policy, Tier

_ACTS = {Act.SIGN: "signs", Act.ADVISE: "advises on", Act.AUTHORISE: "authorises, seeing"}


def explain(
    policy: Policy,
    facts: Facts,
    stage: Stage,
    *,
    stage_from: Stage | None = None,
    kind: SubmissionKind = SubmissionKind.PROGRESS,
    first_of_kind: bool = False,
) -> list[str]:
    """Tier with reasons, what must be shown, who must agree in order, sections and times: one line each.

    A line that begins a part has no indent; the lines under it begin with two spaces.
    """
    result = rules.tier(facts, policy)
    lines = [f"Policy {policy.version}: {kind.label} to {stage.label}."]
    lines.append(f"Tier: {result.tier or 'none'} ({result.route_label}).")
    lines += [f"  {reason.sentence}" for reason in result.reasons]
    if result.tier is None:
        return lines
    lines += _shown(policy, facts, result.tier, stage, stage_from, kind)
    lines += _people(policy, facts, result.tier, stage, stage_from, kind, first_of_kind)
    lines += _times(policy, result.tier, stage, kind)
    return lines


def _shown(
    policy: Policy, facts: Facts, tier: Tier, stage: Stage, stage_from: Stage | None, kind: SubmissionKind
) -> Iterator[str]:
    asked = rules.requirements(policy, facts=facts, tier=tier, stage_asked=stage, stage_from=stage_from, kind=kind)
    skipped = stages_counted(stage_from, stage, kind)[:-1]
    with_skipped = f", with {' and '.join(s.label for s in skipped)}, which it skips" if skipped else ""
    yield f"What must be shown{with_skipped}:" if asked else "Nothing must be shown beyond the triage."
    for row in asked:
        depth = f"short: {row.short_says}" if row.short_says else str(row.depth)
        judged = f" Judged by the {_and(role.title for role in row.judged_by)}." if row.judged_by else ""
        yield f"  {row.title} ({depth}), answered by the {_and(role.title for role in row.answered_by)}.{judged}"


def _people(
    policy: Policy,
    facts: Facts,
    tier: Tier,
    stage: Stage,
    stage_from: Stage | None,
    kind: SubmissionKind,
    first_of_kind: bool,
) -> Iterator[str]:
    turns = rules.signers(
        policy, facts=facts, tier=tier, stage_asked=stage, kind=kind, first_of_kind=first_of_kind, stage_from=stage_from
    )
    if not turns:
        yield "Nobody has to agree."
        return
    yield "Who must agree, in order:"
    for number, turn in enumerate(turns, start=1):
        titles = "; ".join(policy.section(code).title for code in turn.sections)
        over = "the whole pack" if turn.sections == turns[-1].sections else titles
        after = f" After the {_and(role.title for role in turn.after)}." if turn.after else ""
        days = f" Expected within {turn.expected_working_days} working days."
        yield f"  {number}. {turn.role.heading} {_ACTS[turn.act]} {over}.{after}{days}"


def _times(policy: Policy, tier: Tier, stage: Stage, kind: SubmissionKind) -> Iterator[str]:
    months = policy.kind(kind).months or (None if stage is Stage.PIPELINE else policy.time(f"{stage}_months", tier))
    if kind in (SubmissionKind.CEASE, SubmissionKind.STEP_BACK) or months is None:
        return
    yield "Times:"
    yield f"  The approval lasts {months} months at most."
    if stage.position < Stage.PILOT.position:
        return
    early = policy.time("early_review_months", tier)
    closely = f"every {early} months" if early and early > 1 else "every month" if early else "once, at the end"
    if stage is Stage.BUSINESS_AS_USUAL:
        yield f"  In the first {policy.time('early_months', tier)} months it is reviewed {closely}."
        yield f"  After that it is reviewed every {policy.time('review_months', tier)} months."
    else:
        yield f"  It is reviewed {closely}."


def _and(words: Iterator[str]) -> str:
    listed = list(words)
    return listed[0] if len(listed) == 1 else f"{', '.join(listed[:-1])} and {listed[-1]}"
