"""What a draft holds, when it may be proposed, and what a card or a correction changes. Pure.

A draft is `{"values": {page: {field: value}}, "saved": [page, …], "from_card": {page: [field, …]}}`. A field under
`from_card` was filled by a model card and is nobody's word yet; saving its page confirms it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from governance.errors import Blocker
from governance.lifecycle import Stage, Standing, SubmissionKind
from governance.policy import Policy, Tier, rules
from governance.register.matching import name_key

Draft = Mapping[str, Any]

PAGES: Mapping[str, str] = {
    "tool": "The tool",
    "same": "Is it on the register already?",
    "use_case": "What it is for",
    "where": "Where it will be used",
    "triage": "Triage",
    "ask": "What you ask for",
}
NEW_TOOL = ("tool", "same", "use_case", "where", "triage")
KNOWN_DEPLOYMENT = ("ask", "triage")

NEEDED: Mapping[str, tuple[tuple[str, str], ...]] = {
    "tool": (
        ("name", "Enter the tool’s name."),
        ("manufacturer", "Enter who makes it."),
        ("version", "Enter the version you will use."),
        ("supplier", "Enter who supplies it."),
        ("kind", "Choose what kind of tool it is."),
    ),
    "same": (("choice", "Say if it is one of the tools on the register."),),
    "use_case": (
        ("name", "Enter a short title for what it is used for."),
        ("setting", "Enter the setting."),
        ("population", "Enter whom it is used for."),
        ("purpose", "Say in one or two sentences what it will do here."),
    ),
    "where": (("controller_id", "Choose the data controller."), ("stage", "Choose the stage you ask for.")),
    "triage": (),
    "ask": (
        ("kind", "Choose what you ask for."),
        ("stage", "Choose the stage you ask for."),
        ("version", "Enter the version you will use."),
    ),
}

FILLED_BY_CARD: Mapping[str, tuple[str, str]] = {
    "tool.name": ("tool", "name"),
    "tool.manufacturer": ("tool", "manufacturer"),
    "tool.version": ("tool", "version"),
    "tool.summary": ("tool", "summary"),
    "facts.patient_population": ("use_case", "population"),
}
"""Fields of a model card that fill the draft. All others wait on the card for the tool's own sheet."""

DIFFERS, NO_MATCH = "differs", "none"

KINDS_WHILE: Mapping[SubmissionKind, tuple[Standing, ...]] = {
    SubmissionKind.PROGRESS: (Standing.PROPOSED, Standing.ASSURED, Standing.LAPSED),
    SubmissionKind.RE_ASSURANCE: (Standing.DECLARED, Standing.ASSURED, Standing.LAPSED, Standing.SUSPENDED),
    SubmissionKind.EXTEND_PILOT: (Standing.ASSURED, Standing.LAPSED),
    SubmissionKind.STEP_BACK: (Standing.ASSURED, Standing.LAPSED, Standing.SUSPENDED),
    SubmissionKind.CEASE: tuple(each for each in Standing if each is not Standing.CEASED),
}
"""While a deployment stands so, this may be asked. Default of ours: what is declared is assured first, what is suspended
does not progress, and only what was approved is extended or steps back."""
NEEDS_APPROVAL = (SubmissionKind.EXTEND_PILOT, SubmissionKind.STEP_BACK)
KEEPS_VERSION = (SubmissionKind.EXTEND_PILOT, SubmissionKind.STEP_BACK, SubmissionKind.CEASE)
"""Kinds that look at the version in use. Another version is asked for by re-assurance or progress (default)."""
FOR: Mapping[SubmissionKind, str] = {
    SubmissionKind.PROGRESS: "For the next stage of the ladder.",
    SubmissionKind.RE_ASSURANCE: "For a new version, another change, a review, or a tool in use that is not assured.",
    SubmissionKind.EXTEND_PILOT: "For a pilot that needs more figures before it is decided: once, for 3 months at most.",
    SubmissionKind.STEP_BACK: "For a tool that has to be watched as closely as before.",
    SubmissionKind.CEASE: "For a tool whose use ends. Its record and its lessons stay for partners.",
}
"""What each kind is for, in a sentence."""


@dataclass(frozen=True, slots=True)
class Known:
    """A deployment as the next request finds it. `extended` counts extensions of the pilot it is in."""

    stage: Stage
    standing: Standing
    approved_stage: Stage | None
    version: str
    extended: int = 0


def empty() -> dict[str, Any]:
    """A draft with nothing in it."""
    return {"values": {}, "saved": [], "from_card": {}}


def pages_of(*, has_deployment: bool) -> tuple[str, ...]:
    """The pages to fill in, in order."""
    return KNOWN_DEPLOYMENT if has_deployment else NEW_TOOL


def values(draft: Draft, page: str) -> Mapping[str, Any]:
    """What a page holds now."""
    found: Mapping[str, Any] = draft.get("values", {}).get(page, {})
    return found


def is_saved(draft: Draft, page: str) -> bool:
    """Whether a person has saved this page since anything it depends on changed."""
    return page in draft.get("saved", ())


def with_page(draft: Draft, page: str, saved: Mapping[str, Any]) -> dict[str, Any]:
    """The draft after a person saved one page: marks of a card are gone, and what was checked against it is undone."""
    before = values(draft, page)
    undone = {"same"} if page == "tool" and asked_about(before) != asked_about(saved) else set()
    return {
        "values": {**draft.get("values", {}), page: dict(saved)},
        "saved": sorted(({*draft.get("saved", ()), page}) - undone),
        "from_card": {key: kept for key, kept in draft.get("from_card", {}).items() if key != page},
    }


def with_card(draft: Draft, fields: Mapping[str, str]) -> dict[str, Any]:
    """The draft after a model card was read: it fills what no person has typed, and says so field by field."""
    held = {page: dict(kept) for page, kept in draft.get("values", {}).items()}
    marks = {page: list(kept) for page, kept in draft.get("from_card", {}).items()}
    for name, (page, field) in FILLED_BY_CARD.items():
        typed = held.get(page, {}).get(field) and field not in marks.get(page, ())
        if typed or is_saved(draft, page) or not fields.get(name):
            continue
        held.setdefault(page, {})[field] = fields[name]
        marks.setdefault(page, [])
        marks[page] = sorted({*marks[page], field})
    return {"values": held, "saved": list(draft.get("saved", ())), "from_card": marks}


def asked_about(tool: Mapping[str, Any]) -> str:
    """What the duplicate check looks at, as one key: a change of it asks for a new check."""
    return f"{name_key(str(tool.get('name') or ''))} | {name_key(str(tool.get('manufacturer') or ''))}"


def facts_of(draft: Draft) -> dict[str, str]:
    """The triage facts of a draft. The kind was asked with the tool, once."""
    given = {code: str(value) for code, value in values(draft, "triage").items() if code != "research_route" and value}
    kind = values(draft, "tool").get("kind")
    return {**({"kind": str(kind)} if kind else {}), **given}


def propose_blockers(
    draft: Draft,
    policy: Policy,
    *,
    known: Known | None = None,
    matches: Collection[int] = (),
) -> list[Blocker]:
    """What keeps a draft from being proposed. `matches` are the ids of the tools that look like it now.

    `known` is the deployment that the next request is about; none where a tool is proposed.

    Source: our policy, "Submission": triage, tier and duplicate check complete.
    """
    blockers: list[Blocker] = []
    for page in pages_of(has_deployment=known is not None):
        if not is_saved(draft, page):
            blockers.append(Blocker(f"draft.{page}", f"“{PAGES[page]}” is not filled in."))
        else:
            blockers += page_blockers(page, values(draft, page))
    if blockers:
        return blockers
    blockers += rules.triage_blockers(facts_of(draft), policy)
    if known is not None:
        return blockers + ask_blockers(policy, known, values(draft, "ask"))
    blockers += _same_blockers(values(draft, "same"), matches)
    return blockers + rules.stage_blockers(
        policy, stage=Stage.PIPELINE, stage_asked=Stage(values(draft, "where")["stage"]), kind=SubmissionKind.PROGRESS
    )


def ask_blockers(policy: Policy, known: Known, held: Mapping[str, Any]) -> list[Blocker]:
    """Why the next request about a deployment cannot be this one. Its page is filled in."""
    kind = SubmissionKind(held["kind"])
    blockers = kind_blockers(known, kind)
    blockers += rules.stage_blockers(
        policy, stage=known.stage, stage_asked=Stage(held["stage"]), kind=kind, extended_before=known.extended
    )
    if policy.kind(kind).reason and not held.get("reason"):
        blockers.append(Blocker("ask.reason", f"{kind.label} needs a reason."))
    if kind in KEEPS_VERSION and str(held["version"]).strip().casefold() != known.version.strip().casefold():
        said = f"{kind.label} is about version {known.version}, which is in use. Ask for re-assurance of another version."
        blockers.append(Blocker("ask.version", said))
    return blockers


def kind_blockers(known: Known, kind: SubmissionKind) -> list[Blocker]:
    """Why a kind of request cannot be made while the deployment stands as it does. Default: see `KINDS_WHILE`."""
    if known.standing not in KINDS_WHILE[kind]:
        return [Blocker("ask.kind", f"{kind.label} cannot be asked for: this deployment is {known.standing.label.lower()}.")]
    if kind in NEEDS_APPROVAL and known.approved_stage is None:
        return [Blocker("ask.kind", f"{kind.label} cannot be asked for: nothing is approved yet.")]
    return []


def offered(policy: Policy, known: Known) -> tuple[tuple[SubmissionKind, Stage], ...]:
    """Every kind and stage that may be asked for now, in the order of kinds."""
    return tuple(
        (kind, stage)
        for kind in SubmissionKind
        for stage in rules.stages_askable(policy, known.stage, kind)
        if not kind_blockers(known, kind)
        and not rules.stage_blockers(
            policy, stage=known.stage, stage_asked=stage, kind=kind, extended_before=known.extended
        )
    )


def about(policy: Policy, kind: SubmissionKind, stage: Stage) -> str:
    """What a request is for, and who has to agree to it."""
    who = next((each.says for each in policy.agreements if kind in each.kinds and stage in each.stages), "")
    return f"{FOR[kind]} {who}".strip()


def page_blockers(page: str, held: Mapping[str, Any]) -> list[Blocker]:
    """What is missing on one page."""
    blockers = [Blocker(f"{page}.{field}", sentence) for field, sentence in NEEDED[page] if not held.get(field)]
    if page == "same" and held.get("choice") == DIFFERS and not held.get("why"):
        blockers.append(Blocker("same.why", "Say how this tool differs from those on the register."))
    if page == "where" and not held.get("site_ids") and not held.get("new_site"):
        blockers.append(Blocker("where.site_ids", "Choose at least one site, or add one."))
    return blockers


def _same_blockers(held: Mapping[str, Any], matches: Collection[int]) -> list[Blocker]:
    if held.get("choice") not in (DIFFERS, NO_MATCH) or set(matches) <= set(held.get("shown", ())):
        return []
    return [Blocker("draft.same", "Another tool like this was registered meanwhile. Check again if it is the same.")]


def tier_after_correction(*, computed: Tier | None, raised_to: str | None) -> Tier | None:
    """The tier when facts are corrected: as computed, but never below what a person last raised it to.

    `raised_to` is None where nobody raised it, or where it was lowered since: then it is computed afresh, because the
    clinical safety officer lowered it on other facts. Source: our policy, "Tier and route": lowering needs the CSO.
    """
    if computed is None or raised_to is None:
        return computed
    return max(computed, Tier(raised_to), key=lambda tier: tier.rank)


def correction_blockers(
    policy: Policy, *, before: Mapping[str, str], facts: Mapping[str, str], reason: str
) -> list[Blocker]:
    """Why triage may not be corrected so. Source: our policy, "Triage facts": corrected later only with a reason."""
    blockers = rules.triage_blockers(facts, policy)
    if not reason.strip():
        blockers.append(Blocker("reason", "Give the reason for the correction."))
    if not blockers and dict(before) == dict(facts):
        blockers.append(Blocker("triage.same", "Nothing is different. Change a fact, or go back."))
    return blockers


def ordered(pages: Sequence[str], draft: Draft) -> str | None:
    """The first page that is not saved yet; nothing when all are."""
    return next((page for page in pages if not is_saved(draft, page)), None)


def asked_in_words(kind: SubmissionKind, stage: Stage) -> str:
    """`Progress to Implementation`, `Re-assurance at Pilot`, `Extend pilot`, `Cease`."""
    return {
        SubmissionKind.PROGRESS: f"Progress to {stage.label}",
        SubmissionKind.RE_ASSURANCE: f"Re-assurance at {stage.label}",
        SubmissionKind.EXTEND_PILOT: "Extend the pilot",
        SubmissionKind.STEP_BACK: f"Step back to {stage.label}",
        SubmissionKind.CEASE: "Cease",
    }[kind]
