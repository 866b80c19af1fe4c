"""Pages of the hazard log and of plans: what is kept, what is refused, what is not found, and who sees the buttons."""

import re

import pytest

from governance import clock
from governance.assessment.hazards import operations, queries, versions
from governance.assessment.plans import queries as plans
from governance.database import db, transaction
from governance.identity import operations as identity
from governance.permissions import OPERATOR
from tests import proposals, safety
from tests.world import PASSWORD

SCORE = {"patients": "single", "severity_single": "major", "likelihood": "high"}


@pytest.fixture
def submission(world):
    return safety.deploy(world)


@pytest.fixture
def base(submission):
    return f"/RTH01/submissions/{submission.reference}"


@pytest.fixture
def tool(submission):
    return f"/RTH01/tools/{submission.deployment.reference}"


@pytest.fixture
def planned(world, submission):
    """The submission with its plan approved."""
    with transaction():
        plan = safety.write_plan(submission.deployment, world.actor("cso", "RTH01"))
        safety.approve_plan(submission.deployment, plan, world.actor("cso", "RTH01"))
    return submission


@pytest.fixture
def hazard(world, planned):
    """One scored hazard that stays at 3 without a reason."""
    with transaction():
        return safety.scored_hazard(planned.deployment, world.actor("clinical_lead", "RTH01"))


def as_(client, world, role, code="RTH01"):
    world.sign_in(client, role, code)
    return client


def send(client, at, **data):
    """Send a form from the page as it stands now, with the version that page carries."""
    found = re.search(r'name="version_id"[^>]*value="(\d+)"', client.get(at).text)
    return client.post(at, data=data | {"version_id": found[1]})


def test_a_hazard_is_named_and_found_on_the_log(client, world, tool):
    as_(client, world, "digital_lead")
    assert "No hazard named yet" in client.get(f"{tool}/hazards").text
    sent = client.post(
        f"{tool}/hazards/add", data={"name": "Image matched to the wrong patient", "owner": "PACS manager"}
    )
    assert sent.status_code == 302
    page = client.get(sent.location).text
    assert "Image matched to the wrong patient" in page
    assert "PACS manager" in page
    assert "1 hazard, none scored" in client.get(f"{tool}/hazards").text


def test_a_hazard_without_a_name_answers_422_and_keeps_what_was_typed(client, world, tool, submission):
    as_(client, world, "digital_lead")
    sent = client.post(f"{tool}/hazards/add", data={"name": " ", "causes": "Two systems, two clocks"})
    assert sent.status_code == 422
    assert "Name the hazard" in sent.text
    assert "Two systems, two clocks" in sent.text
    assert queries.hazards(submission.deployment) == []


def test_a_score_is_looked_up_and_a_residual_three_asks_why_it_stays(client, world, tool, planned):
    as_(client, world, "clinical_lead")
    at = f"{tool}/hazards/1"
    client.post(f"{tool}/hazards/add", data={"name": "Urgent finding missed"})
    assert send(client, f"{at}/initial", **SCORE).location == at
    assert send(client, f"{at}/controls/add", kind="design", description="Second read").location == at
    sent = send(client, f"{at}/residual", **SCORE | {"likelihood": "low"})
    assert sent.location == f"{at}/acceptance"
    asked = client.get(sent.location).text
    assert "Why does hazard 1 stay at 3?" in asked
    assert "would cost more than it gains" not in asked
    sent = send(client, sent.location, acceptance="impractical", acceptance_reason="Read within a day.")
    assert sent.location == at
    page = client.get(at).text
    assert "Rating 4 before controls, 3 with them." in page
    assert "Residual score: Major, low, rating 3" in page
    assert "6 hazards" not in page


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({"likelihood": "high"}, "Choose whether one patient or several could be harmed"),
        ({"patients": "single", "likelihood": "high"}, "Choose the severity for one patient"),
        ({"patients": "multiple", "severity_multiple": "major"}, "Choose how likely it is"),
        (
            {"patients": "single", "severity_single": "catastrophic", "likelihood": "high"},
            "Choose one of the options listed",
        ),
    ],
)
def test_a_score_that_cannot_be_looked_up_is_refused_in_a_sentence(client, world, tool, hazard, data, sentence):
    as_(client, world, "clinical_lead")
    sent = client.post(f"{tool}/hazards/1/initial", data=data | {"version_id": hazard.version_id})
    assert sent.status_code == 422
    assert sentence in sent.text


def test_scoring_is_refused_before_the_plan_is_approved(client, world, tool, submission):
    as_(client, world, "clinical_lead")
    client.post(f"{tool}/hazards/add", data={"name": "Urgent finding missed"})
    sent = send(client, f"{tool}/hazards/1/initial", **SCORE)
    assert sent.status_code == 422
    assert "No hazard can be scored yet: there is no clinical risk management plan." in sent.text
    assert 'value="major" checked' in re.sub(r"\s+", " ", sent.text)
    assert queries.hazard(submission.deployment, 1).initial_rating is None


def test_a_stale_page_gets_the_fresh_hazard_with_409(client, world, tool, hazard):
    as_(client, world, "clinical_lead")
    sent = client.post(f"{tool}/hazards/1/details", data={"name": "Mine", "version_id": hazard.version_id - 1})
    assert sent.status_code == 409
    assert "Somebody changed this since you opened the page" in sent.text
    assert "Urgent finding missed" in sent.text
    sent = client.post(f"{tool}/hazards/1/details", data={"name": "Mine"})
    assert sent.status_code == 409


def test_a_status_that_is_not_earned_is_refused_with_what_is_left(client, world, tool, hazard):
    as_(client, world, "clinical_lead")
    sent = client.post(f"{tool}/hazards/1/status", data={"status": "closed", "version_id": hazard.version_id})
    assert sent.status_code == 422
    assert "Hazard 1 stays at 3 and has no recorded reason why more control is impractical." in sent.text
    assert "nothing says how the effectiveness of “Second read within 24 hours” was verified" in sent.text


def test_a_control_is_verified_and_removed_with_a_reason(client, world, tool, hazard, planned):
    as_(client, world, "digital_lead")
    control = hazard.controls[0].id
    at = f"{tool}/hazards/1/controls/{control}"
    assert "Second read within 24 hours" in client.get(at).text
    fields = {"kind": "design", "description": "Second read within 24 hours", "implementation": "Seen live"}
    assert client.post(at, data=fields | {"version_id": hazard.version_id}).status_code == 302
    assert "Seen live" in client.get(f"{tool}/hazards/1").text
    fresh = queries.hazard(planned.deployment, 1).version_id
    assert client.post(f"{at}/remove", data={"version_id": fresh}).status_code == 422
    assert client.post(f"{at}/remove", data={"version_id": fresh, "reason": "Stopped"}).status_code == 302
    assert client.get(at).status_code == 404
    assert "Residual score cleared" in client.get(f"{tool}/hazards/1").text


PAGES = ("hazards", "hazards/1", "hazards/versions/1", "risk-plan", "monitoring-plan", "safety-decision")
FORMS = (
    "hazards/add",
    "hazards/1/details",
    "hazards/1/initial",
    "hazards/1/status",
    "risk-plan/write",
    "monitoring-plan/write",
)


@pytest.mark.parametrize("page", [*PAGES, *FORMS])
def test_a_foreign_submission_is_not_found(client, world, base, tool, hazard, page):
    world.sign_in(client, "cso", "QWE")
    own = f"{tool if page.startswith('hazards') else base}/{page}"
    foreign = own.replace("/RTH01/", "/QWE/")
    assert client.get(foreign).status_code == 404
    assert client.get(own).status_code == 404
    assert client.post(foreign, data={"name": "Mine", "version_id": 1}).status_code in (404, 405)


@pytest.mark.parametrize(
    "page", ["hazards/2", "hazards/versions/9", "hazards/1/controls/999", "hazards/versions/1/confirm/no"]
)
def test_what_is_not_there_is_not_found(client, world, tool, hazard, page):
    as_(client, world, "cso")
    assert client.get(f"{tool}/{page}").status_code == 404


def test_a_log_is_frozen_and_the_safety_officer_approves_it_in_two_steps(client, world, tool, hazard, planned):
    as_(client, world, "digital_lead")
    sent = client.post(f"{tool}/hazards/freeze")
    assert sent.location == f"{tool}/hazards/versions/1"
    assert client.get(f"{tool}/hazards/versions/1/approve").status_code == 403
    again = client.post(f"{tool}/hazards/freeze")
    assert again.status_code == 422
    assert "Nothing changed since version 1 was frozen." in again.text
    as_(client, world, "cso")
    assert "Urgent finding missed" in client.get(f"{tool}/hazards/versions/1/approve").text
    confirm = client.post(f"{tool}/hazards/versions/1/approve").location
    assert "I have read version 1 of the hazard log" in client.get(confirm).text
    wrong = client.post(confirm, data={"password": "not my password"})
    assert wrong.status_code == 422
    assert "This is not the password you sign in with." in wrong.text
    assert queries.approved_version(planned.deployment) is None
    assert client.post(confirm, data={"password": PASSWORD}).location == f"{tool}/hazards/versions/1"
    db.session.rollback()
    assert queries.approved_version(planned.deployment).number == 1
    twice = client.post(confirm, data={"password": PASSWORD})
    assert twice.status_code == 409
    assert "You have signed this already." in twice.text


def test_another_persons_confirmation_is_not_found(client, world, base, tool, hazard, planned):
    with transaction():
        cso = world.actor("cso", "RTH01")
        version = versions.make_version(deployment=planned.deployment, by=cso, at=clock.now())
        intent = versions.intend_approval(deployment=planned.deployment, version=version, by=cso, at=clock.now())
    token = intent.token
    as_(client, world, "clinical_lead")
    assert client.get(f"{tool}/hazards/versions/1/confirm/{token}").status_code == 403
    as_(client, world, "cso")
    assert client.get(f"{base}/risk-plan/confirm/{token}").status_code == 404
    assert client.get(f"{tool}/hazards/versions/1/confirm/{token}").status_code == 200


def test_an_expired_registration_is_refused_on_the_page(client, world, base, tool, hazard):
    with transaction():
        identity.record_registration(
            person=world.person("cso", "RTH01"), body="GMC", number="0000001", expires_on=safety.expired(),
            trained_on=None, by=OPERATOR, at=clock.now(),
        )  # fmt: skip
    as_(client, world, "cso")
    client.post(f"{tool}/hazards/freeze")
    sent = client.post(f"{tool}/hazards/versions/1/approve")
    assert sent.status_code == 422
    assert "The clinical safety officer’s registration expired on 31 October 2026." in sent.text
    decided = client.post(
        f"{base}/safety-decision/decide", data={"decision": "yes", "reason": "It orders", "revision": 0}
    )
    assert decided.status_code == 422
    assert "registration expired" in decided.text


def test_a_plan_is_written_with_gaps_and_approved_whole(client, world, base, submission):
    as_(client, world, "digital_lead")
    fields = safety.PLAN | {"matrix_version": safety.MATRIX, "revision": 0, "review": ""}
    fields |= {"review_on-day": "1", "review_on-month": "11", "review_on-year": "2027"}
    assert client.post(f"{base}/risk-plan/write", data=fields).status_code == 302
    assert "The plan does not say how it is reviewed." in client.get(f"{base}/risk-plan").text
    stale = client.post(f"{base}/risk-plan/write", data=fields | {"team": "Others", "review": "Yearly"})
    assert stale.status_code == 409
    as_(client, world, "cso")
    refused = client.post(f"{base}/risk-plan/approve")
    assert refused.status_code == 422
    assert "The plan does not say how it is reviewed." in refused.text
    assert client.post(f"{base}/risk-plan/write", data=fields | {"review": "Yearly", "revision": 1}).status_code == 302
    confirm = client.post(f"{base}/risk-plan/approve").location
    assert client.post(confirm, data={"password": PASSWORD}).location == f"{base}/risk-plan"
    page = client.get(f"{base}/risk-plan").text
    assert "Clinical risk management plan, approved" in page
    assert plans.risk_plan_approved(submission.deployment).person_name == "Cso of RTH01"


def test_a_plan_with_a_wrong_date_keeps_every_text(client, world, base, submission):
    as_(client, world, "digital_lead")
    fields = safety.PLAN | {
        "matrix_version": safety.MATRIX,
        "revision": 0,
        "review_on-day": "31",
        "review_on-month": "2",
    }
    sent = client.post(f"{base}/risk-plan/write", data=fields | {"review_on-year": "2027"})
    assert sent.status_code == 422
    assert safety.PLAN["team"] in sent.text
    assert plans.risk_plan(submission.deployment) is None


def test_a_monitoring_plan_and_its_indicators(client, world, base, submission):
    as_(client, world, "clinical_lead")
    fields = {"success_criteria": "None missed.", "stop_rule": "Two missed.", "revision": 0}
    fields |= {"ends_on-day": "1", "ends_on-month": "5", "ends_on-year": "2027"}
    assert client.post(f"{base}/monitoring-plan/write", data=fields).status_code == 302
    assert "It says all that this stage asks for." in client.get(f"{base}/monitoring-plan").text
    indicator = {
        "name": "Urgent findings missed", "source": "Weekly audit", "direction": "down", "target": "2 in 1,000",
        "frequency": "weekly", "owner": "Clinical lead", "revision": 1,
    }  # fmt: skip
    at = f"{base}/monitoring-plan/indicators"
    incomplete = client.post(f"{at}/1", data=indicator | {"target": ""})
    assert incomplete.status_code == 422
    assert "Enter the target" in incomplete.text
    assert "Weekly audit" in incomplete.text
    assert client.post(f"{at}/1", data=indicator).status_code == 302
    assert client.get(f"{at}/3").status_code == 404
    assert client.post(f"{at}/1", data=indicator | {"target": "1 in 1,000"}).status_code == 409
    assert client.post(f"{at}/1/remove", data={"revision": 2}).status_code == 302
    assert plans.monitoring_plan(submission.deployment).content["indicators"] == []
    as_(client, world, "cso")
    mine = client.post(f"{base}/monitoring-plan/write", data=fields | {"revision": 3, "stop_rule": "One."})
    assert mine.status_code == 422
    assert "The monitoring plan is written by the digital lead or the clinical lead." in mine.text


def test_the_safety_decision_of_a_tool_without_direct_care(client, world):
    low = proposals.proposed(world, facts=proposals.LOW)
    at = f"/RTH01/submissions/{low.reference}/safety-decision"
    as_(client, world, "digital_lead")
    assert "Not decided whether it is safety related" in client.get(at).text
    assert client.get(f"{at}/decide").status_code == 403
    as_(client, world, "cso")
    unsaid = client.post(f"{at}/decide", data={"decision": "no", "revision": 0})
    assert unsaid.status_code == 422
    assert "Say why" in unsaid.text
    sent = client.post(f"{at}/decide", data={"decision": "no", "reason": "It sorts invoices.", "revision": 0})
    assert sent.location == at
    page = client.get(at).text
    assert "<h1>Not safety related</h1>" in page
    assert "It sorts invoices." in page


def test_a_tool_in_direct_care_is_not_decided_away(client, world, base):
    as_(client, world, "cso")
    sent = client.post(
        f"{base}/safety-decision/decide", data={"decision": "no", "reason": "Only a list.", "revision": 0}
    )
    assert sent.status_code == 422
    assert "Correct the triage first if that is wrong." in sent.text
    assert "Only a list." in sent.text


@pytest.mark.parametrize("count", [20, 100])
def test_the_log_takes_the_same_queries_however_long(client, world, tool, planned, count):
    by = world.actor("cso", "RTH01")
    with transaction():
        for n in range(count):
            operations.add_hazard(deployment=planned.deployment, name=f"Hazard {n}", by=by, at=clock.now())
    as_(client, world, "cso")
    client.get(f"{tool}/hazards")
    with safety.statements() as told:
        page = client.get(f"{tool}/hazards")
    assert page.text.count('class="hazards__number"') == count
    # six to know who asks and where, two for the deployment, two for its submissions, three for the log with its workshops:
    # what several parts of the page need is asked once
    assert len(told) == 13, "\n".join(told)


def test_words_typed_by_people_are_escaped(client, world, base, tool):
    as_(client, world, "digital_lead")
    client.post(f"{tool}/hazards/add", data={"name": "<script>alert(1)</script>", "description": "<b>bold</b>"})
    for page in ("hazards", "hazards/1"):
        text = client.get(f"{tool}/{page}").text
        assert "<script>alert" not in text
        assert "&lt;script&gt;" in text



def test_where_the_log_was_before_leads_to_the_tool(client, world, base, tool):
    as_(client, world, "cso")
    assert client.get(f"{base}/hazards").location == f"{tool}/hazards"
    assert client.get(f"{base}/hazards/versions/1").location == f"{tool}/hazards/versions/1"
    world.sign_in(client, "cso", "QWE")
    assert client.get(f"{base}/hazards".replace("/RTH01/", "/QWE/")).status_code == 404
