"""The words of an e-mail: what happened, where, the page, and how to be told differently. Pure text."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from governance.notifications.models import Notice
from governance.web.wording import plural

MOST = 100  # notices in one digest; the rest are on the page


@dataclass(frozen=True, slots=True)
class Letter:
    """Subject and text, links made absolute."""

    subject: str
    text: str


def letter(
    notices: Sequence[Notice], *, kind: str, subject: str, organisations: Mapping[int, str], top: str, product: str
) -> Letter:
    """The e-mail of one delivery. `kind` is notice or digest, `top` the address of the product, `notices` oldest first."""
    parts = _digest(notices, organisations, top) if kind == "digest" else _one(notices[0], organisations, top)
    end = [
        "-- ",
        f"This e-mail was sent by {product}. Replies are not read.",
        f"Choose how you are told: {top}/me/notices/preference",
    ]
    return Letter(subject, "\n".join([*parts, "", *end]) + "\n")


def digest_subject(count: int) -> str:
    """What stands in the subject of a daily digest."""
    return f"Your daily digest: {plural(count, 'notice')}"


def _one(notice: Notice, organisations: Mapping[int, str], top: str) -> list[str]:
    where = organisations.get(notice.organisation_id, "")
    return [where, "", notice.subject, "", *_body(notice), f"Open the page: {top}{notice.path}"]


def _digest(notices: Sequence[Notice], organisations: Mapping[int, str], top: str) -> list[str]:
    lines = [f"{plural(len(notices), 'notice')} since your last digest, oldest first."]
    shown = notices[:MOST]
    for organisation_id in dict.fromkeys(each.organisation_id for each in shown):
        name = organisations.get(organisation_id, "")
        lines += ["", name, "=" * len(name)]
        for each in (one for one in shown if one.organisation_id == organisation_id):
            lines += ["", f"* {each.subject}", *(f"  {line}" for line in each.body.splitlines()), f"  {top}{each.path}"]
    if len(notices) > MOST:
        lines += ["", f"And {len(notices) - MOST} more: {top}/me/notices"]
    return lines


def _body(notice: Notice) -> list[str]:
    return [*notice.body.splitlines(), ""] if notice.body else []
