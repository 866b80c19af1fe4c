"""What was stated, in words; and what a page that was sent says of each organisation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from governance.database import db
from governance.errors import Refused
from governance.identity.models import Person
from governance.intake.declarations.forms import DeclarationForm
from governance.intake.declarations.models import Declaration
from governance.intake.declarations.operations import Place
from governance.intake.declarations.queries import Practice
from governance.policy import policy
from governance.register.models import Deployment
from governance.web.wording import listed, long_date


def reference_of(row: Declaration) -> str:
    """The reference of the deployment that was declared."""
    return db.session.get_one(Deployment, row.deployment_id).reference


def stated(row: Declaration, deployment: Deployment) -> list[tuple[str, str]]:
    """What was said, name and words."""
    said, london = row.facts, policy()
    pairs = [
        ("Tool", f"{deployment.tool.name}, version {deployment.tool_version.version}"),
        ("Manufacturer", deployment.tool.manufacturer.name),
        ("Supplier", deployment.supplier.name),
        ("Kind of tool", london.fact_label("kind", str(said["kind"]))),
        ("What it does here", deployment.purpose),
        ("Where", listed(site.name for site in deployment.sites)),
        ("Stage", row.stage.label),
        ("In use since (as stated)", row.in_use_since),
        ("Direct care", london.fact_label("direct_care", str(said["direct_care"]))),
        ("Personal data", london.fact_label("personal_data", str(said["personal_data"]))),
    ]
    person = db.session.get_one(Person, row.declared_by)
    how = f", from row {row.import_row} of a spreadsheet" if row.import_row else ""
    return [*pairs, ("Declared", f"{long_date(row.declared_at)}, by {person.name}{how}")]


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
