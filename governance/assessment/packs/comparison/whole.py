"""Two packs, or a pack and the live record, as one page: the sections that differ, those that do not, and a summary."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from governance import canonical
from governance.assessment.packs import rules
from governance.assessment.packs.comparison import parts
from governance.assessment.packs.comparison.items import BETTER, WORSE, Item
from governance.assessment.packs.comparison.renewals import only_renewed
from governance.assessment.packs.comparison.summary import summary
from governance.permissions import Role
from governance.web.differences import difference

OUTCOMES = {"met": "met", "not_met": "not met", "query": "query"}
Content = Mapping[str, Any]


class Side(Protocol):
    """A section of either side: frozen in a pack, or built from live records."""

    @property
    def code(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def digest(self) -> str: ...
    @property
    def content(self) -> dict[str, Any]: ...


@dataclass(frozen=True, slots=True)
class SectionChange:
    """One section that differs. `state`: changed, new or gone. `renewed`: all that differs is evidence renewed like for like."""

    code: str
    title: str
    state: str
    items: tuple[Item, ...]
    renewed: bool = False


@dataclass(frozen=True, slots=True)
class Comparison:
    """Everything that differs between two sides, in the order of the later one."""

    changed: tuple[SectionChange, ...]
    unchanged: tuple[str, ...]
    summary: tuple[str, ...]


def compare(before: Iterable[Side], after: Iterable[Side]) -> Comparison:
    """Compare two contents, section by section. Sections with the same digest are not looked into."""
    was, now = {each.code: each for each in before}, {each.code: each for each in after}
    changed, same = [], []
    for code in dict.fromkeys([*now, *was]):
        old, new = was.get(code), now.get(code)
        if old is not None and new is not None and old.digest == new.digest:
            same.append(new.title)
        else:
            changed.append(_section(old, new))
    items = [item for section in changed for item in section.items]
    return Comparison(tuple(changed), tuple(same), summary(items, [each.title for each in changed if each.state == "new"]))


def _section(old: Side | None, new: Side | None) -> SectionChange:
    if new is None:
        assert old is not None
        return SectionChange(old.code, old.title, "gone", (Item(f"{old.title} is no longer asked for.", "section"),))
    if old is None:
        items = [parts.only(each, new=True) for each in new.content["matter"]["parts"]]
        return SectionChange(new.code, new.title, "new", (Item(f"{new.title} was not in the first.", "section"), *items))
    found = tuple(_items(old.content, new.content))
    found = found or (Item("Changed in its record, not in its words.", "record"),)
    return SectionChange(new.code, new.title, "changed", found, _only_renewed(old.content, new.content))


def _only_renewed(old: Content, new: Content) -> bool:
    outcomes = [(side["judgement"] or {}).get("outcome") for side in (old, new)]
    return outcomes[0] == outcomes[1] and only_renewed(old["matter"], new["matter"])


def _items(old: Content, new: Content) -> Iterator[Item]:
    was, now = _parts(old["matter"]["parts"]), _parts(new["matter"]["parts"])
    for key in dict.fromkeys([*now, *was]):
        if key not in was:
            yield parts.only(now[key], new=True)
        elif key not in now:
            yield parts.only(was[key], new=False)
        elif was[key] != now[key]:
            yield from parts.part(was[key], now[key])
    yield from _judgement(old, new)


def _parts(found: Sequence[Content]) -> dict[tuple[str, str], Content]:
    """Parts by what they are: of answers the set, of documents the row; others by their kind and title."""
    return {(each["kind"], str(each.get("question_set") or each.get("row") or each.get("title") or "")): each for each in found}


def _judgement(old: Content, new: Content) -> Iterator[Item]:
    was, now = old["judgement"], new["judgement"]
    if now is None:
        if was is not None:
            yield Item("It is not judged any more.", "judgement", tone=WORSE)
        return
    who = f"by {now['by']}, {Role(now['role']).title}" if now["by"] else f"by the {Role(now['role']).title}"
    words = OUTCOMES[now["outcome"]]
    if was is None:
        yield Item(f"Judged {words}, {who}.", "judgement")
    elif was["outcome"] != now["outcome"]:
        tone = BETTER if now["outcome"] == "met" else WORSE if was["outcome"] == "met" else ""
        yield Item(f"Judged again: {words}, {who}. It was {OUTCOMES[was['outcome']]}.", "judgement", tone=tone)
    elif (was["at"], was["reason"]) != (now["at"], now["reason"]):
        reason = (difference(was["reason"], now["reason"]),) if was["reason"] != now["reason"] else ()
        yield Item(f"Judged again, still {words}, {who}.", "judged.again", lines=reason)
    if canonical.digest(rules.judged(new["matter"])) != now["digest"]:
        yield Item(f"The judgement, {words}, was given before these changes.", "stale", tone=WORSE)
