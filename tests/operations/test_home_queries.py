"""The number of queries of a first screen does not grow with what there is to list."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from governance.database import db
from governance.home.looked import MOST
from governance.lifecycle import Stage
from governance.permissions import Role
from tests import assessed, proposals
from tests.safety import statements
from tests.world import World


def tool(number: int) -> dict[str, str]:
    """One of many tools with names that nobody takes for one another."""
    word = "".join("bdfglmnprtvz"[int(digit)] + "aeiou"[int(digit) % 5] for digit in f"{number:04d}")
    return proposals.TOOL | {"name": word.title(), "manufacturer": f"{word.title()} Makers", "version": "1.0"}


def propose(world: World, first: int, last: int) -> None:
    """Propose tools under assessment, from one number up to another."""
    for number in range(first, last):
        proposals.proposed(world, tool=tool(number))


def submit(world: World, first: int, last: int) -> None:
    """Submit tools of low tier for a proof of concept, which ask for least."""
    for number in range(first, last):
        assessed.submitted(world, tool=tool(number), facts=proposals.LOW, stage=Stage.PROOF_OF_CONCEPT)


def counted(app: Flask, world: World, role: Role) -> int:
    """Statements of one request for the first screen."""
    client: FlaskClient = app.test_client()
    world.sign_in(client, role, "RTH01")
    db.session.remove()
    with statements() as told:
        assert client.get("/RTH01/").status_code == 200
    return len(told)


SUBMITTED = {Role.DIGITAL_LEAD: 36, Role.SRO: 36, Role.BOARD_MEMBER: 28}


@pytest.mark.parametrize("role", [Role.DIGITAL_LEAD, Role.CSO, Role.CISO, Role.BOARD_MEMBER])
def test_twenty_assessments_take_as_many_queries_as_five(app: Flask, world: World, role: Role) -> None:
    propose(world, 0, MOST)
    few = counted(app, world, role)
    propose(world, MOST, 20)
    assert counted(app, world, role) == few


@pytest.mark.parametrize("role", [Role.DIGITAL_LEAD, Role.SRO, Role.BOARD_MEMBER])
def test_submissions_that_wait_are_read_together(app: Flask, world: World, role: Role) -> None:
    submit(world, 0, 2)
    few = counted(app, world, role)
    submit(world, 2, 5)
    assert counted(app, world, role) == few <= SUBMITTED[role]
