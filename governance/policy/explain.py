"""Policy in sentences: what one set of facts and one stage mean, and why. The same lines on the page and the command line.

Every line names its basis. What is a default of ours is said to be one, and never given as the framework's text.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from governance.lifecycle import Stage, SubmissionKind
from governance.policy import rules
from governance.policy.conditions import Facts, Situation, all_hold, because
from governance.policy.rules import added
from governance.policy.rules.agreement import people_rows
from governance.policy.rules.asked import stages_counted
from governance.policy.schema import Act, Addition, Policy, RequirementRow, StopRow, Tier, TurnRow
from governance.policy.terms import Row

_ACTS = {Act.SIGN: "signs", Act.ADVISE: "advises on", Act.AUTHORISE: "authorises, seeing"}
_TEXTS = {"official": "official: {}", "third-party": "third-party: {}", "recalled": "recalled, not checked: {}"}


@dataclass(frozen=True, slots=True)
class Line:
    """One thing policy says: what, why it counts here, and on what it rests. `own` names an organisation's addition."""

    text: str
    why: str = ""
    basis: str = ""
    own: str = ""

    @property
    def words(self) -> str:
        """The whole line as it is printed."""
        own = f"The organisation’s own addition: {self.own}." if self.own else ""
        rests = f"Basis: {self.basis}." if self.basis else ""
        return " ".join(part for part in (self.text, self.why, rests, own) if part)


@dataclass(frozen=True, slots=True)
class Part:
    """A heading with its lines. `ordered`: the lines are numbered, since one comes after another."""

    heading: str
    lines: tuple[Line, ...] = ()
    ordered: bool = False


@dataclass(frozen=True, slots=True)
class _Case:
    """What is explained: a policy, the facts, and what is asked."""

    policy: Policy
    situation: Situation
    tier: Tier
    stage: Stage
    stage_from: Stage | None
    kind: SubmissionKind

    @property
    def stages(self) -> tuple[Stage, ...]:
        return stages_counted(self.stage_from, self.stage, self.kind)

    def why(self, words: Iterable[str], verb: str = "Asked of") -> str:
        reason = because(self.policy, words, self.situation)
        return f"{verb.rpartition(' ')[0]} because {reason}." if reason else f"{verb} every tool at this stage."


def basis_of(row: Row) -> str:
    """On what a row rests: “official: DCB0160 v3.2, 3.2”, or “a default of ours”."""
    if row.provenance in _TEXTS:
        return _TEXTS[row.provenance].format(row.basis)
    return f"a default of ours, with an eye to {row.basis}" if row.basis else "a default of ours"


def parts(
    policy: Policy,
    facts: Facts,
    stage: Stage,
    *,
    stage_from: Stage | None = None,
    kind: SubmissionKind = SubmissionKind.PROGRESS,
    first_of_kind: bool = False,
    tier: Tier | None = None,
) -> tuple[Part, ...]:
    """Tier with reasons, what must be shown, who must agree in order, what would stop it, and times.

    `tier` is the one that a person set; left out, it is what the facts give.
    """
    result = rules.tier(facts, policy)
    rows = {row.code: row for row in policy.tier_rules}
    reasons = [Line(each.sentence, basis=basis_of(rows[each.code]) if each.code in rows else "") for each in result.reasons]
    head = Part(f"Policy {policy.named}: {kind.label} to {stage.label}.")
    if result.tier is None:
        return head, Part("Tier: none (Register entry only).", tuple(reasons))
    now = tier or result.tier
    label = next(row.label for row in policy.routes if row.tier is now)
    if now is not result.tier:
        reasons.append(Line(f"A person set it to {now}; the facts give {result.tier}."))
    case = _Case(policy, Situation(facts, now, first_of_kind), now, stage, stage_from, kind)
    found = (_shown(case), _people(case), _stops(case), _times(case))
    return head, Part(f"Tier: {now} ({label}).", tuple(reasons)), *(part for part in found if part is not None)


def explain(
    policy: Policy,
    facts: Facts,
    stage: Stage,
    *,
    stage_from: Stage | None = None,
    kind: SubmissionKind = SubmissionKind.PROGRESS,
    first_of_kind: bool = False,
) -> list[str]:
    """The same as text: a heading has no indent, the lines under it begin with two spaces."""
    found = parts(policy, facts, stage, stage_from=stage_from, kind=kind, first_of_kind=first_of_kind)
    return list(_printed(found))


def _printed(found: Iterable[Part]) -> Iterator[str]:
    for part in found:
        yield part.heading
        for number, line in enumerate(part.lines, start=1):
            yield f"  {number}. {line.words}" if part.ordered else f"  {line.words}"


def _shown(case: _Case) -> Part:
    policy, skipped = case.policy, case.stages[:-1]
    asked = rules.requirements(
        policy, facts=case.situation.facts, tier=case.tier, stage_asked=case.stage, stage_from=case.stage_from, kind=case.kind
    )  # fmt: skip
    if not asked:
        return Part("Nothing must be shown beyond the triage.")
    rows = {row.question_set: row for row in policy.requirements}
    with_skipped = f", with {_and(s.label for s in skipped)}, which it skips" if skipped else ""
    return Part(f"What must be shown{with_skipped}:", tuple(_requirement(case, row, rows[row.question_set]) for row in asked))


def _requirement(case: _Case, asked: rules.Requirement, row: RequirementRow) -> Line:
    depth = f"short: {asked.short_says}" if asked.short_says else str(asked.depth)
    judged = f" Judged by the {_and(role.title for role in asked.judged_by)}." if asked.judged_by else ""
    voluntary = " It is voluntary." if asked.voluntary else ""
    text = f"{asked.title} ({depth}), answered by the {_and(role.title for role in asked.answered_by)}.{judged}{voluntary}"
    further = added.asking(case.policy, asked.question_set, case.situation, case.stages, case.kind)
    if further and not _asks_itself(case, row):
        return Line(text, case.why(further[0].when), "", further[0].basis)
    deeper = bool(further) and further[0].depth.rank > _own_depth(case, row)
    own = further[0].basis if deeper or (further and row.voluntary) else ""
    return Line(text, case.why(row.when), basis_of(row), own)


def _asks_itself(case: _Case, row: RequirementRow) -> bool:
    return _own_depth(case, row) >= 0


def _own_depth(case: _Case, row: RequirementRow) -> int:
    """How deep policy alone asks a row here; -1 where it does not ask."""
    alone = case.policy.model_copy(update={"additions": ()})
    asked = rules.requirements(
        alone, facts=case.situation.facts, tier=case.tier, stage_asked=case.stage, stage_from=case.stage_from, kind=case.kind
    )  # fmt: skip
    return next((each.depth.rank for each in asked if each.question_set == row.question_set), -1)


def _people(case: _Case) -> Part:
    policy, facts = case.policy, case.situation.facts
    turns = rules.signers(
        policy, facts=facts, tier=case.tier, stage_asked=case.stage, kind=case.kind,
        first_of_kind=case.situation.first_of_kind, stage_from=case.stage_from,
    )  # fmt: skip
    if not turns:
        return Part("Nobody has to agree.")
    rows, more = people_rows(policy, case.situation, case.stage, case.kind)
    lines = tuple(
        _turn(case, turn, row, more, turns[-1].sections) for turn, row in zip(turns, rows, strict=True)
    )
    return Part("Who must agree, in order:", lines, ordered=True)


def _turn(case: _Case, turn: rules.Turn, row: TurnRow, more: frozenset[object], whole: tuple[str, ...]) -> Line:
    titles = "; ".join(case.policy.section(code).title for code in turn.sections)
    over = "the whole pack" if turn.sections == whole else titles
    after = f" After the {_and(role.title for role in turn.after)}." if turn.after else ""
    panel = f" {turn.needs} holders of the role must agree." if turn.needs > 1 else ""
    blind = " Does not see what the others say until all are in." if turn.independent else ""
    days = f" Expected within {turn.expected_working_days} working days."
    text = f"{turn.role.heading} {_ACTS[turn.act]} {over}.{after}{panel}{blind}{days}"
    found = [each for each in _touching(case, turn) if each.basis]
    own = "; ".join(dict.fromkeys(each.basis for each in found))
    if turn.role in more:
        alone = next(each for each in found if each.kind == "signer")
        return Line(text, case.why(alone.when), "", own)
    return Line(text, case.why(row.when), basis_of(row), own)


def _touching(case: _Case, turn: rules.Turn) -> Iterator[Addition]:
    """The additions that changed a turn: they brought it, made it a panel, or made it independent."""
    for kind in ("signer", "panel", "independent"):
        for each in added.counting(case.policy, kind, case.situation, (case.stage,), case.kind):
            if each.role is turn.role or (kind == "independent" and turn.independent):
                yield each


def _stops(case: _Case) -> Part | None:
    looked_at = [row for row in case.policy.stops if _looked_at(case, row)]
    lines = tuple(Line(row.says, case.why(row.when, "Looked at for"), basis_of(row)) for row in looked_at)
    return Part("What will be looked at, and would stop it:", lines) if lines else None


def _looked_at(case: _Case, row: StopRow) -> bool:
    reached = case.stage.position >= row.from_stage.position and case.kind in row.kinds
    return reached and all_hold(case.policy, row.when, case.situation)


def _times(case: _Case) -> Part | None:
    policy, stage, tier = case.policy, case.stage, case.tier
    own = policy.kind(case.kind)
    months = own.months or (None if stage is Stage.PIPELINE else policy.time(f"{stage}_months", tier))
    if case.kind in (SubmissionKind.CEASE, SubmissionKind.STEP_BACK) or months is None:
        return None
    rows = {row.code: basis_of(row) for row in policy.times}
    lasts = basis_of(own) if own.months else rows[f"{stage}_months"]
    lines = [Line(f"The approval lasts {months} months at most.", basis=lasts)]
    early = policy.time("early_review_months", tier)
    closely = f"every {early} months" if early and early > 1 else "every month" if early else "once, at the end"
    if stage is Stage.BUSINESS_AS_USUAL:
        first = f"In the first {policy.time('early_months', tier)} months it is reviewed {closely}."
        then = f"After that it is reviewed every {policy.time('review_months', tier)} months."
        lines += [Line(first, basis=rows["early_review_months"]), Line(then, basis=rows["review_months"])]
    elif stage.position >= Stage.PILOT.position:
        lines.append(Line(f"It is reviewed {closely}.", basis=rows["early_review_months"]))
    return Part("Times:", tuple(lines))


def _and(words: Iterable[str]) -> str:
    listed = list(words)
    return listed[0] if len(listed) == 1 else f"{', '.join(listed[:-1])} and {listed[-1]}"
