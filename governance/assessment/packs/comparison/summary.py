"""The sentences at the top of a comparison: what rose, what fell, and how much changed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from governance.assessment.packs.comparison.items import Item
from governance.web.wording import listed, plural

NAMED = 6


def summary(items: Iterable[Item], new_sections: Sequence[str]) -> tuple[str, ...]:
    """At most a handful of sentences, the risk to people first; empty where nothing differs."""
    found: dict[str, list[Item]] = {}
    for item in items:
        found.setdefault(item.kind, []).append(item)
    said = [
        *_risk(found),
        *_hazards(found),
        *(each.said for each in found.get("tier", ())[:1] if " tier " in each.said and "reasons" not in each.said),
        *_rights(found),
        *_answers(found),
        *_evidence(found),
        *_judged(found),
    ]
    if new_sections:
        said.append(f"{plural(len(new_sections), 'section')} {_is(new_sections)} new: {listed(new_sections)}.")
    return tuple(said)


def _risk(found: dict[str, list[Item]]) -> Iterator[str]:
    rose, fell = found.get("residual.rose", []), found.get("residual.fell", [])
    parts = [f"rose for {_names(rose)}"] if rose else []
    parts += [f"fell for {_names(fell)}"] if fell else []
    if parts:
        yield f"Residual risk {' and '.join(parts)}."


def _rights(found: dict[str, list[Item]]) -> Iterator[str]:
    """Risks to people’s rights are another register than hazards, with a scale of its own (standards, trap 13)."""
    words = {"rights.rose": "rose", "rights.fell": "fell", "rights.new": "new", "rights.gone": "no longer listed"}
    parts = [f"{len(found[kind])} {said}" for kind, said in words.items() if kind in found]
    if parts:
        yield f"Risks to people’s rights: {listed(parts)}."


def _hazards(found: dict[str, list[Item]]) -> Iterator[str]:
    words = {
        "hazard.new": "new", "hazard.closed": "closed", "hazard.transferred": "transferred", "hazard.opened": "open again",
        "hazard.gone": "no longer in the log",
    }  # fmt: skip
    parts = [f"{_names(found[kind])} {_is(found[kind])} {said}" for kind, said in words.items() if kind in found]
    if parts:
        yield f"{listed(parts)}."


def _answers(found: dict[str, list[Item]]) -> Iterator[str]:
    changed = len({each.about for each in found.get("answer", ())})
    unmet = found.get("unmet", [])
    parts = [f"{plural(changed, 'answer')} changed"] if changed else []
    if unmet:
        verb = "does not meet its criterion" if len(unmet) == 1 else "do not meet their criteria"
        parts.append(f"{_names(unmet)} {verb}")
    if parts:
        yield f"{'; '.join(parts)}."


def _evidence(found: dict[str, list[Item]]) -> Iterator[str]:
    words = {
        "evidence.new": ("is new", "are new"), "evidence.gone": ("is gone", "are gone"),
        "evidence.renewed": ("was renewed", "were renewed"), "evidence.earlier": ("now ends earlier", "now end earlier"),
    }  # fmt: skip
    parts: list[str] = []
    for kind, (one, many) in words.items():
        if n := len(found.get(kind, ())):
            count = str(n) if parts else f"{plural(n, 'piece')} of evidence"
            parts.append(f"{count} {one if n == 1 else many}")
    if parts:
        yield f"{listed(parts)}."


def _judged(found: dict[str, list[Item]]) -> Iterator[str]:
    otherwise, stale = len(found.get("judgement", ())), len(found.get("stale", ()))
    if otherwise:
        yield f"{plural(otherwise, 'section')} {'is' if otherwise == 1 else 'are'} judged otherwise."
    if stale:
        yield f"{plural(stale, 'judgement')} {'was' if stale == 1 else 'were'} given before these changes."


def _names(items: Sequence[Item]) -> str:
    names = list(dict.fromkeys(each.about for each in items))
    return listed(names) if len(names) <= NAMED else listed([*names[: NAMED - 1], f"{len(names) - NAMED + 1} more"])


def _is(items: Sequence[object]) -> str:
    return "is" if len(items) == 1 else "are"
