"""From a supplier's version to a deployment assured on it: noted, taken up, most sections re-confirmed, by real operations."""

from datetime import date

from governance import clock
from governance.approval import outcomes
from governance.approval import queries as approval
from governance.approval.changes import operations, queries
from governance.approval.rules import NewCondition
from governance.assessment.packs import queries as packs
from governance.audit import verify
from governance.database import db, read_only, transaction
from governance.extensions import house
from governance.intake import operations as intake
from governance.intake import queries as submissions
from governance.lifecycle import Stage, Standing, SubmissionStatus
from governance.permissions import Role
from tests import agreed, asking, assessed, changed
from tests.world import World

R = Role
SOON = date(2026, 12, 1)
ROLLOUT = NewCondition(
    "Train nine in ten readers at every site.", "digital_lead", "after", date(2027, 6, 1), before_stage=Stage.IMPLEMENTATION
)


def test_a_new_version_is_noted_assessed_where_it_touches_and_re_confirmed_elsewhere(live):
    world = World()
    with clock.fixed(SOON):
        row = changed.noted(world, live, role=R.CLINICAL_LEAD)
        with transaction():
            by, at = world.actor(R.DIGITAL_LEAD, "RTH01"), clock.now()
            draft = operations.start_re_assurance(deployment=live, by=by, at=at)
            facts = submissions.facts(submissions.of_deployment(live)[1])
            intake.save_draft(submission=draft, page="triage", values=facts, version_id=draft.version_id, by=by, at=at)
            intake.propose(submission=draft, by=by, at=at)
        assert (draft.tool_version.version, live.tool_version.version) == ("2.4", "2.3")
        assert queries.of_submission(draft) == [row]

        # what the change does not touch still stands as it was judged: nobody answers or judges it again
        stand = {each.code for each in packs.position(draft).sections if each.outcome == "met"}
        untouched = {code for code, _ in queries.sections_of(live)} - set(row.touches)
        assert stand >= untouched - {"triage"} and {"dpia", "equality", "risk_plan"} <= untouched

        again = {each.code[6:] for each in packs.stopping(draft, clock.today()) if "touched by a change" in each.sentence}
        assert again == {"hazard_log", "monitoring_plan"}  # met before the change: their judges look again
        with transaction():
            assessed.judge(world, draft, without={each.code for each in packs.position(draft).sections} - again)
        asking.shown(world, draft)
        with transaction():
            assessed.submit(world, draft)
        here = approval.position(draft, clock.today())
        officer, owner = (approval.unchanged(here, role, world.actor(role, "RTH01").person_id) for role in (R.SIRO, R.SRO))
        assert "dpia" in officer and "equality" in owner  # re-confirmed in one click

        roles = agreed.roles_in_order(draft)
        agreed.sign(world, draft, R.CSO, outcome="approve_with_conditions", conditions=[ROLLOUT])
        for role in roles[1:]:
            agreed.sign(world, draft, role)
        assert outcomes.decision(draft).sentence == "Re-assured at Pilot, version 2.4, until 1 June 2027, 1 condition"
    assert (live.standing, live.tool_version.version, live.approved_version.version) == (Standing.ASSURED, "2.4", "2.4")
    assert (row.status, row.submission_id, draft.status) == ("taken_up", draft.id, SubmissionStatus.AUTHORISED)
    assert outcomes.conditions_of(draft)[0].before_stage is Stage.IMPLEMENTATION
    db.session.rollback()
    with read_only() as session:
        assert verify.verify(session, house().storage, house().keyring).findings == []
