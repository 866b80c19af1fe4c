"""Check codes, turns and the square to scan."""

import pytest

from governance.pictures import marks, squares


def test_bars_are_three_high_for_nought_and_full_for_f() -> None:
    bars = marks.check_bars("0f0f0f0f", height=18)
    assert [bar.height for bar in bars] == [3, 18] * 4
    assert all(bar.y + bar.height == 18 and bar.width == 3 for bar in bars)


def test_a_wider_gap_stands_after_the_fourth_bar() -> None:
    steps = [
        after.x - before.x
        for before, after in zip(marks.check_bars("00000000"), marks.check_bars("00000000")[1:], strict=False)
    ]
    assert steps == [5, 5, 5, 9, 5, 5, 5]


@pytest.mark.parametrize("wrong", ["", "8240", "82402b55c", "8240 2b55", "zzzzzzzz"])
def test_what_is_not_eight_hexadecimal_characters_is_no_check_code(wrong: str) -> None:
    with pytest.raises(ValueError):
        marks.check_bars(wrong)


@pytest.mark.parametrize(
    ("gone", "expected", "kinds"),
    [
        (0, 3, "left left left"),
        (2, 3, "gone gone left"),
        (3, 3, "gone gone gone"),
        (5, 3, "gone gone gone over over"),
    ],
)
def test_ticks_say_days_gone_left_and_over(gone: int, expected: int, kinds: str) -> None:
    assert " ".join(tick.kind for tick in marks.ticks(gone, expected)) == kinds


def test_a_turn_of_a_year_is_drawn_with_twenty_ticks() -> None:
    assert len(marks.ticks(260, 10)) == marks.MOST_TICKS


def test_the_square_holds_the_finder_at_three_corners() -> None:
    modules, runs = squares.lay_out("https://register.example/check/82402b55")
    assert modules in range(21, 42, 4)
    edges = {(run.x, run.length) for run in runs if run.y == 0}
    assert (0, 7) in edges and (modules - 7, 7) in edges
    assert (0, 7) in {(run.x, run.length) for run in runs if run.y == modules - 1}
