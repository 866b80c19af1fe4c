"""A form sums up its errors, takes refusals, notices a stale page, and survives whatever is sent."""

from io import BytesIO

import pytest
from flask import Flask, render_template_string, request
from flask_wtf import CSRFProtect
from wtforms import FieldList, FormField

from governance.errors import Blocker, Conflict, Refused
from governance.web import fields, templating
from governance.web.forms import Form, VersionedForm

PAGE = """<form method="post" enctype="{{ form.enctype }}" novalidate>
{{ form.error_summary() }}{{ form.hidden_tag() }}{{ form.name() }}{{ form.when() }}{{ form.card() }}{{ form.save() }}</form>"""


class ToolForm(VersionedForm):
    name = fields.StringField("Tool name", required="Enter the tool’s name")
    when = fields.DateField("First used", called="Date of first use")
    card = fields.FileField("Model card")
    save = fields.SubmitField("Save")


class Row:
    name, when, version_id = "Chest reader", None, 4


@pytest.fixture
def client():
    app = Flask(__name__)
    app.config.update(TESTING=True, SECRET_KEY="for tests", WTF_CSRF_ENABLED=False)
    templating.configure(app)

    @app.route("/", methods=["GET", "POST"])
    def page():
        form = ToolForm(obj=Row())
        if request.method == "POST" and form.validate():
            return f"saved {form.name.data}, file {form.card.data.filename if form.card.data else 'none'}"
        return render_template_string(PAGE, form=form), 422 if form.is_submitted() else 200

    return app.test_client()


def test_a_page_shows_what_is_stored_and_its_version(client):
    html = client.get("/").text
    assert 'value="Chest reader"' in html and 'name="version_id" type="hidden" value="4"' in html
    assert "nhsuk-error-summary" not in html and 'enctype="multipart/form-data"' in html


def test_a_wrong_form_sums_up_and_keeps_everything(client):
    answer = client.post(
        "/", data={"name": "", "when-day": "31", "when-month": "feb", "when-year": "2027", "version_id": "3"}
    )
    assert answer.status_code == 422
    html = answer.text
    assert html.index('href="#name"') < html.index('href="#when-day"')
    assert "Enter the tool’s name" in html and "Date of first use must be a real date" in html
    assert 'value="feb"' in html and 'value="3"' in html


def test_a_file_arrives_as_a_file(client):
    sent = {"name": "A", "card": (BytesIO(b"<x/>"), "card.xml")}
    assert client.post("/", data=sent, content_type="multipart/form-data").text == "saved A, file card.xml"


@pytest.mark.parametrize(
    "sent",
    [
        {"json": {"name": {"deep": 1}}},
        {"json": [1, 2]},
        {"json": 5},
        {"data": {"name": (BytesIO(b"x"), "name.txt")}, "content_type": "multipart/form-data"},
        {
            "data": {"version_id": (BytesIO(b"x"), "v"), "when-day": (BytesIO(b"x"), "d")},
            "content_type": "multipart/form-data",
        },
        {"data": {"card": "not a file"}},
        {"data": b"\xff\xfe=\x00&name=%ff%00", "content_type": "application/x-www-form-urlencoded"},
        {"data": b"", "content_type": "multipart/form-data; boundary=x"},
        {},
    ],
)
def test_whatever_is_sent_is_answered(client, sent):
    assert client.post("/", **sent).status_code in (200, 400, 415, 422)


def test_a_csrf_token_sent_as_a_file_is_refused_not_an_error():
    app = Flask(__name__)
    app.config.update(TESTING=True, SECRET_KEY="for tests")
    templating.configure(app)
    CSRFProtect(app)
    app.add_url_rule("/", "page", lambda: str(ToolForm().validate()), methods=["POST"])
    sent = {"csrf_token": (BytesIO(b"x"), "token")}
    assert app.test_client().post("/", data=sent, content_type="multipart/form-data").status_code == 400


def in_a_request(client, **kwargs):
    return client.application.test_request_context("/", method="POST", **kwargs)


def test_a_page_open_too_long_is_said_without_a_link(client):
    client.application.config["WTF_CSRF_ENABLED"] = True
    with in_a_request(client, data={"name": "A"}):
        form = ToolForm()
        assert not form.validate()
        assert "open for too long" in form.error_summary() and 'href="#csrf_token"' not in form.error_summary()


def test_a_refusal_is_shown_at_its_field_or_above_all(client):
    with in_a_request(client, data={"name": "A"}):
        form = ToolForm()
        assert form.validate()
        form.refuse(
            Refused([Blocker("name.taken", "This name is taken"), Blocker("other", "No hazards yet")]),
            {"name.taken": "name"},
        )
        assert list(form.error_links()) == [("", "No hazards yet"), ("name", "This name is taken")]
        assert "This name is taken" in form.name()


@pytest.mark.parametrize(("sent", "stale"), [("4", False), ("3", True), ("", True), ("four", True), ("4.0", True)])
def test_a_stale_page_is_noticed(client, sent, stale):
    with in_a_request(client, data={"version_id": sent}):
        form = ToolForm(obj=Row())
        assert form.is_stale(Row()) is stale
        if stale:
            with pytest.raises(Conflict):
                form.refuse_if_stale(Row())


def test_a_page_that_does_not_say_its_version_is_stale(client):
    with in_a_request(client, data={"name": "A"}):
        assert ToolForm().is_stale(Row())


def test_errors_inside_repeated_fields_have_links(client):
    class Site(Form):
        class Meta(Form.Meta):
            csrf = False

        town = fields.StringField("Town", required="Enter the town")

    class Sites(Form):
        sites = FieldList(FormField(Site), min_entries=2)

    with in_a_request(client, data={"sites-0-town": "Bow", "sites-1-town": ""}):
        form = Sites()
        assert not form.validate()
        assert list(form.error_links()) == [("sites-1-town", "Enter the town")]
