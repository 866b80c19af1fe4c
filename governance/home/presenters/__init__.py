"""First screens as plain values: `lead`, `signer` and `board` are the parts; a person sees those of their roles."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask import current_app, url_for

from governance import clock
from governance.home.looked import Looks
from governance.home.presenters import board, lead, matters, signer, with_you
from governance.home.presenters.everywhere import everywhere
from governance.home.presenters.words import Row
from governance.permissions import Actor, Permission, Role
from governance.web.wording import MONTHS, listed, plural

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
READS = (
    ("Tools", "register.tools", Permission.READ_REGISTER, "where each stands, its conditions and its history"),
    ("Submissions", "intake.submissions", Permission.READ_SUBMISSION, "what is asked, who has it, what was decided"),
    ("Evidence", "evidence.evidence", Permission.READ_SHEET, "what the answers rest on, and when it expires"),
    ("Reports", "reports.reports", Permission.READ_DECIDED, "audit reports as issued"),
    ("People", "people.people", Permission.MANAGE_PEOPLE, "who is invited, a member or appointed"),
)


@dataclass(frozen=True, slots=True)
class Link:
    """One page worth going to."""

    text: str
    href: str
    about: str


@dataclass(frozen=True, slots=True)
class Screen:
    """The whole first screen: its headline, and a part for each kind of role."""

    title: str
    caption: str
    lede: str
    may_propose: bool
    lead: lead.Lead | None
    signer: signer.Signer | None
    board: board.Board | None
    links: tuple[Link, ...]
    with_you: tuple[Row, ...]


def first_screen(by: Actor, at: datetime) -> Screen:
    """The screen for what the person holds; the headline is that of the first part."""
    on, looks = clock.london_date(at), Looks(clock.london_date(at))
    leads = lead.build(by, on, looks) if Role.DIGITAL_LEAD in by.roles else None
    places = 1
    signs = None
    if by.roles & matters.ROLES:
        acting, names = everywhere(by, at, matters.ROLES)
        places = len(names)
        signs = signer.build(acting, names, by, on, looks)
    boards = board.build(by, on) if Role.BOARD_MEMBER in by.roles else None
    first = leads or signs or boards
    title, lede = (first.title, first.lede) if first else _plain(by)
    return Screen(
        title=title,
        caption=_caption(by, at, places),
        lede=lede,
        may_propose=by.may(Permission.START_SUBMISSION),
        lead=leads,
        signer=signs,
        board=boards,
        links=() if first else _links(by),
        with_you=with_you.rows(by, on),
    )


def _caption(by: Actor, at: datetime, places: int) -> str:
    day = clock.london_date(at)
    titles = [role.title for role in Role if role in by.roles]
    where = f" for {plural(places, 'organisation')}" if places > 1 else ""
    return f"{DAYS[day.weekday()]} {day.day} {MONTHS[day.month - 1]} {day.year} · {listed(titles)}{where}"


def _plain(by: Actor) -> tuple[str, str]:
    if Role.ORGANISATION_ADMINISTRATOR in by.roles:
        return (
            "Nothing needs you today",
            "You look after the people here: who is a member, and who is appointed to what.",
        )
    return "Nothing needs you today", "You can read everything here, and you change nothing."


def _links(by: Actor) -> tuple[Link, ...]:
    return tuple(
        Link(text, url_for(endpoint, organisation=by.organisation_code), about)
        for text, endpoint, permission, about in READS
        if by.may(permission) and endpoint in current_app.view_functions
    )
