"""The figures of a deployment in the packs of what is asked about it: as they stood when the pack was frozen."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask

from governance import clock
from governance.assessment.packs import queries as packs
from governance.assessment.packs import reading
from governance.intake.models import Submission
from governance.lifecycle import SubmissionKind
from governance.monitoring.readings.rules import Entry
from governance.register.models import Deployment
from tests import asking, monitored
from tests.world import World

OCTOBER = date(2026, 10, 1)


def figures_in(submission: Submission) -> tuple[str, dict[str, Any]] | None:
    """The section that holds the figures, and the part."""
    pack = packs.pack(submission)
    assert pack is not None
    for section in pack.sections:
        for part in section.content["matter"]["parts"]:
            if part["kind"] == "figures":
                return section.code, part
    return None


@pytest.fixture
def world(assured: Flask) -> World:
    return World()


def test_re_assurance_carries_the_figures_and_later_ones_change_nothing(world: World, live: Deployment) -> None:
    monitored.measure(world, live)
    monitored.enter(world, live, [2, 3] * 7)
    submission = asking.submitted(world, live, SubmissionKind.RE_ASSURANCE)
    found = figures_in(submission)
    assert found is not None
    section, part = found
    (row,) = part["indicators"]
    assert section == "triage" and row["figures"][-1] == ["2026-10-01", "3"] and len(row["figures"]) == 14
    assert row["variation"].startswith("Usual variation") and row["assurance"] == "May or may not meet the target"
    assert len(part["digest"]) == 64
    ((_, said),) = reading.watched(part)
    assert "3 from 1 October 2026" in said and "Usual variation" in said
    pack = packs.pack(submission)
    assert pack is not None
    with clock.fixed(date(2026, 11, 20)):
        monitored.put(world, live, [Entry(1, OCTOBER, Decimal(5), "Two were overlooked.")])
    assert packs.differences(pack) == []


def test_without_figures_a_pack_holds_none(world: World, live: Deployment) -> None:
    monitored.measure(world, live)
    submission = asking.submitted(world, live, SubmissionKind.RE_ASSURANCE)
    assert figures_in(submission) is None


def test_an_extension_shows_the_figures_with_the_plan_they_belong_to(world: World, live: Deployment) -> None:
    monitored.measure(world, live)
    monitored.enter(world, live, [2, 6])
    found = figures_in(asking.submitted(world, live, SubmissionKind.EXTEND_PILOT))
    assert found is not None and found[0] == "monitoring_plan"
    assert found[1]["indicators"][0]["figures"] == [["2026-09-01", "2"], ["2026-10-01", "6"]]
