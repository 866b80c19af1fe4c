"""`flask notices`: what could not be sent, and trying it again."""

import click
from flask.cli import AppGroup

from governance import clock
from governance.database import db, read_only, transaction
from governance.errors import Refused
from governance.notifications import operations, queries
from governance.notifications.directory import directory
from governance.notifications.models import Delivery
from governance.web.wording import moment, plural

notices = AppGroup("notices", help="E-mails that tell people of things.")


@notices.command("failed")
@click.option("--limit", default=100, show_default=True, help="How many at most, newest first.")
def failed(limit: int) -> None:
    """List e-mails that could not be sent."""
    if not queries.mail_is_set_up():
        click.echo("SMTP_URL is not set: no e-mail is sent, notices stay on pages.")
    with read_only():
        rows = queries.failed(None, before=None, limit=limit)
        people = directory().recipients({row.person_id for row in rows if row.person_id is not None})
        for row in rows:
            person = people.get(row.person_id or 0)
            who = person.address if person else f"person {row.person_id}" if row.person_id else row.key
            click.echo(f"{row.id}\t{moment(row.queued_at)}\t{who}\t{row.said}")
        click.echo(f"{plural(len(rows), 'e-mail')} could not be sent.")


@notices.command("retry")
@click.argument("delivery", type=int, nargs=-1)
@click.option("--all", "every", is_flag=True, help="Every one that failed.")
def retry(delivery: tuple[int, ...], every: bool) -> None:
    """Send failed e-mails again, by the numbers that `failed` lists."""
    with read_only():
        ids = [row.id for row in queries.failed(None, before=None, limit=10_000)] if every else list(delivery)
    for one in ids:
        try:
            with transaction():
                row = db.session.get(Delivery, one, with_for_update=True)
                if row is None:
                    raise Refused.because("There is no such delivery.", code="delivery.none")
                operations.try_again(delivery=row, at=clock.now())
        except Refused as refused:
            raise click.ClickException(f"{one}: {refused}") from None
    click.echo(f"{plural(len(ids), 'e-mail')} will be sent again.")
