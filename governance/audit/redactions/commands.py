"""`flask redact`: find a text, remove it, withhold a stored file, and show what was removed."""

from __future__ import annotations

import click
import sqlalchemy as sa
from flask.cli import AppGroup

from governance import clock
from governance.audit.models import Redaction
from governance.audit.redactions import files, leaves, operations, queries, scrub
from governance.audit.redactions.operations import Request
from governance.audit.redactions.queries import Place
from governance.database import db, free_text, read_only, transaction
from governance.database.base import Base
from governance.errors import GovernanceError
from governance.extensions import house
from governance.permissions import OPERATOR
from governance.storage import content_key
from governance.web.wording import long_date, plural

redact = AppGroup("redact", help="Patient details that somebody typed: find them, remove them, show what was removed.")

_asked = click.option("--asked-by", required=True, help="Who asked: name and role, or how they are known.")
_by = click.option("--by", "redacted_by", required=True, help="Your own name.")
_reason = click.option("--reason", required=True, help="Why; without the details.")
_yes = click.option("--yes", is_flag=True, help="Do not ask again.")
SHOWN = 60


@redact.command("find")
@click.argument("text", required=False)
def find(text: str | None) -> None:
    """Find where a text stands: records, trail, packs, drafts, notices, jobs, stored files. Without TEXT it is asked for."""
    text = text or click.prompt("Text", hide_input=True)
    places = _places(text)
    for place in places:
        click.echo(_line(place))
    others = _files(text, places)
    for said in others:
        click.echo(said)
    click.echo(f"{plural(len(places), 'place')} in the record, {plural(len(others), 'file')}.")
    click.echo("PDFs and pictures that were attached cannot be looked into.")


@redact.command("show")
@click.argument("what")
@click.argument("row_id", type=int, required=False)
def show(what: str, row_id: int | None) -> None:
    """What was removed about a deployment or submission (its REFERENCE), or from a row (TABLE ID) with the texts it has."""
    with read_only():
        if row_id is None:
            made = queries.in_stream(_stream(what))
        else:
            made = queries.of_row(what, row_id)
            for name, text in _texts(what, row_id):
                click.echo(f"{name}: {text[:SHOWN]}")
        for each in made:
            click.echo(_said(each))
        click.echo(f"{plural(len(made), 'redaction')}.")


@redact.command("remove")
@click.argument("table")
@click.argument("row_id", type=int)
@click.argument("column")
@click.option("--text", help="The text to remove, where the column holds several; “-” asks for it.")
@click.option("--only", is_flag=True, help="Leave other places in which the same text stands.")
@_asked
@_by
@_reason
@_yes
def remove(
    table: str, row_id: int, column: str, text: str | None, only: bool, asked_by: str, redacted_by: str, reason: str, yes: bool
) -> None:
    """Remove a text from a column, and from everywhere else where it stands. The whole text or value goes, not a word of it."""
    text = _text_of(table, row_id, column, click.prompt("Text", hide_input=True) if text == "-" else text)
    all_places = _places(text)
    places = [each for each in all_places if not each.kept]
    if only:
        places = [each for each in places if (each.table, each.row_id, each.column) == (table, row_id, column)]
    for place in places:
        click.echo(_line(place))
    if not yes:
        click.confirm(f"Remove the text from {plural(len(places), 'place')}? It cannot be had back.", abort=True)
    request = Request(asked_by, redacted_by, reason)
    try:
        with transaction():
            made = operations.remove(
                places=places, text=text, request=request, keyring=house().keyring, by=OPERATOR, at=clock.now()
            )
            lines, tables = [_said(each) for each in made], {each.table_name for each in made}
    except GovernanceError as refused:
        raise click.ClickException(str(refused)) from refused
    scrub.scrub(db, tables | {"redaction"})
    for line in lines:
        click.echo(line)
    for place in all_places:
        if place.kept:
            click.echo(f"Left: {_line(place)}")
    for said in _files(text, all_places):
        click.echo(f"Look at: {said} (flask redact file)")
    click.echo("\n".join(scrub.AFTERWARDS))


@redact.command("file")
@click.argument("table")
@click.argument("row_id", type=int)
@_asked
@_by
@_reason
@_yes
def file(table: str, row_id: int, asked_by: str, redacted_by: str, reason: str, yes: bool) -> None:
    """Withhold the stored file of a row (evidence, report, supplier_form …). The row stays, with why."""
    for name, number in _sharing(table, row_id):
        click.echo(f"{name} {number} has this file")
    if not yes:
        click.confirm("Delete the stored file, also of every row listed here? It cannot be had back.", abort=True)
    try:
        with transaction():
            made, sha256 = operations.withhold(
                table=table, row_id=row_id, request=Request(asked_by, redacted_by, reason), by=OPERATOR, at=clock.now()
            )
            lines = [_said(each) for each in made]
    except GovernanceError as refused:
        raise click.ClickException(str(refused)) from refused
    for key in (content_key(sha256), f"quarantine/{sha256}"):
        house().storage.delete(key)
    for line in lines:
        click.echo(line)
    click.echo(f"The file {sha256[:8]} is deleted.")


def _places(text: str) -> list[Place]:
    if len(leaves.plain(text)) < operations.SHORTEST:
        raise click.ClickException(f"Give at least {operations.SHORTEST} characters.")
    with read_only() as session:
        return list(queries.find(session, text))


def _sharing(table: str, row_id: int) -> list[tuple[str, int]]:
    """Every row that keeps the same stored file, whoever’s it is."""
    found = Base.metadata.tables.get(table)
    with read_only():
        sha256 = None if found is None or "sha256" not in found.columns else db.session.scalar(
            sa.select(found.c.sha256).where(queries.key_of(found) == row_id)
        )  # fmt: skip
        return operations.with_file(sha256) if sha256 else []


def _files(text: str, places: list[Place]) -> list[str]:
    with read_only() as session:
        found = [*files.find(session, house().storage, text), *files.reports_on(session, places)]
    return [f"{each.table} {each.row_id}: its file {each.sha256[:8]} {each.said}" for each in found]


def _text_of(table: str, row_id: int, column: str, text: str | None) -> str:
    if table not in Base.metadata.tables or column not in Base.metadata.tables[table].columns:
        raise click.ClickException(f"There is no column {column} in {table}.")
    if column not in free_text.redactable(table):
        raise click.ClickException(f"{table} {column} stays: {queries.why_kept(table, column)}")
    with read_only():
        there = dict.fromkeys(said for name, said in _texts(table, row_id) if name.split(".")[0] == column)
    if text is not None:
        if not any(leaves.holds(text)(each) for each in there):
            raise click.ClickException("The text is not there.")
        return text
    if len(there) != 1:
        raise click.ClickException(f"This column holds {plural(len(there), 'text')}: say which with --text.")
    return next(iter(there))


def _texts(table: str, row_id: int) -> list[tuple[str, str]]:
    if (found := Base.metadata.tables.get(table)) is None:
        raise click.ClickException(f"There is no table {table}.")
    row = db.session.execute(sa.select(found).where(queries.key_of(found) == row_id)).mappings().one_or_none()
    if row is None:
        raise click.ClickException(f"There is no row {row_id} in {table}.")
    columns = [each for each in free_text.redactable(table) if row[each] is not None]
    return [
        (".".join(filter(None, (name, leaves.written(path)))), text)
        for name in columns
        for path, text in leaves.leaves(row[name])
        if text
    ]


def _stream(reference: str) -> str:
    deployment, submission = Base.metadata.tables["deployment"], Base.metadata.tables["submission"]
    found = db.session.scalar(sa.select(deployment.c.id).where(deployment.c.reference == reference))
    found = found or db.session.scalar(sa.select(submission.c.deployment_id).where(submission.c.reference == reference))
    if found is None:
        raise click.ClickException(f"There is no {reference}.")
    return f"deployment:{found}"


def _line(place: Place) -> str:
    where = ".".join(filter(None, (place.column, leaves.written(place.path))))
    return f"{place.table} {place.row_id} {where}" + (f" (stays: {place.kept})" if place.kept else "")


def _said(each: Redaction) -> str:
    return (
        f"Redaction {each.id}: {each.table_name} {each.row_id} {each.column_name}, {long_date(each.redacted_at)}, "
        f"asked by {each.asked_by}, by {each.redacted_by}: {each.reason}"
    )
