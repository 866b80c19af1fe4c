"""First screens: what each role reads first, and that nobody sees a link they cannot open."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, datetime, time

import pytest
from flask.testing import FlaskClient

from governance import clock
from governance.approval.rules import NewCondition
from governance.database import transaction
from governance.identity import operations as identity
from governance.intake import operations as intake
from governance.permissions import OPERATOR, Role
from tests import agreed, assessed, proposals
from tests.world import World

OTHER = proposals.TOOL | {
    "name": "Queuewell",
    "manufacturer": "Queuewell Ltd",
    "supplier": "Queuewell Ltd",
    "version": "1.8",
}
CONDITION = NewCondition(
    text="A second reader at night.",
    owner_role="digital_lead",
    kind="after",
    due_on=date(2026, 11, 20),
    evidence_asked="A rota.",
)


def read(client: FlaskClient, world: World, role: Role | str, code: str = "RTH01") -> str:
    world.sign_in(client, role, code)
    answer = client.get(f"/{code}/")
    assert answer.status_code == 200, answer.text
    return answer.text


def heading(page: str) -> str:
    return re.sub(r"<[^>]+>", "", re.search(r"<h1[^>]*>(.*?)</h1>", page, re.S).group(1)).strip()  # type: ignore[union-attr]


def plain(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


@pytest.mark.parametrize(
    ("role", "first"),
    [
        (Role.DIGITAL_LEAD, "Nothing needs you today"),
        (Role.CSO, "Nothing is open for you today"),
        (Role.CISO, "Nothing is open for you today"),
        (Role.BOARD_MEMBER, "No tool is live yet"),
        (Role.AUDITOR, "Nothing needs you today"),
        (Role.ORGANISATION_ADMINISTRATOR, "Nothing needs you today"),
    ],
)
def test_an_empty_organisation_says_that_nothing_waits(
    client: FlaskClient, world: World, role: Role, first: str
) -> None:
    assert heading(read(client, world, role)) == first


def test_the_lead_finishes_a_draft_and_sees_what_an_open_assessment_needs(client: FlaskClient, world: World) -> None:
    proposals.drafted(world, tool=OTHER)
    submission = proposals.proposed(world)
    page = read(client, world, Role.DIGITAL_LEAD)
    assert heading(page) == "2 things need you"
    assert "Finish the draft" in page and "Queuewell" in page
    assert re.search(r"\d+ things stop it", page)
    assert f"/RTH01/submissions/{submission.reference}" in page


def test_the_lead_waits_for_those_who_must_agree(client: FlaskClient, world: World) -> None:
    assessed.submitted(world)
    page = plain(read(client, world, Role.DIGITAL_LEAD))
    assert "Chestwise Triage 2.3" in page
    assert "Expected within 10 working days" in page and "0 of 10 days" in page


def test_the_lead_answers_what_a_signer_returned(client: FlaskClient, world: World) -> None:
    submission = assessed.submitted(world)
    first = agreed.roles_in_order(submission)[0]
    agreed.sign(world, submission, first, outcome="return_for_information", reason="Which readers are trained?")
    page = plain(read(client, world, Role.DIGITAL_LEAD))
    assert "1 thing needs you" in page
    assert (
        f"Answer the queries Chestwise Triage 2.3 · returned by the {first.title}: “Which readers are trained?”" in page
    )


def test_after_the_decision_the_condition_comes_then_the_end_of_the_pilot(client: FlaskClient, world: World) -> None:
    agreed.authorised(world, conditions=[CONDITION])
    page = plain(read(client, world, Role.DIGITAL_LEAD))
    assert "1 thing needs you" in page and "Nothing is late. The first is due on 20 November." in page
    assert "Meet condition 1 Chestwise Triage · A second reader at night. Due 20 November in 14 working days" in page
    assert "Next 30 days 20 November Condition: A second reader at night Chestwise Triage" in page
    with clock.fixed(date(2026, 11, 24)):
        late = plain(read(client, world, Role.DIGITAL_LEAD))
    assert "One is late: condition 1 on Chestwise Triage." in late and "2 working days late" in late


def test_a_tool_whose_only_submission_was_withdrawn_says_what_comes_next(client: FlaskClient, world: World) -> None:
    submission = proposals.proposed(world)
    with transaction():
        by = world.actor(Role.DIGITAL_LEAD, "RTH01")
        intake.withdraw(submission=submission, reason="The contract was not signed.", by=by, at=clock.now())
    at = f"/RTH01/tools/{submission.deployment.reference}"
    home = read(client, world, Role.DIGITAL_LEAD)
    assert "Start a submission, or leave it as it is" in home and f'href="{at}/next"' in home
    page = client.get(at).text
    said = "No submission is open. The last one was withdrawn on 2 November 2026. The tool is not to be used until one is authorised."
    assert said in page and "Start a submission" in page and "Ask for the next step" not in page
    world.sign_in(client, Role.AUDITOR, "RTH01")
    assert said in client.get(at).text and "Start a submission" not in client.get("/RTH01/").text


def test_a_decision_that_waits_for_its_condition_says_so(client: FlaskClient, world: World) -> None:
    submission = agreed.authorised(world, conditions=[replace(CONDITION, kind="before")])
    home = read(client, world, Role.DIGITAL_LEAD)
    assert "Start a submission" not in home
    at = f"/RTH01/tools/{submission.deployment.reference}"
    assert "It takes effect when condition 1 is met and confirmed." in client.get(at).text
    with clock.fixed(date(2027, 6, 1)):
        world.sign_in(client, Role.DIGITAL_LEAD, "RTH01")
        assert "The approval ended on 2 May 2027, before it took effect. A new submission is needed." in client.get(at).text
        assert "Start a submission, or leave it as it is" in client.get("/RTH01/").text


def test_a_signer_sees_what_is_ready_over_all_organisations_oldest_first(client: FlaskClient, world: World) -> None:
    submission = assessed.submitted(world)
    first = agreed.roles_in_order(submission)[0]
    page = read(client, world, first)
    assert heading(page) == "1 matter waits for you"
    assert "First time you sign this tool" in page
    assert f"/RTH01/submissions/{submission.reference}/sign/{first.value}" in page


def test_the_officer_sees_registration_old_training_and_appointments(client: FlaskClient, world: World) -> None:
    page = plain(read(client, world, Role.CSO, "QKK"))
    assert "clinical safety officer for 2 organisations" in page
    assert "Harbour Lane Practice by agreement, to 31 December 2028" in page
    with clock.fixed(datetime.combine(date(2028, 11, 5), time(9), clock.LONDON)):
        later = plain(read(client, world, Role.CSO, "QKK"))
    assert "It has expired: you cannot sign" in later and "Older than 3 years" in later and "It ends soon" in later


def test_a_judge_is_led_to_the_section_to_judge(client: FlaskClient, world: World) -> None:
    submission = proposals.proposed(world)
    with transaction():
        world.appoint_for(submission.deployment.id, "RTH01")  # type: ignore[union-attr]
    with transaction():
        assessed.show(world, submission)
    page = read(client, world, Role.CISO)
    assert re.search(rf'href="/RTH01/submissions/{submission.reference}/[^"]*">Judge ', page)


def test_a_board_member_sees_no_link_they_cannot_open(client: FlaskClient, world: World) -> None:
    agreed.authorised(world, conditions=[CONDITION])
    waiting = assessed.submitted(world, tool=OTHER)
    for role in agreed.roles_in_order(waiting)[:-1]:
        agreed.sign(world, waiting, role)
    with clock.fixed(date(2026, 11, 24)):
        page = read(client, world, Role.BOARD_MEMBER)
        assert heading(page) == "1 tool live, 1 assured"
        said = plain(page)
        assert "Queuewell 1.8 Progress to Pilot, with the authorising executive" in said
        assert "Condition 1 on Chestwise Triage is overdue" in said
        assert "Approved for Pilot, version 2.3" in said
        links = set(re.findall(r'href="(/RTH01/[^"?#]*)', page))
        assert any("/packs/" in link for link in links)
        for link in links:
            assert client.get(link).status_code == 200, link


def test_somebody_with_several_roles_reads_each_part_on_one_page(client: FlaskClient, world: World) -> None:
    with transaction():
        identity.add_membership(
            person=world.person(Role.DIGITAL_LEAD, "RTH01"), organisation_id=world.organisation("RTH01").id,
            role=Role.BOARD_MEMBER, started_on=date(2026, 1, 1), by=OPERATOR, at=clock.now(),
        )  # fmt: skip
    page = plain(read(client, world, Role.DIGITAL_LEAD))
    assert page.count("Nothing needs you today") == 1
    assert page.index("What needs you") < page.index("No tool is live yet") < page.index("For decision")


def test_nobody_sees_what_waits_in_an_organisation_where_they_hold_nothing(client: FlaskClient, world: World) -> None:
    assessed.submitted(world)
    for role in (Role.CSO, Role.DIGITAL_LEAD, Role.AUTHORISING_EXECUTIVE):
        assert "Chestwise" not in read(client, world, role, "QWE")
