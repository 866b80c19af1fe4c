"""Reading sign-offs, and checking their seals."""

from collections.abc import Iterator, Sequence

import sqlalchemy as sa

from governance import canonical
from governance.audit.chain import instant
from governance.database import db
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


def sign_offs_on(subject_kind: str, subject_id: int) -> Sequence[SignOff]:
    """Every sealed row on one subject, oldest first."""
    query = sa.select(SignOff).where(SignOff.subject_kind == subject_kind, SignOff.subject_id == subject_id)
    return db.session.scalars(query.order_by(SignOff.id)).all()


def sealed_bytes(row: SignOff) -> bytes:
    """The canonical bytes that a seal covers."""
    body = {name: getattr(row, name) for name in SEALED}
    body |= {"role": row.role.value, "signed_at": instant(row.signed_at), "key_id": row.key_id}
    body["registration_expires_on"] = row.registration_expires_on.isoformat() if row.registration_expires_on else None
    return canonical.dumps(body)


def seal_holds(row: SignOff, keyring: Keyring) -> bool:
    """Whether the row is still what was sealed."""
    return keyring.verify(row.key_id, row.seal, sealed_bytes(row))


def broken_seals(keyring: Keyring) -> Iterator[str]:
    """A sentence for each sign-off whose seal is not of our keys over what the row says; `flask audit verify` prints them."""
    for row in db.session.scalars(sa.select(SignOff).order_by(SignOff.id).execution_options(yield_per=1_000)):
        if not seal_holds(row, keyring):
            yield f"sign_off row {row.id}: its seal does not hold."
