"""What `flask audit verify` finds when somebody with the database in hand has changed it, its triggers off."""

import sqlalchemy as sa

from governance import canonical, clock
from governance.audit import chain, receipts, verify
from governance.audit.models import AuditEvent, AuditPayload, AuditStream
from governance.database import db, read_only
from governance.database.transactions import writable
from governance.extensions import house
from governance.permissions import Role
from governance.signing.models import SignOff
from tests import agreed
from tests.world import World


def findings() -> list[str]:
    db.session.expire_all()
    with read_only() as session:
        return verify.verify(session, house().storage, house().keyring).findings


def tamper(*tables: str, statements: tuple[sa.Executable, ...]) -> None:
    """Run statements with the triggers of some tables off."""
    db.session.remove()
    with writable(), db.engine.begin() as connection:
        for table in tables:
            if connection.dialect.name == "sqlite":
                names = sa.text("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = :table")
                for name in list(connection.scalars(names, {"table": table})):
                    connection.execute(sa.text(f'DROP TRIGGER "{name}"'))
            else:
                connection.execute(sa.text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))
        for statement in statements:
            connection.execute(statement)


def last(kind: str) -> AuditEvent:
    found = db.session.scalar(sa.select(AuditEvent).where(AuditEvent.kind == kind).order_by(AuditEvent.id.desc()))
    assert found is not None
    return found


def forged(stream: str, rows: list[list[object]]) -> tuple[sa.Executable, ...]:
    """An event that follows well from the head of its stream, with its payload and its new head."""
    head = db.session.get_one(AuditStream, stream)
    number = (db.session.scalar(sa.select(sa.func.max(AuditEvent.id))) or 0) + 1
    fields = {
        "id": number, "stream": stream, "position": head.position + 1, "at": clock.now(), "actor_kind": "system", "person_id": None,
        "organisation_id": None, "kind": "section.judged", "payload_digest": canonical.digest({}), "rows": rows,
        "previous": head.head,
    }  # fmt: skip
    whole = chain.event_hash(fields)
    return (
        sa.insert(AuditEvent).values(**fields, hash=whole),
        sa.insert(AuditPayload).values(event_id=number, payload={}),
        sa.update(AuditStream).where(AuditStream.name == stream).values(position=fields["position"], head=whole),
    )


def test_details_that_were_taken_away_are_missed(later):
    event = last("pack.frozen")
    said = f"{event.stream} event {event.position}"
    tamper("audit_payload", statements=(sa.delete(AuditPayload).where(AuditPayload.event_id == event.id),))
    assert findings() == [f"{said}: its details are gone."]


def test_a_row_that_is_kept_as_written_is_not_told_twice_differently(later):
    table = SignOff.__table__
    row = dict(db.session.execute(sa.select(table).limit(1)).mappings().one())
    number, stream = row["id"], last("pack.frozen").stream
    digest = chain.row_hash(row | {"statement": "I never said this."})
    change = sa.update(table).where(table.c.id == number).values(statement="I never said this.")
    tamper("sign_off", statements=(change, *forged(stream, [["sign_off", number, digest]])))
    assert findings() == [
        f"sign_off row {number}: it is kept as written, and a later event tells another.",
        f"sign_off row {number}: its seal does not hold.",
    ]


def test_a_sign_off_put_in_by_hand_has_no_seal(later):
    table = SignOff.__table__
    row = dict(db.session.execute(sa.select(table).limit(1)).mappings().one())
    row |= {"id": 9_999, "role": Role.SIRO}
    digest, stream = chain.row_hash(row), last("pack.frozen").stream
    tamper("sign_off", statements=(sa.insert(table).values(**row), *forged(stream, [["sign_off", 9_999, digest]])))
    assert findings() == ["sign_off row 9999: its seal does not hold."]


def test_a_tail_cut_with_its_rows_is_betrayed_by_its_receipt(submission):
    before = {name: (head.position, head.head) for name, head in _heads().items()}
    newest = db.session.scalar(sa.select(sa.func.max(AuditEvent.id)))
    row = agreed.sign(World(), submission, Role.CSO)
    number, event = row.id, last("sign_off.sealed")
    stream, position = event.stream, event.position
    tamper(
        "sign_off", "audit_event", "audit_payload",
        statements=(
            sa.delete(AuditPayload).where(AuditPayload.event_id > newest),
            sa.delete(AuditEvent).where(AuditEvent.id > newest),
            sa.delete(SignOff).where(SignOff.id == number),
            sa.update(AuditStream).where(AuditStream.name == stream).values(
                position=before[stream][0], head=before[stream][1]
            ),
        ),
    )  # fmt: skip
    assert findings() == [f"receipt {stream} {position}: the chain does not hold the event it was given for."]


def test_a_receipt_nobody_of_ours_signed_is_a_finding(later):
    event = {"stream": "deployment:1", "position": 900, "kind": "sign_off.sealed", "at": "", "hash": "0" * 64}
    line = {"event": event, "key_id": house().keyring.current, "signature": "AAAA"}
    house().storage.put_new(receipts.key_of("deployment:1", 900), canonical.dumps(line))
    assert findings() == ["receipt deployment:1 900: its signature does not hold."]


def _heads() -> dict[str, AuditStream]:
    return {head.name: head for head in db.session.scalars(sa.select(AuditStream))}
