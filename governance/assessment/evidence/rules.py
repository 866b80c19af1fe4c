"""How long evidence counts, what it may support, and what a newer item does. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from governance import clock
from governance.errors import Blocker
from governance.policy import Policy
from governance.web.wording import long_date

SUBJECTS: Mapping[str, str] = {
    "answer_sheet": "an answer",
    "document": "a document",
    "condition": "a condition",
    "control": "a control",
    "declaration": "a declaration",
}
"""What one item may support: the kind, which is also the table's name, and how a page says it."""

OTHER = "other"
RETURNS = ("dspt", "cyber_essentials")
"""Kinds that are yearly returns of the supplier itself, whatever the tool. Source: NHS England’s DTAC guidance and IASME:
both are given to an organisation, not to a product."""

BANDS: tuple[tuple[str, int | None], ...] = (
    ("Within 7 days", 7), ("Within 30 days", 30), ("Within 60 days", 60), ("Within 90 days", 90), ("Later", None),
)  # fmt: skip
"""How the days ahead are told apart: policy's reminders, nearest first."""
EXPIRED = "Expired"


@dataclass(frozen=True, slots=True)
class Piece:
    """One item as far as its expiry goes: what it is, and the last day it counts."""

    title: str
    kind: str
    standard: str
    expires_on: date | None


def expired_behind(pieces: Iterable[Piece], on: date) -> tuple[Piece, ...]:
    """Of what stands behind one thing, what expired without another that still counts in its place.

    Another takes its place where it is of the same kind and the same standard: Cyber Essentials does not stand in for
    Cyber Essentials Plus.
    """
    held = list(pieces)
    counting = {same(piece) for piece in held if not is_expired(piece.expires_on, on)}
    return tuple(piece for piece in held if is_expired(piece.expires_on, on) and same(piece) not in counting)


def same(piece: Piece) -> tuple[str, str]:
    """What makes two items ones of the same: kind and standard; of other evidence without a standard, its title."""
    told = piece.title if piece.kind == OTHER and not piece.standard.strip() else piece.standard
    return piece.kind, " ".join(told.split()).casefold()


def unmet_sentence(what: str, piece: Piece, *, many: bool = False) -> str:
    """What a page says of a question, or of several, whose evidence expired."""
    return f"{what} {'are' if many else 'is'} no longer met: “{piece.title}” expired on {long_date(piece.expires_on)}."


def band(expires_on: date, on: date) -> str:
    """Where an item stands in the list of what expires, seen from a day."""
    if is_expired(expires_on, on):
        return EXPIRED
    return next(title for title, days in BANDS if days is None or expires_on <= on + timedelta(days=days))


def renew_blockers(*, expires_before: date | None, expires_on: date | None) -> list[Blocker]:
    """Why one item cannot take the place of another: it must count for longer."""
    if expires_before is not None and expires_on is not None and expires_on <= expires_before:
        said = f"The newer one must expire after the one it renews, which does on {long_date(expires_before)}."
        return [Blocker("expires_on", said)]
    return []


def is_expired(expires_on: date | None, on: date) -> bool:
    """Evidence counts up to and including the day it expires."""
    return expires_on is not None and expires_on < on


def expected_expiry(policy: Policy, kind: str, issued_on: date | None) -> date | None:
    """When this kind of evidence expires by policy, counted from its issue; None where its own dates say."""
    row = next((row for row in policy.evidence_validity if row.kind == kind), None)
    if row is None or row.months is None or issued_on is None:
        return None
    return clock.add_months(issued_on, row.months)


def attach_blockers(
    *, policy: Policy, kind: str, has_file: bool, url: str, issued_on: date | None, expires_on: date | None, on: date
) -> list[Blocker]:
    """What is missing or out of order before an item can be attached. Codes are the names of the form's fields."""
    blockers = []
    if has_file == bool(url):
        blockers.append(Blocker("file", "Choose a file, or give a link, not both." if url else "Choose a file or give a link."))
    if url and not url.lower().startswith(("https://", "http://")):
        blockers.append(Blocker("url", "The link must begin with https:// or http://."))
    row = next((row for row in policy.evidence_validity if row.kind == kind), None)
    if row is None:
        blockers.append(Blocker("kind", "Choose what kind of evidence it is."))
    elif row.months is not None and issued_on is None:
        blockers.append(Blocker("issued_on", f"{row.label} counts for {row.months} months. Enter the date it was issued."))
    if issued_on is not None and issued_on > on:
        blockers.append(Blocker("issued_on", "The date it was issued must be today or in the past."))
    if issued_on is not None and expires_on is not None and expires_on < issued_on:
        blockers.append(Blocker("expires_on", "It cannot expire before it was issued."))
    return blockers


def expiry_sentence(expires_on: date | None, on: date) -> str:
    """What a page says of an item's expiry on a day."""
    if expires_on is None:
        return "No expiry date"
    return f"{'Expired on' if is_expired(expires_on, on) else 'Expires on'} {long_date(expires_on)}"
