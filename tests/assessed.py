"""Builders for assessment: sheets answered, documents given, sections judged, the pack frozen. Real operations only.

`ready` leaves a submission that nothing stops; `submitted` freezes it. Both open their own transactions.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from governance import clock
from governance.assessment.evidence import operations as evidence
from governance.assessment.evidence.models import Evidence
from governance.assessment.hazards import operations as hazard_operations
from governance.assessment.hazards import versions
from governance.assessment.packs import operations, queries
from governance.assessment.packs.asked import Asked
from governance.assessment.packs.models import AssurancePack
from governance.assessment.plans import operations as plans
from governance.assessment.question_sets import values
from governance.assessment.question_sets.rules import State
from governance.assessment.question_sets.schema import Question, Response
from governance.assessment.sheets import operations as sheets
from governance.assessment.sheets import queries as sheet_queries
from governance.assessment.sheets.models import AnswerSheet
from governance.assessment.sheets.rules import Given
from governance.database import transaction
from governance.extensions import house
from governance.identity import queries as identity
from governance.intake.models import Submission
from governance.lifecycle import Stage
from governance.permissions import Actor, Role
from governance.policy.rules import Requirement
from governance.policy.schema import Form
from governance.web import uploads
from tests import proposals, safety
from tests.world import World

FACTS: dict[str, dict[str, str]] = {
    "dcb0129": {"basis": "safety_case", "standard_version": "4.2"},
    "dpia": {"residual": "low", "approved_by": "Information governance group"},
    "device": {"mhra_class": "class_i", "registration_number": "0000000", "mark": "ukca", "basis": "Rule 12, as declared"},
    "cyber": {
        "penetration_tested_on": "2026-05-04", "dspt_status": "met", "cyber_essentials": "plus",
        "cyber_essentials_expires_on": "2027-05-04", "data_held_in": "United Kingdom",
    },
    "equality": {"groups": "Age, sex, ethnicity and deprivation."},
    "ethics": {"involved": "Two meetings of the patient panel."},
    "rollout": {"training": "One hour for each reader.", "patients_told": "Posters and the privacy notice."},
    "nice": {"tier": "c"},
    "sustainability": {"statement": "Runs on servers that are there already."},
    "pilot_figures": {"criteria_so_far": "Met in 20 weeks of 24."},
    "decommissioning": {"data_returned": "Deleted, with a certificate.", "fallback": "Images are read in order."},
    "scribing": {"output_reviewed": "yes", "on_national_registry": "yes", "recordings_kept": "Not kept."},
}  # fmt: skip
WATCH: dict[str, Any] = {
    "success_criteria": "Urgent images are read within 60 minutes in 9 weeks of 10.",
    "ends_on": "2027-04-30",
    "stop_rule": "Two urgent findings missed in a month.",
}


def stored(name: str = "report.pdf", text: str = "Invented evidence") -> uploads.Upload:
    """A received file."""
    data = f"%PDF-1.7\n{text}\n%%EOF\n".encode()
    return uploads.Upload(name, "pdf", "application/pdf", len(data), hashlib.sha256(data).hexdigest(), data)


def evidence_item(by: Actor, *, title: str = "Supplier’s evidence", **changed: Any) -> Evidence:
    """One item of evidence, inside a transaction."""
    said: dict[str, Any] = {"kind": "other", "upload": stored(text=title), "issuer": "Northgate Imaging Ltd"} | changed
    if said["upload"] is not None:
        house().storage.put_content(said["upload"].data)
    return evidence.attach(title=title, by=by, at=clock.now(), **said)


CHOSEN: dict[str, Any] = {
    "N0": "c", "mark": "ukca", "nice_recommendation": "none", "uk_responsible_person": "uk_manufacturer",
    "registration_number": "0000000",
}  # fmt: skip
"""What is chosen where the first option, or any text, would not do; codes of different sets that do not meet."""
RISK = {
    "risk": "A letter reaches the wrong patient.", "likelihood": "possible", "severity": "significant", "overall": "medium",
    "measures": "Each letter is checked against the record.", "effect": "reduced", "residual": "low", "approved": "yes",
}  # fmt: skip


def passing(question: Question, facts: Mapping[str, str] = {}) -> values.AnswerValue:
    """An answer that meets its question, with a note where one is needed. The device is what triage says it is."""
    wanted = facts.get("device", "class_i") if question.code == "mhra_class" else CHOSEN.get(question.code)
    if wanted and (question.response is Response.FREE_TEXT or wanted in question.labels):
        return values.answer(question, wanted, note="As described.")
    match question.response:
        case Response.RISKS:
            return values.answer(question, [RISK])
        case Response.FREE_TEXT | Response.FILE:
            return values.answer(question, f"What the supplier says about {question.code}.")
        case Response.DATE | Response.DATE_OR_NA:
            return values.answer(question, "2026-03-02")
        case Response.PERCENT:
            return values.answer(question, "99.95")
        case Response.MULTI_CHOICE:
            return values.answer(question, [question.options[0].value], note="As described.")
        case _:
            chosen = question.passes.met[0] if question.passes.met else question.options[0].value
            return values.answer(question, chosen, note="As described.")


def answer_sheet(submission: Submission, code: str, requirement: Requirement | None, asked: Asked, by: Actor) -> AnswerSheet:
    """Answer every question that is asked, confirm what was filled in, and put evidence where it is wanted."""
    at = clock.now()
    sheet = sheets.open_sheet(submission=submission, question_set=code, by=by, at=at)
    if sheet_queries.view(submission, code, asked.route_facts(requirement)).unconfirmed:
        sheets.confirm(sheet=sheet, code="", by=by, at=at)
    item = evidence_item(by, title=f"Evidence for {code}")
    while waiting := _waiting(view := sheet_queries.view(submission, code, asked.route_facts(requirement))):
        sheets.answer_all(sheet=sheet, given=[Given(each.code, passing(each, asked.facts)) for each in waiting], by=by, at=at)
    for question in view.question_set.questions:
        if view.states[question.code].done and values.wants_evidence(question, view.values[question.code]):
            sheets.support(sheet=sheet, code=question.code, evidence=item, by=by, at=at)
    return sheet


def _waiting(view: sheet_queries.SheetView) -> list[Question]:
    asked = [each for each in view.question_set.questions if view.states[each.code].state is State.UNANSWERED]
    return [each for each in asked if each.required]


def document(submission: Submission, requirement: Requirement, by: Actor, **changed: Any) -> None:
    """A document with the facts policy reads from it."""
    item = changed.pop("evidence", None) or evidence_item(by, title=requirement.title)
    said = {
        "title": requirement.title, "version_label": "1.0", "dated_on": date(2026, 10, 5),
        "review_due_on": date(2027, 10, 5), "facts": FACTS[requirement.question_set],
    } | changed  # fmt: skip
    sheets.add_document(submission=submission, requirement=requirement, evidence=item, by=by, at=clock.now(), **said)


def show(world: World, submission: Submission, code: str = "RTH01", *, without: Collection[str] = ()) -> None:
    """Meet every row of policy. `without`: rows to leave out, by their names in policy. Inside a transaction."""
    asked = queries.position(submission).asked
    lead, cso = (world.actor(role, *_where(submission, code)) for role in (Role.DIGITAL_LEAD, Role.CSO))
    for set_code, requirement in asked.sheets.items():
        if (requirement.question_set if requirement else "tool") not in without:
            answer_sheet(submission, set_code, requirement, asked, lead)
    for requirement in asked.requirements:
        row, deployment = requirement.question_set, asked.deployment
        if row in without:
            continue
        if requirement.form is Form.DOCUMENT:
            document(submission, requirement, lead)
        elif row == "risk_plan":
            safety.approve_plan(deployment, safety.write_plan(deployment, cso), cso)
        elif row == "hazard_log":
            hazards(asked, lead, cso)
        elif row == "monitoring_plan":
            plans.write_monitoring_plan(
                deployment=deployment, content=WATCH, depth=requirement.depth, expected_revision=None,
                by=lead, at=clock.now(),
            )  # fmt: skip
        elif row == "not_safety_related":
            plans.decide_safety(
                deployment=deployment, safety_related=False, reason="It orders a rota.",
                direct_care=False, expected_revision=None, by=cso, at=clock.now(),
            )  # fmt: skip


def hazards(asked: Asked, lead: Actor, cso: Actor) -> None:
    """Two scored hazards and an approved version; unscored and without one where the log is short."""
    if asked.requirement("hazard_log").short_says:
        hazard_operations.add_hazard(deployment=asked.deployment, name="Urgent finding missed", by=lead, at=clock.now())
        return
    reason = "Each image is still read within 24 hours."
    safety.scored_hazard(asked.deployment, lead, reason=reason)
    safety.scored_hazard(asked.deployment, lead, name="Image matched to the wrong patient", reason=reason)
    version = versions.make_version(deployment=asked.deployment, by=lead, at=clock.now())
    safety.approve_version(asked.deployment, version, cso)


def judge(world: World, submission: Submission, code: str = "RTH01", *, without: Collection[str] = ()) -> None:
    """Judge every section met, each by its own judge. Inside a transaction."""
    for section in queries.position(submission).asked.sections:
        if section.judged_by and section.code not in without:
            operations.judge(
                submission=submission, section=section.code, outcome="met", reason="Read against the criterion.",
                by=world.actor(section.judged_by, *_where(submission, code)), at=clock.now(),
            )  # fmt: skip


def ready(
    world: World, code: str = "RTH01", *, stage: Stage = Stage.PILOT, without: Collection[str] = (), **draft: Any
) -> Submission:
    """A submission that nothing stops. Takes what `proposals.drafted` takes."""
    submission = proposals.proposed(world, code, stage=stage, **draft)
    with transaction():
        world.appoint_for(submission.deployment.id, code)
    with transaction():
        show(world, submission, code, without=without)
    with transaction():
        judge(world, submission, code)
    return submission


def submit(world: World, submission: Submission, code: str = "RTH01") -> AssurancePack:
    """Freeze the pack. Inside a transaction."""
    return operations.submit(
        submission=submission, by=world.actor(Role.DIGITAL_LEAD, *_where(submission, code)), at=clock.now()
    )


def submitted(world: World, code: str = "RTH01", **draft: Any) -> Submission:
    """A submission with its signers. Takes what `ready` takes."""
    submission = ready(world, code, **draft)
    with transaction():
        submit(world, submission, code)
    return submission


def _where(submission: Submission, code: str) -> tuple[str]:
    assert identity.organisation(submission.organisation_id).code == code
    return (code,)
