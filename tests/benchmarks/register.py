"""The register page of 20 rows among 20,000 deployments, against a bare Flask page with the same query and table."""

from datetime import date

import sqlalchemy as sa
from flask import Flask
from markupsafe import escape

from governance import clock
from governance.database import db
from governance.database.transactions import writable
from governance.identity import actors
from governance.permissions import Actor
from governance.register import queries
from governance.register.models import Deployment, Manufacturer, Projection, Supplier, Tool, ToolVersion, UseCase
from tests.benchmarks.measuring import alternately, application, counted
from tests.world import World

DEPLOYMENTS = 20_000
ROUNDS = 200


def measure() -> list[str]:
    """Ratio of pages a second (ours to bare), and our queries."""
    with application() as app:
        world = World()
        organisation = world.organisation("QKK")
        fill(organisation.id, organisation.name)
        person = world.person("digital_lead", "QKK")
        client = app.test_client()
        world.sign_in(client, "digital_lead", "QKK")
        bare = bare_application(app, actors.actor_for(person.id, "QKK", clock.now())).test_client()
        with counted() as seen:
            answer = client.get("/QKK/tools")
        assert answer.status_code == 200, answer.status
        assert answer.text.count("<tr") >= 20
        ours, theirs = alternately(lambda: client.get("/QKK/tools"), lambda: bare.get("/"), ROUNDS)
    return [
        f"register page of 20 rows among {DEPLOYMENTS:,} deployments: {len(seen)} queries (at most 10)",
        f"ours {1 / ours:,.0f} pages a second, bare Flask {1 / theirs:,.0f}: ratio {theirs / ours:.2f} (at least 0.25)",
    ]


def bare_application(app: Flask, by: Actor) -> Flask:
    """Same query, same columns, a hand-written table, no sign-in, no templates."""
    bare = Flask("bare")

    @bare.route("/")
    def page() -> str:
        with app.app_context():
            rows = "".join(
                f"<tr><td>{escape(row.reference)}</td><td>{escape(row.tool)} {escape(row.version)}</td>"
                f"<td>{escape(row.use_case)}</td><td>{row.stage.label}</td><td>{row.standing.label}</td></tr>"
                for row in queries.deployments(by)
            )
            db.session.rollback()
        return f"<!DOCTYPE html><title>Tools</title><table>{rows}</table>"

    return bare


def fill(organisation_id: int, organisation_name: str) -> None:
    """Ten thousand rows written straight into the tables: the chain is measured elsewhere."""
    shared = {"registered_by_id": organisation_id, "registered_at": clock.now()}
    with writable(), db.engine.begin() as connection:

        def add(model: type, **values: object) -> int:
            return connection.execute(sa.insert(model).values(**values)).inserted_primary_key[0]

        maker = add(Manufacturer, name="Northgate Imaging Ltd", name_key="northgate imaging", **shared)
        seller = add(Supplier, name="Northgate Imaging Ltd", name_key="northgate imaging", **shared)
        use = add(UseCase, name="Reading order of chest X-rays", name_key="reading order", kind="imaging", **shared)
        tools = [
            add(Tool, name=f"Tool {n}", name_key=f"tool {n}", manufacturer_id=maker, kind="imaging", **shared) for n in range(50)
        ]
        versions = [add(ToolVersion, tool_id=tool, version="1.0", **shared) for tool in tools]
        rows = [deployment(n, organisation_id, tools[n % 50], versions[n % 50], seller, use) for n in range(DEPLOYMENTS)]
        connection.execute(sa.insert(Deployment), rows)
        ids = connection.execute(sa.select(Deployment.id, Deployment.reference, Deployment.tool_id)).all()
        connection.execute(
            sa.insert(Projection),
            [projection(organisation_id, organisation_name, use, *row) for row in ids],
        )
    with writable(), db.engine.connect() as connection:
        connection.execute(sa.text("ANALYZE"))


def deployment(n: int, organisation_id: int, tool: int, version: int, seller: int, use: int) -> dict[str, object]:
    """One row."""
    return {
        "organisation_id": organisation_id,
        "reference": f"QKK-2025-{n:05d}",
        "tool_id": tool,
        "tool_version_id": version,
        "supplier_id": seller,
        "use_case_id": use,
        "purpose": "Puts chest X-rays that look urgent at the top of the reading list. A radiologist reads every image.",
        "submitted_by_id": organisation_id,
        "controller_id": organisation_id,
        "stage": ("pilot", "implementation", "business_as_usual")[n % 3],
        "stage_since": date(2025, 3, 1),
        "standing": ("assured", "lapsed", "proposed")[n % 3],
        "standing_since": date(2025, 3, 1),
        "tier": "medium",
        "version_id": 1,
    }


def projection(organisation_id: int, name: str, use: int, ident: int, reference: str, tool: int) -> dict[str, object]:
    """One row."""
    return {
        "deployment_id": ident,
        "organisation_id": organisation_id,
        "organisation_name": name,
        "reference": reference,
        "tool_id": tool,
        "tool_name": f"Tool {tool}",
        "manufacturer_name": "Northgate Imaging Ltd",
        "version": "1.0",
        "use_case": "Reading order of chest X-rays",
        "use_case_id": use,
        "stage": "pilot",
        "standing": "assured",
        "open_conditions": 0,
        "updated_at": clock.now(),
    }
