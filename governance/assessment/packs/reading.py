"""A section's matter as a reader meets it: blocks of facts, answers, hazards and texts. One function for each kind of part.

Works on frozen content and on live content alike, because both have the same shape.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from governance.assessment.hazards.findings import supplier_line
from governance.assessment.hazards.words import KIND_WORDS, STATUS_WORDS
from governance.assessment.packs import beside
from governance.assessment.packs.risk_reading import RiskRow, risk_rows, risks_said
from governance.assessment.plans.texts import MONITORING_FULL_TEXTS, MONITORING_TEXTS, RISK_PLAN_TEXTS
from governance.assessment.sheets.rules import numbered
from governance.intake.rules import asked_in_words
from governance.lifecycle import Stage, SubmissionKind
from governance.permissions import Role
from governance.web.wording import listed, long_date, moment

Part = Mapping[str, Any]

FINDINGS = {
    "met": ("Meets its criterion", "go"),
    "not_met": ("Does not meet its criterion", "stop"),
    "for_judgement": ("For the judge", "link"),
    "open": ("Not answered", "amber"),
    "not_asked": ("Skipped", ""),
    "compared": ("Compared only", ""),
    "not_assessed": ("", ""),
}
STATES = {"not_applicable": ("Not applicable", ""), "skipped": ("Skipped", ""), "not_reached": ("Not reached", "amber")}


@dataclass(frozen=True, slots=True)
class Paper:
    """A piece of evidence as it was: its name, what it is, and the day it expires."""

    title: str
    about: str


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """One question with its answer, its reason, what it comes to and what stands behind it."""

    code: str
    words: str
    said: str
    note: str
    finding: str
    tone: str
    criterion: str
    by: str
    papers: tuple[Paper, ...]
    risks: tuple[RiskRow, ...] = ()


@dataclass(frozen=True, slots=True)
class HazardRow:
    """One hazard: what it is, before and after controls, its controls and status."""

    number: int
    name: str
    about: tuple[tuple[str, str], ...]
    initial: int | None
    initial_words: str
    residual: int | None
    residual_words: str
    status: str
    controls: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Block:
    """One block of a section: a title, and facts, answers, hazards, sentences or papers under it."""

    title: str
    remark: str = ""
    facts: tuple[tuple[str, str], ...] = ()
    answers: tuple[AnswerRow, ...] = ()
    hazards: tuple[HazardRow, ...] = ()
    sentences: tuple[str, ...] = ()
    papers: tuple[Paper, ...] = ()
    empty: str = ""


def blocks(matter: Mapping[str, Any]) -> tuple[Block, ...]:
    """Everything a section is about, in blocks."""
    return tuple(block for part in matter["parts"] for block in KINDS[part["kind"]](part))


def _triage(part: Part) -> list[Block]:
    asks, use = part["asks"], part["use_case"]
    place = _pairs(
        ("Asks for", _asks(asks)),
        ("Reason", asks.get("reason")),
        ("Organisation", part["organisation"]),
        ("Sites", listed(part["sites"]) if part["sites"] else ""),
        ("Data controller", part["controller"]),
        ("Submitted by", part["submitted_by"]),
        ("Use", use["name"]),
        ("Setting", use["setting"]),
        ("Pathway", use["pathway"]),
        ("People", use["population"]),
        ("What it does here", part["purpose"]),
        ("Against the register", part["same_as"]),
    )
    tier = f"{str(part['tier']).capitalize()} tier" if part["tier"] else "No tier"
    changes = [
        f"{each['by']} changed the tier from {each['from']} to {each['to']} on {_day(each['at'])}: {each['reason']}"
        for each in part["tier_changes"]
    ]
    return [
        Block("What is asked", remark=str(part["reference"]), facts=place),
        Block("Triage", remark=f"Policy {part['policy']}", facts=_pairs(*((f["label"], f["words"]) for f in part["facts"]))),
        Block(tier, sentences=tuple([each["sentence"] for each in part["reasons"]] + changes)),
    ]


def _asks(asks: Mapping[str, Any]) -> str:
    """`Progress to Pilot, from Pipeline`; `Cease, at Pilot`."""
    said = asked_in_words(SubmissionKind(asks["kind"]), Stage(asks["stage_asked"]))
    if asks["stage_from"] != asks["stage_asked"]:
        return f"{said}, from {asks['stage_from_label']}"
    return f"{said}, at {asks['stage_from_label']}" if asks["kind"] == SubmissionKind.CEASE else said


def _tool(part: Part) -> list[Block]:
    pairs = _pairs(
        ("Tool", part["name"]),
        ("Version", part["version"]),
        ("Manufacturer", part["manufacturer"]),
        ("Supplier", part["supplier"]),
        ("Summary", part["summary"]),
    )
    return [Block("The tool", facts=pairs)]


FOUND = {
    "model_card": "From the model card, confirmed by {}",
    "register": "From the register, confirmed by {}",
    "supplier_form": "From the supplier’s form, confirmed by {}",
    "supplier_link": "From the supplier, by link: {}",
    "tool_version": "Carried over from version {version}, still true: {}",
}
"""How an answer that was not typed by a colleague came to be, around who stands behind it and since when."""


def _answers(part: Part) -> list[Block]:
    return [
        Block(
            section["title"] if len(section["label"]) > 3 else f"{section['label']}. {section['title']}",
            remark=part["source"],
            answers=tuple(_answer(each) for each in section["questions"]),
        )
        for section in part["sections"]
    ]


def _answer(question: Part) -> AnswerRow:
    said = ", ".join(_shown(word) for word in question.get("words_chosen", ()))
    rows = risk_rows(question)
    said = risks_said(question) or said
    finding, tone = FINDINGS[question["finding"]]
    state = STATES.get(question["state"])
    if state is not None:
        said, finding, tone = question["state_says"] or state[0], "", ""
    by = f"{question['answered_by']}, {_moment(question['answered_at'])}" if question.get("answered_at") else ""
    if by and question.get("source") in FOUND:
        by = FOUND[question["source"]].format(by, version=question.get("carried_from", ""))
    return AnswerRow(
        code=numbered(question["code"]),
        words=question["words"],
        said=said or ("Not answered (optional)" if left_empty(question) else "Not answered"),
        note=question.get("note", "") if state is None or question["state"] == "not_applicable" else "",
        finding=finding,
        tone=tone,
        criterion=question["criterion"] if state is None else "",
        by=by,
        papers=tuple(_paper(each) for each in question["evidence"]),
        risks=rows,
    )


def left_empty(question: Part) -> bool:
    """Whether a question that may be left empty was: nothing waits for it. One that must be answered is found open."""
    return bool(question["state"] == "unanswered" and question["finding"] != "open")


def _document(part: Part) -> list[Block]:
    given = part["document"]
    if given is None:
        return [Block(part["title"], remark=_depth(part), empty="No document is given yet.")]
    pairs = _pairs(
        ("Document", given["title"]),
        ("Version", given["version"]),
        ("Dated", _day(given["dated_on"])),
        ("Review due", _day(given["review_due_on"])),
        *((fact["label"], _day(fact["value"]) if fact["type"] == "date" else fact["words"]) for fact in given["facts"]),
        ("Given by", _by(given["added_by"], given["added_at"])),
    )
    papers = (_paper(given["evidence"]),) if given["evidence"] else ()
    return [Block(part["title"], remark=_depth(part), facts=pairs, papers=papers)]


def _risk_plan(part: Part) -> list[Block]:
    plan = part["content"]
    if plan is None:
        return [Block(part["title"], empty="There is no plan yet.")]
    texts = [(each.title, str(plan["texts"].get(each.code) or "")) for each in RISK_PLAN_TEXTS]
    review = ("Next review", _day(plan["texts"].get("review_on")))
    return [
        Block(
            part["title"],
            remark=f"Revision {plan['revision']}",
            facts=_pairs(*texts, review, ("Risk matrix", plan["matrix_version"])),
        ),
        Block("Approval", sentences=_approval(plan["approval"])),
    ]


def _monitoring_plan(part: Part) -> list[Block]:
    plan = part["content"]
    if plan is None:
        return [Block(part["title"], remark=_depth(part), empty="There is no monitoring plan yet.")]
    texts = [(each.title, str(plan["texts"].get(each.code) or "")) for each in (*MONITORING_TEXTS, *MONITORING_FULL_TEXTS)]
    watched = [
        (
            f"Indicator: {each.get('name', '')}",
            ", ".join(str(each[key]) for key in ("target", "frequency", "owner") if each.get(key)),
        )
        for each in plan["texts"].get("indicators") or ()
    ]
    ends = ("Ends on", _day(plan["texts"].get("ends_on")))
    return [Block(part["title"], remark=f"Revision {plan['revision']}", facts=_pairs(*texts, ends, *watched))]


def _safety_decision(part: Part) -> list[Block]:
    said = part["content"]
    if said is None:
        return [Block("Safety decision", empty="The clinical safety officer has not decided yet.")]
    verdict = "Safety related" if said["safety_related"] else "Not safety related"
    by = _by(said["by"] or "The clinical safety officer", said["registration"], said["at"])
    return [Block("Safety decision", facts=_pairs(("Decision", verdict), ("Because", said["reason"]), ("Decided by", by)))]


def _hazard_log(part: Part) -> list[Block]:
    version = part["version"]
    remark = f"Version {version['number']}" if version else _depth(part)
    rows = tuple(_hazard(each) for each in part["hazards"])
    found = [Block(part["title"], remark=remark, hazards=rows, empty="" if rows else "No hazard is named yet.")]
    if version:
        found.append(Block("Approval of the log", sentences=_approval(version["approval"])))
    if part.get("workshops"):
        found.append(Block("Hazard workshops", facts=beside.workshops_said(part)))
    if part.get("safety_case"):
        found += [
            Block("Safety case report", remark=beside.case_title(part), facts=beside.case_said(part)),
            Block("Beside the safety case report", remark="As it was when written", facts=beside.case_tables(part)),
            Block("Approval of the safety case report", sentences=_approval(beside.approval_of_case(part))),
        ]
    return found


def _hazard(each: Part) -> HazardRow:
    about = _pairs(
        ("What could happen", each["description"]),
        ("Harm", each["impact"]),
        ("Causes", each["causes"]),
        ("Why this is accepted", each["acceptance_reason"]),
        ("Owner", each["owner"]),
        ("Actions", each["actions"]),
        ("Local review due", _day(each.get("review_on"))),
        ("Beside our rating", supplier_line(each)),
    )
    controls = tuple((KIND_WORDS.get(c["kind"], c["kind"]), c["description"]) for c in each["controls"])
    return HazardRow(
        each["number"], each["name"], about, *_score(each["initial"]), *_score(each["residual"]),
        str(STATUS_WORDS.get(each["status"], each["status"])), controls,
    )  # fmt: skip


def _score(score: Part | None) -> tuple[int | None, str]:
    if score is None:
        return None, "not scored"
    words = f"{score['severity']}, {score['likelihood']}".replace("_", " ")
    return score["rating"], words.capitalize()


def _conditions(part: Part) -> list[Block]:
    rows = [(f"Condition {each['number']}", f"{each['text']} {condition_due(each)}") for each in part["conditions"]]
    return [Block("Conditions carried over", facts=_pairs(*rows))]


def condition_due(each: Part) -> str:
    """By when a condition that was carried over is to be met, as a sentence."""
    stage = each.get("before_stage")
    return f"To be met before {Stage(stage).label}." if stage else f"Due {_day(each['due_on'])}."


def _decommissioning(part: Part) -> list[Block]:
    return [
        Block("Tasks of decommissioning", facts=ending_tasks(part), empty="" if part["tasks"] else "No task is listed yet."),
        Block("Lessons for partners", sentences=tuple(part["lessons"]), empty="" if part["lessons"] else "None yet."),
    ]


def ending_tasks(part: Part) -> tuple[tuple[str, str], ...]:
    """Each task of decommissioning with its owner and day."""
    return tuple(
        (
            f"{each['number']}. {each['kind']}",
            f"{each['text']} {Role(each['owner']).heading}, by {_day(each['due_on'])}.",
        )
        for each in part["tasks"]
    )


def _figures(part: Part) -> list[Block]:
    return [Block(part["title"], facts=watched(part), empty="" if part["indicators"] else "No figure is recorded yet.")]


def watched(part: Part) -> tuple[tuple[str, str], ...]:
    """Each indicator with its figures, the oldest first."""
    found = []
    for each in part["indicators"]:
        unit = f" ({each['unit']})" if each["unit"] else ""
        figures = ", ".join(f"{value} from {_day(day)}" for day, value in each["figures"]) or "none yet"
        target = f"; target {each['target']}" if each["target"] else ""
        told = [each[name] for name in ("variation", "assurance") if each.get(name)]
        reads = f". The chart: {'; '.join(told)}" if told else ""
        limits = f". Limits {each['limits']}" if each.get("limits") else ""
        found.append((f"{each['name']}{unit}", figures + target + reads + limits))
    return tuple(found)


KINDS: Mapping[str, Callable[[Part], Sequence[Block]]] = {
    "triage": _triage,
    "tool": _tool,
    "answers": _answers,
    "document": _document,
    "risk_plan": _risk_plan,
    "monitoring_plan": _monitoring_plan,
    "safety_decision": _safety_decision,
    "hazard_log": _hazard_log,
    "conditions": _conditions,
    "decommissioning": _decommissioning,
    "figures": _figures,
}


def _paper(item: Mapping[str, Any]) -> Paper:
    parts = [
        item["issuer"],
        " ".join(each for each in (item["standard"], item.get("standard_version")) if each),
        f"for {item['covers']}" if item.get("covers") else "",
        f"issued {_day(item['issued_on'])}" if item["issued_on"] else "",
        f"expires {_day(item['expires_on'])}" if item["expires_on"] else "no expiry date",
        f"check code {item['sha256'][:8]}" if item["sha256"] else item["url"],
    ]
    return Paper(item["title"], " · ".join(part for part in parts if part))


def _approval(said: Part | None) -> tuple[str, ...]:
    if said is None:
        return ("Not approved yet.",)
    role = Role(said["role"]).title
    who = ", ".join(text for text in (said["by"], role if said["by"] else f"the {role}", said["registration"]) if text)
    return (f"Approved by {who}, on {_moment(said['at'])}. Check code {said['check_code']}.",)


def _by(*who_and_when: str | None) -> str:
    """Who it was and when, of what is there: the edition for partners names nobody."""
    *who, at = who_and_when
    return ", ".join(text for text in (*who, _moment(at) if at else "") if text)


def _depth(part: Part) -> str:
    return str(part["short_says"]).capitalize()


def _pairs(*pairs: tuple[str, str | None]) -> tuple[tuple[str, str], ...]:
    return tuple((name, value) for name, value in pairs if value)


def _shown(word: str) -> str:
    """A date as people write it; anything else as it is."""
    return _day(word) if len(word) == 10 and word[4] == word[7] == "-" and word.replace("-", "").isdigit() else word


def _day(text: str | None) -> str:
    return long_date(date.fromisoformat(text[:10])) if text else ""


def _moment(text: str) -> str:
    return moment(datetime.fromisoformat(text))
