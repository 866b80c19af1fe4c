"""The hazard log on both databases: who may, when it may be scored, what every change leaves behind."""

from dataclasses import replace
from datetime import date

import pytest

from governance import canonical, clock
from governance.assessment.hazards import operations, queries, rules, versions
from governance.assessment.hazards.matrix import matrix
from governance.assessment.plans import operations as plans
from governance.audit import verify
from governance.database import read_only, transaction
from governance.errors import Conflict, Forbidden, NotVisible, Refused
from governance.extensions import house
from governance.permissions import Role
from governance.policy.schema import Depth
from governance.register.models import Deployment
from governance.signing import operations as signing
from tests import safety


@pytest.fixture
def deployment(world) -> Deployment:
    return safety.deploy(world).deployment


@pytest.fixture
def planned(world, deployment) -> Deployment:
    """The deployment with its plan approved."""
    with transaction():
        plan = safety.write_plan(deployment, world.actor("cso", "RTH01"))
        safety.approve_plan(deployment, plan, world.actor("cso", "RTH01"))
    return deployment


def rate(hazard, by, which="initial", severity="major", likelihood="high", **changed):
    facts = {"patients": "single", "reason": "", "version_id": None, "at": clock.now()} | changed
    return operations.score(hazard=hazard, which=which, severity=severity, likelihood=likelihood, by=by, **facts)


def whole() -> list[str]:
    """What verifying the chain finds."""
    with read_only() as session:
        return verify.verify(session, house().storage, house().keyring).findings


def test_hazards_are_numbered_and_named_before_any_plan(world, deployment):
    by = world.actor("digital_lead", "RTH01")
    with transaction():
        for name in ("Urgent finding missed", "Image matched to the wrong patient"):
            operations.add_hazard(deployment=deployment, name=name, by=by, at=clock.now())
    assert [(h.number, h.name, h.status) for h in queries.hazards(deployment)] == [
        (1, "Urgent finding missed", "open"),
        (2, "Image matched to the wrong patient", "open"),
    ]
    assert rules.hazard_blockers(queries.hazards(deployment), Depth.SHORT, matrix()) == []
    assert whole() == []


def test_scoring_is_refused_until_the_plan_is_approved_and_again_after_a_new_revision(world, deployment):
    cso, lead = world.actor("cso", "RTH01"), world.actor("clinical_lead", "RTH01")
    with transaction():
        hazard = operations.add_hazard(deployment=deployment, name="Missed", by=lead, at=clock.now())
        with pytest.raises(Refused, match="there is no clinical risk management plan"):
            rate(hazard, lead)
        plan = safety.write_plan(deployment, cso)
        with pytest.raises(Refused, match="has not approved revision 1"):
            rate(hazard, lead)
        safety.approve_plan(deployment, plan, cso)
        assert rate(hazard, lead).initial_rating == 4
        safety.write_plan(deployment, cso, team="Others now.")
        with pytest.raises(Refused, match="has not approved revision 2"):
            rate(hazard, lead, reason="Looked again")
    assert whole() == []


def test_a_hazard_from_first_name_to_closed_leaves_its_history(world, planned):
    by = world.actor("clinical_lead", "RTH01")
    at = clock.now()
    with transaction():
        hazard = safety.scored_hazard(planned, by, reason="Each image is still read within 24 hours.")
        control = queries.control(hazard, hazard.controls[0].id)
        operations.change_control(
            hazard=hazard, control=control, kind="design", description=control.description, version_id=None,
            by=by, at=at,
            implementation="Seen in the live system on 2 November 2026", effectiveness="Audit of 200 images",
        )  # fmt: skip
        operations.change_status(hazard=hazard, status="closed", reason="All done", version_id=None, by=by, at=at)
    found = queries.hazard(planned, 1)
    assert (found.initial_rating, found.residual_rating, found.status) == (4, 3, "closed")
    assert rules.hazard_blockers([found], Depth.FULL, matrix()) == []
    history = queries.history(found)
    assert [revision.revision for revision, _ in history] == [7, 6, 5, 4, 3, 2, 1]
    assert {name for _, name in history} == {"Clinical Lead of RTH01"}
    assert history[0][0].content == rules.hazard_content(found)
    assert history[-1][0].content["controls"] == []
    assert queries.authors(planned) == {by.person_id}
    assert whole() == []


def test_a_closed_hazard_opens_again_when_what_closed_it_has_gone(world, planned):
    by, at = world.actor("cso", "RTH01"), clock.now()
    with transaction():
        hazard = operations.add_hazard(deployment=planned, name="Missed", by=by, at=at)
        rate(hazard, by, severity="minor", likelihood="low")
        control = operations.add_control(
            hazard=hazard, kind="training", description="Briefing", implementation="Held", effectiveness="Asked",
            version_id=None, by=by, at=at,
        )  # fmt: skip
        rate(hazard, by, "residual", severity="minor", likelihood="very_low")
        operations.change_status(hazard=hazard, status="closed", reason="", version_id=None, by=by, at=at)
        operations.remove_control(
            hazard=hazard, control=control, reason="Not held any more", version_id=None, by=by, at=at
        )
    found = queries.hazard(planned, 1)
    assert (found.status, found.initial_rating, found.residual_rating) == ("open", 1, None)
    with pytest.raises(NotVisible):
        queries.control(found, control.id)
    assert whole() == []


def test_an_existing_control_found_later_clears_scores_that_did_not_count_it(world, planned):
    by, at = world.actor("digital_lead", "RTH01"), clock.now()
    with transaction():
        hazard = safety.scored_hazard(planned, by, reason="Impractical.")
        operations.add_control(
            hazard=hazard, kind="existing", description="Read by a radiologist", version_id=None, by=by, at=at
        )
    assert (hazard.initial_rating, hazard.residual_rating, hazard.acceptance) == (None, None, None)


def test_a_new_residual_rating_needs_its_own_reason(world, planned):
    by = world.actor("cso", "RTH01")
    with transaction():
        hazard = safety.scored_hazard(planned, by, reason="Impractical.")
        rate(hazard, by, "residual", likelihood="low", reason="Looked again, the same")
        assert hazard.acceptance == "impractical"
        rate(hazard, by, "residual", likelihood="very_low", reason="Three months of figures")
        assert (hazard.residual_rating, hazard.acceptance, hazard.acceptance_reason) == (2, None, "")
        with pytest.raises(Refused, match="Say why the score changes"):
            rate(hazard, by, "residual", likelihood="low")
        rate(hazard, by, severity="minor", likelihood="low", reason="Counted twice before")
        assert (hazard.initial_rating, hazard.residual_rating) == (1, None)


def test_a_control_may_confine_harm_to_one_patient(world, planned):
    by = world.actor("cso", "RTH01")
    with transaction():
        hazard = safety.scored_hazard(planned, by, initial=("catastrophic", "low"), residual=None, patients="multiple")
        with pytest.raises(Refused, match="Catastrophic is not a severity for a single patient"):
            rate(hazard, by, "residual", severity="catastrophic", likelihood="very_low")
        rate(hazard, by, "residual", severity="major", likelihood="very_low")
    content = queries.log_content(planned)[0]
    assert (content["initial"]["patients"], content["residual"]["patients"]) == ("multiple", "single")


@pytest.mark.parametrize("role", ["ig_lead", "auditor", "board_member", "organisation_administrator", "siro", "sro"])
def test_others_do_not_touch_the_log(world, deployment, role):
    by = world.actor(role, "RTH01")
    with transaction(), pytest.raises(Forbidden):
        operations.add_hazard(deployment=deployment, name="Missed", by=by, at=clock.now())


def test_a_clinical_lead_of_another_deployment_does_not_touch_this_one(world, deployment):
    other = safety.deploy(world, tool="Scribewell").deployment
    lead = world.actor("clinical_lead", "RTH01")
    only_other = replace(lead, held=tuple(h for h in lead.held if h.deployment_id in (None, other.id)))
    with transaction():
        operations.add_hazard(deployment=other, name="Missed", by=only_other, at=clock.now())
        with pytest.raises(Forbidden):
            operations.add_hazard(deployment=deployment, name="Missed", by=only_other, at=clock.now())


def test_people_of_another_organisation_find_nothing(world, deployment):
    stranger = world.actor("cso", "QWE")
    with transaction():
        with pytest.raises(NotVisible):
            operations.add_hazard(deployment=deployment, name="Missed", by=stranger, at=clock.now())
        with pytest.raises(NotVisible):
            versions.make_version(deployment=deployment, by=stranger, at=clock.now())


def test_a_stale_page_changes_nothing_even_when_only_a_control_changed(world, planned):
    by, at = world.actor("cso", "RTH01"), clock.now()
    with transaction():
        hazard = operations.add_hazard(deployment=planned, name="Missed", by=by, at=at)
    seen = hazard.version_id
    with transaction():
        operations.add_control(hazard=hazard, kind="design", description="Alert", version_id=seen, by=by, at=at)
    with transaction():
        with pytest.raises(Conflict):
            operations.change_hazard(hazard=hazard, texts={"name": "Other"}, version_id=seen, by=by, at=at)
        with pytest.raises(Conflict):
            rate(hazard, by, version_id=str(seen))
    assert hazard.name == "Missed"


def test_the_safety_officer_approves_a_frozen_version_and_a_change_shows(world, planned):
    cso, lead = world.actor("cso", "RTH01"), world.actor("digital_lead", "RTH01")
    with transaction():
        hazard = safety.scored_hazard(planned, lead, reason="Impractical.")
        version = versions.make_version(deployment=planned, by=lead, at=clock.now())
        with pytest.raises(Refused, match="Nothing changed since version 1"):
            versions.make_version(deployment=planned, by=lead, at=clock.now())
        with pytest.raises(Forbidden):
            versions.intend_approval(deployment=planned, version=version, by=lead, at=clock.now())
    assert version.digest == canonical.digest(version.content) == canonical.digest(queries.log_content(planned))
    content = queries.log_content(planned)
    assert [b.code for b in rules.log_blockers(**queries.log_standing(planned, content), depth=Depth.FULL)] == [
        "hazard_log.unapproved"
    ]
    with transaction():
        sign_off = safety.approve_version(planned, version, cso)
    assert (sign_off.role, sign_off.digest) == (Role.CSO, version.digest)
    assert rules.log_blockers(**queries.log_standing(planned, content), depth=Depth.FULL) == []
    with transaction():
        operations.change_hazard(
            hazard=hazard, texts={"owner": "Ward manager"}, version_id=None, by=lead, at=clock.now()
        )
    standing = queries.log_standing(planned, queries.log_content(planned))
    assert [b.code for b in rules.log_blockers(**standing, depth=Depth.FULL)] == ["hazard_log.changed"]
    assert whole() == []


def test_a_version_is_approved_once_and_only_while_it_is_the_newest(world, planned):
    cso = world.actor("cso", "RTH01")
    with transaction():
        hazard = safety.scored_hazard(planned, cso)
        first = versions.make_version(deployment=planned, by=cso, at=clock.now())
        intent = versions.intend_approval(deployment=planned, version=first, by=cso, at=clock.now())
        operations.change_hazard(hazard=hazard, texts={"owner": "Nobody yet"}, version_id=None, by=cso, at=clock.now())
        second = versions.make_version(deployment=planned, by=cso, at=clock.now())
        with pytest.raises(Refused, match="A newer version was frozen since"):
            versions.approve_version(
                deployment=planned, version=first, intent=intent, keyring=house().keyring, by=cso, at=clock.now()
            )
        with pytest.raises(Conflict):
            versions.approve_version(
                deployment=planned, version=second, intent=intent, keyring=house().keyring, by=cso, at=clock.now()
            )
        safety.approve_version(planned, second, cso)
        with pytest.raises(Refused, match="approved already"):
            safety.approve_version(planned, second, cso)
    assert queries.approved_version(planned).number == 2


def test_an_expired_registration_approves_no_version(world, planned):
    cso = world.actor("cso", "RTH01")
    late = replace(cso, registration=replace(cso.registration, expires_on=safety.expired()))
    with transaction():
        safety.scored_hazard(planned, cso)
        version = versions.make_version(deployment=planned, by=cso, at=clock.now())
        with pytest.raises(Refused, match="registration expired on 31 October 2026"):
            versions.intend_approval(deployment=planned, version=version, by=late, at=clock.now())


def test_an_intent_for_a_plan_approves_no_log(world, deployment):
    cso = world.actor("cso", "RTH01")
    with transaction():
        plan = safety.write_plan(deployment, cso)
        intent = plans.intend_plan_approval(deployment=deployment, plan=plan, by=cso, at=clock.now())
        operations.add_hazard(deployment=deployment, name="Missed", by=cso, at=clock.now())
        version = versions.make_version(deployment=deployment, by=cso, at=clock.now())
        token = signing.intent(intent.token, cso, clock.now())
        with pytest.raises(Conflict):
            versions.approve_version(
                deployment=deployment, version=version, intent=token, keyring=house().keyring, by=cso, at=clock.now()
            )


def test_a_hundred_hazards_are_read_in_two_queries(world, planned):
    by = world.actor("cso", "RTH01")
    with transaction():
        for n in range(100):
            operations.add_hazard(deployment=planned, name=f"Hazard {n}", by=by, at=clock.now())
    with read_only():
        assert planned.id
        with safety.statements() as statements:
            content = queries.log_content(planned)
    assert (len(content), len(statements)) == (100, 2)


def test_what_the_supplier_says_and_a_local_review_stand_beside_ours(world, deployment):
    by, at = world.actor("digital_lead", "RTH01"), clock.now()
    with transaction():
        hazard = operations.add_hazard(
            deployment=deployment, name="Missed", source="supplier", supplier={"scheme": "S1 to S4", "initial": "S2"},
            by=by, at=at,
        )  # fmt: skip
        operations.change_hazard(
            hazard=hazard, texts={"review_on": date(2027, 5, 3), "supplier_residual": " S1 ", "supplier_initial": ""},
            version_id=None, by=by, at=at,
        )  # fmt: skip
        with pytest.raises(Refused, match="60 characters or fewer"):
            operations.change_hazard(hazard=hazard, texts={"supplier_status": "x" * 61}, version_id=None, by=by, at=at)
    found = queries.hazard(deployment, 1)
    assert (found.initial_rating, found.review_on, found.revision) == (None, date(2027, 5, 3), 2)
    assert rules.hazard_content(found)["supplier"] == {"scheme": "S1 to S4", "residual": "S1"}
    assert whole() == []
