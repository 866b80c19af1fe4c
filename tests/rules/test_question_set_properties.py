"""What holds of every published set, whatever is answered and whatever triage says."""

import copy
import random

from hypothesis import given, settings
from hypothesis import strategies as st

from governance import canonical
from governance.assessment.packs import rules as packs
from governance.assessment.question_sets import loader, rules, values
from governance.assessment.question_sets.conditions import FactIs, atoms
from governance.assessment.question_sets.rules import State
from governance.assessment.question_sets.schema import NOT_APPLICABLE, Question, QuestionSet, Response
from governance.assessment.question_sets.values import AnswerValue
from tests import walking

SETS = loader.all_question_sets()
RISKS = values.answer(next(q for s in SETS for q in s.questions if q.response is Response.RISKS), [walking.RISK])


def facts_of(published: QuestionSet) -> st.SearchStrategy[dict[str, str]]:
    """Facts that routes look at: one that they name, another, or none yet."""
    named: dict[str, set[str]] = {}
    for question in published.questions:
        for atom in atoms(question.asked_when):
            if isinstance(atom, FactIs):
                named.setdefault(atom.fact, {"", "something_else"}).update(atom.values)
    return st.fixed_dictionaries({name: st.sampled_from(sorted(each)) for name, each in sorted(named.items())})


def answers_of(question: Question) -> st.SearchStrategy[AnswerValue | None]:
    """No answer, one that holds, and one that lacks its reason."""
    notes = st.sampled_from(["", "Because."])
    match question.response:
        case Response.RISKS:
            return st.sampled_from([None, RISKS])
        case Response.FREE_TEXT | Response.FILE:
            return st.sampled_from([None, AnswerValue("Said."), AnswerValue("")])
        case Response.DATE:
            return st.sampled_from([None, AnswerValue("2026-03-02")])
        case Response.DATE_OR_NA:
            return st.sampled_from([None, AnswerValue("2026-03-02"), AnswerValue(None, note="No.", not_applicable=True)])
        case Response.PERCENT:
            return st.sampled_from([None, AnswerValue("99.95")])
        case Response.MULTI_CHOICE:
            some = st.lists(st.sampled_from([each.value for each in question.options]), min_size=1, max_size=3, unique=True)
            return st.one_of(st.none(), st.builds(lambda value, note: AnswerValue(tuple(value), note=note), some, notes))
    one = st.sampled_from([each.value for each in question.options])
    made = st.builds(lambda value, note: AnswerValue(value, note=note, not_applicable=value == NOT_APPLICABLE), one, notes)
    return st.one_of(st.none(), made)


@st.composite
def sheets(draw: st.DrawFn) -> tuple[QuestionSet, dict[str, AnswerValue], dict[str, str]]:
    """A set with some of its questions answered, in any way and any order, under some facts."""
    published = draw(st.sampled_from(SETS))
    given_ = {each.code: draw(answers_of(each)) for each in published.questions}
    return published, {code: answer for code, answer in given_.items() if answer is not None}, draw(facts_of(published))


@settings(max_examples=60, deadline=None)
@given(sheets())
def test_routing_hides_no_question_silently(drawn):
    published, answers, facts = drawn
    states = rules.state_of(published, answers, facts)
    open_codes = {each.code.partition(":")[2] for each in rules.outstanding(published, answers, facts)}
    for question in published.questions:
        state = states[question.code]
        if state.state is State.SKIPPED:
            assert state.because and state.reason.startswith("Skipped because ")
            settled = {root.code for root in published.questions if states[root.code].done and root.code in answers}
            named = list(atoms(question.asked_when))
            assert any(isinstance(each, FactIs) and facts.get(each.fact) for each in named) or any(
                not isinstance(each, FactIs) and (each.answer in settled or states[each.answer].state is State.SKIPPED) for each in named
            )
        elif state.state is State.NOT_REACHED or (question.required and not state.done):
            assert question.code in open_codes


@settings(max_examples=60, deadline=None)
@given(sheets())
def test_completeness_never_says_done_with_one_open(drawn):
    published, answers, facts = drawn
    states = rules.state_of(published, answers, facts)
    waits = [each for each in published.questions if states[each.code].state is State.NOT_REACHED]
    left = [each for each in published.questions if each.required and states[each.code].asked and not states[each.code].done]
    assert (rules.outstanding(published, answers, facts) == []) == (waits == [] and left == [])


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(SETS), st.data())
def test_a_complete_sheet_is_open_again_when_any_answer_it_asks_for_goes(published, data):
    facts = {name: value or "something_else" for name, value in data.draw(facts_of(published)).items()}
    answers = walking.answered(published, {}, facts)
    assert rules.outstanding(published, answers, facts) == []
    states = rules.state_of(published, answers, facts)
    required = [each.code for each in published.questions if each.required and states[each.code].asked]
    if not required:
        return
    gone = data.draw(st.sampled_from(required))
    left = {code: answer for code, answer in answers.items() if code != gone}
    assert f"{published.code}:{gone}" in {each.code for each in rules.outstanding(published, left, facts)}


@settings(max_examples=40, deadline=None)
@given(sheets(), st.randoms(use_true_random=False))
def test_the_order_in_which_answers_came_changes_nothing(drawn, chance: random.Random):
    published, answers, facts = drawn
    shuffled = list(answers.items())
    chance.shuffle(shuffled)
    assert rules.state_of(published, dict(shuffled), facts) == rules.state_of(published, answers, facts)


LEAVES = st.one_of(st.none(), st.booleans(), st.integers(-1000, 1000), st.text(max_size=12))
KEYS = st.text(st.characters(codec="ascii", categories=["L"]), min_size=1, max_size=6)
CONTENT = st.dictionaries(KEYS, st.recursive(LEAVES, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4), max_leaves=12), max_size=5)


def section(content):
    return packs.built("triage", "Triage", {"parts": [{"kind": "figures", **content}]}, None)


def reordered(value, chance: random.Random):
    """The same value, with the keys of every object in another order."""
    if isinstance(value, dict):
        keys = list(value)
        chance.shuffle(keys)
        return {key: reordered(value[key], chance) for key in keys}
    return [reordered(each, chance) for each in value] if isinstance(value, list) else value


@given(CONTENT, st.randoms(use_true_random=False))
def test_a_digest_is_the_same_however_the_record_was_put_together(content, chance):
    assert section(content).digest == section(reordered(content, chance)).digest


@given(CONTENT, CONTENT)
def test_a_digest_differs_exactly_where_the_content_does(one, other):
    assert (section(one).digest == section(other).digest) == (canonical.dumps(one) == canonical.dumps(other))


@given(CONTENT.filter(bool), st.data())
def test_any_change_of_any_part_changes_the_digest_and_leaves_the_others(content, data):
    key = data.draw(st.sampled_from(sorted(content)))
    changed = copy.deepcopy(content)
    changed[key] = [changed[key], "and more"]
    assert section(changed).digest != section(content).digest
    pairs = [("a", section(content).digest), ("b", section(changed).digest)]
    assert packs.pack_digest(pairs) != packs.pack_digest([("a", section(changed).digest), pairs[1]])
    assert packs.pack_digest(pairs) != packs.pack_digest(pairs[::-1])
