"""Which sets suppliers are asked, how long a link lasts and where it stands, when somebody is reminded, who has to wait."""

from datetime import UTC, date, datetime, timedelta

import pytest

from governance import clock
from governance.assessment.question_sets import loader
from governance.assessment.question_sets.values import AnswerValue
from governance.assessment.sheets.rules import Kept
from governance.assessment.suppliers import limits, rules
from governance.assessment.suppliers.reading.reader import FilledForm, Finding
from governance.assessment.suppliers.rules import LinkState

AT = datetime(2026, 11, 2, 9, tzinfo=UTC)
ON = date(2026, 11, 2)
ASKED = {"dtac-2.0", "cyber-1", "dcb0129-4.2", "device-1", "scribing-1", "nice-esf-2022", "sustainability-1"}


def test_suppliers_are_asked_about_the_tool_in_seven_sets_and_in_no_other():
    assert {each.code for each in loader.all_question_sets() if rules.may_be_asked(each)} == ASKED


@pytest.mark.parametrize(
    ("changed", "state"),
    [
        ({}, LinkState.SENT),
        ({"opened_at": AT}, LinkState.OPENED),
        ({"opened_at": AT, "handed_in_at": AT, "expires_at": AT}, LinkState.HANDED_IN),
        ({"revoked_at": AT, "expires_at": AT}, LinkState.REVOKED),
        ({"expires_at": AT}, LinkState.ENDED),
    ],
)
def test_a_link_stands_in_one_of_five_ways(changed, state):
    usual = {"opened_at": None, "handed_in_at": None, "revoked_at": None, "expires_at": AT + timedelta(days=1)}
    assert rules.link_state(**usual | changed, at=AT) is state
    assert state.is_open == (state in (LinkState.SENT, LinkState.OPENED))


@pytest.mark.parametrize("day", [date(2026, 11, 23), date(2027, 3, 28), date(2027, 10, 31)], ids=str)
def test_a_link_works_until_the_end_of_its_last_day_in_london(day):
    ends = rules.ends_at(day)
    assert rules.last_day(ends) == day
    assert clock.london_date(ends) == day + timedelta(days=1)


@pytest.mark.parametrize(
    ("days", "open_to", "codes"),
    [
        (1, [], []), (60, [], []), (0, [], ["until"]), (61, [], ["until"]),
        (21, ["Robin@northgate.example"], ["email"]), (21, ["other@northgate.example"], []),
        (21, [f"{n}@northgate.example" for n in range(5)], ["email"]),
    ],
)  # fmt: skip
def test_a_link_is_asked_for_within_sixty_days_and_once_for_each_contact(days, open_to, codes):
    until = ON + timedelta(days=days)
    found = rules.ask_blockers(email=" robin@northgate.example", until=until, on=ON, open_to=open_to)
    assert [each.code for each in found] == codes


@pytest.mark.parametrize(
    ("lasts", "left", "step"),
    [(21, 8, None), (21, 7, 7), (21, 5, 7), (21, 2, 2), (21, 0, 2), (21, -1, None), (5, 5, None), (5, 4, None), (5, 2, 2), (2, 2, None)],
)
def test_the_contact_is_reminded_seven_and_two_days_before_the_end_unless_it_was_only_just_sent(lasts, left, step):
    last = ON + timedelta(days=lasts)
    assert rules.reminder_step(sent_on=ON, last_day=last, on=last - timedelta(days=left)) == step


def test_a_form_fills_what_nobody_stands_behind_and_says_of_the_rest_whether_it_agrees():
    form = FilledForm(
        (
            Finding("A1", "read", "Read.", AnswerValue("Northgate"), "table 1, row 1"),
            Finding("A2", "read", "Read.", AnswerValue("Chestwise"), "table 1, row 2"),
            Finding("A3", "read", "Read.", AnswerValue("2.3"), "table 1, row 3"),
            Finding("A4", "unclear", "It is not clear."),
        ),
        (),
    )
    kept = {
        "A1": Kept(AnswerValue("Northgate"), 2), "A2": Kept(AnswerValue("Other"), 1), "A3": Kept(AnswerValue("2.2"), 1, False),
    }  # fmt: skip
    found = rules.taken(form, kept, f"{'x' * 140}.docx")
    assert dict(found.answers) == {"A3": AnswerValue("2.3")}
    assert len(found.origins["A3"]) == 120 and found.origins["A3"].endswith(", table 1, row 3")
    assert [line[1] for line in found.account] == ["kept", "kept", "read", "unclear"]
    assert "says the same" in found.account[0][2] and "says otherwise (table 1, row 2)" in found.account[1][2]
    assert rules.counted(found.account) == {"kept": 2, "read": 1, "unclear": 1}


def test_thirty_links_that_do_not_work_within_a_quarter_of_an_hour_are_too_many():
    failures = limits.Failures()
    for n in range(30):
        assert not failures.are_too_many("192.0.2.1", AT + timedelta(seconds=n))
        failures.note("192.0.2.1", AT + timedelta(seconds=n))
    assert failures.are_too_many("192.0.2.1", AT + timedelta(minutes=1))
    assert not failures.are_too_many("192.0.2.2", AT + timedelta(minutes=1))
    assert not failures.are_too_many("192.0.2.1", AT + timedelta(minutes=16))
