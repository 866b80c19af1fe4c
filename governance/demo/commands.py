"""`flask demo`: the demonstration world, once."""

import os
from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext

from governance.demo import build

FILE = "demo-people.txt"


LOOPBACK = ("127.", "localhost", "::1")


@click.command("demo")
@click.option("--force", is_flag=True, help="Also where HOST can be reached by others.")
@with_appcontext
def demo(force: bool) -> None:
    """Build the demonstration world in an empty database and print its people. Does nothing where there is data."""
    host = os.environ.get("HOST", "127.0.0.1")
    if not force and not host.startswith(LOOPBACK):
        raise click.ClickException(f"Demonstration people are not for a server that others reach ({host}). --force insists.")
    if not build.is_empty():
        click.echo("There is data already: nothing was added.")
        return
    people = build.build()
    click.echo(build.write_people(Path(current_app.instance_path) / FILE, people))
