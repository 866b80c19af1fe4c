"""`flask demo`: the demonstration world, once."""

import os
from typing import cast

import click
from flask import Flask, current_app
from flask.cli import with_appcontext

LOOPBACK = ("127.", "localhost", "::1")


UNFINISHED = (
    "The demo was not finished, and this database cannot be emptied from here. Name an empty one in DATABASE_URL, "
    "or keep what is there with DEMO=no."
)


@click.command("demo")
@click.option("--force", is_flag=True, help="Also where HOST can be reached by others.")
@with_appcontext
def demo(force: bool) -> None:
    """Build the demonstration world in an empty database and print its people. Does nothing where there is data.

    A build that fails or is killed leaves the register empty, and the next one begins anew.
    """
    from governance.demo import aside, build  # here, because no other start of the product needs the whole demonstration

    host = os.environ.get("HOST", "127.0.0.1")
    if not force and not host.startswith(LOOPBACK):
        raise click.ClickException(f"Demonstration people are not for a server that others reach ({host}). --force insists.")
    app = cast("Flask", current_app._get_current_object())  # type: ignore[attr-defined]  # the application itself
    if not build.is_empty():
        if aside.left_in_place(app):
            raise click.ClickException(UNFINISHED)
        aside.clear(app)
        click.echo("There is data already: nothing was added.")
        return
    aside.clear(app)
    click.echo(aside.make(app, lambda file: build.write_people(file, build.build()), build.is_empty))
