"""Interim decisions on declared tools: the order, the refusals, what follows, and what is said when nobody decides."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from governance import clock
from governance.approval.interim import due, operations, queries
from governance.approval.interim.rules import Said
from governance.audit import verify
from governance.database import db, read_only, transaction
from governance.errors import Conflict, NotVisible, Refused
from governance.extensions import house
from governance.identity import operations as identity
from governance.identity.models import Appointment
from governance.intake.declarations import operations as declarations
from governance.intake.declarations.models import Declaration
from governance.lifecycle import Stage, Standing, SubmissionKind
from governance.monitoring.suspensions.models import Suspension
from governance.notifications.models import Notice
from governance.permissions import OPERATOR, Role
from governance.register.models import Deployment
from governance.signing.models import SignOff
from tests import assessed, declared
from tests.declared import GOES_ON, STOPS, decide, signed
from tests.world import World

CSO, EXECUTIVE = Role.CSO, Role.AUTHORISING_EXECUTIVE


@pytest.fixture(autouse=True)
def _application(app: Flask) -> None:
    """Every story here begins in the small world."""


@pytest.fixture
def row(world: World) -> Declaration:
    """A tool declared at the trust."""
    return declared.declare(world)


def of(row: Declaration) -> Deployment:
    return db.session.get_one(Deployment, row.deployment_id)


def told(kind: str) -> list[str]:
    """Names of the people who were told something of a kind, in order."""
    query = sa.select(Notice).where(Notice.kind == kind).order_by(Notice.person_id)
    return [str(each.person_id) for each in db.session.scalars(query)]


def test_the_safety_officer_recommends_and_the_executive_decides(world: World, row: Declaration) -> None:
    recommended = signed(world, row, CSO, GOES_ON)
    assert recommended.statement.startswith("I have read what was declared of Scribeline 3.1 at Riverside")
    assert queries.decision(row) is None
    decided = signed(world, row, EXECUTIVE, GOES_ON)
    assert decided.details["agreed"] == [f"cso:continue:{recommended.check_code}"]
    made = queries.decision(row)
    assert made is not None and (made.outcome, made.submission_due_on) == ("continue", date(2027, 2, 1))
    entered = of(row)
    assert entered.standing is Standing.DECLARED and entered.decision_needed_by == date(2027, 2, 1)
    assert "does not assure it" in decided.statement
    with read_only() as session:
        assert verify.verify(session, house().storage, house().keyring).findings == []


def test_a_decision_to_stop_suspends_at_once_with_what_staff_do(world: World, row: Declaration) -> None:
    decide(world, row, STOPS, recommends=GOES_ON)
    entered = of(row)
    assert entered.standing is Standing.SUSPENDED and entered.decision_needed_by is None
    kept = db.session.scalars(sa.select(Suspension)).one()
    assert (kept.deployment_id, kept.fallback) == (entered.id, STOPS.fallback)
    with read_only() as session:
        assert verify.verify(session, house().storage, house().keyring).findings == []


def refused(world: World, row: Declaration, role: Role, said: Said = GOES_ON, **who: Any) -> tuple[str, ...]:
    with pytest.raises(Refused) as no:
        signed(world, row, role, said, **who)
    return no.value.codes


def test_the_executive_waits_for_the_safety_officer_and_nobody_acts_twice(world: World, row: Declaration) -> None:
    assert refused(world, row, EXECUTIVE) == ("order",)
    decide(world, row, GOES_ON)
    assert refused(world, row, CSO) == ("done",) and refused(world, row, EXECUTIVE) == ("done",)


def test_another_role_is_told_who_may(world: World, row: Declaration) -> None:
    assert refused(world, row, CSO, person=Role.SIRO) == ("role",)


def test_whoever_declared_it_decides_nothing(world: World, row: Declaration) -> None:
    appoint(world, Role.DIGITAL_LEAD, CSO)
    assert refused(world, row, CSO, person=Role.DIGITAL_LEAD) == ("own",)


def test_the_safety_officer_cannot_be_the_executive_too(world: World, row: Declaration) -> None:
    appoint(world, CSO, EXECUTIVE)
    signed(world, row, CSO, GOES_ON)
    assert refused(world, row, EXECUTIVE, person=CSO) == ("both",)


def test_an_expired_registration_signs_nothing(world: World, row: Declaration) -> None:
    with transaction():
        identity.record_registration(
            person=world.person(CSO, "RTH01"), body="GMC", number="0000001", expires_on=date(2026, 10, 31),
            trained_on=date(2025, 6, 12), by=OPERATOR, at=clock.now(),
        )  # fmt: skip
    assert refused(world, row, CSO) == ("registration.expired",)


def test_an_executive_of_a_lower_limit_may_stop_it_but_not_let_it_go_on(world: World, row: Declaration) -> None:
    signed(world, row, CSO, GOES_ON)
    with transaction():
        held = db.session.scalars(
            sa.select(Appointment).where(
                Appointment.person_id == world.person(EXECUTIVE, "RTH01").id, Appointment.role == EXECUTIVE
            )
        ).one()
        identity.end_appointment(appointment=held, on=World.TODAY, by=OPERATOR, at=clock.now())
    appoint(world, EXECUTIVE, EXECUTIVE, highest_tier="low", highest_stage=Stage.PILOT, highest_residual=1)
    assert refused(world, row, EXECUTIVE) == ("authority.tier", "authority.stage")
    assert signed(world, row, EXECUTIVE, STOPS).outcome == "stop"


def test_another_organisation_finds_nothing(world: World, row: Declaration) -> None:
    with pytest.raises(NotVisible), transaction():
        operations.intend(
            deployment=of(row), role=CSO, said=GOES_ON, by=world.actor(CSO, "QWE"), at=clock.now()
        )


def test_two_executives_at_once_decide_once(world: World, row: Declaration) -> None:
    signed(world, row, CSO, GOES_ON)
    with transaction():
        by = world.actor(EXECUTIVE, "RTH01")
        first, second = (
            operations.intend(deployment=of(row), role=EXECUTIVE, said=each, by=by, at=clock.now())
            for each in (GOES_ON, STOPS)
        )
    with transaction():
        operations.carry_out(deployment=of(row), intent=first, keyring=house().keyring, by=by, at=clock.now())
    with pytest.raises((Refused, Conflict)), transaction():
        operations.carry_out(deployment=of(row), intent=second, keyring=house().keyring, by=by, at=clock.now())
    assert of(row).standing is Standing.DECLARED
    query = sa.select(sa.func.count()).where(SignOff.subject_kind == queries.SUBJECT, SignOff.role == EXECUTIVE)
    assert db.session.scalar(query) == 1


def test_a_paper_attached_between_reading_and_signing_is_read_first(world: World, row: Declaration) -> None:
    with transaction():
        by = world.actor(CSO, "RTH01")
        intent = operations.intend(deployment=of(row), role=CSO, said=GOES_ON, by=by, at=clock.now())
    paper(world, row)
    with pytest.raises(Refused) as no, transaction():
        operations.carry_out(deployment=of(row), intent=intent, keyring=house().keyring, by=by, at=clock.now())
    assert no.value.codes == ("changed",)


def test_an_approval_made_elsewhere_is_evidence_and_moves_nothing(world: World, row: Declaration) -> None:
    paper(world, row)
    (item,) = queries.earlier_approvals(row)
    assert (item.kind, item.title) == ("earlier_approval", "Use in two clinics")
    assert of(row).standing is Standing.DECLARED and of(row).approved_stage is None


def test_what_is_overdue_is_said_once_and_stops_nothing(world: World, row: Declaration) -> None:
    assert due.run(at=clock.now()) == []
    with clock.fixed(date(2026, 12, 15)):
        for _ in range(2):
            with transaction():
                assert "interim decision overdue" in due.run(at=clock.now())[0]
    assert len(told("declaration.overdue")) == 2 and of(row).standing is Standing.DECLARED


def test_a_re_assurance_not_asked_for_by_its_day_is_said(world: World, row: Declaration) -> None:
    decide(world, row, GOES_ON)
    with clock.fixed(date(2027, 2, 2)), transaction():
        assert "re-assurance overdue" in due.run(at=clock.now())[0]
    with transaction():
        declarations.start_re_assurance(deployment=of(row), by=world.actor(Role.DIGITAL_LEAD, "RTH01"), at=clock.now())
    with clock.fixed(date(2027, 2, 2)), transaction():
        assert due.run(at=clock.now()) == []


def test_everything_stated_is_carried_into_the_re_assurance(world: World, row: Declaration) -> None:
    with transaction():
        by = world.actor(Role.DIGITAL_LEAD, "RTH01")
        draft = declarations.start_re_assurance(deployment=of(row), by=by, at=clock.now()).draft
    assert draft["saved"] == ["ask"]
    assert draft["values"]["ask"]["kind"] == SubmissionKind.RE_ASSURANCE and draft["values"]["ask"]["version"] == "3.1"
    assert draft["values"]["triage"] == {
        "kind": "ambient_scribe", "direct_care": "yes", "personal_data": "confidential"
    }  # fmt: skip


def appoint(world: World, person: Role, role: Role, **limits: Any) -> None:
    """Appoint the trust's person of one role to another."""
    if role is CSO:
        with transaction():
            identity.record_registration(
                person=world.person(person, "RTH01"), body="GMC", number="0000002", expires_on=date(2027, 12, 31),
                trained_on=date(2025, 6, 12), by=OPERATOR, at=clock.now(),
            )  # fmt: skip
    if role is EXECUTIVE and not limits:
        limits = {"highest_tier": "high", "highest_stage": Stage.BUSINESS_AS_USUAL, "highest_residual": 3}
    with transaction():
        identity.appoint(
            person=world.person(person, "RTH01"), organisation_id=world.organisation("RTH01").id, role=role,
            starts_on=date(2026, 1, 1), ends_on=date(2028, 12, 31), instrument="Letter of 5 January 2026",
            by=OPERATOR, at=clock.now(), **limits,
        )  # fmt: skip


def paper(world: World, row: Declaration) -> None:
    upload = assessed.stored("minute.pdf")
    house().storage.put_content(upload.data)
    with transaction():
        operations.attach_earlier_approval(
            deployment=of(row), title="Use in two clinics", upload=upload, issuer="Digital board",
            issued_on=date(2024, 5, 4), by=world.actor(Role.DIGITAL_LEAD, "RTH01"), at=clock.now(),
        )  # fmt: skip


def test_a_restriction_is_part_of_the_decision(world: World, row: Declaration) -> None:
    said = replace(GOES_ON, outcome="restrict", restriction="Not for under-18s.")
    decide(world, row, said)
    made = queries.decision(row)
    assert made is not None and made.text.startswith("Not for under-18s.")
