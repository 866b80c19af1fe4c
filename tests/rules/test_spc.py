"""Control charts: each rule on its own, where the methods differ, and what cannot be charted."""

import datetime as dt
import itertools
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance.errors import Refused
from governance.monitoring import spc
from governance.monitoring.spc_input import chart_blockers
from governance.monitoring.spc_rules import Profile, SpecialCause

MDC, R, PLAIN = Profile.MAKING_DATA_COUNT, Profile.R_PACKAGE, Profile.R_PACKAGE_UNSCREENED
START = dt.date(2026, 1, 5)
VIGNETTE = [1, 2, 1, 2, 10, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1]
STEADY = [10, 12] * 9
A, B = "above_upper_limit", "below_lower_limit"
UP, DOWN = "trend_increasing", "trend_decreasing"
TWO_A, TWO_B = "two_in_three_above", "two_in_three_below"
SA, SB = "shift_above", "shift_below"


def days(count, start=START):
    return [start + dt.timedelta(weeks=n) for n in range(count)]


def chart(values, profile=R, improvement="increase", **rest):
    return spc.control_chart(values, days(len(values)), profile=profile, improvement=improvement, **rest)


def causes(values, profile=R, **rest):
    return [point.special_cause for point in chart(values, profile, **rest).points]


@pytest.mark.parametrize(("profile", "lower", "upper"), [(R, -0.72, 4.60), (PLAIN, -3.06, 6.95), (MDC, -3.06, 6.95)])
def test_screening_narrows_the_limits_and_leaves_mean_and_points(profile, lower, upper):
    drawn = chart(VIGNETTE, profile)
    first = drawn.points[0]
    assert (first.mean, first.lower, first.upper) == pytest.approx((1.94, lower, upper), abs=0.006)
    assert [n for n, point in enumerate(drawn.points) if point.special_cause] == [4]
    assert drawn.points[4].special_cause == A


@pytest.mark.parametrize(("profile", "limit"), [(R, 6.175), (PLAIN, 7.714), (MDC, 7.714)])
def test_two_near_points_on_opposite_sides_are_common_cause(profile, limit):
    drawn = chart([1, -1] * 7 + [5.5, -5.5], profile)
    assert (drawn.last.mean, drawn.last.lower, drawn.last.upper) == pytest.approx((0, -limit, limit), abs=0.0005)
    assert {point.special_cause for point in drawn.points} == {None}


def test_a_near_point_is_common_cause_in_r_and_two_in_three_where_one_beyond_the_limit_counts():
    values = [*STEADY, 15.2, 20, 12]
    last = chart(values, R, baseline=18).last
    assert (last.mean, last.lower, last.upper) == pytest.approx((11, 5.68, 16.32))
    assert causes(values, R, baseline=18)[-3:] == [None, A, None]
    assert causes(values, MDC, baseline=18)[-3:] == [TWO_A, A, None]


RULES = {
    "seven rising, its ends beyond the limits": ([1, 2, 3, 4, 5, 6, 7], R, [B, UP, UP, UP, UP, UP, A]),
    "seven falling": ([7, 6, 5, 4, 3, 2, 1], R, [A, *[DOWN] * 5, B]),
    "six rising are none": ([1, 2, 3, 4, 5, 6], R, [None] * 6),
    "a tie breaks a trend": ([1, 2, 3, 3, 4, 5, 6, 7], R, [B, None, None, None, None, None, None, A]),
    "without limits only the trend": ([1, 2, 3, 4, 5, 6, 7], MDC, [UP] * 7),
    "equal values": ([5] * 14, MDC, [None] * 14),
    "equal values, screened": ([5] * 14, R, [None] * 14),
}


@pytest.mark.parametrize(("values", "profile", "expected"), RULES.values(), ids=RULES.keys())
def test_a_short_series_meets_what_it_meets(values, profile, expected):
    assert causes(values, profile) == expected


NEAR, FAR = 15.2, 20  # with STEADY as baseline: mean 11, near from 14.55, limit 16.32; downwards 7.45 and 5.68
TAILS = {
    "on the mean": ([11], [None], [None]),
    "on the upper limit": ([16.32], [None], [None]),
    "just above the limit": ([16.3201], [A], [A]),
    "on the lower limit": ([5.68], [None], [None]),
    "just below the limit": ([5.6799], [B], [B]),
    "two of three near, the middle one not": ([NEAR, 11.5, NEAR], [TWO_A, None, TWO_A], [TWO_A, None, TWO_A]),
    "the third on the mean": ([NEAR, 11, NEAR], [None] * 3, [None] * 3),
    "the third on the other side": ([NEAR, 10, NEAR], [None] * 3, [None] * 3),
    "two of three near, below": ([7, 10, 6], [TWO_B, None, TWO_B], [TWO_B, None, TWO_B]),
    "near but four apart": ([NEAR, 12, 12, NEAR], [None] * 4, [None] * 4),
    "two beyond the limit name themselves": ([FAR, FAR, 12], [A, A, None], [A, A, None]),
    "near beside one beyond": ([FAR, NEAR, 12], [A, None, None], [A, TWO_A, None]),
    "seven above": ([11.5] * 7, [SA] * 7, [SA] * 7),
    "six above": ([11.5] * 6, [SA] * 7, None),
    "seven below": ([11, *[10.5] * 7], [None, *[SB] * 7], [None, *[SB] * 7]),
    "one on the mean breaks a shift": ([11, *[10.5] * 6, 11, 10.5], [None] * 9, [None] * 9),
    "two in three goes before shift": (
        [11, 12, 12, 12, 12, 12, NEAR, NEAR],
        [None, SA, SA, SA, SA, SA, TWO_A, TWO_A],
        [None, SA, SA, SA, SA, SA, TWO_A, TWO_A],
    ),
    "trend goes before two in three and shift": (
        [11, 11.1, 11.2, 11.3, 11.4, 14.6, 14.7],
        [UP] * 7,
        [UP] * 7,
    ),
}


@pytest.mark.parametrize("profile", [PLAIN, MDC])
@pytest.mark.parametrize(("tail", "r", "mdc"), TAILS.values(), ids=TAILS.keys())
def test_after_a_fixed_baseline_each_rule_holds_to_its_edge(tail, r, mdc, profile):
    """STEADY ends on 12, above the mean: a tail that stays above it makes a run of one more."""
    found = causes([*STEADY, *tail], profile, baseline=18)
    if mdc is None:  # six and the 12 before them are seven
        assert found[17:] == r
    else:
        assert found[18:] == (mdc if profile == MDC else r)


def test_a_turning_point_belongs_to_both_trends_and_improvement_wins():
    """Up to 13 and down again, within wide limits."""
    swing = [0, 26] * 8
    values = [*swing, 10, 11, 12, 13, 14, 15, 16, 15.5, 15, 14.5, 14, 13.5, 13.2]
    peak = 16 + 6
    assert causes(values, MDC, baseline=16, improvement="increase")[peak] == UP
    assert causes(values, MDC, baseline=16, improvement="decrease")[peak] == DOWN
    assert causes(values, PLAIN, baseline=16, improvement="increase")[peak] == DOWN
    assert causes(values, PLAIN, baseline=16, improvement="decrease")[peak] == DOWN


def test_the_r_package_gives_a_trends_last_point_the_way_of_the_next_trend():
    """Seven up, a drop, seven up: the first trend's last point is named falling in R, rising by membership."""
    values = [*([0, 26] * 8), 10, 11, 12, 13, 14, 15, 16, 9, 10, 11, 12, 13, 14, 15]
    assert causes(values, PLAIN, baseline=16)[22] == DOWN
    assert causes(values, MDC, baseline=16)[22] == UP


def test_where_rules_disagree_improvement_wins_only_in_making_data_count():
    """Falling through the upper limit: beyond it is high, the trend is low."""
    values = [*STEADY, 24, 22, 20, 18, 16, 14, 12.5]
    worse, better = spc.Variation.CONCERN, spc.Variation.IMPROVEMENT
    for profile, improvement, cause, variation in [
        (MDC, "decrease", DOWN, better),
        (MDC, "increase", A, better),
        (MDC, "neutral", A, spc.Variation.NEUTRAL),
        (PLAIN, "decrease", A, worse),
        (PLAIN, "increase", A, better),
    ]:
        point = chart(values, profile, improvement, baseline=18).points[18]
        assert (point.special_cause, point.variation) == (cause, variation)


@pytest.mark.parametrize(
    ("last", "improvement", "variation", "letter"),
    [
        (11, "increase", "common_cause", ""),
        (20, "increase", "improvement", "H"),
        (20, "decrease", "concern", "H"),
        (20, "neutral", "neutral", "H"),
        (2, "increase", "concern", "L"),
        (2, "decrease", "improvement", "L"),
        (2, "neutral", "neutral", "L"),
    ],
)
def test_the_icon_is_the_type_of_the_last_point(last, improvement, variation, letter):
    drawn = chart([20, *STEADY, last], MDC, improvement)
    assert drawn.icon == spc.Icon(spc.Variation(variation), letter)
    assert drawn.last.variation == variation


@pytest.mark.parametrize(
    ("target", "increase", "decrease"),
    [
        (None, "none", "none"),
        (5, "pass", "fail"),
        (Decimal("5.68"), "hit_and_miss", "hit_and_miss"),
        (5.68, "hit_and_miss", "hit_and_miss"),
        (5.679999, "pass", "fail"),
        (11, "hit_and_miss", "hit_and_miss"),
        (16.32, "hit_and_miss", "hit_and_miss"),
        (16.320001, "fail", "pass"),
        (17, "fail", "pass"),
        (0, "pass", "fail"),
    ],
)
@pytest.mark.parametrize("profile", [MDC, R, PLAIN])
def test_assurance_is_read_from_the_limits_and_a_target_on_one_may_be_missed(target, increase, decrease, profile):
    for improvement, expected in [("increase", increase), ("decrease", decrease), ("neutral", "none")]:
        assert chart(STEADY, profile, improvement, target=target).assurance == expected


def test_where_every_value_is_the_target_the_limits_are_it_too():
    drawn = chart([5] * 13, MDC, target=5)
    assert (drawn.last.lower, drawn.last.mean, drawn.last.upper) == (5, 5, 5)
    assert drawn.assurance == "hit_and_miss"
    assert chart([5] * 13, MDC, target=4).assurance == "pass"


def test_limits_icons_and_assurance_come_with_the_thirteenth_point():
    short, enough = chart(STEADY[:12], MDC, target=5), chart(STEADY[:13], MDC, target=5)
    assert (short.last.lower, short.last.upper, short.icon, short.assurance) == (None, None, None, "none")
    assert short.last.mean == 11
    assert short.note == "12 values. Limits and icons are shown from 13."
    assert enough.last.lower < enough.last.mean < enough.last.upper
    assert (enough.icon.variation, enough.assurance, enough.note) == ("common_cause", "pass", "")


def test_the_r_package_shows_trial_limits_and_says_so():
    drawn = chart(STEADY[:12], R, target=5)
    assert drawn.last.upper == pytest.approx(16.32)
    assert drawn.segments[0].trial
    assert drawn.note == "12 values. Limits are on trial until there are 13."
    assert chart(STEADY[:13], R).note == ""


@pytest.mark.parametrize("profile", [MDC, R, PLAIN])
def test_a_rebase_starts_a_segment_that_nothing_crosses(profile):
    values = [*STEADY, *[value + 100 for value in STEADY]]
    on = days(36)[18]
    drawn = chart(values, profile, rebase_on=[on])
    assert [(s.starts_on, s.count, s.mean) for s in drawn.segments] == [(START, 18, 11), (on, 18, 111)]
    assert {point.special_cause for point in drawn.points} == {None}
    assert drawn.points[17].segment == 0 and drawn.points[18].segment == 1
    assert drawn.last.upper == pytest.approx(116.32)
    assert drawn.points[0].upper == pytest.approx(16.32)
    alone = chart(STEADY, profile)
    assert [p.upper for p in alone.points] == [p.upper for p in drawn.points[:18]]


def test_a_trend_is_cut_by_a_rebase():
    values = [*STEADY, *[30 + n for n in range(7)]]
    assert UP not in causes(values, PLAIN, rebase_on=[days(25)[21]])
    assert SA not in causes(values, PLAIN, rebase_on=[days(25)[21]])


@pytest.mark.parametrize("profile", [MDC, R])
def test_a_segment_of_one_value_has_a_mean_and_no_limits(profile):
    drawn = chart([*STEADY, 30], profile, rebase_on=[days(19)[18]], target=5)
    assert (drawn.last.mean, drawn.last.lower, drawn.last.special_cause) == (30, None, None)
    assert (drawn.icon, drawn.assurance) == (None, "none")
    least = 13 if profile == MDC else 2
    assert drawn.note == f"1 value from 11 May 2026. Limits and icons are shown from {least}."


def test_a_rebase_on_the_first_date_changes_nothing_and_twice_the_same_is_once():
    assert chart(STEADY, rebase_on=[START]) == chart(STEADY)
    assert len(chart(STEADY, rebase_on=[days(9)[8]] * 2).segments) == 2


def test_a_fixed_baseline_makes_limits_of_its_first_values_only():
    drawn = chart([*STEADY, 100, 0, 100], baseline=18)
    assert (drawn.last.mean, drawn.last.upper) == pytest.approx((11, 16.32))
    assert chart(STEADY, baseline=18).points == chart(STEADY).points


def test_floats_are_taken_as_they_are_written():
    """0.1 + 0.2 + 0.3 is not three times 0.2 in floats, so that a point on the mean would start a shift."""
    exact = [Decimal("0.1"), Decimal("0.2"), Decimal("0.3")] * 6
    floats = [float(value) for value in exact]
    assert causes(floats, PLAIN) == causes(exact, PLAIN)
    assert chart(floats, PLAIN).last.mean == 0.2


def test_the_chart_records_what_it_was_asked_for():
    drawn = chart(STEADY, MDC, "decrease", target=12, baseline=13)
    assert (drawn.profile, drawn.improvement, drawn.target, drawn.baseline) == (MDC, "decrease", 12, 13)
    assert spc.control_chart(STEADY, days(18), improvement="neutral").profile == "making_data_count"
    with pytest.raises(AttributeError):
        drawn.note = "changed"


NAN, INFINITY = float("nan"), float("inf")
GOOD = {"values": STEADY, "dates": days(18), "profile": "r_package", "improvement": "increase"}
SWAPPED = [*days(18)[:2], days(18)[3], days(18)[2], *days(18)[4:]]
REFUSALS = {
    "lengths": ({"dates": days(17)}, "There are 18 values and 17 dates. Give each value a date."),
    "order": ({"dates": SWAPPED}, "19 January 2026 stands after 26 January 2026. Put the dates in order."),
    "twice": ({"dates": [START, *days(17)]}, "5 January 2026 is there twice. Give each date one value."),
    "no date": ({"dates": ["2026-01-05", *days(18)[1:]]}, "Date 1 is not a date."),
    "a moment": ({"dates": [dt.datetime(2026, 1, 5), *days(18)[1:]]}, "Date 1 is not a date."),
    "missing": (
        {"values": [None, *STEADY[1:]]},
        "The value of 5 January 2026 is missing. Leave the date out.",
    ),
    "nan": ({"values": [NAN, *STEADY[1:]]}, "The value of 5 January 2026 is not a finite number."),
    "infinite": ({"values": [-INFINITY, *STEADY[1:]]}, "The value of 5 January 2026 is not a finite number."),
    "decimal nan": ({"values": [Decimal("sNaN"), *STEADY[1:]]}, "The value of 5 January 2026 is not a finite number."),
    "text": ({"values": ["12", *STEADY[1:]]}, "The value of 5 January 2026 is not a number."),
    "truth": ({"values": [True, *STEADY[1:]]}, "The value of 5 January 2026 is not a number."),
    "huge": (
        {"values": [Decimal("1e999999"), *STEADY[1:]]},
        "The value of 5 January 2026 is too large: use thousands or millions.",
    ),
    "fine": (
        {"values": [Decimal("1e-999999"), *STEADY[1:]]},
        "The value of 5 January 2026 has more than 100 decimal places.",
    ),
    "profile": (
        {"profile": "power_bi"},
        "There is no profile “power_bi”. Profiles: making_data_count, r_package, r_package_unscreened.",
    ),
    "improvement": (
        {"improvement": "up"},
        "Improvement cannot be “up”. Say one of: increase, decrease, neutral.",
    ),
    "target": ({"target": NAN}, "The target is not a finite number."),
    "rebase": (
        {"rebase_on": [dt.date(2026, 1, 6)]},
        "Limits cannot start anew on 6 January 2026: the chart has no value of that date.",
    ),
    "baseline": ({"baseline": 11}, "Limits can be fixed on 12 values or more, not on 11."),
    "one": ({"values": [1], "dates": days(1)}, "A control chart needs at least 2 values; there is 1."),
    "none": ({"values": [], "dates": []}, "A control chart needs at least 2 values; there is none."),
}


@pytest.mark.parametrize(("changed", "sentence"), REFUSALS.values(), ids=REFUSALS.keys())
def test_what_cannot_be_charted_is_refused_in_one_sentence(changed, sentence):
    given_ = {**GOOD, **changed}
    assert [blocker.sentence for blocker in chart_blockers(**given_)] == [sentence]
    with pytest.raises(Refused) as refused:
        spc.control_chart(given_.pop("values"), given_.pop("dates"), **given_)
    assert refused.value.sentences == (sentence,)


def test_every_reason_is_said_at_once():
    changed = {**GOOD, "profile": "x", "improvement": "y", "target": "z", "values": [NAN, *STEADY[1:]]}
    assert [blocker.code for blocker in chart_blockers(**changed)] == [
        "chart.profile", "chart.improvement", "chart.target", "chart.value",
    ]  # fmt: skip


numbers = st.one_of(
    st.integers(-(10**6), 10**6),
    st.decimals(-1000, 1000, places=2),
    st.floats(-1e6, 1e6, allow_nan=False),
)
series = st.lists(numbers, min_size=2, max_size=40)
small = st.lists(st.integers(-5, 5), min_size=13, max_size=40)
profiles = st.sampled_from([*Profile])
ways = st.sampled_from(["increase", "decrease", "neutral"])


@given(series, profiles, ways, st.none() | numbers)
def test_any_finite_series_gives_a_whole_chart(values, profile, improvement, target):
    drawn = chart(values, profile, improvement, target=target)
    assert [point.value for point in drawn.points] == values
    for point in drawn.points:
        assert (point.lower is None) == (point.upper is None)
        assert point.lower is None or point.lower <= point.mean <= point.upper
        assert (point.special_cause is None) == (point.variation == "common_cause")
        if improvement == "neutral":
            assert point.variation in {"common_cause", "neutral"}
    assert drawn.assurance in {"pass", "fail", "hit_and_miss", "none"}


@given(small, profiles)
def test_the_other_way_swaps_improvement_and_concern_in_r_and_mirrors_in_all(values, profile):
    up, mirrored = chart(values, profile, "increase"), chart([-value for value in values], profile, "decrease")
    assert [point.variation for point in up.points] == [point.variation for point in mirrored.points]
    if profile != MDC:
        swapped = {"improvement": "concern", "concern": "improvement", "common_cause": "common_cause"}
        down = chart(values, profile, "decrease")
        assert [swapped[point.variation] for point in up.points] == [point.variation for point in down.points]


@given(small, profiles, st.integers(1, 1000), st.integers(-1000, 1000))
def test_other_units_change_no_finding(values, profile, scale, shift):
    moved = [value * scale + shift for value in values]
    assert causes(moved, profile) == causes(values, profile)


@given(small, st.integers(1, 38))
def test_a_rebase_is_two_charts_side_by_side(values, at):
    at = max(2, min(at, len(values) - 2))
    whole = causes(values, MDC, rebase_on=[days(len(values))[at]])
    assert whole == causes(values[:at], MDC) + causes(values[at:], MDC)


@given(small)
def test_making_data_count_sees_all_that_the_unscreened_package_sees(values):
    package, product = causes(values, PLAIN), causes(values, MDC)
    assert all(product[n] for n, cause in enumerate(package) if cause)


def test_every_cause_has_its_words_and_its_side():
    assert len({cause.words for cause in SpecialCause}) == 8
    high = [cause.high for cause in SpecialCause]
    assert high == list(itertools.islice(itertools.cycle([True, False]), 8))
