"""Tasks of decommissioning and lessons as pages show them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import render_template, url_for
from markupsafe import Markup

from governance.lifecycle import Standing
from governance.monitoring.endings import extras, operations, queries, rules
from governance.monitoring.endings.models import DecommissionTask
from governance.permissions import Actor, Permission, Role
from governance.register import slots
from governance.register.models import Deployment
from governance.web.wording import long_date, plural


@dataclass(frozen=True, slots=True)
class TaskLine:
    """One task: what, whose, by when, and whether it is done."""

    number: int
    kind: str
    text: str
    owner: str
    due: str
    late: bool
    done: str
    note: str
    change_href: str
    done_href: str


@dataclass(frozen=True)
class Ending:
    """Everything about the ending of one tool."""

    title: str
    lede: str
    tasks: tuple[TaskLine, ...]
    lessons: tuple[tuple[str, str], ...]
    lacks: tuple[str, ...]
    why_not: tuple[str, ...]
    may_write: bool
    starters: bool
    href: str


def init() -> None:
    """Hand the page of a deployment its ending, and packs what a cease and an extension show."""
    slots.panels.append(panel)
    extras.init()


def panel(deployment: Deployment, by: Actor, on: date) -> Markup | None:
    """On the page of the deployment: what is still open, and the lessons. Nothing while nobody speaks of an ending."""
    if deployment.standing is not Standing.CEASED and not queries.tasks(deployment):
        return None
    return Markup(render_template("endings/_panel.jinja", it=build(deployment, by, on)))  # noqa: S704  it escapes


def build(deployment: Deployment, by: Actor, on: date) -> Ending:
    """The page of an ending."""
    rows, learned = queries.tasks(deployment), queries.lessons(deployment)
    why_not = operations.writing_blockers(deployment)
    lead = deployment.organisation_id == by.organisation_id and by.may(Permission.END_USE, deployment_id=deployment.id)
    may_write = lead and not why_not
    own = deployment.organisation_id == by.organisation_id
    held = {each.role for each in by.current if own and each.covers(deployment.id)}
    running = queries.ending(deployment)
    lacks = (
        rules.submit_blockers(queries.facts(deployment), {each.kind for each in rows}, lessons=len(learned))
        if running is not None
        else []
    )
    return Ending(
        title=_title(rows),
        lede=_lede(deployment, running is not None),
        tasks=tuple(
            line(each, deployment, by, on, writes=may_write, finishes=rules.may_finish(Role(each.owner_role), held))
            for each in rows
        ),
        lessons=tuple((row.text, f"{name}, {long_date(row.recorded_at)}") for row, name in learned),
        lacks=tuple(each.sentence for each in lacks),
        why_not=tuple(each.sentence for each in why_not) if lead else (),
        may_write=may_write,
        starters=may_write and not rows,
        href=_to("endings.ending", deployment, by),
    )


def line(
    row: DecommissionTask, deployment: Deployment, by: Actor, on: date, *, writes: bool, finishes: bool
) -> TaskLine:
    """One task as a list shows it."""
    is_open = row.done_on is None
    return TaskLine(
        number=row.number,
        kind=rules.KINDS.get(row.kind, row.kind),
        text=row.text,
        owner=Role(row.owner_role).heading,
        due=long_date(row.due_on),
        late=is_open and row.due_on < on,
        done=long_date(row.done_on),
        note=row.note,
        change_href=_to("endings.change", deployment, by, number=row.number) if writes and is_open else "",
        done_href=_to("endings.done", deployment, by, number=row.number) if finishes and is_open else "",
    )


def _title(rows: Sequence[DecommissionTask]) -> str:
    left = sum(each.done_on is None for each in rows)
    if not rows:
        return "No task of decommissioning is listed"
    return f"{plural(left, 'task')} of decommissioning open" if left else "Every task of decommissioning is done"


def _lede(deployment: Deployment, asked: bool) -> str:
    if deployment.standing is Standing.CEASED:
        return f"Its use ceased on {long_date(deployment.standing_since)}. The record and its lessons stay for partners."
    return "It is asked that its use ceases. Tasks may be done before the decision or after it." if asked else ""


def _to(endpoint: str, deployment: Deployment, by: Actor, **values: int) -> str:
    here: dict[str, Any] = {"organisation": by.organisation_code, "reference": deployment.reference, **values}
    return url_for(endpoint, **here)
