"""What makes a point of a control chart more than chance: limits, four rules and the methods that differ in them. Pure.

Source: NHS England Making Data Count, XmR charts, as the R package NHSRplotthedots 0.2.2 computes them (29 September 2025,
MIT); where Making Data Count's own tool differs (its issues 194, 195 and 202), the method says so. All sums are of exact
fractions, so that a value equal to the mean or to a limit is found equal.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from itertools import pairwise

LIMIT = Fraction(266, 100)
"""Moving ranges from mean to limit: 3 divided by 1.128, as Making Data Count rounds it."""
NEAR = LIMIT * 2 / 3
"""The same for two thirds of the way."""
SCREEN = Fraction(3267, 1000)
"""A moving range of this many average moving ranges or more is screened out."""
RUN = 7
"""Points of a trend and of a shift."""
ENOUGH = 13
"""Points from which limits can be relied on."""


class SpecialCause(StrEnum):
    """Which rule a point meets, and on which side. In the order in which a point is named after them."""

    ABOVE_LIMIT = "above_upper_limit"
    BELOW_LIMIT = "below_lower_limit"
    TREND_UP = "trend_increasing"
    TREND_DOWN = "trend_decreasing"
    TWO_ABOVE = "two_in_three_above"
    TWO_BELOW = "two_in_three_below"
    SHIFT_ABOVE = "shift_above"
    SHIFT_BELOW = "shift_below"

    @property
    def high(self) -> bool:
        """Whether the data went up: above the mean, or rising."""
        return self.value.endswith(("_above", "_increasing")) or self is SpecialCause.ABOVE_LIMIT

    @property
    def words(self) -> str:
        """`above the upper limit`, as it stands in a table."""
        return WORDS[self]


WORDS = {
    SpecialCause.ABOVE_LIMIT: "above the upper limit",
    SpecialCause.BELOW_LIMIT: "below the lower limit",
    SpecialCause.TREND_UP: "7 or more rising",
    SpecialCause.TREND_DOWN: "7 or more falling",
    SpecialCause.TWO_ABOVE: "2 of 3 near the upper limit",
    SpecialCause.TWO_BELOW: "2 of 3 near the lower limit",
    SpecialCause.SHIFT_ABOVE: "7 or more above the mean",
    SpecialCause.SHIFT_BELOW: "7 or more below the mean",
}


class Profile(StrEnum):
    """Whose reading of the rules a chart follows. Recorded with every chart."""

    MAKING_DATA_COUNT = "making_data_count"
    R_PACKAGE = "r_package"
    R_PACKAGE_UNSCREENED = "r_package_unscreened"


@dataclass(frozen=True)
class Method:
    """Where the profiles differ.

    `screened`: outlying moving ranges are left out of the limits. `beyond_counts`: a point beyond a limit is one of the two
    of three. `shown_from`: points of a segment from which limits are given. `improvement_wins`: of rules that disagree the
    improving one names the point; otherwise the first in order does.
    """

    screened: bool
    beyond_counts: bool
    shown_from: int
    improvement_wins: bool


METHODS = {
    Profile.MAKING_DATA_COUNT: Method(screened=False, beyond_counts=True, shown_from=ENOUGH, improvement_wins=True),
    Profile.R_PACKAGE: Method(screened=True, beyond_counts=False, shown_from=2, improvement_wins=False),
    Profile.R_PACKAGE_UNSCREENED: Method(screened=False, beyond_counts=False, shown_from=2, improvement_wins=False),
}


@dataclass(frozen=True)
class Limits:
    """Mean and average moving range of one segment; None where there are too few values for limits."""

    mean: Fraction
    moving_range: Fraction | None

    def at(self, ranges: Fraction) -> tuple[Fraction, Fraction] | None:
        """(lower, upper) so many moving ranges from the mean. Not cut off at nought or at 100%."""
        if self.moving_range is None:
            return None
        return self.mean - ranges * self.moving_range, self.mean + ranges * self.moving_range


def limits(values: Sequence[Fraction], method: Method, *, baseline: int | None = None) -> Limits:
    """Mean and average moving range of a segment, from its first `baseline` values or from all.

    Screening is done once and changes neither the mean nor the points. Where every value is the same the limits are the mean.
    """
    taken = values[:baseline]
    mean = sum(taken, Fraction(0)) / len(taken)
    moves = [abs(after - before) for before, after in pairwise(taken)]
    if len(values) < method.shown_from or not moves:
        return Limits(mean, None)
    average = sum(moves, Fraction(0)) / len(moves)
    if method.screened:
        kept = [move for move in moves if move < SCREEN * average]
        average = sum(kept, Fraction(0)) / len(kept) if kept else Fraction(0)
    return Limits(mean, average)


def causes(values: Sequence[Fraction], found: Limits, method: Method) -> list[tuple[SpecialCause, ...]]:
    """For each point of a segment the rules it meets, in order of precedence.

    Without limits only trend and shift can be met: they need no more than the order and the mean.
    """
    sides = [_sign(value - found.mean) for value in values]
    beyond = _beyond(values, found.at(LIMIT))
    near = _beyond(values, found.at(NEAR))
    if not method.beyond_counts:
        near = [0 if far else close for close, far in zip(near, beyond, strict=True)]
    rules = (
        (SpecialCause.ABOVE_LIMIT, [side > 0 for side in beyond]),
        (SpecialCause.BELOW_LIMIT, [side < 0 for side in beyond]),
        *_trends(values, method),
        (SpecialCause.TWO_ABOVE, _two_of_three(near, sides, 1)),
        (SpecialCause.TWO_BELOW, _two_of_three(near, sides, -1)),
        (SpecialCause.SHIFT_ABOVE, _runs(sides, 1, RUN)),
        (SpecialCause.SHIFT_BELOW, _runs(sides, -1, RUN)),
    )
    return [tuple(cause for cause, met in rules if met[n]) for n in range(len(values))]


def _sign(number: Fraction) -> int:
    return (number > 0) - (number < 0)


def _beyond(values: Sequence[Fraction], band: tuple[Fraction, Fraction] | None) -> list[int]:
    """1 above the band, −1 below it, 0 within it or on its edge."""
    if band is None:
        return [0] * len(values)
    return [(value > band[1]) - (value < band[0]) for value in values]


def _runs(signs: Sequence[int], sign: int, length: int) -> list[bool]:
    """Which places belong to `length` or more of `sign` in a row."""
    met = [False] * len(signs)
    for start in range(len(signs) - length + 1):
        if all(each == sign for each in signs[start : start + length]):
            met[start : start + length] = [True] * length
    return met


def _trends(values: Sequence[Fraction], method: Method) -> list[tuple[SpecialCause, list[bool]]]:
    """Rising and falling trends. A turning point belongs to both, where the method weighs improvement.

    The R package gives a point of a trend one direction: that of the step to the next point if the next is in a trend too,
    otherwise that of the step to it.
    """
    steps = [_sign(after - before) for before, after in pairwise(values)]
    rising, falling = (_joined(_runs(steps, sign, RUN - 1)) for sign in (1, -1))
    if not method.improvement_wins:
        inside = [up or down for up, down in zip(rising, falling, strict=True)]
        ways = [steps[n] if n + 1 < len(values) and inside[n + 1] else steps[n - 1] if n else 0 for n in range(len(values))]
        rising = [within and way > 0 for within, way in zip(inside, ways, strict=True)]
        falling = [within and way <= 0 for within, way in zip(inside, ways, strict=True)]
    return [(SpecialCause.TREND_UP, rising), (SpecialCause.TREND_DOWN, falling)]


def _joined(steps: Sequence[bool]) -> list[bool]:
    """From steps to the points at both their ends."""
    return [before or after for before, after in zip([False, *steps], [*steps, False], strict=True)]


def _two_of_three(near: Sequence[int], sides: Sequence[int], sign: int) -> list[bool]:
    """Near points of any three in a row that lie on one side with two of them near."""
    met = [False] * len(near)
    for start in range(len(near) - 2):
        three = range(start, start + 3)
        close = [n for n in three if near[n] == sign]
        if len(close) >= 2 and all(sides[n] == sign for n in three):
            for n in close:
                met[n] = True
    return met
