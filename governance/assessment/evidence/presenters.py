"""Evidence as pages show it: plain values with what they say on a day."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from flask import url_for

from governance.assessment.evidence import queries, rules
from governance.assessment.evidence.models import Evidence
from governance.assessment.evidence.places import Place
from governance.permissions import Actor, Permission
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
    may_renew: bool = False


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
        may_renew=item.organisation_id == by.organisation_id and by.may(Permission.ATTACH),
        used=f"supports {plural(used, 'thing')}" if used else "not used yet",
    )


def lines(items: Sequence[Evidence], by: Actor) -> tuple[Line, ...]:
    """Several items, with how often each is used, in one more query."""
    counts = queries.use_counts(item.id for item in items)
    return tuple(line(item, by, counts.get(item.id, 0)) for item in items)


def kind_label(kind: str) -> str:
    """What a kind of evidence is called."""
    return next((row.label for row in policy().evidence_validity if row.kind == kind), kind)


Fact = tuple[str, str] | tuple[str, str, tuple[str, ...]]


def facts(item: Evidence, by: Actor) -> list[Fact]:
    """An item's particulars, as facts for a list; those about another page lead there."""
    where = f"{item.filename}, {file_size(item.size)}" if item.sha256 else (item.url or "")
    supplier = queries.supplier(item)
    pairs = [
        ("Kind", kind_label(item.kind)),
        ("File" if item.sha256 else "Link", where),
        ("Issued by", item.issuer),
        ("Standard", standard(item)),
        ("Covers", queries.covered([item]).get(item.tool_version_id or 0, "")),
        ("Return of", f"{supplier.name}, whatever the tool" if supplier else ""),
        ("Issued on", long_date(item.issued_on)),
        ("Expires", rules.expiry_sentence(item.expires_on, by.on)),
        ("Seen by partners", "Yes" if item.shareable else "No, kept here"),
        ("Attached", f"{long_date(item.attached_at)} by {queries.giver(item)}"),
    ]
    found: list[Fact] = [pair for pair in pairs if pair[1]]
    for name, other in (("Renews", _other(item.renews_id, by)), ("Renewed by", queries.renewal_of(item))):
        if other is not None:
            href = url_for("evidence.item", organisation=by.organisation_code, evidence_id=other.id)
            said = rules.expiry_sentence(other.expires_on, by.on)
            hidden = f"{other.title}, attached {long_date(other.attached_at)}"
            found.append((name, f"{other.title}. {said}", ("Open", href, hidden)))
    return found


def standard(item: Evidence) -> str:
    """The standard with its version."""
    return " ".join(part for part in (item.standard, item.standard_version) if part)


def _other(number: int | None, by: Actor) -> Evidence | None:
    return queries.evidence(number, by) if number is not None else None


@dataclass(frozen=True, slots=True)
class Use:
    """One place where an item is used: what it is, of which tool, where it leads, and what is to be said of it."""

    what: str
    tool: str
    references: str
    href: str
    live: bool
    note: str

    @property
    def where(self) -> str:
        """The tool and its submissions, with what is to be said: what several places share."""
        return " · ".join(part for part in (self.tool, self.references, self.note) if part)


def uses(found: Iterable[Place], by: Actor, *, renewed: bool = False) -> tuple[Use, ...]:
    """Places as pages show them. `renewed`: say of each why the newer item does not stand there."""
    return tuple(
        Use(
            what=place.what,
            tool=place.tool,
            references=", ".join(place.references),
            href=url_for(place.endpoint, organisation=by.organisation_code, **place.values),
            live=place.live,
            note="It counts for nothing any more." if not place.live else place.stays if renewed else "",
        )
        for place in found
    )
