"""A panel signs seat by seat, independent roles act without seeing each other, and people step back: on both databases."""

from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from governance import clock
from governance.approval import after, blind, history, outcomes, queries, recusals
from governance.approval import conditions as meeting
from governance.approval.models import Advice, Condition, Decision, Recusal
from governance.approval.rules import NewCondition
from governance.assessment.packs import operations as packing
from governance.assessment.plans import operations as plans
from governance.audit import verify
from governance.audit.models import AuditEvent
from governance.database import db, read_only, transaction
from governance.errors import Conflict, Refused
from governance.extensions import house
from governance.intake import operations as changing
from governance.intake import queries as intake
from governance.lifecycle import SubmissionStatus
from governance.notifications.models import Notice
from governance.permissions import Role
from governance.policy import Tier
from governance.policy import rules as policy
from governance.policy.schema import Addition
from governance.reports import trail
from governance.signing.models import SignOff
from tests import added, agreed, assessed, panels
from tests.operations import test_policy_moves as moves
from tests.operations.test_races import at_once, told
from tests.world import World

R = Role
LATER = NewCondition("A second reader at night", "clinical_lead", "after", date(2026, 12, 1), "Rota of four weeks")
TWO = {R.CSO: {"needs": 2}}
APART = {R.CSO: {"needs": 2, "independent": True}, R.CLINICAL_LEAD: {"independent": True}, R.DPO: {"independent": True}}


def the(role) -> int:
    return World().person(role, "RTH01").id


def here(submission):
    return queries.position(submission, clock.today())


def acts(submission, role) -> list[str]:
    query = sa.select(SignOff.act).where(SignOff.subject_kind == "assurance_pack", SignOff.subject_id == here(submission).pack.id)
    return list(db.session.scalars(query.where(SignOff.role == role).order_by(SignOff.id)))


def recuse(submission, role, reason="My sister works for the supplier"):
    with transaction():
        return recusals.recuse(submission=submission, reason=reason, by=World().actor(role, "RTH01"), at=clock.now())


def whole_chain() -> list[str]:
    with read_only() as session:
        return verify.verify(session, house().storage, house().keyring).findings


def test_two_of_a_panel_sign_and_all_their_conditions_count(submission, monkeypatch):
    panels.ask(monkeypatch, TWO)
    second = panels.another(submission, R.CSO, "Second Officer")
    panels.sign(submission, R.CSO, the(R.CSO), "approve_with_conditions", conditions=[LATER])
    line = here(submission).line(R.CSO)
    assert (line.state, line.of_panel) == ("open", "1 of 2 clinical safety officers")
    with pytest.raises(Refused) as refused:
        panels.sign(submission, R.CSO, the(R.CSO))
    assert refused.value.codes == ("turn.seat",)
    panels.sign(submission, R.CSO, second, "approve_with_conditions", conditions=[LATER])
    assert here(submission).line(R.CSO).state == "done"
    assert acts(submission, R.CSO) == ["sign", "sign-2"]
    assert [row.number for row in outcomes.conditions_of(submission)] == [1, 2]
    third = panels.another(submission, R.CSO, "Third Officer")
    with pytest.raises(Refused) as refused:
        panels.sign(submission, R.CSO, third)
    assert "turn.done" in refused.value.codes
    world = World()
    for role in agreed.roles_in_order(submission)[1:]:
        agreed.sign(world, submission, role)
    assert submission.status is SubmissionStatus.AUTHORISED
    executive = db.session.scalars(sa.select(SignOff).where(SignOff.act == "authorise")).one()
    assert len(executive.details["agreed"]) == len(agreed.roles_in_order(submission))
    assert whole_chain() == []


def test_one_of_a_panel_who_returns_it_ends_the_round(submission, monkeypatch):
    panels.ask(monkeypatch, TWO)
    panels.another(submission, R.CSO, "Second Officer")
    panels.sign(submission, R.CSO, the(R.CSO), "return_for_information", reason="Who reads at night?")
    assert submission.status is SubmissionStatus.RETURNED


def test_of_two_for_the_last_seat_one_takes_it(later, submission, monkeypatch):
    panels.ask(monkeypatch, TWO)
    people = [the(R.CSO), *(panels.another(submission, R.CSO, f"{name} Officer") for name in ("Second", "Third"))]
    with transaction():
        intents = [panels.intend(submission, R.CSO, person).id for person in people]
    with transaction():
        panels.seal(submission, intents[0], people[0])
    reference = submission.reference

    def seal(n):
        def act():
            by = house().actor_for(people[n], "RTH01", clock.now())
            return panels.seal(intake.submission(reference, by), intents[n], people[n]).id

        return act

    answers = at_once(later, seal(1), seal(2))
    assert len(told(answers)) == 1
    assert "acted in this round" in told(answers)[0] or "already" in told(answers)[0]
    assert acts(submission, R.CSO) == ["sign", "sign-2"]
    assert whole_chain() == []


def test_nothing_follows_from_independent_outcomes_until_all_are_in_and_then_the_hardest_does(submission, monkeypatch):
    panels.ask(monkeypatch, APART)
    second = panels.another(submission, R.CSO, "Second Officer")
    panels.sign(submission, R.CSO, the(R.CSO), "return_for_information", reason="Who reads at night?")
    panels.sign(submission, R.DPO, the(R.DPO), "advises_against", reason="Kept too long")
    first = panels.sign(submission, R.CLINICAL_LEAD, the(R.CLINICAL_LEAD), "not_approved", reason="It misses strokes")
    assert submission.status is SubmissionStatus.SUBMITTED
    assert db.session.scalars(sa.select(Advice)).all() == []
    assert blind.unseen(submission.deployment) >= {first.id}
    assert {line.turn.role for line in here(submission).open_turns} >= {R.CSO, R.CALDICOTT_GUARDIAN}
    assert "strokes" not in repr(here(submission).lines)
    panels.sign(submission, R.CSO, second, "approve_with_conditions", conditions=[LATER])
    assert submission.status is SubmissionStatus.NOT_APPROVED
    decision = db.session.scalars(sa.select(Decision)).one()
    assert (decision.sign_off_id, decision.role, decision.sentence) == (first.id, R.CLINICAL_LEAD, "Not approved: It misses strokes")
    said = intake.history(submission)[-1]
    assert (said.by_person_id, said.by_role) == (None, "clinical_lead")
    for words in ("Who reads at night?", "It misses strokes", "Kept too long", "Clinical safety officer: approved with conditions"):
        assert words in said.reason
    assert db.session.scalars(sa.select(Condition)).all() == []
    assert db.session.scalars(sa.select(Advice.text)).all() == ["Kept too long"]
    assert blind.unseen(submission.deployment) == frozenset()
    assert whole_chain() == []


def test_when_all_agree_their_conditions_and_advice_are_written_and_those_after_them_act(submission, monkeypatch):
    panels.ask(monkeypatch, APART)
    second = panels.another(submission, R.CSO, "Second Officer")
    panels.sign(submission, R.CSO, second, "approve_with_conditions", conditions=[LATER])
    panels.sign(submission, R.DPO, the(R.DPO))
    panels.sign(submission, R.CLINICAL_LEAD, the(R.CLINICAL_LEAD))
    assert outcomes.conditions_of(submission) == []
    assert R.SIRO not in {line.turn.role for line in here(submission).open_turns}
    panels.sign(submission, R.CSO, the(R.CSO), "approve_with_conditions", conditions=[LATER])
    assert [row.status for row in outcomes.conditions_of(submission)] == ["proposed", "proposed"]
    assert R.SIRO in {line.turn.role for line in here(submission).open_turns}
    assert db.session.scalars(sa.select(Advice.outcome)).all() == ["content"]
    assert whole_chain() == []


def test_what_an_addition_makes_independent_is_as_unseen_as_what_policy_does(submission, monkeypatch):
    stages = (submission.stage_asked,)
    panels.add(
        monkeypatch, Addition(kind="independent", stages=stages), Addition(kind="panel", stages=stages, role=R.CSO, needs=2)
    )
    row = panels.sign(submission, R.CSO, the(R.CSO), "not_approved", reason="It misses strokes")
    assert blind.unseen(submission.deployment) == {row.id}
    assert not after.may_see(row, submission, World().actor(R.SRO, "RTH01"))
    assert [step.what for step in history.steps(submission)] == [
        "Clinical safety officer: signed, shown when all are in, 1 of 2 clinical safety officers"
    ]
    assert "sign_off.sealed" not in {event.kind for event in trail.page(submission.deployment)[:3]}


def test_a_round_taken_back_stays_unseen_when_the_next_is_not_independent(submission):
    """Whoever signed on their own was promised it: another policy, or facts that ask for less, do not take it back."""
    world = World()
    take_back(submission)
    apart, two = added.add(world, added.BLIND), added.add(world, added.PANEL)
    moves.moved(world, submission)
    submit_again(submission)
    row = panels.sign(submission, R.CSO, the(R.CSO), "not_approved", reason="It misses strokes")
    assert blind.unseen(submission.deployment) == {row.id}
    take_back(submission)
    for each in (apart, two):
        added.end(world, each, clock.today())
    with clock.fixed(clock.now() + timedelta(minutes=1)):
        moves.moved(world, submission)
        assert not policy.may_be_independent(intake.policy_of(submission))
        assert blind.unseen(submission.deployment) == {row.id}
        assert here(submission).veiled == {turn.role for turn in here(submission).turns if turn.independent} != frozenset()
        assert [step.what for step in history.steps(submission)][-1:] == ["Clinical safety officer: signed, shown when all are in"]
        submit_again(submission)
        second = agreed.sign(world, submission, R.CLINICAL_LEAD)
        assert blind.unseen(submission.deployment) == {row.id}
        assert here(submission).veiled == frozenset() and after.may_see(second, submission, world.actor(R.SRO, "RTH01"))
        agreed.sign(world, submission, R.CALDICOTT_GUARDIAN, outcome="return_for_information", reason="Whose records?")
        assert blind.unseen(submission.deployment) == frozenset()
    assert whole_chain() == []


def take_back(submission) -> None:
    with transaction():
        by = World().actor(R.DIGITAL_LEAD, "RTH01")
        packing.recall(submission=submission, reason="A new document", by=by, at=clock.now())


def submit_again(submission) -> None:
    with transaction():
        assessed.submit(World(), submission)


def test_somebody_who_is_not_independent_ends_the_round_at_once_and_a_round_taken_back_stays_unseen(submission, monkeypatch):
    panels.ask(monkeypatch, APART)
    world = World()
    row = panels.sign(submission, R.CLINICAL_LEAD, the(R.CLINICAL_LEAD), "not_approved", reason="It misses strokes")
    with transaction():
        by = world.actor(R.DIGITAL_LEAD, "RTH01")
        packing.recall(submission=submission, reason="A new document", by=by, at=clock.now())
    assert blind.unseen(submission.deployment) == {row.id}
    with transaction():
        assessed.submit(world, submission)
    panels.sign(submission, R.DPO, the(R.DPO), "content")
    agreed.sign(world, submission, R.CALDICOTT_GUARDIAN, outcome="return_for_information", reason="Whose records?")
    assert submission.status is SubmissionStatus.RETURNED
    assert blind.unseen(submission.deployment) == frozenset()
    assert db.session.scalars(sa.select(Advice.outcome)).all() == ["content"]


def test_whoever_stepped_back_takes_no_part_in_any_role_and_the_others_are_told(submission):
    world, second = World(), panels.another(submission, R.CSO, "Second Officer")
    recuse(submission, R.CSO)
    with pytest.raises(Refused) as refused:
        agreed.sign(world, submission, R.CSO)
    assert "recused" in refused.value.codes
    line = here(submission).line(R.CSO)
    assert line.state == "open" and not line.is_for(the(R.CSO)) and line.is_for(second)
    assert queries.waiting_for(world.actor(R.CSO, "RTH01"), clock.today()) == []
    event = db.session.scalars(sa.select(AuditEvent).where(AuditEvent.kind == "person.recused")).one()
    assert event.stream == f"deployment:{submission.deployment_id}"
    told_to = set(db.session.scalars(sa.select(Notice.person_id).where(Notice.kind == "submission.recused")))
    assert told_to == {second, the(R.DIGITAL_LEAD)}
    panels.sign(submission, R.CSO, second)
    assert whole_chain() == []


def test_where_nobody_else_holds_the_role_it_is_said_to_the_lead(submission):
    recuse(submission, R.CLINICAL_LEAD)
    sentence = "Nobody else is appointed as clinical lead: ask the organisation administrator."
    assert sentence in db.session.scalar(sa.select(Notice.body).where(Notice.kind == "submission.recused"))
    assert queries.shortages(here(submission), clock.today()) == (sentence,)


def test_a_recusal_is_refused_after_signing_in_the_round_and_twice_and_without_a_reason(submission):
    world = World()
    agreed.sign(world, submission, R.CSO)
    with pytest.raises(Refused, match="Ask the digital lead to take the submission back"):
        recuse(submission, R.CSO)
    with pytest.raises(Refused, match="Say what the conflict of interest is"):
        recuse(submission, R.SIRO, " ")
    recuse(submission, R.SIRO)
    with pytest.raises((Refused, Conflict)):
        recuse(submission, R.SIRO)
    with transaction():
        packing.recall(submission=submission, reason="To step back", by=world.actor(R.DIGITAL_LEAD, "RTH01"), at=clock.now())
    recuse(submission, R.CSO)
    assert len(db.session.scalars(sa.select(Recusal)).all()) == 2


def test_who_stepped_back_neither_judges_nor_decides_nor_settles_a_condition(submission):
    world = World()
    with transaction():
        packing.recall(submission=submission, reason="A new document", by=world.actor(R.DIGITAL_LEAD, "RTH01"), at=clock.now())
    recuse(submission, R.CSO)
    with pytest.raises(Refused) as refused, transaction():
        packing.judge(
            submission=submission, section="hazard_log", outcome="met", reason="Read.", by=world.actor(R.CSO, "RTH01"), at=clock.now()
        )
    assert refused.value.codes == ("recused",)
    for decide in (
        lambda by, at: changing.lower_tier(submission=submission, tier=Tier.LOW, reason="Less", by=by, at=at),
        lambda by, at: plans.decide_safety(
            deployment=submission.deployment, safety_related=True, reason="", direct_care=True, expected_revision=0, by=by, at=at
        ),
    ):
        with pytest.raises(Refused) as refused, transaction():
            decide(world.actor(R.CSO, "RTH01"), clock.now())
        assert refused.value.codes == ("recused",)
    second = panels.another(submission, R.CSO, "Second Officer")
    with transaction():
        assessed.submit(world, submission)
    panels.sign(submission, R.CSO, second, "approve_with_conditions", conditions=[LATER])
    for role in agreed.roles_in_order(submission)[1:]:
        agreed.sign(world, submission, role)
    (condition,) = outcomes.conditions_of(submission)
    with pytest.raises(Refused) as refused, transaction():
        meeting.waive(condition=condition, text="Not needed", version_id=condition.version_id, by=world.actor(R.CSO, "RTH01"), at=clock.now())
    assert refused.value.codes == ("recused",)
    with transaction():
        by = house().actor_for(second, "RTH01", clock.now())
        meeting.waive(condition=condition, text="Not needed", version_id=condition.version_id, by=by, at=clock.now())
    assert condition.status == "waived"
