"""What each row of a file would become, or what is wrong with it: by the rules of the log itself. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, cast

from governance.assessment.hazards import rules, words
from governance.assessment.hazards.exchange import control_cells, mapping
from governance.assessment.hazards.exchange.fields import SUPPLIERS, VERIFIED, WORDS
from governance.assessment.hazards.exchange.mapping import Mapped
from governance.assessment.hazards.matrix import Matrix, Patients
from governance.spreadsheets import Row
from governance.web import dates

MOST_CONTROLS = 60


@dataclass(frozen=True, slots=True)
class ControlDraft:
    """A control to add. `removed_at` is always None: the rules ask for it."""

    kind: str
    description: str
    implementation: str = ""
    effectiveness: str = ""
    removed_at: None = None


@dataclass(frozen=True, slots=True)
class Score:
    """One score in our matrix."""

    patients: str
    severity: str
    likelihood: str
    rating: int


@dataclass(frozen=True, slots=True)
class Draft:
    """The hazard a row would make; shaped like one for the rules. `number` is the one it would take."""

    number: int
    texts: Mapping[str, str]
    supplier: Mapping[str, str]
    source: str
    controls: tuple[ControlDraft, ...]
    review_on: date | None = None
    initial: Score | None = None
    residual: Score | None = None
    acceptance: str | None = None
    acceptance_reason: str = ""
    status: str = "open"
    matrix_version: str | None = None

    @property
    def initial_rating(self) -> int | None:
        return self.initial.rating if self.initial else None

    @property
    def residual_rating(self) -> int | None:
        return self.residual.rating if self.residual else None


@dataclass(frozen=True, slots=True)
class Line:
    """One row: the hazard it would make, what keeps it out, and what of it is not brought in."""

    row: int
    name: str
    draft: Draft | None = None
    faults: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    left_out: bool = False


@dataclass(frozen=True)
class Check:
    """Every row, in the order of the file."""

    lines: tuple[Line, ...]

    @property
    def ready(self) -> list[Line]:
        return [line for line in self.lines if not line.faults and not line.left_out]

    @property
    def faulty(self) -> list[Line]:
        return [line for line in self.lines if line.faults]

    @property
    def left_out(self) -> list[Line]:
        return [line for line in self.lines if line.left_out]


@dataclass(frozen=True)
class Log:
    """What rows are compared with: names in the log by number, the last number, the matrix, and whether it may be scored."""

    names: Mapping[int, str]
    last: int
    matrix: Matrix
    scoring: bool
    filename: str


@dataclass
class _Found:
    """What is wrong with a row, and what of it stays behind."""

    faults: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def check(rows: Sequence[Row], mapped: Mapped, *, headings: Sequence[str], log: Log) -> Check:
    """Every row with what it would become. Numbers are given in the order of the file."""
    left_out, said = set(mapped.get("left_out", ())), mapping.meanings(mapped)
    names = {name_key(name): f"Hazard {number} of the log" for number, name in log.names.items()}
    lines, number = [], log.last
    for row in rows:
        values = mapping.read_row(row, mapped, scoring=log.scoring)
        if row.number in left_out:
            lines.append(Line(row.number, values.get("name", "")[:200], left_out=True))
            continue
        line = _line(row.number, values, number + 1, _Reader(mapped, headings, log, said))
        key = name_key(line.name)
        if key and key in names:
            twice = f"{names[key]} has this name already. Leave this row out, or name it differently."
            line = replace(line, faults=(twice, *line.faults))
        names.setdefault(key, f"Row {row.number}")
        number += not line.faults
        lines.append(line)
    return Check(tuple(lines))


def name_key(name: str) -> str:
    """A name as names are compared."""
    return " ".join(name.casefold().split()).rstrip(".")


def _line(row: int, values: Mapping[str, str], number: int, reader: _Reader) -> Line:
    if not values.get("name") and sum(bool(text) for text in values.values()) < 2:
        return Line(row, "", faults=("It names no hazard and says little else. Leave it out if it is a note.",))
    found = _Found()
    draft = reader.draft(values, number, found)
    texts = {**draft.texts, "source": draft.source, **{f"supplier_{key}": text for key, text in draft.supplier.items()}}
    found.faults[:0] = [blocker.sentence for blocker in rules.text_blockers(texts)]
    return Line(row, values.get("name", ""), draft, tuple(found.faults), tuple(found.notes))


@dataclass(frozen=True)
class _Reader:
    """Makes a draft of a row’s texts."""

    mapped: Mapped
    headings: Sequence[str]
    log: Log
    said: Mapping[str, Mapping[str, str]]

    def draft(self, values: Mapping[str, str], number: int, found: _Found) -> Draft:
        texts = {name: values.get(name, "") for name in ("name", "description", "impact", "causes", "owner", "actions")}
        if self.mapped.get("as") == SUPPLIERS:
            return self._supplier(values, texts, number, found)
        plain = Draft(
            number, texts, {key: values[f"supplier_{key}"] for key in words.SUPPLIER_SAYS if values.get(f"supplier_{key}")},
            values.get("source") or f"import:{self.log.filename}"[:80], self._controls(values, found),
            review_on=self._day(values, found),
        )  # fmt: skip
        scored = self._scored(plain, values, found) if self.log.scoring else plain
        return self._stands(self._accepted(scored, values, found), values, found)

    def _supplier(self, values: Mapping[str, str], texts: dict[str, str], number: int, found: _Found) -> Draft:
        says = {
            "reference": values.get("number", ""), "scheme": str(self.mapped.get("scheme") or ""),
            "initial": in_their_words(values, "initial"), "residual": in_their_words(values, "residual"),
            "status": values.get("status", ""),
        }  # fmt: skip
        if texts["owner"]:
            texts["actions"] = "\n".join(filter(None, (texts["actions"], f"Supplier’s owner: {texts['owner']}")))
            texts["owner"] = ""
        if reason := values.get("acceptance_reason"):
            texts["description"] = "\n".join(filter(None, (texts["description"], f"The supplier accepts it: {reason}")))
        controls = tuple(_unverified(each) for each in self._controls(values, found))
        given = {key: text for key, text in says.items() if text}
        return Draft(number, texts, given, f"supplier:{self.log.filename}"[:80], controls)

    def _controls(self, values: Mapping[str, str], found: _Found) -> tuple[ControlDraft, ...]:
        made: list[ControlDraft] = []
        for kind in words.KIND_WORDS:
            texts = control_cells.parted(values.get(f"control_{kind}", ""))
            verified = {what: control_cells.parted(values.get(f"{what}_{kind}", "")) for what in VERIFIED}
            for what, of in verified.items():
                for lost in sorted(of.keys() - texts.keys()):
                    column = mapping.label_of(f"{what}_{kind}", self.headings, self.mapped)
                    found.faults.append(f"“{column}” has a text for control {lost}, which is not there.")
            made += [
                ControlDraft(kind, text, verified["implementation"].get(number, ""), verified["effectiveness"].get(number, ""))
                for number, text in texts.items()
            ]
        if len(made) > MOST_CONTROLS:
            found.faults.append(f"It has {len(made)} controls. At most {MOST_CONTROLS} are taken for one hazard.")
            return ()
        return tuple(made)

    def _day(self, values: Mapping[str, str], found: _Found) -> date | None:
        try:
            return dates.read(values.get("review_on", ""))
        except dates.NotADate:
            heading = mapping.label_of("review_on", self.headings, self.mapped)
            found.faults.append(f"“{values['review_on'][:40]}” under “{heading}” is not a date, like 3 May 2027.")
            return None

    def _word(self, name: str, kind: str, values: Mapping[str, str], found: _Found) -> str | None:
        word = values.get(name, "")
        code = mapping.meant(kind, word, self.said, self.log.matrix) if word else None
        if word and code is None:
            heading = mapping.label_of(name, self.headings, self.mapped)
            also = " Numbers of another scheme are not taken for ours." if word.strip().isdigit() else ""
            found.faults.append(f"“{word[:60]}” under “{heading}” has no meaning here yet. Say what their words mean.{also}")
        return code

    def _scored(self, draft: Draft, values: Mapping[str, str], found: _Found) -> Draft:
        before = len(found.faults)
        draft = replace(draft, initial=self._score("initial", values, found), matrix_version=self.log.matrix.code)
        unread = len(found.faults) > before
        residual = self._score("residual", values, found)
        if residual is None or unread:
            return draft
        found.faults += [blocker.sentence for blocker in rules.residual_blockers(cast(Any, draft), residual.rating)]
        return replace(draft, residual=residual)

    def _score(self, which: str, values: Mapping[str, str], found: _Found) -> Score | None:
        before = len(found.faults)
        severity = self._word(f"{which}_severity", "severity", values, found)
        likelihood = self._word(f"{which}_likelihood", "likelihood", values, found)
        patients = self._word(f"{which}_patients", "patients", values, found)
        given = values.get(f"{which}_rating", "")
        if len(found.faults) > before or not (severity or likelihood or given):
            return None
        if not (severity and likelihood):
            said = "a rating" if given and not (severity or likelihood) else "a score"
            found.faults.append(f"The {which} risk has {said} without both severity and likelihood.")
            return None
        patients = patients or self._patients(severity, which, found)
        if patients is None:
            return None
        matrix = self.log.matrix
        if blockers := rules.rate_blockers(matrix, severity=severity, likelihood=likelihood, patients=patients):
            found.faults += [f"The {which} risk: {blocker.sentence}" for blocker in blockers]
            return None
        score = Score(patients, severity, likelihood, matrix.rating(severity, likelihood))
        if given and _rating(given) != score.rating:
            looked_up = f"{matrix.severity_words(severity)} and {matrix.likelihood_words(likelihood).lower()} is {score.rating}"
            found.faults.append(f"The {which} rating says “{given[:30]}”. {looked_up}: ratings are looked up, not multiplied.")
        return score

    def _patients(self, severity: str, which: str, found: _Found) -> str | None:
        """How many patients a harm reaches where no cell says it: what was set for the file, else what the severity allows."""
        if self.mapped.get("patients"):
            return str(self.mapped["patients"])
        able = [each for each in words.PATIENT_WORDS if severity in self.log.matrix.descriptors[cast(Patients, each)]]
        if len(able) == 1:
            return able[0]
        found.faults.append(f"The {which} risk does not say whether one patient or several could be harmed.")
        return None

    def _accepted(self, draft: Draft, values: Mapping[str, str], found: _Found) -> Draft:
        ground = self._word("acceptance", "acceptance", values, found)
        reason = values.get("acceptance_reason", "")
        if not (ground or reason) or found.faults:
            return draft
        blockers = rules.accept_blockers(draft.residual_rating, ground or "", reason, self.log.matrix)
        if blockers:
            found.notes.append(f"Why it is accepted is not brought in. {blockers[0].sentence}")
            return draft
        return replace(draft, acceptance=ground, acceptance_reason=reason)

    def _stands(self, draft: Draft, values: Mapping[str, str], found: _Found) -> Draft:
        status = self._word("status", "status", values, found)
        if status in (None, "open") or found.faults:
            return draft
        blockers = rules.status_blockers(cast(Any, draft), str(status), self.log.matrix)
        if blockers:
            found.notes.append(f"It comes in as open, not {words.STATUS_WORDS[str(status)].lower()}. {blockers[0].sentence}")
            return draft
        return replace(draft, status=str(status))


def in_their_words(values: Mapping[str, str], which: str) -> str:
    """What a supplier's row says of a risk in its own scheme: “severity Major, likelihood 2, rating 8”, shorter where it must."""
    parts = {
        label: " ".join(values.get(f"{which}_{label}", "").split()) for label in ("severity", "likelihood", "rating")
    }  # fmt: skip
    said = {label: text for label, text in parts.items() if text}
    labelled = ", ".join(f"{label} {text}" for label, text in said.items())
    return labelled if len(labelled) <= words.TEXT_LIMITS["supplier_initial"][1] else ", ".join(said.values())


def asked_of(mapped: Mapped) -> list[str]:
    """Kinds of words, in the order of the page."""
    return list(WORDS) if mapped.get("as") != SUPPLIERS else []


def _unverified(control: ControlDraft) -> ControlDraft:
    """A supplier's control: what it says of verifying it stays with the text, for ours is still to do."""
    says = [text for text in (control.implementation, control.effectiveness) if text]
    if not says:
        return control
    said = [f"The supplier says it verified this: {text}" for text in says]
    return ControlDraft(control.kind, "\n".join([control.description, *said]))


def _rating(text: str) -> int | None:
    """The number a cell begins or ends with: 3, “3 - undesirable”, “Rating 3”."""
    match = re.match(r"\D{0,20}?(\d{1,3})\b", text.strip())
    return int(match[1]) if match else None
