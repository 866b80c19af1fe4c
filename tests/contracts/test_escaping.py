"""What people type is shown, never run: hostile texts in every typed field, and no page that lets one through.

The rendering does not depend on the database: on SQLite.
"""

import re
from collections.abc import Iterator
from datetime import date
from functools import partial
from pathlib import Path

import pytest
from flask import Flask

from governance import clock
from governance.approval.interim.rules import Said
from governance.approval.rules import NewCondition
from governance.assessment.evidence import operations as evidence
from governance.assessment.hazards import operations as hazards
from governance.assessment.packs import operations as packs
from governance.database import transaction
from governance.identity import operations as identity
from governance.intake import operations as intake
from governance.permissions import Role
from governance.web import templating
from tests import (
    added,
    agreed,
    asked,
    assessed,
    cases,
    changed,
    cover,
    declared,
    lapsed,
    logs,
    met,
    monitored,
    proposals,
    registers,
    safety,
    supplied,
    suspended,
)
from tests.applications import Template, grown, opened
from tests.contracts import sweep
from tests.contracts.conftest import began_earlier, report, undelivered
from tests.world import World

TOP = Path(__file__).resolve().parents[2]
HOSTILE = "<script>alert(1)</script>\"'>{{1234567*7}}"
ESCAPED = "&lt;script&gt;alert(1)&lt;/script&gt;"
RAW = (re.compile(r"<script>alert"), re.compile(r"</script>[\"']"), re.compile("8641969"), re.compile("&amp;lt;script"))
ROLES = (
    Role.DIGITAL_LEAD, Role.CSO, Role.ORGANISATION_ADMINISTRATOR, Role.BOARD_MEMBER, Role.AUTHORISING_EXECUTIVE, Role.SIRO
)  # fmt: skip
MADE_WITH_MARKUP = {
    "draw.py", "panel.py", "templating.py", "forms.py", "presenters.py", "news.py", "drift_presenters.py", "risk_field.py",
}  # fmt: skip


def hostile(what: str) -> str:
    """A hostile text that still says which field it stands in."""
    return f"{what} {HOSTILE}"


@pytest.fixture(scope="session")
def poisoned_template(template: Template, tmp_path_factory: pytest.TempPathFactory) -> Template:
    """The sweep's world again, with everything in it that is typed hostile."""

    def poisonous() -> None:
        with pytest.MonkeyPatch.context() as typed:
            type_hostile(typed)
            poison(World())

    return grown(template, tmp_path_factory.mktemp("poisoned") / "instance", poisonous)


@pytest.fixture
def poisoned(poisoned_template, tmp_path) -> Iterator[Flask]:
    """The application on a copy of that world."""
    with opened(poisoned_template, tmp_path / "instance") as made:
        yield made


def type_hostile(typed: pytest.MonkeyPatch) -> None:
    """Have the builders type hostile texts; the operations are the real ones."""
    typed.setattr(assessed, "WATCH", assessed.WATCH | {"success_criteria": hostile("Criteria"), "stop_rule": HOSTILE})
    typed.setattr(safety, "PLAN", {name: hostile(name) for name in safety.PLAN} | {"review_on": "2027-11-01"})
    add_hazard, add_control, judge, attach = (
        hazards.add_hazard, hazards.add_control, packs.judge, evidence.attach,
    )  # fmt: skip
    texts = {"description": HOSTILE, "impact": hostile("Impact"), "causes": hostile("Cause")}
    typed.setattr(hazards, "add_hazard", lambda **said: add_hazard(**said | texts | {"name": hostile(said["name"])}))
    typed.setattr(hazards, "add_control", lambda **said: add_control(**said | {"description": hostile("Control")}))
    typed.setattr(packs, "judge", lambda **said: judge(**said | {"reason": hostile("Judgement")}))
    more = {"issuer": hostile("Issuer"), "standard": HOSTILE}
    typed.setattr(evidence, "attach", lambda **said: attach(**said | more | {"title": hostile(said["title"])}))
    typed.setattr(assessed, "stored", partial(assessed.stored, f"{HOSTILE}.pdf"))


def poison(world: World) -> None:
    """A draft, a submitted and an authorised submission, a site, a person, a hold and a condition."""
    with transaction():
        admin = world.actor(Role.ORGANISATION_ADMINISTRATOR, "RTH01")
        identity.add_site(name=hostile("Site"), by=admin, at=clock.now())
        person = identity.invite(
            email="odd@rth01.example", name=hostile("Person"), password_hash="none", by=admin, at=clock.now()
        )
        identity.add_membership(
            person=person, organisation_id=admin.organisation_id or 0, role=Role.AUDITOR, started_on=date(2026, 1, 1),
            by=admin, at=clock.now(),
        )  # fmt: skip
    use_case = {name: hostile(name) for name in proposals.USE_CASE}
    tools = [proposals.TOOL | {"name": hostile(f"Tool {n}"), "manufacturer": hostile(f"Maker {n}")} for n in range(4)]
    tools = [tool | {"version": HOSTILE, "supplier": hostile("Supplier"), "summary": HOSTILE} for tool in tools]
    assessed.submitted(world, tool=tools[0], use_case=use_case)
    condition = NewCondition(hostile("Condition"), "digital_lead", "after", date(2027, 2, 1), HOSTILE)
    decided = agreed.authorised(world, tool=tools[1], use_case=use_case, conditions=[condition])
    report(decided)
    cases.kept(world, decided.deployment, hostile)
    changed.noted(world, decided.deployment, kind="use", what=hostile("Changed"))
    added.add(world, added.PANEL, instrument=hostile("Minute"), reason=hostile("Wanted"), starts_on=date(2027, 1, 1))
    cover.kept(world, hostile("Away"))
    met.kept(world, decided, hostile)
    undelivered(hostile("Refused"))
    proposals.drafted(world, tool=tools[2], use_case=use_case)
    submission = proposals.proposed(world, tool=tools[3], use_case=use_case)
    row = declared.declare(
        world, tool_name=hostile("In use"), manufacturer=hostile("Its maker"), version=HOSTILE[:60], purpose=hostile("Purpose"),
        in_use_since=HOSTILE[:60], supplier=hostile("Its supplier"), earlier_approval=hostile("Earlier"),
    )  # fmt: skip
    said = Said("restrict", hostile("Why"), restriction=hostile("How"), submission_due_on=date(2027, 2, 1))
    declared.decide(world, row, said)
    suspended.kept(world, hostile)
    asked.question(world, text=hostile("Question"))
    where = monitored.deployment(world)
    monitored.measure(world, where, name=hostile("Measured"))
    monitored.enter(world, where, [2, 6])
    supplied.kept(world, hostile)
    registers.kept(world)
    logs.kept(world, hostile)
    lapsed.kept(world, hostile)
    began_earlier(world, hostile("Oldwise"))
    for move in (intake.hold, intake.release):
        with transaction():
            move(submission=submission, reason=hostile("Reason"), by=world.actor(Role.DIGITAL_LEAD, "RTH01"), at=clock.now())


@pytest.mark.parametrize(("backend", "role"), [("sqlite", role) for role in ROLES], ids=str, scope="session")
def test_no_page_lets_a_hostile_text_through(poisoned, role):
    shown, wrong = 0, []
    for place, answer in sweep.walk(poisoned, role):
        if answer.mimetype == "text/html":
            wrong += [f"{place.url}: {found.pattern}" for found in RAW if found.search(answer.text)]
            shown += ESCAPED in answer.text
    assert wrong == []
    assert shown >= (1 if role is Role.BOARD_MEMBER else 3)


def test_every_template_is_escaped():
    names = [str(file.relative_to(TOP / "templates")) for file in (TOP / "templates").rglob("*.jinja")]
    assert len(names) > 40
    assert [name for name in names if not templating.autoescape(name)] == []


def test_no_template_and_no_code_trusts_what_was_typed():
    templates = [*(TOP / "templates").rglob("*.jinja"), *(TOP / "templates").rglob("*.html")]
    trusting = re.compile(r"\|\s*safe\b|autoescape\s+false|Markup\(")
    assert [str(each) for each in templates if trusting.search(each.read_text())] == []


def test_markup_is_made_only_where_it_is_listed():
    made = {file.name for file in (TOP / "governance").rglob("*.py") if re.search(r"\bMarkup\(", file.read_text())}
    assert made == MADE_WITH_MARKUP
