"""What moved since the pack that a standing rests on: nothing by itself, every changed section in words, and what policy says."""

from datetime import date

import pytest
from flask import current_app

from governance import clock
from governance.assessment.evidence import operations as evidence
from governance.assessment.evidence import queries as evidence_queries
from governance.assessment.hazards import operations as hazards
from governance.assessment.hazards import queries as log
from governance.assessment.packs import compare_queries, drift, drift_presenters, queries
from governance.assessment.plans import operations as plans
from governance.assessment.sheets import queries as sheets
from governance.database import db, transaction
from governance.errors import Forbidden, NotVisible
from governance.extensions import house
from governance.intake import queries as intake
from governance.permissions import Role
from governance.policy import policy
from governance.policy.schema import Depth
from tests import assessed, proposals, safety
from tests.world import World

LONDON = policy("london-2")


@pytest.fixture
def world(live):
    return World()


def rise(world, live) -> None:
    """The residual risk of the first hazard rises, and a third hazard is found."""
    with transaction():
        lead, cso = (world.actor(role, "RTH01") for role in (Role.DIGITAL_LEAD, Role.CSO))
        first = log.hazards(live)[0]
        hazards.score(
            hazard=first, which="residual", severity="major", likelihood="high", patients="single", reason="Seen twice.",
            version_id=None, by=cso, at=clock.now(),
        )  # fmt: skip
        safety.scored_hazard(live, lead, name="List not refreshed", reason="Rare.")


def said(found) -> dict[str, list[str]]:
    return {each.change.code: [item.said for item in each.items] for each in found.moved}


def test_right_after_the_decision_nothing_has_moved_nor_has_it_by_time_alone(live):
    assert drift.of(live, london=LONDON).moved == ()
    with clock.fixed(date(2028, 6, 1)):
        assert drift.of(live, london=LONDON).moved == ()


def test_a_hazard_that_rose_asks_for_a_re_assurance(world, live):
    rise(world, live)
    found = drift.of(live, london=LONDON)
    assert {
        "Residual risk of H1 rose from 3 to 4. Likelihood was low and is now high.", "H3 is new, residual 3: List not refreshed.",
    } <= set(said(found)["hazard_log"])  # fmt: skip
    assert (found.asks, found.pack.id, found.policy_version) == (True, live.approved_pack_id, "london-2")


def test_a_changed_monitoring_plan_is_noted_and_asks_for_nothing(world, live):
    with transaction():
        plans.write_monitoring_plan(
            deployment=live, content=assessed.WATCH | {"stop_rule": "One urgent finding missed."}, depth=Depth.SHORT,
            expected_revision=None, by=world.actor(Role.DIGITAL_LEAD, "RTH01"), at=clock.now(),
        )  # fmt: skip
    found = drift.of(live, london=LONDON)
    assert list(said(found)) == ["monitoring_plan"]
    assert not found.asks
    assert [each.row.says for each in found.moved] == ["The monitoring plan changed."]


def renew(world, live, **said) -> None:
    """A newer item in the place of one behind answers on security, otherwise as `said`."""
    by = world.actor(Role.DIGITAL_LEAD, "RTH01")
    sheet = sheets.sheet_for(intake.of_deployment(live)[0], "dtac-2.0")
    old = evidence_queries.supporting("answer_sheet", sheet.id, organisation_id=sheet.organisation_id)["C3.1"][0]
    given = {
        "title": old.title, "kind": old.kind, "issuer": old.issuer, "standard": old.standard,
        "standard_version": old.standard_version, "issued_on": date(2026, 11, 2),
    } | said  # fmt: skip
    upload = assessed.stored(text="Renewed")
    house().storage.put_content(upload.data)
    with transaction():
        evidence.renew(evidence=old, upload=upload, by=by, at=clock.now(), **given)


def test_evidence_renewed_like_for_like_is_shown_in_words_and_asks_for_nothing(world, live):
    renew(world, live)
    found = drift.of(live, london=LONDON)
    moved = next(each for each in found.moved if each.change.code == "dtac.c3")
    assert any("renewed" in each.said or "takes the place" in each.said for each in moved.items), said(found)
    assert moved.row.asks == "submission" and not moved.asks and not found.asks
    with current_app.test_request_context():
        panel = drift_presenters.panel(found, live, world.actor(Role.DIGITAL_LEAD, "RTH01"))
    assert {line.policy for line in panel.lines} == {drift_presenters.RENEWED} and not panel.asks


@pytest.mark.parametrize("otherwise", [{"issuer": "Somebody else"}, {"standard": "ISO 27001"}, {"issued_on": None}])
def test_evidence_in_the_place_of_another_item_asks_as_any_change_does(world, live, otherwise):
    renew(world, live, **otherwise)
    assert drift.of(live, london=LONDON).asks


def test_a_pack_and_today_are_compared_and_two_packs_of_one_round_are_the_same(world, live):
    rise(world, live)
    submission = intake.of_deployment(live)[0]
    by = world.actor(Role.DIGITAL_LEAD, "RTH01")
    found = compare_queries.compared(submission, by)
    assert (found.earlier.id, found.later) == (live.approved_pack_id, None)
    assert found.result.summary[0] == "Residual risk rose for H1."
    again = str(live.approved_pack_id)
    assert compare_queries.compared(submission, by, first=again, second=again).result.changed == ()


def test_a_board_member_reads_decided_packs_alone(world, live):
    by = world.actor(Role.BOARD_MEMBER, "RTH01")
    submission = intake.of_deployment(live)[0]
    found = compare_queries.compared(submission, by)
    assert (len(found.choices), found.may_today, found.result) == (1, False, None)
    with pytest.raises(NotVisible):
        compare_queries.compared(submission, by, second=compare_queries.TODAY)
    again = proposals.proposed(world, tool=proposals.TOOL | {"name": "Other", "manufacturer": "Southbank Imaging Ltd"})
    with pytest.raises(Forbidden):
        compare_queries.compared(again, by)


@pytest.mark.parametrize("value", ["0", "999", "-1", "x", "today"])
def test_a_side_that_is_not_a_pack_of_the_deployment_is_not_there(world, live, value):
    submission = intake.of_deployment(live)[0]
    with pytest.raises(NotVisible):
        compare_queries.compared(submission, world.actor(Role.DIGITAL_LEAD, "RTH01"), first=value)
    db.session.rollback()
    assert queries.pack(submission) is not None
