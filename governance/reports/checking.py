"""Reading a check code as people type it. Pure."""

from __future__ import annotations

import re

SHORTEST, LONGEST = 8, 64


def read_code(typed: str) -> str | None:
    """The code in small hexadecimal, without the gaps people type; None where it is no code of 8 to 64 characters."""
    code = re.sub(r"[\s\u2010-\u2015.:-]+", "", typed).lower()
    return code if re.fullmatch(rf"[0-9a-f]{{{SHORTEST},{LONGEST}}}", code) else None
