"""What partners see is what the rooms hold: after each transaction of a walk, it equals one computed from scratch."""

from collections.abc import Iterator
from datetime import date

import pytest
import sqlalchemy as sa

from governance import clock
from governance.approval import conditions as conditions_of
from governance.approval import due
from governance.approval.models import Condition
from governance.database import db, transaction, transactions
from governance.intake import operations as intake
from governance.intake import queries as submissions
from governance.monitoring.signals import operations as closing
from governance.permissions import Role
from governance.policy import Tier
from governance.register import operations as register
from governance.register.models import Deployment, Projection
from governance.register.projections import facts_of
from tests import agreed, assessed, monitored, proposals, suspended
from tests.contracts.conftest import CONDITION
from tests.world import World


class Watch:
    """Compares every projection just before each commit, and keeps what it saw of one deployment, step by step."""

    def __init__(self) -> None:
        self.seen: list[Projection | None] = []
        self.commits = 0

    def __call__(self, session: object) -> None:
        self.commits += 1
        for deployment in db.session.scalars(sa.select(Deployment)):
            assert stale(deployment) == {}


@pytest.fixture
def watch(app, monkeypatch) -> Iterator[Watch]:
    watching = Watch()
    monkeypatch.setattr(transactions, "_before", [watching, *transactions._before])
    return watching


def stale(deployment: Deployment) -> dict[str, tuple[object, object]]:
    """Columns whose value is not the one computed from scratch: (what is there, what should be)."""
    there = db.session.get(Projection, deployment.id)
    assert there is not None
    right = facts_of(deployment)
    return {name: (getattr(there, name), value) for name, value in right.items() if getattr(there, name) != value}


def of(submission) -> Projection:
    """What partners see of a submission's deployment, as the database has it."""
    db.session.rollback()
    seen = db.session.get(Projection, submission.deployment_id)
    assert seen is not None
    return seen


def test_every_step_to_a_decision_and_past_it_leaves_nothing_stale(watch, world):
    submission = assessed.submitted(world)
    assert (of(submission).oversight, of(submission).patient_facing, of(submission).tier) == ("each_output", False, "medium")
    assert (of(submission).site_count, of(submission).supplier_name) == (1, "Northgate Imaging Ltd")
    assert (of(submission).decided_pack_id, of(submission).open_conditions) == (None, 0)
    agreed.agree(world, submission, conditions=[CONDITION])
    assert of(submission).decided_pack_id is not None
    assert of(submission).open_conditions == 1
    settle(world)
    assert of(submission).open_conditions == 0
    with clock.fixed(date(2028, 6, 1)), transaction():
        due.run(at=clock.now())
    assert (of(submission).standing, of(submission).decision_needed_by) == ("lapsed", date(2028, 6, 15))
    assert watch.commits > 12


def test_triage_and_tier_that_change_are_seen(watch, world):
    submission = proposals.proposed(world)
    lead, cso = world.actor(Role.DIGITAL_LEAD, "RTH01"), world.actor(Role.CSO, "RTH01")
    with transaction():
        facts = submissions.facts(submission) | {"oversight": "sampled", "patient_facing": "yes"}
        intake.correct_triage(
            submission=submission, facts=facts, reason="As it is used.", version_id=submission.version_id, by=lead,
            at=clock.now(),
        )  # fmt: skip
    assert (of(submission).oversight, of(submission).patient_facing) == ("sampled", True)
    tier = submissions.tier(submission)
    with transaction():
        other = Tier.HIGH if tier is not Tier.HIGH else Tier.MEDIUM
        change = intake.raise_tier if other is Tier.HIGH else intake.lower_tier
        change(submission=submission, tier=other, reason="New facts.", by=cso, at=clock.now())
    assert of(submission).tier == other


def test_a_correction_of_a_tool_reaches_every_organisation(watch, world):
    mine = proposals.proposed(world)
    theirs = proposals.proposed(world, "QWE", same=str(mine.deployment.tool_id))
    with transaction():
        tool = mine.deployment.tool
        register.correct_tool(
            tool=tool, name="Chestwise", kind="other", summary="", by=world.actor(Role.DIGITAL_LEAD, "RTH01"), at=clock.now()
        )
    assert [(of(each).tool_name, of(each).kind) for each in (mine, theirs)] == [("Chestwise", "other")] * 2


def test_figures_signals_and_a_declaration_are_seen(watch, world):
    where = monitored.kept(world)
    db.session.rollback()
    seen = db.session.get_one(Projection, where.id)
    assert (seen.open_signals, seen.red_signals) == (len(monitored.signals(where)), 1)
    assert [each["value"] for each in seen.performance] == ["6", "92"]
    assert seen.in_use_since and seen.monitored_to == date(2026, 10, 1)
    db.session.rollback()
    with transaction():
        signal = monitored.signals(where)[0]
        closing.take_up(
            signal=signal, text="We look.", version_id=signal.version_id, by=world.actor(Role.DIGITAL_LEAD, "RTH01"), at=clock.now()
        )


def test_a_suspension_and_lessons_of_a_tool_still_in_use_leave_nothing_stale(watch, world):
    where = suspended.kept(world)
    db.session.rollback()
    seen = db.session.get_one(Projection, where.id)
    assert (seen.standing, seen.lessons) == ("suspended", [])


def settle(world: World) -> None:
    """Confirm the only condition as whoever set it."""
    with transaction():
        condition = db.session.scalars(sa.select(Condition)).one()
        by = world.actor(condition.set_by_role, "RTH01")
        conditions_of.confirm(
            condition=condition, text="Seen.", version_id=condition.version_id, by=by, at=clock.now()
        )


def test_only_columns_of_the_projection_can_be_handed_in(app, world):
    submission = proposals.proposed(world)
    with pytest.raises(TypeError, match="a projection has no"), transaction():
        register.project(deployment=submission.deployment, at=clock.now(), names="Dr A")
