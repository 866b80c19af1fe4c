"""The panel on a deployment's page that says how the live record differs from the pack its standing rests on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import render_template, url_for
from markupsafe import Markup

from governance.assessment.packs import drift
from governance.assessment.packs.drift import Drift, Moved
from governance.intake import queries as intake
from governance.lifecycle import Standing
from governance.permissions import Actor, Permission
from governance.register import slots
from governance.register.models import Deployment
from governance.web.wording import long_date, plural

RENEWED = "Renewed like for like: policy asks for nothing"
NAMED = 3
"""So many changes of a section are said here; the comparison says all."""


@dataclass(frozen=True, slots=True)
class Line:
    """One section that moved: what changed in it, and what policy says of it."""

    title: str
    said: tuple[str, ...]
    more: str
    policy: str
    asks: bool


@dataclass(frozen=True, slots=True)
class Panel:
    """Everything in the panel. `running` is the open submission that takes the changes up, if there is one.

    `note_href`: where whoever may says what changed; a re-assurance starts from there, and knows what it touches.
    """

    remark: str
    lines: tuple[Line, ...]
    pack_digest: str
    frozen: str
    asks: bool
    policy_version: str
    compare_href: str
    note_href: str
    running: str


def init() -> None:
    """Hand the register's page of a deployment what moved since its pack was decided."""
    slots.panels.append(draw)


def draw(deployment: Deployment, by: Actor, on: date) -> Markup | None:
    """The panel, for who may read the live record of a deployment that was assured and has not ceased."""
    if deployment.standing is Standing.CEASED or not by.may(Permission.READ_PACK):
        return None
    found = drift.of(deployment)
    if found is None:
        return None
    return Markup(render_template("packs/_drift.jinja", it=panel(found, deployment, by)))  # noqa: S704  it escapes


def panel(found: Drift, deployment: Deployment, by: Actor) -> Panel:
    """The panel as plain values."""
    running = intake.open_on(deployment) if found.moved else None
    note = ""
    if found.asks and running is None and by.may(Permission.NOTE_CHANGE, deployment_id=deployment.id):
        note = url_for("changes.note", organisation=by.organisation_code, reference=deployment.reference)
    sides: dict[str, Any] = {"organisation": by.organisation_code, "reference": found.submission.reference}
    sides |= {"from": found.pack.id, "to": "today"}
    return Panel(
        remark=plural(len(found.moved), "section") if found.moved else "Nothing changed",
        lines=tuple(_line(each) for each in found.moved),
        pack_digest=found.pack.digest,
        frozen=long_date(found.pack.frozen_at),
        asks=found.asks,
        policy_version=found.policy_version,
        compare_href=url_for("packs.compare.compare", **sides),
        note_href=note,
        running=str(running.reference or "") if running else "",
    )


def _line(moved: Moved) -> Line:
    said = [each.said for each in moved.items if each.kind != "stale"]
    says = {True: "Policy asks for a re-assurance", False: "Noted: policy asks for nothing"}
    return Line(
        title=moved.change.title,
        said=tuple(said[:NAMED]),
        more=f"And {len(said) - NAMED} more" if len(said) > NAMED else "",
        policy=RENEWED if moved.change.renewed else says[moved.asks] if moved.row else "",
        asks=moved.asks,
    )
