"""Reading sign-offs, and checking their seals."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from governance import canonical
from governance.audit import reading
from governance.audit.chain import instant
from governance.audit.redactions import operations as redacting
from governance.audit.redactions import queries as redactions
from governance.database import db
from governance.database.base import Base
from governance.keys import Keyring
from governance.signing.models import SignOff

SEALED = (
    "organisation_id",
    "subject_kind",
    "subject_id",
    "act",
    "digest",
    "section_digests",
    "outcome",
    "statement",
    "details",
    "person_id",
    "person_name",
    "appointment_id",
    "appointment_text",
    "agreement_id",
    "registration",
)
COLUMNS = tuple(column.name for column in SignOff.__table__.columns)


def sign_offs_on(subject_kind: str, subject_id: int) -> Sequence[SignOff]:
    """Every sealed row on one subject, oldest first."""
    query = sa.select(SignOff).where(SignOff.subject_kind == subject_kind, SignOff.subject_id == subject_id)
    return db.session.scalars(query.order_by(SignOff.id)).all()


def sealed_bytes(row: SignOff) -> bytes:
    """The canonical bytes that a seal covers."""
    return canonical.dumps(sealed_body({column: getattr(row, column) for column in COLUMNS}))


def sealed_body(row: Mapping[str, Any]) -> dict[str, Any]:
    """What a seal covers, from the columns of a row."""
    expires = row["registration_expires_on"]
    body = {name: row[name] for name in SEALED}
    body |= {"role": row["role"].value, "signed_at": instant(row["signed_at"]), "key_id": row["key_id"]}
    body["registration_expires_on"] = expires.isoformat() if expires else None
    return body


def seal_holds(row: SignOff, keyring: Keyring) -> bool:
    """Whether the row is still what was sealed."""
    return _held({column.key: getattr(row, column.key) for column in SignOff.__table__.columns}, keyring)


def broken_seals(keyring: Keyring, only: Mapping[str, Collection[int]] | None = None) -> Iterator[str]:
    """A sentence for each sign-off whose seal is not of our keys over what the row says; `flask audit verify` prints them.

    `only`: ids by table, where a verification looks at later events alone.
    """
    session, table = db.session(), Base.metadata.tables["sign_off"]
    found = reading.rows(session, table) if only is None else reading.rows_with(session, table, only.get("sign_off", ()))
    for number, row in found:
        if row is None or not _held(row, keyring):
            yield f"sign_off row {number}: its seal does not hold."


def _held(row: Mapping[str, Any], keyring: Keyring) -> bool:
    """Whether a row that somebody may have broken is still what was sealed."""
    try:
        said = canonical.dumps(sealed_body(row))
        return keyring.verify(row["key_id"], row["seal"], said) or _sealed_again(row["id"], said, keyring)
    except (TypeError, ValueError, LookupError, AttributeError):
        return False


def _sealed_again(number: int, said: bytes, keyring: Keyring) -> bool:
    """Whether a text was removed from the row, and the house sealed what was left while the first seal still held."""
    again = [each for each in redactions.of_row(SignOff.__tablename__, number) if each.seal]
    return bool(again) and keyring.verify(again[-1].key_id or "", again[-1].seal or "", said)


def init() -> None:
    """Tell redaction how sign-offs are sealed: it seals again what it leaves of one."""
    redacting.seals[SignOff.__tablename__] = (_held, lambda row: canonical.dumps(sealed_body(row)))
