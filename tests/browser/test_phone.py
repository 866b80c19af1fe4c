"""On a telephone 360 px wide: nothing scrolls sideways, everything to press is large enough, and forms can be filled."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from governance import clock
from governance.database import db
from governance.permissions import Role
from tests.browser import steps
from tests.browser.conftest import Start
from tests.browser.people import Somebody
from tests.contracts import places, sweep
from tests.world import World

Open = Callable[..., Somebody]
Template = tuple[str, Path]
PHONE: dict[str, Any] = {"viewport": {"width": 360, "height": 740}, "has_touch": True}
SMALL = """() => {
  const seen = element => element.getClientRects().length && getComputedStyle(element).visibility !== 'hidden'
    && !element.closest('.hidden, [aria-hidden=true]');
  const low = (selector, least) => [...document.querySelectorAll(selector)].filter(seen)
    .filter(element => element.getBoundingClientRect().height < least)
    .map(element => `${Math.round(element.getBoundingClientRect().height)} of ${least}: ${element.outerHTML.slice(0, 120)}`);
  return [
    ...low('main button:not(.button--inline), main .button', 44),
    ...low('main button.button--inline', 24),
    ...low('main .tasks a, main .rows a, main .links a, main .crumbs a, main table a, .nav a, .nav summary, .foot a', 24),
  ];
}"""


def pages_of(app: Flask, role: Role) -> list[str]:
    """Addresses of every page whose door lets in a role."""
    with app.app_context(), clock.fixed(World.TODAY):
        held = World().actor(role, "RTH01").permissions
        db.session.rollback()
        shown = [each for each in sweep.everywhere(app) if each.method == "GET" and each.endpoint not in places.FILES]
        db.session.remove()
    return [each.url for each in shown if sweep.is_let_in(each, held)]


@pytest.mark.parametrize("role", [Role.DIGITAL_LEAD, Role.CSO, Role.BOARD_MEMBER])
def test_pages_fit_a_telephone(swept_template: Template, serve: Start, somebody: Open, role: Role) -> None:
    address, app = serve(swept_template)
    person = somebody(address, role.value, "RTH01", **PHONE)
    wide, small = [], []
    for path in pages_of(app, role):
        person.open(path)
        across = person.page.evaluate("document.documentElement.scrollWidth")
        wide += [f"{path} is {across} px wide"] if across > 360 else []
        small += [f"{path}: {each}" for each in person.page.evaluate(SMALL)]
    assert not wide, "\n".join(wide)
    assert not small, f"{len(small)}:\n" + "\n".join(small)


def test_a_person_finds_the_way_and_fills_a_form(template: Template, serve: Start, somebody: Open) -> None:
    address, _ = serve(template)
    lead = somebody(address, "digital_lead", "RTH01", **PHONE)
    main = lead.page.get_by_role("navigation", name="Main")
    main.get_by_text("More", exact=True).tap()
    main.get_by_role("link", name="Reports").tap()
    assert lead.heading == "Reports as issued"
    main.get_by_role("link", name="Submissions").tap()
    lead.page.get_by_role("button", name="Propose a tool").tap()
    lead.press("Start")
    lead.page.get_by_role("link", name="Go on without a model card").tap()
    steps.name_the_tool(lead)
    assert "/use-case" in lead.page.url
