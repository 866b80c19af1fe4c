"""Evidence as pages show it: plain values with what they say on a day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from flask import url_for

from governance.assessment.evidence import queries, rules
from governance.assessment.evidence.models import Evidence, EvidenceUse
from governance.permissions import Actor
from governance.policy import policy
from governance.web.wording import file_size, long_date, plural


@dataclass(frozen=True, slots=True)
class Line:
    """One item: its title and page, what it is, when it expires and whether it has, how often it is used."""

    id: int
    title: str
    href: str
    what: str
    issuer: str
    issued: str
    expiry: str
    expired: bool
    used: str


def line(item: Evidence, by: Actor, used: int = 0) -> Line:
    """One item as a list shows it on the actor's day."""
    return Line(
        id=item.id,
        title=item.title,
        href=url_for("evidence.item", organisation=by.organisation_code, evidence_id=item.id),
        what=kind_label(item.kind),
        issuer=item.issuer,
        issued=long_date(item.issued_on),
        expiry=rules.expiry_sentence(item.expires_on, by.on),
        expired=rules.is_expired(item.expires_on, by.on),
        used=f"supports {plural(used, 'thing')}" if used else "not used yet",
    )


def lines(items: Sequence[Evidence], by: Actor) -> tuple[Line, ...]:
    """Several items, with how often each is used, in one more query."""
    counts = queries.use_counts(item.id for item in items)
    return tuple(line(item, by, counts.get(item.id, 0)) for item in items)


def kind_label(kind: str) -> str:
    """What a kind of evidence is called."""
    return next((row.label for row in policy().evidence_validity if row.kind == kind), kind)


def facts(item: Evidence, attached_by: str, on: date) -> list[tuple[str, str]]:
    """An item's particulars, as pairs for a list of facts."""
    where = f"{item.filename}, {file_size(item.size)}" if item.sha256 else (item.url or "")
    pairs = [
        ("Kind", kind_label(item.kind)),
        ("File" if item.sha256 else "Link", where),
        ("Issued by", item.issuer),
        ("Standard", item.standard),
        ("Issued on", long_date(item.issued_on)),
        ("Expires", rules.expiry_sentence(item.expires_on, on)),
        ("Seen by partners", "Yes" if item.shareable else "No, kept here"),
        ("Attached", f"{long_date(item.attached_at)} by {attached_by}"),
    ]
    return [pair for pair in pairs if pair[1]]


def uses(rows: Sequence[EvidenceUse]) -> list[str]:
    """What an item supports, in words."""
    return [f"{rules.SUBJECTS[row.subject_kind].capitalize()}{f', {row.code}' if row.code else ''}" for row in rows]
