"""Which sections say of a new version of the tool what was signed of the one before. Pure.

They are read, judged and signed again like any other; nothing in them is new to whoever signed the pack before.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Protocol

Content = Mapping[str, Any]
SAID = ("code", "state", "value", "words_chosen", "note", "finding")


class Signed(Protocol):
    """A section of a frozen pack, or one as it would be frozen now."""

    @property
    def code(self) -> str: ...
    @property
    def content(self) -> dict[str, Any]: ...


def sections(before: Iterable[Signed], now: Iterable[Signed]) -> frozenset[str]:
    """Codes of the sections that hold answers, each the same as in the pack before, with the same evidence."""
    was = {each.code: each.content["matter"] for each in before}
    return frozenset(each.code for each in now if each.code in was and same(was[each.code], each.content["matter"]))


def same(before: Content, after: Content) -> bool:
    """Whether two matters say the same, whoever said it and when: the same sets, answers and evidence, and answers at all.

    A section that holds anything else than answers is the same only where that does not differ in anything.
    """
    was, now = [_said(part) for part in before["parts"]], [_said(part) for part in after["parts"]]
    answered = [question for part in after["parts"] for question in _questions(part) if question.get("answered_at")]
    return bool(answered) and was == now


def _said(part: Content) -> object:
    if part["kind"] != "answers":
        return part
    return [part["question_set"], [[*(each.get(name) for name in SAID), _papers(each)] for each in _questions(part)]]


def _questions(part: Content) -> list[Content]:
    return [each for section in part.get("sections", ()) for each in section["questions"]]


def _papers(question: Content) -> list[list[object]]:
    """What stands behind an answer, without the version it is said to cover: an item that covers both is the same file."""
    return sorted(
        ([each["title"], each["kind"], each["sha256"], each["url"], each["expires_on"]] for each in question["evidence"]), key=str
    )
