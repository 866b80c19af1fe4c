"""The sweep's world: a submitted and an authorised submission and a draft at the trust, and the address of every route."""

from collections.abc import Iterator
from dataclasses import dataclass

import sqlalchemy as sa
from flask import Flask
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from governance.approval.committees.models import AgendaItem, Committee, Meeting, MeetingAction
from governance.approval.models import Condition
from governance.assessment.evidence.models import Evidence, EvidenceTask
from governance.assessment.hazards.models import Control, HazardImport
from governance.assessment.packs.models import AssurancePack
from governance.assessment.sheets.models import SupplierForm, SupplierLink
from governance.database import db
from governance.identity.models import Appointment, Delegation, Membership
from governance.intake.declarations.models import Declaration, RegisterImport
from governance.intake.models import PolicyAddition, Submission
from governance.jobs.models import Job
from governance.lifecycle import Standing, SubmissionKind, SubmissionStatus
from governance.monitoring.readings.models import ReadingBatch
from governance.monitoring.suspensions.models import SuspensionRequest
from governance.notifications.models import Delivery
from governance.permissions import Permission, Role
from governance.questions.models import Question
from governance.register.models import Deployment
from governance.reports.models import Report
from governance.signing.models import SignOff
from tests import supplied
from tests.contracts import places
from tests.world import World


@dataclass(frozen=True)
class Place:
    """One route in one method with its address."""

    endpoint: str
    method: str
    url: str
    row: places.Row
    vague: bool


def usual() -> dict[str, object]:
    """Values of parameters in the sweep's world. `decided` and `live` are those of the authorised submission."""
    scalar = db.session.scalar
    submission = scalar(sa.select(Submission).where(Submission.status == SubmissionStatus.SUBMITTED))
    decided = scalar(sa.select(Submission).where(Submission.status == SubmissionStatus.AUTHORISED))
    draft = scalar(sa.select(Submission).where(Submission.reference.is_(None)))
    assert submission is not None
    assert submission.deployment is not None
    assert decided is not None
    assert decided.deployment is not None
    assert draft is not None
    where = submission.organisation_id
    found = {
        "organisation": "RTH01",
        "submission": submission.reference,
        "deployment": submission.deployment.reference,
        "decided": decided.reference,
        "live": decided.deployment.reference,
        "draft": draft.id,
        "declared": scalar(sa.select(Deployment.reference).where(Deployment.standing == Standing.DECLARED)),
        "suspended": scalar(sa.select(Deployment.reference).where(Deployment.standing == Standing.SUSPENDED)),
        "ceasing": scalar(sa.select(Submission.reference).where(Submission.kind == SubmissionKind.CEASE)),
        "earlier": scalar(sa.select(Submission.reference).where(Submission.policy_version == "london-1")),
        "request_id": scalar(sa.select(SuspensionRequest.id)),
        "addition_id": scalar(sa.select(PolicyAddition.id)),
        "import_id": scalar(sa.select(RegisterImport.id)),
        "log_import_id": scalar(sa.select(HazardImport.id)),
        "declaration_id": scalar(sa.select(Declaration.id)),
        "number": 1,
        "period": "2026-10-01",
        "batch_id": scalar(sa.select(ReadingBatch.id)),
        "question_set": "dtac-2.0",
        "token": "nothing",
        "supplier_token": supplied.open_token(),
        "link_id": scalar(sa.select(SupplierLink.id)),
        "form_id": scalar(sa.select(SupplierForm.id)),
        "question_id": scalar(sa.select(Question.id)),
        "control_id": scalar(sa.select(Control.id)),
        "evidence_id": scalar(sa.select(Evidence.id)),
        "task_id": scalar(sa.select(EvidenceTask.id)),
        "pack_id": scalar(sa.select(AssurancePack.id).where(AssurancePack.submission_id == decided.id)),
        "condition_id": scalar(sa.select(Condition.id)),
        "committee_id": scalar(sa.select(Committee.id)),
        "meeting_id": scalar(sa.select(Meeting.id).where(Meeting.status == "planned")),
        "item_id": scalar(sa.select(AgendaItem.id).where(AgendaItem.submission_id.is_not(None))),
        "commenting": _commenting(),
        "action_id": scalar(sa.select(MeetingAction.id)),
        "sign_off_id": scalar(sa.select(SignOff.id).where(SignOff.act == "authorise")),
        "report_id": scalar(sa.select(Report.id)),
        "delivery_id": scalar(sa.select(Delivery.id)),
        "job_id": scalar(sa.select(Job.id)),
        "code": str(scalar(sa.select(AssurancePack.digest)))[:8],
        "person_id": scalar(sa.select(Membership.person_id).where(Membership.organisation_id == where)),
        "membership_id": scalar(sa.select(Membership.id).where(Membership.organisation_id == where)),
        "deployment_id": submission.deployment.id,
        "delegation_id": scalar(sa.select(Delegation.id)),
        "appointment_id": scalar(sa.select(Appointment.id).where(Appointment.organisation_id == where)),
    }
    db.session.rollback()
    return found


def _commenting() -> dict[str, object]:
    """The meeting that is open for comments and its item."""
    query = sa.select(Meeting.id, AgendaItem.id).join(AgendaItem, AgendaItem.meeting_id == Meeting.id)
    meeting, item = db.session.execute(query.where(Meeting.status == "commenting")).one()
    return {"meeting_id": meeting, "item_id": item}


def everywhere(app: Flask) -> list[Place]:
    """Every route in every method, each with its address. Raises KeyError for a route without a row."""
    values = usual()
    with app.test_request_context():
        return [
            Place(rule.endpoint, method, _address(app, rule, values), places.ROWS[rule.endpoint],
                  bool(rule.arguments & places.RARELY) or rule.endpoint in places.ABSENT)
            for rule in app.url_map.iter_rules()
            for method in sorted(rule.methods or set())
            if method in ("GET", "POST")
        ]  # fmt: skip


def is_let_in(place: Place, held: frozenset[Permission]) -> bool:
    """Whether the door of a place lets in somebody with these permissions."""
    return not isinstance(place.row.access, tuple) or bool(set(place.row.access) & held)


def walk(app: Flask, role: Role, code: str = "RTH01") -> Iterator[tuple[Place, TestResponse]]:
    """Open every page that a person may open, one after another. Files are closed again."""
    world, client = World(), app.test_client()
    world.sign_in(client, role, code)
    held = world.actor(role, code).permissions
    db.session.rollback()
    for place in everywhere(app):
        if place.method == "GET" and place.endpoint != "static" and is_let_in(place, held):
            with client.get(place.url) as answer:
                yield place, answer


def _address(app: Flask, rule: Rule, values: dict[str, object]) -> str:
    about_tool = "/tools/" in rule.rule or rule.endpoint == "public.tool"
    is_decided = rule.endpoint in places.AUTHORISED
    reference = values[("live" if about_tool else "decided") if is_decided else ("deployment" if about_tool else "submission")]
    if rule.endpoint in places.DECLARED:
        reference = values["declared"]
    if rule.endpoint in places.SUSPENDED:
        reference = values["suspended"]
    if rule.endpoint.startswith("sheets.documents."):
        reference = values["ceasing"]  # a document of the organisation's own is asked there
    if rule.endpoint in ("sheets.carry.move", "policy.move") and "reference" in rule.arguments:
        reference = values["earlier"]
    if rule.endpoint in places.COMMENTING:
        values = values | values["commenting"]  # type: ignore[operator]
    if rule.endpoint.startswith("supplier."):
        values = values | {"token": values["supplier_token"]}
    given = values | {"reference": reference} | places.VALUES.get(rule.endpoint, {})
    return str(app.url_map.bind("localhost").build(rule.endpoint, {name: given[name] for name in rule.arguments}))
