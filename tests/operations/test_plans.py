"""Plans and the safety decision on both databases: revisions, approval in two steps, and who may."""

from dataclasses import replace

import pytest

from governance import clock
from governance.assessment.plans import operations, queries
from governance.audit import verify
from governance.database import read_only, transaction
from governance.errors import Conflict, Forbidden, Refused
from governance.extensions import house
from governance.policy.schema import Depth
from governance.register.models import Deployment
from governance.signing import operations as signing_operations
from governance.signing import queries as signing
from tests import safety

SHORT = {"success_criteria": "No missed finding.", "stop_rule": "Two missed findings.", "ends_on": "2027-05-01"}


@pytest.fixture
def deployment(world) -> Deployment:
    return safety.deploy(world).deployment


def decide(deployment, by, **changed):
    facts = {"safety_related": False, "reason": "It sorts invoices.", "direct_care": False, "expected_revision": None}
    return operations.decide_safety(deployment=deployment, **facts | changed, by=by, at=clock.now())


def monitor(deployment, by, content=SHORT, seen=None):
    return operations.write_monitoring_plan(
        deployment=deployment, content=content, depth=Depth.SHORT, expected_revision=seen, by=by, at=clock.now()
    )


def test_each_save_is_a_revision_and_saving_the_same_again_is_none(world, deployment):
    cso = world.actor("cso", "RTH01")
    with transaction():
        first = safety.write_plan(deployment, cso)
        again = safety.write_plan(deployment, cso, seen=1)
        second = safety.write_plan(deployment, cso, seen=1, team="Others now.")
    assert (first.revision, again.revision, second.revision) == (1, 1, 2)
    assert [plan.revision for plan, _, _ in queries.risk_plan_history(deployment)] == [2, 1]


def test_a_new_revision_needs_a_new_approval(world, deployment):
    cso = world.actor("cso", "RTH01")
    with transaction():
        plan = safety.write_plan(deployment, cso)
        sign_off = safety.approve_plan(deployment, plan, cso)
    assert queries.risk_plan_approved(deployment).id == sign_off.id
    assert signing.seal_holds(sign_off, house().keyring)
    assert (sign_off.digest, sign_off.registration) == (
        plan.digest,
        signing_operations.registration_text(cso.registration),
    )
    with transaction():
        safety.write_plan(deployment, world.actor("digital_lead", "RTH01"), team="Others now.")
    assert queries.risk_plan_approved(deployment) is None
    with read_only() as session:
        assert verify.verify(session, house().storage, house().keyring).findings == []


def test_only_a_whole_plan_is_approved(world, deployment):
    cso = world.actor("cso", "RTH01")
    with transaction():
        plan = safety.write_plan(deployment, cso, review="", review_on="")
        with pytest.raises(Refused) as refused:
            safety.approve_plan(deployment, plan, cso)
    assert refused.value.sentences == (
        "The plan does not say how it is reviewed.",
        "The plan has no date for its next review.",
    )


@pytest.mark.parametrize("role", ["digital_lead", "clinical_lead", "authorising_executive", "auditor"])
def test_only_the_safety_officer_approves_a_plan(world, deployment, role):
    with transaction():
        plan = safety.write_plan(deployment, world.actor("cso", "RTH01"))
        with pytest.raises(Forbidden):
            safety.approve_plan(deployment, plan, world.actor(role, "RTH01"))


def test_an_expired_registration_approves_nothing_and_decides_nothing(world, deployment):
    cso = world.actor("cso", "RTH01")
    late = replace(cso, registration=replace(cso.registration, expires_on=safety.expired()))
    with transaction():
        plan = safety.write_plan(deployment, cso)
        with pytest.raises(Refused, match="registration expired on 31 October 2026"):
            safety.approve_plan(deployment, plan, late)
        with pytest.raises(Refused, match="registration expired on 31 October 2026"):
            decide(deployment, late)
        with pytest.raises(Refused, match="no professional registration"):
            decide(deployment, replace(cso, registration=None))


def test_a_plan_changed_between_reading_and_the_password_is_not_approved(world, deployment):
    cso = world.actor("cso", "RTH01")
    with transaction():
        plan = safety.write_plan(deployment, cso)
        intent = operations.intend_plan_approval(deployment=deployment, plan=plan, by=cso, at=clock.now())
        newer = safety.write_plan(deployment, cso, team="Others now.")
        for one in (plan, newer):
            with pytest.raises((Refused, Conflict)):
                operations.approve_risk_plan(
                    deployment=deployment, plan=one, intent=intent, keyring=house().keyring, by=cso, at=clock.now()
                )
    assert queries.risk_plan_approved(deployment) is None


def test_two_writers_do_not_overwrite_each_other(world, deployment):
    cso, lead = world.actor("cso", "RTH01"), world.actor("digital_lead", "RTH01")
    with transaction():
        safety.write_plan(deployment, cso, seen=0)
        with pytest.raises(Conflict):
            safety.write_plan(deployment, lead, seen=0, team="Mine.")
        monitor(deployment, lead, seen=0)
        with pytest.raises(Conflict):
            monitor(deployment, lead, SHORT | {"stop_rule": "One."}, seen=0)


@pytest.mark.parametrize(
    ("role", "risk_plan", "monitoring_plan"),
    [
        ("cso", True, False),
        ("digital_lead", True, True),
        ("clinical_lead", False, True),
        ("ig_lead", False, False),
    ],
)
def test_a_plan_is_written_by_those_who_answer_it(world, deployment, role, risk_plan, monitoring_plan):
    by = world.actor(role, "RTH01")
    for write, allowed in ((safety.write_plan, risk_plan), (monitor, monitoring_plan)):
        with transaction():
            if allowed:
                assert write(deployment, by).written_by == by.person_id
            else:
                with pytest.raises(Refused, match="is written by the"):
                    write(deployment, by)


def test_a_matrix_that_is_not_published_is_refused(world, deployment):
    with transaction(), pytest.raises(Refused, match="Choose a risk matrix"):
        operations.write_risk_plan(
            deployment=deployment, content=safety.PLAN, matrix_version="../secret", expected_revision=None,
            by=world.actor("cso", "RTH01"), at=clock.now(),
        )  # fmt: skip


def test_the_safety_decision_keeps_who_decided_and_with_which_registration(world, deployment):
    cso = world.actor("cso", "RTH01")
    with transaction():
        decide(deployment, cso)
        decide(deployment, cso, safety_related=True, reason="It reorders clinic letters.", expected_revision=1)
    found = queries.safety_decision(deployment)
    assert (found.safety_related, found.revision, found.person_name) == (True, 2, "Cso of RTH01")
    assert found.registration.startswith("GMC 000")
    assert len(queries.safety_decisions(deployment)) == 2
    with read_only() as session:
        assert verify.verify(session, house().storage, house().keyring).findings == []


def test_only_the_safety_officer_decides_and_never_against_the_triage(world, deployment):
    with transaction():
        with pytest.raises(Forbidden):
            decide(deployment, world.actor("digital_lead", "RTH01"))
        with pytest.raises(Refused, match="Correct the triage first"):
            decide(deployment, world.actor("cso", "RTH01"), direct_care=True)


def test_a_pack_holds_the_plan_with_its_approval_and_nothing_of_today(world, deployment):
    assert queries.risk_plan_content(deployment) is None
    cso = world.actor("cso", "RTH01")
    with transaction():
        safety.approve_plan(deployment, safety.write_plan(deployment, cso), cso)
        monitor(deployment, world.actor("digital_lead", "RTH01"))
    held = queries.risk_plan_content(deployment)
    assert (held["matrix_version"], held["approval"]["by"]) == ("dcb0129-ig-3.2", "Cso of RTH01")
    with clock.fixed(safety.expired()):
        assert queries.risk_plan_content(deployment) == held
    assert queries.monitoring_plan_content(deployment)["texts"] == SHORT
