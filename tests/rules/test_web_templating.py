"""Templates escape, misspelt names are noticed, and dates and numbers read as the NHS writes them."""

import datetime as dt

import pytest
from flask import Flask, render_template, render_template_string
from jinja2 import DictLoader, UndefinedError

from governance.web import templating, wording

HOSTILE = "<script>alert(1)</script>"


def an_app(**config):
    app = Flask(__name__)
    app.config.update(config)
    app.jinja_env.loader = DictLoader(
        {
            "page.html": "{{ said }}",
            "page.jinja": "{{ said }}",
            "chart.svg": "{{ said }}",
            "notes.txt": "{{ said }}",
            "emails/news.txt": "{{ said }}",
        }
    )
    templating.configure(app)
    return app


@pytest.mark.parametrize("name", ["page.html", "page.jinja", "chart.svg", "notes.txt"])
def test_every_template_escapes(name):
    with an_app(TESTING=True).test_request_context():
        assert render_template(name, said=HOSTILE) == "&lt;script&gt;alert(1)&lt;/script&gt;"


def test_the_text_of_mail_is_not_escaped():
    with an_app(TESTING=True).test_request_context():
        assert render_template("emails/news.txt", said="R&D") == "R&D"


def test_a_template_from_a_string_escapes():
    with an_app(TESTING=True).test_request_context():
        assert "<script>" not in render_template_string("{{ said }}", said=HOSTILE)


@pytest.mark.parametrize(
    "source", ["{{ typo }}", "{{ thing.typo }}", "{% for x in typo %}{% endfor %}", "{{ typo.x }}"]
)
def test_a_misspelt_name_fails_in_a_test(source):
    with an_app(TESTING=True).test_request_context(), pytest.raises(UndefinedError):
        render_template_string(source, thing={})


def test_a_template_may_ask_whether_a_name_is_there():
    with an_app(TESTING=True).test_request_context():
        source = "{% if hint %}a{% endif %}{% if hint is defined %}b{% endif %}{{ hint | default('c') }}"
        assert render_template_string(source) == "c"


def test_a_misspelt_name_is_an_empty_string_and_a_log_line_for_the_public(caplog):
    with an_app().test_request_context():
        assert render_template_string("[{{ typo.deeper }}]") == "[]"
    assert "typo" in caplog.text


def test_nhs_macros_are_imported_as_the_nhs_writes_it_and_escape():
    source = '{% from "nhsuk/components/button/macro.jinja" import button %}{{ button({"text": said}) }}'
    with an_app(TESTING=True).test_request_context():
        html = render_template_string(source, said=HOSTILE)
    assert 'class="nhsuk-button"' in html
    assert "&lt;script&gt;" in html and "<script>" not in html


def test_a_component_called_from_python_escapes():
    html = templating.component("warning-callout", {"heading": HOSTILE, "text": HOSTILE})
    assert "<script>" not in html


def test_paragraphs_are_escaped_and_parted():
    assert templating.paragraphs(f"One\r\ntwo\n\n\n{HOSTILE}") == (
        "<p>One<br>two</p>\n<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>"
    )
    assert templating.paragraphs(None) == ""


def test_a_static_files_address_changes_with_its_content(tmp_path):
    sheet = tmp_path / "house.css"
    sheet.write_text("a{}")
    app = Flask(__name__, static_folder=str(tmp_path), static_url_path="/static")
    templating.configure(app)
    with app.test_request_context():
        before = templating.asset("house.css")
        sheet.write_text("b{color:red}")
        import os

        os.utime(sheet, (1, 1))
        templating._digest.cache_clear()  # as a new process would
        assert templating.asset("house.css") != before
        assert before.startswith("/static/house.css?v=")


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("{{ day | date }}", "3 May 2027"),
        ("{{ none | date }}", ""),
        ("{{ day | month }}", "May 2027"),
        ("{{ at | datetime }}", "3 May 2027, 14:02"),
        ("{{ late | date }}", "4 May 2027"),
        ("{{ 1 | plural('tool') }}, {{ 0 | plural('tool') }}", "1 tool, 0 tools"),
        ("{{ 1200 | plural('person', 'people') }}", "1,200 people"),
        ("{{ ['a', 'b', 'c'] | listed }}", "a, b and c"),
        ("{{ ['a', 'b'] | listed('or') }}", "a or b"),
        ("{{ digest | code8 }}", "01234567"),
        ("{{ 12345 | number }}", "12,345"),
        ("{{ 'Date of birth' | starting_small }} {{ 'DTAC form' | starting_small }}", "date of birth DTAC form"),
    ],
)
def test_filters(source, expected):
    with an_app(TESTING=True).test_request_context():
        said = render_template_string(
            source,
            day=dt.date(2027, 5, 3),
            at=dt.datetime(2027, 5, 3, 13, 2, tzinfo=dt.UTC),
            late=dt.datetime(2027, 5, 3, 23, 30, tzinfo=dt.UTC),
            digest="0123456789abcdef",
        )
    assert said == expected


@pytest.mark.parametrize(
    ("size", "expected"),
    [
        (1, "1 byte"),
        (812, "812 bytes"),
        (14_500, "14 KB"),
        (1024 * 1024 - 1, "1023 KB"),
        (2_500_000, "2.4 MB"),
        (20 * 1024 * 1024, "20 MB"),
    ],
)
def test_file_sizes(size, expected):
    assert wording.file_size(size) == expected


def test_a_moment_without_a_time_zone_is_refused():
    with pytest.raises(ValueError, match="time zone"):
        wording.moment(dt.datetime(2027, 5, 3))
