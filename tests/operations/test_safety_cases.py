"""The safety case report on both databases: who writes it, what stops its approval, what changed since, what is sealed."""

from datetime import timedelta

import pytest

from governance import clock
from governance.assessment.hazards import due, versions
from governance.assessment.hazards import operations as hazards
from governance.assessment.hazards import queries as log
from governance.assessment.packs import beside
from governance.assessment.packs import rules as pack_rules
from governance.assessment.safety_cases import operations, queries
from governance.assessment.safety_cases.texts import TEXTS
from governance.assessment.workshops import operations as workshops
from governance.audit import verify
from governance.database import db, read_only, transaction
from governance.errors import Conflict, Forbidden, NotVisible, Refused
from governance.extensions import house
from governance.intake import queries as intake
from governance.register.models import Deployment
from governance.web.wording import long_date
from tests import cases, declared, safety
from tests.world import PASSWORD

WRITTEN = {text.code: f"{text.title}: said." for text in TEXTS}


@pytest.fixture
def deployment(world):
    """The deployment with its plan approved and one accepted hazard."""
    deployment = safety.deploy(world).deployment
    with transaction():
        cso = world.actor("cso", "RTH01")
        safety.approve_plan(deployment, safety.write_plan(deployment, cso), cso)
        safety.scored_hazard(deployment, world.actor("clinical_lead", "RTH01"), reason="Read within a day.")
    return deployment


def written(deployment, by, *, phase="deployment", seen=None, **changed):
    return operations.write(
        deployment=deployment, phase=phase, texts=WRITTEN | changed, expected_revision=seen, by=by, at=clock.now()
    )


def approve(deployment, case, by):
    at = clock.now()
    intent = operations.intend_approval(deployment=deployment, case=case, by=by, at=at)
    return operations.approve(deployment=deployment, case=case, intent=intent, keyring=house().keyring, by=by, at=at)


def freeze(deployment, by, *, approved=True):
    version = versions.make_version(deployment=deployment, by=by, at=clock.now())
    if approved:
        safety.approve_version(deployment, version, by)
    return version


def whole():
    with read_only() as session:
        return verify.verify(session, house().storage, house().keyring).findings


def test_a_report_freezes_its_tables_and_is_sealed_over_all_of_it(world, deployment):
    cso, lead, at = world.actor("cso", "RTH01"), world.actor("digital_lead", "RTH01"), clock.now()
    with transaction():
        workshops.record(
            deployment=deployment, held_on=clock.london_date(at), technique="SWIFT", minutes="Three what-ifs.",
            attendance=[("Clinical safety officer", "Dr A"), ("Operations", "")], by=lead, at=at,
        )  # fmt: skip
        freeze(deployment, cso)
        case = written(deployment, cso)
        assert written(deployment, cso, seen=1).id == case.id, "unchanged content makes no revision"
        sealed = approve(deployment, case, cso)
    found = queries.newest(deployment).tables
    assert [each["number"] for each in found["hazards"]] == [1]
    assert found["by_residual"] == [{"rating": 3, "open": 1, "transferred": 0, "closed": 0}]
    assert found["needs_action"][0]["says"][0].startswith("Hazard 1: nothing says how the implementation of")
    assert found["log"]["version"] == 1
    assert found["workshops"][0]["attendance"] == [["Clinical safety officer", "Dr A"], ["Operations", ""]]
    assert sealed.digest == case.digest == queries.digest(case.texts, case.tables, "deployment")
    assert "with version 1 of the hazard log" in sealed.statement
    assert queries.approved(deployment)[1].person_name == "Cso of RTH01"
    assert whole() == []


def test_a_report_of_a_log_that_changed_is_written_again_before_it_is_approved(world, deployment):
    cso, lead, at = world.actor("cso", "RTH01"), world.actor("clinical_lead", "RTH01"), clock.now()
    with transaction():
        case = written(deployment, cso, argument="")
        with pytest.raises(Refused) as refused:
            approve(deployment, case, cso)
        assert refused.value.sentences == (
            "The safety argument is not written.",
            "Its tables are not of a frozen version of the hazard log: freeze it, and save again.",
        )
        freeze(deployment, cso, approved=False)
        case = written(deployment, cso)
        with pytest.raises(Refused, match="Version 1 of the hazard log is not approved"):
            approve(deployment, case, cso)
        hazards.add_hazard(deployment=deployment, name="List order lost", by=lead, at=at)
        with pytest.raises(Refused, match="Save it again with the tables of today. Hazard 2 added."):
            approve(deployment, case, cso)
        freeze(deployment, cso)
        older, case = case, written(deployment, cso, phase="use")
        with pytest.raises(Refused, match="A newer revision was written since"):
            approve(deployment, older, cso)
        approve(deployment, case, cso)
        with pytest.raises(Refused, match="approved already"):
            approve(deployment, case, cso)
    assert [row.revision for row, _, _ in queries.history(deployment)] == [3, 2, 1]
    assert whole() == []


def test_only_the_safety_officer_of_the_deployment_writes_it_and_from_the_newest_revision(world, deployment):
    cso, lead, other = world.actor("cso", "RTH01"), world.actor("digital_lead", "RTH01"), world.actor("cso", "QWE")
    with transaction():
        with pytest.raises(Forbidden):
            written(deployment, lead)
        with pytest.raises(NotVisible):
            written(deployment, other)
        with pytest.raises(Refused, match="Choose the phase"):
            written(deployment, cso, phase="later")
        written(deployment, cso, seen=0)
        with pytest.raises(Conflict):
            written(deployment, cso, seen=0, summary="Mine")


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"held_on": None}, "Enter the day it was held."),
        ({"attendance": [("Clinical safety officer", "Dr A"), ("", "Mr B")]}, "Say in which role each person was there."),
        ({"attendance": [("CSO", "Dr A"), ("cso", "Dr B")]}, "Name at least two roles: hazards are looked for together."),
        ({"minutes": " "}, "Write the minutes, or give them as a file."),
    ],
)
def test_a_workshop_that_is_no_workshop_is_not_recorded(world, deployment, changed, said):
    facts = {"held_on": clock.today(), "minutes": "What was said", "attendance": [("CSO", "Dr A"), ("Operations", "")]}
    with transaction(), pytest.raises(Refused) as refused:
        workshops.record(
            deployment=deployment, **facts | changed, by=world.actor("clinical_lead", "RTH01"), at=clock.now()
        )
    assert refused.value.sentences == (said,)


def test_a_pack_holds_the_workshops_and_the_approved_report_only_where_there_are_any(world, deployment):
    cso = world.actor("cso", "RTH01")
    assert beside.content(deployment) == {}
    with transaction():
        cases.held(deployment, cso)
        freeze(deployment, cso)
        case = written(deployment, cso)
        assert set(beside.content(deployment)) == {"workshops"}, "a report counts once it is approved"
        approve(deployment, case, cso)
    part = beside.content(deployment)
    assert part["safety_case"]["approval"]["by"] == "Cso of RTH01"
    assert dict(beside.case_said(part))["Summary safety statement"] == "Summary safety statement: said."
    assert dict(beside.case_tables(part))["Hazards by residual rating"] == "rating 3: 1 open"
    assert beside.workshops_said(part)[0][1].startswith("There: Clinical safety officer (Dr A. Example), Operations and IT")
    hazard_log = {"kind": "hazard_log", "hazards": [], "version": {"number": 1}, **part}
    assert set(pack_rules.judged({"parts": [hazard_log]})["parts"][0]) == {"kind", "hazards", "workshops"}


def test_the_log_of_a_tool_in_use_is_frozen_and_approved_without_a_submission(world, client):
    """What a suspended tool needs before it resumes: the updated log, approved (design, §2)."""
    deployment = db.session.get_one(Deployment, declared.declare(world).deployment_id)
    cso = world.actor("cso", "RTH01")
    assert intake.open_on(deployment) is None
    with transaction():
        safety.approve_plan(deployment, safety.write_plan(deployment, cso), cso)
        safety.scored_hazard(deployment, cso, reason="Read within a day.")
        versions.make_version(deployment=deployment, by=world.actor("digital_lead", "RTH01"), at=clock.now())
    world.sign_in(client, "cso", "RTH01")
    at = f"/RTH01/tools/{deployment.reference}"
    assert "Approve hazard log version 1" in client.get("/RTH01/").text
    confirm = client.post(f"{at}/hazards/versions/1/approve").location
    assert client.post(confirm, data={"password": PASSWORD}).location == f"{at}/hazards/versions/1"
    assert f"Hazard log version 1, approved {long_date(clock.today())}" in client.get(at).text
    with transaction():
        hazards.add_hazard(deployment=deployment, name="Seen since", by=cso, at=clock.now())
    assert "Changed since" in client.get(at).text


def test_a_local_review_is_reminded_of_once_at_each_step_to_officer_and_lead(world, deployment):
    cso = world.actor("cso", "RTH01")
    with transaction():
        hazards.change_hazard(
            hazard=log.hazard(deployment, 1), texts={"review_on": clock.today() + timedelta(days=30)}, version_id=None,
            by=cso, at=clock.now(),
        )  # fmt: skip
    with transaction():
        (said,) = due.run(at=clock.now())
    assert said.startswith("Local review of hazard 1 of Chestwise Triage")
    assert said.endswith("2 people reminded.")
    with transaction():
        assert due.run(at=clock.now()) == []
    with clock.fixed(world.TODAY + timedelta(days=31)), transaction():
        (said,) = due.run(at=clock.now())
        assert "was due on" in said
