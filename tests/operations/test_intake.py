"""Intake as operations: drafts, proposing, triage and tier, and the arrows of a submission."""

from datetime import date
from pathlib import Path

import pytest

from governance import clock
from governance.database import db, transaction
from governance.errors import Conflict, Forbidden, NotVisible, Refused
from governance.identity import operations as people
from governance.identity import queries as identity
from governance.intake import operations, queries, rules
from governance.intake.cards.reader import read_card
from governance.intake.models import Submission
from governance.lifecycle import Stage, Standing, SubmissionStatus
from governance.permissions import OPERATOR, Role
from governance.policy import Tier
from governance.register import queries as register
from governance.web.uploads import Upload
from tests import agreed
from tests.proposals import FACTS, HIGH, LOW, TOOL, drafted, proposed
from tests.world import World

CARD = next((Path(__file__).parents[1] / "data" / "chai").rglob("*.xml"))


def test_a_proposal_enters_the_register_and_pins_its_policy(world: World) -> None:
    submission = proposed(world)
    deployment = submission.deployment
    assert deployment is not None
    assert deployment.reference == "RTH01-2026-0001"
    assert submission.reference == "RTH01-2026-0001-S1"
    assert (deployment.stage, deployment.standing, deployment.tier) == (Stage.PIPELINE, Standing.PROPOSED, "medium")
    assert (submission.status, submission.stage_asked) == (SubmissionStatus.OPENED, Stage.PILOT)
    assert (submission.tier, submission.route, submission.policy_version) == ("medium", "standard", "london-2")
    assert queries.facts(submission) == FACTS
    lead = world.person(Role.DIGITAL_LEAD, "RTH01").id
    assert (submission.started_by, submission.proposed_by, submission.submitted_by) == (lead, lead, None)
    assert [change.arrow for change in queries.history(submission)] == ["start", "propose"]
    assert [site.name for site in deployment.sites] == ["Main site"]


@pytest.mark.parametrize(("facts", "tier", "route"), [(LOW, "low", "registration"), (HIGH, "high", "full")])
def test_the_tier_follows_from_the_facts(world: World, facts: dict[str, str], tier: str, route: str) -> None:
    submission = proposed(world, facts=facts)
    assert (submission.tier, submission.route) == (tier, route)


def test_research_has_no_tier_and_is_a_register_entry_only(world: World) -> None:
    submission = proposed(world, facts=FACTS | {"purpose": "research", "research_route": "IRAS 123456"})
    row = queries.triage(submission)
    assert row is not None
    assert (submission.tier, submission.route) == (None, "register_entry")
    assert ["research_route", "Health Research Authority route, as stated: IRAS 123456"] in row.reasons
    assert "research_route" not in queries.facts(submission)


def test_an_unfinished_draft_is_refused_with_every_page_that_is_missing(world: World) -> None:
    by = world.actor(Role.DIGITAL_LEAD, "RTH01")
    with transaction():
        submission = operations.start(by=by, at=clock.now())
    with pytest.raises(Refused) as refused, transaction():
        operations.propose(submission=submission, by=by, at=clock.now())
    assert refused.value.codes == tuple(f"draft.{page}" for page in rules.NEW_TOOL)
    assert db.session.get_one(Submission, submission.id).status is SubmissionStatus.DRAFTED


def test_a_practice_s_tool_is_submitted_by_its_icb_under_the_agreement(world: World) -> None:
    submission = proposed(world, "HLP01", lead="QKK")
    deployment = submission.deployment
    assert deployment is not None
    assert deployment.organisation.code == "HLP01"
    assert deployment.submitted_by.code == "QKK"
    assert [site.name for site in deployment.sites] == ["The surgery"]


def test_a_strange_icb_does_not_see_it(world: World) -> None:
    submission = proposed(world)
    with pytest.raises(NotVisible):
        queries.submission(submission.reference or "", world.actor(Role.DIGITAL_LEAD, "QWE"))
    with pytest.raises(NotVisible):
        queries.draft(submission.id, world.actor(Role.DIGITAL_LEAD, "QWE"))


def test_only_a_digital_lead_starts(world: World) -> None:
    with pytest.raises(Forbidden), transaction():
        operations.start(by=world.actor(Role.CSO, "RTH01"), at=clock.now())


def test_the_same_tool_is_found_whatever_its_spelling(world: World) -> None:
    proposed(world)
    found = register.matches("CHESTWISE-TRIAGE v2.4", "Northgate Imaging")
    assert [(each.name, len(each.uses)) for each in found] == [("Chestwise Triage", 1)]
    assert found[0].uses[0].organisation_name == "Riverside Teaching Hospitals"


def test_picking_the_match_makes_no_second_tool(world: World) -> None:
    first = proposed(world)
    assert first.deployment is not None
    tool = first.deployment.tool_id
    second = proposed(world, "QKK", tool=TOOL | {"name": "Chestwise triage v2.3"}, same=str(tool))
    assert second.deployment is not None and second.deployment.tool_id == tool
    assert second.tool_version_id == first.tool_version_id
    assert second.same_as == "The same as Chestwise Triage by Northgate Imaging Ltd."


def test_saying_why_it_differs_makes_another_tool(world: World) -> None:
    first, second = proposed(world), proposed(world, "QKK")
    assert first.deployment is not None and second.deployment is not None
    assert second.deployment.tool_id != first.deployment.tool_id
    assert second.same_as == "Another one."


def test_a_tool_registered_meanwhile_asks_for_a_second_look(world: World) -> None:
    draft = drafted(world, "QKK")
    proposed(world)
    with pytest.raises(Refused) as refused, transaction():
        operations.propose(submission=draft, by=world.actor(Role.DIGITAL_LEAD, "QKK"), at=clock.now())
    assert refused.value.codes == ("draft.same",)


def test_a_model_card_fills_what_nobody_typed_and_is_marked_until_saved(world: World) -> None:
    by, data = world.actor(Role.DIGITAL_LEAD, "RTH01"), CARD.read_bytes()
    upload = Upload("card.xml", "xml", "application/xml", len(data), "0" * 64, data)
    with transaction():
        submission = operations.start(by=by, at=clock.now())
        operations.upload_card(submission=submission, upload=upload, card=read_card(data), by=by, at=clock.now())
    assert submission.draft["from_card"]["tool"] == ["manufacturer", "name", "summary", "version"]
    card = queries.newest_card(submission)
    assert card is not None and card.fields["tool.name"] == submission.draft["values"]["tool"]["name"]
    with transaction():
        operations.save_draft(
            submission=submission, page="tool", values=TOOL, version_id=submission.version_id, by=by, at=clock.now()
        )
        operations.upload_card(submission=submission, upload=upload, card=read_card(data), by=by, at=clock.now())
    assert "tool" not in submission.draft["from_card"]
    assert submission.draft["values"]["tool"]["name"] == TOOL["name"]


def test_a_stale_page_of_a_draft_is_a_conflict(world: World) -> None:
    submission = drafted(world)
    with pytest.raises(Conflict), transaction():
        operations.save_draft(
            submission=submission, page="tool", values=TOOL, version_id=1,
            by=world.actor(Role.DIGITAL_LEAD, "RTH01"), at=clock.now(),
        )  # fmt: skip


def test_a_change_of_the_tool_asks_again_if_it_is_the_same(world: World) -> None:
    submission = drafted(world)
    with transaction():
        operations.save_draft(
            submission=submission, page="tool", values=TOOL | {"name": "Another name"},
            version_id=submission.version_id, by=world.actor(Role.DIGITAL_LEAD, "RTH01"), at=clock.now(),
        )  # fmt: skip
    assert not rules.is_saved(submission.draft, "same")


def test_held_and_released_it_is_what_it_was(world: World) -> None:
    submission, by = proposed(world), world.actor(Role.DIGITAL_LEAD, "RTH01")
    with transaction():
        operations.hold(submission=submission, reason="The supplier is being bought.", by=by, at=clock.now())
    assert submission.status is SubmissionStatus.HELD
    with pytest.raises(Refused), transaction():
        operations.release(submission=submission, reason=" ", by=by, at=clock.now())
    with transaction():
        operations.release(submission=submission, reason="It was bought.", by=by, at=clock.now())
    assert submission.status is SubmissionStatus.OPENED


def test_withdrawn_is_for_good(world: World) -> None:
    submission, by = proposed(world), world.actor(Role.DIGITAL_LEAD, "RTH01")
    with transaction():
        operations.withdraw(submission=submission, reason="No money.", by=by, at=clock.now())
    assert submission.closed_at is not None
    with pytest.raises(Refused), transaction():
        operations.hold(submission=submission, reason="Again.", by=by, at=clock.now())


def test_one_submission_at_a_time_is_open_about_a_deployment(world: World) -> None:
    submission, by = proposed(world), world.actor(Role.DIGITAL_LEAD, "RTH01")
    with pytest.raises(Refused), transaction():
        operations.start(by=by, at=clock.now(), deployment=submission.deployment)


def test_triage_is_corrected_with_a_reason_and_gives_a_new_tier(world: World) -> None:
    submission, by = proposed(world), world.actor(Role.DIGITAL_LEAD, "RTH01")
    with pytest.raises(Refused) as refused, transaction():
        operations.correct_triage(
            submission=submission, facts=HIGH, reason="", version_id=submission.version_id, by=by, at=clock.now()
        )
    assert refused.value.codes == ("reason",)
    with transaction():
        operations.correct_triage(
            submission=submission, facts=HIGH, reason="It is class IIa.", version_id=submission.version_id,
            by=by, at=clock.now(),
        )  # fmt: skip
    assert (submission.tier, submission.route) == ("high", "full")
    assert queries.facts(submission)["device"] == "class_iia"
    assert queries.is_first_of_kind(submission)


def test_a_lead_raises_the_tier_and_only_the_safety_officer_lowers_it(world: World) -> None:
    submission = proposed(world)
    lead, cso = world.actor(Role.DIGITAL_LEAD, "RTH01"), world.actor(Role.CSO, "RTH01")
    with transaction():
        operations.raise_tier(submission=submission, tier=Tier.HIGH, reason="New to us.", by=lead, at=clock.now())
    with pytest.raises(Forbidden), transaction():
        operations.lower_tier(submission=submission, tier=Tier.LOW, reason="It is safe.", by=lead, at=clock.now())
    with pytest.raises(Refused), transaction():
        operations.lower_tier(submission=submission, tier=Tier.LOW, reason="", by=cso, at=clock.now())
    with transaction():
        operations.lower_tier(submission=submission, tier=Tier.MEDIUM, reason="Read by all.", by=cso, at=clock.now())
    assert submission.tier == "medium"
    assert [(each.tier_from, each.tier_to, each.role) for each in queries.tier_changes(submission)] == [
        ("medium", "high", "digital_lead"),
        ("high", "medium", "cso"),
    ]


def test_a_controller_outside_the_care_system_is_refused(world: World) -> None:
    submission, by = drafted(world), world.actor(Role.DIGITAL_LEAD, "RTH01")
    stranger = identity.organisation_by_code("QWE").id
    with transaction():
        values = dict(submission.draft["values"]["where"]) | {"controller_id": stranger}
        operations.save_draft(
            submission=submission, page="where", values=values, version_id=submission.version_id, by=by, at=clock.now()
        )
    with pytest.raises(Refused) as refused, transaction():
        operations.propose(submission=submission, by=by, at=clock.now())
    assert refused.value.codes == ("where.controller_id",)


def test_a_raised_tier_stays_however_often_the_facts_are_corrected(world: World) -> None:
    submission, by = proposed(world), world.actor(Role.DIGITAL_LEAD, "RTH01")
    with transaction():
        operations.raise_tier(
            submission=submission, tier=Tier.HIGH, reason="Children.", by=world.actor(Role.CSO, "RTH01"), at=clock.now()
        )
    for how_many in ("under_1000", "1000_to_100000", "under_1000"):
        with transaction():
            operations.correct_triage(
                submission=submission, facts=FACTS | {"people_a_year": how_many}, reason="Counted again.",
                version_id=submission.version_id, by=by, at=clock.now(),
            )  # fmt: skip
        assert submission.tier == "high"


def test_a_successor_reads_a_predecessor_s_submission_and_changes_nothing(world: World) -> None:
    submission = proposed(world, "QKK")
    old, new = world.organisation("QKK"), world.organisation("QWE")
    with transaction():
        people.end_organisation(organisation=old, on=World.TODAY, successor=new, by=OPERATOR, at=clock.now())
    by = world.actor(Role.DIGITAL_LEAD, "QWE")
    assert queries.submission(submission.reference or "", by).id == submission.id
    for verb, said in (
        (operations.withdraw, {"reason": "Ended."}),
        (operations.hold, {"reason": "Ended."}),
        (operations.raise_tier, {"tier": Tier.HIGH, "reason": "Ended."}),
        (operations.correct_triage, {"facts": HIGH, "reason": "Ended.", "version_id": submission.version_id}),
    ):
        with pytest.raises(Forbidden), transaction():
            verb(submission=submission, by=by, at=clock.now(), **said)
    with pytest.raises(Forbidden), transaction():
        operations.start(deployment=submission.deployment, by=by, at=clock.now())
    assert submission.status is SubmissionStatus.OPENED


def test_an_expired_clinical_safety_officer_lowers_no_tier(world: World) -> None:
    submission = proposed(world)
    with transaction():
        people.record_registration(
            person=world.person(Role.CSO, "RTH01"), body="GMC", number="1", expires_on=date(2026, 10, 31), trained_on=None,
            by=OPERATOR, at=clock.now(),
        )  # fmt: skip
    with pytest.raises(Refused) as refused, transaction():
        operations.lower_tier(
            submission=submission, tier=Tier.LOW, reason="A rota.", by=world.actor(Role.CSO, "RTH01"), at=clock.now()
        )
    assert refused.value.codes == ("registration.expired",)


def test_a_pilot_is_extended_once(submission: Submission) -> None:
    world = World()
    agreed.agree(world, submission)
    first, second = (_extension(world, submission) for _ in range(2))
    assert (first, second) == ((), ("stage.extended_before",))


def _extension(world: World, before: Submission) -> tuple[str, ...]:
    """Ask to extend the pilot, and let it be authorised; the reasons why it cannot be proposed."""
    by, at = world.actor(Role.DIGITAL_LEAD, "RTH01"), clock.now()
    ask = {"kind": "extend_pilot", "stage": "pilot", "version": "2.3", "reason": "Winter is needed."}
    try:
        with transaction():
            asked = operations.start(deployment=before.deployment, by=by, at=at)
            for page, held in {"ask": ask, "triage": FACTS}.items():
                operations.save_draft(submission=asked, page=page, values=held, version_id=asked.version_id, by=by, at=at)
        with transaction():
            operations.propose(submission=asked, by=by, at=at)
    except Refused as refused:
        return refused.codes
    with transaction():
        operations.move(submission=asked, arrow="submit", role=Role.DIGITAL_LEAD, by=by, at=at)
        operations.move(submission=asked, arrow="authorise", role=Role.AUTHORISING_EXECUTIVE, by=by, at=at)
    return ()
