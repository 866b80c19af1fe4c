"""A refusal at each wall, read on the page by the person who meets it."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import sqlalchemy as sa
from flask import Flask

from governance import clock
from governance.assessment.packs import operations as packs
from governance.database import db, transaction
from governance.identity import operations as identity
from governance.intake.models import Submission
from governance.lifecycle import SubmissionStatus
from governance.permissions import OPERATOR, Role
from tests import assessed, safety
from tests.browser.conftest import Start
from tests.browser.people import Somebody
from tests.browser.steps import decide, read_all
from tests.world import World

Open = Callable[..., Somebody]
Template = tuple[str, Path]


def behind(app: Flask, change: Callable[[World, Submission], None]) -> str:
    """Change something on the server meanwhile; gives the submission's address."""
    with app.app_context(), clock.fixed(World.TODAY):
        found = db.session.scalar(sa.select(Submission).where(Submission.status == SubmissionStatus.SUBMITTED))
        assert found is not None
        reference = found.reference
        with transaction():
            change(World(), db.session.get_one(Submission, found.id))
        db.session.remove()
    return f"/RTH01/submissions/{reference}"


def nothing(_world: World, _submission: Submission) -> None:
    """Nothing changes."""


def test_the_submitter_meets_the_wall(submitted_template: Template, serve: Start, somebody: Open) -> None:
    def appoint(world: World, submission: Submission) -> None:
        lead = world.person(Role.DIGITAL_LEAD, "RTH01")
        identity.record_registration(
            person=lead, body="GMC", number="1", expires_on=date(2028, 1, 1), trained_on=None, by=OPERATOR, at=clock.now()
        )
        identity.appoint(
            person=lead, organisation_id=submission.organisation_id, role=Role.CSO, starts_on=date(2026, 1, 1),
            ends_on=date(2028, 1, 1), instrument="Letter", by=OPERATOR, at=clock.now(),
        )  # fmt: skip

    address, app = serve(submitted_template)
    path = behind(app, appoint)
    lead = somebody(address, "digital_lead", "RTH01")
    lead.open(f"{path}/sign/cso")
    assert "started, proposed or submitted" in lead.text


def test_an_expired_registration_meets_the_wall(submitted_template: Template, serve: Start, somebody: Open) -> None:
    def expire(world: World, _submission: Submission) -> None:
        identity.record_registration(
            person=world.person(Role.CSO, "RTH01"), body="GMC", number="1", expires_on=date(2026, 10, 31),
            trained_on=None, by=OPERATOR, at=clock.now(),
        )  # fmt: skip

    address, app = serve(submitted_template)
    path = behind(app, expire)
    cso = somebody(address, "cso", "RTH01")
    cso.open(f"{path}/sign/cso")
    assert "registration expired on 31 October 2026" in cso.text


def test_a_superseded_pack_is_not_sealed(submitted_template: Template, serve: Start, somebody: Open) -> None:
    def again(world: World, submission: Submission) -> None:
        lead = world.actor(Role.DIGITAL_LEAD, "RTH01")
        packs.recall(submission=submission, reason="A new document", by=lead, at=clock.now())
        assessed.submit(world, submission)

    address, app = serve(submitted_template)
    path = behind(app, nothing)
    cso = somebody(address, "cso", "RTH01")
    read_all(cso, path, "cso")
    decide(cso, path, "cso")
    assert cso.heading == "Confirm it is you"
    behind(app, again)
    cso.confirm()
    assert "superseded" in cso.text


def test_a_hazard_of_four_stops_it(template: Template, serve: Start, somebody: Open) -> None:
    address, app = serve(template)
    with app.app_context(), clock.fixed(World.TODAY):
        submission = safety.deploy(World())
        with transaction():
            world = World()
            cso, lead = (world.actor(role, "RTH01") for role in (Role.CSO, Role.DIGITAL_LEAD))
            deployment = db.session.get_one(Submission, submission.id).deployment
            safety.approve_plan(deployment, safety.write_plan(deployment, cso), cso)
            safety.scored_hazard(deployment, lead, residual=("catastrophic", "low"), patients="multiple")
        reference = submission.reference
        db.session.remove()
    lead_page = somebody(address, "digital_lead", "RTH01")
    lead_page.open(f"/RTH01/submissions/{reference}")
    assert "Hazard 1 has a residual ris" in lead_page.text or "Hazard 1 has a residual rating of 4" in lead_page.text


def test_a_foreign_board_finds_no_page(submitted_template: Template, serve: Start, somebody: Open) -> None:
    address, app = serve(submitted_template)
    path = behind(app, nothing)
    stranger = somebody(address, "cso", "QWE")
    assert stranger.open(path) == 404
    assert stranger.heading == "Page not found"


def test_the_executive_waits_for_the_safety_officer(submitted_template: Template, serve: Start, somebody: Open) -> None:
    address, app = serve(submitted_template)
    path = behind(app, nothing)
    executive = somebody(address, "authorising_executive", "RTH01")
    executive.open(f"{path}/sign/authorising_executive")
    assert "The authorising executive acts after the senior responsible owner." in executive.text
