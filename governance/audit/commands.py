"""`flask audit`: verify (exit 0 when the chain is whole, 1 when anything does not agree), checkpoint, export."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
from flask.cli import AppGroup
from sqlalchemy.orm import Session

from governance import clock
from governance.audit import checkpoints, repair
from governance.audit import export as exports
from governance.audit import verify as verification
from governance.database import read_only, transaction
from governance.errors import GovernanceError
from governance.extensions import house
from governance.permissions import OPERATOR, SYSTEM, Actor

audit = AppGroup("audit", help="The chain of what happened.")


@audit.command("verify")
@click.option("--since", help="Name of a checkpoint, or “last”: read only what came after it, and the rows it tells of.")
def verify(since: str | None) -> None:
    """Read the whole chain, its receipts, checkpoints and every protected row, and compare them."""
    found = house()
    with read_only() as session:
        steady(session)
        try:
            outcome = verification.verify(session, found.storage, found.keyring, since=since)
        except GovernanceError as refused:
            raise click.ClickException(str(refused)) from refused
    for finding in outcome.findings:
        click.echo(finding)
    click.echo(
        f"{_counted(outcome.events, 'event')}, {_counted(outcome.rows, 'protected row')}, "
        f"{_counted(outcome.receipts, 'receipt')}, {_counted(outcome.checkpoints, 'checkpoint')}: "
        + ("the chain is whole." if not outcome.findings else f"{len(outcome.findings)} findings.")
    )
    raise SystemExit(1 if outcome.findings else 0)


@audit.command("checkpoint")
def checkpoint() -> None:
    """Sign the heads of all streams and write them outside the database. The worker does it each hour."""
    try:
        name = make_checkpoint(OPERATOR)
    except GovernanceError as refused:
        raise click.ClickException(str(refused)) from refused
    click.echo(f"Checkpoint {name} is written.")


@audit.command("export")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def export(file: Path) -> None:
    """Write the whole record as JSON Lines, and beside it the verifier that checks it without this application.

    Monthly figures are in it. Stored files are not, only their SHA-256; nor is what helps to sign in.
    """
    if not file.parent.is_dir():
        raise click.ClickException(f"There is no folder {file.parent}.")
    found = house()
    with read_only() as session:
        steady(session)
        try:
            counts = exports.write(session, found.storage, found.keyring, file, at=clock.now())
        except FileExistsError as there:
            raise click.ClickException(f"{file} is there already.") from there
    rows, witnesses = counts.get("row", 0), counts.get("witness", 0)
    click.echo(f"{counts.get('event', 0)} events, {rows} rows, {witnesses} receipts and checkpoints.")
    click.echo(f"Check it with: python {exports.VERIFIER.name} {file.name}")


def make_checkpoint(by: Actor) -> str:
    """One checkpoint of this moment, in a transaction of its own."""
    with transaction() as session:
        found = house()
        return checkpoints.make(session=session, storage=found.storage, keyring=found.keyring, by=by, at=clock.now())


def checkpoint_job(_job_id: int, _progress: Callable[[int, str], None]) -> dict[str, Any]:
    """The hour's job. Receipts first: what a checkpoint has settled gets none anew."""
    return {"receipts": make_up_receipts(), "checkpoint": make_checkpoint(SYSTEM)}


def make_up_receipts() -> int:
    """Make up the receipts that a sudden end left unwritten, when the register starts and each hour. Returns how many."""
    found = house()
    with read_only() as session:
        if not repair.lost(session=session, storage=found.storage, keyring=found.keyring):
            return 0
    with transaction() as session:
        return repair.make_up(
            session=session, storage=found.storage, keyring=found.keyring, by=SYSTEM, at=clock.now()
        )


def steady(session: Session) -> None:
    """Have every query of this read see one and the same moment, while others go on writing."""
    if session.get_bind().dialect.name == "postgresql":
        session.connection(execution_options={"isolation_level": "REPEATABLE READ"})


def _counted(number: int, name: str) -> str:
    return f"{number} {name}" if number == 1 else f"{number} {name}s"
