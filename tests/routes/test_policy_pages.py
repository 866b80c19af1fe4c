"""What policy asks and why, what the organisation asks beyond it, and moving an open submission, from the pages."""

import pytest
import sqlalchemy as sa

from governance.database import db
from governance.intake.models import PolicyAddition, PolicyMove
from governance.lifecycle import Stage
from governance.permissions import Role
from governance.policy import policy
from governance.policy.explain import parts
from tests import added
from tests.proposals import proposed
from tests.world import World

TODAY = World.TODAY
DAY = {"day": TODAY.day, "month": TODAY.month, "year": TODAY.year}


def dated(name: str) -> dict[str, object]:
    return {f"{name}-{part}": value for part, value in DAY.items()}


PANEL = {
    "role": "cso", "needs": "2", "stages": ["pilot"], "tiers": ["high"], "instrument": "AI board, minute 7",
    "reason": "Two near misses.", **dated("starts_on"),
}  # fmt: skip


def test_the_page_says_what_the_command_line_says(client, world):
    world.sign_in(client, Role.AUDITOR, "RTH01")
    page = client.get("/RTH01/policy?stage=pilot&from=pipeline&direct_care=yes&colour=red&device=class_x").text
    facts = {row.code: row.mildest for row in policy().facts} | {"direct_care": "yes"}
    from_rules = parts(policy(), facts, Stage.PILOT, stage_from=Stage.PIPELINE)
    for part in from_rules[2:]:
        for line in part.lines:
            assert line.text in page
            assert f"Basis: {line.basis}." in page
    assert '<option value="yes" selected>' in page


def test_an_administrator_records_an_addition_and_ends_it(client, world):
    world.sign_in(client, Role.ORGANISATION_ADMINISTRATOR, "RTH01")
    at = "/RTH01/policy/additions/add/panel"
    assert client.get(at).status_code == 200
    wrong = client.post(at, data=PANEL | {"needs": "1", "stages": []})
    assert wrong.status_code == 422
    assert "Choose at least one stage" in wrong.text
    assert "AI board, minute 7" in wrong.text  # nothing typed is lost
    assert client.post(at, data=PANEL).location == "/RTH01/policy/additions"
    page = client.get("/RTH01/policy/additions").text
    assert "We ask 1 thing beyond policy" in page
    assert "At Pilot: 2 people must agree as clinical safety officer, at high tier." in page
    again = client.post(at, data=PANEL)
    assert (again.status_code, "You ask this already." in again.text) == (422, True)
    row = db.session.scalars(sa.select(PolicyAddition)).one()
    ended = {"version_id": row.version_id, **dated("ended_on")}
    where = f"/RTH01/policy/additions/{row.id}/end"
    db.session.rollback()
    assert client.post(where, data=ended | {"version_id": "9"}).status_code == 409
    assert client.post(where, data=ended).location == "/RTH01/policy/additions"
    assert "We ask nothing beyond policy" in client.get("/RTH01/policy/additions").text


@pytest.mark.parametrize(("role", "sees"), [(Role.DIGITAL_LEAD, False), (Role.ORGANISATION_ADMINISTRATOR, True)])
def test_everybody_reads_the_list_and_only_the_administrator_changes_it(client, world, role, sees):
    added.add(world, added.NICE)
    world.sign_in(client, role, "RTH01")
    page = client.get("/RTH01/policy/additions").text
    assert "NICE evidence standards is asked in full" in page
    assert ("Record what was decided" in page) is sees
    assert client.get("/RTH01/policy/additions/add/signer").status_code == (200 if sees else 403)


def test_a_newer_policy_is_a_quiet_panel_until_the_lead_moves_it(client, world):
    submission = proposed(world, policy="london-1")
    added.add(world, added.NICE)
    at = f"/RTH01/submissions/{submission.reference}"
    world.sign_in(client, Role.CSO, "RTH01")
    page = client.get(at).text
    assert "This is held to london-1." in page
    assert "Asked anew: NICE evidence standards, in full." in page
    assert "Decide whether to move it" not in page
    world.sign_in(client, Role.DIGITAL_LEAD, "RTH01")
    assert "Decide whether to move it" in client.get(at).text
    asked = client.get(f"{at}/policy/move").text
    assert "Asked anew: DCB0160 requirements, in full." in asked
    mark = asked.split('name="mark"')[1].split('value="')[1].split('"')[0]
    said = {"version_id": submission.version_id, "mark": mark}
    assert client.post(f"{at}/policy/move", data=said).status_code == 422
    stale = client.post(f"{at}/policy/move", data=said | {"mark": "london-2", "reason": "The board asked for it."})
    assert stale.status_code == 409
    assert client.post(f"{at}/policy/move", data=said | {"reason": "The board asked for it."}).location == at
    assert db.session.scalars(sa.select(PolicyMove.to_version)).all() == ["london-2"]
    page = client.get(at).text
    assert "Moved from policy london-1 to london-2" in page
    assert "A newer policy" not in page
    why = client.get(f"{at}/policy").text
    assert "Our own addition: AI board, minute 7 of 3 October 2026." in why
    assert "Nothing newer has come" in client.get(f"{at}/policy/move").text
