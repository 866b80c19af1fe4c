"""Each kind of field draws its NHS.UK macro, escapes everything, keeps what was typed and says what is wrong."""

import datetime as dt
import re
from decimal import Decimal

import pytest
from flask import Flask
from werkzeug.datastructures import MultiDict
from wtforms.validators import DataRequired, InputRequired, Length

from governance.web import fields, templating
from governance.web.controls import tidy
from governance.web.forms import Form

HOSTILE = "<script>alert('x')</script>\"'><img src=x>"


@pytest.fixture(autouse=True)
def request_context():
    app = Flask(__name__)
    app.config.update(TESTING=True, SECRET_KEY="for tests", WTF_CSRF_ENABLED=False)
    templating.configure(app)
    with app.test_request_context():
        yield


def a_form(sent=None, *, obj=None, **its_fields):
    """A form of the given fields, sent what is given."""
    form = type("AForm", (Form,), its_fields)
    return form(formdata=None if sent is None else MultiDict(sent), obj=obj)


def checked(sent, field, **others):
    """The field after the form was sent and judged."""
    form = a_form(sent, thing=field, **others)
    form.validate()
    return form.thing


KINDS = {
    "input": lambda **kw: fields.StringField(HOSTILE, hint=HOSTILE, **kw),
    "textarea": lambda **kw: fields.TextAreaField(HOSTILE, hint=HOSTILE, **kw),
    "character-count": lambda **kw: fields.TextAreaField(HOSTILE, hint=HOSTILE, count=True, **kw),
    "email": lambda **kw: fields.EmailField(HOSTILE, hint=HOSTILE, **kw),
    "password": lambda **kw: fields.PasswordField(HOSTILE, hint=HOSTILE, **kw),
    "integer": lambda **kw: fields.IntegerField(HOSTILE, hint=HOSTILE, **kw),
    "decimal": lambda **kw: fields.DecimalField(HOSTILE, hint=HOSTILE, **kw),
    "date": lambda **kw: fields.DateField(HOSTILE, hint=HOSTILE, **kw),
    "file": lambda **kw: fields.FileField(HOSTILE, hint=HOSTILE, **kw),
    "select": lambda **kw: fields.SelectField(HOSTILE, hint=HOSTILE, choices=[(HOSTILE, HOSTILE)], **kw),
    "radios": lambda **kw: fields.RadioField(
        HOSTILE, hint=HOSTILE, choices=[(HOSTILE, HOSTILE), ("b", "B")], hints={HOSTILE: HOSTILE}, divider=HOSTILE, **kw
    ),
    "checkboxes": lambda **kw: fields.CheckboxesField(
        HOSTILE, hint=HOSTILE, choices=[(HOSTILE, HOSTILE)], hints={HOSTILE: HOSTILE}, **kw
    ),
    "checkbox": lambda **kw: fields.CheckboxField(HOSTILE, hint=HOSTILE, **kw),
    "button": lambda **kw: fields.SubmitField(HOSTILE, **kw),
}


def sending(value):
    return [("thing", value), ("thing-day", value), ("thing-month", value), ("thing-year", value)]


@pytest.mark.parametrize("kind", KINDS)
def test_label_hint_value_and_error_are_escaped(kind):
    form = a_form(sending(HOSTILE), thing=KINDS[kind]())
    form.validate()
    form.add_error(HOSTILE, "thing")
    html = str(form.thing()) + str(form.error_summary())
    assert "&lt;script&gt;" in html
    assert "<script" not in html and "<img" not in html
    assert not re.search(r"\son\w+=|\sstyle=", html), "the content security policy forbids inline script and style"


@pytest.mark.parametrize("kind", sorted(set(KINDS) - {"button", "checkbox"}))
def test_the_error_summary_leads_to_an_input_that_is_there_once(kind):
    form = a_form([], thing=KINDS[kind](required="Enter the thing"))
    assert not form.validate()
    target = re.search(r'href="#([^"]+)"', form.error_summary())[1]
    html = str(form.thing())
    assert re.search(rf'<(input|select|textarea)[^>]* id="{target}"', html)
    ids = re.findall(r' id="([^"]+)"', html)
    assert len(ids) == len(set(ids))
    assert "Enter the thing" in html and "nhsuk-form-group--error" in html


def test_hint_and_error_describe_the_input():
    form = a_form([], thing=fields.StringField("Name", hint="As on the label", required="Enter the name"))
    form.validate()
    assert 'aria-describedby="thing-hint thing-error"' in form.thing()


def test_an_optional_field_may_be_empty():
    for kind, made in KINDS.items():
        assert not checked([], made()).errors, kind


@pytest.mark.parametrize("validator", [DataRequired, InputRequired])
def test_a_required_validator_of_wtforms_works_too(validator):
    asked = fields.StringField("Name", [validator("Enter the name"), Length(max=3)], description="As on the label")
    assert checked({"thing": " "}, asked).errors == ["Enter the name"]
    assert checked({"thing": "four"}, asked).errors and "As on the label" in checked({}, asked)()
    assert not checked({"thing": "Ada"}, asked).errors


def test_text_is_tidied_and_kept():
    field = checked({"thing": "  Chest\x00 reader\r\n 2 "}, fields.StringField("Name"))
    assert field.data == "Chest reader 2"
    assert 'value="Chest reader 2"' in field()


def test_paragraphs_keep_their_line_ends():
    field = checked({"thing": "One\r\n\r\n  two\x07\r\n"}, fields.TextAreaField("Why"))
    assert field.data == "One\n\n  two"


@pytest.mark.parametrize("text", ["a\ud800b", "\x00", "e\u0301"])
def test_tidy_gives_text_a_database_takes(text):
    assert "\x00" not in tidy(text)
    tidy(text).encode()
    assert tidy("e\u0301") == "é"


def test_text_too_long_is_kept_and_said():
    field = checked({"thing": "x" * 201}, fields.StringField("Tool name"))
    assert field.errors == ["Tool name must be 200 characters or fewer"]
    assert "x" * 201 in field()


def test_a_character_count_says_its_limit_without_script():
    field = checked({}, fields.TextAreaField("Why", max_length=1500, count=True))
    html = field()
    assert 'data-maxlength="1500"' in html and "You can enter up to 1500 characters" in html


def test_a_password_is_taken_as_it_is_and_never_shown_again():
    field = checked({"thing": "  pass word "}, fields.PasswordField(required="Enter your password"))
    assert field.data == "  pass word "
    assert "pass word" not in field()
    assert 'type="password"' in field()


@pytest.mark.parametrize("text", ["ada", "ada@nhs", "a b@nhs.net", "@nhs.net", "a@b.c,d@e.f"])
def test_an_email_address_has_a_shape(text):
    assert checked({"thing": text}, fields.EmailField()).errors == [
        "Enter an email address in the correct format, like name@example.com"
    ]


def test_an_email_address_is_kept_in_lower_case():
    assert checked({"thing": " Ada@Example.NET "}, fields.EmailField()).data == "ada@example.net"


@pytest.mark.parametrize(
    ("typed", "data", "error"),
    [
        ("1,200", 1200, None),
        (" 7 ", 7, None),
        ("", None, None),
        ("seven", None, "Patients must be a whole number"),
        ("7.5", None, "Patients must be a whole number"),
        ("-1", -1, "Patients must be 0 or more"),
        ("99999999999", 99999999999, "Patients must be 2,147,483,647 or fewer"),
        ("9" * 5000, None, "Patients must be a whole number"),
        ("٣", None, "Patients must be a whole number"),
    ],
)
def test_whole_numbers(typed, data, error):
    field = checked({"thing": typed}, fields.IntegerField("Patients", required_when=None))
    assert field.data == data
    assert field.errors == ([error] if error else [])
    assert f'value="{typed.strip()[:100]}"' in field()


@pytest.mark.parametrize(
    ("typed", "data"), [("12.5", Decimal("12.5")), ("-3", None), ("1e5", None), ("NaN", None), ("0.1", Decimal("0.1"))]
)
def test_decimals_are_exact_and_finite(typed, data):
    field = checked({"thing": typed}, fields.DecimalField("Share trained"))
    assert (field.data if not field.errors else None) == data


def test_what_could_not_be_read_does_not_fall_back_to_what_was_stored():
    stored = type("Row", (), {"thing": 12})()
    form = a_form({"thing": "many"}, obj=stored, thing=fields.IntegerField("Patients"))
    assert not form.validate()
    assert form.thing.data is None and 'value="many"' in form.thing()


def test_a_date_is_read_and_shown_in_its_boxes():
    field = checked({"thing-day": "3", "thing-month": "may", "thing-year": "2027"}, fields.DateField("Expiry date"))
    assert field.data == dt.date(2027, 5, 3)
    assert 'id="thing-month"' in field() and 'value="may"' in field()


def test_a_stored_date_is_shown_in_its_boxes():
    form = a_form(obj=type("Row", (), {"thing": dt.date(2027, 5, 3)})(), thing=fields.DateField("Expiry date"))
    assert [form.thing.boxes[part] for part in ("day", "month", "year")] == ["3", "5", "2027"]


def test_a_wrong_date_is_kept_and_the_wrong_box_is_marked():
    form = a_form({"thing-day": "3", "thing-month": "13", "thing-year": "2027"}, thing=fields.DateField("Expiry date"))
    assert not form.validate()
    assert form.thing.errors == ["Expiry date must be a real date"]
    assert 'href="#thing-month"' in form.error_summary()
    html = form.thing()
    assert html.count("nhsuk-input--error") == 1 and 'value="13"' in html


def test_a_date_not_given_is_asked_for_once():
    field = checked({"thing-day": " "}, fields.DateField("Expiry date", required="Enter the expiry date"))
    assert field.errors == ["Enter the expiry date"]


COLOURS = [("r", "Red"), ("g", "Green"), ("o", "Other")]


@pytest.mark.parametrize("kind", [fields.RadioField, fields.SelectField])
def test_only_what_was_offered_can_be_chosen(kind):
    assert checked({"thing": "g"}, kind("Colour", choices=COLOURS)).data == "g"
    forged = checked({"thing": "x"}, kind("Colour", choices=COLOURS))
    assert forged.errors == ["Choose one of the options listed"] and forged.data is None
    assert checked({"thing": ""}, kind("Colour", choices=COLOURS, required="Choose a colour")).errors == [
        "Choose a colour"
    ]


def test_a_choice_has_the_type_that_was_offered():
    assert checked({"thing": "2"}, fields.SelectField("Site", choices=[(1, "One"), (2, "Two")])).data == 2
    for forged in ("9" * 40, "02", "2.0"):
        assert checked({"thing": forged}, fields.SelectField("Site", choices=[(2, "Two")])).errors


def test_choices_may_be_set_after_the_form_is_made():
    form = a_form({"thing": "7"}, thing=fields.RadioField("Site"))
    form.thing.choices = [(7, "Seven")]
    assert form.validate() and form.thing.data == 7
    assert 'value="7" checked' in form.thing()


def test_a_stored_choice_is_shown_as_chosen():
    row = type("Row", (), {"thing": 2})()
    assert 'value="2" selected' in a_form(obj=row, thing=fields.SelectField("Site", choices=[(2, "Two")])).thing()
    assert 'value="2" checked' in a_form(obj=row, thing=fields.RadioField("Site", choices=[(2, "Two")])).thing()


def test_an_option_has_a_hint_and_reveals_a_field():
    form = a_form(
        {"thing": "o"},
        thing=fields.RadioField("Colour", choices=COLOURS, hints={"r": "Like a rose"}, reveals={"o": "which"}),
        which=fields.StringField("Which colour", required="Enter the colour", required_when=("thing", "o")),
    )
    assert not form.validate()
    html = form.thing()
    assert "Like a rose" in html and 'id="which"' in html and "Enter the colour" in html
    assert 'data-aria-controls="conditional-thing-3"' in html


def test_what_is_revealed_by_another_option_is_not_asked_for():
    form = a_form(
        {"thing": "r"},
        thing=fields.RadioField("Colour", choices=COLOURS, reveals={"o": "which"}),
        which=fields.StringField("Which colour", required="Enter the colour", required_when=("thing", ("o", "g"))),
    )
    assert form.validate()


def test_a_condition_without_its_sentence_is_our_mistake():
    with pytest.raises(TypeError, match="no sentence"):
        a_form(thing=fields.StringField("Which", required_when=("kind", "other")))


@pytest.mark.parametrize(
    ("sent", "data", "errors"),
    [
        (["r", "g", "r"], ["r", "g"], []),
        (["r", "x"], ["r"], ["Choose only from the options listed"]),
        (["r", "o"], ["r", "o"], ["Choose “Other” alone, or choose others"]),
        ([], [], ["Choose at least one colour"]),
    ],
)
def test_checkboxes(sent, data, errors):
    sent = [("thing", value) for value in sent]
    box = fields.CheckboxesField("Colours", choices=COLOURS, exclusive="o", required="Choose at least one colour")
    field = checked(sent, box)
    assert (field.data, field.errors) == (data, errors)
    assert field().count(" checked") == len({value for _, value in sent} & {"r", "g", "o"})


def test_one_checkbox_must_be_ticked_where_that_is_asked():
    unticked = checked({}, fields.CheckboxField("I have read it", required="Confirm that you have read it"))
    assert unticked.errors == ["Confirm that you have read it"] and unticked.data is False
    ticked = checked({"thing": "yes"}, fields.CheckboxField("I have read it", required="Confirm that you have read it"))
    assert ticked.data is True and " checked" in ticked()


def test_which_button_was_pressed():
    form = a_form(
        {"later": "1"}, save=fields.SubmitField("Save"), later=fields.SubmitField("Later", variant="secondary")
    )
    assert (form.save.data, form.later.data) == (False, True)
    assert "nhsuk-button--secondary" in form.later() and 'data-prevent-double-click="true"' in form.later()


def test_a_label_can_be_the_heading_of_its_page():
    html = str(
        a_form(thing=fields.StringField("Name"))["thing"](page_heading=True, size="l", label="The name", hint="H")
    )
    assert re.search(r"<h1[^>]*>\s*<label", html) and "The name" in html and "nhsuk-label--l" in html
    html = str(a_form(thing=fields.RadioField("Colour", choices=COLOURS))["thing"](page_heading=True))
    assert re.search(r"<legend[^>]*>\s*<h1", html)


def test_a_file_field_says_what_it_takes():
    html = a_form(thing=fields.FileField("Document", accept=".pdf,.docx"))["thing"]()
    assert 'type="file"' in html and 'accept=".pdf,.docx"' in html
