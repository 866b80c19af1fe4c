"""Which figures are taken, what an indicator must say, and what its chart is drawn from. Pure.

Where monitoring begins is our policy ("The line": every deployment from pilot, declared ones from day one). A correction
needs its reason; whoever begins new limits says why (standards.md 9.4). Limits that ask somebody to look are set locally.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from governance.errors import Blocker
from governance.lifecycle import Stage, Standing
from governance.monitoring import spc
from governance.monitoring.readings import periods
from governance.permissions import Role

PLACES, DIGITS = 6, 12
OWNERS = (Role.CLINICAL_LEAD, Role.DIGITAL_LEAD, Role.CSO, Role.SRO)
"""Roles whose turn a signal can be: those that may act on one."""
BETTER = {"up": spc.Improvement.INCREASE, "down": spc.Improvement.DECREASE, "neither": spc.Improvement.NEUTRAL}
DIRECTION_WORDS = {"up": "Higher is better", "down": "Lower is better", "neither": "Neither way is better"}

_NUMBER = re.compile(r"[+-]?(?:\d{1,12}|\d{1,3}(?:,\d{3}){1,3})(?:\.\d{1,6})?", re.ASCII)
_COMPARED = (
    r"(?:(?:at (?:least|most)|no (?:more|less|fewer) than|(?:more|less|fewer) than|under|over|above|below|up to|within)\s+"
    r"|[≤≥<>]\s*)?"
)
_TARGET = re.compile(
    _COMPARED + r"(?P<number>[+-]?[\d,]+(?:\.\d+)?)\s*(?P<unit>[%a-z][a-z %]*(?:[\d,]+)?[a-z ]*)?"
    r"(?: or (?:more|less|fewer|under|over))?",
    re.ASCII | re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Entry:
    """One figure to be entered: the indicator by number, the first day of its period, the value, and a note."""

    number: int
    period_on: date
    value: Decimal
    note: str = ""


@dataclass(frozen=True, slots=True)
class Measured:
    """What the rules need to know of an indicator."""

    number: int
    name: str
    frequency: str
    ended_on: date | None


def read_value(text: str) -> tuple[Decimal | None, str]:
    """(value, "") or (None, what is wrong, to follow on the figure's name). At most 6 decimal places."""
    plain = " ".join(text.split()).replace("−", "-")
    if not plain:
        return None, "is empty"
    if _NUMBER.fullmatch(plain):
        value = Decimal(plain.replace(",", ""))
        return (Decimal(0) if value == 0 else value), ""
    if re.fullmatch(r"[+-]?[\d,]+\.\d{7,}", plain, re.ASCII):
        return None, f"must have {PLACES} decimal places or fewer"
    if re.fullmatch(r"[+-]?[\d,]+(\.\d+)?\s*[^\d\s.,].*", plain):
        return None, "must be the number alone, without its unit"
    return None, "must be a number, like 12.5"


def written(value: Decimal) -> str:
    """A value as it is stored, hashed and put in files: no exponent, no noughts at its end."""
    return "0" if value == 0 else f"{value.normalize():f}"


def said(value: Decimal, unit: str = "") -> str:
    """A value with its unit for a page: `94%`, `6 in 1,000`, `1,250 minutes`."""
    text = f"{value.normalize():,f}".replace("-", "−")
    return f"{text}{unit}" if unit.startswith("%") else f"{text} {unit}".strip()


def target_in(text: str) -> tuple[Decimal, str] | None:
    """(number, unit) where a target plainly is one number with its unit; None where a person must say.

    `2 in 1,000`, `95%`, `at least 95%` and `50 minutes or less` are plain; `between 2 and 4` and `as before` are not.
    """
    found = _TARGET.fullmatch(" ".join(text.split()).rstrip("."))
    if found is None or not _NUMBER.fullmatch(found["number"]):
        return None
    unit = re.sub(r" or (more|less|fewer|under|over)$", "", (found["unit"] or "").strip(), flags=re.IGNORECASE)
    if re.search(r"\d", unit) and not re.fullmatch(r"(in|per|of|out of) [\d,]+( [a-z ]+)?", unit, re.IGNORECASE):
        return None
    if re.search(r"\b(and|or|to|by)\b", unit, re.IGNORECASE):
        return None
    return Decimal(found["number"].replace(",", "")), unit


def owner_role_in(text: str) -> Role | None:
    """The role that a plan's words name as looking at a figure; None where they name none that may act on a signal."""
    words = " ".join(text.casefold().split()).removeprefix("the ")
    names = {role.title.casefold(): role for role in OWNERS} | {role.name.casefold(): role for role in OWNERS}
    return names.get(words)


def is_watched(stage: Stage, standing: Standing) -> bool:
    """Whether a deployment's figures are kept: from Pilot on, or from the day it was declared, until it has ceased."""
    if standing in (Standing.PROPOSED, Standing.CEASED):
        return False
    return standing is Standing.DECLARED or stage.position >= Stage.PILOT.position


def watch_blockers(stage: Stage, standing: Standing) -> list[Blocker]:
    """Why nothing can be measured here."""
    if is_watched(stage, standing):
        return []
    if standing is Standing.CEASED:
        return [Blocker("monitoring.ceased", "This tool has ceased. Its figures are kept as they are.")]
    return [Blocker("monitoring.early", f"Figures are kept from Pilot on. This tool is at {stage.label}, not in use.")]


def indicator_blockers(
    *, name: str, frequency: str, direction: str, target: Decimal | None, low: Decimal | None, high: Decimal | None,
    owner_role: str, taken: Sequence[str] = (),
) -> list[Blocker]:  # fmt: skip
    """What an indicator lacks, or why it cannot be so. `taken` are the names of those measured already."""
    found = []
    if not name.strip():
        found.append(Blocker("name", "Say what is measured."))
    elif name.strip().casefold() in {each.casefold() for each in taken}:
        found.append(Blocker("name", f"“{name.strip()}” is measured already."))
    if frequency not in periods.WITHIN:
        found.append(Blocker("frequency", "Choose how often it is measured."))
    if direction not in BETTER:
        found.append(Blocker("direction", "Choose which way is better."))
    if owner_role not in OWNERS:
        found.append(Blocker("owner_role", "Choose the role that looks into a signal."))
    return [*found, *limit_blockers(low=low, high=high), *_number_blockers({"target": target, "low": low, "high": high})]


def limit_blockers(*, low: Decimal | None, high: Decimal | None) -> list[Blocker]:
    """Why two limits cannot stand together."""
    if low is not None and high is not None and low >= high:
        return [Blocker("limit_high", "The upper limit must be higher than the lower one.")]
    return []


def _number_blockers(given: Mapping[str, Decimal | None]) -> list[Blocker]:
    names = {"target": "The target", "low": "The lower limit", "high": "The upper limit"}
    fields = {"target": "target", "low": "limit_low", "high": "limit_high"}
    return [
        Blocker(fields[code], f"{names[code]} {fault}.")
        for code, value in given.items()
        if value is not None and (fault := read_value(f"{value:f}")[1])
    ]


def entry_blockers(
    entry: Entry, indicator: Measured, *, there: Decimal | None, on: date, where: str = ""
) -> list[Blocker]:
    """Why one figure is not taken. `there` is the figure that its period has; `where` begins each sentence."""
    period = periods.name(entry.period_on, indicator.frequency)
    about = f"{where}{indicator.name}, {period}: "
    code = f"figure.{entry.number}.{entry.period_on.isoformat()}"
    if periods.period_of(entry.period_on, indicator.frequency) != entry.period_on:
        return [Blocker(code, f"{about}no period begins on this day.")]
    found = []
    if periods.ends_on(entry.period_on, indicator.frequency) >= on:
        found.append(f"{about}this period is not over yet.")
    if indicator.ended_on is not None and entry.period_on >= indicator.ended_on:
        found.append(f"{about}it is not measured any more.")
    if fault := read_value(f"{entry.value:f}")[1]:
        found.append(f"{about}the figure {fault}.")
    if there is not None and there != entry.value and not entry.note.strip():
        found.append(f"{about}{written(there)} is held already. Say in a note why it changes.")
    if len(entry.note) > 300:
        found.append(f"{about}the note must be 300 characters or fewer.")
    return [Blocker(code, sentence) for sentence in found]


def rebase_blockers(*, period_on: date, there: Sequence[date], begun: Sequence[date], reason: str) -> list[Blocker]:
    """Why new limits cannot begin with a period: it has no figure, is the first, or they begin there already."""
    found = []
    if period_on not in there:
        found.append(Blocker("period", "New limits can begin only with a period that has a figure."))
    elif period_on == min(there):
        found.append(Blocker("period", "The limits begin with the first figure as it is. Choose a later one."))
    if period_on in begun:
        found.append(Blocker("period", "New limits begin with this period already."))
    if not reason.strip():
        found.append(Blocker("reason", "Say what changed, why, and why it will last."))
    return found


def trial(points: int) -> str:
    """What to know before new limits begin: how many figures stand behind them. Empty where there are enough."""
    short = 13 - points
    if short <= 0:
        return ""
    return f"Limits from there on are on trial until there are 13 figures. There {'is' if points == 1 else 'are'} {points}."


def chart(
    figures: Sequence[tuple[date, Decimal]], *, direction: str, profile: str, target: Decimal | None,
    rebase_on: Sequence[date] = (),
) -> spc.Chart | None:  # fmt: skip
    """The control chart of an indicator's figures, in the order of their periods; None below two figures."""
    if len(figures) < 2:
        return None
    days = [day for day, _ in figures]
    return spc.control_chart(
        [value for _, value in figures],
        days,
        profile=profile,
        improvement=BETTER[direction],
        target=target,
        rebase_on=[day for day in rebase_on if day in days],
    )


def batch_content(rows: Sequence[tuple[int, date, Decimal, int, str]]) -> list[list[object]]:
    """What a batch's digest is over: its rows (indicator id, period, value, revision, note) in order."""
    return [[ident, day.isoformat(), written(value), revision, note] for ident, day, value, revision, note in sorted(rows)]
