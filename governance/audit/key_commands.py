"""`flask keys`: which keys seal and verify, a new one, and the end of an old one's private half."""

from pathlib import Path

import click
import sqlalchemy as sa
from flask import current_app
from flask.cli import AppGroup

from governance import clock
from governance import keys as keyrings
from governance.audit.models import AuditEvent, AuditPayload
from governance.audit.record import record
from governance.database import db, read_only, transaction
from governance.extensions import house
from governance.keys import Keyring
from governance.permissions import OPERATOR

ROTATED, RETIRED = "key.rotated", "key.retired"

keys = AppGroup("keys", help="The keys that seal signatures, receipts and checkpoints.")


@keys.command("list")
def list_keys() -> None:
    """Every key in the ring: which one seals, which verify, and of which only the public half is here."""
    ring = house().keyring
    for name, public in sorted(ring.public().items(), key=lambda item: (item[0] != ring.current, item[0])):
        what = "seals now" if name == ring.current else "verifies" if name in ring.private else "verifies, public half only"
        click.echo(f"{name}  {what}  public key {public}")


@keys.command("rotate")
def rotate() -> None:
    """Have a new key seal from now on; old seals keep their key. Restart the servers and workers afterwards."""
    before = house().keyring
    if current_app.config["SIGNING_KEYS"]:
        _rotated_by_environment(before)
        return
    ring = keyrings.rotate(_folder())
    tell(before.current, ring)
    click.echo(f"{ring.current} seals from the next start of servers and workers on. {before.current} still verifies.")


@keys.command("retire")
@click.argument("key_id")
def retire(key_id: str) -> None:
    """Destroy the private half of an old key; its public half stays, so that what it sealed still verifies."""
    if current_app.config["SIGNING_KEYS"]:
        public = house().keyring.public().get(key_id, "its public key")
        raise click.ClickException(f"Keys come from settings: take it out of SIGNING_KEYS, put {public} in PUBLIC_KEYS.")
    try:
        kept = keyrings.retire(_folder(), key_id)
    except ValueError as refused:
        raise click.ClickException(str(refused)) from refused
    with transaction():
        record(RETIRED, stream="instance:0", by=OPERATOR, at=clock.now(), key=key_id)
    click.echo(f"The private half of {key_id} is gone; {kept.name} verifies what it sealed. Remove it from backups too.")


def tell(old: str | None, ring: Keyring) -> None:
    """Record that another key seals, with its public half, so that the chain itself says which keys are ours."""
    with transaction():
        public = ring.public()[ring.current]
        record(ROTATED, stream="instance:0", by=OPERATOR, at=clock.now(), old=old, new=ring.current, public=public)


def _rotated_by_environment(ring: Keyring) -> None:
    """With SIGNING_KEYS there are two steps: put a new seed first, then tell the chain by the same command."""
    told = _last_told()
    if (told is None and len(ring.keys()) > 1) or (told is not None and told != ring.current):
        tell(told, ring)
        click.echo(f"Recorded: {ring.current} seals now.")
        return
    click.echo("Put this new seed first in SIGNING_KEYS, a comma after it, before the ones that are there:")
    click.echo(keyrings.new_seed())
    click.echo("Restart servers and workers with it, then run `flask keys rotate` again: it records which key seals now.")


def _last_told() -> str | None:
    with read_only():
        query = sa.select(AuditPayload.payload).join(AuditEvent, AuditEvent.id == AuditPayload.event_id)
        query = query.where(AuditEvent.stream == "instance:0", AuditEvent.kind == ROTATED)
        payload = db.session.scalar(query.order_by(AuditEvent.id.desc()).limit(1))
    return None if payload is None else str(payload["new"])


def _folder() -> Path:
    return Path(current_app.instance_path) / "keys"
