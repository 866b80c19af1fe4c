"""What every answer says to a browser: nothing inline, nothing guessed, nothing kept, no form without its token."""

import pytest

from governance.permissions import Role
from tests.applications import make_app, opened
from tests.contracts import reading, sweep
from tests.world import PASSWORD, World

ROLES = (Role.DIGITAL_LEAD, Role.CSO, Role.ORGANISATION_ADMINISTRATOR)
ON_SQLITE = pytest.mark.parametrize("backend", ["sqlite"], scope="session")


@pytest.fixture
def guarded(swept_template, tmp_path):
    """The application as it is served: forms need their token."""
    with opened(swept_template, tmp_path / "instance", WTF_CSRF_ENABLED=True) as made:
        yield made


@pytest.mark.parametrize(("backend", "role"), [("sqlite", role) for role in ROLES], ids=str, scope="session")
def test_every_page_carries_the_headers_and_holds_nothing_inline(swept, role):
    wrong = []
    for place, answer in sweep.walk(swept, role):
        policy = answer.headers["Content-Security-Policy"]
        said = [
            "unsafe" in policy and "unsafe",
            "default-src 'self'" not in policy and "default-src 'none'" not in policy and "default-src",
            answer.headers.get("X-Content-Type-Options") != "nosniff" and "nosniff",
            answer.headers.get("X-Frame-Options") != "DENY" and "frames",
            answer.headers.get("Cache-Control", "") not in ("no-store", "private, no-cache") and "kept by others",
        ]
        if answer.mimetype == "text/html":
            said.append(answer.headers["Cache-Control"] != "no-store" and "kept")
            said += reading.Page(answer.text).inline
        elif "attachment" not in answer.headers.get("Content-Disposition", ""):
            said.append(f"{answer.mimetype} is shown, not downloaded")
        wrong += [f"{place.url}: {each}" for each in said if each]
    assert wrong == []


@ON_SQLITE
@pytest.mark.parametrize("path", ["/sign-in", "/nothing/here", "/RTH01/nothing", "/static/nothing.css"])
def test_pages_for_nobody_and_errors_carry_them_too(swept, path):
    answer = swept.test_client().get(path)
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "unsafe" not in answer.headers["Content-Security-Policy"]
    assert "no-store" in answer.headers["Cache-Control"]


@ON_SQLITE
def test_a_download_is_never_a_page_of_ours(swept):
    client = swept.test_client()
    World().sign_in(client, Role.CSO, "RTH01")
    files = [place for place in sweep.everywhere(swept) if place.endpoint == "evidence.file"]
    for place in files:
        with client.get(place.url) as answer:
            assert answer.status_code == 200
            assert answer.headers["Content-Disposition"].startswith("attachment")
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
            assert answer.mimetype != "text/html"
    assert files


@ON_SQLITE
def test_the_session_cookie_is_out_of_reach_of_scripts_and_other_sites(swept):
    answer = swept.test_client().post("/sign-in", data={"email": "cso@rth01.example", "password": PASSWORD})
    cookies = answer.headers.getlist("Set-Cookie")
    assert cookies
    for cookie in cookies:
        assert "HttpOnly" in cookie
        assert "SameSite=Lax" in cookie


@ON_SQLITE
def test_behind_https_the_cookie_is_secure_and_bound_to_the_host(template, tmp_path):
    app = make_app(template[0], tmp_path, SESSION_COOKIE_SECURE=True, SESSION_COOKIE_NAME="__Host-session")
    with app.app_context():
        answer = app.test_client().get("/sign-in", base_url="https://register.example")
    assert answer.headers["Strict-Transport-Security"]


@ON_SQLITE
def test_no_form_is_taken_without_its_token(guarded):
    client = guarded.test_client()
    World().sign_in(client, Role.DIGITAL_LEAD, "RTH01")
    posts = [place for place in sweep.everywhere(guarded) if place.method == "POST"]
    answers = {place.endpoint: client.post(place.url, data={"reason": "A reason."}).status_code for place in posts}
    assert {endpoint: status for endpoint, status in answers.items() if status != 400} == {}


@ON_SQLITE
def test_a_form_sent_with_its_token_is_taken(guarded):
    client = guarded.test_client()
    form = reading.Page(client.get("/sign-in").text).forms[0]
    sent = form.filled() | {"email": "cso@rth01.example", "password": PASSWORD}
    assert client.post("/sign-in", data=sent).status_code == 302


@ON_SQLITE
def test_every_form_that_changes_something_carries_a_token(guarded):
    wrong = [
        f"{place.url}: {form.action}"
        for place, answer in sweep.walk(guarded, Role.DIGITAL_LEAD)
        if answer.mimetype == "text/html"
        for form in reading.Page(answer.text).forms
        if form.method == "POST" and not any(form.fields.get("csrf_token", []))
    ]
    assert wrong == []


@ON_SQLITE
@pytest.mark.parametrize(
    "target",
    [
        "https://example.org/", "//example.org/", "/\\example.org", "///example.org", "http:example.org", "javascript:alert(1)",
        "/%2f/example.org", "/%5cexample.org", "/me/../..//example.org", " //example.org", "/nowhere", "\t//example.org",
    ],
)  # fmt: skip
def test_signing_in_leads_nowhere_but_to_a_page_of_ours(swept, target):
    answer = swept.test_client().post(
        "/sign-in", query_string={"next": target}, data={"email": "cso@rth01.example", "password": PASSWORD}
    )
    assert answer.location == "/me"
