"""The whole walk in the browser, begun from a model card: each step by the person whose step it is, with their password."""

from collections.abc import Callable
from pathlib import Path

from flask import Flask

from governance import clock
from governance.assessment.packs import queries
from governance.intake.models import Submission
from governance.jobs import queue
from governance.permissions import Role
from tests import agreed, assessed
from tests.browser import sheets, steps
from tests.browser.accessibility import faults
from tests.browser.conftest import Start
from tests.browser.people import Somebody
from tests.world import World

Open = Callable[..., Somebody]
Template = tuple[str, Path]
BY_CLICKS = {"risk_plan", "hazard_log"}
JUDGED_BY_CLICKS = "dpia"


def test_the_whole_walk(template: Template, serve: Start, somebody: Open, tmp_path: Path) -> None:
    address, app = serve(template)
    lead = somebody(address, "digital_lead", "RTH01")
    cso = somebody(address, "cso", "RTH01")
    path = propose_from_a_card(lead)
    tool = f"/RTH01/tools/{steps.on_the_server(app, path, deployment_of)}"
    appoint(somebody(address, "organisation_administrator", "RTH01"), tool)
    confirm_the_card(lead, path)
    answer_by_clicks(lead, path, tmp_path)
    approve_the_plan(cso, path)
    log_a_hazard(lead, path)
    approve_the_log(cso, path)
    approve_a_safety_case(cso, path)
    steps.on_the_server(app, path, lambda world, found: assessed.show(world, found, without=BY_CLICKS))
    steps.on_the_server(app, path, lambda world, found: assessed.judge(world, found, without={JUDGED_BY_CLICKS}))
    judge_by_clicks(app, somebody, address, path)
    submit(lead, path)
    for role in steps.on_the_server(app, path, lambda _, found: agreed.roles_in_order(found))[:-1]:
        steps.sign(somebody(address, role.value, "RTH01"), path, role.value, agreed.ADVICE.get(role, "approve"))
    authorise(somebody(address, "authorising_executive", "RTH01"), path)
    lead.open(tool)
    for words in ("Pilot", "Assured", "until", "1 condition"):
        assert words in lead.text, lead.text
    issue_the_report(app, lead, path)
    board = somebody(address, "board_member", "RTH01")
    board.open("/RTH01/reports")
    assert "BriefCase-Triage" in board.text
    board.page.get_by_role("link", name="BriefCase-Triage").first.click()
    assert "Approved for Pilot" in board.text, board.text


def propose_from_a_card(lead: Somebody) -> str:
    """Upload the card, look at what was read, and propose what it filled in."""
    steps.start_draft(lead)
    lead.page.set_input_files("[name=file]", steps.CARD)
    lead.press("Upload and read")
    assert "statements read from the model card" in lead.heading
    assert not faults(lead.page)
    lead.press("Continue")
    assert lead.page.locator("[name=manufacturer]").input_value() == "Aidoc"
    assert "From the model card" in lead.text
    steps.name_the_tool(lead, {"supplier": "Aidoc"})
    steps.fill_the_rest(lead, {"name": "Urgent head CT first", "setting": "Radiology", "purpose": "Flags urgent scans."})
    return steps.propose(lead)


def deployment_of(_world: World, found: Submission) -> str:
    """The reference of the deployment a submission is about."""
    assert found.deployment is not None
    return found.deployment.reference


def appoint(admin: Somebody, tool: str) -> None:
    """The clinical lead and the senior responsible owner, for this deployment."""
    for role, name in (("clinical_lead", "Clinical Lead of RTH01"), ("sro", "Sro of RTH01")):
        admin.open(f"{tool}/appoint")
        admin.page.locator("[name=person]").select_option(label=name)
        admin.choose(role=role)
        admin.date("starts_on", 1, 1, 2026)
        admin.date("ends_on", 31, 12, 2028)
        admin.fill(instrument="Programme board minute of 1 October 2026")
        admin.press("Appoint")
        assert name in admin.text, admin.text


def confirm_the_card(lead: Somebody, path: str) -> None:
    """What the card filled in on the tool's own sheet."""
    lead.open(f"{path}/sheets/tool-facts-2")
    lead.press("Start")
    lead.page.locator("ul.tasks a").first.click()
    lead.page.get_by_role("button", name="Confirm all").click()
    assert "filled in for you" not in lead.text


def answer_by_clicks(lead: Somebody, path: str, folder: Path) -> None:
    """A section of DTAC with its evidence, and a step of the impact assessment."""
    lead.open(f"{path}/sheets/dtac-2.0")
    lead.press("Start")
    sheets.answer_section(lead, path, "dtac-2.0", "dtac.c1")
    sheets.attach(lead, path, "dtac-2.0", "dtac.c1", "C1.2.4", folder)
    lead.open(f"{path}/sheets/dpia-1")
    lead.press("Start")
    sheets.answer_section(lead, path, "dpia-1", "dpia.processing")


def approve_the_plan(cso: Somebody, path: str) -> None:
    """Write the clinical risk management plan, and approve it with the password."""
    cso.open(f"{path}/risk-plan/write")
    for box in cso.page.locator("main textarea").all():
        box.fill("Said in a sentence.")
    cso.date("review_on", 1, 11, 2027)
    if not cso.page.locator("[name=matrix_version]").input_value():
        cso.page.locator("[name=matrix_version]").select_option(index=1)
    cso.press("Save the plan")
    cso.press("Read and approve revision 1")
    cso.press("Continue to sign")
    assert not faults(cso.page)
    cso.confirm()
    assert "pproved" in cso.text, cso.text


def log_of(path: str) -> str:
    """The tool’s own address, where its hazard log is, from that of a submission."""
    return path.replace("/submissions/", "/tools/").rpartition("-S")[0]


def log_a_hazard(lead: Somebody, path: str) -> None:
    """Name a hazard, score it, control it, score it again, say why it stays, and freeze the log."""
    lead.open(f"{log_of(path)}/hazards/add")
    lead.fill(name="Urgent finding missed")
    lead.page.locator("main form button").last.click()
    hazard = lead.page.url.removeprefix(lead.address)
    lead.open(f"{hazard}/initial")
    lead.choose(patients="single", severity_single="major", likelihood="high")
    lead.press("Save the score")
    lead.open(f"{hazard}/controls/add")
    lead.choose(kind="design")
    lead.fill(description="Second read within 24 hours")
    lead.page.locator("main form button").last.click()
    lead.open(f"{hazard}/residual")
    lead.choose(patients="single", severity_single="major", likelihood="low")
    lead.press("Save the score")
    assert "/acceptance" in lead.page.url, lead.text
    lead.choose(acceptance="impractical")
    lead.fill(acceptance_reason="Each image is still read within 24 hours.")
    lead.page.locator("main form button").last.click()
    lead.open(f"{log_of(path)}/hazards/freeze")
    lead.page.locator("main form button").last.click()
    assert "/versions/1" in lead.page.url, lead.text


def approve_the_log(cso: Somebody, path: str) -> None:
    """Approve the frozen log with the password."""
    cso.open(f"{log_of(path)}/hazards/versions/1")
    cso.press("Read and approve version 1")
    cso.press("Continue to sign")
    assert not faults(cso.page)
    cso.confirm()
    assert "has not approved" not in cso.text, cso.text


def approve_a_safety_case(cso: Somebody, path: str) -> None:
    """Write the prose, with what the plan says already, and approve the report with the password."""
    cso.open(f"{log_of(path)}/safety-case/write")
    cso.choose(phase="deployment")
    cso.fill(**dict.fromkeys(("test_issues", "argument", "summary", "quality", "configuration"), "Said in a sentence."))
    cso.press("Save the report")
    cso.press("Read and approve revision 1")
    cso.press("Continue to sign")
    assert not faults(cso.page)
    cso.confirm()
    assert "Safety case report, approved" in cso.text, cso.text


def judge_by_clicks(app: Flask, somebody: Open, address: str, path: str) -> None:
    """One section, by its judge."""

    def judge_of(_world: World, found: Submission) -> Role:
        judge = queries.position(found).asked.section(JUDGED_BY_CLICKS).judged_by
        assert judge is not None
        return judge

    judge = somebody(address, steps.on_the_server(app, path, judge_of).value, "RTH01")
    judge.open(f"{path}/judge/{JUDGED_BY_CLICKS}")
    judge.choose(outcome="met")
    judge.fill(reason="Read against the criterion.")
    judge.press("Record your judgement")
    assert judge.page.url.endswith("#judge"), judge.text


def submit(lead: Somebody, path: str) -> None:
    """Freeze the pack."""
    lead.open(path)
    assert "Nothing is stopping this." in lead.text, lead.text
    lead.press("Submit for agreement")
    assert "Round 1, frozen" in lead.text, lead.text


def authorise(executive: Somebody, path: str) -> None:
    """Authorise with one condition."""
    role = "authorising_executive"
    steps.read_all(executive, path, role)
    executive.open(f"{path}/sign/{role}")
    executive.choose(outcome="authorise_with_conditions")
    executive.fill(**{"conditions-0-text": "Measure the turnaround of urgent images for three months."})
    executive.page.locator("[name='conditions-0-owner_role']").select_option("digital_lead")
    executive.choose(**{"conditions-0-kind": "after"})
    executive.date("conditions-0-due_on", 1, 2, 2027)
    steps.go_on(executive)
    executive.confirm()
    assert "/signed/" in executive.page.url, executive.text


def issue_the_report(app: Flask, lead: Somebody, path: str) -> None:
    """Ask for the report, let the worker make it, and download it."""
    lead.open(f"{path}/report")
    lead.press("Make the report")
    assert "/reports/making/" in lead.page.url, lead.text
    assert not faults(lead.page)
    job = int(lead.page.url.rpartition("/")[2])
    with app.app_context(), clock.fixed(World.TODAY):
        queue.run(job)
    lead.page.goto("about:blank")  # the page looks again by itself, which could come between
    lead.open(f"/RTH01/reports/making/{job}")
    with lead.page.expect_download() as waiting:
        lead.press("Download the report")
    assert Path(waiting.value.path()).read_bytes().startswith(b"%PDF")
