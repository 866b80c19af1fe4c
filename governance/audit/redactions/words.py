"""The words that stand where a text was removed: in the row itself, so every page, PDF, spreadsheet and download shows them."""

import re
from datetime import datetime

from governance.web.wording import MONTHS, long_date

WHAT = "patient details"
_MARKER = re.compile(rf"Removed on [0-9]{{1,2}} (?:{'|'.join(MONTHS)}) [0-9]{{4}}: {WHAT}")


def marker(at: datetime) -> str:
    """`Removed on 3 May 2027: patient details`, the day in London."""
    return f"Removed on {long_date(at)}: {WHAT}"


def is_marker(text: str) -> bool:
    """Whether a text is what a redaction left."""
    return _MARKER.fullmatch(text) is not None


def withheld(at: datetime, reason: str = "") -> str:
    """The sentence where a stored file was; without why for whoever does not read reasons."""
    why = f": {reason.rstrip('.')}" if reason else ""
    return f"This file was removed on {long_date(at)}{why}."
