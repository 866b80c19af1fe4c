"""One e-mail to a mail server: reading SMTP_URL, making the message, sending it, and telling a no from a not now."""

import smtplib
import socket
import ssl
from dataclasses import dataclass
from datetime import datetime
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from urllib.parse import parse_qs, unquote, urlsplit

from governance.errors import Fault
from governance.notifications.rules import one_line

SECONDS = 20  # without an answer, a server is not there
WORDS: dict[type[Exception], str] = {
    socket.gaierror: "its name is not known",
    ssl.SSLError: "no secure connection, or a certificate that is not trusted",
    ConnectionRefusedError: "it refuses connections",
    TimeoutError: f"no answer in {SECONDS} seconds",
    smtplib.SMTPAuthenticationError: "it refused the user name or password",
    smtplib.SMTPServerDisconnected: "it hung up",
}
LOCAL = ("localhost", "127.0.0.1", "::1")


class Rejected(Exception):
    """The mail server said no for good: trying again changes nothing. Its text is a sentence without an address."""


class Unreached(Exception):
    """No answer, or "not now". Trying again may help."""


@dataclass(frozen=True)
class Server:
    """Where e-mail is handed over, and from whom. security: none, starttls or tls."""

    host: str
    port: int
    user: str
    password: str
    security: str
    sender: str

    @property
    def domain(self) -> str:
        """What stands behind the @ of the sender."""
        return self.sender.rpartition("@")[2]


def server(url: str, sender: str) -> Server:
    """SMTP_URL (smtp://user:password@host:port, smtps://…, ?starttls=1) and MAIL_FROM. Raises Fault."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise Fault(file="SMTP_URL", item="port", fault="must be a number") from None
    if parts.scheme not in ("smtp", "smtps") or not parts.hostname:
        raise Fault(file="SMTP_URL", item=parts.scheme or "empty", fault="must be smtp://host:port or smtps://host:port")
    starttls = parse_qs(parts.query).get("starttls", ["0"])[-1] == "1"
    security = "tls" if parts.scheme == "smtps" else "starttls" if starttls else "none"
    if parts.password and security == "none" and parts.hostname not in LOCAL:
        raise Fault(file="SMTP_URL", item="password", fault="needs smtps:// or ?starttls=1, or anybody could read it")
    try:
        Address(addr_spec=sender)
    except (MessageError, ValueError, IndexError):
        sender = ""
    if "@" not in sender or not sender.isascii():
        raise Fault(file="MAIL_FROM", item="address", fault="must be one e-mail address when SMTP_URL is set")
    usual = {"none": 25, "starttls": 587, "tls": 465}[security]
    return Server(
        host=parts.hostname,
        port=port or usual,
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        security=security,
        sender=sender,
    )


def message(
    *, to: str, name: str, sender: str, product: str, subject: str, text: str, message_id: str, made_at: datetime
) -> EmailMessage:
    """A plain-text message. Nothing in a name or subject can begin a header of its own. Raises Rejected for no address."""
    made = EmailMessage(policy=SMTP)
    try:
        made["To"] = Address(display_name=one_line(name, 100), addr_spec=to)
    except (MessageError, ValueError, IndexError):
        raise Rejected("The e-mail address cannot be written to.") from None
    made["From"] = Address(display_name=one_line(product, 100), addr_spec=sender)
    made["Subject"] = one_line(subject, 200)
    made["Date"] = made_at
    made["Message-ID"] = message_id
    made["Auto-Submitted"] = "auto-generated"
    made["X-Auto-Response-Suppress"] = "All"
    made.set_content(text, cte="quoted-printable")
    return made


def send(made: EmailMessage, to: Server) -> None:
    """Hand a message over. Raises Rejected or Unreached; comes back once the server has taken it."""
    try:
        connection = _connected(to)
    except (smtplib.SMTPException, OSError) as no:
        raise Unreached(f"The mail server could not be reached ({_word(no)}).") from None
    try:
        connection.send_message(made)
    except smtplib.SMTPRecipientsRefused as no:
        code = next(iter(no.recipients.values()))[0]
        raise _refusal(code, "The mail server refused the address") from None
    except smtplib.SMTPNotSupportedError:
        raise Rejected("The mail server cannot write to an address with these letters.") from None
    except smtplib.SMTPResponseException as no:
        raise _refusal(no.smtp_code, "The mail server refused the message") from None
    except (smtplib.SMTPException, OSError) as no:
        raise Unreached(f"The mail server went away half way ({_word(no)}).") from None
    finally:
        _hang_up(connection)


def _connected(to: Server) -> smtplib.SMTP:
    secure = ssl.create_default_context()
    connection: smtplib.SMTP
    if to.security == "tls":
        connection = smtplib.SMTP_SSL(to.host, to.port, to.domain, timeout=SECONDS, context=secure)
    else:
        connection = smtplib.SMTP(to.host, to.port, to.domain, timeout=SECONDS)
    try:
        if to.security == "starttls":
            connection.starttls(context=secure)
        if to.user:
            _sign_in(connection, to)
    except BaseException:
        _hang_up(connection)
        raise
    return connection


def _sign_in(connection: smtplib.SMTP, to: Server) -> None:
    try:
        connection.login(to.user, to.password)
    except smtplib.SMTPException as no:
        raise Unreached(f"The mail server did not let us sign in ({_word(no)}).") from None


def _hang_up(connection: smtplib.SMTP) -> None:
    """Part politely. What the server says to that no longer matters: the message is taken, or it is not."""
    try:
        connection.quit()
    except (smtplib.SMTPException, OSError):
        connection.close()


def _refusal(code: int, words: str) -> Exception:
    kind = Rejected if 500 <= code < 600 else Unreached
    return kind(f"{words} ({code}).")


def _word(no: Exception) -> str:
    """What went wrong, for an administrator."""
    return next((words for kind, words in WORDS.items() if isinstance(no, kind)), type(no).__name__)
