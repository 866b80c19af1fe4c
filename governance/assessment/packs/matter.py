"""What each section of a pack is about: plain values from live records, the same however they were entered. Pure.

A section's matter is `{"parts": [part, …]}`. Each part has a `kind`: triage, tool, answers, document, risk_plan,
hazard_log, monitoring_plan, safety_decision, conditions, decommissioning or figures. Dates are said; whether one has
passed is not.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from governance.assessment.packs.asked import Asked
from governance.assessment.packs.slots import Extra
from governance.assessment.question_sets.schema import Question, Section
from governance.assessment.sheets import rules as sheet_rules
from governance.assessment.sheets.models import Document
from governance.assessment.sheets.queries import SheetView, as_value
from governance.assessment.sheets.version_rules import origin_of
from governance.policy.rules import Requirement
from governance.policy.schema import Form

Part = dict[str, Any]
Support = Mapping[str, list[dict[str, Any]]]
"""Evidence as a pack holds it, by the code of the question it stands behind."""


@dataclass(frozen=True)
class Live:
    """Everything a pack is made of, loaded once. Names of people by id, of those who gave an answer by the answer's.

    `earlier` is in no pack: sheets by row of policy that this submission does not ask for, whose facts a stop reads.
    """

    sheets: Mapping[str, SheetView]
    documents: Mapping[str, Document]
    support: Mapping[tuple[str, int], Support]
    files: Mapping[int, dict[str, Any]]
    names: Mapping[int, str]
    givers: Mapping[int, str]
    plans: Mapping[str, dict[str, Any] | None]
    hazards: list[dict[str, Any]]
    log_version: dict[str, Any] | None
    triage: dict[str, Any]
    tool: dict[str, Any]
    conditions: list[dict[str, Any]] = field(default_factory=list)
    beside_log: dict[str, Any] = field(default_factory=dict)
    extras: tuple[Extra, ...] = ()
    earlier: Mapping[str, SheetView] = field(default_factory=dict)


def matter(section: str, asked: Asked, live: Live) -> dict[str, Any]:
    """What one section holds, without the judgement on it."""
    parts: list[Part] = []
    if section == "triage":
        parts.append({"kind": "triage", **live.triage})
    if section == "tool":
        parts.append({"kind": "tool", **live.tool})
    if section == "conditions":
        parts.append({"kind": "conditions", "conditions": live.conditions})
    for row in asked.filling(section):  # the hazard log comes before the requirements it answers
        if row.form is not Form.SHEET:
            parts.append(_part(row, live))
    for code, requirement in asked.sheets.items():
        parts += _answers(section, live, live.sheets[code], requirement)
    parts += [part for extra in live.extras if extra.section == section for part in extra.parts]
    return {"parts": parts}


def _part(requirement: Requirement, live: Live) -> Part:
    row, depth = requirement.question_set, requirement.depth.value
    said = {"title": requirement.title, "depth": depth, "short_says": requirement.short_says}
    if requirement.form is Form.DOCUMENT:
        return {"kind": "document", "row": row, **said, "document": _document(requirement, live.documents.get(row), live)}
    if requirement.form is Form.HAZARDS:
        return {"kind": "hazard_log", **said, "hazards": live.hazards, "version": live.log_version, **live.beside_log}
    kind = "safety_decision" if requirement.form is Form.DECISION else row
    return {"kind": kind, **said, "content": live.plans.get(kind)}


def _answers(section: str, live: Live, view: SheetView, requirement: Requirement | None) -> list[Part]:
    published = view.question_set
    here = [each for each in published.sections if each.pack_section == section]
    if not here:
        return []
    support = live.support.get(("answer_sheet", view.sheet.id), {}) if view.sheet else {}
    return [
        {
            "kind": "answers",
            "question_set": published.code,
            "title": published.title,
            "file_sha256": published.file_digest,
            "source": published.provenance_shown,
            "layer": view.layer,
            "depth": requirement.depth.value if requirement else "full",
            "sections": [_section(each, view, support, live.givers) for each in here],
        }
    ]


def _section(section: Section, view: SheetView, support: Support, givers: Mapping[int, str]) -> dict[str, Any]:
    return {
        "code": section.code,
        "label": section.label,
        "title": section.title,
        "questions": [
            _question(question, view, support.get(question.code, []), givers)
            | {"finding": view.findings[question.code].finding.value, "finding_says": view.findings[question.code].sentence}
            for question in section.questions
        ],
    }


def _question(
    question: Question, view: SheetView, evidence: list[dict[str, Any]], givers: Mapping[int, str]
) -> dict[str, Any]:
    state = view.states[question.code]
    said: dict[str, Any] = {
        "code": question.code,
        "words": question.words,
        "criterion": question.pass_criterion or "",
        "provenance": question.provenance_shown,
        "state": state.state.value,
        "state_says": state.reason,
        "withheld_from": list(question.withheld_from),
        "evidence": evidence,
    }
    answer = view.answers.get(question.code)
    if not state.done or answer is None:
        return said
    given, origin = as_value(answer), origin_of(answer.origin)
    if answer.source == sheet_rules.TOOL_VERSION and origin is not None:
        said["carried_from"] = origin.version
    return said | {
        "value": sheet_rules.stored(given.value),
        "words_chosen": [question.label_of(value) for value in given.chosen],
        "note": given.note,
        "source": answer.source,
        "answered_by": givers[answer.id],
        "answered_at": answer.answered_at.isoformat(),
    }


def _document(requirement: Requirement, document: Document | None, live: Live) -> dict[str, Any] | None:
    if document is None:
        return None
    return {
        "title": document.title,
        "version": document.version_label,
        "dated_on": document.dated_on.isoformat(),
        "review_due_on": document.review_due_on.isoformat() if document.review_due_on else None,
        "facts": _facts(requirement, document.facts),
        "evidence": live.files.get(document.evidence_id),
        "added_by": live.names.get(document.added_by, ""),
        "added_at": document.added_at.isoformat(),
    }


def _facts(requirement: Requirement, values: Mapping[str, str]) -> list[dict[str, str]]:
    """The facts policy reads, in policy's order, each with its label and the words of a choice."""
    if requirement.document is None:
        return []
    said = []
    for one in requirement.document.fields:
        value = values.get(one.name, "")
        words = next((choice.label for choice in one.choices if choice.code == value), value)
        words = {"yes": "Yes", "no": "No"}.get(value, value) if one.type == "yes_no" else words
        said.append({"name": one.name, "label": one.label, "type": one.type, "value": value, "words": words})
    return said
