"""Two lists of evidence side by side: new, gone, renewed, and what ends earlier than it did."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from governance.assessment.packs.comparison.items import BETTER, WORSE, Item, day
from governance.web.wording import listed

Paper = Mapping[str, Any]
Behind = Mapping[str, Sequence[Paper]]
"""Evidence by what it stands behind: `C3.1`, or the title of a document."""


def compared(before: Behind, after: Behind) -> Iterator[Item]:
    """Each change once, however many answers the item stands behind."""
    found: dict[tuple[str, str, str], list[str]] = {}
    for name in dict.fromkeys([*before, *after]):
        for change in _changes(before.get(name, ()), after.get(name, ())):
            found.setdefault(change, []).append(name)
    for (kind, words, tone), names in found.items():
        yield Item(f"{words} {_behind(names)}.", kind, tone=tone)


def _behind(names: Sequence[str]) -> str:
    shown = [*names[:6], f"{len(names) - 6} more"] if len(names) > 7 else names
    return f"(behind {listed(shown)})"


def _changes(before: Sequence[Paper], after: Sequence[Paper]) -> Iterator[tuple[str, str, str]]:
    was, now = ({identity(each): each for each in side} for side in (before, after))
    gone = [each for key, each in was.items() if key not in now]
    for key, paper in now.items():
        if key in was:
            yield from _same(was[key], paper)
            continue
        old = next((each for each in gone if stands_for(each, paper)), None)
        if old is None:
            yield "evidence.new", f"{_name(paper)} is new", BETTER
        else:
            gone.remove(old)
            yield _renewed(old, paper)
    yield from (("evidence.gone", f"{each['title']} is gone", WORSE) for each in gone)


def _same(old: Paper, new: Paper) -> Iterator[tuple[str, str, str]]:
    """The same file or link, said otherwise."""
    if old["expires_on"] != new["expires_on"]:
        yield _ends(old, new, f"{new['title']}")
    elif old != new:
        labels = {
            "title": "title", "kind": "kind", "issuer": "issuer", "standard": "standard",
            "standard_version": "version of the standard", "issued_on": "day of issue", "shareable": "being shared or kept here",
        }  # fmt: skip
        parts = [words for key, words in labels.items() if old.get(key) != new.get(key)]
        yield "evidence.said", f"{new['title']} is described otherwise: {listed(parts or ['its record'])}", ""


def _renewed(old: Paper, new: Paper) -> tuple[str, str, str]:
    if old["expires_on"] == new["expires_on"]:
        return "evidence.renewed", f"{_name(new)} takes the place of another file", ""
    return _ends(old, new, f"{new['title']} was renewed and")


def _ends(old: Paper, new: Paper, who: str) -> tuple[str, str, str]:
    was = f"until {day(old['expires_on'])}" if old["expires_on"] else "without an end"
    if not new["expires_on"]:
        return "evidence.renewed", f"{who} now counts without an end; it was {was}", BETTER
    if not old["expires_on"] or new["expires_on"] < old["expires_on"]:
        return "evidence.earlier", f"{who} now ends earlier, on {day(new['expires_on'])}; it counted {was}", WORSE
    return "evidence.renewed", f"{who} now counts until {day(new['expires_on'])}; it was {was}", BETTER


def identity(paper: Paper) -> str:
    """What an item is known by: its file, else its link, else its title."""
    return str(paper["sha256"] or paper["url"] or paper["title"])


def stands_for(old: Paper, new: Paper) -> bool:
    """Whether one takes the other's place: the same title, or the same kind of thing by the same issuer to the same standard."""
    about = ("kind", "issuer", "standard")
    return bool(old["title"] == new["title"]) or (
        old["kind"] != "other" and bool(old["standard"]) and all(old[key] == new[key] for key in about)
    )


def _name(paper: Paper) -> str:
    return f"{paper['title']}, until {day(paper['expires_on'])}," if paper["expires_on"] else str(paper["title"])


def of_answers(questions: Iterable[Mapping[str, Any]], name: Any) -> dict[str, list[Paper]]:
    """The evidence of a part's answers, by how each question is called."""
    return {name(each): list(each["evidence"]) for each in questions if each["evidence"]}
