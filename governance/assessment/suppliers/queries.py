"""Finding links and forms of a sheet within the actor's scope, and the one link that a token opens."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

import sqlalchemy as sa

from governance import clock
from governance.assessment.evidence.models import Evidence, EvidenceUse
from governance.assessment.question_sets.values import AnswerValue
from governance.assessment.sheets import asked
from governance.assessment.sheets import queries as sheets
from governance.assessment.sheets.models import Answer, AnswerSheet, SupplierForm, SupplierLink
from governance.assessment.sheets.queries import SheetView
from governance.assessment.suppliers import rules, tokens
from governance.assessment.suppliers.rules import LinkState
from governance.database import db
from governance.errors import GovernanceError, NotVisible
from governance.identity.models import Person
from governance.intake.models import Submission
from governance.notifications import queries as notifications
from governance.notifications.models import Delivery
from governance.permissions import Actor

NO_LINK = "This link does not work. It may have ended, been used, or been taken back. Ask whoever sent it to you for a new one."
SHOWN = ("supplier_link", "supplier_form", "register", "model_card")
"""Sources of answers that a supplier's contact may see: their own words, and what is known of the tool anyway."""


class NoLink(GovernanceError):
    """No link has this token: the same sentence whatever the reason."""

    status = 404

    def __init__(self) -> None:
        super().__init__(NO_LINK)


class LinkOver(NoLink):
    """The link was handed in, taken back, or has ended."""

    status = 410


def state(link: SupplierLink, at: datetime) -> LinkState:
    """Where a link stands."""
    return rules.link_state(
        opened_at=link.opened_at, handed_in_at=link.handed_in_at, revoked_at=link.revoked_at, expires_at=link.expires_at, at=at
    )


def opened_by(token: str, at: datetime, *, locked: bool = False) -> SupplierLink:
    """The open link that a token is for; `locked` while something is written behind it. Raises NoLink, LinkOver."""
    query = sa.select(SupplierLink).where(SupplierLink.token_sha256 == tokens.digest(token))
    found = db.session.scalar(query.with_for_update() if locked else query)
    if found is None:
        raise NoLink()
    if not state(found, at).is_open:
        raise LinkOver()
    return found


def contact(link: SupplierLink, at: datetime) -> Actor:
    """The supplier's contact as an actor: one link, in the organisation that sent it, with nothing in scope."""
    return Actor(
        kind="supplier_contact",
        name=link.contact_name,
        organisation_id=link.organisation_id,
        supplier_link_id=link.id,
        on=clock.london_date(at),
    )


def can_be_answered(link: SupplierLink, at: datetime) -> bool:
    """Whether a submission still asks for the link's sheet and takes answers: a link may outlive what it was sent for."""
    return not asked.sheet_blockers(db.session.get_one(AnswerSheet, link.sheet_id), contact(link, at))


def link(link_id: int, sheet: AnswerSheet, by: Actor) -> SupplierLink:
    """One link of a sheet. Raises NotVisible."""
    found = db.session.get(SupplierLink, link_id)
    if found is None or found.organisation_id not in by.scope or found.sheet_id != sheet.id:
        raise NotVisible()
    return found


def links(sheet: AnswerSheet) -> Sequence[SupplierLink]:
    """Every link to a sheet, newest first."""
    query = sa.select(SupplierLink).where(SupplierLink.sheet_id == sheet.id)
    return db.session.scalars(query.order_by(SupplierLink.id.desc())).all()


def open_links(at: datetime) -> Sequence[SupplierLink]:
    """Links of every organisation that nobody has ended, those past their last day too, oldest first."""
    query = sa.select(SupplierLink).where(SupplierLink.handed_in_at.is_(None), SupplierLink.revoked_at.is_(None))
    return db.session.scalars(query.order_by(SupplierLink.id)).all()


def letters(found: Sequence[SupplierLink]) -> Mapping[int, Delivery]:
    """The last e-mail about each link, in one query."""
    if not found:
        return {}
    of = [Delivery.key.like(f"supplier:{each.id}:%") for each in found]
    rows = db.session.scalars(sa.select(Delivery).where(Delivery.kind == "supplier", sa.or_(*of)).order_by(Delivery.id))
    return {int(row.key.split(":")[1]): row for row in rows}


def forms(sheet: AnswerSheet) -> Sequence[SupplierForm]:
    """Every form that was read for a sheet, newest first."""
    query = sa.select(SupplierForm).where(SupplierForm.sheet_id == sheet.id)
    return db.session.scalars(query.order_by(SupplierForm.id.desc())).all()


def form(form_id: int, sheet: AnswerSheet, by: Actor) -> SupplierForm:
    """One form of a sheet. Raises NotVisible."""
    found = db.session.get(SupplierForm, form_id)
    if found is None or found.organisation_id not in by.scope or found.sheet_id != sheet.id:
        raise NotVisible()
    return found


def read_from(form: SupplierForm) -> dict[str, AnswerValue]:
    """The answers that were written when a form was accepted, by code."""
    query = sa.select(Answer).where(
        Answer.sheet_id == form.sheet_id, Answer.source == "supplier_form", Answer.answered_at == form.read_at
    )
    return {row.code: sheets.as_value(row) for row in db.session.scalars(query)}


def asked_of(link: SupplierLink) -> tuple[Submission, SheetView]:
    """The submission that a link's sheet is for, and the sheet as it stands."""
    sheet = db.session.get_one(AnswerSheet, link.sheet_id)
    submission, row = asked.serving(sheet)
    return submission, sheets.view(submission, sheet.question_set, asked.route_facts(submission, row))


def files(link: SupplierLink) -> dict[str, list[Evidence]]:
    """What this link's contact attached and did not take away again, by the question's code."""
    query = (
        sa.select(EvidenceUse.code, Evidence)
        .join(Evidence, Evidence.id == EvidenceUse.evidence_id)
        .where(
            Evidence.supplier_link_id == link.id,
            EvidenceUse.subject_kind == "answer_sheet",
            EvidenceUse.subject_id == link.sheet_id,
            EvidenceUse.removed_at.is_(None),
        )
        .order_by(Evidence.id)
    )
    found: dict[str, list[Evidence]] = {}
    for code, item in db.session.execute(query):
        found.setdefault(code, []).append(item)
    return found


def mail_is_set_up() -> bool:
    """Whether a link can be mailed; otherwise somebody copies its address."""
    return notifications.mail_is_set_up()


def accepted(sheet: AnswerSheet | None, sha256: str) -> rules.Accepted | None:
    """Who accepted this very file on a sheet, and when; None where nobody has."""
    if sheet is None:
        return None
    query = (
        sa.select(SupplierForm.id, Person.name, SupplierForm.read_at)
        .join(Person, Person.id == SupplierForm.read_by)
        .where(SupplierForm.sheet_id == sheet.id, SupplierForm.sha256 == sha256)
        .order_by(SupplierForm.id)
    )
    row = db.session.execute(query).first()
    return rules.Accepted(row.id, row.name, row.read_at) if row else None
