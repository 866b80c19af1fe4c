"""The two steps of signing: fix what is shown, then seal it."""

import secrets
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from governance import canonical, clock
from governance.audit.record import record
from governance.database import db
from governance.database.transactions import is_writing
from governance.errors import Conflict, NotVisible, Refused
from governance.identity import delegations
from governance.identity.models import Agreement, Organisation
from governance.keys import Keyring
from governance.permissions import Actor, Held, Registration, Role
from governance.signing import queries
from governance.signing.models import SignIntent, SignOff

GOOD_FOR = timedelta(minutes=10)
LONGEST = 300  # characters of the column that keeps the holding in words


def intend(
    *,
    subject_kind: str,
    subject_id: int,
    act: str,
    digest: str,
    section_digests: dict[str, str],
    role: Role,
    outcome: str,
    statement: str,
    details: dict[str, Any],
    organisation_id: int,
    by: Actor,
    at: datetime,
) -> SignIntent:
    """Fix what one person is about to sign. Good for ten minutes and used at most once."""
    row = SignIntent(
        organisation_id=organisation_id,
        token=secrets.token_urlsafe(32),
        person_id=by.person_id,
        subject_kind=subject_kind,
        subject_id=subject_id,
        digest=digest,
        section_digests=section_digests,
        role=role,
        outcome=outcome,
        statement=statement,
        details={"act": act, **canonical.plain(details)},
        made_at=at,
        expires_at=at + GOOD_FOR,
    )
    db.session.add(row)
    db.session.flush()
    return row


def intent(token: str, by: Actor, at: datetime) -> SignIntent:
    """The person's own open intent. Raises NotVisible for anybody else's, Refused when its ten minutes are over.

    Raises Conflict when it is used. Where it is about to be, it is locked: a second press waits, and is told so.
    """
    query = sa.select(SignIntent).where(
        SignIntent.token == token,
        SignIntent.person_id == by.person_id,
        SignIntent.organisation_id == by.organisation_id,
    )
    if is_writing():
        query = query.with_for_update(of=SignIntent).execution_options(populate_existing=True)
    row = db.session.scalar(query)
    if row is None:
        raise NotVisible()
    if row.used_at is not None:
        raise Conflict("You have signed this already.")
    if row.expires_at <= at:
        raise Refused.because("The ten minutes to sign are over. Read the pack again and start once more.", code="expired")
    return row


def seal(
    *,
    intent: SignIntent,
    held: Held,
    deployment_id: int,
    keyring: Keyring,
    by: Actor,
    at: datetime,
    subject_id: int | None = None,
    act: str = "",
) -> SignOff:
    """Use up an intent and write the sealed row. Raises Conflict when the role has signed this subject already.

    `subject_id` names a row that this very signature brings about, where there was none to name when it was intended;
    `act` the seat that is free now, where several may sign and another was taken meanwhile.
    """
    registration = by.registration if held.role in (Role.CSO, Role.CLINICAL_LEAD) else None
    acting = acting_text(by, intent.role, intent.organisation_id, deployment_id, clock.london_date(at))
    row = SignOff(
        organisation_id=intent.organisation_id,
        subject_kind=intent.subject_kind,
        subject_id=intent.subject_id if subject_id is None else subject_id,
        act=act or intent.details["act"],
        digest=intent.digest,
        section_digests=intent.section_digests,
        role=intent.role,
        outcome=intent.outcome,
        statement=intent.statement,
        details={name: value for name, value in intent.details.items() if name != "act"}
        | ({"acting_for": acting} if acting else {}),
        person_id=by.person_id,
        person_name=by.name,
        # an appointment made elsewhere is not this organisation's row: the agreement that lends it is named instead
        appointment_id=held.appointment_id if held.agreement_id is None else None,
        appointment_text=appointment_text(held, acting),
        agreement_id=held.agreement_id,
        registration=registration_text(registration),
        registration_expires_on=registration.expires_on if registration else None,
        signed_at=at,
        key_id=keyring.current,
        seal="",
    )
    row.key_id, row.seal = keyring.sign(queries.sealed_bytes(row))
    intent.used_at = at
    db.session.add(row)
    try:
        db.session.flush()
    except IntegrityError as second:
        raise Conflict(f"This has been signed as {intent.role.title} already. Reload the page to see by whom.") from second
    record(
        "sign_off.sealed",
        stream=f"deployment:{deployment_id}",
        by=by,
        at=at,
        organisation_id=row.organisation_id,
        sign_off=row.id,
        role=row.role.value,
        act=row.act,
        outcome=row.outcome,
        subject=f"{row.subject_kind}:{row.subject_id}",
        digest=row.digest,
        check_code=row.check_code,
    )
    return row


def acting_text(by: Actor, role: Role, organisation_id: int, deployment_id: int, on: date) -> str:
    """For whom a person acts in a role on a day, and when: "Dr A, 3–14 May 2027"; empty where for nobody."""
    acting = delegations.acting_for(by.person_id, organisation_id, role, deployment_id, on)
    return "; ".join(each.in_words for each in acting)


def appointment_text(held: Held, acting_for: str = "") -> str:
    """The holding in words, as sealed: "Appointed to 31 March 2028", with the limit of an executive.

    Where the role is lent by an agreement, the organisation that lends it and what agrees it are named.
    """
    until = f" to {held.ends_on.day} {held.ends_on:%B %Y}" if held.ends_on else ""
    words = ("Appointed" if held.appointment_id else "Member") + until
    if held.agreement_id is not None:
        words += _agreed(held.agreement_id)
    if held.highest_residual is not None:
        words += f"; accepts a residual rating of up to {held.highest_residual}"
    if acting_for:
        words += f"; acting for {acting_for}"
    return words if len(words) <= LONGEST else f"{words[: LONGEST - 1]}…"


def _agreed(agreement_id: int) -> str:
    """Under what a role is lent, and by whom. A long name is cut, so that what follows has room."""
    row = db.session.get(Agreement, agreement_id)
    acting = db.session.get(Organisation, row.acting_id) if row else None
    if row is None or acting is None:
        return ", by agreement between organisations"
    return f" at {acting.name[:80]}, by agreement: {row.instrument[:80]}"


def registration_text(registration: Registration | None) -> str:
    """A registration in words, as sealed: "GMC 0000000, to 31 December 2027"."""
    if registration is None:
        return ""
    ends = registration.expires_on
    return f"{registration.body} {registration.number}" + (f", to {ends.day} {ends:%B %Y}" if ends else "")
