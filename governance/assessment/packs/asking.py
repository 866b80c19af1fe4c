"""What of the assessment can be asked about, and whose turn it is to answer: answers, documents, plans, hazards, sections."""

from __future__ import annotations

from governance.assessment.hazards import queries as hazards
from governance.assessment.packs.asked import Asked, asked_of
from governance.assessment.question_sets.loader import question_set
from governance.assessment.sheets import rules as sheets
from governance.errors import NotVisible
from governance.intake import queries as intake
from governance.notifications.queries import path
from governance.permissions import Actor, Role
from governance.policy.schema import Form
from governance.questions import subjects
from governance.questions.subjects import Subject
from governance.register.models import Deployment

PLANS = {
    "risk_plan": ("Clinical risk management plan", "plans.risk.show", Role.CSO),
    "monitoring_plan": ("Monitoring plan", "plans.monitoring.show", Role.DIGITAL_LEAD),
}


def init() -> None:
    """Tell the questions' room what it may find here."""
    subjects.finders.update(answer=answer, document=document, plan=plan, hazard=hazard, section=section)


def answer(deployment: Deployment, key: str, reference: str, by: Actor) -> Subject | None:
    """`key` is the question set and the code of one question: "dtac-2.0:C1.1"."""
    asked = _asked(deployment, reference, by)
    name, _, code = key.partition(":")
    if asked is None or name not in asked.sheets:
        return None
    published = question_set(name)
    if code not in published.by_code:
        return None
    place = path(
        "sheets.section", organisation=by.organisation_code, reference=reference, question_set=name,
        section=published.section_of[code].code,
    )  # fmt: skip
    place += f"#q-{sheets.names(code).answer}"
    words = f"{published.title}, {sheets.numbered(code)}: {published.by_code[code].words}"
    row = asked.sheets[name]
    return Subject("answer", key, _short(words), place, _answers(row.answered_by if row else ()))


def document(deployment: Deployment, key: str, reference: str, by: Actor) -> Subject | None:
    """`key` is the row of policy that a document meets: "dpia"."""
    asked = _asked(deployment, reference, by)
    row = next((each for each in asked.requirements if each.question_set == key), None) if asked else None
    if row is None or row.form is not Form.DOCUMENT:
        return None
    place = path("sheets.documents.document", organisation=by.organisation_code, reference=reference, row=key)
    return Subject("document", key, row.title, place, _answers(row.answered_by))


def plan(deployment: Deployment, key: str, reference: str, by: Actor) -> Subject | None:
    """`key` is "risk_plan" or "monitoring_plan"."""
    if key not in PLANS or _asked(deployment, reference, by) is None:
        return None
    words, endpoint, role = PLANS[key]
    return Subject("plan", key, words, path(endpoint, organisation=by.organisation_code, reference=reference), role)


def hazard(deployment: Deployment, key: str, reference: str, by: Actor) -> Subject | None:
    """`key` is the number of a hazard in the log, which belongs to the deployment: no submission need be open."""
    if not key.isdecimal() or len(key) > 6 or (reference and _asked(deployment, reference, by) is None):
        return None
    try:
        found = hazards.hazard(deployment, int(key))
    except NotVisible:
        return None
    place = path("hazards.show", organisation=by.organisation_code, reference=deployment.reference, number=found.number)
    return Subject("hazard", str(found.number), _short(f"Hazard {found.number}: {found.name}"), place, Role.CLINICAL_LEAD)


def section(deployment: Deployment, key: str, reference: str, by: Actor) -> Subject | None:
    """`key` is the code of a section of the pack: "dtac.c1"."""
    asked = _asked(deployment, reference, by)
    found = next((each for each in asked.sections if each.code == key), None) if asked else None
    if asked is None or found is None:
        return None
    place = path("packs.judging", organisation=by.organisation_code, reference=reference, section=key)
    if found.judged_by is None:
        place = path("packs.submission", organisation=by.organisation_code, reference=reference)
    return Subject("section", key, found.title, place, found.judged_by or Role.DIGITAL_LEAD)


def _asked(deployment: Deployment, reference: str, by: Actor) -> Asked | None:
    if not reference:
        return None
    submission = intake.submission(reference, by)
    if submission.deployment_id != deployment.id or submission.proposed_at is None:
        return None
    return asked_of(submission)


def _answers(roles: tuple[Role, ...]) -> Role:
    """Whose turn it is: the first role that policy names for answering."""
    return roles[0] if roles else Role.DIGITAL_LEAD


def _short(words: str) -> str:
    return words if len(words) <= 200 else f"{words[:199]}…"
