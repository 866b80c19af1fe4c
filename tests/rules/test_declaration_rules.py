"""What a declaration needs, how a title is made of it, and who decides in the meantime."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import pytest

from governance.approval.interim import rules as interim
from governance.approval.interim.rules import Position, Said
from governance.intake.declarations import rules
from governance.lifecycle import Standing
from governance.permissions import Role
from governance.policy import Tier, policy
from tests.declared import SAID

ON, LATEST = date(2026, 11, 2), date(2027, 2, 2)
CSO, EXECUTIVE = Role.CSO, Role.AUTHORISING_EXECUTIVE
WHOLE = SAID | {"sites": [1]}


def test_the_page_asks_ten_things_at_most_and_the_spreadsheet_knows_them_all() -> None:
    assert len([field for field in rules.FIELDS if field.on_page]) == 10
    assert len({field.name for field in rules.FIELDS}) == len(rules.FIELDS)


def test_nothing_is_missing_from_a_whole_declaration() -> None:
    assert rules.declaration_blockers(WHOLE, on=ON) == []


@pytest.mark.parametrize("name", [field.name for field in rules.FIELDS if field.required])
def test_each_needed_field_is_asked_for_in_its_own_words(name: str) -> None:
    (blocker,) = rules.declaration_blockers(WHOLE | {name: ""}, on=ON)
    assert (blocker.code, blocker.sentence) == (name, rules.BY_NAME[name].required)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"kind": "magic"}, "choose one of the answers"),
        ({"stage": "pipeline"}, "choose one of the answers"),
        ({"version": "1" * 61}, "60 characters or fewer"),
        ({"in_use_since": "from 2027"}, "still to come"),
    ],
)
def test_what_cannot_be_is_said(changed: Mapping[str, str], said: str) -> None:
    (blocker,) = rules.declaration_blockers({**WHOLE, **changed}, on=ON)
    assert said in blocker.sentence


@pytest.mark.parametrize(
    ("text", "value"),
    [("Business as usual", "business_as_usual"), (" pilot ", "pilot"), ("PROOF_OF_CONCEPT", "proof_of_concept"), ("live", None)],
)
def test_a_choice_is_read_by_its_code_or_its_label(text: str, value: str | None) -> None:
    assert rules.choice_of(rules.BY_NAME["stage"], text) == value


@pytest.mark.parametrize(
    ("purpose", "title"),
    [
        ("Writes draft notes. The GP signs each.", "Writes draft notes"),
        ("Sorts letters", "Sorts letters"),
        ("word " * 30, ("word " * 16).strip() + "…"),
    ],
)
def test_the_title_of_a_use_is_its_first_sentence(purpose: str, title: str) -> None:
    assert rules.title_of(purpose) == title


NEAR = rules.Alike(7, "Scribelime", "Scribeline Ltd", exact=False)


@pytest.mark.parametrize(
    ("alike", "same", "differs", "asked"),
    [
        ([], None, False, False),
        ([NEAR], None, False, True),
        ([NEAR], 7, False, False),
        ([NEAR], None, True, False),
        ([NEAR, replace(NEAR, exact=True)], None, False, False),
    ],
)
def test_only_a_near_match_is_a_question(
    alike: list[rules.Alike], same: int | None, differs: bool, asked: bool
) -> None:
    assert bool(rules.alike_blockers(alike, same_tool_id=same, differs=differs)) is asked


NEW = Position(Standing.DECLARED, declared_by=1, signed={})
RECOMMENDED = replace(NEW, signed={CSO: 2})
DECIDED = replace(NEW, signed={CSO: 2, EXECUTIVE: 3})


@pytest.mark.parametrize(
    ("position", "role", "person", "holds", "codes"),
    [
        (NEW, CSO, 2, True, []),
        (NEW, CSO, 2, False, ["role"]),
        (NEW, Role.SIRO, 2, True, ["role"]),
        (NEW, CSO, 1, True, ["own"]),
        (NEW, EXECUTIVE, 3, True, ["order"]),
        (NEW, EXECUTIVE, 1, True, ["order", "own"]),
        (RECOMMENDED, CSO, 4, True, ["done"]),
        (RECOMMENDED, EXECUTIVE, 3, True, []),
        (RECOMMENDED, EXECUTIVE, 2, True, ["both"]),
        (RECOMMENDED, EXECUTIVE, 1, True, ["own"]),
        (DECIDED, EXECUTIVE, 4, True, ["done"]),
        (replace(NEW, standing=Standing.SUSPENDED), CSO, 2, True, ["standing"]),
        (replace(RECOMMENDED, standing=Standing.ASSURED), EXECUTIVE, 3, True, ["standing"]),
    ],
)
def test_who_may_act_when(position: Position, role: Role, person: int, holds: bool, codes: list[str]) -> None:
    found = interim.acting_blockers(position, role=role, person_id=person, holds=holds)
    assert [each.code for each in found] == codes


@pytest.mark.parametrize(
    ("position", "turn"),
    [(NEW, CSO), (RECOMMENDED, EXECUTIVE), (DECIDED, None), (replace(NEW, standing=Standing.CEASED), None)],
)
def test_whose_turn_it_is(position: Position, turn: Role | None) -> None:
    assert position.turn is turn


def test_a_person_of_both_roles_acts_in_the_one_whose_turn_it_is() -> None:
    both = {CSO, EXECUTIVE}
    assert interim.role_of(both, NEW) is CSO and interim.role_of(both, RECOMMENDED) is EXECUTIVE
    assert interim.role_of({EXECUTIVE}, NEW) is EXECUTIVE and interim.role_of(set(), NEW) is CSO


GOES_ON = Said("continue", "It works.", submission_due_on=LATEST)


@pytest.mark.parametrize(
    ("said", "role", "codes"),
    [
        (GOES_ON, EXECUTIVE, []),
        (replace(GOES_ON, submission_due_on=None), CSO, []),
        (replace(GOES_ON, submission_due_on=None), EXECUTIVE, ["submission_due_on"]),
        (replace(GOES_ON, submission_due_on=ON), EXECUTIVE, ["submission_due_on"]),
        (replace(GOES_ON, submission_due_on=date(2027, 2, 3)), EXECUTIVE, ["submission_due_on"]),
        (replace(GOES_ON, reason=" "), EXECUTIVE, ["reason"]),
        (Said("restrict", "Why.", submission_due_on=LATEST), EXECUTIVE, ["restriction"]),
        (Said("stop", "Why."), EXECUTIVE, ["fallback"]),
        (Said("stop", "Why.", fallback="Type notes by hand."), EXECUTIVE, []),
        (Said("perhaps", "Why."), CSO, ["outcome"]),
    ],
)
def test_what_an_outcome_needs(said: Said, role: Role, codes: list[str]) -> None:
    assert [each.code for each in interim.said_blockers(said, role=role, on=ON, latest=LATEST)] == codes


@pytest.mark.parametrize(
    ("facts", "tier"),
    [
        ({"kind": "administrative", "direct_care": "no", "personal_data": "none"}, Tier.LOW),
        ({"kind": "imaging", "direct_care": "yes", "personal_data": "none"}, Tier.MEDIUM),
        ({"kind": "other", "direct_care": "no", "personal_data": "confidential"}, Tier.MEDIUM),
    ],
)
def test_the_least_tier_follows_from_what_was_stated(facts: dict[str, str], tier: Tier) -> None:
    assert interim.least_tier(facts, policy()) is tier
