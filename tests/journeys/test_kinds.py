"""Every kind of request about a deployment walks from the draft to its effect, by real operations, on both databases."""

from datetime import date, timedelta

import pytest

from governance import clock
from governance.approval import outcomes
from governance.approval import queries as approval
from governance.assessment.packs import queries as packs
from governance.audit import verify
from governance.database import db, read_only, transaction
from governance.errors import Refused
from governance.extensions import house
from governance.intake import queries as intake
from governance.lifecycle import Stage, Standing, SubmissionKind
from governance.monitoring.endings import queries as endings
from governance.monitoring.suspensions import queries as suspensions
from governance.permissions import Role
from governance.register import presenters as register
from governance.register import queries as found
from governance.register.models import Projection
from tests import agreed, asking, suspended
from tests.world import World

K, R = SubmissionKind, Role
SOON, LATER = date(2026, 12, 1), date(2027, 4, 1)


def titles(submission) -> set[str]:
    return {each.title for each in packs.position(submission).asked.requirements}


def roles(submission) -> list[Role]:
    return agreed.roles_in_order(submission)


def sentence(submission) -> str:
    made = outcomes.decision(submission)
    assert made is not None
    return made.sentence


def told(deployment) -> str:
    return register.happenings(found.history(deployment))[0].what


def all_holds() -> None:
    with read_only() as session:
        assert verify.verify(session, house().storage, house().keyring).findings == []


def test_a_new_version_is_assured_again_and_what_did_not_change_is_confirmed_in_one_click(live):
    world = World()
    with clock.fixed(SOON):
        submission = asking.submitted(world, live, K.RE_ASSURANCE, version="2.4", reason="The supplier mended the queue.")
        assert roles(submission) == roles_of_a_pilot()
        assert live.tool_version.version == "2.3"
        here = approval.position(submission, clock.today())
        assert here is not None
        same = approval.unchanged(here, R.CSO, world.actor(R.CSO, "RTH01").person_id)
        assert "hazard_log" in same and "triage" not in same and "tool" not in same
        asking.agree(world, submission)
        assert sentence(submission) == "Re-assured at Pilot, version 2.4, until 1 June 2027, no conditions"
    assert (live.stage, live.standing, live.tool_version.version) == (Stage.PILOT, Standing.ASSURED, "2.4")
    assert (live.approved_version.version, live.approved_until) == ("2.4", date(2027, 6, 1))
    assert live.next_review_on == date(2027, 1, 1)
    assert db.session.get(Projection, live.id).version == "2.4"
    all_holds()


def roles_of_a_pilot() -> list[Role]:
    return [
        R.CSO, R.CLINICAL_LEAD, R.CALDICOTT_GUARDIAN, R.DPO, R.SIRO, R.SRO, R.AUTHORISING_EXECUTIVE,
    ]  # fmt: skip


def test_a_pilot_is_extended_once_with_its_figures(live):
    world, ended = World(), live.approved_until
    with clock.fixed(LATER):
        submission = asking.submitted(world, live, K.EXTEND_PILOT)
        assert "Figures of the pilot so far" in titles(submission)
        assert roles(submission)[-1] is R.AUTHORISING_EXECUTIVE and R.CSO in roles(submission)
        asking.agree(world, submission)
        assert live.approved_until == clock.add_months(ended, 3)
        assert sentence(submission).startswith("Pilot extended until 2 August 2027, version 2.3")
        assert (live.stage, live.standing) == (Stage.PILOT, Standing.ASSURED)
        with pytest.raises(Refused, match="extended once already"):
            asking.proposed(world, live, K.EXTEND_PILOT)


def test_a_tool_in_business_as_usual_steps_back_by_officer_and_owner(live):
    world = World()
    live_at_business_as_usual(live)
    with clock.fixed(SOON):
        with pytest.raises(Refused, match="needs a reason"):
            asking.drafted(world, live, K.STEP_BACK, stage=Stage.PILOT)
        drop_draft(live)
        with pytest.raises(Refused, match="is about version"):
            asking.drafted(world, live, K.STEP_BACK, stage=Stage.PILOT, version="9", reason="Drift")
        drop_draft(live)
        submission = asking.submitted(world, live, K.STEP_BACK, stage=Stage.PILOT, reason="Its figures drift.")
        assert titles(submission) == set()
        assert roles(submission) == [R.CSO, R.SRO]
        assert "Its figures drift." in str(packs.pack(submission).sections[0].content)
        asking.agree(world, submission)
        assert sentence(submission) == "Stepped back to Pilot, version 2.3, until 1 June 2027, no conditions"
    assert (live.stage, live.standing, live.stage_since) == (Stage.PILOT, Standing.ASSURED, SOON)
    assert told(live) == "Stepped back to Pilot, assured"
    all_holds()


def live_at_business_as_usual(deployment) -> None:
    """As if it had come there: the ladder is walked in other stories."""
    from governance.register import operations

    with transaction():
        operations.move(
            deployment=deployment, arrow="take_effect", stage=Stage.BUSINESS_AS_USUAL, at=clock.now(),
            by=World().actor(R.AUTHORISING_EXECUTIVE, "RTH01"),
        )  # fmt: skip


def drop_draft(deployment) -> None:
    from governance.intake import operations

    running = intake.open_on(deployment)
    if running is not None:
        with transaction():
            operations.withdraw(
                submission=running, reason="Again", by=World().actor(R.DIGITAL_LEAD, "RTH01"), at=clock.now()
            )


def test_a_tool_ceases_with_its_tasks_advice_and_lessons(live):
    world = World()
    with clock.fixed(SOON):
        submission = asking.proposed(world, live, K.CEASE, reason="Its contract ends.")
        assert titles(submission) == {"Hazard log", "Decommissioning and data return"}
        lacking = {each.sentence for each in packs.stopping(submission, clock.today())}
        assert "No task of decommissioning is listed." in lacking
        assert "No lesson is recorded for partners. Write one, or say why there is none." in lacking
        asking.shown(world, submission)
        with transaction():
            from tests import assessed

            assessed.submit(world, submission)
        assert roles(submission) == [R.AI_LEAD, R.CSO, R.SIRO, R.SRO]
        asking.agree(world, submission)
        assert sentence(submission) == "Ceased, version 2.3, no conditions"
        assert (live.stage, live.standing) == (Stage.PILOT, Standing.CEASED)
        assert db.session.get(Projection, live.id).lessons == ["Agree the figures before the pilot."]
        assert [each.text for each in endings.open_tasks({live.organisation_id})]
        with pytest.raises(Refused, match="has ceased"):
            asking.drafted(world, live, K.RE_ASSURANCE)
    all_holds()


def test_what_is_assured_again_while_suspended_takes_effect_when_use_resumes(live):
    world = World()
    suspended.suspend(world, live)
    with clock.fixed(SOON):
        suspended.new_log(world, live)
        offered = {kind for kind, _ in intake_offered(live)}
        assert offered == {K.RE_ASSURANCE, K.CEASE}
        submission = asking.authorised(world, live, K.RE_ASSURANCE, version="2.4", reason="Mended")
        assert (live.standing, live.tool_version.version) == (Standing.SUSPENDED, "2.3")
        suspended.resume(world, live)
        assert (live.standing, live.tool_version.version) == (Standing.ASSURED, "2.4")
        assert live.approved_until == date(2027, 6, 1)
        assert outcomes.waits_for_resuming(live, clock.today()) is None
        assert sentence(submission).startswith("Re-assured at Pilot, version 2.4")
    assert suspensions.current(live) is None
    all_holds()


def intake_offered(deployment):
    from governance.intake import rules
    from governance.policy import policy

    return rules.offered(policy(), intake.known(deployment))


def test_what_lapsed_may_be_assured_again(live):
    from governance.approval import due

    world, after = World(), live.approved_until + timedelta(days=1)
    with clock.fixed(after):
        with transaction():
            due.run(at=clock.now())
        assert live.standing is Standing.LAPSED
        assert {kind for kind, _ in intake_offered(live)} == {K.PROGRESS, K.RE_ASSURANCE, K.EXTEND_PILOT, K.CEASE}
        asking.proposed(world, live, K.RE_ASSURANCE)
