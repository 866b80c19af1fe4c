"""The register: references without gaps, one writer of stage and standing, and what partners see."""

from datetime import date
from threading import Thread

import pytest
from flask import Flask

from governance import clock
from governance.database import db, transaction
from governance.errors import Forbidden, NotVisible, Refused
from governance.identity import queries as identity
from governance.intake import operations as intake
from governance.intake.models import Submission
from governance.lifecycle import Stage, Standing
from governance.permissions import SYSTEM, Role
from governance.register import operations, queries
from governance.register.models import Deployment
from tests.proposals import TOOL, drafted, proposed
from tests.world import World


def deployed(world: World, code: str = "RTH01") -> Deployment:
    deployment = proposed(world, code).deployment
    assert deployment is not None
    return deployment


def approve(deployment: Deployment, stage: Stage, until: date) -> None:
    with transaction():
        approved = operations.Approved(stage, deployment.tool_version_id, until, None, "medium", date(2026, 12, 2))
        operations.move(
            deployment=deployment, arrow="take_effect", stage=stage, approved=approved, by=SYSTEM, at=clock.now()
        )


def test_find_or_create_takes_names_as_people_mean_them(world: World) -> None:
    by, at = world.actor(Role.DIGITAL_LEAD, "RTH01"), clock.now()
    with transaction():
        first = operations.register_tool(name="Chestwise Triage", manufacturer="Northgate Ltd", kind="imaging",
                                         summary="", by=by, at=at)  # fmt: skip
        again = operations.register_tool(name="chestwise  triage v2", manufacturer="NORTHGATE LIMITED", kind="imaging",
                                         summary="", by=by, at=at)  # fmt: skip
        assert again is first
        assert operations.register_version(tool=first, version="v2.3", by=by, at=at) is operations.register_version(
            tool=first, version="2.3", by=by, at=at
        )
        assert operations.register_supplier(name="Eastgate Ltd", by=by, at=at) is operations.register_supplier(
            name="Eastgate", by=by, at=at
        )


def test_use_cases_are_one_only_when_all_their_parts_say_the_same(world: World) -> None:
    by, at = world.actor(Role.DIGITAL_LEAD, "RTH01"), clock.now()
    given = {
        "name": "Urgent X-rays first",
        "kind": "imaging",
        "setting": "Radiology",
        "pathway": "",
        "population": "Adults",
    }
    with transaction():
        first = operations.register_use_case(**given, by=by, at=at)
        assert operations.register_use_case(**given | {"setting": "radiology"}, by=by, at=at) is first
        assert operations.register_use_case(**given | {"population": "Children"}, by=by, at=at) is not first


def test_references_count_up_in_each_organisation(world: World) -> None:
    references = [proposed(world, code).deployment.reference for code in ("RTH01", "RTH01", "QKK", "RTH01")]  # type: ignore[union-attr]
    assert references == ["RTH01-2026-0001", "RTH01-2026-0002", "QKK-2026-0001", "RTH01-2026-0003"]


def test_a_refused_proposal_leaves_no_gap(world: World) -> None:
    by, draft = world.actor(Role.DIGITAL_LEAD, "RTH01"), drafted(world)
    foreign = identity.sites_of(world.actor(Role.DIGITAL_LEAD, "QWE"))[0].id
    where = dict(draft.draft["values"]["where"]) | {"site_ids": [foreign]}
    with transaction():
        intake.save_draft(
            submission=draft, page="where", values=where, version_id=draft.version_id, by=by, at=clock.now()
        )
    with pytest.raises(NotVisible), transaction():
        intake.propose(submission=draft, by=by, at=clock.now())
    assert deployed(world).reference == "RTH01-2026-0001"


def test_two_proposals_at_once_get_two_references(app: Flask, world: World) -> None:
    ids = [drafted(world, same="none", tool=TOOL | {"name": name}).id for name in ("Listwell", "Queuewell")]
    db.session.rollback()
    found: list[str] = []

    def propose(submission_id: int) -> None:
        with app.app_context(), clock.fixed(World.TODAY):
            with transaction():
                row = db.session.get_one(Submission, submission_id)
                intake.propose(submission=row, by=world.actor(Role.DIGITAL_LEAD, "RTH01"), at=clock.now())
            found.append(row.reference or "")
            db.session.remove()

    threads = [Thread(target=propose, args=(each,)) for each in ids]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(found) == ["RTH01-2026-0001-S1", "RTH01-2026-0002-S1"]


def test_an_approval_moves_stage_and_standing_and_the_projection_follows(world: World) -> None:
    deployment = deployed(world)
    approve(deployment, Stage.PILOT, date(2027, 5, 2))
    seen = queries.projection(deployment)
    assert seen is not None
    assert (deployment.stage, deployment.standing) == (Stage.PILOT, Standing.ASSURED)
    assert (seen.stage, seen.standing, seen.approved_until) == (Stage.PILOT, Standing.ASSURED, date(2027, 5, 2))
    assert [change.arrow for change in queries.history(deployment)] == ["propose", "take_effect"]


def test_a_suspension_needs_a_reason_and_resuming_after_the_end_is_lapsed(world: World) -> None:
    deployment, cso = deployed(world), world.actor(Role.CSO, "RTH01")
    approve(deployment, Stage.PILOT, date(2026, 11, 5))
    with pytest.raises(Refused), transaction():
        operations.move(deployment=deployment, arrow="suspend", by=cso, at=clock.now())
    with transaction():
        operations.move(deployment=deployment, arrow="suspend", reason="Missed two.", by=cso, at=clock.now())
    assert (deployment.standing, deployment.standing_before) == (Standing.SUSPENDED, Standing.ASSURED)
    with clock.fixed(date(2026, 11, 9)), transaction():
        operations.move(deployment=deployment, arrow="resume", by=cso, at=clock.now())
    assert deployment.standing is Standing.LAPSED


def test_there_is_no_arrow_from_ceased(world: World) -> None:
    deployment = deployed(world)
    with transaction():
        operations.move(deployment=deployment, arrow="cease", reason="Not used.", by=SYSTEM, at=clock.now())
    with pytest.raises(Refused), transaction():
        operations.move(deployment=deployment, arrow="take_effect", by=SYSTEM, at=clock.now())


def test_only_the_organisation_that_registered_a_tool_corrects_it(world: World) -> None:
    deployment, at = deployed(world), clock.now()
    by = world.actor(Role.DIGITAL_LEAD, "QKK")
    with pytest.raises(Refused), transaction():
        operations.correct_tool(tool=deployment.tool, name="Mine", kind="imaging", summary="", by=by, at=at)
    with transaction():
        by = world.actor(Role.DIGITAL_LEAD, "RTH01")
        operations.correct_tool(tool=deployment.tool, name="Chestwise", kind="imaging", summary="", by=by, at=at)
    seen = queries.projection(deployment)
    assert seen is not None and seen.tool_name == "Chestwise"


def test_a_go_live_record_says_when_where_and_who_is_trained(world: World) -> None:
    deployment, at = deployed(world), clock.now()
    lead = world.actor(Role.DIGITAL_LEAD, "RTH01")
    given = {
        "deployment": deployment, "went_live_on": date(2026, 10, 30), "tool_version": deployment.tool_version,
        "sites": "Main site", "share_trained": 92, "confirmed_by": world.person(Role.CSO, "RTH01"),
    }  # fmt: skip
    with pytest.raises(Refused) as refused, transaction():
        operations.record_go_live(**given | {"went_live_on": date(2027, 1, 1), "share_trained": 101}, by=lead, at=at)
    assert refused.value.codes == ("go_live.date", "go_live.trained")
    with pytest.raises(Forbidden), transaction():
        operations.record_go_live(**given, by=world.actor(Role.CSO, "RTH01"), at=at)
    with transaction():
        operations.record_go_live(**given, by=lead, at=at)
    row = queries.go_live(deployment)
    assert row is not None and row.share_trained == 92


def test_the_list_is_own_newest_first_and_filtered(world: World) -> None:
    first, second = deployed(world), deployed(world)
    deployed(world, "QWE")
    approve(first, Stage.PILOT, date(2027, 5, 2))
    by = world.actor(Role.DIGITAL_LEAD, "RTH01")
    assert [row.id for row in queries.deployments(by)] == [second.id, first.id]
    assert [row.id for row in queries.deployments(by, after=second.id)] == [first.id]
    assert [row.id for row in queries.deployments(by, stage=Stage.PILOT, standing=Standing.ASSURED)] == [first.id]
    assert queries.how_many(by) == 2
    with pytest.raises(NotVisible):
        queries.deployment(first.reference, world.actor(Role.DIGITAL_LEAD, "QWE"))
