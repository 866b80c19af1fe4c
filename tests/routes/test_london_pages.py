"""The London register, the edition for partners and the public pages, through the browser's eyes."""

import re
from datetime import date

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from governance import clock, spreadsheets
from governance.approval.rules import NewCondition
from governance.database import db, transaction
from governance.database.transactions import writable
from governance.identity import operations as identity
from governance.jobs import queue
from governance.jobs.models import Job
from governance.lifecycle import Stage, Standing
from governance.permissions import OPERATOR, Role
from governance.register.models import Deployment, Projection
from governance.reports.models import Report
from tests import agreed, assessed, proposals
from tests.world import World

CONDITION = NewCondition("Measure the turnaround of urgent images.", "digital_lead", "after", date(2027, 2, 1), "A table.")
OTHER = proposals.TOOL | {"name": "100%_Sure", "manufacturer": "Queuewell Ltd"}


def read(client: FlaskClient, world: World, url: str, role: Role = Role.DIGITAL_LEAD, code: str = "QWE") -> str:
    """A page as somebody of another organisation reads it."""
    world.sign_in(client, role, code)
    answer = client.get(url)
    assert answer.status_code == 200
    return answer.text


def plain(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.split("<main")[1].split("</main")[0]))


def project(submission, **values: object) -> str:
    """Let the projection say something else, and give the deployment's reference."""
    found, reference, table = submission.deployment_id, str(submission.deployment.reference), Projection.__table__
    db.session.rollback()
    with writable(), db.engine.begin() as connection:
        connection.execute(sa.update(table).where(table.c.deployment_id == found).values(**values))
    return reference


def test_every_partner_finds_a_tool_by_what_it_is_and_where_it_stands(client: FlaskClient, world: World) -> None:
    proposals.proposed(world)
    sure = proposals.proposed(world, "QKK", tool=OTHER)
    project(sure, standing=Standing.DECLARED, stage=Stage.PILOT, tier="low", kind="chatbot", purpose="Answers letters.")
    world.sign_in(client, Role.BOARD_MEMBER, "QWE")
    both, one, none = {"Chestwise Triage", "100%_Sure"}, {"100%_Sure"}, set[str]()
    for query, found in {
        "": both, "q=CHESTWISE": {"Chestwise Triage"}, "q=queuewell": one, "q=letters": one, "q=0%25_s": one,
        "q=%25%25": none, "q=e_t": none, "q=queuewell+letters": one, "organisation=south+east": one, "organisation=qkk": one,
        "organisation=riverside": {"Chestwise Triage"}, "system=QKK": both, "system=QWE": none, "stage=pilot": one,
        "standing=declared": one, "standing=nothing": both, "kind=chatbot": one, "tier=low": one, "stage=pilot&tier=high": none,
    }.items():  # fmt: skip
        page = client.get(f"/london/?{query}").text
        assert {name for name in both if name in plain(page)} == found, query


def test_the_filtered_list_is_a_spreadsheet_too(client: FlaskClient, world: World) -> None:
    proposals.proposed(world)
    proposals.proposed(world, "QKK", tool=OTHER)
    world.sign_in(client, Role.BOARD_MEMBER, "QWE")
    with client.get("/london/register.xlsx?q=queuewell") as answer:
        sheet = spreadsheets.read_sheet(answer.data, filename="london.xlsx", sheet="Tools")
    assert [row.cell(2) for row in sheet.rows] == ["Tool", "100%_Sure"]


def test_what_ceased_is_shown_on_demand_with_what_was_learned(client: FlaskClient, world: World) -> None:
    ceased = proposals.proposed(world)
    reference = project(ceased, standing=Standing.CEASED, lessons=["Plan the fallback early."])
    assert "Chestwise" not in plain(read(client, world, "/london/"))
    for query in ("ceased=1", "standing=ceased"):
        assert "Chestwise" in plain(read(client, world, f"/london/?{query}"))
    assert "Plan the fallback early." in read(client, world, f"/london/tools/{reference}")


def test_the_list_goes_on_from_the_last_one_shown(client: FlaskClient, world: World) -> None:
    first = proposals.proposed(world)
    db.session.rollback()
    table, parent = Projection.__table__, Deployment.__table__
    with writable(), db.engine.begin() as connection:
        row = dict(connection.execute(sa.select(parent)).mappings().one())
        connection.execute(sa.insert(parent), [row | {"id": n, "reference": f"R-{n}"} for n in range(1000, 2005)])
        row = dict(connection.execute(sa.select(table)).mappings().one())
        many = [row | {"deployment_id": n, "reference": f"R-{n}", "tool_name": f"Tool {n:04d}"} for n in range(1000, 2005)]
        connection.execute(sa.insert(table), many)
    page = read(client, world, "/london/?stage=pipeline")
    assert "More than 1,000 tools" in page
    seen: list[str] = []
    while True:
        seen += re.findall(r"Tool \d{4}|Chestwise Triage", plain(page))
        more = re.search(r'rel="next" href="([^"]+)"', page)
        if more is None or len(seen) > 60:
            break
        page = client.get(more.group(1).replace("&amp;", "&")).text
    assert seen[:60] == [f"Tool {n:04d}" for n in range(2004, 1944, -1)]
    assert first.deployment is not None


def test_a_partner_reads_how_a_tool_does_and_nobody_by_name(client: FlaskClient, world: World) -> None:
    submission = agreed.authorised(world, conditions=[CONDITION])
    figure = {"name": "Turnaround", "unit": "hours", "period": "2026-10-01", "value": "4.2", "target": "6"}
    reference = project(
        submission, open_signals=2, red_signals=1, monitored_to=date(2026, 10, 1),
        performance=[figure | {"variation": "concern", "assurance": "hit_and_miss"}],
    )  # fmt: skip
    said = plain(read(client, world, f"/london/tools/{reference}", Role.CSO))
    for text in (
        "4.2 hours October 2026", "Getting worse: more than chance", "sometimes met and sometimes missed", "2, 1 red",
        "A person reviews each output", "Vetted is not endorsed", "Open conditions 1", "2 May 2027",
    ):  # fmt: skip
        assert text in said, text
    assert "of RTH01" not in said and "rth01.example" not in said


def test_the_own_page_is_offered_to_the_own_people_and_asking_to_suspend_to_others(client: FlaskClient, world: World) -> None:
    reference = agreed.authorised(world).deployment.reference  # type: ignore[union-attr]
    own = read(client, world, f"/london/tools/{reference}", Role.CSO, "RTH01")
    assert f'href="/RTH01/tools/{reference}"' in own and "Ask them to suspend" not in own
    theirs = read(client, world, f"/london/tools/{reference}", Role.AI_LEAD, "QWE")
    assert f"/RTH01/tools/{reference}" not in theirs and "Ask them to suspend" in theirs
    assert "Ask them to suspend" not in read(client, world, f"/london/tools/{reference}", Role.CSO, "QWE")
    board = read(client, world, f"/london/tools/{reference}", Role.BOARD_MEMBER, "QWE")
    assert "Ask them to suspend" not in board


def test_the_same_tool_elsewhere_is_a_link_to_what_partners_see(client: FlaskClient, world: World) -> None:
    mine = proposals.proposed(world)
    theirs = proposals.proposed(world, "QKK", same=str(mine.deployment.tool_id))  # type: ignore[union-attr]
    page = read(client, world, f"/london/tools/{mine.deployment.reference}")  # type: ignore[union-attr]
    assert f'href="/london/tools/{theirs.deployment.reference}"' in page  # type: ignore[union-attr]


@pytest.mark.parametrize("until", ["submitted", "returned", "not_approved"])
def test_a_pack_that_nobody_authorised_is_not_there_for_partners(client: FlaskClient, world: World, until: str) -> None:
    submission = assessed.submitted(world)
    roles = agreed.roles_in_order(submission)
    if until == "returned":
        agreed.sign(world, submission, roles[0], outcome="return_for_information", reason="Say more.")
    if until == "not_approved":
        agreed.sign(world, submission, roles[0], outcome="not_approved", reason="Too early.")
    world.sign_in(client, Role.DIGITAL_LEAD, "QWE")
    for url in ("/london/packs/1", "/london/packs/1/hazard_log", "/london/packs/1/report", "/london/packs/1/report/file"):
        assert client.get(url).status_code == 404
    assert client.post("/london/packs/1/report").status_code == 404


def test_partners_read_a_decided_pack_by_role(client: FlaskClient, world: World) -> None:
    agreed.authorised(world, conditions=[CONDITION])
    page = read(client, world, "/london/packs/1")
    said = plain(page)
    assert "Approved for Pilot, version 2.3, until 2 May 2027, 1 condition" in said
    assert "Clinical safety officer Approved" in said and "Edition for partners." in said
    assert CONDITION.text not in said and "of RTH01" not in said
    for href in re.findall(r'href="(/london/packs/1/[^"]+)"', page):
        answer = client.get(href)
        assert answer.status_code == 200, href
        assert " of RTH01" not in answer.text and CONDITION.text not in answer.text, href


def test_the_edition_for_partners_is_made_once_for_all_who_ask(app: Flask, client: FlaskClient, world: World) -> None:
    agreed.authorised(world, conditions=[CONDITION])
    assert "not made yet" in read(client, world, "/london/packs/1/report")
    assert client.get("/london/packs/1/report/file").status_code == 404
    assert client.post("/london/packs/1/report").location == "/london/packs/1/report"
    world.sign_in(client, Role.BOARD_MEMBER, "QKK")
    client.post("/london/packs/1/report")
    jobs = list(db.session.scalars(sa.select(Job).where(Job.kind == "audit_report")))
    assert len(jobs) == 1
    if jobs[0].status != "done":
        queue.run(jobs[0].id)
    db.session.rollback()
    report = db.session.scalars(sa.select(Report)).one()
    assert (report.edition, report.issued_by) == ("partner", None)
    assert "is ready" in read(client, world, "/london/packs/1/report")
    with client.get("/london/packs/1/report/file") as answer:
        assert answer.data.startswith(b"%PDF-") and "attachment" in answer.headers["Content-Disposition"]


def test_somebody_in_two_organisations_reads_london_and_acts_in_neither(client: FlaskClient, world: World) -> None:
    reference = proposals.proposed(world).deployment.reference  # type: ignore[union-attr]
    with transaction():
        identity.add_membership(
            person=world.person(Role.CSO, "QKK"), organisation_id=world.organisation("QWE").id, role=Role.AUDITOR,
            started_on=date(2026, 1, 1), by=OPERATOR, at=clock.now(),
        )  # fmt: skip
    page = read(client, world, f"/london/tools/{reference}", Role.CSO, "QKK")
    assert re.findall(r'<nav class="nav".*?</nav>', page, re.S)[0].count("<li") == 2  # the queue over all of them, and London


def test_anybody_reads_what_is_in_use_and_nothing_that_is_not(client: FlaskClient, world: World) -> None:
    proposed = proposals.proposed(world).deployment.reference  # type: ignore[union-attr]
    live = agreed.authorised(world, tool=OTHER).deployment.reference  # type: ignore[union-attr]
    answer = client.get("/public/")
    said = plain(answer.text)
    assert "1 AI tool in use" in said and "100%_Sure" in said and "Chestwise" not in said
    assert answer.headers["Cache-Control"] == "public, max-age=300" and "Cookie" in answer.headers["Vary"]
    assert "Set-Cookie" not in answer.headers
    assert client.get(f"/public/{proposed}").status_code == 404
    said = plain(client.get(f"/public/{live}").text)
    for text in ("on trial for a limited time", "A person checks everything it produces", "approved its use until 2 May 2027", "PALS"):
        assert text in said
    assert " of RTH01" not in said


@pytest.mark.parametrize(
    ("values", "listed", "says"),
    [
        ({"standing": Standing.DECLARED, "stage": Stage.PROOF_OF_CONCEPT, "in_use_since": "spring 2024"}, True, "spring 2024"),
        ({"standing": Standing.SUSPENDED, "stage": Stage.PILOT}, True, "not in use at the moment"),
        ({"standing": Standing.LAPSED, "stage": Stage.IMPLEMENTATION}, True, "Its approval has run out"),
        ({"standing": Standing.CEASED, "stage": Stage.BUSINESS_AS_USUAL}, False, "It is no longer used here"),
        ({"standing": Standing.ASSURED, "stage": Stage.PILOT, "oversight": "acts_alone", "patient_facing": True}, True, "use it themselves"),
    ],
)
def test_each_standing_is_said_in_plain_words(client, world, values, listed, says) -> None:
    reference = project(proposals.proposed(world), **values)
    assert ("Chestwise" in plain(client.get("/public/").text)) is listed
    assert says in plain(client.get(f"/public/{reference}").text)


def test_a_page_made_for_somebody_signed_in_is_kept_by_nobody(client: FlaskClient, world: World) -> None:
    world.sign_in(client, Role.CSO, "RTH01")
    assert client.get("/public/").headers["Cache-Control"] == "no-store"


def test_the_administrator_says_how_the_public_raises_a_concern(client: FlaskClient, world: World) -> None:
    reference = agreed.authorised(world).deployment.reference  # type: ignore[union-attr]
    world.sign_in(client, Role.ORGANISATION_ADMINISTRATOR, "RTH01")
    assert client.post("/RTH01/people/concerns", data={"concerns": "x" * 301}).status_code == 422
    assert client.post("/RTH01/people/concerns", data={"concerns": "Ring <b>020</b> 7946 0000."}).status_code == 302
    page = client.get(f"/public/{reference}").text
    assert "Ring &lt;b&gt;020&lt;/b&gt; 7946 0000." in page and "PALS" not in page
    client.post("/RTH01/people/concerns", data={"concerns": " "})
    assert "PALS" in client.get(f"/public/{reference}").text
