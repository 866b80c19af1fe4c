"""What each row of a register would make, or why it cannot be brought in. Pure: nothing is written or looked up.

Names are compared with the register and with each other as `register.matching` does. The same name by the same
manufacturer is the same tool; one that only looks like another is a question to a person, and a fault until it is answered.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from governance.intake.declarations import rules
from governance.intake.declarations.sheet_rules import LEAVE_OUT, Mapped, meanings, read_row, site_names
from governance.lifecycle import Stage
from governance.register.matching import Candidate, Match, Shelf, name_key
from governance.spreadsheets import Row

OTHER = "other"
SHOWN_ALIKE = 5
Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Place:
    """An organisation that rows may name, and how many open sites it has."""

    id: int
    code: str
    name: str
    sites: int


@dataclass(frozen=True)
class Register:
    """What the register holds already. `uses`: (organisation, tool, key of the use) to the reference of what has not ceased."""

    tools: tuple[Candidate, ...]
    uses: Mapping[tuple[int, int, str], str]

    @cached_property
    def others(self) -> Mapping[tuple[int, int], str]:
        """(organisation, tool) to one of its references, whatever the use."""
        return {(place, tool): reference for (place, tool, _), reference in self.uses.items()}


@dataclass(frozen=True, slots=True)
class Line:
    """One row: where it goes, what it says, and what keeps it out. `tool_id` is one of the register, `like_row` the first row
    of the same tool in the file; with neither the row makes a new tool. `left_out` rows make nothing."""

    number: int
    place: Place | None
    values: Mapping[str, str]
    faults: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    left_out: bool = False
    tool_id: int | None = None
    like_row: int | None = None

    @property
    def named(self) -> str:
        """The tool with its version."""
        return " ".join(filter(None, (self.values["tool_name"] or "No name", self.values["version"])))

    @property
    def about(self) -> str:
        """Who makes it, and the stage."""
        stage = self.values["stage"]
        label = Stage(stage).label if stage in set(Stage) else ""
        return ", ".join(filter(None, (self.values["manufacturer"], label)))

    @property
    def says(self) -> str:
        """What the row would make, in one line."""
        return ", ".join(filter(None, (self.named, self.about)))


@dataclass(frozen=True, slots=True)
class Question:
    """Which tool a name means: `options` as (choice, label, why), besides that it is another tool. `chosen` may be empty."""

    row: int
    name: str
    maker: str
    options: tuple[tuple[str, str, str], ...]
    chosen: str


@dataclass(frozen=True)
class Check:
    """The whole account, in the order of the file, and the questions it raises."""

    lines: tuple[Line, ...]
    questions: tuple[Question, ...] = field(default=())

    @property
    def ready(self) -> list[Line]:
        return [line for line in self.lines if not line.faults and not line.left_out]

    @property
    def faulty(self) -> list[Line]:
        return [line for line in self.lines if line.faults]

    @property
    def left_out(self) -> list[Line]:
        return [line for line in self.lines if line.left_out]


def check(
    rows: Sequence[Row], mapped: Mapped, *, headings: Sequence[str], places: Sequence[Place], register: Register, on: date
) -> Check:
    """Every row with what it would make. The first of `places` is the own organisation, where a row names none."""
    meaning, left_out = meanings(mapped), set(mapped.get("left_out", ()))
    read = [(row.number, read_row(row, mapped, meaning)) for row in rows]
    left_out |= {number for number, values in read if values["stage"] == LEAVE_OUT}
    tools = _Tools(((number, values) for number, values in read if number not in left_out), mapped, register.tools)
    seen: dict[tuple[int, object, str], int] = {}
    lines = []
    for number, values in read:
        if number in left_out:
            lines.append(Line(number, None, values, left_out=True))
            continue
        place, faults = _place(values["organisation"], places)
        faults += _faults(values, mapped, headings, place, on)
        tool, asked = tools.of(values)
        faults += [asked] if asked else []
        notes: list[str] = []
        if place and tool is not None and values["purpose"]:
            use = name_key(values["use"] or rules.title_of(values["purpose"]))
            first = seen.setdefault((place.id, tool, use), number)
            if first != number:
                faults.append(f"It is the same tool for the same use as row {first}. Leave one out, or say how the uses differ.")
            more, notes = _on_register(place, tool, use, register)
            faults += more
        tool_id = tool if isinstance(tool, int) else None
        like = tool.number if isinstance(tool, _Leader) and tool.number != number else None
        lines.append(Line(number, place, values, tuple(faults), tuple(notes), tool_id=tool_id, like_row=like))
    return Check(tuple(lines), tuple(tools.questions))


def _place(code: str, places: Sequence[Place]) -> tuple[Place | None, list[str]]:
    if not code:
        return places[0], []
    said = code.casefold()
    for place in places:
        if said in (place.code.casefold(), place.name.casefold()):
            return place, []
    return None, [f"“{code[:60]}” is not an organisation you may declare for. Correct its code, or leave the row out."]


def _faults(values: Mapping[str, str], mapped: Mapped, headings: Sequence[str], place: Place | None, on: date) -> list[str]:
    """What the declaration itself lacks; a word without a meaning is named with its heading."""
    no_site_needed = place is None or place.sites <= 1
    given = {**values, "sites": site_names(values["sites"]) or (["its own"] if no_site_needed else [])}
    blockers = rules.declaration_blockers(given, on=on)
    if not values["tool_name"] and len(blockers) > len(rules.FIELDS) // 3:
        return ["It names no tool and says little else. Leave it out if it is a note."]
    found = []
    for blocker in blockers:
        asked, said = rules.BY_NAME[blocker.code], values[blocker.code]
        if asked.choices and said:
            column = mapped.get("columns", {}).get(asked.name)
            under = f" under “{headings[column]}”" if column is not None and headings[column] else ""
            found.append(f"“{said[:60]}”{under} has no meaning yet. Say what their words mean.")
        else:
            found.append(blocker.sentence)
    return found


def _on_register(place: Place, tool: object, use: str, register: Register) -> tuple[list[str], list[str]]:
    if not isinstance(tool, int):
        return [], []
    if (there := register.uses.get((place.id, tool, use))) is not None:
        return [f"It is on the register already for this use: {there}."], []
    if (there := register.others.get((place.id, tool))) is not None:
        return [], [f"This tool is on the register already for another use: {there}."]
    return [], []


@dataclass(frozen=True, slots=True)
class _Leader:
    """The first row of a tool that the register does not have."""

    number: int


class _Tools:
    """Which tool each name means: one of the register, one of another row, or a new one."""

    def __init__(self, read: Iterable[tuple[int, Mapping[str, str]]], mapped: Mapped, known: Sequence[Candidate]) -> None:
        self._chosen = {_key(name, maker): choice for name, maker, choice in mapped.get("tools", ())}
        self._known = {each.id: each for each in known}
        self._shelf = Shelf(known)
        self._leaders: dict[Key, _Leader] = {}
        self._names: dict[int, tuple[str, str]] = {}
        self._means: dict[Key, int | _Leader | str] = {}
        self.questions: list[Question] = []
        file = Shelf()
        for number, values in read:
            key = _key(values["tool_name"], values["manufacturer"])
            if not key[0] or key in self._leaders:
                continue
            self._leaders[key], self._names[number] = _Leader(number), (values["tool_name"], values["manufacturer"])
            self._means[key] = self._meant(key, number, file)
            file.add(Candidate(number, *self._names[number]))

    def of(self, values: Mapping[str, str]) -> tuple[int | _Leader | None, str]:
        """The tool a row means, or the sentence that asks for it."""
        meant = self._means.get(_key(values["tool_name"], values["manufacturer"]))
        if meant is None:
            return None, ""
        return (None, meant) if isinstance(meant, str) else (meant, "")

    def _meant(self, key: Key, number: int, file: Shelf) -> int | _Leader | str:
        name, maker = self._names[number]
        near = self._shelf.likely_matches(name, maker)
        for match in near:
            known = self._known[match.id]
            if rules.is_exact(name, maker, known.name, known.manufacturer):
                return match.id
        within = file.likely_matches(name, maker)
        if not near and not within:
            return self._leaders[key]
        chosen = self._chosen.get(key, "")
        options = (*map(self._of_register, near[:SHOWN_ALIKE]), *map(self._of_file, within[:SHOWN_ALIKE]))
        self.questions.append(Question(number, name, maker, options, chosen))
        return self._as_chosen(key, chosen, {option[0] for option in options}, options)

    def _as_chosen(
        self, key: Key, chosen: str, offered: set[str], options: Sequence[tuple[str, str, str]]
    ) -> int | _Leader | str:
        kind, _, ident = chosen.partition(":")
        if chosen == OTHER:
            return self._leaders[key]
        if chosen in offered and kind == "tool":
            return int(ident)
        if chosen in offered and kind == "row":
            return self._means[_key(*self._names[int(ident)])]
        return f"Say if it is {options[0][1]}, or another tool."

    def _of_register(self, match: Match) -> tuple[str, str, str]:
        known = self._known[match.id]
        by = f" by {known.manufacturer}" if known.manufacturer else ""
        return f"tool:{match.id}", f"{known.name}{by}, on the register", match.reason

    def _of_file(self, match: Match) -> tuple[str, str, str]:
        name, maker = self._names[match.id]
        by = f" by {maker}" if maker else ""
        return f"row:{match.id}", f"{name}{by}, in row {match.id}", match.reason


def _key(name: str, maker: str) -> Key:
    return name_key(name), name_key(maker)
