"""`flask due`: what falls due by itself, once a day or more often."""

import click
from flask.cli import with_appcontext

from governance import clock
from governance.approval import due as falling_due
from governance.database import transaction


@click.command("due")
@with_appcontext
def due() -> None:
    """Lapse approvals, pilots and overdue conditions whose date has passed."""
    with transaction():
        done = falling_due.run(at=clock.now())
    for sentence in done:
        click.echo(sentence)
    click.echo(f"{len(done)} things fell due.")
