"""Fixtures: an application on a real database, holding a small world built by real operations.

The world is built once for each kind of database and copied for each test: a file copy on SQLite, CREATE DATABASE …
TEMPLATE on PostgreSQL. Tests under operations, contracts and journeys run on both, unless they name their `backend` themselves.
"""

import itertools
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from flask_migrate import upgrade
from hypothesis import settings
from jinja2.bccache import Bucket, BytecodeCache
from sqlalchemy.engine import make_url
from werkzeug.routing import Rule

from governance import clock, create_app
from governance.database import db
from governance.intake.models import Submission
from governance.lifecycle import Standing, SubmissionStatus
from governance.register.models import Deployment
from tests import agreed, assessed, proposals, servers
from tests.world import World

BOTH = ("operations", "contracts", "journeys")
_numbers = itertools.count(1)

settings.register_profile("house", deadline=None)  # a slow machine is not a fault
settings.load_profile("house")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--long", action="store_true", help="long forms: soak, kills, many rows")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    chosen = any("backend" in mark.args[0] for mark in metafunc.definition.iter_markers("parametrize"))
    if "backend" in metafunc.fixturenames and not chosen:
        both = Path(metafunc.definition.path).parent.name in BOTH
        metafunc.parametrize("backend", ["sqlite", "postgresql"] if both else ["sqlite"], scope="session")


@pytest.fixture(scope="session")
def template(backend: str, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Path]:
    """(database URL, instance folder) of the world as every test first meets it. Read only by copying."""
    instance = tmp_path_factory.mktemp(f"template-{backend}")
    url = f"sqlite:///{instance / 'world.db'}" if backend == "sqlite" else servers.postgres_url()
    app = make_app(url, instance)
    with app.app_context():
        upgrade()
        World.build()
        db.session.remove()
        db.engine.dispose()
    return url, instance


@pytest.fixture
def app(template: tuple[str, Path], tmp_path: Path) -> Iterator[Flask]:
    """The application on a database of this test's own."""
    url, instance = template
    shutil.copytree(instance, tmp_path / "instance", ignore=shutil.ignore_patterns("jobs.db*"))
    made = make_app(copy_of(url, tmp_path / "instance"), tmp_path / "instance")
    with made.app_context(), clock.fixed(World.TODAY):
        yield made
        db.session.remove()
        db.engine.dispose()


@pytest.fixture(scope="session")
def submitted_template(template: tuple[str, Path], tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Path]:
    """As `template`, with one submission submitted at the trust and one draft beside it."""
    url, instance = template
    folder = tmp_path_factory.mktemp("submitted") / "instance"
    shutil.copytree(instance, folder, ignore=shutil.ignore_patterns("jobs.db*"))
    made = make_app(copy_of(url, folder), folder)
    with made.app_context(), clock.fixed(World.TODAY):
        world = World()
        assessed.submitted(world)
        proposals.drafted(world, tool=proposals.TOOL | {"name": "Queuewell", "manufacturer": "Queuewell Ltd"})
        db.session.remove()
        db.engine.dispose()
    return made.config["SQLALCHEMY_DATABASE_URI"], folder


@pytest.fixture
def later(submitted_template: tuple[str, Path], tmp_path: Path) -> Iterator[Flask]:
    """The application where one submission is submitted already."""
    url, instance = submitted_template
    shutil.copytree(instance, tmp_path / "instance", ignore=shutil.ignore_patterns("jobs.db*"))
    made = make_app(copy_of(url, tmp_path / "instance"), tmp_path / "instance")
    with made.app_context(), clock.fixed(World.TODAY):
        yield made
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def submission(later: Flask) -> Submission:
    """The submitted submission of `later`."""
    found = db.session.scalar(sa.select(Submission).where(Submission.status == SubmissionStatus.SUBMITTED))
    assert found is not None
    return found


@pytest.fixture(scope="session")
def assured_template(submitted_template: tuple[str, Path], tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Path]:
    """As `submitted_template`, with its submission authorised: the trust's deployment is assured at Pilot."""
    url, instance = submitted_template
    folder = tmp_path_factory.mktemp("assured") / "instance"
    shutil.copytree(instance, folder, ignore=shutil.ignore_patterns("jobs.db*"))
    made = make_app(copy_of(url, folder), folder)
    with made.app_context(), clock.fixed(World.TODAY):
        query = sa.select(Submission).where(Submission.status == SubmissionStatus.SUBMITTED)
        agreed.agree(World(), db.session.scalars(query).one())
        db.session.remove()
        db.engine.dispose()
    return made.config["SQLALCHEMY_DATABASE_URI"], folder


@pytest.fixture
def assured(assured_template: tuple[str, Path], tmp_path: Path) -> Iterator[Flask]:
    """The application where one deployment is assured at Pilot."""
    url, instance = assured_template
    shutil.copytree(instance, tmp_path / "instance", ignore=shutil.ignore_patterns("jobs.db*"))
    made = make_app(copy_of(url, tmp_path / "instance"), tmp_path / "instance")
    with made.app_context(), clock.fixed(World.TODAY):
        yield made
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def live(assured: Flask) -> Deployment:
    """The assured deployment of `assured`."""
    return db.session.scalars(sa.select(Deployment).where(Deployment.standing == Standing.ASSURED)).one()


@pytest.fixture
def world(app: Flask) -> World:
    """The people and organisations of the small world."""
    return World()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser without a session. `world.sign_in(client, "cso", "RTH01")` signs somebody in."""
    return app.test_client()


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
    source = make_url(url)
    name = f"test_{next(_numbers)}_{instance.parent.name}"[:60].replace("-", "_").lower()
    plain = source.set(drivername="postgresql", database="postgres").render_as_string(hide_password=False)
    with psycopg.connect(plain, autocommit=True) as admin:
        admin.execute(f'DROP DATABASE IF EXISTS "{name}"')
        admin.execute(f'CREATE DATABASE "{name}" TEMPLATE "{source.database}"')
    return source.set(database=name).render_as_string(hide_password=False)
