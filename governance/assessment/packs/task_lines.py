"""Lines of a submission's task list: what is to do, by whom, where, given to whom, and touched by which change."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from flask import url_for

from governance.assessment.packs import slots
from governance.assessment.packs.lacks import place_of
from governance.assessment.packs.queries import Position
from governance.assessment.packs.tasks import Task, TaskState
from governance.intake.models import Submission
from governance.lifecycle import SubmissionStatus
from governance.permissions import Actor, Permission
from governance.questions.queries import Given
from governance.web.wording import listed, long_date, plural

AS_SIGNED = "As last signed, carried over: to be confirmed"
ASSESSED = (SubmissionStatus.OPENED, SubmissionStatus.RETURNED)

STATE_WORDS: Mapping[TaskState, tuple[str, str]] = {
    TaskState.NOT_STARTED: ("Not started", ""),
    TaskState.IN_PROGRESS: ("Under way", "link"),
    TaskState.DONE: ("Complete", "go"),
    TaskState.WAITING: ("Waiting", ""),
    TaskState.READY: ("Ready to judge", "link"),
    TaskState.MET: ("Met", "go"),
    TaskState.QUERY: ("Query", "amber"),
    TaskState.NOT_MET: ("Not met", "stop"),
    TaskState.AGAIN: ("Judge again", "amber"),
}

STOPS = {
    "stop.dcb0129": "document:dcb0129",
    "stop.scribe_device": "document:device",
    "stop.monitoring_plan": "plan:monitoring_plan",
    "stop.hazard_unscored": "hazards",
    "stop.residual_unacceptable": "hazards",
    "stop.residual_three": "hazards",
    "stop.residual_two": "hazards",
    "stop.dpia_high": "document:dpia",
}
"""Where each stop of policy is mended."""

ENDPOINTS = {
    "plan:risk_plan": "plans.risk.show",
    "plan:monitoring_plan": "plans.monitoring.show",
    "safety_decision": "plans.safety.show",
}


@dataclass(frozen=True, slots=True)
class TaskLine:
    """One line of a task list, as the macro draws it."""

    title: str
    href: str
    about: str
    state: str
    tone: str
    who: str
    mine: bool
    given: str = ""
    give_href: str = ""
    change: str = ""
    touched: bool = False


def place_url(place: str, submission: Submission, by: Actor) -> str:
    """The page where a task is done or a stop is mended; empty where there is none."""
    here = {"organisation": by.organisation_code, "reference": str(submission.reference)}
    if place in slots.places:
        return slots.places[place](submission, by)
    kind, _, what = STOPS.get(place, place).partition(":")
    match kind:
        case "sheet":
            return url_for("sheets.sheet", **here, question_set=what)  # type: ignore[arg-type]
        case "document":
            return url_for("sheets.documents.document", **here, row=what)  # type: ignore[arg-type]
        case "judge":
            return url_for("packs.judging", **here, section=what)  # type: ignore[arg-type]
        case "hazards" if submission.deployment is not None:
            about = {"organisation": by.organisation_code, "reference": submission.deployment.reference}
            return url_for("hazards.log", **about)  # type: ignore[arg-type]
    endpoint = ENDPOINTS.get(STOPS.get(place, place))
    return url_for(endpoint, **here) if endpoint else ""  # type: ignore[arg-type]


def task_line(task: Task, submission: Submission, by: Actor) -> TaskLine:
    """One task as the list draws it."""
    words, tone = STATE_WORDS[task.state]
    roles = listed((role.heading if n == 0 else role.title for n, role in enumerate(task.roles)), "or")
    names = f": {listed(task.people, 'or')}" if task.people else ": nobody holds this role yet"
    about = f"{roles}{names if len(task.people) <= 3 else ''}"
    return TaskLine(
        task.title, place_url(task.place, submission, by), about, words, tone, task.says, task.mine and task.needs_me
    )


def given_line(
    line: TaskLine, task: Task, given: Mapping[str, Given], submission: Submission, by: Actor, on: date
) -> TaskLine:
    """The line with the colleague who has it, and where a digital lead gives it to one."""
    has = given.get(task.place)
    said = ""
    if has is not None and not task.state.is_done:
        until = f", by {long_date(has.due_on)}" if has.due_on else ""
        late = " (passed)" if has.due_on and has.due_on < on else ""
        said = f"Given to {'you' if has.person_id == by.person_id else has.person}{until}{late}"
    href = ""
    if submission.status in ASSESSED and by.may(Permission.ASSIGN) and not task.state.is_done:
        href = url_for(
            "packs.assign.assign", organisation=by.organisation_code, reference=str(submission.reference), place=task.place
        )
    return replace(line, given=said, give_href=href, mine=line.mine or (has is not None and has.person_id == by.person_id))


def change_line(
    line: TaskLine, task: Task, now: Position, touches: Sequence[slots.Touch], as_signed: Collection[str] = ()
) -> TaskLine:
    """The line with the changes that touch it, or that it is only to be confirmed again."""
    sections = sections_of(task, now)
    by = slots.touched_by(touches, sections, as_signed)
    if by:
        return replace(line, change=f"Touched by: {by}", touched=True)
    if slots.touched_by(touches, sections):
        return replace(line, change=AS_SIGNED, who="" if task.state is TaskState.AGAIN else line.who)
    return replace(line, change="Unchanged: re-confirm" if task.state.is_done else "Not touched by the change")


def sections_of(task: Task, now: Position) -> tuple[str, ...]:
    """Codes of the pack's sections that a task fills or judges."""
    kind, _, what = task.place.partition(":")
    if kind == "judge":
        return (what,)
    if kind == "sheet":
        requirement = now.asked.sheets.get(what)
        return tuple(requirement.sections) if requirement else ("tool",)
    filled = [code for each in now.asked.requirements if place_of(each) == task.place for code in each.sections]
    return (*filled, *(each.section for each in now.live.extras if each.place == task.place))


def touched_says(now: Position, touches: Sequence[slots.Touch], as_signed: Collection[str] = ()) -> str:
    """How many of the sections asked for the changes touch, and how many only look so: they say what was signed."""
    codes = [section.code for section in now.asked.sections]
    named = [code for code in codes if slots.touched_by(touches, (code,))]
    count = sum(bool(slots.touched_by(touches, (code,), as_signed)) for code in named)
    same = f", {len(named) - count} as last signed, to be confirmed" if count < len(named) else ""
    return f"{count} of {plural(len(codes), 'section')} touched{same}" if touches else ""
