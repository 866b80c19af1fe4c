"""Steps of the walk that more than one test takes: propose a tool, read the sections, decide, sign."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TypeVar

import sqlalchemy as sa
from flask import Flask

from governance import clock
from governance.database import db, transaction
from governance.intake.models import Submission
from tests.browser.people import Somebody
from tests.proposals import FACTS, TOOL, USE_CASE
from tests.world import World

T = TypeVar("T")

CARD = Path(__file__).parents[1] / "data" / "chai" / "v0.2" / "Aidoc_ICH-02-RT.xml"


def start_draft(person: Somebody) -> None:
    """Begin a draft. The page of the model card is open then."""
    person.open(f"/{person.code}/propose")
    person.press("Start")


def name_the_tool(person: Somebody, tool: Mapping[str, str] = TOOL) -> None:
    """The page of the tool, and that of tools that look like it."""
    assert person.heading == "What is the tool?"
    person.fill(**{name: value for name, value in tool.items() if name != "kind"})
    person.choose(kind=FACTS["kind"])
    person.press("Save and continue")
    assert "/same" in person.page.url, person.text
    if person.page.locator("[name=choice]").count():
        person.choose(choice="differs")
        person.fill(why="It reads other images.")
    person.press("Save and continue")


def fill_the_rest(person: Somebody, use_case: Mapping[str, str] = USE_CASE, stage: str = "pilot") -> None:
    """Use, place and triage."""
    assert "/use-case" in person.page.url, person.text
    person.fill(**use_case)
    person.press("Save and continue")
    assert "/where" in person.page.url, person.text
    person.page.locator("[name=site_ids]").first.check()
    person.choose(stage=stage)
    person.press("Save and continue")
    assert "/triage" in person.page.url, person.text
    person.choose(**{name: value for name, value in FACTS.items() if name != "kind"})
    person.press("Save and continue")


def propose(person: Somebody) -> str:
    """The last look, and the button. Gives the submission's path."""
    assert "/check" in person.page.url, person.text
    person.press("Propose")
    assert "/submissions/" in person.page.url, person.text
    return person.page.url.removeprefix(person.address)


def read_all(person: Somebody, path: str, role: str) -> None:
    """Open every section that is new, as the page asks."""
    person.open(f"{path}/sign/{role}/sections")
    person.page.locator("main").get_by_role("button").last.click()


def decide(person: Somebody, path: str, role: str, outcome: str = "approve") -> None:
    """Choose on the signing page and go on."""
    person.open(f"{path}/sign/{role}")
    person.choose(outcome=outcome)
    go_on(person)


def go_on(person: Somebody) -> None:
    """The button at the end of the decision."""
    person.page.locator("form.decision > button").last.click()
    assert person.heading == "Confirm it is you", person.text


def sign(person: Somebody, path: str, role: str, outcome: str = "approve") -> None:
    """Read, decide, and confirm with the password."""
    read_all(person, path, role)
    decide(person, path, role, outcome)
    person.confirm()
    assert "/signed/" in person.page.url, person.text


def on_the_server(app: Flask, path: str, change: Callable[[World, Submission], T]) -> T:
    """Do something by real operations meanwhile, about the submission of a path, in one transaction."""
    with app.app_context(), clock.fixed(World.TODAY):
        found = db.session.scalar(sa.select(Submission).where(Submission.reference == path.rpartition("/")[2]))
        assert found is not None
        with transaction():
            given = change(World(), db.session.get_one(Submission, found.id))
        db.session.remove()
        return given
