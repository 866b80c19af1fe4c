"""The task list of a submission: what policy asks for, who has each thing, and where it stands."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from governance.assessment.packs import people, slots
from governance.assessment.packs.asked import Asked
from governance.assessment.packs.lacks import (
    EXPIRED,
    UNANSWERED,
    UNCONFIRMED,
    Lack,
    lacks,
    lapsed,
    place_of,
)
from governance.assessment.packs.matter import Live
from governance.assessment.packs.rules import BuiltSection
from governance.assessment.question_sets.rules import State
from governance.assessment.sheets.queries import SheetView
from governance.permissions import Actor, Role
from governance.policy.rules import Requirement, SectionRule
from governance.policy.schema import Form
from governance.web.wording import plural

LEAD = (Role.DIGITAL_LEAD,)


class TaskState(StrEnum):
    """Where a task stands. `done` needs nothing more; `again` was judged before it changed."""

    NOT_STARTED = "not_started"
    IN_PROGRESS = "in_progress"
    DONE = "done"
    WAITING = "waiting"
    READY = "ready"
    MET = "met"
    QUERY = "query"
    NOT_MET = "not_met"
    AGAIN = "again"

    @property
    def is_done(self) -> bool:
        return self in (TaskState.DONE, TaskState.MET)


@dataclass(frozen=True, slots=True)
class Task:
    """One line of the task list. `place` says where it is done: `sheet:…`, `document:…`, `plan:…`, `hazards`, `judge:…`."""

    place: str
    title: str
    roles: tuple[Role, ...]
    people: tuple[str, ...]
    state: TaskState
    says: str
    mine: bool

    @property
    def is_judging(self) -> bool:
        return self.place.startswith("judge:")

    @property
    def needs_me(self) -> bool:
        """Whether this person can do it now."""
        return self.mine and not self.state.is_done and self.state is not TaskState.WAITING


def tasks(asked: Asked, live: Live, sections: Iterable[BuiltSection], by: Actor, on: date) -> tuple[Task, ...]:
    """Everything to show, then everything to judge, each in policy's order."""
    missing = [*lacks(asked, live), *(each.lack for each in lapsed(asked, live, on))]
    judged = [section for section in asked.sections if section.judged_by]
    roles = {role for each in asked.requirements for role in each.answered_by} | {*LEAD}
    roles |= {section.judged_by for section in judged if section.judged_by}
    held = people.holders(asked.submission.organisation_id, roles, on, asked.deployment.id)
    built = {section.code: section for section in sections}
    touched = slots.judged_before_it(asked.submission, built.values())

    def named(those: tuple[Role, ...]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(name for role in those for name in held.get(role, ())))

    barred = bool(slots.barred_from(asked.submission, by))

    def task(place: str, title: str, those: tuple[Role, ...], state: TaskState, says: str) -> Task:
        mine = any(by.holds(role, asked.deployment.id) for role in those)
        mine = mine and not (barred and place.startswith("judge:"))
        return Task(place, title, those, named(those), state, says, mine)

    shown = []
    for code, requirement in asked.sheets.items():
        place = f"sheet:{code}"
        state, says = _sheet(live.sheets[code], [lack for lack in missing if lack.place == place])
        title = requirement.title if requirement else live.sheets[code].question_set.title
        shown.append(task(place, title, requirement.answered_by if requirement else LEAD, state, says))
    for requirement in asked.requirements:
        if requirement.form is not Form.SHEET:
            place = place_of(requirement)
            state, says = _other(requirement, live, [lack for lack in missing if lack.place == place])
            shown.append(task(place, requirement.title, requirement.answered_by, state, says))
    for extra in live.extras:
        if extra.title:
            state = TaskState.DONE if not extra.lacks else TaskState.IN_PROGRESS if extra.started else TaskState.NOT_STARTED
            shown.append(task(extra.place, extra.title, extra.roles, state, extra.says))
    judging = []
    for section in judged:
        if section.judged_by:
            open_here = [lack for lack in missing if lack.section == section.code]
            state, says = _judging(section, built[section.code], open_here)
            if section.code in touched and state is TaskState.MET:
                state, says = TaskState.AGAIN, "touched by a change since it was judged"
            judging.append(task(f"judge:{section.code}", section.title, (section.judged_by,), state, says))
    return (*shown, *judging)


def _sheet(view: SheetView, missing: list[Lack]) -> tuple[TaskState, str]:
    counts = {state: sum(each.state is state for each in view.states.values()) for state in State}
    asked = counts[State.ANSWERED] + counts[State.NOT_APPLICABLE] + counts[State.UNANSWERED] + counts[State.NOT_REACHED]
    if view.sheet is None:
        return TaskState.NOT_STARTED, plural(asked, "question")
    if not missing:
        return TaskState.DONE, plural(counts[State.ANSWERED] + counts[State.NOT_APPLICABLE], "answer")
    unanswered = sum(lack.kind == UNANSWERED for lack in missing)
    unconfirmed = sum(lack.kind == UNCONFIRMED for lack in missing)
    over = len({lack.blocker.code for lack in missing if lack.kind == EXPIRED})
    rest = sum(lack.kind not in (UNANSWERED, UNCONFIRMED, EXPIRED) for lack in missing)
    parts = [f"{unanswered} to answer"] if unanswered else []
    parts += [f"{unconfirmed} to confirm"] if unconfirmed else []
    parts += [f"{rest} to mend"] if rest else []
    parts += [f"{over} no longer met"] if over else []
    return TaskState.IN_PROGRESS, ", ".join(parts)


def _other(requirement: Requirement, live: Live, missing: list[Lack]) -> tuple[TaskState, str]:
    if not missing:
        return TaskState.DONE, requirement.short_says
    started = {
        Form.DOCUMENT: requirement.question_set in live.documents,
        Form.HAZARDS: bool(live.hazards),
        Form.PLAN: live.plans.get(requirement.question_set) is not None,
        Form.DECISION: live.plans["safety_decision"] is not None,
    }[requirement.form]
    if not started:
        return TaskState.NOT_STARTED, requirement.short_says
    first = missing[0].blocker.sentence
    return TaskState.IN_PROGRESS, first if len(missing) == 1 else plural(len(missing), "thing") + " missing"


def _judging(section: SectionRule, built: BuiltSection, missing: list[Lack]) -> tuple[TaskState, str]:
    said = built.judgement
    if built.outcome is not None and said is not None:
        return TaskState(built.outcome), f"by {said['by']}"
    if built.is_stale:
        return TaskState.AGAIN, "changed since it was judged"
    if missing:
        return TaskState.WAITING, f"waits for {plural(len(missing), 'thing')} above"
    return TaskState.READY, "" if section.gates else "compared, never stops a submission"
