"""What a submission still lacks, thing by thing: unanswered, unconfirmed, not met, without evidence, or without its plan.

Each lack knows the place where it is mended and the section of the pack it keeps open; `stopping` says them in sentences.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from governance.assessment.evidence import rules as evidence
from governance.assessment.evidence.rules import Piece
from governance.assessment.hazards import queries as hazards
from governance.assessment.hazards import rules as hazard_rules
from governance.assessment.packs.asked import Asked
from governance.assessment.packs.matter import Live
from governance.assessment.plans import queries as plans
from governance.assessment.plans import rules as plan_rules
from governance.assessment.question_sets import outcomes, values
from governance.assessment.question_sets.contradictions import contradictions
from governance.assessment.question_sets.rules import outstanding
from governance.assessment.sheets.queries import SheetView
from governance.errors import Blocker
from governance.policy.rules import Requirement, document_blockers
from governance.policy.schema import Form
from governance.web.wording import listed

UNANSWERED, UNCONFIRMED, UNMET, UNSUPPORTED, OTHER = "unanswered", "unconfirmed", "unmet", "unsupported", "other"
UNCOVERED = "uncovered"
EXPIRED = "expired"

SAID_BY_MOVES = (".residual", ".unacceptable", ".reason")
"""Ends of codes of the hazard log that the stops of policy say in their own words."""


@dataclass(frozen=True, slots=True)
class Lack:
    """One thing missing. `place` is `sheet:dtac-2.0`, `document:dpia`, `plan:risk_plan`, `hazards` or `safety_decision`."""

    place: str
    section: str
    kind: str
    blocker: Blocker


def lacks(asked: Asked, live: Live) -> tuple[Lack, ...]:
    """Everything missing from what policy asks to be shown, in policy's order."""
    found: list[Lack] = []
    for code, requirement in asked.sheets.items():
        if requirement is None or not requirement.voluntary:
            found += _sheet(live.sheets[code], live)
    for requirement in asked.requirements:
        if requirement.form is not Form.SHEET:
            place = place_of(requirement)
            found += (
                Lack(place, requirement.section, OTHER, blocker) for blocker in _others(requirement, asked, live)
            )
    found += (Lack(extra.place, extra.section, OTHER, blocker) for extra in live.extras for blocker in extra.lacks)
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Lapsed:
    """A required answer (by its question's code), or a document (without one), whose evidence has expired."""

    place: str
    section: str
    title: str
    code: str
    piece: Piece

    @property
    def lack(self) -> Lack:
        what = f"{self.title} {self.code}".strip()
        sentence = evidence.unmet_sentence(what, self.piece)
        return Lack(self.place, self.section, EXPIRED, Blocker(self.code, sentence))


def lapsed(asked: Asked, live: Live, on: date) -> tuple[Lapsed, ...]:
    """What is no longer met on a day, because what stands behind it expired. Never part of a pack: it depends on the day."""
    found: list[Lapsed] = []
    for code, requirement in asked.sheets.items():
        if requirement is None or not requirement.voluntary:
            found += _lapsed_answers(live.sheets[code], live, on)
    for requirement in asked.requirements:
        document = live.documents.get(requirement.question_set) if requirement.form is Form.DOCUMENT else None
        if document is not None and document.evidence_id in live.files:
            place = place_of(requirement)
            for piece in evidence.expired_behind([_piece(live.files[document.evidence_id])], on):
                found.append(Lapsed(place, requirement.section, requirement.title, "", piece))
    return tuple(found)


def _lapsed_answers(view: SheetView, live: Live, on: date) -> Iterator[Lapsed]:
    published = view.question_set
    support = live.support.get(("answer_sheet", view.sheet.id), {}) if view.sheet else {}
    for question in published.questions:
        if question.code in support and question.required and view.states[question.code].done:
            section = published.section_of[question.code].pack_section
            for piece in evidence.expired_behind(map(_piece, support[question.code]), on):
                yield Lapsed(f"sheet:{published.code}", section, published.instrument, question.code, piece)


def _piece(item: Mapping[str, Any]) -> Piece:
    """An item as a pack holds it, as the rules of expiry read it."""
    ends = item["expires_on"]
    return Piece(item["title"], item["kind"], item["standard"], date.fromisoformat(ends) if ends else None)


def place_of(requirement: Requirement) -> str:
    """Where a row of policy is met, other than on a sheet."""
    match requirement.form:
        case Form.DOCUMENT:
            return f"document:{requirement.question_set}"
        case Form.PLAN:
            return f"plan:{requirement.question_set}"
        case Form.HAZARDS:
            return "hazards"
        case _:
            return "safety_decision"


def _sheet(view: SheetView, live: Live) -> Iterator[Lack]:
    published, answers = view.question_set, view.values
    place = f"sheet:{published.code}"

    def lack(kind: str, code: str, sentence: str) -> Lack:
        return Lack(place, published.section_of[code].pack_section, kind, Blocker(code, sentence))

    waiting = set(view.unconfirmed)
    for blocker in outstanding(published, answers, view.facts):
        code = blocker.code.partition(":")[2]
        if code not in waiting:
            yield lack(UNANSWERED, code, blocker.sentence)
    for code in view.unconfirmed:
        yield lack(UNCONFIRMED, code, f"{code} is not confirmed.")
    for blocker in outcomes.unmet(published, answers, view.facts):
        yield lack(UNMET, blocker.code.partition(":")[2], blocker.sentence)
    yield from (lack(OTHER, blocker.code, blocker.sentence) for blocker in contradictions(published, answers, view.facts))
    for code, items in unsupported(view, live):
        if items:
            yield lack(UNCOVERED, code, f"{code}: its evidence covers {listed(each['covers'] for each in items)} only.")
    yield from (lack(UNSUPPORTED, code, f"{code} has no evidence.") for code, items in unsupported(view, live) if not items)


def unsupported(view: SheetView, live: Live) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Questions that can stop a pass, whose answer says the evidence is there while nothing that counts is attached.

    Each with what is attached and covers another version of the tool only.
    """
    support = live.support.get(("answer_sheet", view.sheet.id), {}) if view.sheet else {}
    for question in view.question_set.questions:
        items = support.get(question.code, [])
        done = question.gate.gates and view.states[question.code].done
        lacking = done and not any(_counts(item, view, live) for item in items)
        if lacking and values.wants_evidence(question, view.values[question.code]):
            yield question.code, items


def _counts(item: Mapping[str, Any], view: SheetView, live: Live) -> bool:
    """Whether an item as a pack holds it counts for the version this is about. What covers no version counts for each."""
    here = f"{live.tool['name']} {live.tool['version']}"
    other_version = item.get("covers", here) != here and item.get("return_of") != "supplier"
    return view.question_set.scope != "tool" or not other_version


def _others(requirement: Requirement, asked: Asked, live: Live) -> Iterator[Blocker]:
    match requirement.form:
        case Form.DOCUMENT:
            yield from _document(requirement, live)
        case Form.HAZARDS:
            yield from _hazards(requirement, asked, live)
        case Form.DECISION:
            said = live.plans["safety_decision"]
            yield from plan_rules.safety_decision_blockers(said["safety_related"] if said else None)
        case _ if requirement.question_set == "risk_plan":
            plan = live.plans["risk_plan"]
            approved = bool(plan and plan["approval"])
            yield from plan_rules.risk_plan_blockers(
                plan["revision"] if plan else None, plan["texts"] if plan else {}, approved=approved
            )
        case _:
            watch = live.plans["monitoring_plan"]
            yield from plan_rules.monitoring_blockers(watch["texts"] if watch else None, requirement.depth)


def _document(requirement: Requirement, live: Live) -> Iterator[Blocker]:
    document = live.documents.get(requirement.question_set)
    if document is None:
        yield Blocker(f"{requirement.question_set}.none", f"{requirement.title}: no document is given yet.")
    else:
        yield from document_blockers(requirement, document.facts)


def _hazards(requirement: Requirement, asked: Asked, live: Live) -> Iterator[Blocker]:
    rows = hazards.hazards(asked.deployment)
    matrix = plans.adopted_matrix(plans.risk_plan(asked.deployment))
    yield from hazard_rules.hazard_blockers(rows, requirement.depth, matrix)
    if not rows:
        return
    standing = hazards.log_standing(asked.deployment, live.hazards)
    yield from hazard_rules.log_blockers(**standing, depth=requirement.depth)
