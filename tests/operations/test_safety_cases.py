"""The safety case report on both databases: who writes it, what stops its approval, what changed since, what is sealed."""

import pytest

from governance import clock
from governance.assessment.hazards import operations as hazards
from governance.assessment.hazards import versions
from governance.assessment.safety_cases import operations, queries
from governance.assessment.safety_cases.texts import TEXTS
from governance.assessment.workshops import operations as workshops
from governance.audit import verify
from governance.database import read_only, transaction
from governance.errors import Conflict, Forbidden, NotVisible, Refused
from governance.extensions import house
from tests import safety

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
