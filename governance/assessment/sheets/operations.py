"""Opening sheets, answering, confirming, and giving documents. Every answer is a new row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from sqlalchemy.exc import IntegrityError

from governance.assessment.evidence import operations as kept
from governance.assessment.evidence.models import Evidence, EvidenceUse
from governance.assessment.question_sets import loader, values
from governance.assessment.question_sets.faults import UnknownQuestionSet
from governance.assessment.question_sets.schema import QuestionSet
from governance.assessment.question_sets.values import AnswerValue
from governance.assessment.sheets import asked, queries, rules
from governance.assessment.sheets.models import Answer, AnswerSheet, Document, SupplierLink
from governance.assessment.sheets.rules import Given
from governance.audit.record import record
from governance.database import db
from governance.errors import Blocker, Conflict, Forbidden, NotVisible, refuse_if
from governance.intake import queries as intake
from governance.intake.models import Submission
from governance.permissions import Actor, Permission
from governance.policy.rules import Requirement, document_blockers

STALE = "Somebody else answered {codes} since you opened the page. Check what it says now and save again."


def open_sheet(*, submission: Submission, question_set: str, by: Actor, at: datetime) -> AnswerSheet:
    """Open a set for this submission's tool version or deployment, or find the one that is open.

    Questions without an answer are filled from the submission's newest model card, each unconfirmed until a person says so.
    """
    _own(submission, by)
    by.must(Permission.ANSWER)
    published = _published(question_set)
    refuse_if(rules.open_blockers(published))
    refuse_if(asked.answer_blockers(submission, asked.sheet_row(submission, question_set), by))
    sheet = opened(submission=submission, published=published, by=by, at=at)
    fill(sheet=sheet, submission=submission, by=by, at=at)
    return sheet


def opened(*, submission: Submission, published: QuestionSet, by: Actor, at: datetime) -> AnswerSheet:
    """The sheet of a set as it is, or an empty one; whoever calls has looked whether it may be. Raises Conflict."""
    sheet = queries.sheet_for(submission, published.code)
    if sheet is None:
        tool = published.scope == "tool"
        sheet = AnswerSheet(
            organisation_id=submission.organisation_id,
            question_set=published.code,
            tool_version_id=submission.tool_version_id if tool else None,
            deployment_id=None if tool else submission.deployment_id,
            opened_by=by.person_id,
            opened_at=at,
        )
        db.session.add(sheet)
        _flush("This sheet was opened by somebody else just now. Open it again.")
        _record("sheet.opened", sheet, by, at)
    return sheet


def answer(
    *,
    sheet: AnswerSheet,
    code: str,
    value: values.Value | None,
    by: Actor,
    at: datetime,
    note: str = "",
    not_applicable: bool = False,
    layer: str | None = None,
    source: str = "typed",
    expected_revision: int | None = None,
) -> Answer:
    """Give one answer. `expected_revision` is what the page showed (0: none); None means whatever is there now.

    Raises Conflict when somebody else answered meanwhile, AnswerFault where the value does not answer the question.
    """
    layer = layer or rules.layer_of(sheet.question_set)
    if expected_revision is None:
        now = queries.current_answers(sheet).get(code, {}).get(layer)
        expected_revision = now.revision if now else 0
    given = Given(code, AnswerValue(value, note=note, not_applicable=not_applicable), expected_revision)
    return answer_all(sheet=sheet, given=[given], layer=layer, source=source, by=by, at=at)[0]


def answer_all(
    *,
    sheet: AnswerSheet,
    given: Sequence[Given],
    by: Actor,
    at: datetime,
    layer: str | None = None,
    source: str = "typed",
    origins: Mapping[str, str] | None = None,
) -> list[Answer]:
    """Give several answers of one page as one event. One that another person overtook stops them all, with Conflict.

    `origins`: where an answer was found, by its code (`dtac-2.0 C2.2.5`), for sources that have such a place.
    """
    _may_write(sheet, by)
    layer = layer or rules.layer_of(sheet.question_set)
    published = loader.question_set(sheet.question_set)
    current = queries.current_answers(sheet)
    now = {code: queries.as_kept(layers[layer]) for code, layers in current.items() if layer in layers}
    overtaken = rules.overtaken(given, now)
    if overtaken:
        raise Conflict(STALE.format(codes=", ".join(overtaken)))
    rows = []
    for each in given:
        if each.code not in published.by_code:
            raise NotVisible()
        if each.answer.chosen and not each.answer.not_applicable:
            values.validate_value(published.by_code[each.code], each.answer.value)
        revision = now[each.code].revision + 1 if each.code in now else 1
        row = _row(sheet, each, layer, source, revision, by, at)
        row.origin = (origins or {}).get(each.code)
        rows.append(row)
    if rows:
        _save(rows)
        told = [[row.code, row.revision] for row in rows]
        found = {"origins": dict(origins)} if origins else {}
        _record("answers.given", sheet, by, at, layer=layer, source=source, answers=told, **found)
    return rows


def save(
    *, sheet: AnswerSheet, given: Sequence[Given], confirming: str | None, by: Actor, at: datetime
) -> None:
    """Keep what a page left, and confirm what waits: one code, "" for all that wait, None for nothing.

    An answer that was typed over needs no confirming any more.
    """
    if given:
        answer_all(sheet=sheet, given=given, source="supplier_link" if by.supplier_link_id else "typed", by=by, at=at)
    waiting = {
        code for code, layers in queries.current_answers(sheet).items() if any(not row.confirmed for row in layers.values())
    }
    if confirming is not None and waiting & ({confirming} if confirming else waiting):
        confirm(sheet=sheet, code=confirming, by=by, at=at)


def confirm(*, sheet: AnswerSheet, code: str, by: Actor, at: datetime) -> list[Answer]:
    """Stand behind an answer that came from a card or form, as it is. An empty `code` confirms all that wait."""
    _may_write(sheet, by)
    current = queries.current_answers(sheet)
    waiting = [
        found for layers in current.values() for found in layers.values() if not found.confirmed and code in ("", found.code)
    ]
    if not waiting:
        raise Conflict("There is nothing left to confirm here.")
    rows = [
        _row(
            sheet, Given(found.code, queries.as_value(found)), found.layer, found.source, found.revision + 1, by, at
        )
        for found in waiting
    ]  # fmt: skip
    for row, found in zip(rows, waiting, strict=True):
        row.origin = found.origin
    _save(rows)
    _record("answers.confirmed", sheet, by, at, answers=[[row.code, row.revision] for row in rows])
    return rows


def fill_from_form(
    *, sheet: AnswerSheet, answers: Mapping[str, AnswerValue], origins: Mapping[str, str], by: Actor, at: datetime
) -> list[Answer]:
    """Keep what was read in a supplier's form, unconfirmed; what somebody says of this version already is left as it is.

    `origins`: where each stands in the file. The event is the caller's, who also keeps the form. Raises Conflict.
    """
    _may_write(sheet, by)
    current, layer = queries.current_answers(sheet), rules.SUPPLIER
    rows = []
    for code, said in answers.items():
        there = current.get(code, {}).get(layer)
        if there is None or not there.confirmed or there.source == rules.TOOL_VERSION:
            revision = there.revision + 1 if there else 1
            rows.append(_row(sheet, Given(code, said), layer, "supplier_form", revision, by, at, confirmed=False))
            rows[-1].origin = origins.get(code, "")[:120] or None
    _save(rows)
    return rows


def support(*, sheet: AnswerSheet, code: str, evidence: Evidence, by: Actor, at: datetime) -> EvidenceUse:
    """Say that an item supports an answer, as whoever may answer. Raises Refused, Forbidden, NotVisible."""
    _may_write(sheet, by)
    return kept.use(evidence=evidence, subject_kind="answer_sheet", subject_id=sheet.id, code=code, by=by, at=at)


def stop_supporting(*, sheet: AnswerSheet, code: str, evidence: Evidence, by: Actor, at: datetime) -> EvidenceUse:
    """Take an item away from an answer, as whoever may answer. Raises Conflict when it was taken away already."""
    _may_write(sheet, by)
    return kept.stop_using(evidence=evidence, subject_kind="answer_sheet", subject_id=sheet.id, code=code, by=by, at=at)


def add_document(
    *,
    submission: Submission,
    requirement: Requirement,
    title: str,
    version_label: str,
    dated_on: date,
    review_due_on: date | None,
    evidence: Evidence,
    facts: Mapping[str, str],
    by: Actor,
    at: datetime,
    expected_revision: int | None = None,
) -> Document:
    """Meet a row of policy with the organisation's own document. A newer one is a new revision.

    Raises Refused when a fact policy reads is missing, or the review is due before the document's date; Conflict when
    somebody added another since the page was opened.
    """
    _own(submission, by)
    _own(evidence, by)
    refuse_if(asked.answer_blockers(submission, requirement, by))
    before = queries.document_for(submission, requirement.question_set)
    there = before.revision if before else 0
    if expected_revision is not None and expected_revision != there:
        raise Conflict("Somebody added another document here since you opened the page. Check it and save again.")
    refuse_if([*document_blockers(requirement, facts), *_date_blockers(dated_on, review_due_on, at)])
    tool = requirement.scope == "tool"
    document = Document(
        organisation_id=submission.organisation_id,
        question_set=requirement.question_set,
        tool_version_id=submission.tool_version_id if tool else None,
        deployment_id=None if tool else submission.deployment_id,
        revision=there + 1,
        title=title,
        version_label=version_label,
        dated_on=dated_on,
        review_due_on=review_due_on,
        evidence_id=evidence.id,
        facts={name: value for name, value in facts.items() if value},
        added_by=by.person_id,
        added_at=at,
    )
    db.session.add(document)
    _flush("Somebody added another document here just now. Check it and save again.")
    record(
        "document.added", stream=f"organisation:{document.organisation_id}", by=by, at=at,
        organisation_id=document.organisation_id, document=document.id, question_set=document.question_set,
        revision=document.revision, evidence=evidence.id,
    )  # fmt: skip
    return document


def _date_blockers(dated_on: date, review_due_on: date | None, at: datetime) -> list[Blocker]:
    blockers = []
    if dated_on > at.date():
        blockers.append(Blocker("dated_on", "The document’s date must be today or in the past."))
    if review_due_on is not None and review_due_on <= dated_on:
        blockers.append(Blocker("review_due_on", "The review must be due after the document’s date."))
    return blockers


def fill(*, sheet: AnswerSheet, submission: Submission, by: Actor, at: datetime) -> None:
    """Write unconfirmed answers, from the register and the newest card, for questions nobody has answered."""
    published, layer = loader.question_set(sheet.question_set), rules.layer_of(sheet.question_set)
    there = queries.current_answers(sheet)
    card = intake.newest_card(submission)
    offered = {
        "register": rules.from_register(published, queries.register_says(submission)),
        "model_card": rules.from_card(published, card.fields) if card else {},
    }
    for source, texts in offered.items():
        rows = [
            _row(sheet, Given(code, AnswerValue(text)), layer, source, 1, by, at, confirmed=False)
            for code, text in texts.items()
            if code not in there
        ]
        if rows:
            _save(rows)
            from_card = {"card": card.id, "card_sha256": card.sha256} if card and source == "model_card" else {}
            _record("answers.filled", sheet, by, at, source=source, codes=[row.code for row in rows], **from_card)


def _row(
    sheet: AnswerSheet, given: Given, layer: str, source: str, revision: int, by: Actor, at: datetime, confirmed: bool = True
) -> Answer:
    return Answer(
        organisation_id=sheet.organisation_id,
        sheet_id=sheet.id,
        code=given.code,
        layer=layer,
        revision=revision,
        value=rules.stored(given.answer.value),
        note=given.answer.note.strip(),
        not_applicable=given.answer.is_not_applicable,
        source=source,
        confirmed=confirmed,
        answered_by=by.person_id,
        supplier_link_id=by.supplier_link_id,
        answered_at=at,
    )


def _save(rows: Sequence[Answer]) -> None:
    db.session.add_all(rows)
    _flush(STALE.format(codes=", ".join(row.code for row in rows)))


def _flush(sentence: str) -> None:
    """Flush; a row that another person wrote in the same moment is a conflict, not a fault."""
    try:
        db.session.flush()
    except IntegrityError as clash:
        raise Conflict(sentence) from clash


def _may_write(sheet: AnswerSheet, by: Actor) -> None:
    if by.supplier_link_id is not None:
        by.must(Permission.ANSWER_AS_SUPPLIER)
        if db.session.get_one(SupplierLink, by.supplier_link_id).sheet_id != sheet.id:
            raise NotVisible()
    else:
        _own(sheet, by)
        by.must(Permission.ANSWER)
    refuse_if(asked.sheet_blockers(sheet, by))


def _published(code: str) -> QuestionSet:
    try:
        return loader.question_set(code)
    except UnknownQuestionSet:
        raise NotVisible() from None


def _own(row: Submission | AnswerSheet | Evidence, by: Actor) -> None:
    """Writing is to the own organisation only; a predecessor's records may be read."""
    if row.organisation_id not in by.scope:
        raise NotVisible()
    if row.organisation_id != by.organisation_id:
        raise Forbidden("This belongs to an organisation that has ended. It can be read, not changed.")


def _record(kind: str, sheet: AnswerSheet, by: Actor, at: datetime, **payload: object) -> None:
    record(
        kind, stream=f"organisation:{sheet.organisation_id}", by=by, at=at, organisation_id=sheet.organisation_id,
        sheet=sheet.id, question_set=sheet.question_set, **payload,
    )  # fmt: skip
