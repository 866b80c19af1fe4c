"""Declaring what is in use already: what enters the register, what is refused, and that nothing is back-dated."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from governance import clock
from governance.audit import verify
from governance.database import db, read_only, transaction
from governance.errors import Forbidden, NotVisible, Refused
from governance.extensions import house
from governance.identity import queries as identity
from governance.intake.declarations import operations, queries
from governance.intake.declarations.models import Declaration
from governance.lifecycle import Stage, Standing
from governance.permissions import Role
from governance.register import queries as register
from governance.register.models import Deployment, Tool
from tests import declared
from tests.world import World


@pytest.fixture(autouse=True)
def _application(app: Flask) -> None:
    """Every story here begins in the small world."""


def deployment_of(row: Declaration) -> Deployment:
    return db.session.get_one(Deployment, row.deployment_id)


def test_a_declared_tool_enters_at_its_stage_and_counts_from_today(world: World) -> None:
    row = declared.declare(world)
    entered = deployment_of(row)
    assert (entered.stage, entered.standing) == (Stage.BUSINESS_AS_USUAL, Standing.DECLARED)
    assert entered.stage_since == entered.standing_since == World.TODAY
    assert entered.approved_stage is None and entered.approved_until is None
    assert entered.reference == "RTH01-2026-0001" and entered.use_case.name == "Writes draft notes of consultations"
    assert [site.name for site in entered.sites] == ["Main site"]
    assert entered.decision_needed_by == row.interim_due_on == clock.add_working_days(World.TODAY, 20)
    seen = register.projection(entered)
    assert seen is not None and (seen.in_use_since, seen.standing) == ("spring 2024", Standing.DECLARED)
    assert [change.arrow for change in register.history(entered)] == ["declare"]
    assert row.in_use_since == "spring 2024" and row.facts["direct_care"] == "yes"


def test_every_row_of_a_declaration_is_in_the_chain(world: World) -> None:
    declared.declare(world)
    with read_only() as session:
        assert verify.verify(session, house().storage, house().keyring).findings == []


def test_only_a_digital_lead_declares(world: World) -> None:
    with pytest.raises(Forbidden), transaction():
        operations.declare(**declared.SAID, by=world.actor(Role.CSO, "RTH01"), at=clock.now())


def test_a_site_of_another_organisation_is_not_there(world: World) -> None:
    foreign = [site.id for site in identity.sites_of(world.actor(Role.DIGITAL_LEAD, "QWE"))]
    with pytest.raises(NotVisible):
        declared.declare(world, site_ids=foreign)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Deployment)) == 0


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"tool_name": " "}, "tool_name"),
        ({"stage": "pipeline"}, "stage"),
        ({"personal_data": "some"}, "personal_data"),
        ({"in_use_since": "2031"}, "in_use_since"),
        ({"site_ids": ()}, "sites"),
    ],
)
def test_what_is_missing_or_cannot_be_is_refused_by_the_name_of_its_field(
    world: World, changed: dict[str, Any], code: str
) -> None:
    with pytest.raises(Refused) as refused:
        declared.declare(world, **changed)
    assert refused.value.codes == (code,)


def test_a_practice_without_sites_is_its_own_site_and_its_icb_declares_for_it(world: World) -> None:
    row = declared.declare(world, "HLP01", lead="QKK", site_ids=())
    entered = deployment_of(row)
    assert [site.name for site in entered.sites] == ["Harbour Lane Practice"]
    assert entered.organisation.code == "HLP01" and entered.submitted_by.code == "QKK"


def test_the_same_tool_is_found_and_one_that_looks_like_it_is_asked_about(world: World) -> None:
    first = deployment_of(declared.declare(world))
    again = deployment_of(declared.declare(world, "QKK", tool_name="SCRIBELINE  v3", manufacturer="Scribeline Limited"))
    assert again.tool_id == first.tool_id
    with pytest.raises(Refused) as refused:
        declared.declare(world, "QWE", tool_name="Scribelime")
    assert refused.value.codes == ("same_tool_id",)
    assert "Scribeline by Scribeline Ltd" in refused.value.sentences[0]
    same = deployment_of(declared.declare(world, "QWE", tool_name="Scribelime", same_tool_id=first.tool_id))
    assert same.tool_id == first.tool_id
    other = deployment_of(declared.declare(world, tool_name="Scribelime", differs=True))
    assert other.tool_id != first.tool_id
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Tool)) == 2


def test_the_same_tool_for_the_same_use_is_declared_once(world: World) -> None:
    reference = deployment_of(declared.declare(world)).reference
    with pytest.raises(Refused) as refused:
        declared.declare(world)
    assert reference in refused.value.sentences[0]
    declared.declare(world, use="Clinic letters")


def test_what_was_stated_is_found_again(world: World) -> None:
    row = declared.declare(world, earlier_approval="Approved by the digital board on 4 May 2024.")
    entered = deployment_of(row)
    found = queries.declaration(entered)
    assert found is not None and found.earlier_approval.startswith("Approved by")
    assert len(found.digest) == 64
