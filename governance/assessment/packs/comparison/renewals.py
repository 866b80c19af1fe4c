"""Whether all that differs is evidence that was renewed like for like: the same item, standard and version, newer dates. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from governance.assessment.packs.comparison.evidence import Paper, identity, stands_for

SAME = ("kind", "issuer", "standard", "standard_version", "covers", "shareable")


def only_renewed(before: Mapping[str, Any], after: Mapping[str, Any]) -> bool:
    """Of two matters of a section. Answers, documents and everything else say the same, down to who gave them and when."""
    was: list[Sequence[Paper]] = []
    now: list[Sequence[Paper]] = []
    if _bare(before, was) != _bare(after, now) or was == now:
        return False
    return all(_like_for_like(old, new) for old, new in zip(was, now, strict=True))


def _bare(value: Any, papers: list[Sequence[Paper]]) -> Any:
    """The same without evidence, which is put into `papers` in the order in which it stands."""
    if isinstance(value, Mapping):
        found = {}
        for key in sorted(value):
            if key == "evidence" and value[key]:
                papers.append(value[key] if isinstance(value[key], list) else [value[key]])
                found[key] = True
            else:
                found[key] = _bare(value[key], papers)
        return found
    return [_bare(each, papers) for each in value] if isinstance(value, list) else value


def _like_for_like(before: Sequence[Paper], after: Sequence[Paper]) -> bool:
    left = {identity(each): each for each in before}
    fresh = [each for each in after if left.get(identity(each)) != each]
    for each in after:
        if left.get(identity(each)) == each:
            del left[identity(each)]
    for paper in fresh:
        old = next((key for key, each in left.items() if _renews(each, paper)), None)
        if old is None:
            return False
        del left[old]
    return not left


def _renews(old: Paper, new: Paper) -> bool:
    """Whether one is the other, renewed: it ends later; or neither ends, and it was issued later or alone says when."""
    if not stands_for(old, new) or any(old.get(key) != new.get(key) for key in SAME):
        return False
    if old["expires_on"] or new["expires_on"]:
        return bool(old["expires_on"] and new["expires_on"] and new["expires_on"] > old["expires_on"])
    return bool(new["issued_on"] and new["issued_on"] > (old["issued_on"] or ""))
