"""How long evidence counts, and what it may support. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

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
