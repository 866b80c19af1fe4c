"""Notices and failed e-mails as lines of a page."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from governance.notifications.directory import Recipient
from governance.notifications.models import Delivery, Notice
from governance.web.wording import moment

WHAT = {"notice": "One notice", "digest": "Daily digest"}


@dataclass(frozen=True, slots=True)
class Line:
    """One notice: what, where, when, and how it was told. `late` marks what could not be sent."""

    subject: str
    body: str
    href: str
    where: str
    at: datetime
    told: str
    late: bool


@dataclass(frozen=True, slots=True)
class FailedLine:
    """One e-mail that could not be sent. It does not say what about: that is between the register and the person."""

    id: int
    name: str
    address: str
    what: str
    queued_at: datetime
    said: str
    again: str


def line(notice: Notice, delivery: Delivery | None, organisations: Mapping[int, str], *, digests_from: datetime | None) -> Line:
    """A notice as its person sees it. `digests_from`: what is older goes into no digest any more; None without e-mail."""
    return Line(
        subject=notice.subject,
        body=notice.body,
        href=notice.path,
        where=organisations.get(notice.organisation_id, ""),
        at=notice.at,
        told=_told(notice, delivery, digests_from),
        late=delivery is not None and delivery.status == "failed",
    )


def _told(notice: Notice, delivery: Delivery | None, digests_from: datetime | None) -> str:
    if delivery is None:
        waits = notice.delivery == "digest" and digests_from is not None and notice.at > digests_from
        return "It goes into your next daily digest." if waits else "On this page only."
    if delivery.status == "sent":
        return f"{'In your digest' if delivery.kind == 'digest' else 'By e-mail'}, {moment(delivery.sent_at)}."
    if delivery.status == "queued":
        return "It is being sent to you."
    if delivery.again_at is not None:
        return "It could not be sent to your address. We try again within the hour."
    return "It could not be sent to your address. Your administrator can try again."


def failed_line(row: Delivery, people: Mapping[int, Recipient]) -> FailedLine:
    """A failed e-mail as an administrator sees it."""
    who = people.get(row.person_id or 0)
    return FailedLine(
        id=row.id,
        name=who.name if who else "Account closed",
        address=who.address if who else "",
        what=WHAT.get(row.kind, "A letter"),
        queued_at=row.queued_at,
        said=row.said,
        again=f"We try again after {moment(row.again_at)}." if row.again_at else "We no longer try by ourselves.",
    )
