"""The London register and the edition for partners as pages show them: plain values, roles and never names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import current_app, url_for

from governance.approval.words import done
from governance.assessment.packs import pack_presenters, reading
from governance.assessment.packs.models import PackSection
from governance.lifecycle import Stage, Standing
from governance.monitoring.suspensions import operations as suspensions
from governance.permissions import Actor, Permission, Role
from governance.pictures.ladder import Station
from governance.policy import policy
from governance.register.models import Projection
from governance.register.presenters import use_in_words
from governance.sharing import queries, rules
from governance.sharing.queries import Decided
from governance.web.wording import long_date, month, plural

Pairs = tuple[tuple[str, str], ...]

VARIATION = {
    "common_cause": "Usual variation: no more than chance",
    "improvement": "Getting better: more than chance",
    "concern": "Getting worse: more than chance",
    "neutral": "Changed: more than chance",
}
ASSURANCE = {
    "pass": "As it runs now, the target will be met",
    "fail": "As it runs now, the target will be missed",
    "hit_and_miss": "As it runs now, the target is sometimes met and sometimes missed",
}
TONES = {"concern": "stop", "fail": "stop"}
SUSPENDED = "Its organisation has suspended it. Nobody should use it until it is resumed."


@dataclass(frozen=True, slots=True)
class Figure:
    """The last figure of one indicator, with what its two icons say in words."""

    name: str
    value: str
    period: str
    target: str
    variation: str
    variation_tone: str
    assurance: str
    assurance_tone: str


@dataclass(frozen=True, slots=True)
class ToolPage:
    """What partners may see of one deployment."""

    title: str
    caption: str
    purpose: str
    notice: str
    stations: tuple[Station, ...]
    standing: Standing
    cells: Pairs
    facts: Pairs
    figures: tuple[Figure, ...]
    figures_say: str
    signals: str
    lessons: tuple[str, ...]
    elsewhere: tuple[tuple[str, str], ...]
    more: str
    pack_href: str
    own_href: str
    ask_href: str
    updated: str


@dataclass(frozen=True, slots=True)
class SectionLine:
    """One section of the edition for partners."""

    title: str
    href: str
    outcome: str
    tone: str
    judged: str
    digest: str


def system(name: str) -> str:
    """An integrated care system after its board: `South East London`."""
    return name.removeprefix("NHS ").removesuffix(" Integrated Care Board")


def kinds() -> dict[str, str]:
    """Kinds of tools, as triage asks."""
    return {value.code: value.label for value in policy().fact("kind").values}


def words_of(fact: str, value: str) -> str:
    """The words of a triage fact; nothing where it is not known."""
    return next((row.label for row in policy().fact(fact).values if row.code == value), "")


def ladder(seen: Projection) -> tuple[Station, ...]:
    """The five stations, from the days on which stages were come to."""
    reached = {stage: date.fromisoformat(on) for stage, on in seen.stages}
    return tuple(_station(stage, seen, reached) for stage in Stage)


def _station(stage: Stage, seen: Projection, reached: Mapping[str, date]) -> Station:
    if stage is seen.stage:
        return Station(stage.label, "now", f"since {long_date(seen.stage_since)}" if seen.stage_since else "")
    if stage.position > seen.stage.position:
        return Station(stage.label, "ahead")
    if stage.value in reached:
        return Station(stage.label, "passed", long_date(reached[stage.value]))
    return Station(stage.label, "not_used", "not used")


def tool_page(seen: Projection, by: Actor, *, own_code: str) -> ToolPage:
    """One deployment. `own_code` is the organisation's code where it is the reader's own."""
    others, count = queries.elsewhere(seen)
    more = count - len(others)
    return ToolPage(
        title=f"{seen.tool_name} at {seen.organisation_name}",
        caption=f"{seen.reference} · {seen.manufacturer_name}, version {seen.version}",
        purpose=seen.purpose,
        notice=SUSPENDED if seen.standing is Standing.SUSPENDED else "",
        stations=ladder(seen),
        standing=seen.standing,
        cells=(
            ("Version", seen.version),
            ("Approved until", long_date(seen.approved_until) or "–"),
            ("Open conditions", str(seen.open_conditions) if seen.open_conditions else "None"),
            ("Open signals", signals(seen)),
        ),
        facts=_facts(seen),
        figures=tuple(figure(each) for each in seen.performance),
        figures_say=f"Figures to {month(seen.monitored_to)}" if seen.monitored_to else "",
        signals=signals(seen),
        lessons=tuple(str(text) for text in seen.lessons),
        elsewhere=tuple((use_in_words(each), url_for("sharing.tool", reference=each.reference)) for each in others),
        more=f"And {plural(more, 'more')}".replace("mores", "more") if more > 0 else "",
        pack_href=url_for("sharing.pack", pack_id=seen.decided_pack_id) if seen.decided_pack_id else "",
        own_href=f"/{own_code}/tools/{seen.reference}" if own_code and by.may(Permission.READ_REGISTER) else "",
        ask_href=_ask_href(seen, by, own_code),
        updated=long_date(seen.updated_at),
    )


def signals(seen: Projection) -> str:
    """`2, 1 of them red`."""
    if not seen.open_signals:
        return "None"
    return f"{seen.open_signals}{f', {seen.red_signals} red' if seen.red_signals else ''}"


def _facts(seen: Projection) -> Pairs:
    pairs = (
        ("Use", seen.use_case),
        ("Kind of tool", kinds().get(seen.kind, "")),
        ("Tier", seen.tier.capitalize() if seen.tier else "None yet"),
        ("Oversight", words_of("oversight", seen.oversight)),
        ("Patients use it themselves", "Yes" if seen.patient_facing else "No"),
        ("Manufacturer", seen.manufacturer_name),
        ("Supplier", seen.supplier_name),
        ("Sites", plural(seen.site_count, "site") if seen.site_count else "None recorded"),
        ("In use since", f"{seen.in_use_since}, as stated" if seen.in_use_since else ""),
        ("Standing since", long_date(seen.standing_since)),
        ("Decision needed by", long_date(seen.decision_needed_by)),
    )
    return tuple((name, said) for name, said in pairs if said)


def figure(each: Mapping[str, Any]) -> Figure:
    """One entry of `performance` in words."""
    unit = f" {each['unit']}" if each["unit"] and each["unit"] != "%" else each["unit"]
    variation, assurance = str(each["variation"]), str(each["assurance"])
    return Figure(
        name=each["name"],
        value=f"{each['value']}{unit}",
        period=month(date.fromisoformat(each["period"])),
        target=f"{each['target']}{unit}" if each["target"] is not None else "None set",
        variation=VARIATION.get(variation, "Too few figures to say"),
        variation_tone=TONES.get(variation, ""),
        assurance=ASSURANCE.get(assurance, "No target to judge against" if each["target"] is None else "Too early to say"),
        assurance_tone=TONES.get(assurance, ""),
    )


def _ask_href(seen: Projection, by: Actor, own_code: str) -> str:
    """Where to ask the deploying organisation to suspend: for others than itself, while it is in use."""
    endpoint = "suspensions.ask"
    live = seen.standing in (Standing.DECLARED, Standing.ASSURED, Standing.LAPSED)
    if own_code or not live or endpoint not in current_app.view_functions or not by.may(Permission.ASK_TO_SUSPEND):
        return ""
    takes = {name for rule in current_app.url_map.iter_rules(endpoint) for name in rule.arguments}
    if "organisation" in takes and not by.organisation_code:
        return ""
    if any(each.code == "asker" for each in suspensions.asking_blockers(seen, "-", by)):
        return ""
    given: dict[str, Any] = {"organisation": by.organisation_code, "reference": seen.reference}
    return url_for(endpoint, **{name: value for name, value in given.items() if name in takes})


def pack_sections(found: Decided) -> tuple[SectionLine, ...]:
    """Every section of which partners may read something, with who judged it, by role."""
    return tuple(_section(found, each) for each in queries.sections(found))


def _section(found: Decided, each: PackSection) -> SectionLine:
    said = pack_presenters.judged(rules.partner_edition(each.content)["judgement"])
    outcome, by = (said[0], said[1]) if said else ("", "")
    tone = {"Met": "go", "Not met": "stop", "Query": "amber"}.get(outcome, "")
    href = url_for("sharing.section", pack_id=found.pack.id, section=each.code)
    return SectionLine(each.title, href, outcome, tone, by, each.digest)


def section_blocks(each: PackSection) -> tuple[tuple[reading.Block, ...], tuple[str, str, str] | None]:
    """The blocks of one section in the edition for partners, and its judgement."""
    edited = rules.partner_edition(each.content)
    return reading.blocks(edited["matter"]), pack_presenters.judged(edited["judgement"])


def agreed(found: Decided) -> tuple[tuple[str, str, str, str], ...]:
    """(role, outcome, day, check code) of everybody who signed or advised."""
    return tuple(
        (Role(row.role).heading, done(row.outcome), long_date(row.signed_at), row.check_code) for row in queries.sign_offs(found)
    )


def decision_facts(found: Decided) -> Pairs:
    """What was decided, by which role, for what and until when."""
    given = found.authorisation
    return (
        ("Decided by", f"{Role(given.role).heading}, {long_date(given.made_at)}"),
        ("Stage and version", f"{given.stage.label}, version {found.version}"),
        ("Until", long_date(given.until)),
        ("Residual risk accepted", f"Rating {given.residual_accepted}" if given.residual_accepted else "None to accept"),
    )
