"""What the rules see in figures: sentences, levels, and that the order in which figures come does not matter."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from governance import clock
from governance.clock import add_months
from governance.monitoring.signals import rules
from governance.permissions import Role

FIRST, TODAY = date(2025, 7, 1), date(2026, 11, 2)
WATCHED = rules.Watched(
    name="Urgent findings missed", unit="in 1,000", direction="down", frequency="monthly", profile="making_data_count",
    target=Decimal(2), limit_low=None, limit_high=Decimal(4), first_period_on=FIRST,
)  # fmt: skip
STEADY = [2, 3, 2, 3, 2, 3, 2, 3, 2, 3, 2, 3, 2]


def series(*values: object, first: date = FIRST) -> list[tuple[date, Decimal]]:
    return [(add_months(first, n), Decimal(str(value))) for n, value in enumerate(values)]


def seen(watched: rules.Watched, *values: object, since: date = date.min) -> list[rules.Sight]:
    return rules.seen(watched, series(*values), (), since=since, on=TODAY)


def test_nothing_is_seen_in_steady_figures():
    assert seen(WATCHED, *STEADY, 3, 2) == []


def test_a_limit_is_passed_only_beyond_it():
    (sight,) = seen(WATCHED, 4, "4.1")
    assert (sight.kind, sight.level) == ("breach", "red")
    assert sight.sentence == "The August 2025 figure for urgent findings missed, 4.1 in 1,000, is above its limit of 4."
    upwards = replace(WATCHED, direction="up", limit_low=Decimal(80), limit_high=None, unit="%")
    (sight,) = seen(upwards, 80, "79.5")
    assert sight.sentence.endswith("79.5%, is below its limit of 80%.")


def test_one_figure_outside_chance_and_limit_is_one_signal():
    (sight,) = seen(WATCHED, *STEADY, 3, 2, 9)
    assert sight.kind == "breach"
    (sight,) = seen(replace(WATCHED, limit_high=None), *STEADY, 3, 2, 9)
    assert (sight.kind, sight.level) == ("special_cause", "red")


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ([*STEADY[:9], 1, "1.5", 2, "2.5", 3, "3.2", "3.4"], "Each of the last 7 figures for urgent findings missed, up to October 2026, is higher"),
        ([*STEADY[:9], "2.9", "2.8", "2.9", "2.8", "2.9", "2.8", "2.9"], "The last 7 figures for urgent findings missed, up to October 2026, all lie above"),
        ([*STEADY, 3, "4.6", "4.6"], "Two of the last 3 figures for urgent findings missed, up to October 2026, lie close to the upper limit."),
    ],
)
def test_runs_of_worse_figures_are_amber(values, said):
    sights = rules.seen(WATCHED, series(*values), (), since=date(2026, 10, 1), on=TODAY)
    (sight,) = [each for each in sights if each.kind == "special_cause"]
    assert sight.level == "amber" and sight.sentence.startswith(said)
    assert sight.sentence.endswith("That is more than chance, and worse.")


def test_an_improvement_and_a_change_without_a_better_way_are_no_signal():
    better = [3, 2, 3, 2, 3, 2, 3, 2, 3, *[1] * 7]
    assert seen(WATCHED, *better) == []
    assert seen(replace(WATCHED, direction="neither", limit_high=None), *better) == []


def test_what_came_before_figures_were_expected_opens_nothing():
    assert seen(replace(WATCHED, first_period_on=date(2026, 9, 1)), *[9] * 14, 2, 2) == []


def test_old_runs_brought_in_later_are_no_news():
    drifted = [*STEADY[:4], 3, "3.1", "3.2", "3.3", "3.4", "3.5", "3.6"]
    assert rules.seen(WATCHED, series(*drifted, first=date(2024, 7, 1)), (), since=date.min, on=TODAY) == []


def test_new_limits_end_a_run():
    figures = series(*STEADY[:9], "2.9", "2.8", "2.9", "2.8", "2.9", "2.8", "2.9")
    assert rules.seen(WATCHED, figures, [date(2026, 7, 1)], since=date(2026, 10, 1), on=TODAY) == []


@settings(max_examples=25)
@given(st.lists(st.integers(0, 8), min_size=14, max_size=16), st.randoms())
def test_any_order_of_entry_gives_the_same_signals(values, chance):
    figures = series(*values)
    whole = {(each.kind, each.period_on, each.level) for each in rules.seen(WATCHED, figures, (), since=date.min, on=TODAY)}
    came, left = dict[date, Decimal](), list(figures)
    chance.shuffle(left)
    standing: dict[tuple[str, date], str] = {}
    while left:
        batch, left = left[:5], left[5:]
        came |= dict(batch)
        since = min(day for day, _ in batch)
        sights = rules.seen(WATCHED, sorted(came.items()), (), since=since, on=TODAY)
        standing = {key: level for key, level in standing.items() if key[1] < since}
        standing |= {(each.kind, each.period_on): each.level for each in sights}
    assert {(kind, day, level) for (kind, day), level in standing.items()} == whole


def test_red_is_looked_at_within_four_hours_and_amber_within_two_working_days():
    friday = datetime(2026, 12, 24, 15, tzinfo=UTC)
    assert rules.look_by("red", friday) == datetime(2026, 12, 24, 19, tzinfo=UTC)
    assert rules.look_by("amber", friday) == datetime(2026, 12, 30, 17, tzinfo=clock.LONDON)


@pytest.mark.parametrize(
    ("level", "held", "entered_it", "text", "codes"),
    [
        ("red", {Role.CSO}, False, "A locum reads now.", []),
        ("red", {Role.SRO}, False, "A locum reads now.", []),
        ("red", {Role.CLINICAL_LEAD}, False, "A locum reads now.", ["role"]),
        ("red", {Role.CSO, Role.DIGITAL_LEAD}, True, "A locum reads now.", ["own_figure"]),
        ("amber", {Role.DIGITAL_LEAD}, True, "A locum reads now.", []),
        ("amber", {Role.DIGITAL_LEAD}, False, " ", ["text"]),
    ],
)
def test_who_may_close_a_signal(level, held, entered_it, text, codes):
    found = rules.close_blockers(level=level, kind="breach", status="open", found=text, held=held, entered_it=entered_it)
    assert [each.code for each in found] == codes


def test_the_sro_owns_what_nobody_else_can():
    assert rules.owner_of("clinical_lead", {Role.CLINICAL_LEAD}) is Role.CLINICAL_LEAD
    assert rules.owner_of("clinical_lead", set()) is Role.SRO
