"""Commands that belong to no room."""

import click
from flask.cli import with_appcontext

from governance import clock, lifecycle
from governance.jobs import schedule


@click.command("lifecycle-diagram")
@with_appcontext
def lifecycle_diagram() -> None:
    """Print the arrows of submission and standing as Mermaid diagrams (the README holds this output)."""
    click.echo(lifecycle.diagram())


@click.command("due")
@with_appcontext
def due() -> None:
    """Do what falls due by itself: lapses, reminders, digests. The job worker does it each day; twice does no harm."""
    done = schedule.run_due(clock.now())
    for sentence in done.sentences:
        click.echo(sentence)
    click.echo(f"{len(done.sentences)} things fell due.")
    if done.failed:
        raise click.ClickException(f"The due work of {', '.join(done.failed)} failed. The others are done.")
