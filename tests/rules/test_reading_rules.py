"""Periods, values, targets and files of figures: what is read, what is refused, and when a figure is due."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance.lifecycle import Stage, Standing
from governance.monitoring.readings import filed, periods, rules
from governance.monitoring.readings.rules import Measured
from governance.spreadsheets import read_sheet

DAYS = st.dates(date(2000, 1, 1), date(2090, 12, 31))
FREQUENCIES = st.sampled_from(sorted(periods.WITHIN))
TODAY = date(2026, 11, 2)


@given(DAYS, FREQUENCIES)
def test_every_day_lies_in_one_period_and_the_next_begins_the_day_after_it_ends(day, frequency):
    begins = periods.period_of(day, frequency)
    assert begins <= day <= periods.ends_on(begins, frequency)
    assert periods.period_of(begins, frequency) == begins
    after = periods.next_period(begins, frequency)
    assert periods.period_of(after, frequency) == after == periods.ends_on(begins, frequency) + (date(2000, 1, 2) - date(2000, 1, 1))


@given(DAYS, FREQUENCIES)
def test_a_period_is_read_back_from_its_name_where_it_has_one(day, frequency):
    begins = periods.period_of(day, frequency)
    assert periods.read(begins.isoformat(), frequency) == begins
    if frequency in ("daily", "monthly"):
        assert periods.read(periods.name(begins, frequency), frequency) == begins


@pytest.mark.parametrize(
    ("text", "frequency", "period"),
    [
        ("2026-10", "monthly", date(2026, 10, 1)),
        ("Oct 2026", "monthly", date(2026, 10, 1)),
        ("Sept 2026", "monthly", date(2026, 9, 1)),
        ("October-2026", "monthly", date(2026, 10, 1)),
        ("10/2026", "monthly", date(2026, 10, 1)),
        ("05/10/2026", "weekly", date(2026, 10, 5)),
        ("2026-10-07", "weekly", date(2026, 10, 5)),
        ("2026 Q4", "quarterly", date(2026, 10, 1)),
        ("Q4-2026", "quarterly", date(2026, 10, 1)),
        ("November 2026", "quarterly", date(2026, 10, 1)),
        ("2026-10", "daily", None),
        ("October 2026", "weekly", None),
        ("Q4 2026", "monthly", None),
        ("13/2026", "monthly", None),
        ("2026-02-30", "daily", None),
        ("0001-01", "monthly", None),
        ("9999-12", "monthly", None),
        ("=2026-10", "monthly", None),
        ("last month", "monthly", None),
    ],
)
def test_a_period_is_read_as_people_write_it(text, frequency, period):
    assert periods.read(text, frequency) == period


def test_a_figure_is_due_some_working_days_after_its_period():
    assert periods.due_on(date(2026, 10, 1), "monthly") == date(2026, 11, 13)
    assert periods.due_on(date(2026, 12, 1), "monthly") == date(2027, 1, 15)  # New Year is no working day
    assert periods.due_on(date(2026, 10, 5), "weekly") == date(2026, 10, 16)
    assert periods.due_on(date(2026, 10, 30), "daily") == date(2026, 11, 3)


def test_figures_are_expected_of_periods_that_are_over_while_it_is_in_use():
    stopped = periods.pauses([("suspend", date(2026, 6, 10)), ("resume", date(2026, 8, 3)), ("cease", date(2026, 10, 9))])
    assert stopped == ((date(2026, 6, 10), date(2026, 8, 3)), (date(2026, 10, 9), None))
    wanted = list(periods.expected(first=date(2026, 4, 1), frequency="monthly", until=TODAY, pauses=stopped))
    assert wanted == [date(2026, 4, 1), date(2026, 5, 1), date(2026, 9, 1)]
    ended = list(periods.expected(first=date(2026, 4, 1), frequency="monthly", until=TODAY, ended_on=date(2026, 6, 15)))
    assert ended == [date(2026, 4, 1), date(2026, 5, 1)]


@pytest.mark.parametrize(
    ("text", "value"),
    [("12", "12"), ("1,200", "1200"), ("−3.5", "-3.5"), ("-0", "0"), ("0.000001", "0.000001"), (" 7 ", "7"), ("999999999999", "999999999999")],
)
def test_a_value_is_read(text, value):
    assert rules.read_value(text) == (Decimal(value), "")


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", "is empty"),
        ("1.1234567", "must have 6 decimal places or fewer"),
        ("94%", "must be the number alone, without its unit"),
        ("6 in 1,000", "must be the number alone, without its unit"),
        ("1,5", "must be a number, like 12.5"),
        ("NaN", "must be a number, like 12.5"),
        ("１２", "must be a number, like 12.5"),
        ("=1+1", "must be a number, like 12.5"),
        ("1" * 13, "must be a number, like 12.5"),
    ],
)
def test_what_is_no_value_is_told_in_a_few_words(text, fault):
    assert rules.read_value(text) == (None, fault)


@given(st.decimals(min_value=-(10**11), max_value=10**11, places=6))
def test_a_value_is_read_back_as_it_is_written(value):
    assert rules.read_value(rules.written(value)) == (value, "")


@pytest.mark.parametrize(
    ("text", "target"),
    [
        ("2 in 1,000", (Decimal(2), "in 1,000")),
        ("95%", (Decimal(95), "%")),
        ("at least 95%", (Decimal(95), "%")),
        ("50 minutes or less", (Decimal(50), "minutes")),
        ("≥ 90 %", (Decimal(90), "%")),
        ("no more than 2 per 100 letters", (Decimal(2), "per 100 letters")),
        ("between 2 and 4", None),
        ("95 to 99%", None),
        ("95% by March 2027", None),
        ("as before", None),
        ("3 May 2027", None),
        ("", None),
    ],
)
def test_a_target_is_read_only_where_it_plainly_is_a_number_with_its_unit(text, target):
    assert rules.target_in(text) == target


@pytest.mark.parametrize(
    ("stage", "standing", "watched"),
    [
        (Stage.PIPELINE, Standing.PROPOSED, False),
        (Stage.PROOF_OF_CONCEPT, Standing.ASSURED, False),
        (Stage.PROOF_OF_CONCEPT, Standing.DECLARED, True),
        (Stage.PILOT, Standing.ASSURED, True),
        (Stage.PILOT, Standing.PROPOSED, False),
        (Stage.BUSINESS_AS_USUAL, Standing.SUSPENDED, True),
        (Stage.BUSINESS_AS_USUAL, Standing.CEASED, False),
    ],
)
def test_it_is_watched_from_pilot_on_and_a_declared_tool_from_its_first_day(stage, standing, watched):
    assert rules.is_watched(stage, standing) is watched
    assert bool(rules.watch_blockers(stage, standing)) is not watched


INDICATORS = [Measured(1, "Urgent findings missed", "monthly", None), Measured(2, "Letters, edited", "weekly", None)]
HELD = {(1, date(2026, 9, 1)): Decimal(3)}


def account(*lines: str) -> filed.Account:
    text = "\n".join(("Period,Indicator,Value,Note", *lines))
    return filed.account(read_sheet(text.encode(), filename="figures.csv"), INDICATORS, HELD, on=TODAY)


def test_each_row_of_a_file_is_told_what_becomes_of_it():
    found = account(
        "2026-10,1,4,", "September 2026,urgent FINDINGS missed,3,", "2026-09,1. Urgent findings missed,2,Counted twice.",
        '2026-10-05,"Letters, edited",12.5,',
    )  # fmt: skip
    assert [line.said for line in found.lines] == ["Entered", "Held already", "The same figure stands in row 3 too.", "Entered"]
    assert found.faults[0].number == 4
    assert [entry.value for entry in found.entries] == [Decimal(4), Decimal(3), Decimal("12.5")]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("2026-10,7,4,", "No indicator here is called “7”."),
        ("2026-10,,4,", "The indicator is empty."),
        ("2026-13,1,4,", "The period must be a month, like 2026-10 or October 2026."),
        ("2026-10,2,4,", "The period must be a day of its week, like 2026-10-05."),
        ("2026-10,1,four,", "The value must be a number, like 12.5."),
        ("2026-10,1,,", "The value is empty."),
        ("2026-11,1,4,", "This period is not over yet."),
        ("2026-09,1,4,", "3 is held already. Say in a note why it changes."),
        ("2026-10,1,\"=HYPERLINK(\"\"http://x\"\",\"\"4\"\")\",", "The value must be a number, like 12.5."),
        ("2026-10,1,4," + "x" * 301, "The note must be 300 characters or fewer."),
        ("2026-10,<script>alert(1)</script>,4,", "No indicator here is called “<script>alert(1)</script>”."),
    ],
)
def test_what_is_wrong_with_a_row_is_told(line, said):
    found = account(line)
    assert [each.said for each in found.faults] == [said]
    assert found.entries == []


@pytest.mark.parametrize("first", ["", "Period,Value", "Month;Indicator", "Period,Indicator,Note"])
def test_a_file_without_its_columns_is_refused_as_a_whole(first):
    sheet = read_sheet(f"{first}\n2026-10,1,4".encode(), filename="figures.csv")
    found = filed.account(sheet, INDICATORS, HELD, on=TODAY)
    assert found.problem.startswith("The first row must name the columns") and found.lines == ()
