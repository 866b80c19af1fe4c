"""Quorum of a committee: people counted once, roles each by their holders, and who left for an item not counted."""

import pytest

from governance.approval.committees import rules
from governance.approval.committees.rules import Present, Seat
from governance.permissions import Role

SEATS = (Seat(Role.CSO, 1), Seat(Role.CALDICOTT_GUARDIAN, 1))
CSO = Present("Dr Alice Sample", Role.CSO, "present", 1)
GUARDIAN = Present("Dr Wilf Replica", Role.CALDICOTT_GUARDIAN, "remote", 2)
GUEST = Present("Mo Guest", None, "present", None)
AWAY = Present("Cyril Sampler", Role.SIRO, "apologies", 3)


@pytest.mark.parametrize(
    ("attended", "people", "quorate", "sentence"),
    [
        ((CSO, GUARDIAN, GUEST), 3, True, "Quorate: 3 were there; 3 are needed, with clinical safety officer and Caldicott Guardian"),
        ((CSO, GUARDIAN), 3, False, "Not quorate: 2 were there; 3 are needed"),
        ((CSO, GUEST, AWAY), 3, False, "Not quorate: 2 were there; 3 are needed, and no Caldicott Guardian was there"),
        ((GUARDIAN,), 1, False, "Not quorate: 1 was there; 1 is needed, and no clinical safety officer was there"),
        ((), 1, False, "Not quorate: nobody was there; 1 is needed"),
        # in two roles somebody is one person, and counts for both
        ((CSO, Present("Dr Alice Sample", Role.CALDICOTT_GUARDIAN, "present", 1)), 2, False, "Not quorate: 1 was there; 2 are needed"),
        # a guest written twice is one guest
        ((CSO, GUARDIAN, GUEST, Present("mo  guest", None, "present", None)), 4, False, "Not quorate: 3 were there; 4 are needed"),
    ],
)
def test_a_meeting_is_quorate_when_enough_people_and_every_role_are_there(attended, people, quorate, sentence):
    found = rules.count(attended, seats=SEATS, people=people)
    assert (found.quorate, found.sentence) == (quorate, sentence)


def test_who_left_for_an_item_is_not_counted_for_it():
    assert rules.count((CSO, GUARDIAN), seats=SEATS, people=2).quorate
    found = rules.count((CSO, GUARDIAN), seats=SEATS, people=2, left={CSO.key})
    assert found.sentence == "Not quorate: 1 was there; 2 are needed, and no clinical safety officer was there"


def test_two_of_a_role_are_two_people():
    two = (Seat(Role.CSO, 2),)
    assert rules.count((CSO, CSO), seats=two, people=1).sentence.endswith("1 is needed, and only 1 of 2 clinical safety officers was there")
    assert rules.count((CSO, Present("Dr B", Role.CSO, "present", 9)), seats=two, people=2).quorate


@pytest.mark.parametrize(
    ("decision", "caveats", "is_quorate", "over", "codes"),
    [
        ("supported", [], True, False, []),
        ("supported", [], False, False, ["quorum"]),
        ("supported", [], False, True, []),
        ("deferred", [], False, False, []),
        ("noted", [], False, False, []),
        ("supported_with_caveats", [], True, False, ["caveats"]),
        ("not_supported", ["Train staff."], True, False, ["caveats"]),
        ("approved", [], True, False, ["decision"]),
    ],
)
def test_what_a_committee_may_write_as_its_decision(decision, caveats, is_quorate, over, codes):
    found = rules.decide_blockers(decision=decision, caveats=caveats, is_quorate=is_quorate, comments_over=over)
    assert [each.code for each in found] == codes


def test_papers_are_called_by_their_item_and_a_letter():
    letters: list[str] = []
    for _ in range(3):
        letters.append(rules.next_letter(letters) or "")
    assert [rules.enclosure_name(4, letter) for letter in letters] == ["4", "4a", "4b"]
