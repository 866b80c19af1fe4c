"""Chapter 3: the clinical risk management plan, the monitoring plan and the safety decision, as frozen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from governance.assessment.hazards.matrix import matrix
from governance.assessment.packs import reading
from governance.assessment.plans.texts import (
    DIRECTIONS,
    FREQUENCIES,
    MONITORING_FULL_TEXTS,
    MONITORING_TEXTS,
    RISK_PLAN_TEXTS,
)
from governance.permissions import Role
from governance.reports.material import Material, Part, Section
from governance.reports.presenters.judged import Judged, judged
from governance.web.wording import listed, long_date, moment


@dataclass(frozen=True)
class IndicatorLine:
    """One figure that is watched."""

    name: str
    target: str
    how_often: str
    owner: str


@dataclass(frozen=True)
class PlanBlock:
    """One plan: its texts as pairs, the figures it watches, and the approval with its check code."""

    title: str
    remark: str
    facts: tuple[tuple[str, str], ...]
    indicators: tuple[IndicatorLine, ...]
    approval: str
    approval_code: str
    judged: Judged | None
    empty: str = ""


@dataclass(frozen=True)
class PlansPart:
    """Chapter 3."""

    lede: str
    plans: tuple[PlanBlock, ...]


def plans_part(material: Material) -> PlansPart:
    """Chapter 3."""
    blocks = tuple(
        MAKERS[part["kind"]](part, section) for section in material.sections for part in section.parts if part["kind"] in MAKERS
    )
    held = [block.title for block in blocks if not block.empty]
    lede = f"{listed(held)}." if held else "This pack holds no plan."
    return PlansPart(lede, blocks)


def _risk_plan(part: Part, section: Section) -> PlanBlock:
    plan = part["content"]
    if plan is None:
        return _empty(part, section, "No risk management plan was written.")
    texts = [(each.title, str(plan["texts"].get(each.code) or "")) for each in RISK_PLAN_TEXTS]
    more = [("Next review", _day(plan["texts"].get("review_on"))), ("Risk matrix", matrix(plan["matrix_version"]).title)]
    approval, code = _approval(plan["approval"])
    return PlanBlock(part["title"], f"Revision {plan['revision']}", _filled([*texts, *more]), (), approval, code, judged(section))


def _monitoring_plan(part: Part, section: Section) -> PlanBlock:
    plan = part["content"]
    if plan is None:
        return _empty(part, section, "No monitoring plan was written.")
    texts = [(each.title, str(plan["texts"].get(each.code) or "")) for each in (*MONITORING_TEXTS, *MONITORING_FULL_TEXTS)]
    texts.append(("Ends on", _day(plan["texts"].get("ends_on"))))
    watched = tuple(_indicator(each) for each in plan["texts"].get("indicators") or ())
    return PlanBlock(part["title"], f"Revision {plan['revision']}", _filled(texts), watched, "", "", judged(section))


def _safety_decision(part: Part, section: Section) -> PlanBlock:
    said = part["content"]
    if said is None:
        return _empty(part, section, "The clinical safety officer has not decided whether it is safety related.")
    verdict = "Safety related" if said["safety_related"] else "Not safety related"
    who = ", ".join(text for text in (said["by"] or "the clinical safety officer", said["registration"]) if text)
    by = f"{who}, {moment(datetime.fromisoformat(said['at']))}"
    facts = _filled([("Decision", verdict), ("Because", said["reason"]), ("Decided by", by)])
    return PlanBlock("Safety decision", "", facts, (), "", "", None)


def _decommissioning(part: Part, section: Section) -> PlanBlock:
    lessons = [(f"Lesson {number}", text) for number, text in enumerate(part["lessons"], 1)]
    facts = _filled([*reading.ending_tasks(part), *lessons])
    empty = "" if facts else "No task and no lesson is recorded."
    return PlanBlock("Decommissioning", "", facts, (), "", "", judged(section), empty)


def _figures(part: Part, section: Section) -> PlanBlock:
    facts = _filled(list(reading.watched(part)))
    return PlanBlock(part["title"], "", facts, (), "", "", None, "" if facts else "No figure is recorded yet.")


MAKERS = {
    "risk_plan": _risk_plan,
    "monitoring_plan": _monitoring_plan,
    "safety_decision": _safety_decision,
    "decommissioning": _decommissioning,
    "figures": _figures,
}


def _indicator(each: Part) -> IndicatorLine:
    often = dict(FREQUENCIES).get(str(each.get("frequency") or ""), str(each.get("frequency") or ""))
    way = dict(DIRECTIONS).get(str(each.get("direction") or ""), "")
    target = " – ".join(text for text in (str(each.get("target") or ""), way) if text)
    return IndicatorLine(str(each.get("name") or ""), target, often, str(each.get("owner") or ""))


def _empty(part: Part, section: Section, said: str) -> PlanBlock:
    return PlanBlock(part["title"], "", (), (), "", "", judged(section), said)


def _approval(said: Part | None) -> tuple[str, str]:
    if said is None:
        return "Not approved when the pack was frozen.", ""
    when = moment(datetime.fromisoformat(said["at"]))
    role = Role(said["role"]).title
    who = ", ".join(text for text in (said["by"], role if said["by"] else f"the {role}", said["registration"]) if text)
    return f"Approved by {who}, on {when}.", said["check_code"]


def _filled(pairs: list[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    return tuple((name, said) for name, said in pairs if said)


def _day(text: str | None) -> str:
    return long_date(date.fromisoformat(text[:10])) if text else ""
