"""What is under assessment, on its way to a signer: what is missing, and what waits for them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from governance.assessment.packs import presenters as packs
from governance.home.looked import Look
from governance.home.presenters.words import asks, submission_url, tool_of
from governance.intake.models import Submission
from governance.lifecycle import SubmissionStatus
from governance.permissions import Actor
from governance.web.wording import plural, starting_small

SAFETY = "safety_decision"


@dataclass(frozen=True, slots=True)
class OnItsWay:
    """One submission under assessment: what is missing, and links to what waits for this person."""

    tool: str
    href: str
    under: str
    missing: str
    yours: tuple[tuple[str, str], ...]


def on_their_way(
    assessed: Sequence[Submission], looks: Mapping[int, Look], actors: Mapping[int, Actor], on: date
) -> tuple[OnItsWay, ...]:
    """The longest open few, with what each still lacks."""
    return tuple(_line(each, looks[each.id], actors[each.organisation_id]) for each in assessed if each.id in looks)


def _line(each: Submission, look: Look, by: Actor) -> OnItsWay:
    yours = []
    for task in look.mine:
        href = packs.place_url(task.place, each, by)
        if task.is_judging:
            yours.append((f"Judge {starting_small(task.title)}", href))
        elif task.place == SAFETY:
            yours.append(("Decide whether it is safety related", href))
    others = [stop.sentence for stop in look.stops if not stop.code.startswith("judge:")]
    missing = others[0] if others else "Only judgements are missing." if look.stops else "Nothing: it can be submitted."
    if len(others) > 1:
        missing = f"{missing.rstrip('.')}, and {plural(len(others) - 1, 'more thing')}."
    if each.status is SubmissionStatus.RETURNED:
        missing = f"Returned for information. {missing if others else 'The digital lead answers it.'}"
    return OnItsWay(tool_of(each), submission_url(each, by), asks(each, organisation=True), missing, tuple(yours))
