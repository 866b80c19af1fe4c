"""Commands that belong to no room."""

import click
from flask.cli import with_appcontext

from governance import lifecycle


@click.command("lifecycle-diagram")
@with_appcontext
def lifecycle_diagram() -> None:
    """Print the arrows of submission and standing as Mermaid diagrams (the README holds this output)."""
    click.echo(lifecycle.diagram())
