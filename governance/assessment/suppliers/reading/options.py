"""Which option of a question is marked or named. Two that are marked, or one that is none of them, is unclear."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from governance.assessment.question_sets.schema import Question

_BOXES = dict.fromkeys("☒☑✓✔✅🗹🗷⊠◉●⦿■", True) | dict.fromkeys("☐□◻❏❑▢○◯⬜", False)
_TYPED = re.compile(r"\[\s*([xX✓✔]?)\s*\]|\(\s*([xX✓✔]?)\s*\)")
_MARK = re.compile("[" + "".join(_BOXES) + "]")
_ALSO: dict[str, tuple[str, ...]] = {
    "not_applicable": ("not applicable", "n/a", "na", "n.a"),
    "yes": ("yes", "y"),
    "no": ("no", "n"),
    "provided": ("provided",),
    "not_provided": ("not provided", "not available"),
    "confirmed": ("confirmed", "confirm"),
    "unable": ("unable to confirm", "cannot confirm", "unable"),
    "no_access": ("no access", "no access to patient data or nhs systems", "no access to patient data"),
    "uk_only": ("uk only", "united kingdom only", "within the uk only"),
    "outside_uk": ("outside the uk", "outside uk", "outside of the uk", "outside of uk"),
    "standalone_or_mobile": ("standalone software", "mobile app", "standalone", "standalone/mobile app"),
    "wearable": ("wearable",),
    "saas": ("software as a service", "saas", "software as a service (saas)"),
    "other": ("other",),
    "patient_care": ("patient care or support", "patient care", "patient care/support"),
    "diagnostics": ("diagnostics",),
    "clinical_support": ("clinical support",),
    "workforce": ("workforce support or management", "workforce", "workforce support", "workforce support/management"),
    "plan": ("no but there is a plan with a timescale", "no, but there is a plan", "no but there is a plan", "plan"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Chosen:
    """The option's value, None where none is marked; `rest` is what else is written; `unclear` says why nothing is read."""

    value: str | None = None
    rest: tuple[str, ...] = ()
    unclear: str = ""


def is_marked(line: str) -> bool:
    """Whether a line holds a box of any kind."""
    return bool(_MARK.search(line))


def chosen(question: Question, lines: Sequence[str]) -> Chosen:
    """The one option that an answer marks or names."""
    names = _names(question)
    drawn = [_TYPED.sub(lambda m: "☒" if m[1] or m[2] else "☐", line) for line in lines]
    if any(is_marked(line) for line in drawn):
        return _by_boxes(names, drawn)
    return _by_words(names, drawn)


def _names(question: Question) -> dict[str, str]:
    """What each option may be called, in plain words, to its value. A name that two options share names neither."""
    found: dict[str, str] = {}
    shared = set()
    for option in question.options:
        words = (option.words, option.words.partition(":")[0], *_ALSO.get(option.value, ()))
        for name in {_plain(each) for each in words}:
            if found.setdefault(name, option.value) != option.value:
                shared.add(name)
    return {name: value for name, value in found.items() if name not in shared}


def _by_boxes(names: dict[str, str], lines: list[str]) -> Chosen:
    marked: list[tuple[bool, str]] = []
    rest: list[str] = []
    for line in lines:
        if not is_marked(line):
            rest.append(line)
            continue
        pairs = _pairs(line)
        if pairs is None:
            return Chosen(unclear="It is not clear which option a box belongs to.")
        marked += pairs
    ticked = [label for is_on, label in marked if is_on]
    if not ticked:
        return Chosen() if not rest or _lists_options(names, rest) else Chosen(unclear="Text, but no option is marked.")
    if len(ticked) > 1:
        return Chosen(unclear="More than one option is marked, and the question takes one.")
    value, more = _named(names, ticked[0])
    if value is None:
        return Chosen(unclear=f"The option marked, “{ticked[0][:60]}”, is none of this question’s.")
    return Chosen(value, tuple(filter(None, [more, *rest])))


def _pairs(line: str) -> list[tuple[bool, str]] | None:
    """(ticked, label) of each box of a line, whether labels stand after their boxes or before them; None where unclear."""
    pieces = _MARK.split(line)
    boxes = [_BOXES[mark] for mark in _MARK.findall(line)]
    first, last = pieces[0].strip(" ,;|/"), pieces[-1].strip(" ,;|/")
    if not first and last:
        labels = pieces[1:]
    elif first and not last:
        labels = pieces[:-1]
    else:
        return None
    labels = [label.strip(" ,;|/\t") for label in labels]
    return list(zip(boxes, labels, strict=True)) if all(labels) else None


def _by_words(names: dict[str, str], lines: list[str]) -> Chosen:
    if not lines or _lists_options(names, lines):
        return Chosen()
    value, more = _named(names, lines[0])
    if value is None:
        return Chosen(unclear=f"“{lines[0][:60]}” is none of this question’s options.")
    if any(_named(names, line)[0] not in (None, value) for line in lines[1:]):
        return Chosen(unclear="More than one option is named.")
    return Chosen(value, tuple(filter(None, [more, *lines[1:]])))


def _named(names: dict[str, str], text: str) -> tuple[str | None, str]:
    """(option's value, what follows) of a text that is an option's name, or begins with one and a mark of punctuation."""
    plain = _plain(text)
    if plain in names:
        return names[plain], ""
    found = re.match(r"([^,;:.–—(]+?)\s*(?:[,;:.(]|\s[-–—]\s|[–—])\s*(.+)", text, re.DOTALL)
    if found and _plain(found[1]) in names:
        rest = found[2].strip()
        return names[_plain(found[1])], rest[:-1] if rest.endswith(")") and "(" not in rest else rest
    return None, ""


def _lists_options(names: dict[str, str], lines: Sequence[str]) -> bool:
    """Whether a text only lists what may be chosen ("Yes / No"), so that nothing is chosen."""
    whole = [names.get(_plain(line)) for line in lines]
    if all(whole):
        return len(set(whole)) > 1
    pieces = [_plain(piece) for line in lines for piece in re.split(r"\s*(?:[/|,;•]|\bor\b)\s*", line)]
    values = {names.get(piece) for piece in pieces if piece}
    return None not in values and len(values) > 1


def _plain(text: str) -> str:
    said = re.sub(r"\s+", " ", text.lower().replace("’", "'").replace("“", "").replace("”", "")).strip(" .,;:*\"'")
    return re.sub(r"\s*/\s*", "/", said)
