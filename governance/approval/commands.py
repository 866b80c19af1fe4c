"""`flask sign-off verify`: what an inquiry asks of a signature, answered from the record itself."""

import click
from flask.cli import AppGroup

from governance.approval import sealed
from governance.audit.commands import steady
from governance.database import read_only
from governance.extensions import house

sign_off = AppGroup("sign-off", help="Signatures, as sealed.")


@sign_off.command("verify")
@click.argument("reference", nargs=-1, required=True)
def verify(reference: tuple[str, ...]) -> None:
    """Read every sealed row of a submission, a deployment or a check code, and say in sentences whether it stands.

    A check code may be typed as it is printed, in two groups.
    """
    asked, faults = "".join(reference).strip(), 0
    with read_only() as session:
        steady(session)
        rows = sealed.found(asked)
        if not rows:
            raise click.ClickException(f"Nothing sealed has the reference or check code {asked}.")
        for number, row in enumerate(rows, 1):
            this = sealed.account(row, house())
            click.echo(f"{number}. {this.said[0]}")
            for sentence in this.said[1:]:
                click.echo(f"   {sentence}")
            for sentence in this.faults:
                click.echo(f"   NOT AS IT SHOULD BE: {sentence}")
            faults += len(this.faults)
    click.echo(f"{len(rows)} sealed: " + ("all of it stands." if not faults else f"{faults} things do not agree."))
    raise SystemExit(1 if faults else 0)
