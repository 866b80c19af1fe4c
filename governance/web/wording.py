"""How dates, numbers and lists are written: on pages, in mail and in PDFs alike. Pure.

Style: NHS digital service manual, "Numbers, measurements, dates and time" (dates as 3 May 2027, 24-hour times here because
an audit trail reads better so; times are London times).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from governance.clock import LONDON

MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


def long_date(day: dt.date | dt.datetime | None) -> str:
    """`3 May 2027`; a moment gives its day in London; nothing gives an empty string."""
    if day is None:
        return ""
    if isinstance(day, dt.datetime):
        day = _in_london(day)
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def month(day: dt.date | dt.datetime | None) -> str:
    """`May 2027`."""
    return long_date(day).partition(" ")[2]


def moment(at: dt.datetime | None) -> str:
    """`3 May 2027, 14:02`, London time; nothing gives an empty string. `at` must be aware."""
    return "" if at is None else f"{long_date(at)}, {_in_london(at):%H:%M}"


def plural(n: int, one: str, many: str | None = None) -> str:
    """`1 tool`, `2 tools`, `1,200 people`; `many` is the plural where it is not an added s."""
    return f"{n:,} {one if n == 1 else many or one + 's'}"


def number(n: int) -> str:
    """`1,234`."""
    return f"{n:,}"


def listed(things: Iterable[str], last: str = "and") -> str:
    """`a`, `a and b`, `a, b and c`."""
    *most, final = list(things) or [""]
    return f"{', '.join(most)} {last} {final}" if most else final


def check_code(digest: str | None) -> str:
    """The first eight characters of a digest: what a person compares between a page, a sign-off and a PDF."""
    return (digest or "")[:8]


def file_size(size: int) -> str:
    """`812 bytes`, `14 KB`, `2.4 MB` (1 KB is 1,024 bytes, as limits are set)."""
    if size < 1024:
        return plural(size, "byte")
    if size < 1024 * 1024:
        return f"{max(1, min(1023, round(size / 1024)))} KB"
    return f"{size / 1024 / 1024:.1f} MB".replace(".0 ", " ")


def starting_small(text: str) -> str:
    """`Date of birth` as `date of birth`, for the middle of a sentence; `DTAC form` and `I` stay as they are."""
    first = text.split(" ", 1)[0]
    return text if len(first) < 2 or not first[1:].islower() else text[0].lower() + text[1:]


def _in_london(at: dt.datetime) -> dt.datetime:
    if at.tzinfo is None:
        raise ValueError("A moment without a time zone cannot be written down.")
    return at.astimezone(LONDON)
