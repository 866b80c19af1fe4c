"""The sweep's world: what every contract walks through."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from governance import clock
from governance.approval.rules import NewCondition
from governance.assessment.evidence.models import Evidence
from governance.assessment.packs import queries as packs
from governance.assessment.sheets import operations as sheets
from governance.database import db, transaction
from governance.extensions import house
from governance.intake.models import Submission
from governance.notifications.models import Delivery
from governance.reports import operations as reports
from tests import (
    added,
    agreed,
    asked,
    assessed,
    cases,
    changed,
    cover,
    lapsed,
    logs,
    met,
    monitored,
    proposals,
    registers,
    supplied,
    suspended,
)
from tests.applications import Template, grown, opened
from tests.conftest import the_submitted
from tests.world import World

CONDITION = NewCondition(
    "Measure the turnaround of urgent images for three months.", "digital_lead", "after", date(2027, 2, 1), "A table of weeks."
)


@pytest.fixture(scope="session")
def swept_template(submitted_template: Template, tmp_path_factory: pytest.TempPathFactory) -> Template:
    """As `later`, with a second submission at the trust that is authorised with one condition."""
    return grown(submitted_template, tmp_path_factory.mktemp("swept") / "instance", more)


def more() -> None:
    """What the sweep's world has beside the submitted submission: something for each kind of page."""
    tool = proposals.TOOL | {"name": "Lungwatch", "manufacturer": "Southbank Imaging Ltd"}
    decided = agreed.authorised(World(), tool=tool, conditions=[CONDITION])
    report(decided)
    assert decided.deployment is not None
    cases.kept(World(), decided.deployment)
    changed.noted(World(), decided.deployment)
    monitored.kept(World())
    registers.kept(World())
    logs.kept(World())
    suspended.kept(World())
    lapsed.kept(World())
    supplied.kept(World())
    began_earlier(World())
    cover.kept(World())
    undelivered()
    asked.question(World())
    added.add(World(), added.NICE)
    met.kept(World(), the_submitted())
    keep_files()


def began_earlier(world: World, name: str = "Oldwise") -> None:
    """A submission that stays with the first policy, its tool sheet open in the version before."""
    submission = proposals.proposed(
        world, policy="london-1", tool=proposals.TOOL | {"name": name, "manufacturer": f"{name} Ltd"}
    )
    with transaction():
        lead = world.actor("digital_lead", "RTH01")
        sheets.open_sheet(submission=submission, question_set="tool-facts-1", by=lead, at=clock.now())


def report(submission: Submission) -> None:
    """An issued report of a decided submission, its job still waiting; the file is no more than the head of a PDF."""
    by, at = World().actor("digital_lead", "RTH01"), clock.now()
    sha256 = house().storage.put_content(b"%PDF-1.7\ninvented\n%%EOF\n")
    with transaction():
        reports.ask_for_report(submission=submission, by=by, at=at)
        pack = packs.pack(submission)
        assert pack is not None
        for edition in ("full", "partner"):
            reports.issue(
                pack=pack, edition=edition, title="Audit report of Lungwatch", sha256=sha256, pages=1, size=26,
                stream_head="0" * 64, made_at=at, by=by, at=at,
            )  # fmt: skip


def undelivered(said: str = "The mail server refused the address (550).") -> None:
    """An e-mail to a digital lead of the trust that could not be sent."""
    with transaction():
        db.session.add(
            Delivery(
                key="digest:sweep", person_id=World().person("digital_lead", "RTH01").id, kind="digest", message_id="<1@rth01.example>",
                subject="Your daily digest: 1 notice", status="failed", said=said,
                queued_at=clock.now(),
            )
        )  # fmt: skip


def keep_files() -> None:
    """Put into storage what the builders only said to be there."""
    for item in db.session.scalars(sa.select(Evidence).where(Evidence.sha256.is_not(None))):
        house().storage.put_content(assessed.stored(text=item.title).data)


@pytest.fixture
def swept(swept_template: Template, tmp_path: Path) -> Iterator[Flask]:
    """The application on a copy of the sweep's world."""
    with opened(swept_template, tmp_path / "instance") as made:
        yield made
