"""Applications for tests: one for each test on a copy of a world, and worlds grown from others. What is costly is made once."""

import itertools
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from flask import Flask
from jinja2.bccache import Bucket, BytecodeCache
from werkzeug.routing import Rule

from governance import clock, create_app
from governance.database import db
from tests import servers
from tests.world import World

Template = tuple[str, Path]
"""(database URL, instance folder) of a world. Read only by copying."""
_numbers = itertools.count(1)


class _Compiled(BytecodeCache):
    """Templates compiled once for all applications of a run, which are many: one for each test."""

    def __init__(self) -> None:
        self.kept: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self.kept:
            bucket.bytecode_from_string(self.kept[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self.kept[bucket.key] = bucket.bytecode_to_string()


_compiled = _Compiled()


_builders: dict[tuple[object, ...], Callable[..., Any]] = {}
_compile_builder = Rule._compile_builder


def _compiled_once(rule: Rule, append_unknown: bool = True) -> Callable[..., Any]:
    """What builds the addresses of a rule, compiled once for all applications of a run: nine tenths of making one."""
    key = (rule.rule, rule.subdomain, rule.host, repr(rule.defaults), rule.merge_slashes, append_unknown)
    if key not in _builders:
        _builders[key] = _compile_builder(rule, append_unknown)
    return _builders[key]


Rule._compile_builder = _compiled_once  # type: ignore[method-assign]


def make_app(url: str, instance: Path, **changed: object) -> Flask:
    """An application for tests: forms need no token here (a contract test checks that they do elsewhere)."""
    made = create_app(
        {
            "TESTING": True,
            "INSTANCE": str(instance),
            "SQLALCHEMY_DATABASE_URI": url,
            "STORAGE_URL": f"file://{instance / 'files'}",
            "JOBS_URL": f"sqlite:///{instance / 'jobs.db'}",
            "SECRET_KEY": "only for tests",
            "WTF_CSRF_ENABLED": False,
            "PROPAGATE_EXCEPTIONS": False,
            **changed,
        },
        environ={},
    )
    made.jinja_env.bytecode_cache = _compiled
    return made


def copy_of(url: str, instance: Path) -> str:
    """A copy of a template database. SQLite: the copied file; its journal was checked in when the template closed."""
    if url.startswith("sqlite"):
        return f"sqlite:///{instance / 'world.db'}"
    return servers.copied(url, f"test_{next(_numbers)}_{instance.parent.name}"[:60].replace("-", "_").lower())


@contextmanager
def opened(template: Template, folder: Path, keep: bool = False, **changed: object) -> Iterator[Flask]:
    """An application on a copy of a world, its database in `folder` where it is a file. `changed`: settings.

    The copy is gone at the end unless it is to be kept: some thousands of them fill a disk.
    """
    url, instance = template
    shutil.copytree(instance, folder, ignore=shutil.ignore_patterns("jobs.db*"))
    copy = copy_of(url, folder)
    made = make_app(copy, folder, **changed)
    try:
        with made.app_context(), clock.fixed(World.TODAY):
            yield made
            db.session.remove()
            db.engine.dispose()
    finally:
        if not keep:
            shutil.rmtree(folder, ignore_errors=True)
            if not copy.startswith("sqlite"):
                servers.dropped(copy)


_kept: dict[tuple[str, str], Template] = {}


def kept(name: str, of: str, make: Callable[[], Template]) -> Template:
    """A template made once in this process. pytest forgets a session's fixture each time its `backend` changes."""
    if (name, of) not in _kept:
        _kept[name, of] = make()
    return _kept[name, of]


def grown(template: Template, folder: Path, grow: Callable[[], object]) -> Template:
    """The template of a world in which more has happened; made once for each that it grows from."""

    def make() -> Template:
        with opened(template, folder, keep=True) as made:
            grow()
        return made.config["SQLALCHEMY_DATABASE_URI"], folder

    return kept(folder.parent.name.rstrip("0123456789"), template[0], make)
