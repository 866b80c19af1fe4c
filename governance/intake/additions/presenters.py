"""Plain values for the pages of policy: what is asked and why, additions in lines, and what is newer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from flask import render_template, url_for
from markupsafe import Markup

from governance.intake import queries as intake
from governance.intake.additions import queries
from governance.intake.models import PolicyAddition, PolicyMove, Submission
from governance.lifecycle import Stage, SubmissionKind
from governance.permissions import Actor, Permission
from governance.policy import Policy, additions
from governance.policy.explain import Part, parts
from governance.web.wording import long_date


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody asked policy, with what was not given taken as its mildest value."""

    stage: Stage
    stage_from: Stage | None
    kind: SubmissionKind
    facts: dict[str, str]
    first_of_kind: bool

    def parts(self, policy: Policy) -> tuple[Part, ...]:
        return parts(
            policy, self.facts, self.stage, stage_from=self.stage_from, kind=self.kind, first_of_kind=self.first_of_kind
        )


def asked(policy: Policy, given: Mapping[str, str]) -> Asked:
    """Read a question out of an address. What is not a word of the policy counts as not given."""
    facts = {
        row.code: given[row.code] if given.get(row.code) in {value.code for value in row.values} else row.mildest
        for row in policy.facts
    }
    stages = {stage.value: stage for stage in Stage}
    kinds = {kind.value: kind for kind in SubmissionKind}
    return Asked(
        stage=stages.get(given.get("stage", ""), Stage.PILOT),
        stage_from=stages.get(given.get("from", "")),
        kind=kinds.get(given.get("asks", ""), SubmissionKind.PROGRESS),
        facts=facts,
        first_of_kind=given.get("first") == "1",
    )


def own_parts(submission: Submission) -> tuple[Part, ...]:
    """What policy asks of one submission, with its own facts, tier and pinned policy. Nothing for a draft."""
    if submission.stage_asked is None:
        return ()
    return parts(
        intake.policy_of(submission), intake.facts(submission), submission.stage_asked, stage_from=submission.counted_from,
        kind=submission.kind, first_of_kind=intake.is_first_of_kind(submission), tier=intake.tier(submission),
    )  # fmt: skip


def own_facts(submission: Submission) -> list[tuple[str, str]]:
    """The facts of its triage in the words of its policy, with its tier."""
    held, london = intake.facts(submission), intake.policy_of(submission)
    pairs = [(row.label, london.fact_label(row.code, held[row.code])) for row in london.facts if held.get(row.code)]
    return [("Tier", (submission.tier or "none").capitalize()), *pairs]


@dataclass(frozen=True, slots=True)
class AdditionLine:
    """One addition: what it asks in words, when, by what, why, and where it is ended."""

    says: str
    instrument: str
    reason: str
    starts: str
    ends: str
    who: str
    state: str
    tone: str
    fault: str
    end_href: str


def addition_lines(rows: Sequence[tuple[PolicyAddition, str]], london: Policy, by: Actor) -> list[AdditionLine]:
    """The organisation's additions as a table shows them."""
    return [_line(row, name, london, by) for row, name in rows]


def _line(row: PolicyAddition, name: str, london: Policy, by: Actor) -> AdditionLine:
    read = intake.as_addition(row)
    state, tone = _state(row, by.on)
    over = row.ended_on is not None and row.ended_on <= by.on
    why_not = [] if over else additions.blockers(london, read)
    may = by.may(Permission.MANAGE_ADDITIONS) and row.ended_on is None and row.organisation_id == by.organisation_id
    return AdditionLine(
        says=additions.sentence(london, read),
        instrument=row.instrument,
        reason=row.reason,
        starts=long_date(row.starts_on),
        ends=long_date(row.ended_on) if row.ended_on else "",
        who=name,
        state=state,
        tone=tone,
        fault=" ".join(each.sentence for each in why_not),
        end_href=url_for("policy.end", organisation=by.organisation_code, addition_id=row.id) if may else "",
    )


def _state(row: PolicyAddition, on: date) -> tuple[str, str]:
    if row.ended_on is not None and row.ended_on <= on:
        return "Ended", ""
    if row.starts_on > on:
        return "To come", "link"
    return "In force", "go"


@dataclass(frozen=True, slots=True)
class NewerView:
    """What a submission's page says of a newer policy: the version, what would change, and where it is decided."""

    held_to: str
    named: str
    sentences: tuple[str, ...]
    why_not: tuple[str, ...]
    href: str
    mark: str


def newer(submission: Submission, by: Actor) -> NewerView | None:
    """What has come since it was proposed; None where nothing has. `href` is empty for who may not decide it, or not now."""
    found = queries.newer(submission, by.on)
    if found is None:
        return None
    own = submission.organisation_id == by.organisation_id
    may = own and by.may(Permission.MOVE_POLICY) and submission.status in queries.MOVABLE
    here = {"organisation": by.organisation_code, "reference": str(submission.reference)}
    return NewerView(
        held_to=held_to(submission),
        named=found.policy.named,
        sentences=found.sentences,
        why_not=tuple(each.sentence for each in found.blockers),
        href=url_for("policy.move", **here) if may else "",  # type: ignore[arg-type]
        mark=found.mark,
    )


def held_to(submission: Submission) -> str:
    """The policy a submission is held to, in a few words: “london-2 with 2 additions of the organisation’s own”."""
    return intake.policy_of(submission).named


def panel(submission: Submission, by: Actor) -> str:
    """The quiet panel on a submission's page; nothing where nothing newer has come."""
    found = newer(submission, by)
    return Markup(render_template("policy/_panel.jinja", newer=found)) if found else ""  # noqa: S704  it escapes


def moved(move: PolicyMove) -> str:
    """A move in a few words, for the history of a submission."""
    if move.from_version == move.to_version:
        return "Moved to the organisation’s newer additions"
    return f"Moved from policy {move.from_version} to {move.to_version}"
