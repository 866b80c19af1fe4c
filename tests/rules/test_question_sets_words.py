"""What every published set owes its readers: why, what good looks like, sentences that can be read, and no borrowed authority."""

import re

import pytest

from governance.assessment.question_sets import loader
from governance.assessment.question_sets.schema import Gate, Provenance, Response

SETS = loader.all_question_sets()
FIRST = {"dtac-2.0", "tool-facts-1"}
"""Released before these rules and never changed: they are held to the others."""

READ = {
    "atrs-1": "The tables of versions 1.1 and 2.1 were read on GOV.UK",
    "dpia-1": "were read on the ICO’s pages",
    "nice-esf-2022": "NICE’s own text was read for the tiers, the groups and standards 1 to 4",
}
"""Where the owner's own text was read, and the words in which the set says so."""

STOP_WORDS = re.compile(r"successfull?y|!|\butili[sz]e|\bleverage|['\"]", re.IGNORECASE)

all_sets = pytest.mark.parametrize("each", SETS, ids=lambda each: each.code)
later_sets = pytest.mark.parametrize(
    "each", [each for each in SETS if each.code not in FIRST and not each.read_only], ids=lambda each: each.code
)
answered_sets = pytest.mark.parametrize(
    "each", [each for each in SETS if not each.read_only], ids=lambda each: each.code
)


def texts(question):
    """Every sentence that a page shows for the question, by where it stands."""
    fields = {f"{question.code} {name}": getattr(question, name) for name in ("words", "hint", "why", "pass_criterion", "note")}
    return {place: text for place, text in fields.items() if text}


def places(each):
    return {place: text for question in each.questions for place, text in texts(question).items()}


@answered_sets
def test_whoever_must_answer_is_told_why(each):
    assert [question.code for question in each.questions if question.required and not question.why] == []


@later_sets
def test_every_question_says_why_it_is_asked(each):
    assert [question.code for question in each.questions if not question.why] == []


@answered_sets
def test_what_can_stop_a_pass_says_what_is_to_be_met(each):
    silent = [q.code for q in each.questions if q.gate.gates and not (q.pass_criterion or q.clause)]
    assert silent == []


@answered_sets
def test_an_answer_that_says_provided_names_what_is_provided(each):
    claims = (Response.PROVIDED, Response.PROVIDED_NA)
    for question in each.questions:
        claimed = question.response in claims or "provided" in question.labels or question.evidence_wanted_for
        assert question.evidence_expected or not (claimed or question.evidence_validity_months), question.code


@all_sets
def test_values_that_decide_stand_only_where_an_answer_can_decide(each):
    """On a question that a person judges they would say something that nothing reads."""
    deciding = (Gate.PASS_FAIL, Gate.MUST, Gate.SHOULD)
    idle = [q.code for q in each.questions if q.gate not in deciding and (q.passes.met or q.passes.not_met)]
    assert idle == []


@all_sets
def test_every_text_is_whole_sentences_in_plain_words(each):
    assert [question.code for question in each.questions if question.words[-1] not in "?."] == []
    assert [place for place, text in places(each).items() if text.strip()[-1] not in "?."] == []
    assert [place for place, text in places(each).items() if text[0] != text[0].upper()] == []
    assert [place for place, text in places(each).items() if STOP_WORDS.search(text)] == []


@all_sets
def test_a_question_can_be_read_in_one_breath(each):
    assert [question.code for question in each.questions if len(question.words.split()) > 25] == []
    assert [question.code for question in each.questions if len((question.hint or "").split()) > 30] == []
    options = [option.words for question in each.questions for option in question.options]
    assert [words for words in options if len(words.split()) > 20] == []


@later_sets
def test_what_stands_beside_a_question_has_short_sentences(each):
    sentences = [part for text in places(each).values() for part in re.split(r"(?<=[.?;:]) ", text)]
    assert [sentence for sentence in sentences if len(sentence.split()) > 25] == []


@all_sets
def test_official_is_said_only_where_the_owners_own_text_was_read(each):
    if any(part.provenance is Provenance.OFFICIAL for part in (each, *each.sections, *each.questions)):
        assert READ[each.code] in " ".join(each.source.how_read.split())


@all_sets
def test_a_set_is_never_said_to_be_more_official_than_its_words(each):
    assert each.provenance in {question.provenance for question in each.questions}
    assert each.source.how_read.strip()[-1] == "."
    assert each.watch_on > each.published


@answered_sets
def test_a_section_that_can_stop_a_pass_has_a_judge(each):
    silent = [s.code for s in each.sections if not s.judged_by and any(q.gate.gates for q in s.questions)]
    assert silent == []
