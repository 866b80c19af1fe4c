"""`flask people first`: an organisation and its first administrator, who invites and appoints everybody else."""

import secrets
from datetime import date

import click
from flask.cli import AppGroup

from governance import clock
from governance.database import transaction
from governance.errors import GovernanceError
from governance.identity import credentials, operations
from governance.permissions import OPERATOR, Role

people = AppGroup("people", help="Who works where.")


@people.command("first")
@click.argument("code")
@click.argument("organisation")
@click.argument("name")
@click.argument("email")
@click.option("--kind", type=click.Choice(["icb", "sub_icb", "trust", "practice"]), default="icb", show_default=True)
@click.option("--since", default="2022-07-01", show_default=True, help="First day of the organisation.")
def first(code: str, organisation: str, name: str, email: str, kind: str, since: str) -> None:
    """Add an organisation and its first administrator; print the first password once."""
    password = "-".join(secrets.token_hex(3) for _ in range(3))
    hashed = credentials.hash_password(password)
    try:
        with transaction():
            at = clock.now()
            row = operations.found_organisation(
                code=code,
                name=organisation,
                kind=kind,
                started_on=date.fromisoformat(since),
                provenance="entered by the operator",
                by=OPERATOR,
                at=at,
            )
            person = operations.invite(email=email, name=name, password_hash=hashed, by=OPERATOR, at=at)
            operations.add_membership(
                person=person,
                organisation_id=row.id,
                role=Role.ORGANISATION_ADMINISTRATOR,
                started_on=clock.london_date(at),
                by=OPERATOR,
                at=at,
            )
    except (GovernanceError, ValueError) as refused:
        raise click.ClickException(str(refused)) from refused
    click.echo(f"{name} administers {organisation} ({row.code}). First password, shown only now: {password}")
