"""What the organisation's people are told about links, and the letters that go to the supplier's contact."""

from __future__ import annotations

from datetime import datetime

from flask import current_app

from governance import clock
from governance.assessment.question_sets import loader
from governance.assessment.sheets import asked
from governance.assessment.sheets.models import AnswerSheet, SupplierLink
from governance.assessment.suppliers import queries, rules, tokens
from governance.database import db
from governance.identity import queries as identity
from governance.intake.models import Submission
from governance.notifications import operations, sending
from governance.notifications import queries as notifications
from governance.notifications.directory import Recipient
from governance.notifications.letters import Letter
from governance.notifications.models import Delivery
from governance.permissions import Role
from governance.web.wording import long_date

KIND = "supplier"


def init() -> None:
    """Be the one who writes letters to suppliers."""
    sending.letters_to_others[KIND] = letter


def write(link: SupplierLink, what: str, at: datetime) -> bool:
    """Queue a letter to the contact: `asked`, `again:2`, `reminder:7`. Each is queued once; False without a mail server."""
    subject = f"{identity.organisation_name(link.organisation_id)} asks you about {_tool(link)}"
    if what.startswith("reminder"):
        subject = f"Reminder: your answers about {_tool(link)} until {_last_day(link)}"
    return operations.write_to_others(key=f"{KIND}:{link.id}:{what}", kind=KIND, subject=subject, at=at)


def letter(row: Delivery) -> tuple[Recipient, Letter] | None:
    """The letter of a delivery as it is now; None once its link is over, or nothing is left to answer."""
    _, number, _what = row.key.split(":", 2)
    link = db.session.get_one(SupplierLink, int(number))
    if not queries.state(link, clock.now()).is_open or not queries.can_be_answered(link, clock.now()):
        return None
    organisation, address = identity.organisation_name(link.organisation_id), tokens.address(link)
    title = loader.question_set(db.session.get_one(AnswerSheet, link.sheet_id).question_set).title
    parts = [
        f"Dear {link.contact_name},",
        f"{organisation} asks you to answer questions about {_tool(link)}: {title}.",
        link.note,
        f"Open this page to answer:\n{address}" if address else "Use the link that we sent you before.",
        f"It works until the end of {_last_day(link)}. Your answers are kept each time you save, and you can come back.",
        "The link is yours alone. Whoever holds it can answer in your name, so do not send it on.",
        f"-- \nThis e-mail was sent by {current_app.config['PRODUCT_NAME']} for {organisation}. Replies are not read.",
    ]
    return Recipient(link.contact_name, link.contact_email), Letter(row.subject, "\n\n".join(filter(None, parts)) + "\n")


def handed_in(link: SupplierLink, at: datetime) -> None:
    """Tell the digital leads that the supplier has finished."""
    body = "The answers are on the sheet, marked as the supplier’s own words."
    subject = f"{link.contact_name} (supplier) handed in answers about {_tool(link)}"
    _tell(link, "supplier_link.handed_in", subject, body, "handed-in", at)


def ends(link: SupplierLink, step: int, mailed: bool, at: datetime) -> int:
    """Tell the digital leads that a link ends soon: the contact was reminded, or must be by them."""
    body = "We reminded them by e-mail." if mailed else "No e-mail can be sent from here, so remind them yourself."
    subject = f"The supplier’s link about {_tool(link)} ends on {_last_day(link)}"
    return _tell(link, notifications.REMINDER, subject, body, f"reminder:{step}", at)


def ended(link: SupplierLink, at: datetime) -> int:
    """Tell the digital leads that a link has ended and nothing was handed in."""
    body = "What was saved is on the sheet. Send a new link if you still need answers."
    if link.opened_at is None:
        body = "It was never opened. Send a new link, or ask them another way."
    subject = f"The supplier’s link about {_tool(link)} ended on {_last_day(link)} without answers handed in"
    return _tell(link, notifications.REMINDER, subject, body, "ended", at)


def _tell(link: SupplierLink, kind: str, subject: str, body: str, what: str, at: datetime) -> int:
    leads = {each.id for each in identity.holders(link.organisation_id, Role.DIGITAL_LEAD, clock.london_date(at))}
    submission, sheet = _about(link)
    return operations.tell(
        person_ids=leads | {link.sent_by},
        organisation_id=link.organisation_id,
        kind=kind,
        subject=subject,
        body=body,
        path=notifications.path(
            "suppliers.overview", organisation=identity.organisation(link.organisation_id).code,
            reference=submission.reference, question_set=sheet.question_set,
        ),
        key=f"supplier-link:{link.id}:{what}",
        at=at,
    )  # fmt: skip


def _about(link: SupplierLink) -> tuple[Submission, AnswerSheet]:
    sheet = db.session.get_one(AnswerSheet, link.sheet_id)
    return asked.serving(sheet)[0], sheet


def _tool(link: SupplierLink) -> str:
    submission, _ = _about(link)
    assert submission.deployment is not None
    version = submission.tool_version or submission.deployment.tool_version
    return f"{submission.deployment.tool.name} {version.version}"


def _last_day(link: SupplierLink) -> str:
    return long_date(rules.last_day(link.expires_at))
