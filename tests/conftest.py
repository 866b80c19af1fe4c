"""Fixtures: an application on a real database, holding a small world built by real operations.

The world is built once for each kind of database and copied for each test: a file copy on SQLite, CREATE DATABASE …
TEMPLATE on PostgreSQL. Tests under operations, contracts and journeys run on both, unless they name their `backend` themselves
or say that the long form is enough for PostgreSQL (`both_when_long`): long walks over what shorter tests hold there anyway.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from flask_migrate import upgrade
from hypothesis import settings

from governance.database import db, transaction
from governance.intake.models import Submission
from governance.lifecycle import Standing, SubmissionStatus
from governance.register.models import Deployment
from tests import agreed, assessed, proposals, servers
from tests.applications import Template, grown, kept, make_app, opened
from tests.world import World

BOTH = ("operations", "contracts", "journeys")

settings.register_profile("house", deadline=None)  # a slow machine is not a fault
settings.load_profile("house")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--long", action="store_true", help="long forms: soak, kills, many rows")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    chosen = any("backend" in mark.args[0] for mark in metafunc.definition.iter_markers("parametrize"))
    if "backend" in metafunc.fixturenames and not chosen:
        both = Path(metafunc.definition.path).parent.name in BOTH
        if metafunc.definition.get_closest_marker("both_when_long"):
            both = both and metafunc.config.getoption("--long")
        metafunc.parametrize("backend", ["sqlite", "postgresql"] if both else ["sqlite"], scope="session")


@pytest.fixture(scope="session")
def template(backend: str, tmp_path_factory: pytest.TempPathFactory) -> Template:
    """(database URL, instance folder) of the world as every test first meets it. Read only by copying."""
    return kept("template", backend, lambda: _first(backend, tmp_path_factory.mktemp(f"template-{backend}")))


def _first(backend: str, instance: Path) -> Template:
    url = f"sqlite:///{instance / 'world.db'}" if backend == "sqlite" else servers.postgres_url()
    app = make_app(url, instance)
    with app.app_context():
        upgrade()
        World.build()
        db.session.remove()
        db.engine.dispose()
    return url, instance


@pytest.fixture
def app(template: Template, tmp_path: Path) -> Iterator[Flask]:
    """The application on a database of this test's own."""
    with opened(template, tmp_path / "instance") as made:
        yield made


@pytest.fixture(scope="session")
def ready_template(template: Template, tmp_path_factory: pytest.TempPathFactory) -> Template:
    """As `template`, with one submission at the trust that nothing stops."""
    return grown(template, tmp_path_factory.mktemp("ready") / "instance", lambda: assessed.ready(World()))


@pytest.fixture
def prepared(ready_template: Template, tmp_path: Path) -> Iterator[Flask]:
    """The application where one submission is ready to be submitted."""
    with opened(ready_template, tmp_path / "instance") as made:
        yield made


@pytest.fixture
def ready(prepared: Flask) -> Submission:
    """The submission of `prepared` that nothing stops."""
    return db.session.scalars(sa.select(Submission).where(Submission.status == SubmissionStatus.OPENED)).one()


@pytest.fixture(scope="session")
def submitted_template(ready_template: Template, tmp_path_factory: pytest.TempPathFactory) -> Template:
    """As `ready_template`, with its submission submitted and one draft beside it."""

    def grow() -> None:
        ready = db.session.scalars(sa.select(Submission).where(Submission.status == SubmissionStatus.OPENED)).one()
        with transaction():
            assessed.submit(World(), ready)
        proposals.drafted(World(), tool=proposals.TOOL | {"name": "Queuewell", "manufacturer": "Queuewell Ltd"})

    return grown(ready_template, tmp_path_factory.mktemp("submitted") / "instance", grow)


@pytest.fixture
def later(submitted_template: Template, tmp_path: Path) -> Iterator[Flask]:
    """The application where one submission is submitted already."""
    with opened(submitted_template, tmp_path / "instance") as made:
        yield made


@pytest.fixture
def submission(later: Flask) -> Submission:
    """The submitted submission of `later`."""
    return the_submitted()


def the_submitted() -> Submission:
    """The one submission that waits for agreement."""
    return db.session.scalars(sa.select(Submission).where(Submission.status == SubmissionStatus.SUBMITTED)).one()


@pytest.fixture(scope="session")
def assured_template(submitted_template: Template, tmp_path_factory: pytest.TempPathFactory) -> Template:
    """As `submitted_template`, with its submission authorised: the trust's deployment is assured at Pilot."""
    folder = tmp_path_factory.mktemp("assured") / "instance"
    return grown(submitted_template, folder, lambda: agreed.agree(World(), the_submitted()))


@pytest.fixture
def assured(assured_template: Template, tmp_path: Path) -> Iterator[Flask]:
    """The application where one deployment is assured at Pilot."""
    with opened(assured_template, tmp_path / "instance") as made:
        yield made


@pytest.fixture
def live(assured: Flask) -> Deployment:
    """The assured deployment of `assured`."""
    return db.session.scalars(sa.select(Deployment).where(Deployment.standing == Standing.ASSURED)).one()


@pytest.fixture
def running(request: pytest.FixtureRequest, backend: str) -> Flask:
    """The one application of this test: one in which more has happened, where it asks for that, else a fresh one."""
    grown_further = [name for name in ("prepared", "later", "assured") if name in request.fixturenames]
    found: Flask = request.getfixturevalue(grown_further[0] if grown_further else "app")
    return found


@pytest.fixture
def world(running: Flask) -> World:
    """The people and organisations of the small world."""
    return World()


@pytest.fixture
def client(running: Flask) -> FlaskClient:
    """A browser without a session. `world.sign_in(client, "cso", "RTH01")` signs somebody in."""
    return running.test_client()
