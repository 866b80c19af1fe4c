"""A demonstration is built aside and moved in whole, so that a build that fails or is killed leaves the register as it was.

Aside is a folder of the instance, with a copy of the empty database, files of its own and the instance's keys. Its presence
marks an unfinished build: the next one removes the folder and begins anew. The register is written once, at the end, in one
transaction of SQLite, and only while it is empty: what people entered is never touched. A database or storage that is not a
file of this machine is built in place; there a mark alone is left, which `left_in_place` reads.
"""

from __future__ import annotations

import importlib
import os
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from urllib.parse import urlparse

from flask import Flask
from sqlalchemy.engine import make_url

from governance.database import db

FOLDER = "demo-unfinished"
PEOPLE = "demo-people.txt"
IN_PLACE = "in-place"
Make = Callable[[Path], str]
"""Builds the world in the current application, keeps its people in a file, and returns what that says."""


def make(app: Flask, build: Make, is_empty: Callable[[], bool]) -> str:
    """Build aside and move in; in place where the database or the storage is not a file. Returns what `build` returned."""
    instance = Path(app.instance_path)
    folder, database = instance / FOLDER, _database(app)
    if database is None:
        folder.mkdir(exist_ok=True)
        (folder / IN_PLACE).touch()
        said = build(instance / PEOPLE)
        clear(app)
        return said
    try:
        said = _built(app, folder, database, build)
        if is_empty():
            _move_in(app, folder, database)
        return said
    finally:
        clear(app)


def clear(app: Flask) -> None:
    """Remove what an unfinished build left aside."""
    shutil.rmtree(Path(app.instance_path) / FOLDER, ignore_errors=True)


def left_in_place(app: Flask) -> bool:
    """Whether a build was begun in the register's own database and never finished."""
    return (Path(app.instance_path) / FOLDER / IN_PLACE).exists()


def _built(app: Flask, folder: Path, database: Path, build: Make) -> str:
    folder.mkdir()
    _copy(database, folder / "governance.db")
    if (keys := Path(app.instance_path) / "keys").exists():
        shutil.copytree(keys, folder / "keys")
    apart = {"DATABASE_URL": "", "STORAGE_URL": "", "JOBS_URL": "", "SMTP_URL": "", "INSTANCE": str(folder)}
    create_app = importlib.import_module(app.import_name).create_app  # what made this application: above every room
    other: Flask = create_app(environ={**os.environ, **apart})
    with other.app_context():
        said = build(folder / PEOPLE)
        db.session.remove()
        db.engine.dispose()
    return said


def _move_in(app: Flask, folder: Path, database: Path) -> None:
    """Files first, the database last: nothing names a file before it is there."""
    files = Path(urlparse(app.config["STORAGE_URL"]).path)
    if (folder / "files").exists():
        shutil.copytree(folder / "files", files, dirs_exist_ok=True)
    (folder / PEOPLE).replace(Path(app.instance_path) / PEOPLE)
    db.session.remove()
    db.engine.dispose()
    _copy(folder / "governance.db", database)


def _copy(source: Path, target: Path) -> None:
    """One SQLite database over another, in one transaction of the target."""
    with closing(sqlite3.connect(source)) as held, closing(sqlite3.connect(target)) as written:
        held.backup(written)


def _database(app: Flask) -> Path | None:
    """The file of the register; None where it, or its storage, is not a file of this machine."""
    url, storage = make_url(app.config["SQLALCHEMY_DATABASE_URI"]), urlparse(app.config["STORAGE_URL"])
    return Path(url.database) if url.drivername.startswith("sqlite") and url.database and storage.scheme == "file" else None
