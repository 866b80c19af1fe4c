"""Which control of one hazard log is which of another. Pure.

A pack gives a control no number of its own, and one that was added would change the digest of every section that is signed.
So a control is known by what it does; one that was reworded, by the words that stayed or by the same evidence of its checks.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from difflib import SequenceMatcher
from typing import Any

Control = Mapping[str, Any]
ALIKE = 0.5
"""So much of the words stays in a control that was reworded; a default of ours."""
CHECKS = ("implementation", "effectiveness")


def paired(before: Sequence[Control], after: Sequence[Control]) -> tuple[list[Control | None], list[Control]]:
    """For each later control the earlier one, None where it is new; and the earlier ones that are gone. Each is used once."""
    found: list[Control | None] = [None] * len(after)
    left = list(range(len(before)))
    for at, control in enumerate(after):
        same = [n for n in left if before[n]["description"] == control["description"]]
        if same:
            n = next((n for n in same if before[n]["kind"] == control["kind"]), same[0])
            found[at] = before[n]
            left.remove(n)
    pairs = [(_alike(before[n], after[at]), n, at) for n in left for at, was in enumerate(found) if was is None]
    for likeness, n, at in sorted(pairs, key=lambda pair: (-pair[0], pair[1], pair[2])):
        if likeness >= ALIKE and n in left and found[at] is None:
            found[at] = before[n]
            left.remove(n)
    return found, [before[n] for n in left]


def _alike(old: Control, new: Control) -> float:
    """How alike two controls are, from 0 to 1."""
    if any(old.get(part) and old.get(part) == new.get(part) for part in CHECKS):
        return 1.0
    was, now = (str(each["description"]).lower().rstrip(".").split() for each in (old, new))
    return SequenceMatcher(None, was, now, autojunk=False).ratio()
