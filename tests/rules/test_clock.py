"""Working days in England, months that end early, and a clock that can be stopped."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance import clock


def test_now_is_aware_and_in_utc():
    assert clock.now().utcoffset() == timedelta(0)


@pytest.mark.parametrize(
    ("at", "day"),
    [
        (datetime(2026, 6, 30, 22, 59, tzinfo=UTC), date(2026, 6, 30)),
        (datetime(2026, 6, 30, 23, 0, tzinfo=UTC), date(2026, 7, 1)),  # British Summer Time
        (datetime(2026, 12, 31, 23, 59, tzinfo=UTC), date(2026, 12, 31)),
    ],
)
def test_today_is_the_day_in_london(at, day):
    with clock.fixed(at):
        assert clock.today() == day


def test_a_fixed_clock_stands_still_and_then_goes_on():
    with clock.fixed(date(2027, 5, 3)):
        assert clock.now() == datetime(2027, 5, 3, 8, 0, tzinfo=UTC)
        with clock.fixed(datetime(2030, 1, 1, tzinfo=timezone(timedelta(hours=2)))):
            assert clock.now() == datetime(2029, 12, 31, 22, 0, tzinfo=UTC)
        assert clock.today() == date(2027, 5, 3)
    assert clock.now() != datetime(2027, 5, 3, 8, 0, tzinfo=UTC)


def test_a_moment_without_a_time_zone_is_refused():
    with pytest.raises(ValueError, match="time zone"), clock.fixed(datetime(2027, 5, 3)):
        pass


@pytest.mark.parametrize(
    ("start", "end", "days"),
    [
        (date(2026, 11, 2), date(2026, 11, 2), 0),  # the same day
        (date(2026, 11, 2), date(2026, 11, 9), 5),  # Monday to Monday
        (date(2026, 11, 6), date(2026, 11, 8), 0),  # Friday to Sunday
        (date(2026, 4, 2), date(2026, 4, 7), 1),  # Good Friday and Easter Monday between
        (date(2026, 12, 24), date(2026, 12, 29), 1),  # Christmas Day, and Boxing Day kept on the Monday
        (date(2026, 11, 9), date(2026, 11, 2), 0),  # backwards
    ],
)
def test_working_days_leave_out_weekends_and_bank_holidays(start, end, days):
    assert clock.working_days_between(start, end) == days


@given(st.dates(date(2024, 1, 1), date(2032, 1, 1)), st.integers(1, 30))
def test_adding_working_days_ends_on_one_and_counts_back(start, n):
    end = clock.add_working_days(start, n)
    assert clock.is_working_day(end)
    assert clock.working_days_between(start, end) == n


@pytest.mark.parametrize(
    ("day", "n", "then"),
    [
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2027, 8, 31), 6, date(2028, 2, 29)),
        (date(2026, 11, 22), 12, date(2027, 11, 22)),
        (date(2026, 12, 31), 1, date(2027, 1, 31)),
        (date(2026, 3, 31), -1, date(2026, 2, 28)),
    ],
)
def test_months_end_where_the_month_ends(day, n, then):
    assert clock.add_months(day, n) == then
