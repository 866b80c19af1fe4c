"""Telling people. The notice, the delivery and its job are rows of the business transaction that they are about."""

import secrets
from collections.abc import Iterable
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from governance import clock
from governance.database import db
from governance.errors import Refused
from governance.jobs import queue
from governance.notifications import letters, queries, rules
from governance.notifications.directory import directory
from governance.notifications.models import Delivery, Notice, NoticePreference
from governance.notifications.rules import Preference
from governance.permissions import SYSTEM, Actor

KIND = "deliver"


def tell(
    *, person_ids: Iterable[int], organisation_id: int, kind: str, subject: str, body: str, path: str, key: str,
    at: datetime,
) -> int:  # fmt: skip
    """Tell people one thing about one organisation; returns to how many it was new.

    Each is told once for a `key`, however often this is called; whose account is closed, never. `kind` is as an audit
    kind ("submission.submitted"), `subject` says what and which tool, `path` is the page it is about, from the root
    (`queries.path`). Who wants to be told at once has a delivery queued here; the others find it in their digest, or on
    their page alone.
    """
    if not path.startswith("/") or path.startswith("//"):
        raise ValueError(f"A notice leads to a page of ours, not to {path!r}.")
    asked = set(person_ids)
    asked -= queries.told(asked, key) if asked else set()
    if not asked:
        return 0
    wanted, new = queries.preferences(asked), 0
    for person_id in sorted(directory().recipients(asked)):
        notice = Notice(
            person_id=person_id,
            organisation_id=organisation_id,
            key=key,
            kind=kind,
            subject=rules.one_line(subject, 200),
            body=body.strip(),
            path=path,
            at=at,
            delivery=wanted.get(person_id, rules.DEFAULT),
        )
        if not _added(notice):
            continue
        new += 1
        if notice.delivery == "at_once" and queries.mail_is_set_up():
            _deliver([notice], key=f"notice:{notice.id}", kind="notice", subject=notice.subject, at=at)
    return new


def prefer(*, delivery: Preference, by: Actor, at: datetime) -> None:
    """Choose how one is told from now on. Who wants pages only gets no digest of what waits for one either."""
    assert by.person_id is not None
    row = db.session.get(NoticePreference, by.person_id)
    if row is None:
        row = NoticePreference(person_id=by.person_id)
        db.session.add(row)
    row.delivery, row.changed_at = delivery, at
    if delivery == "page":
        waits = (Notice.person_id == by.person_id, Notice.delivery == "digest", Notice.delivery_id.is_(None))
        db.session.execute(sa.update(Notice).where(*waits).values(delivery="page"))
    db.session.flush()


def write_to_others(*, key: str, kind: str, subject: str, at: datetime) -> bool:
    """Queue one e-mail to somebody who is no person here; False where it was queued before, or no mail is set up.

    Whoever `sending.letters_to_others[kind]` is writes it when it is sent, from what `key` names.
    """
    if not queries.mail_is_set_up() or queries.delivery(key) is not None:
        return False
    _queue(key=key, person_id=None, kind=kind, subject=rules.one_line(subject, 200), at=at)
    return True


def gather_digests(*, at: datetime) -> int:
    """Queue one e-mail for each person with notices that wait for a digest: one a day; returns how many."""
    if not queries.mail_is_set_up():
        return 0
    waiting, day, made = queries.waiting_for_digest(at), clock.london_date(at), 0
    for person_id in sorted(directory().recipients(waiting.keys())):
        key = f"digest:{person_id}:{day.isoformat()}"
        if db.session.scalar(sa.select(Delivery.id).where(Delivery.key == key)) is None:
            found = waiting[person_id]
            _deliver(found, key=key, kind="digest", subject=letters.digest_subject(len(found)), at=at)
            made += 1
    return made


def hand_over_lost(*, at: datetime) -> int:
    """Hand over again what has waited for an hour, should its job have failed before it could say why; returns how many."""
    query = sa.select(Delivery).where(Delivery.status == "queued", Delivery.queued_at < at - queries.LOST_AFTER)
    rows = db.session.scalars(query.order_by(Delivery.id)).all()
    for row in rows:
        _enqueue(row, at)
    return len(rows)


def try_again(*, delivery: Delivery, at: datetime) -> None:
    """Send a failed e-mail again. One that was sent is never sent twice: Refused."""
    if delivery.status != "failed":
        raise Refused.because("This was sent, or is being sent now.", code="delivery.status")
    delivery.status, delivery.again_at, delivery.claimed_at = "queued", None, None
    db.session.flush()
    _enqueue(delivery, at)


def _deliver(notices: list[Notice], *, key: str, kind: str, subject: str, at: datetime) -> None:
    """Write one e-mail and the job that sends it. Its Message-ID is fixed here, for every attempt."""
    row = _queue(key=key, person_id=notices[0].person_id, kind=kind, subject=subject, at=at)
    for notice in notices:
        notice.delivery_id = row.id
    db.session.flush()


def _queue(*, key: str, person_id: int | None, kind: str, subject: str, at: datetime) -> Delivery:
    row = Delivery(
        key=key,
        person_id=person_id,
        kind=kind,
        message_id=f"<{secrets.token_hex(16)}@{queries.server().domain}>",
        subject=subject,
        status="queued",
        queued_at=at,
    )
    db.session.add(row)
    db.session.flush()
    _enqueue(row, at)
    return row


def _enqueue(row: Delivery, at: datetime) -> None:
    queue.enqueue(kind=KIND, key=f"{KIND}:{row.id}", payload={"delivery": row.id}, organisation_id=None, by=SYSTEM, at=at)


def _added(notice: Notice) -> bool:
    """Whether the row is new: another transaction may have told the same person the same meanwhile."""
    try:
        with db.session.begin_nested():
            db.session.add(notice)
    except IntegrityError:
        if notice.person_id in queries.told([notice.person_id], notice.key):
            return False
        raise
    return True
