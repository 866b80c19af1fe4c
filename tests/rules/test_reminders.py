"""When somebody is reminded of an end: at 90, 60, 30 and 7 days, then the AI lead (policy, "Time"), and no flood."""

from datetime import date, timedelta

import pytest

from governance.notifications.rules import OVER, one_line, reminder_step
from governance.policy import policy

END = date(2027, 6, 30)


@pytest.mark.parametrize(
    ("days_left", "begun", "step"),
    [
        (120, None, None),
        (91, None, None),
        (90, None, 90),
        (89, None, 90),
        (61, None, 90),
        (60, None, 60),
        (31, None, 60),
        (30, None, 30),
        (8, None, 30),
        (7, None, 7),
        (1, None, 7),
        (0, None, 7),
        (-1, None, OVER),
        (-30, None, OVER),
        (-31, None, None),
        # set with 45 days left: the steps of 90 and 60 had passed by then
        (45, 45, None),
        (31, 45, None),
        (30, 45, 30),
        (-1, 45, OVER),
        # set on the day of a step: nobody is reminded of what was set today
        (30, 30, None),
        (7, 30, 7),
        # set with three days left: only what comes after counts
        (0, 3, None),
        (-1, 3, OVER),
    ],
)
def test_only_the_latest_step_that_came_since_it_began_is_told(days_left: int, begun: int | None, step: int | None) -> None:
    since = None if begun is None else END - timedelta(days=begun)
    on = END - timedelta(days=days_left)
    assert reminder_step(steps=policy().reminders.days, ends_on=END, on=on, since=since) == step


def test_day_after_day_each_step_comes_up_once_and_days_missed_cost_steps_only() -> None:
    steps = policy().reminders.days
    days = [END + timedelta(days=n) for n in range(-150, 100)]
    daily = [reminder_step(steps=steps, ends_on=END, on=day) for day in days]
    assert list(dict.fromkeys(step for step in daily if step is not None)) == [90, 60, 30, 7, OVER]
    monthly = [reminder_step(steps=steps, ends_on=END, on=day) for day in days[::40]]
    assert len([step for step in monthly if step is not None]) <= 3


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("Scribe\r\nBcc: x@example.org", "Scribe Bcc: x@example.org"),
        ("  two   spaces ", "two spaces"),
        ("bell\x07 and\u2028line", "bell and line"),
        ("Łódź – ölwatch", "Łódź – ölwatch"),
        ("a" * 30, "a" * 19 + "…"),
    ],
)
def test_what_stands_in_a_header_is_one_printable_line(text: str, line: str) -> None:
    assert one_line(text, 20 if len(text) == 30 else 200) == line
