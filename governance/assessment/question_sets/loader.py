"""Reading published question sets. A fault stops the start, with one sentence naming file, item and fault."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from governance.assessment.question_sets import paths, strict_yaml
from governance.assessment.question_sets.conditions import FACTS, FORMS, AnswerIs, FactIs, atoms
from governance.assessment.question_sets.faults import QuestionSetFault, UnknownQuestionSet
from governance.assessment.question_sets.schema import CHOICES, Question, QuestionSet

PUBLISHED = Path(__file__).parent / "data"


def question_set(code: str, folder: Path = PUBLISHED) -> QuestionSet:
    """The published set with this code, as “dtac-2.0”. Raises UnknownQuestionSet, QuestionSetFault."""
    for each in all_question_sets(folder):
        if each.code == code:
            return each
    raise UnknownQuestionSet(code)


def all_question_sets(folder: Path = PUBLISHED) -> tuple[QuestionSet, ...]:
    """Every set in the folder, in order of code, each checked. Raises QuestionSetFault."""
    return _all(folder)


@lru_cache(maxsize=32)
def _all(folder: Path) -> tuple[QuestionSet, ...]:
    loaded = [(path.name, _load(path)) for path in sorted(folder.glob("*.yaml"))]
    known = {each.code: each for _, each in loaded}
    for file, each in loaded:
        for item, fault in _version_faults(each, known):
            raise QuestionSetFault(file=file, item=item, fault=fault)
    return tuple(each for _, each in loaded)


def newer_version_of(code: str, folder: Path = PUBLISHED) -> QuestionSet | None:
    """The set that takes the place of this one; None where it is the newest.

    A released file is never changed, so the newer one mostly says so (`supersedes`). Raises UnknownQuestionSet.
    """
    own = question_set(code, folder)
    for each in all_question_sets(folder):
        if each.supersedes == code or each.code == own.superseded_by:
            return each
    return None


def _load(path: Path) -> QuestionSet:
    raw = strict_yaml.read(path, fault=QuestionSetFault)
    try:
        loaded = QuestionSet.model_validate(raw)
    except ValidationError as error:
        item, fault = _in_words(error, raw)
        raise QuestionSetFault(file=path.name, item=item, fault=fault) from None
    for item, fault in _faults(loaded, path.stem):
        raise QuestionSetFault(file=path.name, item=item, fault=fault)
    return loaded.with_digest(hashlib.sha256(path.read_bytes()).hexdigest())


def _faults(loaded: QuestionSet, stem: str) -> Iterator[tuple[str, str]]:
    """Everything wrong that the shape alone does not show, as item and fault; later checks rely on earlier ones."""
    if loaded.code != stem:
        yield "code", f"it is ‘{loaded.code}’ but the file is named ‘{stem}’"
    for code in _repeated(section.code for section in loaded.sections):
        yield code, "this section code is used twice"
    for code in _repeated(question.code.casefold() for question in loaded.questions):
        yield (next(q.code for q in loaded.questions if q.code.casefold() == code), "this question code is used twice")
    earlier: set[str] = set()
    for question in loaded.questions:
        yield from ((question.code, fault) for fault in _question_faults(question))
        yield from ((question.code, fault) for fault in _route_faults(question, loaded, earlier))
        earlier.add(question.code)
    for code in paths.unreachable(loaded):
        yield code, "no answers ever lead to it"


def _version_faults(loaded: QuestionSet, known: Mapping[str, QuestionSet]) -> Iterator[tuple[str, str]]:
    """Versions that point at no other set, or carry answers over from questions that could not give them."""
    others = {code: each for code, each in known.items() if code != loaded.code}
    for item, code in (("superseded_by", loaded.superseded_by), ("supersedes", loaded.supersedes)):
        if code is not None and code not in others:
            yield item, f"there is no other question set ‘{code}’"
    if loaded.read_only and loaded.superseded_by is None:
        yield "read_only", "a set that is only read must say in ‘superseded_by’ what is answered in its place"
    before = others.get(loaded.supersedes or "")
    rivals = [each.code for each in others.values() if loaded.supersedes and each.supersedes == loaded.supersedes]
    if rivals:
        yield "supersedes", f"‘{rivals[0]}’ takes the place of ‘{loaded.supersedes}’ too"
    for question in loaded.questions:
        if question.same_as is not None:
            yield from ((question.code, fault) for fault in _carried_faults(question, before))


def _carried_faults(question: Question, before: QuestionSet | None) -> Iterator[str]:
    if before is None:
        yield "it has ‘same_as’, but this set supersedes no other"
    elif question.same_as not in before.by_code:
        yield f"it is the same as {question.same_as}, which is not in {before.code}"
    else:
        earlier = before.by_code[question.same_as]
        if earlier.response is not question.response or not set(earlier.labels) <= set(question.labels):
            yield f"it cannot take over the answers of {earlier.code}: they may be others"


def _question_faults(question: Question) -> Iterator[str]:
    """Options that do not fit the response, and rules that name a value which cannot be given."""
    given, fixed = ([option.value for option in question.own_options], question.response not in CHOICES)
    for value in _repeated(given):
        yield f"the option ‘{value}’ is written twice"
    if not fixed and len(given) < 2:
        yield f"a {question.response} needs at least two options"
    if fixed and given and set(given) != {option.value for option in question.usual_options}:
        yield f"its options are not those of {question.response}"
    named = {
        "passes.met": question.passes.met,
        "passes.not_met": question.passes.not_met,
        "requires_reason_for": question.requires_reason_for,
        "evidence_wanted_for": question.evidence_wanted_for,
    }
    for field, values in named.items():
        for value in values:
            if value not in question.labels:
                yield f"‘{field}’ names ‘{value}’, which is not one of its options"
    for value in sorted(set(question.passes.met) & set(question.passes.not_met)):
        yield f"‘{value}’ both meets and does not meet the criterion"


def _route_faults(question: Question, loaded: QuestionSet, earlier: set[str]) -> Iterator[str]:
    """Routes to nowhere, forwards, in a circle, or on a value that cannot be given."""
    for atom in atoms(question.asked_when):
        match atom:
            case FactIs(fact=name) if name not in FACTS:
                yield f"it routes on the fact ‘{name}’, which triage does not ask"
            case AnswerIs(answer=code) if code not in loaded.by_code:
                yield f"it routes on {code}, which is not in this set"
            case AnswerIs(answer=code) if code == question.code:
                yield "it routes on its own answer"
            case AnswerIs(answer=code) if code not in earlier:
                yield f"it routes on {code}, which comes later: routes may only look back"
            case AnswerIs(answer=code):
                asked = loaded.by_code[code]
                if not asked.required:
                    yield f"it routes on {code}, which is optional"
                for value in atom.values:
                    if value not in asked.labels:
                        yield f"it routes on {code} being ‘{value}’, which is not one of its options"


def _repeated(values: Iterable[str]) -> list[str]:
    return [value for value, count in Counter(values).items() if count > 1]


def _in_words(error: ValidationError, raw: dict[str, Any]) -> tuple[str, str]:
    """The first thing wrong with the shape, as the item it concerns and a sentence about it."""
    first = error.errors(include_url=False)[0]
    item, field = _place(first["loc"], raw)
    given = first.get("input")
    match first["type"]:
        case "missing":
            return item, f"‘{field}’ is missing"
        case "extra_forbidden":
            return item, f"‘{field}’ is not a field that is known here"
        case "string_type" | "enum" | "literal_error" if isinstance(given, bool):
            return (item, f"‘{field}’ must be in quotes: an unquoted yes or no is read as true or false")
        case "string_type" if isinstance(given, int | float):
            return (item, f"‘{field}’ must be in quotes: it was read as the number {given}")
        case "union_tag_not_found":
            return item, f"‘{field}’ must say exactly one of {', '.join(FORMS)}"
        case "value_error":
            return item, f"‘{field}’ is wrong: {first['ctx']['error']!s}"
    return item, f"‘{field}’ is wrong: {first['msg'][0].lower()}{first['msg'][1:]}"


def _place(loc: tuple[int | str, ...], raw: Any) -> tuple[str, str]:
    """The innermost section or question that the fault lies in, by its code or its place, and the name of the field."""
    field = next((step for step in reversed(loc) if isinstance(step, str)), "the file")
    item, here, listed = "", raw, ""
    for step in loc:
        try:
            here = here[step]
        except (KeyError, IndexError, TypeError):
            break
        if isinstance(step, int) and listed in ("sections", "questions"):
            code = here.get("code") if isinstance(here, dict) else None
            nameless = f"question {step + 1} of {item}" if item else f"section {step + 1}"
            item = code if isinstance(code, str) else nameless
        listed = str(step)
    return item or field, field
