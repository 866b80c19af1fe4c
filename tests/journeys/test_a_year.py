"""A year of one tool: it drifts, the chart sees it, people are told, it is suspended, changed, re-assured, resumed.

The clock moves through London time month by month; everything is done by the real operations, and the chain tells it after.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

import pytest
import sqlalchemy as sa
from flask import g
from flask.testing import FlaskClient

from governance import clock
from governance.approval import due as approval_due
from governance.assessment.plans import operations as plans
from governance.audit import verify
from governance.audit.models import AuditEvent
from governance.clock import add_months
from governance.database import db, read_only, transaction
from governance.extensions import house
from governance.identity.models import Person
from governance.intake import operations as intake
from governance.intake import queries
from governance.intake.declarations import operations as declarations
from governance.intake.models import Submission
from governance.lifecycle import Standing
from governance.monitoring.readings import operations as readings
from governance.monitoring.readings import queries as figures
from governance.monitoring.signals import due as signals_due
from governance.monitoring.signals import operations as signals
from governance.monitoring.suspensions import operations as suspensions
from governance.monitoring.suspensions import queries as suspended_queries
from governance.notifications.models import Notice
from governance.permissions import Role
from governance.policy.schema import Depth
from governance.register import queries as register
from governance.register.models import Deployment
from tests import agreed, asking, assessed, declared, monitored, proposals, suspended
from tests.world import World

BEFORE = [2.1, 1.9, 2.0, 2.3, 1.8, 2.2, 2.0, 1.9, 2.1, 2.2, 1.9, 2.0]
"""Misses in 1,000, November 2025 to October 2026: as steady as it gets."""
YEAR = [2.1, 1.8, 2.0, 2.2, 1.9, 2.4, 2.7, 3.1]
"""November 2026 to June 2027: from April on it creeps up, each month within its limit of 4."""
FULL = {
    "reviews": "Every quarter, by the clinical lead and the safety officer.",
    "acts": "The clinical lead within two working days.",
    "indicators": [
        {
            "name": "Urgent findings missed", "source": "Monthly audit", "direction": "down", "target": "2 in 1,000",
            "frequency": "monthly", "owner": "The clinical lead",
        }
    ],
}  # fmt: skip
CHANGED = date(2027, 8, 1)


@contextmanager
def on(day: date) -> Iterator[None]:
    with clock.fixed(day):
        yield


def re_assure(world: World, deployment: Deployment, version: str) -> Submission:
    """A re-assurance at the same stage; the second time only what is not shown yet is shown."""
    before = bool(queries.of_deployment(deployment))
    with transaction():
        by, at = world.actor(Role.DIGITAL_LEAD, "RTH01"), clock.now()
        submission = declarations.start_re_assurance(deployment=deployment, by=by, at=at)
        held = submission.draft["values"]
        pages = {"triage": proposals.FACTS | dict(held["triage"]), "ask": dict(held["ask"]) | {"version": version}}
        for page, values in pages.items():
            intake.save_draft(
                submission=submission, page=page, values=values, version_id=submission.version_id, by=by, at=at
            )
        intake.propose(submission=submission, by=by, at=at)
    asking.shown(world, submission) if before else assessed_anew(world, submission)
    with transaction():
        assessed.submit(world, submission)
    agreed.agree(world, submission)
    return submission


def assessed_anew(world: World, submission: Submission) -> None:
    """Everything shown and judged for the first time, with a full monitoring plan."""
    with transaction():
        assessed.show(world, submission)
    with transaction():
        assert submission.deployment is not None
        plans.write_monitoring_plan(
            deployment=submission.deployment, content=assessed.WATCH | FULL, depth=Depth.FULL, expected_revision=1,
            by=world.actor(Role.DIGITAL_LEAD, "RTH01"), at=clock.now(),
        )  # fmt: skip
    with transaction():
        assessed.judge(world, submission)


def enter(world: World, deployment: Deployment, value: float) -> None:
    """The figure of the month before today."""
    monitored.enter(world, deployment, [value])


def fall_due() -> None:
    with transaction():
        for room in (approval_due, signals_due):
            room.run(at=clock.now())


@pytest.mark.usefixtures("app")
@pytest.mark.both_when_long
def test_a_tool_drifts_is_seen_suspended_changed_re_assured_and_resumed(world: World, client: FlaskClient) -> None:
    said = {"tool_name": "Chestwise Triage", "manufacturer": "Northgate Imaging Ltd", "version": "2.3", "kind": "imaging"}
    row = declared.declare(world, **said)
    declared.decide(world, row, declared.GOES_ON)
    deployment = db.session.get_one(Deployment, row.deployment_id)
    with transaction():
        world.appoint_for(deployment.id, "RTH01")
    re_assure(world, deployment, "2.3")
    assert deployment.standing is Standing.ASSURED
    indicator = monitored.measure(world, deployment, first_period_on=date(2025, 11, 1))
    monitored.enter(world, deployment, BEFORE)
    assert monitored.signals(deployment) == []

    # month by month: steady, then worse a little each time, never beyond its limit
    for n, value in enumerate(YEAR):
        with on(add_months(date(2026, 12, 7), n)):
            enter(world, deployment, value)
            fall_due()
    with on(date(2027, 7, 7)):
        seen = monitored.signals(deployment)
        assert [each.kind for each in seen] and {each.kind for each in seen} == {"special_cause"}
        worst = seen[-1]
        owner = world.person(Role.CLINICAL_LEAD, "RTH01").id
        told = db.session.scalars(sa.select(Notice).where(Notice.kind == "signal.opened")).all()
        assert owner in {each.person_id for each in told}
        with transaction():
            by = world.actor(Role.CLINICAL_LEAD, "RTH01")
            signals.take_up(signal=worst, text="The audit is read again.", version_id=worst.version_id, by=by, at=clock.now())

    with on(date(2027, 7, 9)):
        last = suspended.suspend(world, deployment, Role.CSO, signal_id=worst.id)
        assert deployment.standing is Standing.SUSPENDED
        seen_by_partners = register.projection(deployment)
        assert seen_by_partners is not None and seen_by_partners.standing is Standing.SUSPENDED
        with transaction():
            sites = [site.name for site in deployment.sites]
            suspensions.confirm_stopped(
                deployment=deployment, suspension=last, sites=sites, by=world.actor(Role.DIGITAL_LEAD, "RTH01"), at=clock.now()
            )

    # the supplier mends it: a new version, a log that says so, agreed by everybody, then resumed by two
    with on(date(2027, 7, 27)):
        suspended.new_log(world, deployment, name="Threshold drifted")
        submission = re_assure(world, deployment, "2.4")
        assert deployment.standing is Standing.SUSPENDED  # agreed, and still stopped
        suspended.resume(world, deployment)
        db.session.expire_all()
        assert deployment.standing is Standing.ASSURED
        assert deployment.tool_version.version == "2.4"
        assert suspended_queries.current(deployment) is None
        assert submission.tool_version is not None

    with on(date(2027, 9, 7)):
        enter(world, deployment, 1.9)
        with transaction():
            readings.rebase(
                indicator=indicator, period_on=CHANGED, reason="Version 2.4 from here.",
                by=world.actor(Role.CSO, "RTH01"), at=clock.now(),
            )  # fmt: skip
        with transaction():
            safety = world.actor(Role.CSO, "RTH01")
            for each in monitored.signals(deployment):
                signals.close(
                    signal=each, text="Mended in version 2.4.", version_id=each.version_id, by=safety, at=clock.now()
                )
        assert monitored.signals(deployment) == []
        assert figures.figures_of([indicator.id])[indicator.id][-1].period_on == CHANGED
        assert not_opened(client) == []

    told = list(
        db.session.scalars(
            sa.select(AuditEvent.kind).where(AuditEvent.stream == f"deployment:{deployment.id}").order_by(AuditEvent.position)
        )
    )
    story = [
        "deployment.declared", "declaration.decided", "deployment.assured", "readings.entered", "signal.opened",
        "signal.taken_up", "deployment.suspended", "use.confirmed_stopped", "decision.made", "deployment.resumed",
        "deployment.assured", "indicator.rebased", "signal.closed",
    ]  # fmt: skip
    assert in_this_order(story, told), "\n".join(told)
    with read_only() as session:
        assert verify.verify(session, house().storage, house().keyring).findings == []


def not_opened(client: FlaskClient) -> list[tuple[str, str, int]]:
    """Notices whose page does not open for the person who was told: (address, path, status)."""
    told = db.session.execute(
        sa.select(Person.id, Person.email, Person.session_epoch, Notice.path).join(Notice, Notice.person_id == Person.id).distinct()
    ).all()
    assert {email.partition("@")[0] for _, email, _, _ in told} >= {"cso", "sro", "ai_lead", "digital_lead"}
    found = []
    for person_id, email, epoch, path in told:
        with client.session_transaction() as session:
            session["_user_id"], session["_fresh"] = f"{person_id}:{epoch}", True
        g.pop("_login_user", None)
        db.session.rollback()
        status = client.get(path, follow_redirects=True).status_code
        if status != 200:
            found.append((email, path, status))
    return found


def in_this_order(story: list[str], told: list[str]) -> bool:
    """Whether each comes after the one before, whatever lies between."""
    rest = iter(told)
    return all(any(each == kind for each in rest) for kind in story)
