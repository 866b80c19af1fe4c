"""`flask jobs work`: the worker that `./run` starts."""

import click
from flask import current_app
from flask.cli import AppGroup

from governance.jobs import engine

jobs = AppGroup("jobs", help="Work that waits.")


@jobs.command("work")
@click.option("--workers", default=2, show_default=True, help="Processes; PDFs are slower in threads.")
@click.option("--no-sweep", is_flag=True, help="For further machines: one sweeper is enough.")
def work(workers: int, no_sweep: bool) -> None:
    """Do jobs until stopped."""
    engine.work(current_app._get_current_object(), workers, sweeps=not no_sweep)  # type: ignore[attr-defined]
