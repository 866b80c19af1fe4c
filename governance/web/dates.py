"""Reading a date as people type it, in three boxes or in one. Pure.

Accepted: `3` `5` `2027`, `3` `May` `2027`, `03` `sept` `2027`, or the whole date in the day box (`3 5 2027`, `3/5/2027`,
`3 May 2027`, `2027-05-03`). Sentences follow the NHS digital service manual, component "Date input".
"""

from __future__ import annotations

import datetime as dt
import re

from governance.web.wording import MONTHS, listed

PARTS = ("day", "month", "year")
EARLIEST_YEAR, LATEST_YEAR = 1900, 2199

_MONTHS = {name.lower(): n for n, name in enumerate(MONTHS, 1)} | {
    name[:3].lower(): n for n, name in enumerate(MONTHS, 1)
}
_MONTHS["sept"] = 9
_YEAR_FIRST = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})", re.ASCII)
_GAPS = re.compile(r"[\s/.,-]+")


class NotADate(ValueError):
    """What was typed is no date. `ending` finishes a sentence that begins with the field's name; `parts` are the wrong boxes."""

    def __init__(self, ending: str, *parts: str) -> None:
        super().__init__(ending)
        self.ending, self.parts = ending, parts or PARTS


def read(day: str, month: str = "", year: str = "") -> dt.date | None:
    """The date typed, or None when nothing was typed. Raises NotADate."""
    boxes = [day.strip(), month.strip(), year.strip()]
    if boxes[0] and not boxes[1] and not boxes[2]:
        boxes = _split(boxes[0])
    if not any(boxes):
        return None
    missing = [part for part, text in zip(PARTS, boxes, strict=True) if not text]
    if missing:
        raise NotADate(f"must include a {listed(missing)}", *missing)
    return _real_date(*boxes)


def _split(text: str) -> list[str]:
    if found := _YEAR_FIRST.fullmatch(text):
        return [found[3], found[2], found[1]]
    pieces = [piece for piece in _GAPS.split(text) if piece]
    return [*pieces, "", "", ""][:3] if len(pieces) <= 3 else [text, "", ""]


def _real_date(day: str, month: str, year: str) -> dt.date:
    d, m, y = (_number(day), _MONTHS.get(month.lower().rstrip("."), _number(month)), _number(year))
    wrong = [part for part, n, most in (("day", d, 31), ("month", m, 12)) if not 1 <= n <= most]
    if y < 0:
        wrong.append("year")
    if wrong:
        raise NotADate("must be a real date", *wrong)
    if len(year) != 4:
        raise NotADate("must have a year of 4 numbers", "year")
    if not EARLIEST_YEAR <= y <= LATEST_YEAR:
        raise NotADate(f"must have a year between {EARLIEST_YEAR} and {LATEST_YEAR}", "year")
    try:
        return dt.date(y, m, d)
    except ValueError:
        raise NotADate("must be a real date") from None


def _number(text: str) -> int:
    """Digits as a number, anything else as -1. No date needs more than four digits."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 4 else -1
