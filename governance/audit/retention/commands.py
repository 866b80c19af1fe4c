"""`flask retention`: what is past its period, what is kept for ever and why; `--remove` removes what may go."""

import click
from flask.cli import with_appcontext

from governance import clock
from governance.audit.retention import operations
from governance.database import read_only, transaction
from governance.permissions import OPERATOR


@click.command("retention")
@click.option("--remove", is_flag=True, help="Remove what is past its period. Protected rows are never removed.")
@with_appcontext
def retention(remove: bool) -> None:
    """Say what is past its period and what is kept for ever, and why."""
    if remove:
        with transaction():
            lines = [f"{each.kind.title}: {each.number} removed." for each in operations.remove(by=OPERATOR, at=clock.now())]
        click.echo("\n".join(lines) or "Nothing is past its period.")
        return
    with read_only() as session:
        found = operations.past(session, clock.now())
    for each in found:
        if each.kind.is_ever:
            click.echo(f"{each.kind.title}: {each.number:,} rows, kept for ever. {each.kind.why}")
    for each in found:
        if not each.kind.is_ever:
            how = "by itself each day" if each.kind.automatic else "by flask retention --remove"
            click.echo(f"{each.kind.title}: {each.number:,} past {each.kind.period.lower()}. {each.kind.does} Goes {how}.")
