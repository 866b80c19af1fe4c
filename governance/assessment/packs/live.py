"""Loading everything a pack is made of, in a fixed number of queries however much there is."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa

from governance.assessment.evidence import queries as evidence
from governance.assessment.evidence.models import Evidence, EvidenceUse
from governance.assessment.hazards import queries as hazards
from governance.assessment.packs import beside, slots
from governance.assessment.packs.asked import Asked
from governance.assessment.packs.matter import Live
from governance.assessment.plans import queries as plans
from governance.assessment.sheets import asked as asking
from governance.assessment.sheets import queries as sheets
from governance.assessment.sheets.models import Document
from governance.database import db
from governance.intake import queries as intake
from governance.lifecycle import SubmissionKind
from governance.policy.schema import Form

READ_BY_STOPS = ("dcb0129", "device", "dpia")
"""Rows of policy whose facts its stops look at."""
Support = dict[tuple[str, int], dict[str, list[dict[str, Any]]]]


def gather(asked: Asked) -> Live:
    """Everything live behind one submission's pack, in the submission's own organisation."""
    submission, deployment = asked.submission, asked.deployment
    earlier = _shown_earlier(asked)
    wanted = {code: asked.route_facts(requirement) for code, requirement in asked.sheets.items()}
    loaded = sheets.views(submission, {code: asked.route_facts(None) for code in earlier.values()} | wanted)
    views = {code: loaded[code] for code in asked.sheets}
    documents = sheets.newest_documents(submission, [row.question_set for row in asked.policy.documents])
    forms = {requirement.form for requirement in asked.requirements}
    return Live(
        sheets=views,
        earlier={row: loaded[code] for row, code in earlier.items()},
        documents=documents,
        support=_support([view.sheet.id for view in views.values() if view.sheet], submission.organisation_id),
        files=_files(documents.values(), submission.organisation_id),
        names=sheets.names_of({document.added_by for document in documents.values()}),
        givers=sheets.givers(answer for view in views.values() for answer in view.answers.values()),
        plans={
            "risk_plan": plans.risk_plan_content(deployment),
            "monitoring_plan": plans.monitoring_plan_content(deployment),
            "safety_decision": plans.safety_decision_content(deployment),
        },
        hazards=hazards.log_content(deployment) if Form.HAZARDS in forms else [],
        log_version=_log_version(asked) if Form.HAZARDS in forms else None,
        triage=_triage(asked),
        tool=_tool(asked),
        beside_log=beside.content(deployment) if Form.HAZARDS in forms else {},
        conditions=[condition.content for condition in asked.carried],
        extras=slots.extras_for(submission),
    )


def _shown_earlier(asked: Asked) -> dict[str, str]:
    """Sets that the stops of policy read though this submission does not ask for them, by row: they were shown before."""
    there = {requirement.question_set for requirement in asked.requirements}
    rows = {
        row.question_set: row.published
        for row in asked.policy.requirements
        if row.question_set in READ_BY_STOPS and row.question_set not in there and row.published
    }
    moved = sheets.moves(asked.submission) if rows else {}
    return {row: asking.newest(code, moved) for row, code in rows.items()}


def _support(sheet_ids: list[int], organisation_id: int) -> Support:
    """Evidence behind the answers of several sheets, oldest first, in one query."""
    query = (
        sa.select(EvidenceUse.subject_id, EvidenceUse.code, Evidence)
        .join(Evidence, Evidence.id == EvidenceUse.evidence_id)
        .where(
            EvidenceUse.organisation_id == organisation_id,
            EvidenceUse.subject_kind == "answer_sheet",
            EvidenceUse.subject_id.in_(sheet_ids),
            EvidenceUse.removed_at.is_(None),
        )
        .order_by(Evidence.id)
    )
    rows = db.session.execute(query).all()
    covers = evidence.covered(row[2] for row in rows)
    found: Support = {}
    for sheet_id, code, item in rows:
        found.setdefault(("answer_sheet", sheet_id), {}).setdefault(code, []).append(evidence.content(item, covers))
    return found


def _files(documents: Iterable[Document], organisation_id: int) -> dict[int, dict[str, Any]]:
    ids = [document.evidence_id for document in documents]
    items = evidence.by_ids(ids, organisation_id=organisation_id)
    covers = evidence.covered(items.values())
    return {key: evidence.content(item, covers) for key, item in items.items()}


def _log_version(asked: Asked) -> dict[str, Any] | None:
    """The newest version that the CSO approved, with the approval."""
    version = hazards.approved_version(asked.deployment)
    approval = hazards.approval_of(version) if version else None
    if version is None or approval is None:
        return None
    return {
        "number": version.number,
        "digest": version.digest,
        "approval": {
            "by": approval.person_name,
            "role": approval.role.value,
            "registration": approval.registration,
            "at": approval.signed_at.isoformat(),
            "check_code": approval.check_code,
        },
    }


def _triage(asked: Asked) -> dict[str, Any]:
    submission, deployment, london = asked.submission, asked.deployment, asked.policy
    triage = intake.triage(submission)
    use_case = deployment.use_case
    return {
        "reference": deployment.reference,
        "organisation": deployment.organisation.name,
        "submitted_by": deployment.submitted_by.name,
        "controller": deployment.controller.name,
        "sites": sorted(site.name for site in deployment.sites),
        "purpose": deployment.purpose,
        "use_case": {
            "name": use_case.name,
            "kind": use_case.kind,
            "setting": use_case.setting,
            "pathway": use_case.pathway,
            "population": use_case.population,
        },
        "asks": {
            "kind": submission.kind.value,
            "kind_label": submission.kind.label,
            "stage_from": submission.stage_from.value,
            "stage_from_label": submission.stage_from.label,
            "stage_asked": asked.stage_asked.value,
            "stage_asked_label": asked.stage_asked.label,
            **_reason(asked),
        },
        "policy": london.named,
        "facts": [
            {"code": row.code, "label": row.label, "value": value, "words": london.fact_label(row.code, value)}
            for row in london.facts
            if (value := asked.facts.get(row.code))
        ],
        "tier": submission.tier,
        "route": submission.route,
        "reasons": [{"code": code, "sentence": sentence} for code, sentence, *_ in (triage.reasons if triage else [])],
        "tier_changes": _tier_changes(asked),
        "same_as": submission.same_as,
    }


def _reason(asked: Asked) -> dict[str, str]:
    """Why it is asked, as the digital lead wrote it; of a progress the pack itself is the reason."""
    said = next((change.reason for change in intake.history(asked.submission) if change.arrow == "propose"), "")
    return {"reason": said} if said and asked.submission.kind is not SubmissionKind.PROGRESS else {}


def _tier_changes(asked: Asked) -> list[dict[str, Any]]:
    changes = intake.tier_changes(asked.submission)
    names = sheets.names_of({change.changed_by for change in changes})
    return [
        {
            "from": change.tier_from,
            "to": change.tier_to,
            "reason": change.reason,
            "role": change.role,
            "by": names[change.changed_by],
            "at": change.changed_at.isoformat(),
        }
        for change in changes
    ]


def _tool(asked: Asked) -> dict[str, Any]:
    version, deployment = asked.submission.tool_version, asked.deployment
    tool = deployment.tool
    return {
        "name": tool.name,
        "version": version.version if version else deployment.tool_version.version,
        "manufacturer": tool.manufacturer.name,
        "supplier": deployment.supplier.name,
        "tool_kind": tool.kind,
        "summary": tool.summary,
    }
