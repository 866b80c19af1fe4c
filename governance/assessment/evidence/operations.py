"""Attaching evidence, saying what it supports, and putting a newer item in the place of one that expires."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Protocol

import sqlalchemy as sa

from governance import clock
from governance.assessment.evidence import places, queries, rules, tasks
from governance.assessment.evidence.models import Evidence, EvidenceUse
from governance.audit.record import record
from governance.database import db, one_at_a_time
from governance.database.base import Base
from governance.errors import Conflict, Forbidden, NotVisible, refuse_if
from governance.permissions import Actor, Permission
from governance.policy import policy


@dataclass(frozen=True, slots=True, kw_only=True)
class Described:
    """What is said of an item. `standard` is its name ("Cyber Essentials"), `standard_version` the version ("3.3").

    `tool_version_id` is the version it covers; `supplier_id` whose own return it is, whatever the tool.
    """

    title: str
    kind: str
    url: str = ""
    issuer: str = ""
    standard: str = ""
    standard_version: str = ""
    tool_version_id: int | None = None
    supplier_id: int | None = None
    issued_on: date | None = None
    expires_on: date | None = None
    shareable: bool = False

    @property
    def until(self) -> date | None:
        """The last day it counts: as said, else as policy counts from its issue."""
        return self.expires_on or rules.expected_expiry(policy(), self.kind, self.issued_on)


class StoredFile(Protocol):
    """A file that was received, found to be its type, and put into storage before the transaction."""

    @property
    def filename(self) -> str: ...
    @property
    def media_type(self) -> str: ...
    @property
    def size(self) -> int: ...
    @property
    def sha256(self) -> str: ...


def attach(*, by: Actor, at: datetime, upload: StoredFile | None = None, **said: Any) -> Evidence:
    """Keep one file or link. `said` is what `Described` takes: title and kind, and what else is known of it.

    Without `expires_on` the date follows from policy where it sets a validity for the kind; a supplier's own return
    without a supplier takes that of the tool it was attached for. Raises Forbidden, or Refused with codes named as the
    form's fields.
    """
    _may_attach(by)
    item = _new(Described(**said), upload, by, at)
    record(
        "evidence.attached", stream=f"organisation:{item.organisation_id}", by=by, at=at,
        evidence=item.id, sha256=item.sha256, url=item.url,
    )  # fmt: skip
    return item


def renew(
    *, evidence: Evidence, by: Actor, at: datetime, upload: StoredFile | None = None, **said: Any
) -> Evidence:
    """Attach a newer item in the place of one that expires: what stood on the old one stands on the new one.

    Only where that still counts and does not wait for agreement (`Place.moves`). A supplier's own return also takes the
    place of the supplier's other copies that have expired, and closes the task they opened. Raises Conflict when somebody
    renewed it already, and as `attach` does.
    """
    _own(evidence, by)
    by.must(Permission.ATTACH)
    one_at_a_time(f"evidence_renewal:{evidence.id}")
    if queries.renewal_of(evidence) is not None:
        raise Conflict("Somebody attached a newer one already.")
    described = Described(**said)
    refuse_if(rules.renew_blockers(expires_before=evidence.expires_on, expires_on=described.until))
    item = _new(described, upload, by, at, renews_id=evidence.id)
    replaced = [evidence, *tasks.copies(item, on=clock.london_date(at))]
    moved = _move(replaced, item, by, at)
    answered = tasks.answer(item, {each.id for each in replaced}, by=by, at=at)
    record(
        "evidence.renewed", stream=f"organisation:{item.organisation_id}", by=by, at=at, evidence=item.id,
        renews=evidence.id, sha256=item.sha256, url=item.url, moved=moved, tasks=[task.id for task in answered],
    )  # fmt: skip
    return item


def move_on(*, evidence: Evidence, by: Actor, at: datetime) -> Evidence:
    """Let the newer item take the places that could not change when it was attached. Raises Conflict when none is left."""
    _own(evidence, by)
    by.must(Permission.ATTACH)
    newer = queries.renewal_of(evidence)
    moved = _move([evidence], newer, by, at) if newer is not None else []
    if newer is None or not moved:
        raise Conflict("There is nothing left that the newer one can stand behind now.")
    record(
        "evidence.moved_on", stream=f"organisation:{newer.organisation_id}", by=by, at=at, evidence=newer.id,
        renews=evidence.id, moved=moved,
    )  # fmt: skip
    return newer


def cover(*, evidence: Evidence, tool_version_id: int | None, by: Actor, at: datetime) -> Evidence:
    """Say that an item covers another version of the tool too: a new item with the same file or link, and the same dates.

    One that says so already is given back. The older item stays as it is, and goes on covering its own version.
    """
    _own(evidence, by)
    _may_attach(by)
    one_at_a_time(f"evidence_covers:{evidence.id}")
    there = queries.covering(evidence, tool_version_id)
    if there is not None:
        return there
    named = ("title", "kind", "issuer", "standard", "standard_version", "supplier_id", "issued_on", "expires_on", "shareable")
    stored = ("filename", "media_type", "size", "sha256", "url")
    item = Evidence(
        organisation_id=evidence.organisation_id, tool_version_id=tool_version_id, attached_by=by.person_id,
        supplier_link_id=by.supplier_link_id, attached_at=at,
        **{name: getattr(evidence, name) for name in (*named, *stored)},
    )  # fmt: skip
    db.session.add(item)
    db.session.flush()
    record(
        "evidence.covered", stream=f"organisation:{item.organisation_id}", by=by, at=at, evidence=item.id,
        same_as=evidence.id, title=item.title, covers=queries.covered([item]).get(tool_version_id or 0, ""),
        sha256=item.sha256, url=item.url,
    )  # fmt: skip
    return item


def _new(
    said: Described, upload: StoredFile | None, by: Actor, at: datetime, renews_id: int | None = None
) -> Evidence:
    refuse_if(
        rules.attach_blockers(
            policy=policy(), kind=said.kind, has_file=upload is not None, url=said.url, issued_on=said.issued_on,
            expires_on=said.expires_on, on=clock.london_date(at),
        )
    )  # fmt: skip
    assert by.organisation_id is not None
    supplier = said.supplier_id
    if supplier is None and said.kind in rules.RETURNS and said.tool_version_id is not None:
        supplier = queries.only_supplier(said.tool_version_id, by.organisation_id)
    item = Evidence(
        organisation_id=by.organisation_id,
        title=said.title,
        kind=said.kind,
        issuer=said.issuer,
        standard=said.standard,
        standard_version=said.standard_version or None,
        supplier_id=supplier,
        renews_id=renews_id,
        tool_version_id=said.tool_version_id,
        issued_on=said.issued_on,
        expires_on=said.until,
        shareable=said.shareable,
        filename=upload.filename if upload else "",
        media_type=upload.media_type if upload else "",
        size=upload.size if upload else 0,
        sha256=upload.sha256 if upload else None,
        url=said.url or None,
        attached_by=by.person_id,
        supplier_link_id=by.supplier_link_id,
        attached_at=at,
    )
    db.session.add(item)
    db.session.flush()
    return item


def _move(replaced: Sequence[Evidence], newer: Evidence, by: Actor, at: datetime) -> list[list[Any]]:
    """Take what stands on some items over to a newer one; gives [subject, code] for each."""
    there = places.of([each.id for each in replaced])
    wanted = [place.use_id for each in replaced for place in there[each.id] if place.moves]
    rows = db.session.scalars(
        sa.select(EvidenceUse)
        .where(EvidenceUse.id.in_(wanted), EvidenceUse.organisation_id == newer.organisation_id)
        .order_by(EvidenceUse.id)
    ).all()
    moved: dict[tuple[str, int, str], None] = {}
    for row in rows:
        row.removed_by, row.removed_at = by.person_id, at
        moved[(row.subject_kind, row.subject_id, row.code)] = None
    db.session.add_all(
        EvidenceUse(
            organisation_id=newer.organisation_id, evidence_id=newer.id, subject_kind=kind, subject_id=number, code=code,
            added_by=by.person_id, added_at=at,
        )
        for kind, number, code in moved
    )  # fmt: skip
    db.session.flush()
    return [[f"{kind}:{number}", code] for kind, number, code in moved]


def use(
    *, evidence: Evidence, subject_kind: str, subject_id: int, by: Actor, at: datetime, code: str = ""
) -> EvidenceUse:
    """Say that an item supports an answer, document, condition or control of the same organisation. Twice is once."""
    _own(evidence, by)
    _may_attach(by)
    _check_subject(subject_kind, subject_id, by)
    there = queries.use_of(evidence, subject_kind, subject_id, code)
    if there is not None:
        return there
    row = EvidenceUse(
        organisation_id=evidence.organisation_id,
        evidence_id=evidence.id,
        subject_kind=subject_kind,
        subject_id=subject_id,
        code=code,
        added_by=by.person_id,
        added_at=at,
    )
    db.session.add(row)
    _record("evidence.used", row, by, at)
    return row


def stop_using(
    *, evidence: Evidence, subject_kind: str, subject_id: int, by: Actor, at: datetime, code: str = ""
) -> EvidenceUse:
    """Take an item away from what it supported; the item stays. Raises Conflict when it was taken away already."""
    _own(evidence, by)
    _may_attach(by)
    _check_subject(subject_kind, subject_id, by)
    row = queries.use_of(evidence, subject_kind, subject_id, code)
    if row is None:
        raise Conflict("Somebody took this evidence away already.")
    row.removed_by, row.removed_at = by.person_id, at
    _record("evidence.released", row, by, at)
    return row


def _record(kind: str, row: EvidenceUse, by: Actor, at: datetime) -> None:
    record(
        kind, stream=f"organisation:{row.organisation_id}", by=by, at=at,
        evidence=row.evidence_id, subject=f"{row.subject_kind}:{row.subject_id}", code=row.code,
    )  # fmt: skip


def _may_attach(by: Actor) -> None:
    """People of the organisation, and the supplier's contact behind a link."""
    by.must(Permission.ANSWER_AS_SUPPLIER if by.supplier_link_id is not None else Permission.ATTACH)


def _own(item: Evidence, by: Actor) -> None:
    if by.supplier_link_id is not None:
        if item.supplier_link_id != by.supplier_link_id:
            raise NotVisible()
        return
    if item.organisation_id not in by.scope:
        raise NotVisible()
    if item.organisation_id != by.organisation_id:
        raise Forbidden("This evidence belongs to an organisation that has ended. It can be read, not changed.")


def _check_subject(subject_kind: str, subject_id: int, by: Actor) -> None:
    """What is supported must exist in the actor's own organisation; the tables of later rooms are known by name alone."""
    if subject_kind not in rules.SUBJECTS:
        raise NotVisible()
    table = Base.metadata.tables[subject_kind]
    owner = db.session.scalar(sa.select(table.c.organisation_id).where(table.c.id == subject_id))
    if owner != by.organisation_id:
        raise NotVisible()
