"""Changes as pages show them: the choice with its consequence, one change, and what other pages are handed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from flask import render_template, url_for
from markupsafe import Markup

from governance.approval.changes import queries, rules
from governance.approval.changes.models import ChangeNotice
from governance.approval.changes.words import Choice, from_or_on, name_of
from governance.assessment.packs import slots as packs
from governance.assessment.packs.slots import Touch
from governance.database import db
from governance.errors import Blocker
from governance.identity.models import Person
from governance.intake import queries as intake
from governance.intake.models import Submission
from governance.lifecycle import Standing
from governance.permissions import Actor, Permission
from governance.policy import policy
from governance.register import slots
from governance.register.models import Deployment
from governance.web.wording import listed, long_date, moment, plural, starting_small

SHOWN = 6
"""So many changes the page of a deployment lists; the newest."""
TONES = {"open": "amber", "taken_up": "link", "settled": ""}


@dataclass(frozen=True, slots=True)
class Line:
    """One change in a list."""

    title: str
    href: str
    about: str
    state: str
    tone: str


@dataclass(frozen=True, slots=True)
class NoticePage:
    """Everything on the page of one change."""

    title: str
    caption: str
    lede: str
    what: str
    facts: tuple[tuple[str, str], ...]
    touched: tuple[str, ...]
    let_off: tuple[str, ...]
    unchanged: tuple[str, ...]
    moves: tuple[str, ...]
    says: str
    basis: str
    open: bool
    together: str
    start: bool
    take_up: str
    stopping: tuple[str, ...]
    settler: str
    may_settle: bool
    submission: tuple[str, str] | None


def init() -> None:
    """Hand the deployment's page its banner, list and action, and a submission's pages what its changes touch."""
    slots.banners.append(draw_banner)
    slots.panels.append(draw_list)
    slots.actions.append(actions)
    packs.touching[:], packs.touched[:] = [touches], [queries.touched_by]


def choices(deployment: Deployment) -> tuple[Choice, ...]:
    """Every kind of change a person may note, with what it touches of this deployment's pack."""
    london, there = policy(), queries.sections_of(deployment)
    titles = dict(there) or queries.titles()
    found = []
    for kind in rules.BY_PEOPLE:
        row = rules.row_of(london, kind)
        codes = rules.touched(london, kind, pack=[code for code, _ in there])
        if row is not None:
            of = f" of {len(there)}" if there else ""
            named = listed([titles.get(code, code) for code in codes])
            touching = f" Touches {len(codes)}{of} sections: {named}." if codes else " Touches no section of what was assessed."
            found.append(Choice(kind, row.label, row.says + touching))
    return tuple(found)


def build(row: ChangeNotice, deployment: Deployment, by: Actor) -> NoticePage:
    """One change as this person sees it."""
    london, there, own = policy(), queries.sections_of(deployment), deployment.organisation_id == by.organisation_id
    said, titles = rules.row_of(london, row.kind), queries.titles() | dict(there)
    opened, running = queries.open_of(deployment), queries.running_on(deployment)
    leads = own and row.status == "open" and by.may(Permission.START_SUBMISSION)
    look = running[1] if running else None
    brought = next((version for each in opened if (version := queries.version_of(each))), "")
    stopping: list[Blocker] = []
    if row.status == "open" and look is not None:
        stopping = rules.take_up_blockers(open_changes=len(opened), running=look, version=brought)
    elif row.status == "open":
        stopping = rules.start_blockers(open_changes=len(opened), standing=deployment.standing, running=None)
    role = queries.settler(deployment)
    return NoticePage(
        title=_title(row),
        caption=f"{deployment.reference} · change {row.number}",
        lede=_lede(row, deployment),
        what=row.what,
        facts=_facts(row),
        touched=tuple(titles.get(code, code) for code in row.touches),
        let_off=tuple(titles.get(code, code) for code in rules.unless_carried(london, row.kind) if code in row.touches),
        unchanged=tuple(title for code, title in there if code not in row.touches),
        moves=tuple(starting_small(fact.label) for fact in london.facts if said and fact.code in said.facts),
        says=said.says if said else "",
        basis=(said.basis or "A default of ours: the framework names no rule for it.") if said else "",
        open=row.status == "open",
        together=f"It takes up the {len(opened)} changes that are open here." if len(opened) > 1 else "",
        start=leads and look is None and not stopping,
        take_up=look.name if leads and look is not None and not stopping else "",
        stopping=tuple(each.sentence for each in stopping),
        settler=role.title,
        may_settle=own and row.status == "open" and by.held_for(role, deployment.id) is not None,
        submission=_submission(row, by),
    )


def _title(row: ChangeNotice) -> str:
    return f"{name_of(row.kind, queries.version_of(row))} {from_or_on(row.kind)} {long_date(row.effective_on)}"


def _lede(row: ChangeNotice, deployment: Deployment) -> str:
    where = f"{deployment.tool.name} at {deployment.organisation.name}."
    if row.status == "open":
        return f"{where} Nobody has said yet what follows."
    if row.status == "settled":
        return f"{where} Nothing follows, as was said on {long_date(row.settled_at)}."
    return f"{where} It is taken up in a submission."


def _facts(row: ChangeNotice) -> tuple[tuple[str, str], ...]:
    pairs = (
        (from_or_on(row.kind).capitalize(), long_date(row.effective_on)),
        ("Noted", f"{moment(row.noted_at)}, {_name(row.noted_by)}"),
        ("Nothing follows", f"{moment(row.settled_at)}, {_name(row.settled_by)}" if row.settled_at else ""),
        ("Because", row.settled_reason),
    )
    return tuple(pair for pair in pairs if pair[1])


def _name(person_id: int | None) -> str:
    found = db.session.get(Person, person_id) if person_id else None
    return found.name if found else "by the system"


def _submission(row: ChangeNotice, by: Actor) -> tuple[str, str] | None:
    """(what it is called, its page) of the submission that took a change up."""
    found = db.session.get(Submission, row.submission_id) if row.submission_id else None
    if found is None:
        return None
    if found.reference is None:
        return "a draft", url_for("intake.draft", organisation=by.organisation_code, draft=found.id)
    said = f"submission {found.reference}, {found.status.label.lower()}"
    return said, url_for("packs.submission", organisation=by.organisation_code, reference=found.reference)


def line(row: ChangeNotice, deployment: Deployment, by: Actor) -> Line:
    """One change as the page of its deployment lists it."""
    touches = f"{plural(len(row.touches), 'section')} touched" if row.touches else "no section touched"
    return Line(
        title=_title(row), href=_href(row, deployment, by), about=f"change {row.number} · {touches}",
        state=rules.STATUS_WORDS[row.status], tone=TONES[row.status],
    )  # fmt: skip


def _href(row: ChangeNotice, deployment: Deployment, by: Actor) -> str:
    here = {"organisation": by.organisation_code, "reference": deployment.reference}
    return url_for("changes.notice", **here, number=row.number)  # type: ignore[arg-type]


def draw_banner(deployment: Deployment, by: Actor, on: date) -> Markup | None:
    """What changed and is not answered yet; nothing where no change is open."""
    rows = [] if deployment.standing is Standing.CEASED else queries.open_of(deployment)
    if not rows:
        return None
    lines = [line(row, deployment, by) for row in rows]
    return Markup(render_template("changes/_banner.jinja", lines=lines))  # noqa: S704  it escapes


def draw_list(deployment: Deployment, by: Actor, on: date) -> Markup | None:
    """Changes since the approval, the newest first; nothing where none was noted."""
    rows = queries.notices_of(deployment)
    if not rows:
        return None
    lines, more = [line(row, deployment, by) for row in rows[:SHOWN]], len(rows) - SHOWN
    return Markup(render_template("changes/_list.jinja", lines=lines, more=max(more, 0)))  # noqa: S704  it escapes


def actions(deployment: Deployment, by: Actor, on: date) -> Sequence[slots.Action]:
    """Noting a change, for whoever may, while the tool is approved or in use."""
    own = deployment.organisation_id == by.organisation_id
    if not own or deployment.standing not in rules.IN_USE or not by.may(Permission.NOTE_CHANGE, deployment_id=deployment.id):
        return ()
    href = url_for("changes.note", organisation=by.organisation_code, reference=deployment.reference)
    return (slots.Action("Note a change", href),)


def touches(submission: Submission, by: Actor) -> Sequence[Touch]:
    """The changes that a submission takes up, with what each touches."""
    rows = queries.of_submission(submission)
    if not rows or submission.deployment is None:
        return ()
    london = intake.policy_of(submission)
    return [
        Touch(
            name=name_of(row.kind, queries.version_of(row)), since=row.effective_on, what=row.what,
            href=_href(row, submission.deployment, by), sections=tuple(row.touches),
            unless_carried=rules.unless_carried(london, row.kind),
        )
        for row in rows
    ]  # fmt: skip
