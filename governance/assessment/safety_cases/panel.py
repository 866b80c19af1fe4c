"""Clinical safety on the page of a deployment: the hazard log’s newest approved version, and the safety case report."""

from dataclasses import dataclass
from datetime import date

from flask import render_template, url_for
from markupsafe import Markup

from governance.assessment.hazards import queries as hazards
from governance.assessment.safety_cases import queries
from governance.permissions import Actor, Permission
from governance.register import slots
from governance.register.models import Deployment
from governance.web.wording import long_date


@dataclass(frozen=True, slots=True)
class Line:
    """One thing with its page; `note` is what stands out, such as that it changed since."""

    text: str
    href: str
    note: str = ""


def init() -> None:
    """Hand the page of a deployment what it says of clinical safety."""
    slots.panels.append(draw)


def draw(deployment: Deployment, by: Actor, on: date) -> Markup | None:
    """Nothing where nobody has begun a log, or for those who do not read what is assessed."""
    if not by.may(Permission.READ_SHEET):
        return None
    found = lines(deployment, by)
    return Markup(render_template("safety_cases/_panel.jinja", lines=found)) if found else None  # noqa: S704  it escapes


def lines(deployment: Deployment, by: Actor) -> tuple[Line, ...]:
    """The log, and the report where there is one."""
    here = {"organisation": by.organisation_code, "reference": deployment.reference}
    content = hazards.log_content(deployment)
    if not content:
        return ()
    latest, approved = hazards.latest_version(deployment), hazards.approved_version(deployment)
    log = url_for("hazards.log", **here)  # type: ignore[arg-type]
    if approved is None:
        note = f"Version {latest.number} awaits approval" if latest else "No version is frozen"
        return (Line("Hazard log, no version approved", log, note), *_report(deployment, here))
    signed = hazards.approval_of(approved)
    text = f"Hazard log version {approved.number}, approved {long_date(signed.signed_at) if signed else ''}".rstrip()
    note = ""
    if latest is not None and latest.id != approved.id:
        note = f"Version {latest.number} awaits approval"
    elif hazards.log_digest(content) != hazards.standing_digest(approved):
        note = "Changed since"
    version = url_for("hazards.versions.show", **here, number=approved.number)  # type: ignore[arg-type]
    return (Line(text, log if note else version, note), *_report(deployment, here))


def _report(deployment: Deployment, here: dict[str, str]) -> tuple[Line, ...]:
    case, approved = queries.newest(deployment), queries.approved(deployment)
    if case is None:
        return ()
    href = url_for("safety_cases.show", **here)  # type: ignore[arg-type]
    if approved is None:
        return (Line(f"Safety case report, revision {case.revision}", href, "Not approved"),)
    row, signed = approved
    note = "" if row.id == case.id else f"Revision {case.revision} is not approved"
    return (Line(f"Safety case report, revision {row.revision}, approved {long_date(signed.signed_at)}", href, note),)
