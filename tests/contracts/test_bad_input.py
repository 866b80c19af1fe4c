"""Nothing that a user can send makes a 500: wrong fields, wrong bodies, wrong addresses.

Four people on SQLite; one on PostgreSQL, who sends the values that only it refuses. Odd addresses on both in the long form.
"""

from io import BytesIO

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from governance.database import db
from governance.permissions import Role
from tests.contracts import reading, sweep
from tests.world import World

ROLES = (Role.DIGITAL_LEAD, Role.CSO, Role.ORGANISATION_ADMINISTRATOR, Role.AUTHORISING_EXECUTIVE)
CASES = [*(("sqlite", role) for role in ROLES), ("postgresql", Role.DIGITAL_LEAD)]
AS_ROLES = pytest.mark.parametrize(("backend", "role"), CASES, ids=str, scope="session")
HUGE = str(2**63)
HOSTILE = {
    "long": "x" * 20_000,
    "nul": "a\x00b",
    "emoji": "🫀" * 50,
    "negative": "-1",
    "huge": "9" * 40,
    "markup": "<script>{{7*7}}</script>",
}
REFUSED_BY_POSTGRESQL = ("every field nul", "every field huge", "every field long")
ODD = ("0", "-1", HUGE, "9" * 40, "%00", "a%00b", "x" * 3000, "..%2f..", "%F0%9F%AB%80", "'", "%ff")


def forms_of(app, role) -> dict[str, reading.Form]:
    """Every form that this person meets, by its address."""
    found: dict[str, reading.Form] = {}
    for place, answer in sweep.walk(app, role):
        for form in reading.Page(answer.text).forms if answer.mimetype == "text/html" else ():
            if form.method == "POST" and not form.action.endswith("/sign-out"):
                found.setdefault(form.action or place.url, form)
    return found


def signed_in(app, role):
    client = app.test_client()
    World().sign_in(client, role, "RTH01")
    return client


def sendings(form: reading.Form) -> dict[str, dict[str, object]]:
    """What is sent: each hostile value in every field at once, each kept beside the page's own version."""
    names = {*form.fields, *form.offered, *form.files}
    steady = {name: values for name, values in form.fields.items() if name == "version_id"}
    said = {f"every field {what}": {"data": dict.fromkeys(names, value) | steady} for what, value in HOSTILE.items()}
    said["each field alone hostile"] = {"data": form.filled() | dict.fromkeys(form.offered, HOSTILE["nul"])}
    said["every field twice"] = {"data": {name: ["1", "2"] for name in names}}
    said["fields as arrays"] = {"data": {f"{name}[]": "1" for name in names}}
    said["files for text"] = {"data": {name: (BytesIO(b"\x00\xff"), "odd\x01.pdf") for name in names}}
    said["bytes that are no text"] = {
        "data": "&".join(f"{name}=%ff%fe" for name in names).encode(), "content_type": "application/x-www-form-urlencoded"
    }  # fmt: skip
    said["JSON"] = {"json": {name: [1, None, {"a": 1}] for name in names}}
    said["a JSON list"] = {"json": [1]}
    said["the wrong kind of body"] = {"data": b"\x00\xff\xfe", "content_type": "application/octet-stream"}
    said["a broken multipart body"] = {"data": b"--x\r\n", "content_type": "multipart/form-data; boundary=x"}
    said["text for a file"] = {"data": form.filled() | dict.fromkeys(form.files, "text")}
    return said


@AS_ROLES
def test_no_form_falls_over(swept, role):
    forms = forms_of(swept, role)
    assert len(forms) > 2
    client, wrong = signed_in(swept, role), []
    on_sqlite = db.engine.dialect.name == "sqlite"
    for action, form in forms.items():
        for what, sent in sendings(form).items():
            if not on_sqlite and what not in REFUSED_BY_POSTGRESQL:
                continue
            status = client.post(action, **sent).status_code
            if status >= 500:
                wrong.append(f"{action}, {what}: {status}")
    assert wrong == []


@AS_ROLES
def test_no_view_falls_over_when_nothing_or_something_else_is_sent(swept, role):
    client, wrong = signed_in(swept, role), []
    for place in sweep.everywhere(swept):
        if place.method == "POST" and place.endpoint != "identity.sign_out":
            for sent in ({}, {"data": b"x", "content_type": "text/plain"}, {"json": {"csrf_token": 1}}):
                status = client.post(place.url, **sent).status_code
                if status >= 500:
                    wrong.append(f"{place.url} {sent}: {status}")
    assert wrong == []


@pytest.mark.both_when_long
def test_no_odd_address_falls_over(swept):
    client, asked, wrong = signed_in(swept, Role.DIGITAL_LEAD), 0, []
    for rule in swept.url_map.iter_rules():
        if "GET" not in (rule.methods or ()) or rule.endpoint == "static" or not rule.arguments - {"organisation"}:
            continue
        for odd in ODD:
            url = "".join(
                part if not is_dynamic else ("RTH01" if part == "organisation" else odd) for is_dynamic, part in rule._trace[1:]
            )
            with client.get(url) as answer:
                asked += 1
                if answer.status_code >= 500:
                    wrong.append(f"{url[:120]}: {answer.status_code}")
    assert wrong == []
    assert asked > 300


@pytest.mark.both_when_long
def test_no_odd_question_in_an_address_falls_over(swept):
    client, wrong = signed_in(swept, Role.DIGITAL_LEAD), []
    names = ("after", "before", "page", "closed", "stage", "standing", "q", "limit", "next", "status", "kind", "code", "pack")
    for place in sweep.everywhere(swept):
        if place.method == "GET" and place.endpoint not in ("static", "reports.file"):
            for odd in (HUGE, "-1", "%00", "%F0%9F%AB%80"):
                with client.get(f"{place.url}?{'&'.join(f'{name}={odd}' for name in names)}") as answer:
                    if answer.status_code >= 500:
                        wrong.append(f"{place.url} {odd}: {answer.status_code}")
    assert wrong == []


@pytest.mark.parametrize("backend", ["sqlite"], scope="session")
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(max_size=300), number=st.integers())
def test_no_text_and_no_number_falls_over(swept, text, number):
    client = signed_in(swept, Role.DIGITAL_LEAD)
    sent = {"name": text, "title": text, "reason": text, "version_id": str(number), "description": text, "url": text}
    for url in ("/RTH01/evidence/attach", "/RTH01/tools/RTH01-2026-0001/hazards/add", "/RTH01/drafts/2/tool"):
        assert client.post(url, data=sent).status_code < 500
    assert client.get("/RTH01/submissions", query_string={"after": number, "closed": text}).status_code < 500
