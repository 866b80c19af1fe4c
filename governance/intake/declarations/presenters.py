"""What was stated, in words."""

from __future__ import annotations

from governance.database import db
from governance.identity.models import Person
from governance.intake.declarations.models import Declaration
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
