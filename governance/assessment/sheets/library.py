"""Published question sets as the library shows them: plain values, with routing in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from governance.assessment.question_sets import loader, paths
from governance.assessment.question_sets.conditions import AllOf, AnswerIs, AnyOf, Condition, FactIs, NotThat
from governance.assessment.question_sets.schema import Gate, Provenance, Question, QuestionSet, Response
from governance.permissions import Role
from governance.web.wording import listed, long_date, plural

GATES = {
    Gate.NONE: "not judged",
    Gate.PASS_FAIL: "pass or fail",
    Gate.SCORED: "compared only",
    Gate.JUDGEMENT: "judged by a person",
    Gate.MUST: "must",
    Gate.SHOULD: "should",
}
PROVENANCES = {
    Provenance.OFFICIAL: "official text",
    Provenance.THIRD_PARTY: "third-party transcription",
    Provenance.RECALLED: "recalled, not checked",
    Provenance.DEFAULT: "our own default",
}
ANSWERS = {
    Response.FREE_TEXT: "In words",
    Response.DATE: "A date",
    Response.DATE_OR_NA: "A date, or not applicable",
    Response.PERCENT: "A percentage",
    Response.FILE: "A file or a reference",
    Response.MULTI_CHOICE: "Any of: ",
    Response.RISKS: "A list of risks, each with its rating and measures",
}


@dataclass(frozen=True, slots=True)
class SetLine:
    """One set in the list."""

    code: str
    title: str
    about: str
    state: str
    tone: str


@dataclass(frozen=True, slots=True)
class QuestionLine:
    """One question: its words, when it is asked, how it is answered, and where it comes from."""

    code: str
    words: str
    asked: str
    answered: str
    about: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class SectionBlock:
    """One section with its questions."""

    title: str
    anchor: str
    remark: str
    judged: str
    intro: str
    questions: tuple[QuestionLine, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """One set."""

    lede: str
    facts: tuple[tuple[str, str], ...]
    addresses: tuple[str, ...]
    gates: tuple[tuple[str, str], ...]
    provenances: tuple[tuple[str, str], ...]
    routes: str
    sections: tuple[SectionBlock, ...]


def groups() -> tuple[tuple[str, tuple[SetLine, ...]], ...]:
    """The sets in use, then those kept to be read."""
    found = loader.all_question_sets()
    current = tuple(_line(each) for each in found if _standing(each)[0] in ("In use", "Voluntary"))
    kept = tuple(_line(each) for each in found if _standing(each)[0] not in ("In use", "Voluntary"))
    return tuple(pair for pair in (("To answer", current), ("Earlier versions", kept)) if pair[1])


def follower(published: QuestionSet) -> QuestionSet | None:
    """The version that took a set's place: said by the set itself, or by the one that follows it."""
    if published.superseded_by:
        return loader.question_set(published.superseded_by)
    return next((each for each in loader.all_question_sets() if each.supersedes == published.code), None)


def _standing(published: QuestionSet) -> tuple[str, str]:
    if published.read_only:
        return "To be read only", "amber"
    if follower(published):
        return "Superseded", "amber"
    return ("Voluntary", "") if published.voluntary else ("In use", "go")


def _line(published: QuestionSet) -> SetLine:
    about = [
        published.owner, f"version {published.version}", long_date(published.published),
        plural(len(published.questions), "question"), f"about the {published.scope}",
    ]  # fmt: skip
    return SetLine(published.code, published.title, " · ".join(about), *_standing(published))


def page(published: QuestionSet) -> Page:
    """One set as its page shows it."""
    newer = follower(published)
    facts = [
        ("Code", published.code),
        ("Instrument", f"{published.instrument}, version {published.version}"),
        ("Owner", published.owner),
        ("Published", long_date(published.published)),
        ("Must be used from", long_date(published.mandatory_from)),
        ("About", f"The {published.scope}"),
        ("Follows", published.supersedes or ""),
        ("Superseded by", newer.code if newer else ""),
        ("Standing", _standing(published)[0]),
        ("Status", published.status),
        ("Looked at again", long_date(published.watch_on)),
        ("Source", published.source.title),
        ("How it was read", f"{published.provenance_shown}. {published.source.how_read}"),
        ("File", f"SHA-256 {published.file_digest}"),
    ]
    fewest, most = _asked_at_all(published.code)
    return Page(
        lede=published.intro or "",
        facts=tuple(pair for pair in facts if pair[1]),
        addresses=published.source.addresses,
        gates=_counted(GATES[each.gate] for each in published.questions),
        provenances=_counted(PROVENANCES[each.provenance] for each in published.questions),
        routes=f"All {most} are asked." if fewest == most else f"Between {fewest} and {most} are asked, by the answers given.",
        sections=tuple(_section(published, n) for n in range(len(published.sections))),
    )


@cache
def _asked_at_all(code: str) -> tuple[int, int]:
    """The fewest and the most questions that one assessment is asked. Walking every way through takes a while: once is enough."""
    published = loader.question_set(code)
    return paths.shortest(published), paths.longest(published)


def _counted(words: Iterable[str]) -> tuple[tuple[str, str], ...]:
    return tuple((word[0].upper() + word[1:], str(count)) for word, count in Counter(words).most_common())


def _section(published: QuestionSet, n: int) -> SectionBlock:
    section = published.sections[n]
    judged = f"Judged by the {Role(section.judged_by).title}" if section.judged_by else "Not judged"
    if section.consulted:
        judged += f", who may ask the {listed(Role(each).title for each in section.consulted)}"
    return SectionBlock(
        title=section.title if section.label == section.title or len(section.label) > 3 else f"{section.label}. {section.title}",
        anchor=f"s-{n + 1}",
        remark=plural(len(section.questions), "question"),
        judged=f"{judged}. {section.provenance_shown}.",
        intro=section.intro or "",
        questions=tuple(_question(each, published) for each in section.questions),
    )


def _question(question: Question, published: QuestionSet) -> QuestionLine:
    months = question.evidence_validity_months
    same = f"{published.supersedes} {question.same_as}" if question.same_as else ""
    wanted = "; ".join(question.evidence_expected)
    about = [
        ("To be met", question.pass_criterion or ""),
        ("Why it is asked", question.why or ""),
        ("Evidence wanted", f"{wanted}. It counts for {plural(months, 'month')}" if wanted and months else wanted),
        ("Clause", question.clause or ""),
        ("Same as", same),
        ("Counts as", GATES[question.gate].capitalize() + ("" if question.required else ", may be left empty")),
        ("Words", question.provenance_shown),
        ("Note", question.note or ""),
    ]
    return QuestionLine(
        question.code, question.words, when_asked(question.asked_when, published), answered(question),
        tuple(pair for pair in about if pair[1]),
    )  # fmt: skip


def answered(question: Question) -> str:
    """How a question is answered, in words."""
    said = ANSWERS.get(question.response, "")
    if question.response is Response.MULTI_CHOICE or not said:
        said += ", ".join(option.words for option in question.options)
    return said


def when_asked(condition: Condition | None, published: QuestionSet) -> str:
    """Routing in words: `Asked when C3.2 is No`; empty where everybody is asked."""
    return f"Asked when {_in_words(condition, published)}." if condition is not None else ""


def _in_words(condition: Condition, published: QuestionSet) -> str:
    match condition:
        case AllOf(all=parts):
            return " and ".join(_inner(part, published) for part in parts)
        case AnyOf(any=parts):
            return " or ".join(_inner(part, published) for part in parts)
        case NotThat(not_=part):
            return f"it is not so that {_in_words(part, published)}"
        case AnswerIs(answer=code):
            question = published.by_code[code]
            return f"{question.called} is {listed((question.label_of(value) for value in condition.values), 'or')}"
        case FactIs(fact=name):
            said = (value.replace("_", " ") for value in condition.values)
            return f"‘{name.replace('_', ' ')}’ of triage is {listed(said, 'or')}"
    return ""


def _inner(condition: Condition, published: QuestionSet) -> str:
    words = _in_words(condition, published)
    return f"({words})" if isinstance(condition, AllOf | AnyOf) else words
