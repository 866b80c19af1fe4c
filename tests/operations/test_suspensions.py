"""A tool is suspended at once by one person, confirmed site by site, and resumed by two; others may only ask."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from governance import clock
from governance.assessment.hazards import operations as hazards
from governance.audit import verify
from governance.database import db, read_only, transaction
from governance.errors import Conflict, Forbidden, NotVisible, Refused
from governance.extensions import house
from governance.identity import operations as identity
from governance.lifecycle import Standing
from governance.monitoring.suspensions import operations, queries, resuming
from governance.monitoring.suspensions.models import Suspension, UseStopped
from governance.notifications.models import Notice
from governance.permissions import OPERATOR, Role
from governance.register import operations as register
from governance.register import queries as found
from governance.register.models import Deployment, Projection
from governance.signing import operations as signing
from governance.signing import queries as seals
from tests import suspended
from tests.operations.test_races import at_once, told
from tests.world import World

R = Role
LATER = timedelta(days=3)


@pytest.fixture
def stopped(live) -> Deployment:
    """The trust's deployment, suspended by the safety officer."""
    suspended.suspend(World(), live)
    return live


def told_about(kind: str) -> set[str]:
    query = sa.select(Notice.person_id).where(Notice.kind == kind)
    world = World()
    ids = set(db.session.scalars(query))
    return {f"{role.value}@{code}" for code in ("QKK", "QWE", "RTH01") for role in Role if role.is_person
            and world.person(role, code).id in ids}  # fmt: skip


@pytest.mark.parametrize("role", [R.CSO, R.CLINICAL_LEAD, R.SRO, R.AUTHORISING_EXECUTIVE])
def test_one_signature_suspends_at_once_and_everybody_accountable_is_told(live, role):
    row = suspended.suspend(World(), live, role)
    assert live.standing is Standing.SUSPENDED and live.standing_before is Standing.ASSURED
    assert db.session.get(Projection, live.id).standing is Standing.SUSPENDED
    (sealed,) = seals.sign_offs_on("suspension", row.id)
    assert (sealed.role, sealed.outcome, sealed.act) == (role, "suspend", "sign")
    assert suspended.FALLBACK in sealed.statement and suspended.REASON in sealed.statement
    assert seals.seal_holds(sealed, house().keyring)
    people = told_about("deployment.suspended")
    assert {"sro@RTH01", "digital_lead@RTH01", "siro@RTH01", "ai_lead@RTH01", "ai_lead@QKK"} <= people
    assert "ai_lead@QWE" not in people and "board_member@RTH01" not in people
    with read_only() as session:
        assert verify.verify(session, house().storage, house().keyring).findings == []


@pytest.mark.parametrize("role", [R.DIGITAL_LEAD, R.SIRO, R.AI_LEAD, R.IG_LEAD])
def test_nobody_else_suspends(live, role):
    with pytest.raises(Forbidden):
        suspended.suspend(World(), live, role)
    assert live.standing is Standing.ASSURED


def test_another_organisation_finds_nothing_to_suspend(live):
    with pytest.raises(NotVisible):
        suspended.suspend(World(), live, R.CSO, "QKK")


def test_an_expired_registration_is_told(live):
    world = World()
    with transaction():
        identity.record_registration(
            person=world.person(R.CSO, "RTH01"), body="GMC", number="0000001", expires_on=clock.today() - timedelta(1),
            trained_on=None, by=OPERATOR, at=clock.now(),
        )  # fmt: skip
    with pytest.raises(Refused, match="expired"):
        suspended.suspend(world, live)


def test_what_is_suspended_or_only_proposed_is_not_suspended(stopped):
    with pytest.raises(Refused, match="suspended already"):
        suspended.suspend(World(), stopped, R.SRO)


def test_two_who_suspend_at_once_make_one_suspension(assured, live):
    tokens = []
    for role in (R.CSO, R.SRO):
        with transaction():
            by = World().actor(role, "RTH01")
            tokens.append((role, operations.intend_suspension(
                deployment=live, reason="Seen", fallback="Read all", by=by, at=clock.now()
            ).token))  # fmt: skip
    reference = live.reference

    def seal(role, token):
        def act():
            by = World().actor(role, "RTH01")
            row = found.deployment(reference, by)
            meant = signing.intent(token, by, clock.now())
            return operations.suspend(deployment=row, intent=meant, keyring=house().keyring, by=by, at=clock.now()).id

        return act

    answers = at_once(assured, *[seal(*each) for each in tokens])
    assert sum(isinstance(each, int) for each in answers) == 1
    assert len(told(answers)) == 1
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Suspension)) == 1


def test_a_second_click_is_told_that_it_is_signed(live):
    world = World()
    with transaction():
        by = world.actor(R.CSO, "RTH01")
        meant = operations.intend_suspension(deployment=live, reason="Seen", fallback="Read", by=by, at=clock.now())
        operations.suspend(deployment=live, intent=meant, keyring=house().keyring, by=by, at=clock.now())
        token = meant.token
    with pytest.raises(Conflict, match="signed this already"):
        signing.intent(token, world.actor(R.CSO, "RTH01"), clock.now())


def test_each_site_is_confirmed_by_somebody_who_is_there(stopped):
    world, last = World(), queries.current(stopped)
    assert queries.awaited(stopped, last) == ("Main site",)
    for role in (R.CSO, R.SRO):
        with pytest.raises(Forbidden), transaction():
            operations.confirm_stopped(
                deployment=stopped, suspension=last, sites=["Main site"], by=world.actor(role, "RTH01"), at=clock.now()
            )
    with transaction():
        operations.confirm_stopped(
            deployment=stopped, suspension=last, sites=["Main site"], note="Switched off", at=clock.now(),
            by=world.actor(R.DIGITAL_LEAD, "RTH01"),
        )  # fmt: skip
    assert queries.awaited(stopped, last) == ()
    (site,) = queries.sites(stopped, last)
    assert (site.confirmed_by, site.note) == ("Digital Lead of RTH01", "Switched off")
    with pytest.raises(Refused, match="confirmed already"), transaction():
        operations.confirm_stopped(
            deployment=stopped, suspension=last, sites=["Main site"], by=world.actor(R.CLINICAL_LEAD, "RTH01"),
            at=clock.now(),
        )  # fmt: skip
    assert db.session.scalar(sa.select(sa.func.count()).select_from(UseStopped)) == 1


def test_a_site_that_is_not_its_own_is_not_there(stopped):
    with pytest.raises(NotVisible), transaction():
        operations.confirm_stopped(
            deployment=stopped, suspension=queries.current(stopped), sites=["Elsewhere"],
            by=World().actor(R.DIGITAL_LEAD, "RTH01"), at=clock.now(),
        )  # fmt: skip


def test_resuming_needs_an_updated_log_then_the_officer_then_the_executive(stopped):
    world = World()
    with clock.fixed(World.TODAY + LATER):
        with pytest.raises(Refused, match="No version of the hazard log was approved"):
            suspended.sign(world, stopped, R.CSO)
        with pytest.raises(Refused, match="signs first"):
            suspended.sign(world, stopped, R.AUTHORISING_EXECUTIVE)
        suspended.new_log(world, stopped)
        row = suspended.sign(world, stopped, R.CSO)
        assert "version 2 of the hazard log" in row.statement
        assert stopped.standing is Standing.SUSPENDED
        assert told_about("resumption.signed") == {"authorising_executive@RTH01"}
        last = suspended.sign(world, stopped, R.AUTHORISING_EXECUTIVE)
        assert "I accept the residual clinical risk" in last.statement
    assert stopped.standing is Standing.ASSURED
    assert queries.current(stopped) is None
    assert "sro@RTH01" in told_about("deployment.resumed")


def test_a_log_that_changed_after_the_officer_signed_is_signed_again(stopped):
    world = World()
    with clock.fixed(World.TODAY + LATER):
        suspended.new_log(world, stopped)
        suspended.sign(world, stopped, R.CSO)
        with transaction():
            hazards.add_hazard(
                deployment=stopped, name="Seen since", by=world.actor(R.DIGITAL_LEAD, "RTH01"), at=clock.now()
            )
        with pytest.raises(Refused, match="sign again"):
            suspended.sign(world, stopped, R.AUTHORISING_EXECUTIVE)
        with pytest.raises(Refused, match="changed after version 2"):
            suspended.sign(world, stopped, R.CSO)
        suspended.new_log(world, stopped, name="Another one")
        suspended.resume(world, stopped)
    assert stopped.standing is Standing.ASSURED


def test_an_approval_that_ended_meanwhile_is_lapsed_when_it_resumes(stopped):
    world = World()
    with clock.fixed(stopped.approved_until + timedelta(days=1)):
        suspended.new_log(world, stopped)
        suspended.resume(world, stopped)
        assert stopped.decision_needed_by == clock.add_working_days(clock.today(), 10)
    assert stopped.standing is Standing.LAPSED
    assert "cso@RTH01" in told_about("deployment.lapsed")


@pytest.mark.parametrize("role", [R.SRO, R.DIGITAL_LEAD, R.CLINICAL_LEAD])
def test_nobody_else_resumes_at_medium_tier(stopped, role):
    world = World()
    suspended.new_log(world, stopped)
    with pytest.raises(Forbidden):
        suspended.sign(world, stopped, role)


def test_an_appointment_that_does_not_reach_so_far_is_told(stopped):
    world = World()
    with clock.fixed(World.TODAY + LATER):
        suspended.new_log(world, stopped)
        suspended.sign(world, stopped, R.CSO)
        by = world.actor(R.AUTHORISING_EXECUTIVE, "RTH01")
        (held,) = by.held
        short = type(by)(**{name: getattr(by, name) for name in by.__slots__} | {
            "held": (type(held)(**{name: getattr(held, name) for name in held.__slots__} | {"highest_tier": "low"}),)
        })  # fmt: skip
        why = resuming.blockers(stopped, queries.current(stopped), R.AUTHORISING_EXECUTIVE, "x", short, clock.now())
    assert [each.code for each in why] == ["authority.tier"]


def test_two_decisions_to_resume_at_once_resume_once(assured, stopped):
    """The same executive in two windows: one resumes, the other is told."""
    world = World()
    suspended_at = queries.current(stopped).suspended_at
    with clock.fixed(suspended_at + timedelta(hours=1)):
        suspended.new_log(world, stopped)
        suspended.sign(world, stopped, R.CSO)
        with transaction():
            by = world.actor(R.AUTHORISING_EXECUTIVE, "RTH01")
            tokens = [
                resuming.intend(
                    deployment=stopped, suspension=queries.current(stopped), role=by.held[0].role, reason="", by=by,
                    at=clock.now(),
                ).token
                for _ in range(2)
            ]  # fmt: skip
    reference = stopped.reference

    def seal(token):
        def act():
            with clock.fixed(suspended_at + timedelta(hours=1, minutes=1)):
                mine = World().actor(R.AUTHORISING_EXECUTIVE, "RTH01")
                row = found.deployment(reference, mine)
                last = queries.all_of(row)[0]
                meant = signing.intent(token, mine, clock.now())
                return resuming.sign(
                    deployment=row, suspension=last, intent=meant, keyring=house().keyring, by=mine, at=clock.now()
                ).id

        return act

    answers = at_once(assured, *[seal(token) for token in tokens])
    assert sum(isinstance(each, int) for each in answers) == 1
    assert len(told(answers)) == 1
    assert db.session.get(Deployment, stopped.id).standing is Standing.ASSURED


def test_an_ai_lead_of_another_board_asks_and_reads_the_answer(live):
    world = World()
    seen = db.session.get(Projection, live.id)
    with transaction():
        row = operations.ask_to_suspend(
            seen=seen, reason="The same fault was seen with us.", by=world.actor(R.AI_LEAD, "QWE"), at=clock.now()
        )
    assert told_about("suspension.asked") == {"cso@RTH01", "sro@RTH01", "authorising_executive@RTH01"}
    with pytest.raises(Refused, match="asked already"), transaction():
        operations.ask_to_suspend(seen=seen, reason="Again", by=world.actor(R.AI_LEAD, "QWE"), at=clock.now())
    with pytest.raises(Forbidden), transaction():
        operations.decline_request(
            deployment=live, request=row, answer="No", by=world.actor(R.DIGITAL_LEAD, "RTH01"), at=clock.now()
        )
    with transaction():
        operations.decline_request(
            deployment=live, request=row, answer="Our version differs.", by=world.actor(R.SRO, "RTH01"), at=clock.now()
        )
    (line,) = queries.requests_by(world.actor(R.AI_LEAD, "QWE"))
    assert (line.row.status, line.row.answer) == ("declined", "Our version differs.")
    assert told_about("suspension.answered") == {"ai_lead@QWE"}
    assert queries.requests_by(world.actor(R.AI_LEAD, "QKK")) == []


@pytest.mark.parametrize(("role", "code", "may"), [
    (R.CSO, "QKK", True), (R.DIGITAL_LEAD, "QKK", True), (R.CSO, "QWE", False), (R.DIGITAL_LEAD, "QWE", False),
])  # fmt: skip
def test_the_board_it_belongs_to_may_ask_through_officer_and_lead(live, role, code, may):
    world, seen = World(), db.session.get(Projection, live.id)
    if may:
        with transaction():
            operations.ask_to_suspend(seen=seen, reason="Seen", by=world.actor(role, code), at=clock.now())
    else:
        with pytest.raises(Refused, match="may ask"), transaction():
            operations.ask_to_suspend(seen=seen, reason="Seen", by=world.actor(role, code), at=clock.now())


def test_suspending_answers_what_was_asked(live):
    world = World()
    with transaction():
        operations.ask_to_suspend(
            seen=db.session.get(Projection, live.id), reason="Seen", by=world.actor(R.AI_LEAD, "QKK"), at=clock.now()
        )
    suspended.suspend(world, live)
    (line,) = queries.requests_by(world.actor(R.AI_LEAD, "QKK"))
    assert (line.row.status, line.row.answer) == ("suspended", "Suspended on 2 November 2026.")


def test_the_lists_of_a_first_screen(stopped):
    (row,) = queries.suspended({stopped.organisation_id})
    assert (row.reference, row.sites, row.confirmed, row.officer_signed) == (stopped.reference, 1, 0, False)
    assert queries.in_use(World().actor(R.CSO, "RTH01")) == []
    assert register.stream_of(stopped) == f"deployment:{stopped.id}"
