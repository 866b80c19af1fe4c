"""The table of questions that different sets ask alike: its shape, and reading it. `overlaps/london-1.yaml`.

A fault stops the start, with one sentence naming file, row and fault.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from enum import StrEnum
from functools import lru_cache
from pathlib import Path

from pydantic import Field, ValidationError

from governance.assessment.question_sets import loader, strict_yaml, values
from governance.assessment.question_sets.faults import AnswerFault, ContentFault
from governance.assessment.question_sets.schema import Frozen, Provenance, Question, QuestionSet, Response, Words

PUBLISHED = Path(__file__).parent / "overlaps"
CURRENT = "london-1"

DATES = (Response.DATE, Response.DATE_OR_NA)
TEXTS = (Response.FREE_TEXT,)


class OverlapFault(ContentFault):
    """The table of overlaps cannot be used."""


class Relation(StrEnum):
    """How close two questions are: the same; a part of the other's answer; or the same question of an earlier version."""

    SAME = "same"
    EARLIER_VERSION = "earlier_version"
    PART = "part"


class Place(Frozen):
    """One question: a code means nothing without its set."""

    set: Words
    code: Words


class Overlap(Frozen):
    """What an answer to `from` offers to `to`.

    `values` says for each value of `from` what it offers: a value of `to`, or the words of a text. Without it, `text` must
    be true: the answer goes over as it stands. `says` is one sentence for the page: why this is offered.
    """

    from_: Place = Field(alias="from")
    to: Place
    relation: Relation
    values: dict[str, str] = {}
    text: bool = False
    says: Words


class Alone(Frozen):
    """A question that no other set asks, and why that is so."""

    at: Place
    none_because: Words


class Covered(Frozen):
    """Sections of a set in which every question must have a row, or a reason for none."""

    set: Words
    sections: tuple[Words, ...] = Field(min_length=1)


class Overlaps(Frozen):
    """The table: one published version. It is ours, whatever the sets are."""

    code: Words
    title: Words
    published: datetime.date
    provenance: Provenance
    covers: tuple[Covered, ...] = ()
    rows: tuple[Overlap, ...] = Field(min_length=1)
    alone: tuple[Alone, ...] = ()


@lru_cache(maxsize=8)
def table(code: str = CURRENT, folder: Path = PUBLISHED, sets: Path = loader.PUBLISHED) -> Overlaps:
    """The table with this code, each row checked against the published sets. Raises OverlapFault, QuestionSetFault."""
    path = folder / f"{code}.yaml"
    raw = strict_yaml.read(path, fault=OverlapFault)
    try:
        read = Overlaps.model_validate(raw)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(str(step) for step in first["loc"])
        raise OverlapFault(file=path.name, item=where or "the file", fault=first["msg"]) from None
    published = {each.code: each for each in loader.all_question_sets(sets)}
    for item, fault in _faults(read, path.stem, published):
        raise OverlapFault(file=path.name, item=item, fault=fault)
    return read


def _faults(table: Overlaps, stem: str, sets: Mapping[str, QuestionSet]) -> Iterator[tuple[str, str]]:
    """Everything wrong that the shape alone does not show, as item and fault; later checks rely on earlier ones."""
    if table.code != stem:
        yield "code", f"it is ‘{table.code}’ but the file is named ‘{stem}’"
    for place in _places(table):
        if place.set not in sets:
            yield _named(place), f"there is no question set ‘{place.set}’"
        elif place.code not in sets[place.set].by_code:
            yield _named(place), f"{place.set} has no question {place.code}"
    seen: set[tuple[Place, Place]] = set()
    for row in table.rows:
        item = f"{_named(row.from_)} to {_named(row.to)}"
        yield from ((item, fault) for fault in _row_faults(row, sets))
        if (row.from_, row.to) in seen:
            yield item, "this row is written twice"
        seen.add((row.from_, row.to))
    yield from _gaps(table, sets)


def _row_faults(row: Overlap, sets: Mapping[str, QuestionSet]) -> Iterator[str]:
    """What a row says of values that cannot be given, or of answers that cannot go over as they stand."""
    asked, to = sets[row.from_.set].by_code[row.from_.code], sets[row.to.set].by_code[row.to.code]
    if row.from_.set == row.to.set:
        yield "a set offers nothing to itself"
    if bool(row.values) == row.text:
        yield "it must have either ‘values’ or ‘text’, not both and not neither"
    if (row.relation is Relation.EARLIER_VERSION) != (sets[row.from_.set].instrument == sets[row.to.set].instrument):
        yield "‘earlier_version’ is for two versions of one instrument, and only for these"
    if row.relation is Relation.EARLIER_VERSION and sets[row.from_.set].published > sets[row.to.set].published:
        yield "the version it comes from is not the earlier one"
    if row.text and not _same_kind(asked, to):
        yield f"a {asked.response} does not go over to a {to.response} as it stands"
    for value, made in row.values.items():
        if value not in asked.labels:
            yield f"‘{value}’ is not one of the options of {row.from_.code}"
        try:
            values.validate_value(to, made)
        except AnswerFault as fault:
            yield f"‘{value}’ offers ‘{made}’. {fault.sentence}"


def _same_kind(asked: Question, to: Question) -> bool:
    if asked.options and asked.response not in DATES:
        return to.response is asked.response and {*asked.labels} <= {*to.labels}
    return any(asked.response in kinds and to.response in kinds for kinds in (TEXTS, DATES, (Response.PERCENT,)))


def _gaps(table: Overlaps, sets: Mapping[str, QuestionSet]) -> Iterator[tuple[str, str]]:
    """Questions of the sections that the table covers, with neither a row to another instrument nor a reason; or with both."""
    between = [row for row in table.rows if row.relation is not Relation.EARLIER_VERSION]
    joined = {place for row in between for place in (row.from_, row.to)}
    alone = {each.at for each in table.alone}
    for covered in table.covers:
        for section in covered.sections:
            for question in sets[covered.set].section(section).questions:
                place = Place(set=covered.set, code=question.code)
                if place not in joined and place not in alone:
                    yield _named(place), "it has neither a row nor a reason for none"
    for place in sorted(joined & alone, key=_named):
        yield _named(place), "it has a row and a reason for none"


def _places(table: Overlaps) -> Iterator[Place]:
    for row in table.rows:
        yield from (row.from_, row.to)
    yield from (each.at for each in table.alone)


def _named(place: Place) -> str:
    return f"{place.set} {place.code}"
