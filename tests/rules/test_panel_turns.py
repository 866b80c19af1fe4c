"""Panels and independent turns as rules: when a turn is over, what is seen, what ends a round, who is left to sign."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from governance.approval import rules as approval
from governance.approval import statements
from governance.approval.rules import Done
from governance.lifecycle import SubmissionStatus
from governance.permissions import Role as R
from governance.policy import rules
from governance.policy.loader import policy
from governance.policy.rules import Turn
from governance.policy.schema import Act

NO, BACK, YES = "not_approved", "return_for_information", "approve"
ACTS = {R.DPO: Act.ADVISE, R.AUTHORISING_EXECUTIVE: Act.AUTHORISE}
AT = datetime(2026, 11, 2, 9, tzinfo=UTC)


def turn(role, after=(), **more):
    act = ACTS.get(role, Act.SIGN)
    return Turn(role, act, ("triage",), after, 10, policy().outcomes_of(act, role), **more)


PANEL = (turn(R.CSO, needs=2), turn(R.CLINICAL_LEAD), turn(R.SRO, (R.CSO, R.CLINICAL_LEAD)), turn(R.AUTHORISING_EXECUTIVE, (R.SRO,)))
BLIND = (
    turn(R.CSO, needs=2, independent=True), turn(R.CLINICAL_LEAD, independent=True), turn(R.CALDICOTT_GUARDIAN),
    turn(R.SRO, (R.CSO,)), turn(R.AUTHORISING_EXECUTIVE, (R.SRO,)),
)  # fmt: skip


def opened(turns, done):
    return " ".join(each.role.value for each in rules.turns_open(turns, done))


@pytest.mark.parametrize(
    ("done", "expected"),
    [
        ({}, "cso clinical_lead"),
        ({R.CSO: (YES,)}, "cso clinical_lead"),
        ({R.CSO: YES}, "cso clinical_lead"),
        ({R.CSO: (YES,), R.CLINICAL_LEAD: (YES,)}, "cso"),
        ({R.CSO: (YES, YES)}, "clinical_lead"),
        ({R.CSO: (YES, YES), R.CLINICAL_LEAD: (YES,)}, "sro"),
        ({R.CSO: (NO,)}, ""),
        ({R.CSO: (BACK,)}, ""),
        ({R.CSO: (YES, BACK)}, ""),
    ],
)
def test_a_panel_is_done_when_enough_agree_and_any_of_it_ends_the_round(done, expected):
    assert opened(PANEL, done) == expected


@pytest.mark.parametrize(
    ("done", "expected", "unseen"),
    [
        ({}, "cso clinical_lead caldicott_guardian", "clinical_lead cso"),
        ({R.CSO: (NO,)}, "cso clinical_lead caldicott_guardian", "clinical_lead cso"),
        ({R.CSO: (NO, YES)}, "clinical_lead caldicott_guardian", "clinical_lead cso"),
        ({R.CSO: (YES, YES)}, "clinical_lead caldicott_guardian", "clinical_lead cso"),
        ({R.CSO: (YES, YES), R.CLINICAL_LEAD: (YES,)}, "caldicott_guardian sro", ""),
        ({R.CSO: (YES, NO), R.CLINICAL_LEAD: (YES,)}, "", ""),
        ({R.CSO: (YES, YES), R.CLINICAL_LEAD: (BACK,)}, "", ""),
        ({R.CSO: (YES,), R.CALDICOTT_GUARDIAN: (BACK,)}, "", ""),
    ],
)
def test_an_independent_outcome_is_seen_and_counts_only_when_all_are_in(done, expected, unseen):
    assert opened(BLIND, done) == expected
    assert " ".join(sorted(rules.veiled(BLIND, done))) == unseen


@pytest.mark.parametrize(
    ("turns", "done", "role", "sentence"),
    [
        (PANEL, {R.CSO: (YES, YES)}, R.CSO, "As many clinical safety officers as must agree have acted in this round."),
        (PANEL, {R.CSO: (YES,)}, R.CSO, ""),
        (PANEL, {R.CSO: (YES,), R.CLINICAL_LEAD: (YES,)}, R.SRO, "The senior responsible owner acts after the clinical safety officer."),
        (BLIND, {R.CSO: (YES, YES)}, R.SRO, "The senior responsible owner acts after the clinical safety officer."),
        (BLIND, {R.CSO: (NO,)}, R.CLINICAL_LEAD, ""),
        (BLIND, {R.CLINICAL_LEAD: (YES,)}, R.CLINICAL_LEAD, "The clinical lead has already acted in this round."),
        (BLIND, {R.CLINICAL_LEAD: (YES,), R.CSO: (NO, YES)}, R.CALDICOTT_GUARDIAN, "This round has ended or is deferred."),
    ],
)
def test_why_somebody_may_not_act_now(turns, done, role, sentence):
    assert " ".join(each.sentence for each in rules.turn_blockers(turns, done, role)) == sentence


def test_whoever_decides_waits_for_all_who_act_independently():
    alone = (turn(R.CSO, independent=True), turn(R.AUTHORISING_EXECUTIVE))
    assert opened(alone, {}) == "cso"
    assert opened(alone, {R.CSO: YES}) == "authorising_executive"


def test_who_authorises_or_waits_for_an_independent_role_is_never_independent_and_advice_is_one_voice():
    asked = {role: {"independent": True, "needs": 2} for role in R}
    agreements = tuple(
        each.model_copy(update={"turns": tuple(row.model_copy(update=asked[row.role]) for row in each.turns)})
        for each in policy().agreements
    )
    facts = {"kind": "imaging", "direct_care": "yes", "personal_data": "confidential", "oversight": "reviewed"}
    found = rules.signers(
        policy().model_copy(update={"agreements": agreements}), facts=facts, tier="high", stage_asked="pilot", first_of_kind=True
    )
    apart = {each.role for each in found if each.independent}
    assert R.CSO in apart and R.AUTHORISING_EXECUTIVE not in apart
    assert not any(set(each.after) & apart for each in found if each.independent)
    assert {each.needs for each in found if each.act is not Act.SIGN} == {1}
    done: dict[R, tuple[str, ...]] = {}
    while turns := rules.turns_open(found, done):
        done[turns[0].role] = (*done.get(turns[0].role, ()), turns[0].outcomes[0].code)
    assert {role: len(said) for role, said in done.items()} == {each.role: each.needs for each in found}


def said(role, outcome, person=1, hour=9, reason=""):
    return Done(role, "sign", outcome, outcome, person, f"Person {person}", AT.replace(hour=hour), "abcd1234", reason, person)


def states(turns, *given, recused=()):
    by_role: dict[R, tuple[Done, ...]] = {}
    for each in given:
        by_role[each.role] = (*by_role.get(each.role, ()), each)
    return {
        each.turn.role: each
        for each in approval.states(
            turns, by_role, status=SubmissionStatus.SUBMITTED, began=AT.replace(hour=8), deferred_until=None,
            on=date(2026, 11, 4), recused=recused,
        )
    }  # fmt: skip


def test_what_is_not_to_be_seen_is_not_in_a_turn_at_all():
    found = states(BLIND, said(R.CSO, NO, reason="It harms people"), said(R.CALDICOTT_GUARDIAN, YES, 2))
    assert "It harms people" not in repr(found) and "not_approved'" not in repr(found[R.CSO].seats)
    assert (found[R.CSO].of_panel, found[R.CSO].state) == ("1 of 2 clinical safety officers", "open")
    assert found[R.CALDICOTT_GUARDIAN].seats[0].outcome == YES
    shown = states(BLIND, said(R.CSO, NO, reason="It harms people"), said(R.CSO, YES, 3), said(R.CLINICAL_LEAD, YES, 2))
    assert [each.outcome for each in shown[R.CSO].seats] == [NO, YES]


def test_a_turn_begins_when_the_last_seat_it_waits_for_is_taken():
    found = states(PANEL, said(R.CSO, YES, 1, 9), said(R.CLINICAL_LEAD, YES, 2, 10), said(R.CSO, YES, 3, 12))
    assert found[R.SRO].since == AT.replace(hour=12)
    found = states(BLIND, said(R.CSO, YES, 1, 9), said(R.CSO, YES, 3, 10), said(R.CLINICAL_LEAD, YES, 2, 13))
    assert found[R.SRO].since == AT.replace(hour=13)


def test_who_has_a_seat_or_stepped_back_takes_none():
    line = states(PANEL, said(R.CSO, YES, 1), recused=(7,))[R.CSO]
    assert [line.is_for(person) for person in (1, 7, 2)] == [False, False, True]


@pytest.mark.parametrize(
    ("given", "recused", "holders", "expected"),
    [
        ((), (), {1, 2}, ""),
        ((), (), {1}, "Two clinical safety officers must agree and one is appointed here: ask the organisation administrator."),
        ((), (), set(), "Two clinical safety officers must agree and none is appointed here: ask the organisation administrator."),
        ((), (2,), {1, 2}, "Two clinical safety officers must agree and one who may act is appointed here: ask the organisation administrator."),
        ((said(R.CSO, YES, 1),), (), {1, 2}, ""),
        ((said(R.CSO, YES, 1),), (), {1}, "Two clinical safety officers must agree and one is appointed here: ask the organisation administrator."),
        ((said(R.CSO, YES, 9),), (), {2}, ""),
    ],
)  # fmt: skip
def test_too_few_people_for_a_panel_are_named(given, recused, holders, expected):
    assert approval.shortage(states(PANEL, *given, recused=recused)[R.CSO], holders) == expected


def test_a_single_role_whose_holder_stepped_back_is_named():
    line = states(PANEL, recused=(5,))[R.CLINICAL_LEAD]
    assert approval.shortage(line, {5}) == "Nobody else is appointed as clinical lead: ask the organisation administrator."
    assert approval.shortage(line, {5, 6}) == ""


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ((said(R.CSO, YES), said(R.CLINICAL_LEAD, YES, 2)), None),
        ((said(R.CSO, BACK), said(R.CLINICAL_LEAD, NO, 2, 15)), 2),
        ((said(R.CSO, BACK, 1, 12), said(R.CLINICAL_LEAD, BACK, 2, 9)), 2),
    ],
)
def test_the_hardest_takes_effect(given, expected):
    found = approval.hardest(given)
    assert (found.person_id if found else None) == expected


def test_everybodys_words_go_with_the_end_of_a_round():
    given = (said(R.CSO, YES), said(R.CLINICAL_LEAD, NO, 2, reason="Not controlled"))
    assert statements.all_said(given) == "Clinical safety officer: approved. Clinical lead: not approved. Not controlled."


def test_a_veiled_answer_keeps_who_and_when():
    found = said(R.CSO, NO, reason="No").veiled()
    assert (found.name, found.at, found.reason, found.label) == ("Person 1", AT, "", "Signed, shown when all are in")
    assert replace(found, outcome=NO) != found
