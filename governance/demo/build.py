"""Building the demonstration: organisations, people, then each tool's way along the line, days ago."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, time
from pathlib import Path

import sqlalchemy as sa

from governance import clock
from governance.audit import commands as checkpoints
from governance.database import read_only, transaction
from governance.demo import agreeing, cast, committee, directory, histories, in_use
from governance.identity import operations as identity
from governance.identity import queries
from governance.identity.models import Organisation
from governance.permissions import OPERATOR, SYSTEM, Role

LATEST = datetime(2026, 1, 12, 9, tzinfo=UTC)
"""Boards merged after this: the one that ended has a story of its own before it did."""

STORIES: tuple[Callable[[], None], ...] = (
    in_use.sortwell,
    histories.hearview,
    histories.merger,
    in_use.minutewell,
    histories.rotawise,
    in_use.frontdoor,
    histories.chestwise,
    in_use.dischargewell,
    agreeing.hand_overs,
    agreeing.asks_more,
    in_use.theatrecast,
    histories.fallguard,
    histories.queuewell,
    in_use.concerns,
    histories.bedflow,
    agreeing.two_officers,
    agreeing.nothing_follows,
    in_use.walkwell,
    histories.lungs_elsewhere,
    histories.stocksight,
    in_use.callnote,
    histories.wardsound,
    histories.letterwell,
    in_use.skinline,
    agreeing.version_to_come,
    committee.meets_next,
    in_use.inboxwise,
    histories.today,
)
"""What happened to each tool, by when it began; the last is what fell due."""


def is_empty() -> bool:
    """Whether no organisation is there yet."""
    with read_only() as session:
        return session.scalar(sa.select(sa.func.count()).select_from(Organisation)) == 0


def build() -> list[tuple[str, str, str, str, str]]:
    """Make the world. Returns (organisation, name, roles, e-mail, password) for each person."""
    with clock.fixed(begun()):
        _found()
        people = _employ()
        _agree()
    for tell in STORIES:
        tell()
    checkpoints.make_checkpoint(SYSTEM)
    return people


def begun() -> datetime:
    """When the register began: thirty months ago, so that two years of figures were entered as they came."""
    months_ago = datetime.combine(clock.add_months(clock.today(), -30), time(9), clock.LONDON)
    return min(LATEST, months_ago.astimezone(UTC))


def write_people(file: Path, people: list[tuple[str, str, str, str, str]]) -> str:
    """Keep the people and their passwords for the one who started the instance (mode 0600)."""
    head = "Demonstration people. All invented. Passwords are random and belong to this instance alone.\n"
    rows = [f"{code:<6} {name:<26} {email:<44} {password:<16} {roles}" for code, name, roles, email, password in people]
    text = "\n".join([head, *rows]) + "\n"
    file.touch(mode=0o600)
    file.write_text(text)
    return text


def _found() -> None:
    with transaction():
        at, rows = clock.now(), {}
        for each in (*directory.BOARDS, *directory.PLACES, *directory.PROVIDERS):
            rows[each.code] = identity.found_organisation(
                code=each.code,
                name=each.name,
                kind=each.kind,
                started_on=each.started_on,
                provenance=each.provenance,
                by=OPERATOR,
                at=at,
            )
        for each in (*directory.PLACES, *directory.PROVIDERS):
            if each.parent:
                parent = rows[each.parent]
                identity.link(child=rows[each.code], parent=parent, started_on=parent.started_on, by=OPERATOR, at=at)


def _employ() -> list[tuple[str, str, str, str, str]]:
    people = []
    with transaction():
        at = clock.now()
        # hashing is slow on purpose and leaves Python's lock, so threads share it
        with ThreadPoolExecutor() as pool:
            secrets = list(pool.map(lambda _: cast.secret(), cast.CAST))
        for part, (password, hashed) in zip(cast.CAST, secrets, strict=True):
            cast.employ(part, hashed, at)
            roles = ", ".join(role.title for role in part.roles)
            people.append((part.organisation, part.name, roles, cast.email_of(part.name, part.organisation), password))
    with transaction():
        for code, sites in directory.SITES.items():
            admin = cast.actor(Role.ORGANISATION_ADMINISTRATOR, code)
            for site in sites:
                identity.add_site(name=site, by=admin, at=clock.now())
    return people


def _agree() -> None:
    """Each practice lets its board's people act there."""
    on = clock.today()
    with transaction():
        for practice, board in cast.LENDER.items():
            identity.agree(
                organisation_id=queries.organisation_by_code(practice).id,
                acting_id=queries.organisation_by_code(board).id,
                roles=list(cast.LENT),
                starts_on=on,
                ends_on=clock.add_months(on, 60),
                instrument="Agreement between the practice and the board (invented)",
                by=OPERATOR,
                at=clock.now(),
            )
