"""The page of one deployment as plain values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from flask import url_for
from markupsafe import Markup

from governance import clock
from governance.approval import after
from governance.approval.models import Condition
from governance.assessment.evidence.models import Evidence, EvidenceUse
from governance.assessment.packs import slots
from governance.assessment.packs.models import AssurancePack
from governance.assessment.sheets.models import Document
from governance.database import db
from governance.intake import queries as intake
from governance.intake.models import Submission
from governance.intake.rules import asked_in_words
from governance.lifecycle import Standing, SubmissionStatus
from governance.permissions import Actor, Permission, Role
from governance.pictures.ladder import Station
from governance.register import presenters as register
from governance.register import queries
from governance.register import slots as room_slots
from governance.register.models import Deployment
from governance.reports import words
from governance.reports.models import Report
from governance.web.wording import long_date

STATUS_WORDS = {
    "open": "Open",
    "offered": "Evidence offered",
    "met": "Met",
    "waived": "Waived",
    "overdue": "Overdue",
    "proposed": "Proposed",
}


@dataclass(frozen=True, slots=True)
class ConditionLine:
    """One condition: what, by whom, by when, and where it stands."""

    text: str
    href: str
    evidence: str
    owner: str
    due: str
    state: str
    late: bool


@dataclass(frozen=True, slots=True)
class EvidenceLine:
    """One item of evidence in use here, with the day it expires."""

    title: str
    href: str
    issuer: str
    expires: str
    late: bool


@dataclass(frozen=True, slots=True)
class SubmissionLine:
    """One submission about this deployment."""

    reference: str
    href: str
    about: str
    state: str


@dataclass(frozen=True, slots=True)
class Page:
    """Everything on the page."""

    title: str
    caption: str
    purpose: str
    stations: tuple[Station, ...]
    standing: Standing
    cells: tuple[tuple[str, str], ...]
    turn: Markup | None
    open_submission: tuple[str, str] | None
    notice: str
    nothing_open: str
    conditions: tuple[ConditionLine, ...]
    evidence: tuple[EvidenceLine, ...]
    submissions: tuple[SubmissionLine, ...]
    answers: tuple[register.Fact, ...]
    live: tuple[register.Fact, ...]
    partners: tuple[str, ...]
    elsewhere: tuple[str, ...]
    history: tuple[register.Happening, ...]
    reports: tuple[tuple[str, str], ...]
    pack: tuple[str, str] | None
    actions: tuple[room_slots.Action, ...]
    banners: tuple[Markup, ...]
    panels: tuple[Markup, ...]
    side: tuple[Markup, ...]


def build(row: Deployment, by: Actor, on: date) -> Page:
    """The page of one own deployment."""
    history = queries.history(row)
    submissions = intake.of_deployment(row)
    running = intake.open_on(row)
    asked = None
    if running is not None and running.stage_asked is not None and running.proposed_at is not None:
        asked = register.Asked(running.stage_asked, clock.london_date(running.proposed_at))
    conditions = conditions_of(row)
    still = sum(each.status in ("open", "offered", "overdue") for each in conditions)
    return Page(
        title=register.title(row),
        caption=register.caption(row),
        purpose=row.purpose,
        stations=register.ladder(row, history, asked),
        standing=row.standing,
        cells=register.strip(row, conditions=len(conditions), open_conditions=still),
        turn=slots.turn_line(running, by, on) if running else None,
        open_submission=_link(running, by) if running else None,
        notice=_notice(row),
        nothing_open=_nothing_open(row, running, submissions, on),
        conditions=tuple(_condition(each, by, on) for each in conditions),
        evidence=_evidence(row, submissions[-1].tool_version_id if submissions else None, by, on),
        submissions=tuple(_submission(each, by) for each in reversed(submissions)),
        answers=register.who_answers(row, on),
        live=register.went_live(queries.go_live(row)),
        partners=register.partners_see(queries.projection(row)),
        elsewhere=register.elsewhere(row),
        history=register.happenings(history),
        reports=_reports(row, by),
        pack=_pack(row),
        actions=(*_actions(row, running, by), *room_slots.actions_for(row, by, on)),
        banners=room_slots.drawn(room_slots.banners, row, by, on),
        panels=room_slots.drawn(room_slots.panels, row, by, on),
        side=room_slots.drawn(room_slots.side, row, by, on),
    )


def conditions_of(row: Deployment) -> list[Condition]:
    """Conditions that a decision has set, the earliest due first."""
    query = sa.select(Condition).where(
        Condition.deployment_id == row.id, Condition.status.not_in(("proposed", "void"))
    )
    return list(db.session.scalars(query.order_by(Condition.due_on, Condition.id)))


def _condition(each: Condition, by: Actor, on: date) -> ConditionLine:
    late = each.due_on < on and each.status in ("open", "offered", "overdue") and each.before_stage is None
    owner = Role(each.owner_role).heading if each.owner_role in list(Role) else each.owner_role
    return ConditionLine(
        text=each.text,
        href=url_for("conditions.condition", organisation=by.organisation_code, condition_id=each.id),
        evidence=f"evidence asked for: {each.evidence_asked}" if each.evidence_asked else "",
        owner=owner,
        due=f"Before {each.before_stage.label}" if each.before_stage else long_date(each.due_on),
        state=STATUS_WORDS[each.status] + (", before it takes effect" if each.kind == "before" else ""),
        late=late,
    )


def _evidence(row: Deployment, version_id: int | None, by: Actor, on: date) -> tuple[EvidenceLine, ...]:
    """Evidence behind the deployment's documents and its tool's, that expires, the soonest first."""
    behind = sa.select(Document.evidence_id).where(
        Document.organisation_id == row.organisation_id,
        sa.or_(Document.deployment_id == row.id, Document.tool_version_id == (version_id or row.tool_version_id)),
    )
    used = sa.select(EvidenceUse.evidence_id).where(
        EvidenceUse.organisation_id == row.organisation_id, EvidenceUse.removed_at.is_(None)
    )
    query = (
        sa.select(Evidence)
        .where(
            Evidence.organisation_id == row.organisation_id,
            Evidence.expires_on.is_not(None),
            sa.or_(
                Evidence.id.in_(behind),
                sa.and_(Evidence.id.in_(used), Evidence.tool_version_id == row.tool_version_id),
            ),
        )
        .order_by(Evidence.expires_on, Evidence.id)
        .limit(6)
    )
    return tuple(
        EvidenceLine(
            title=each.title,
            href=url_for("evidence.item", organisation=by.organisation_code, evidence_id=each.id),
            issuer=each.issuer,
            expires=long_date(each.expires_on),
            late=each.expires_on is not None and each.expires_on < on,
        )
        for each in db.session.scalars(query)
    )


def _submission(each: Submission, by: Actor) -> SubmissionLine:
    what = asked_in_words(each.kind, each.stage_asked) if each.stage_asked else "Not proposed yet"
    return SubmissionLine(each.reference or "", _link(each, by)[1], what, each.status.label)


def _link(each: Submission, by: Actor) -> tuple[str, str]:
    """Its words and its page. A draft has no reference before it is proposed."""
    reference = each.reference
    if reference is None:
        return "The draft of a submission", url_for("intake.draft", organisation=by.organisation_code, draft=each.id)
    return f"Submission {reference}", url_for("packs.submission", organisation=by.organisation_code, reference=reference)


def _notice(row: Deployment) -> str:
    if row.standing is Standing.LAPSED and row.decision_needed_by:
        return f"Lapsed: decision needed by {long_date(row.decision_needed_by)}. It does not stop the tool by itself."
    return ""


def _nothing_open(row: Deployment, running: Submission | None, submissions: Sequence[Submission], on: date) -> str:
    """Why a proposed tool stands still, in a sentence or two; empty where it does not."""
    if row.standing is not Standing.PROPOSED or running is not None or not submissions:
        return ""
    last = submissions[-1]
    if last.status is SubmissionStatus.AUTHORISED:
        held_up = after.not_in_effect(last, on)
        return f"Authorised on {long_date(last.closed_at)}. {held_up}" if held_up else ""
    ended = f"{last.status.label.lower()} on {long_date(last.closed_at)}"
    return f"No submission is open. The last one was {ended}. The tool is not to be used until one is authorised."


def _reports(row: Deployment, by: Actor) -> tuple[tuple[str, str], ...]:
    query = sa.select(Report).join(Submission, Submission.id == Report.submission_id)
    found = db.session.scalars(query.where(Submission.deployment_id == row.id).order_by(Report.id.desc()))
    return tuple(
        (f"Audit report, {words.edition(each.edition)}, issued {long_date(each.issued_at)}",
         url_for("reports.file", organisation=by.organisation_code, report_id=each.id))
        for each in found
    )  # fmt: skip


def _pack(row: Deployment) -> tuple[str, str] | None:
    pack = db.session.get(AssurancePack, row.approved_pack_id) if row.approved_pack_id else None
    return (pack.digest, long_date(pack.frozen_at)) if pack else None


def _actions(row: Deployment, running: Submission | None, by: Actor) -> tuple[room_slots.Action, ...]:
    here: dict[str, Any] = {"organisation": by.organisation_code, "reference": row.reference}
    found = []
    if running is None and by.may(Permission.START_SUBMISSION) and row.standing is not Standing.CEASED:
        text = "Start a submission" if row.standing is Standing.PROPOSED else "Ask for the next step"
        found.append(room_slots.Action(text, url_for("intake.ask_next", **here), main=row.standing is not Standing.DECLARED))
    if by.may(Permission.RECORD_GO_LIVE) and row.standing is Standing.ASSURED:
        found.append(room_slots.Action("Record go-live", url_for("conditions.go_live", **here)))
    if by.may(Permission.MANAGE_PEOPLE):
        found.append(room_slots.Action("Appoint who answers for it", url_for("deployments.appoint", **here)))
    return tuple(found)
