"""What a cease submission needs before it is submitted, and when its tasks and lessons may be written. Pure.

Source: our policy, "By stage and kind": decommissioning hazards and data return (DCB0160 v3.2, 7.4). Which tasks must be
there, that a lesson is needed, and the starter list are defaults of ours.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from governance.errors import Blocker
from governance.lifecycle import Standing, SubmissionKind, SubmissionStatus
from governance.permissions import Role

KINDS: Mapping[str, str] = {
    "hazard": "Safety",
    "data": "Data return",
    "access": "Access",
    "people": "People told",
    "contract": "Contract",
    "other": "Other",
}
OWNERS = (
    Role.DIGITAL_LEAD, Role.CSO, Role.CLINICAL_LEAD, Role.SRO, Role.IG_LEAD, Role.SIRO, Role.DPO, Role.CISO,
)  # fmt: skip
NO_LESSON = "None, because "
WRITTEN_WHILE = (SubmissionStatus.OPENED, SubmissionStatus.RETURNED)


@dataclass(frozen=True, slots=True)
class NewTask:
    """One task as it is written: its kind, what is done, whose it is, and by when."""

    kind: str
    text: str
    owner: Role
    due_on: date


@dataclass(frozen=True, slots=True)
class Starter:
    """One task of the starter list, due some days after it is taken. `when` names the facts it is for."""

    kind: str
    text: str
    owner: Role
    days: int
    when: str = ""


STARTERS = (
    Starter("hazard", "Record what could go wrong while its use ends, and what staff do instead.", Role.CSO, 14, "direct_care"),
    Starter("people", "Tell staff, and patients where they knew of it, what replaces it and from when.", Role.SRO, 14),
    Starter("access", "Close accounts, interfaces and scheduled jobs.", Role.DIGITAL_LEAD, 30),
    Starter("data", "Have personal data returned or deleted by the supplier, with proof.", Role.IG_LEAD, 60, "personal_data"),
    Starter("contract", "End the contract and its licences, and keep the records as long as they must be kept.", Role.SRO, 90),
)
"""A list to begin from. Default of ours: nothing national says which tasks there are."""


def may_finish(owner: Role, held: Collection[Role]) -> bool:
    """Whether somebody who holds these roles may say that a task is done: its owner, and the digital lead always."""
    return bool({owner, Role.DIGITAL_LEAD} & set(held))


def starters(facts: Mapping[str, str], on: date) -> tuple[NewTask, ...]:
    """The starter list for a deployment with these triage facts, with days counted from today."""
    holds = needed_for(facts)
    return tuple(
        NewTask(each.kind, each.text, each.owner, on + timedelta(days=each.days))
        for each in STARTERS
        if not each.when or each.when in holds
    )


def needed_for(facts: Mapping[str, str]) -> frozenset[str]:
    """Which of direct care and personal data hold. What is not known counts as holding."""
    found = set()
    if facts.get("direct_care") != "no":
        found.add("direct_care")
    if facts.get("personal_data") != "none":
        found.add("personal_data")
    return frozenset(found)


def submit_blockers(facts: Mapping[str, str], kinds: Collection[str], *, lessons: int) -> list[Blocker]:
    """What a cease submission still lacks. `kinds` are those of the tasks listed; `lessons` counts what was recorded."""
    holds, blockers = needed_for(facts), []
    if not kinds:
        blockers.append(Blocker("ending.tasks", "No task of decommissioning is listed."))
    if kinds and "direct_care" in holds and "hazard" not in kinds:
        blockers.append(Blocker("ending.hazard", "No task says how hazards of stopping are handled."))
    if kinds and "personal_data" in holds and "data" not in kinds:
        blockers.append(Blocker("ending.data", "No task says how personal data is returned or deleted."))
    if not lessons:
        blockers.append(Blocker("ending.lesson", "No lesson is recorded for partners. Write one, or say why there is none."))
    return blockers


def write_blockers(
    *, standing: Standing, kind: SubmissionKind | None, status: SubmissionStatus | None
) -> list[Blocker]:
    """Why tasks and lessons cannot be written now. `kind` and `status` are those of the open submission, if any.

    They are written while a cease submission is assessed, and once the tool has ceased; never under a signer's eyes.
    """
    if standing is Standing.CEASED or (kind is SubmissionKind.CEASE and status in WRITTEN_WHILE):
        return []
    if kind is SubmissionKind.CEASE:
        return [Blocker("ending.frozen", "The submission is with its signers. Take it back to change what it lists.")]
    return [Blocker("ending.none", "Nobody asks for its use to cease. Start with “Ask for the next step”.")]


def task_blockers(task: NewTask, on: date) -> list[Blocker]:
    """What is missing from a task."""
    blockers = []
    if task.kind not in KINDS:
        blockers.append(Blocker("kind", "Choose what kind of task it is."))
    if not task.text.strip():
        blockers.append(Blocker("text", "Say what is to be done."))
    if task.owner not in OWNERS:
        blockers.append(Blocker("owner", "Choose whose task it is."))
    if task.due_on < on:
        blockers.append(Blocker("due_on", "The day is past. Enter today or a later one."))
    return blockers


def finish_blockers(*, done: bool, done_on: date | None, note: str, on: date) -> list[Blocker]:
    """Why a task cannot be finished so."""
    if done:
        return [Blocker("done", "This task is finished already.")]
    blockers = []
    if done_on is None or done_on > on:
        blockers.append(Blocker("done_on", "Enter the day it was done, today at the latest."))
    if not note.strip():
        blockers.append(Blocker("note", "Say how it was done, or why it is not needed."))
    return blockers


def lesson(text: str, because: str) -> str:
    """A lesson as partners read it: the text, or why there is none."""
    text, because = text.strip(), because.strip().rstrip(".")
    return text or (f"{NO_LESSON}{because}." if because else "")


def lesson_blockers(text: str, because: str) -> list[Blocker]:
    """A lesson or a reason why there is none, not both."""
    if text.strip() and because.strip():
        return [Blocker("because", "Write a lesson, or say why there is none: not both.")]
    if not text.strip() and not because.strip():
        return [Blocker("text", "Write what was learned, or say why there is nothing to learn.")]
    return []
