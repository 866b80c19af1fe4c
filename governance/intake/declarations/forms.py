"""The page that declares one tool, and the one for many organisations; both are made from the list of fields."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any

from governance.errors import Refused
from governance.identity.models import Site
from governance.intake.declarations import rules
from governance.intake.declarations.operations import Place
from governance.intake.declarations.queries import Practice
from governance.web.fields import CheckboxesField, CheckboxField, RadioField, SelectField, StringField, TextAreaField
from governance.web.forms import Form

DIFFERS = "differs"
PER_PLACE = ("sites", "stage", "in_use_since")
"""What may differ from one organisation to the next; the rest is said once."""


def _control(field: rules.Field) -> Any:
    said: dict[str, Any] = {"hint": field.hint, "required": field.required.rstrip(".")}
    if field.name == "sites":
        return CheckboxesField(field.label, **said)
    if field.choices:
        return RadioField(field.label, choices=field.choices, **said)
    if field.longest > 200:
        return TextAreaField(field.label, max_length=field.longest, rows=3, **said)
    return StringField(field.label, max_length=field.longest, **said | ({"width": 20} if field.longest < 100 else {}))


class DeclarationForm(Form):
    """One field for each that the page asks; `same` only where a tool like it is on the register."""

    def offer_alike(self, alike: Sequence[rules.Alike]) -> None:
        """Ask which tool it is, where one looks like it and none is the same."""
        if not alike or any(each.exact for each in alike):
            del self.same
            return
        self["same"].choices = [
            *((str(each.tool_id), f"{each.name}, by {each.manufacturer}") for each in alike),
            (DIFFERS, "None of these: it is another tool"),
        ]

    def offer_sites(self, sites: Sequence[Site]) -> None:
        """Own sites, the only one chosen already; without any the organisation itself is the site and nothing is asked."""
        if not sites:
            del self.sites
            return
        self["sites"].choices = [(site.id, site.name) for site in sites]
        if len(sites) == 1 and not self.is_submitted():
            self["sites"].data = [sites[0].id]

    def said(self, *, without: Iterable[str] = ()) -> dict[str, Any]:
        """What was said, as `operations.declare` takes it."""
        names = [field.name for field in rules.FIELDS if field.on_page and field.name not in ("sites", *without)]
        found: dict[str, Any] = {name: self[name].data or "" for name in names}
        chosen = self["same"].data if "same" in self else None
        if chosen == DIFFERS:
            found["differs"] = True
        elif chosen:
            found["same_tool_id"] = int(chosen)
        return found


@cache
def _made(name: str, fields: tuple[str, ...]) -> type[DeclarationForm]:
    controls = {each: _control(rules.BY_NAME[each]) for each in fields}
    same = RadioField("Is it one of these, on the register already?", required="Say if it is one of these tools", divider="or")
    return type(name, (DeclarationForm,), controls | {"same": same})


def declare_form() -> DeclarationForm:
    """The page for one tool in one organisation."""
    return _made("DeclareForm", tuple(field.name for field in rules.FIELDS if field.on_page))()


def many_form(practices: Sequence[Practice]) -> DeclarationForm:
    """The page for many: what is the same everywhere, and a row for each organisation that may say otherwise."""
    names = tuple(field.name for field in rules.FIELDS if field.on_page and field.name != "sites")
    stage = rules.BY_NAME["stage"]
    rows: dict[str, Any] = {"everywhere": CheckboxField("In all of them")}
    for each in practices:
        rows[f"tick_{each.code}"] = CheckboxField(each.name)
        rows[f"since_{each.code}"] = StringField(f"In use since, at {each.name}", max_length=60)
        rows[f"stage_{each.code}"] = SelectField(f"Stage at {each.name}", choices=stage.choices, blank="As above")
        rows[f"site_{each.code}"] = SelectField(
            f"Site of {each.name}", choices=[(ident, name) for ident, name in each.sites], blank="All its sites"
        )
    made = type("DeclareManyForm", (_made("DeclareForMany", names),), rows)
    form: DeclarationForm = made()
    return form


def fields(refused: Refused, form: DeclarationForm) -> Mapping[str, str]:
    """Which field of the page each reason belongs to; `CODE:field` is about one organisation's row."""
    found = {}
    for code in refused.codes:
        place, _, name = code.rpartition(":")
        row = {"in_use_since": "since", "stage": "stage", "sites": "site"}.get(name, "tick")
        at = f"{row}_{place}" if place else {"same_tool_id": "same"}.get(name, name)
        if at in form:
            found[code] = at
    return found


def places(form: DeclarationForm, practices: Sequence[Practice]) -> list[Place]:
    """Each organisation ticked, with its own stage, date and site where its row says so."""
    found = []
    for each in practices:
        if f"tick_{each.code}" not in form or not (form["everywhere"].data or form[f"tick_{each.code}"].data):
            continue
        site = form[f"site_{each.code}"].data
        found.append(
            Place(
                code=each.code,
                stage=form[f"stage_{each.code}"].data or form["stage"].data,
                in_use_since=form[f"since_{each.code}"].data or form["in_use_since"].data,
                site_ids=(int(site),) if site else (),
            )
        )
    return found
