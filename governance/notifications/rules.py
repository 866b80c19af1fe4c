"""How a person can be told, when somebody is reminded, and what may stand in a line of an e-mail. Pure."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Literal

Preference = Literal["at_once", "digest", "page"]
PREFERENCES: dict[Preference, str] = {
    "at_once": "At once, by e-mail",
    "digest": "Once a day, in one e-mail",
    "page": "On pages only",
}
DEFAULT: Preference = "digest"

OVER = 0  # the day has passed: the AI lead is told
OVER_FOR = timedelta(days=30)  # what passed longer ago is no news


def one_line(text: str, longest: int) -> str:
    """Text without line breaks or other control characters, cut at a length: fit for the header of an e-mail."""
    kept = " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())
    return kept if len(kept) <= longest else kept[: longest - 1].rstrip() + "…"


def reminder_step(*, steps: Sequence[int], ends_on: date, on: date, since: date | None = None) -> int | None:
    """The step of the ladder that somebody is reminded at on a day: so many days before, OVER after, or None.

    `steps` are policy's 90, 60, 30 and 7 days. Only the latest counts, so days missed are caught up by one reminder. A step
    that had passed when the matter began (`since`) is none: nobody is reminded of what was set yesterday. Source: policy,
    "Time".
    """
    if on > ends_on:
        return OVER if on - ends_on <= OVER_FOR else None
    reached = [step for step in steps if ends_on - timedelta(days=step) <= on]
    if not reached:
        return None
    step = min(reached)
    return None if since is not None and ends_on - timedelta(days=step) <= since else step
