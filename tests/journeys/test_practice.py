"""A practice without a safety officer: its ICB's people declare, decide meanwhile and re-assure what it has in use."""

from __future__ import annotations

from datetime import date

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from governance import clock
from governance.approval import outcomes
from governance.approval.interim import queries as interim
from governance.audit import verify
from governance.database import db, read_only, transaction
from governance.extensions import house
from governance.identity import operations as identity
from governance.identity import queries as people
from governance.intake import operations as intake
from governance.intake import queries as submissions
from governance.intake.declarations import operations as declarations
from governance.intake.declarations.models import Declaration
from governance.intake.models import Submission
from governance.lifecycle import Stage, Standing, SubmissionKind
from governance.permissions import OPERATOR, Role
from governance.register.models import Deployment
from tests import agreed, assessed, declared, proposals
from tests.world import World

LEAD, CSO, EXECUTIVE = Role.DIGITAL_LEAD, Role.CSO, Role.AUTHORISING_EXECUTIVE


@pytest.fixture
def lends(world: World) -> None:
    """A second agreement: the ICB's executive may decide for the practice too."""
    with transaction():
        identity.agree(
            organisation_id=world.organisation("HLP01").id, acting_id=world.organisation("QKK").id, roles=[EXECUTIVE],
            starts_on=date(2026, 4, 1), ends_on=date(2029, 3, 31), instrument="Agreement of 1 October 2026",
            by=OPERATOR, at=clock.now(),
        )  # fmt: skip


@pytest.mark.usefixtures("app", "lends")
def test_a_practice_without_a_safety_officer_is_served_by_its_icb(client: FlaskClient, world: World) -> None:
    world.sign_in(client, LEAD, "QKK")
    sent = client.post("/HLP01/declare", data=declared.SAID)
    assert sent.status_code == 302 and sent.location.endswith("/HLP01/tools/HLP01-2026-0001/declaration")
    page = client.get(sent.location).text
    assert "With: clinical safety officer, Cso of QKK" in page and "30 November 2026" in page
    _act(client, world, CSO, {"outcome": "restrict", "restriction": "Adults only.", "reason": "Seen in use."})
    home = _home(client, world, EXECUTIVE)
    assert "Decide if its use goes on meanwhile" in home
    day = {"submission_due_on-day": "1", "submission_due_on-month": "2", "submission_due_on-year": "2027"}
    _act(client, world, EXECUTIVE, {"outcome": "restrict", "restriction": "Adults only.", "reason": "As advised."} | day)
    row = db.session.scalars(sa.select(Declaration)).one()
    made = interim.decision(row)
    assert made is not None and made.outcome == "restrict" and made.submission_due_on == date(2027, 2, 1)
    assert all(each.agreement_id for each in interim.sign_offs(row).values())
    world.sign_in(client, LEAD, "QKK")
    started = client.post("/HLP01/tools/HLP01-2026-0001/re-assurance")
    assert "/HLP01/drafts/" in started.location
    assert "Scribeline" in client.get(started.location).text


@pytest.mark.usefixtures("app")
def test_a_declared_tool_is_re_assured_at_its_stage(world: World) -> None:
    said = {"tool_name": "Chestwise Triage", "manufacturer": "Northgate Imaging Ltd", "version": "2.3", "kind": "imaging"}
    row = declared.declare(world, **said, stage="pilot")
    declared.decide(world, row, declared.GOES_ON)
    deployment = db.session.get_one(Deployment, row.deployment_id)
    with transaction():
        world.appoint_for(deployment.id, "RTH01")
    submission = _re_assured(world, deployment)
    assert (submission.kind, submission.stage_asked) == (SubmissionKind.RE_ASSURANCE, Stage.PILOT)
    agreed.agree(world, submission)
    db.session.expire_all()
    assert deployment.standing is Standing.ASSURED and deployment.stage is Stage.PILOT
    assert deployment.approved_from == World.TODAY and deployment.decision_needed_by is None
    assert outcomes.decision(submission) is not None
    with read_only() as session:
        assert verify.verify(session, house().storage, house().keyring).findings == []


def _re_assured(world: World, deployment: Deployment) -> Submission:
    """The re-assurance, with only the other triage facts said, shown, judged and submitted."""
    with transaction():
        by, at = world.actor(LEAD, "RTH01"), clock.now()
        submission = declarations.start_re_assurance(deployment=deployment, by=by, at=at)
        carried = dict(submission.draft["values"]["triage"])
        assert carried["direct_care"] == "yes"
        intake.save_draft(
            submission=submission, page="triage", values=proposals.FACTS | carried, version_id=submission.version_id,
            by=by, at=at,
        )  # fmt: skip
        intake.propose(submission=submission, by=by, at=at)
    with transaction():
        assessed.show(world, submission)
    with transaction():
        assessed.judge(world, submission)
    with transaction():
        assessed.submit(world, submission)
    assert submissions.facts(submission)["personal_data"] == "confidential"
    return submission


def _act(client: FlaskClient, world: World, role: Role, said: dict[str, str]) -> None:
    """Both steps of one of the ICB's people at the practice."""
    world.sign_in(client, role, "QKK")
    first = client.post("/HLP01/tools/HLP01-2026-0001/declaration/decide", data=said)
    assert first.status_code == 302, first.text
    assert "Your statement" in client.get(first.location).text
    done = client.post(first.location, data={"password": declared.PASSWORD})
    assert done.status_code == 302 and done.location.endswith("/declaration")


def _home(client: FlaskClient, world: World, role: Role) -> str:
    world.sign_in(client, role, "QKK")
    return client.get("/QKK/").text


def test_many_practices_are_declared_at_once_or_none(app: Flask, client: FlaskClient, world: World) -> None:
    with transaction():
        other = identity.found_organisation(
            code="MLP02", name="Mill Lane Practice", kind="practice", started_on=date(2022, 7, 1), provenance="invented",
            by=OPERATOR, at=clock.now(),
        )  # fmt: skip
        identity.agree(
            organisation_id=other.id, acting_id=world.organisation("QKK").id, roles=[LEAD, CSO],
            starts_on=date(2026, 4, 1), ends_on=date(2029, 3, 31), instrument="Agreement of 20 March 2026",
            by=OPERATOR, at=clock.now(),
        )  # fmt: skip
    world.sign_in(client, LEAD, "QKK")
    page = client.get("/QKK/declare/many").text
    assert "Mill Lane Practice" in page and "Harbour Lane Practice" in page and "Riverside" not in page
    said = declared.SAID | {"tick_HLP01": "yes", "tick_MLP02": "yes", "since_MLP02": "2031", "stage_MLP02": "pilot"}
    refused = client.post("/QKK/declare/many", data=said)
    assert refused.status_code == 422 and "Mill Lane Practice: It cannot be in use since" in refused.text
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Declaration)) == 0
    made = client.post("/QKK/declare/many", data=said | {"since_MLP02": "March 2025"})
    assert made.status_code == 302
    account = client.get(made.location).text
    assert "in 2 organisations" in account and "MLP02-2026-0001" in account and "March 2025" in account
    found = {row.organisation_id: row for row in db.session.scalars(sa.select(Declaration))}
    assert found[people.organisation_by_code("MLP02").id].stage is Stage.PILOT
    assert found[people.organisation_by_code("HLP01").id].stage is Stage.BUSINESS_AS_USUAL
    assert len({db.session.get_one(Deployment, row.deployment_id).tool_id for row in found.values()}) == 1
    world.sign_in(client, LEAD, "QWE")
    assert client.get(made.location.replace("QKK", "QWE")).status_code == 404
    assert client.get(f"/MLP02{made.location.removeprefix('/QKK')}").status_code == 404
