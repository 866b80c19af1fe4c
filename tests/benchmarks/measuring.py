"""Taking turns: two things are timed alternately, so that a slow moment of the machine meets both."""

import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa
from flask import Flask
from flask_migrate import upgrade

from governance import clock
from governance.database import db
from tests.applications import make_app
from tests.world import World


def seconds(call: Callable[[], object]) -> float:
    """How long one call takes."""
    start = time.perf_counter()
    call()
    return time.perf_counter() - start


def alternately(ours: Callable[[], object], bare: Callable[[], object], rounds: int) -> tuple[float, float]:
    """Median seconds of each, taken in turns after one warm-up."""
    ours(), bare()
    pairs = [(seconds(ours), seconds(bare)) for _ in range(rounds)]
    return statistics.median(a for a, _ in pairs), statistics.median(b for _, b in pairs)


@contextmanager
def application() -> Iterator[Flask]:
    """The application on a fresh SQLite database holding the small world."""
    with tempfile.TemporaryDirectory() as folder:
        app = make_app(f"sqlite:///{folder}/bench.db", Path(folder))
        app.testing = False
        with app.app_context(), clock.fixed(World.TODAY):
            upgrade()
            World.build()
            yield app
            db.session.remove()
            db.engine.dispose()


@contextmanager
def counted() -> Iterator[list[str]]:
    """Statements that reach the database while the block runs, transaction control left out."""
    seen: list[str] = []

    def note(_c: object, _cursor: object, statement: str, *_rest: object) -> None:
        if not statement.startswith(("PRAGMA", "BEGIN")):
            seen.append(statement)

    sa.event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        sa.event.remove(db.engine, "before_cursor_execute", note)
