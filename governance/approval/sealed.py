"""Sealed rows as an inquiry asks of them: whose, over what, by which key, and whether everything around them agrees."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from governance import canonical
from governance.assessment.packs.models import AssurancePack, PackSection
from governance.audit import chain, reading, receipts
from governance.audit.models import AuditEvent, AuditStream
from governance.audit.redactions import operations as redacting
from governance.audit.redactions import queries as redactions
from governance.database import db
from governance.database.base import Base
from governance.extensions import House
from governance.intake.models import Submission
from governance.register.models import Deployment
from governance.signing import queries as signing
from governance.signing.models import SignOff
from governance.web.wording import moment

ACTS = {"sign": "signed", "advise": "advised", "authorise": "decided"}
SUBJECTS = {
    "assurance_pack": "the assurance pack",
    "risk_plan": "the clinical risk management plan",
    "hazard_log_version": "the version of the hazard log",
    "safety_case": "the safety case report",
    "suspension": "the suspension",
    "resumption": "the end of the suspension",
    "declaration": "the declaration of use",
}
SEALED = "sign_off.sealed"
PACK = "assurance_pack"


@dataclass
class Account:
    """What is said of one sealed row: facts as sentences, and each fault as a sentence. No faults: it stands."""

    said: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    def hold(self, holds: bool, good: str, bad: str) -> None:
        """Say the one or the other; the other is a fault."""
        (self.said if holds else self.faults).append(good if holds else bad)


def found(reference: str) -> Sequence[SignOff]:
    """Sealed rows of a deployment, a submission, or with a check code: a signature's own or its pack's. Oldest first.

    Capitals and small letters are the same here.
    """
    rows = _of_submission(reference.upper()) or _of_deployment(reference.upper())
    if not rows and len(reference) >= 8:
        code = reference.lower()
        packs = sa.select(AssurancePack.id).where(AssurancePack.digest.startswith(code, autoescape=True))
        on_pack = sa.and_(SignOff.subject_kind == PACK, SignOff.subject_id.in_(packs))
        rows = db.session.scalars(sa.select(SignOff).where(on_pack).order_by(SignOff.id)).all()
        rows = rows or [row for row in db.session.scalars(sa.select(SignOff).order_by(SignOff.id)) if row.check_code == code[:8]]
    return rows


def _of_submission(reference: str) -> Sequence[SignOff]:
    packs = sa.select(AssurancePack.id).join(Submission, Submission.id == AssurancePack.submission_id)
    on_pack = sa.and_(SignOff.subject_kind == PACK, SignOff.subject_id.in_(packs.where(Submission.reference == reference)))
    return db.session.scalars(sa.select(SignOff).where(on_pack).order_by(SignOff.id)).all()


def _of_deployment(reference: str) -> Sequence[SignOff]:
    """Those that the deployment's own stream tells of: on its packs, plans, logs, reports and suspensions."""
    number = db.session.scalar(sa.select(Deployment.id).where(Deployment.reference == reference))
    told = db.session.scalars(
        sa.select(AuditEvent.rows).where(AuditEvent.stream == f"deployment:{number}", AuditEvent.kind == SEALED)
    )
    ids = [row[1] for rows in told for row in rows if row[0] == SignOff.__tablename__]
    return db.session.scalars(sa.select(SignOff).where(SignOff.id.in_(ids)).order_by(SignOff.id)).all()


def account(row: SignOff, house: House) -> Account:
    """Everything about one sealed row, read anew."""
    this, ring = Account(), house.keyring
    this.said.append(
        f"{row.person_name} {ACTS.get(row.act.partition('-')[0], row.act)} as {row.role.title} on {moment(row.signed_at)}: "
        f"{row.outcome.replace('_', ' ')}."
    )
    this.said.append(f"{row.appointment_text}." + (f" Registration: {row.registration}." if row.registration else ""))
    this.said.append(f"“{row.statement}”")
    public = ring.public()
    known = "seals now" if row.key_id == ring.current else "sealed earlier" if row.key_id in public else "is not known here"
    seal = f"Key {row.key_id} {known}; check code {row.check_code}."
    this.hold(signing.seal_holds(row, ring), f"{seal} The seal holds.", f"{seal} The seal does not hold.")
    for sentence, holds in _subject(row):
        this.hold(holds, sentence, sentence)
    for sentence, holds in _told(row, house):
        this.hold(holds, sentence, sentence)
    return this


def _subject(row: SignOff) -> Iterator[tuple[str, bool]]:
    """What was signed is there, has the digest that was signed, and its content gives that digest."""
    words = f"{SUBJECTS.get(row.subject_kind, row.subject_kind)} {row.subject_id}"
    table = Base.metadata.tables.get("suspension" if row.subject_kind == "resumption" else row.subject_kind)
    held = None if table is None else db.session.execute(sa.select(table).where(table.c.id == row.subject_id)).mappings().first()
    if held is None or table is None:
        yield f"What was signed, {words}, is not there.", False
        return
    if row.subject_kind == PACK:
        yield from _pack(row, words)
        return
    if row.subject_kind != "resumption":  # which is signed over what the log said at that moment
        agrees = held["digest"] == row.digest
        yield f"It is over {words}, whose digest {'is' if agrees else 'is not'} the one that was signed.", agrees
    if row.subject_kind in redacting.digests:
        given = redacting.digests[row.subject_kind](dict(held))
        agrees = given == redactions.standing(row.subject_kind, row.subject_id, row.digest)
        said = f"Its content {'gives' if agrees else 'does not give'} that digest"
        yield said + _removed(row.subject_kind, row.subject_id), agrees


def _pack(row: SignOff, words: str) -> Iterator[tuple[str, bool]]:
    pack = db.session.get_one(AssurancePack, row.subject_id)
    index = canonical.digest([[each.code, each.digest] for each in pack.sections])
    agrees = index == pack.digest == row.digest
    yield (
        f"It is over {words}, digest {row.digest[:8]}, round {pack.round}: the digest "
        f"{'agrees' if agrees else 'does not agree'} with its {len(pack.sections)} sections.", agrees,
    )  # fmt: skip
    wrong = [each.code for each in pack.sections if canonical.digest(each.content) != _standing(each)]
    yield (f"Each section’s content gives its digest{_parts_removed(pack)}" if not wrong else
           f"These sections are not what was frozen: {', '.join(wrong)}."), not wrong  # fmt: skip
    held = {each.code: each.digest for each in pack.sections}
    other = sorted(code for code, digest in row.section_digests.items() if code in held and held[code] != digest)
    what = ", ".join(sorted(row.section_digests)) or "the whole pack"
    yield (f"Signed: {what}." if not other else f"Signed sections that the pack holds otherwise: {', '.join(other)}."), not other


def _standing(section: PackSection) -> str:
    return redactions.standing(section.__tablename__, section.id, section.digest)


def _parts_removed(pack: AssurancePack) -> str:
    removed = [each.code for each in pack.sections if _standing(each) != each.digest]
    return f"; a text was removed since from {', '.join(removed)}." if removed else "."


def _removed(table: str, number: int) -> str:
    return "; a text was removed from it since." if redactions.of_row(table, number) else "."


def _told(row: SignOff, house: House) -> Iterator[tuple[str, bool]]:
    """The event that told of it, the chain around that, and its receipt outside the database."""
    event = _event(row)
    if event is None:
        yield "No event tells of it.", False
        return
    where = f"event {event['position']} of {event['stream']}"
    digest = next(each[2] for each in event["rows"] if each[:2] == [SignOff.__tablename__, row.id])
    table = Base.metadata.tables[SignOff.__tablename__]
    now = chain.row_hash(dict(db.session.execute(sa.select(table).where(table.c.id == row.id)).mappings().one()))
    same = now == digest or bool(redactions.of_row(SignOff.__tablename__, row.id))
    but = ", but for what was removed since" if same and now != digest else ""
    yield f"Told by {where}, and the row {'is' if same else 'is not'} as told{but}.", same
    linked = chain.is_hash_of(event) and _linked(event)
    yield f"The chain before and after it {'holds' if linked else 'does not hold'}.", linked
    try:
        told, good = receipts.read(house.storage, house.keyring, receipts.key_of(event["stream"], event["position"]))
    except FileNotFoundError:
        told, good = {"hash": ""}, False
    good = good and told["hash"] == event["hash"]
    yield f"Its receipt outside the database {'agrees and is signed' if good else 'is missing or does not agree'}.", good


def _event(row: SignOff) -> dict[str, Any] | None:
    near = sa.and_(reading.EVENTS.c.kind == SEALED, reading.EVENTS.c.organisation_id == row.organisation_id)
    for _, event in reading.rows(db.session(), reading.EVENTS, near):
        if event is not None and any(each[:2] == [SignOff.__tablename__, row.id] for each in event["rows"]):
            return event
    return None


def _linked(event: dict[str, Any]) -> bool:
    """Whether the whole stream holds together, from its first event to its head: a link cut anywhere shows."""
    previous, position = chain.START, 0
    for _, each in reading.rows(db.session(), reading.EVENTS, reading.EVENTS.c.stream == event["stream"]):
        if each is None or each["previous"] != previous or each["position"] != position + 1 or not chain.is_hash_of(each):
            return False
        previous, position = each["hash"], each["position"]
    head = db.session.get(AuditStream, event["stream"])
    return head is not None and (head.position, head.head) == (position, previous)
