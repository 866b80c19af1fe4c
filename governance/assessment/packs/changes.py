"""What differs between two frozen sections, in words a signer can check: struck out and put in. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from governance.assessment.packs import reading
from governance.permissions import Role
from governance.web.differences import IN, OUT, SAME, Piece, cut, difference
from governance.web.wording import listed

Content = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that changed: what it is, and its words as pieces (`same`, `out`, `in`), further ones in `more`."""

    title: str
    pieces: tuple[Piece, ...]
    more: tuple[tuple[Piece, ...], ...] = ()

    @property
    def lines(self) -> tuple[tuple[Piece, ...], ...]:
        return (self.pieces, *self.more)


def changes(title: str, before: Content | None, after: Content) -> list[Change]:
    """What a section says now that it did not say before. `before` is None where there was no such section."""
    if before is None:
        return [Change(f"{title}, new", ((SAME, "This section was not in the pack you signed."),))]
    found = [*_hazards(before["matter"], after["matter"]), *_blocks(title, before["matter"], after["matter"])]
    said, was = after["judgement"], before["judgement"]
    if said != was and said is not None:
        words = {"met": "met", "not_met": "not met", "query": "query"}[said["outcome"]]
        by = f", by {said['by']}, {Role(said['role']).title}."
        found.append(Change(title, ((SAME, "Judged again: "), (IN, words), (SAME, by))))
    return merged(found) or [Change(title, ((SAME, "Changed in its record, not in its words. Open it to compare."),))]


def carried(title: str, after: Content) -> list[Change]:
    """What is said of a section with the answers and evidence that were signed before, carried over by people who looked."""
    questions = [
        each for part in after["matter"]["parts"] for section in part.get("sections", ()) for each in section["questions"]
    ]
    by = sorted({each["answered_by"] for each in questions if each.get("carried_from")})
    who = f" {listed(by)} read each answer and said that it is still true." if by else ""
    return [Change(title, ((SAME, f"The same answers and the same evidence as you signed.{who}"),))]


def without_gone(title: str, found: Sequence[Change]) -> list[Change]:
    """The same without what is only struck out: a step back or a cease asks less, and what is not asked is no change."""
    kept = []
    for each in found:
        lines = [line for line in each.lines if not _is_gone(line)]
        if lines:
            kept.append(replace(each, pieces=lines[0], more=tuple(lines[1:])))
    return kept or [Change(title, ((SAME, "Nothing is new. Less is asked of it than when you signed."),))]


def _is_gone(line: Sequence[Piece]) -> bool:
    kinds = {kind for kind, words in line if words.strip()}
    return OUT in kinds and IN not in kinds


def merged(found: Sequence[Change]) -> list[Change]:
    """Changes of the same thing as one, each on a line of its own."""
    together: dict[str, Change] = {}
    for each in found:
        first = together.get(each.title)
        together[each.title] = replace(first, more=(*first.more, each.pieces)) if first else each
    return list(together.values())


def _hazards(before: Content, after: Content) -> Iterator[Change]:
    was = {each["number"]: each for each in _log(before)}
    for hazard in _log(after):
        old = was.get(hazard["number"])
        if old is None:
            said = _sentences([((SAME, hazard["name"]),), ((IN, _score(hazard["residual"])),)])
            yield Change(f"Hazard {hazard['number']}, new", said)
        elif old != hazard:
            yield Change(f"Hazard {hazard['number']}", _sentences(_hazard(old, hazard)))


def _sentences(said: Iterable[Sequence[Piece]]) -> tuple[Piece, ...]:
    """Sentences one after the other, each with its full stop where its words have no end of their own."""
    found: list[Piece] = []
    for each in said:
        if found:
            found.append((SAME, " "))
        found += each
        if not each[-1][1].rstrip().endswith((".", "!", "?", "…", ".)")):
            found.append((SAME, "."))
    return tuple(found)


def _hazard(old: Content, new: Content) -> Iterator[Sequence[Piece]]:
    if old["name"] != new["name"]:
        yield difference(old["name"], new["name"])
    for which in ("initial", "residual"):
        if old[which] != new[which]:
            yield from _moved(which, old[which], new[which])
    had, has = ([each["description"] for each in side["controls"]] for side in (old, new))
    for text in (each for each in has if each not in had):
        yield ((SAME, "Control added: "), (IN, cut(text)))
    for text in (each for each in had if each not in has):
        yield ((SAME, "Control gone: "), (OUT, cut(text)))
    if old["acceptance_reason"] != new["acceptance_reason"]:
        yield ((SAME, "Reason it stays: "), *difference(old["acceptance_reason"] or "", new["acceptance_reason"] or ""))
    told = ("name", "initial", "residual", "acceptance_reason")
    if had == has and all(old[name] == new[name] for name in told):
        yield ((SAME, "Details changed: causes, harm, owner, actions or the checks of a control."),)


def _moved(which: str, old: Content | None, new: Content | None) -> Iterator[Sequence[Piece]]:
    if old is None or new is None:
        yield _put(f"{which.capitalize()} score", _score(old), _score(new))
        return
    for part in ("severity", "likelihood"):
        if old[part] != new[part]:
            yield _put(f"{which.capitalize()} {part}", _words(old[part]), _words(new[part]))
    if old["rating"] == new["rating"]:
        yield ((SAME, f"Rating stays {new['rating']}."),)
    else:
        yield _put("Rating", str(old["rating"]), str(new["rating"]))


def _put(name: str, before: str, after: str) -> tuple[Piece, ...]:
    return ((SAME, _named(name)), (OUT, before), (SAME, " "), (IN, after))


def _named(name: str) -> str:
    return f"{name} " if name.endswith(("?", ":", ".")) else f"{name}: "


def _blocks(title: str, before: Content, after: Content) -> Iterator[Change]:
    """Facts, answers, sentences and evidence of the other parts, by what they are called."""
    was, now = _said(before), _said(after)
    for name, words in now.items():
        if was.get(name) != words:
            yield Change(title, _sentences([((SAME, _named(name)), *difference(was.get(name, ""), words))]))
    for name, words in was.items():
        if name not in now:
            yield Change(title, _sentences([((SAME, _named(name)), (OUT, cut(words)))]))


def _said(matter: Content) -> dict[str, str]:
    """Everything that blocks say, by name, the hazards left out, and approvals too: each new version has its own."""
    found: dict[str, str] = {}
    for block in reading.blocks(matter):
        found |= dict(block.facts)
        for answer in block.answers:
            name = answer.code or answer.words
            found[name] = answer.said + (f" ({answer.note})" if answer.note else "")
            found |= {f"{name}, {cut(row.risk)}": row.rating for row in answer.risks}
            if answer.papers:
                found[f"Evidence for {name}"] = ", ".join(paper.title for paper in answer.papers)
        if block.sentences and not block.title.startswith("Approval"):
            found[block.title] = " ".join(block.sentences)
        for paper in block.papers:
            found[f"Evidence for {block.title}"] = f"{paper.title}, {paper.about}"
    return found


def _log(matter: Content) -> list[Content]:
    return [hazard for part in matter["parts"] if part["kind"] == "hazard_log" for hazard in part["hazards"]]


def _score(score: Content | None) -> str:
    if score is None:
        return "not scored"
    return f"{_words(score['severity'])}, {_words(score['likelihood']).lower()}: rating {score['rating']}"


def _words(code: str) -> str:
    return code.replace("_", " ").capitalize()
