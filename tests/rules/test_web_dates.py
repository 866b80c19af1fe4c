"""Dates are read as people type them, and what is wrong is said of the right box."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance.web import dates, wording

THIRD_OF_MAY = dt.date(2027, 5, 3)


@pytest.mark.parametrize(
    "typed",
    [
        ("3", "5", "2027"),
        ("03", "05", "2027"),
        (" 3 ", "May", "2027"),
        ("3", "MAY", "2027"),
        ("3", "may.", "2027"),
        ("3 5 2027",),
        ("3/5/2027",),
        ("3.5.2027",),
        ("3-5-2027",),
        ("3 May 2027",),
        ("2027-05-03",),
    ],
)
def test_the_third_of_may_however_it_is_typed(typed):
    assert dates.read(*typed) == THIRD_OF_MAY


@pytest.mark.parametrize("month", ["Sept", "sep", "September", "9"])
def test_september_has_many_names(month):
    assert dates.read("1", month, "2027") == dt.date(2027, 9, 1)


def test_nothing_typed_is_no_date():
    assert dates.read("", " ", "") is None


@pytest.mark.parametrize(
    ("typed", "ending", "parts"),
    [
        (("", "5", "2027"), "must include a day", ("day",)),
        (("3", "", "2027"), "must include a month", ("month",)),
        (("3", "", ""), "must include a month and year", ("month", "year")),
        (("", "", "2027"), "must include a day and month", ("day", "month")),
        (("31", "2", "2027"), "must be a real date", ("day", "month", "year")),
        (("29", "2", "2027"), "must be a real date", ("day", "month", "year")),
        (("32", "5", "2027"), "must be a real date", ("day",)),
        (("3", "13", "2027"), "must be a real date", ("month",)),
        (("3", "Mai", "2027"), "must be a real date", ("month",)),
        (("x", "y", "z"), "must be a real date", ("day", "month", "year")),
        (("3", "5", "27"), "must have a year of 4 numbers", ("year",)),
        (("3", "5", "20270"), "must be a real date", ("year",)),
        (("3", "5", "1066"), "must have a year between 1900 and 2199", ("year",)),
        (("3", "5", "9999"), "must have a year between 1900 and 2199", ("year",)),
        (("-3", "5", "2027"), "must be a real date", ("day",)),
        (("٣", "5", "2027"), "must be a real date", ("day",)),
    ],
)
def test_what_is_wrong_is_said_of_the_right_box(typed, ending, parts):
    with pytest.raises(dates.NotADate) as fault:
        dates.read(*typed)
    assert (fault.value.ending, fault.value.parts) == (ending, parts)


@given(st.dates(min_value=dt.date(1900, 1, 1), max_value=dt.date(2199, 12, 31)))
def test_every_date_we_write_we_can_read(day):
    assert dates.read(wording.long_date(day)) == day
    assert dates.read(day.isoformat()) == day
    assert dates.read(str(day.day), str(day.month), str(day.year)) == day


@given(st.text(), st.text(), st.text())
def test_anything_typed_is_a_date_or_a_sentence(day, month, year):
    try:
        assert dates.read(day, month, year) is None or dates.read(day, month, year).year >= 1900
    except dates.NotADate as fault:
        assert fault.ending.startswith("must ") and set(fault.parts) <= set(dates.PARTS)
