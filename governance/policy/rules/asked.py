"""What must be shown. Source: our policy, "What must be shown" and "By stage and kind"."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from governance.errors import Blocker
from governance.lifecycle import Stage, SubmissionKind
from governance.permissions import Role
from governance.policy.conditions import Facts, Situation, all_hold
from governance.policy.rules import added
from governance.policy.schema import Depth, DocumentRow, Form, Policy, RequirementRow, Tier


@dataclass(frozen=True, slots=True)
class Requirement:
    """One thing to be shown for a submission, at the depth it is asked.

    `sections` are the pack's sections it fills (DTAC fills several). `short_says` is what the short form holds, empty at
    full depth. `document` lists the facts policy reads where the form is a document; `published` names the set that is
    answered where it is a sheet.
    """

    question_set: str
    title: str
    scope: Literal["tool", "deployment"]
    depth: Depth
    form: Form
    answered_by: tuple[Role, ...]
    judged_by: tuple[Role, ...]
    sections: tuple[str, ...]
    from_supplier: bool
    short_says: str
    document: DocumentRow | None
    published: str | None = None
    voluntary: bool = False

    @property
    def section(self) -> str:
        """The first, and for all but DTAC the only, section."""
        return self.sections[0]

    @property
    def answerers(self) -> tuple[Role, ...]:
        """Who may answer: those named, and the digital lead always, except that a decision is its maker's alone."""
        if self.form is Form.DECISION:
            return self.answered_by
        return tuple(dict.fromkeys((Role.DIGITAL_LEAD, *self.answered_by)))


def stages_counted(stage_from: Stage | None, stage_asked: Stage, kind: SubmissionKind) -> tuple[Stage, ...]:
    """The stages whose rows are asked: the one asked for, and each one skipped on the way.

    That is so for progress, and for a re-assurance of which nothing was shown before: a declared tool, a new version.
    """
    if kind not in (SubmissionKind.PROGRESS, SubmissionKind.RE_ASSURANCE) or stage_from is None:
        return (stage_asked,)
    between = tuple(stage for stage in Stage if stage_from.position < stage.position < stage_asked.position)
    return (*between, stage_asked)


def requirements(
    policy: Policy,
    *,
    facts: Facts,
    tier: Tier | None,
    stage_asked: Stage,
    stage_from: Stage | None,
    kind: SubmissionKind = SubmissionKind.PROGRESS,
) -> tuple[Requirement, ...]:
    """Every row asked, at the deepest form of the stage asked for and of any stage skipped. Nothing for research.

    What an organisation asks beyond policy is among them; a voluntary row that it asks is voluntary no more.

    `stage_from` is where the deployment stands now; None counts the stage asked for alone.
    """
    if tier is None:
        return ()
    situation = Situation(facts, tier)
    stages = stages_counted(stage_from, stage_asked, kind)
    asked = []
    for row in policy.requirements:
        own = _depth(policy, row, stages, tier, kind) if all_hold(policy, row.when, situation) else None
        further = added.asking(policy, row.question_set, situation, stages, kind)
        depths = [depth for depth in (own, *(each.depth for each in further)) if depth is not None]
        if depths:
            deepest = max(depths, key=lambda depth: depth.rank)
            asked.append(_requirement(policy, row, deepest, situation, voluntary=row.voluntary and not further))
    return tuple(asked)


def _depth(
    policy: Policy, row: RequirementRow, stages: Iterable[Stage], tier: Tier, kind: SubmissionKind
) -> Depth | None:
    depths = [row.depth[stage] for stage in stages if stage in row.depth] if policy.kind(kind).stage_rows else []
    if kind in row.by_kind:
        depths.append(row.by_kind[kind])
    if not depths:
        return None
    deepest = max(depths, key=lambda depth: depth.rank)
    return min(deepest, row.at_most.get(tier, deepest), key=lambda depth: depth.rank)


def _requirement(
    policy: Policy, row: RequirementRow, depth: Depth, situation: Situation, *, voluntary: bool
) -> Requirement:
    judges = [role for code in row.sections for role in section_judges(policy, code, situation)]
    return Requirement(
        question_set=row.question_set,
        title=row.title,
        scope=row.scope,
        depth=depth,
        form=row.form,
        answered_by=row.answered_by,
        judged_by=tuple(dict.fromkeys(judges)),
        sections=row.sections,
        from_supplier=row.from_supplier,
        short_says=row.short_says if depth is Depth.SHORT else "",
        document=policy.document(row.question_set),
        voluntary=voluntary,
        published=row.published or ("dtac-2.0" if row.form is Form.SHEET else None),
    )


def section_judges(policy: Policy, code: str, situation: Situation) -> tuple[Role, ...]:
    """Who judges a section; the senior responsible owner where policy does not require its judge. Triage has none."""
    row = policy.section(code)
    judges = tuple(role for role in row.judged_by if role_counts(policy, role, "judge", code, situation))
    return judges or ((Role.SRO,) if row.judged_by else ())


def role_counts(policy: Policy, role: Role, act: str, code: str, situation: Situation) -> bool:
    """Whether policy requires a role for an act on a section (without direct care, the CSO signs only triage)."""
    for limit in policy.role_limits:
        if limit.role is role and limit.act == act and not all_hold(policy, [limit.unless], situation):
            return code in limit.only
    return True


def document_blockers(requirement: Requirement, values: Mapping[str, str]) -> list[Blocker]:
    """What is missing from the facts policy reads from a document. A short form needs the same facts."""
    if requirement.document is None:
        return []
    blockers = []
    for field in requirement.document.fields:
        when = field.required_when
        needed = field.required or (when is not None and values.get(when.field) in when.among)
        value = values.get(field.name) or ""
        code = f"{requirement.question_set}.{field.name}"
        if needed and not value.strip():
            blockers.append(Blocker(code, f"{requirement.title}: “{field.label}” is not answered."))
        elif value and field.choices and value not in {choice.code for choice in field.choices}:
            blockers.append(Blocker(code, f"{requirement.title}: “{field.label}” has an answer not in the list."))
    return blockers
