"""Question codes as people and word processors leave them. A text that may be two codes is none.

A code alone in its cell may hold stray spaces, any kind of dash for its dots, and marks at its end. Before its question it
is taken only as it is printed, because "C1. 2 of our users" must never become C1.2. A dash after a dot may be a range: "C4.1-2".
"""

from __future__ import annotations

import re
import unicodedata

_DASHES = "‐‑‒–—―−﹣－-"
_ALONE = re.compile(r"([A-D])\s*(\d{1,2})((?:\s*[.·]\s*\d{1,2}|-\d{1,2}){0,3})\s*[.:)\-]*", re.IGNORECASE)
_BEFORE = re.compile(r"\(?([A-D]\d{1,2}(?:\.\d{1,2}){0,3})(?:[.:)]|\s*-)?\s+(?=[^\d.\s])", re.IGNORECASE)
_WORDS_BEFORE = re.compile(r"(question|q|ref|code|no|number)\s*[.:]?\s+", re.IGNORECASE)


def alone(text: str) -> str:
    """The code that a cell holds and nothing else; empty where it holds something else."""
    said = _plain(text)
    found = _ALONE.fullmatch(_WORDS_BEFORE.sub("", said, count=1) if _WORDS_BEFORE.match(said) else said.removeprefix("("))
    if not found:
        return ""
    rest = re.sub(r"\s", "", found[3]).replace("·", ".")
    return "" if "." in rest and "-" in rest else f"{found[1].upper()}{found[2]}{rest.replace('-', '.')}"


def before(text: str) -> tuple[str, str]:
    """(code, the words after it) of a cell that begins with a code as printed; two empty texts otherwise."""
    said = _plain(text)
    found = _BEFORE.match(said)
    return (found[1].upper(), said[found.end() :].strip()) if found else ("", "")


def _plain(text: str) -> str:
    said = unicodedata.normalize("NFKC", text[:2000]).translate({ord(dash): "-" for dash in _DASHES})
    return re.sub(r"\s+", " ", said).strip()
