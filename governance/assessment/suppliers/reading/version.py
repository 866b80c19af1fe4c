"""Which version of the form this is, from what it says of itself and from the codes it holds.

Codes of version 1.0 mean other things in 2.0 (C1.2, C2.2, C3.2 to C3.6, D1.x), so nothing of such a form is read.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable

from governance.assessment.suppliers.reading.trees import FormFault, fault

_NAMED = r"(?:DTAC|Digital Technology Assessment Criteria|assessment criteria|this form|form)"
_SAYS = re.compile(
    rf"{_NAMED}(?:[^.\n]{{0,60}}?)\b(?:version|ver\.?|v)\s*\.?\s*(\d)(?:\.(\d))?\b"
    rf"|^\W*(?:version|v)\s*\.?\s*(\d)(?:\.(\d))?\b(?!\.\d)",
    re.IGNORECASE,
)


def _codes(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


_MONTHS = {"1": re.compile(r"\b(?:February|April) 2021\b", re.I), "2": re.compile(r"\bFebruary 2026\b", re.I)}
ONLY_IN_1 = _codes(
    "C1.3 C1.3.1 C1.3.2 C1.4 C1.4.1 C2.3 C2.3.1 C2.3.2 C2.4 C2.5 C2.5.1 C4.3 C4.3.1 C4.3.2 C4.4 C4.4.1 D1.1.1 D1.2.1"
    " D1.3.1 D1.6 D1.7 D1.8 D1.9 D1.9.1 D1.10 D1.10.1 D1.11 D1.12 D1.12.1 D1.12.2"
)
ONLY_IN_2 = _codes(
    "A12 C1.2.1 C1.2.2 C1.2.3 C1.2.4 C1.2.5 C2.2.2 C2.2.3 C2.2.4 C2.2.5 C2.2.6 C3.5.1 C4.1.2 C4.1.3 C4.2.2 C4.2.3 C4.2.4"
    " C4.2.5 C4.2.6 D1.4.2 D1.4.3"
)
_ENOUGH = 3


def must_be_2(loose: Iterable[str], codes: Collection[str]) -> None:
    """Raise FormFault unless this is plainly version 2.0 of the form. `loose` is the text outside its questions."""
    said = _said(loose)
    first, second = ONLY_IN_1 & set(codes), ONLY_IN_2 & set(codes)
    if said == {"1"}:
        raise _old("This form says that it is DTAC version 1.0.")
    if "2" not in said and len(first) >= len(second) and first:
        raise _old("This form has questions that only DTAC version 1.0 asks.")
    if said == {"1", "2"} and len(first) > len(second):
        raise _old("This form names both versions, and its questions are those of DTAC version 1.0.")
    if said - {"1", "2"}:
        raise fault("version", "This form names a version of the DTAC that we do not know, so nothing was read.")
    if not said and len(second) < _ENOUGH:
        raise fault("version", "This file does not say that it is a DTAC form of version 2.0, so nothing was read.")


def _said(loose: Iterable[str]) -> set[str]:
    found = set()
    for line in loose:
        for one in _SAYS.finditer(line):
            found.add(one[1] or one[3])
        found |= {version for version, month in _MONTHS.items() if month.search(line)}
    return found


def _old(says: str) -> FormFault:
    return fault("version_1", f"{says} Its codes mean other things in version 2.0, so nothing was read. Ask for version 2.0.")
