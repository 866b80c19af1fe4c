"""`flask audit verify`: exit 0 when the chain is whole, 1 when anything does not agree."""

import click
from flask.cli import AppGroup

from governance.audit import verify as verification
from governance.database import read_only
from governance.extensions import house

audit = AppGroup("audit", help="The chain of what happened.")


@audit.command("verify")
def verify() -> None:
    """Read the whole chain, its receipts and every protected row, and compare them."""
    found = house()
    with read_only() as session:
        outcome = verification.verify(session, found.storage, found.keyring)
    for finding in outcome.findings:
        click.echo(finding)
    click.echo(
        f"{outcome.events} events, {outcome.rows} protected rows, {outcome.receipts} receipts: "
        + ("the chain is whole." if not outcome.findings else f"{len(outcome.findings)} findings.")
    )
    raise SystemExit(1 if outcome.findings else 0)
