"""Taking a supplier's form, and everything that happens to a link: asked, opened, answered, handed in, taken back, reminded."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from governance import clock
from governance.assessment.evidence import operations as evidence
from governance.assessment.evidence import queries as held
from governance.assessment.evidence.models import Evidence
from governance.assessment.evidence.operations import StoredFile
from governance.assessment.question_sets import loader
from governance.assessment.sheets import operations as sheets
from governance.assessment.sheets import queries as sheet_queries
from governance.assessment.sheets.models import AnswerSheet, SupplierForm, SupplierLink
from governance.assessment.sheets.rules import SUPPLIER, Given, Kept
from governance.assessment.suppliers import notices, queries, rules, tokens
from governance.assessment.suppliers.reading.reader import READ, FilledForm
from governance.audit.record import record
from governance.database import db, one_at_a_time
from governance.errors import Blocker, Conflict, NotVisible, Refused, refuse_if
from governance.intake.models import Submission
from governance.permissions import SYSTEM, Actor, Permission

FORM_KIND, FORM_TITLE = "dtac", "Supplier’s DTAC form"


@dataclass(frozen=True, slots=True)
class Sent:
    """A link that was just made: its row, the address that is shown once, and whether it went by e-mail."""

    link: SupplierLink
    address: str
    mailed: bool


def accept_form(
    *, submission: Submission, question_set: str, form: FilledForm, file: StoredFile, by: Actor, at: datetime
) -> SupplierForm:
    """Keep a form as evidence, its answers unconfirmed on the sheet, and the account of every code: one event.

    An answer that somebody stands behind is left as it is. One file is accepted once on a sheet, however often and by
    whomever it is asked for. Raises Refused, Forbidden, Conflict, NotVisible.
    """
    if not rules.has_form(question_set):
        raise NotVisible()
    one_at_a_time(f"supplier_form:{submission.tool_version_id}:{question_set}")  # two at once would each find none
    sheet = sheets.open_sheet(submission=submission, question_set=question_set, by=by, at=at)
    refuse_if(_nothing_read(form))
    refuse_if(rules.accepted_blockers(queries.accepted(sheet, file.sha256)))
    item = evidence.attach(
        title=FORM_TITLE, kind=FORM_KIND, upload=file, tool_version_id=sheet.tool_version_id, by=by, at=at
    )
    found = rules.taken(form, kept(sheet), file.filename)
    rows = sheets.fill_from_form(sheet=sheet, answers=found.answers, origins=found.origins, by=by, at=at)
    made = SupplierForm(
        organisation_id=sheet.organisation_id,
        sheet_id=sheet.id,
        evidence_id=item.id,
        filename=file.filename,
        sha256=file.sha256,
        account=[list(line) for line in found.account],
        read_by=by.person_id,
        read_at=at,
    )
    db.session.add(made)
    db.session.flush()
    _record(
        "supplier_form.read", sheet, by, at, form=made.id, filename=made.filename, sha256=made.sha256, evidence=item.id,
        answers=[[row.code, row.revision] for row in rows], counts=rules.counted(made.account),
    )  # fmt: skip
    return made


def _nothing_read(form: FilledForm) -> list[Blocker]:
    if form.counts[READ]:
        return []
    return [Blocker("form.nothing", "No answer in this form could be read, so there is nothing to accept.")]


def kept(sheet: AnswerSheet) -> dict[str, Kept]:
    """What stands in the supplier's layer of a sheet, by code."""
    current = sheet_queries.current_answers(sheet)
    return {code: sheet_queries.as_kept(layers[SUPPLIER]) for code, layers in current.items() if SUPPLIER in layers}


def ask(
    *, submission: Submission, question_set: str, name: str, email: str, note: str, until: date, by: Actor, at: datetime
) -> Sent:
    """Make a link for one contact to one sheet until the end of a day, and mail it where mail is set up.

    Raises Refused with codes named as the form's fields, Forbidden, NotVisible.
    """
    by.must(Permission.ASK_SUPPLIER)
    if not rules.may_be_asked(loader.question_set(question_set)):
        raise NotVisible()
    sheet = sheets.open_sheet(submission=submission, question_set=question_set, by=by, at=at)
    there = [each.contact_email for each in queries.links(sheet) if queries.state(each, at).is_open]
    refuse_if(rules.ask_blockers(email=email, until=until, on=clock.london_date(at), open_to=there))
    link = SupplierLink(
        organisation_id=sheet.organisation_id,
        sheet_id=sheet.id,
        token_sha256=secrets.token_hex(32),  # until the row has the number that its token is made of
        contact_name=name.strip(),
        contact_email=email.strip(),
        note=note.strip(),
        sent_by=by.person_id,
        sent_at=at,
        expires_at=rules.ends_at(until),
    )
    db.session.add(link)
    db.session.flush()
    link.token_sha256 = tokens.digest(tokens.token_of(link))
    mailed = notices.write(link, "asked", at)
    _record_link("supplier_link.sent", link, sheet, by, at, contact=link.contact_name, until=until.isoformat(), mailed=mailed)
    address = tokens.address(link)
    assert address is not None
    return Sent(link, address, mailed)


def send_again(*, link: SupplierLink, by: Actor, at: datetime) -> None:
    """Mail the same link again. Raises Refused where it is over or no mail is set up, Conflict when it was just sent again."""
    _own(link, by)
    by.must(Permission.ASK_SUPPLIER)
    _must_be_open(link, at)
    if not queries.mail_is_set_up():
        raise Refused.because("No e-mail can be sent from here. Take this link back and make a new one.", code="link.mail")
    if tokens.address(link) is None:
        raise Refused.because("This link cannot be written again. Take it back and make a new one.", code="link.address")
    if not queries.can_be_answered(link, at):
        raise Refused.because("Nothing is left to answer behind this link. Take it back.", code="link.closed")
    if not notices.write(link, f"again:{at:%Y-%m-%d}", at):
        raise Conflict("This link was sent again today already.")
    _record_link("supplier_link.sent_again", link, _sheet(link), by, at)


def revoke(*, link: SupplierLink, by: Actor, at: datetime) -> None:
    """Take a link back; what was answered stays. Raises Refused where it is over already."""
    _own(link, by)
    by.must(Permission.ASK_SUPPLIER)
    _must_be_open(link, at)
    link.revoked_by, link.revoked_at = by.person_id, at
    _record_link("supplier_link.revoked", link, _sheet(link), by, at)


def open_link(*, link: SupplierLink, by: Actor, at: datetime) -> None:
    """The contact begins. Doing it again changes nothing."""
    _theirs(link, by)
    if link.opened_at is None:
        link.opened_at = at
        _record_link("supplier_link.opened", link, _sheet(link), by, at)


def answer(*, link: SupplierLink, given: Sequence[Given], confirming: str | None, by: Actor, at: datetime) -> None:
    """Keep what a page left, in the contact's own words. Raises Conflict when somebody answered the same meanwhile."""
    _theirs(link, by)
    sheets.save(sheet=_sheet(link), given=given, confirming=confirming, by=by, at=at)


def attach(
    *, link: SupplierLink, code: str, title: str, kind: str, file: StoredFile, issued_on: date | None, expires_on: date | None,
    by: Actor, at: datetime,
) -> Evidence:  # fmt: skip
    """Keep a file of the contact's behind one answer of the sheet. Partners do not see it unless the organisation says so."""
    _theirs(link, by)
    sheet = _sheet(link)
    if code not in loader.question_set(sheet.question_set).by_code:
        raise NotVisible()
    item = evidence.attach(
        title=title, kind=kind, upload=file, tool_version_id=sheet.tool_version_id, issued_on=issued_on, expires_on=expires_on,
        by=by, at=at,
    )  # fmt: skip
    sheets.support(sheet=sheet, code=code, evidence=item, by=by, at=at)
    return item


def take_away(*, link: SupplierLink, code: str, evidence_id: int, by: Actor, at: datetime) -> None:
    """Take a file that this contact attached away from an answer; the organisation keeps it. Raises NotVisible, Conflict."""
    _theirs(link, by)
    item = held.by_ids([evidence_id], organisation_id=link.organisation_id).get(evidence_id)
    if item is None:
        raise NotVisible()
    sheets.stop_supporting(sheet=_sheet(link), code=code, evidence=item, by=by, at=at)


def hand_in(*, link: SupplierLink, by: Actor, at: datetime) -> None:
    """The contact has finished: the link ends, and the digital leads are told."""
    _theirs(link, by)
    link.handed_in_at = at
    notices.handed_in(link, at)
    _record_link("supplier_link.handed_in", link, _sheet(link), by, at)


def remind(*, link: SupplierLink, step: int, at: datetime) -> int:
    """Remind the contact by e-mail and tell the digital leads, `step` days before the end; returns how many leads were new."""
    mailed = notices.write(link, f"reminder:{step}", at)
    if mailed:
        link.reminded_at = at
        _record_link("supplier_link.reminded", link, _sheet(link), SYSTEM, at, days_before=step)
    return notices.ends(link, step, queries.mail_is_set_up(), at)


def _theirs(link: SupplierLink, by: Actor) -> None:
    by.must(Permission.ANSWER_AS_SUPPLIER)
    if by.supplier_link_id != link.id:
        raise NotVisible()


def _own(link: SupplierLink, by: Actor) -> None:
    if link.organisation_id != by.organisation_id:
        raise NotVisible()


def _must_be_open(link: SupplierLink, at: datetime) -> None:
    state = queries.state(link, at)
    if not state.is_open:
        raise Refused.because(f"This link is over already: {state.value}.", code="link.over")


def _sheet(link: SupplierLink) -> AnswerSheet:
    return db.session.get_one(AnswerSheet, link.sheet_id)


def _record_link(kind: str, link: SupplierLink, sheet: AnswerSheet, by: Actor, at: datetime, **payload: object) -> None:
    _record(kind, sheet, by, at, link=link.id, **payload)


def _record(kind: str, sheet: AnswerSheet, by: Actor, at: datetime, **payload: object) -> None:
    record(
        kind, stream=f"organisation:{sheet.organisation_id}", by=by, at=at, organisation_id=sheet.organisation_id,
        sheet=sheet.id, question_set=sheet.question_set, **payload,
    )  # fmt: skip
