"""Chapter 1: what this is and what was asked, from the triage and tool sections of the pack."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from governance.lifecycle import Stage, SubmissionKind
from governance.permissions import Role
from governance.reports import words
from governance.reports.material import Material, Part, Section
from governance.reports.presenters.judged import outcome_words
from governance.web.wording import listed, long_date, moment, plural

Pairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class SectionLine:
    """One section of the pack: its title, who judged it and how, and its digest."""

    title: str
    judged: str
    by: str
    digest: str


@dataclass(frozen=True)
class AskedPart:
    """What was asked, about which tool, the facts of triage, the tier with its reasons, and what the pack holds."""

    lede: str
    asked: Pairs
    tool: Pairs
    facts: Pairs
    tier: str
    reasons: tuple[str, ...]
    frozen: str
    sections: tuple[SectionLine, ...]


def asked_part(material: Material) -> AskedPart:
    """Chapter 1."""
    said, tool = material.triage, material.tool
    asks, use = said["asks"], said["use_case"]
    tier = f"{str(said['tier']).capitalize()} tier, {route(said['route'])}" if said["tier"] else "No tier: research"
    return AskedPart(
        lede=_lede(material),
        asked=_pairs(
            ("Asked for", _asked_for(asks)),
            ("Reason", asks.get("reason")),
            ("Reference", material.reference),
            ("Deploying organisation", said["organisation"]),
            ("Submitted by", said["submitted_by"]),
            ("Data controller", said["controller"]),
            ("Sites", listed(said["sites"]) if said["sites"] else "None recorded"),
            ("Use", use["name"]),
            ("Setting", use["setting"]),
            ("Pathway", use["pathway"]),
            ("People", use["population"]),
            ("What it does here", said["purpose"]),
            ("On the register", said["same_as"]),
        ),
        tool=_pairs(
            ("Tool", tool["name"]),
            ("Version", tool["version"]),
            ("Manufacturer", tool["manufacturer"]),
            ("Supplier", tool["supplier"]),
            ("Summary", tool["summary"]),
        ),
        facts=tuple((fact["label"], fact["words"]) for fact in said["facts"]),
        tier=tier,
        reasons=tuple(each["sentence"] for each in said["reasons"]) + tuple(_change(each) for each in said["tier_changes"]),
        frozen=f"Frozen{f' by {material.frozen_by}' if material.frozen_by else ''} on {moment(material.frozen_at)}, "
        f"{_round(material.round)}. "
        f"Asked under policy {said['policy']}. Each section has its own check code; the whole pack has the code below.",
        sections=tuple(_line(each) for each in material.sections),
    )


def route(code: str | None) -> str:
    """`full review`, `standard review` or `registration`, after the words of policy."""
    return {"full": "full review", "standard": "standard review"}.get(code or "", code or "no route")


def _asked_for(said: Part) -> str:
    if said["kind"] == "progress":
        return f"{said['stage_asked_label']}, from {said['stage_from_label']}"
    words_for = words.asked_for(SubmissionKind(said["kind"]), Stage(said["stage_asked"]))
    return words_for if said["stage_asked"] == said["stage_from"] else f"{words_for}, from {said['stage_from_label']}"


def _lede(material: Material) -> str:
    said, tool = material.triage, material.tool
    where = plural(len(said["sites"]), "site") if said["sites"] else "no site recorded yet"
    return (
        f"{said['submitted_by']} asked {_to(material)} {tool['name']}, version "
        f"{tool['version']}, at {where}. The pack was frozen on {long_date(material.frozen_at)}."
    )


def _to(material: Material) -> str:
    """What was asked, to stand before the name of the tool."""
    stage = material.stage_asked.label
    return {
        SubmissionKind.PROGRESS: f"for {stage} of",
        SubmissionKind.RE_ASSURANCE: f"for re-assurance at {stage} of",
        SubmissionKind.EXTEND_PILOT: "to extend the pilot of",
        SubmissionKind.STEP_BACK: f"to step back to {stage} with",
        SubmissionKind.CEASE: "to cease the use of",
    }[material.kind]


def _round(number: int) -> str:
    return "first submission" if number <= 1 else f"resubmission {number - 1}"


def _change(each: Part) -> str:
    on = long_date(date.fromisoformat(each["at"][:10]))
    return f"{each['by']} changed the tier from {each['from']} to {each['to']} on {on}: {each['reason']}"


def _line(section: Section) -> SectionLine:
    said = section.judgement
    if said is None:
        return SectionLine(section.title, "Nothing to judge", "", section.digest)
    by = said["by"] or Role(said["role"]).heading
    return SectionLine(section.title, outcome_words(said["outcome"]), by, section.digest)


def _pairs(*pairs: tuple[str, str | None]) -> Pairs:
    return tuple((name, value) for name, value in pairs if value)
