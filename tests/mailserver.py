"""A real SMTP server for tests. It keeps what it takes, or says no as it is told to."""

import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session


class Postbox:
    """What came in. `answers`: the reply to a recipient, to a message, or "gone" to hang up half way; used up in order."""

    def __init__(self) -> None:
        self.messages: list[EmailMessage] = []
        self.raw: list[bytes] = []
        self.to_recipient: list[str] = []
        self.to_data: list[str] = []
        self.signed_in: list[str] = []

    async def handle_RCPT(  # noqa: N802  the library’s name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.to_recipient and (reply := self.to_recipient.pop(0)) != "250 OK":
            return reply
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        if self.to_data:
            reply = self.to_data.pop(0)
            if reply == "gone":
                assert server.transport is not None
                server.transport.close()
            return reply
        assert isinstance(envelope.content, bytes)
        self.raw.append(envelope.content)
        read = message_from_bytes(envelope.content, policy=default)
        assert isinstance(read, EmailMessage)
        self.messages.append(read)
        return "250 Taken"

    def authenticate(self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, given: Any) -> AuthResult:
        assert isinstance(given, LoginPassword)
        self.signed_in.append(given.login.decode())
        return AuthResult(success=given.password == b"pass/word", handled=False)


def free_port() -> int:
    """A port where nothing listens."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@contextmanager
def serving(postbox: Postbox, *, tls: ssl.SSLContext | None = None, **given: Any) -> Iterator[str]:
    """A server on a port of its own; gives host:port. `tls`: it asks for STARTTLS and then for a password."""
    if tls is not None:
        given |= {"tls_context": tls, "require_starttls": True, "authenticator": postbox.authenticate, "auth_required": True}
    controller = Controller(postbox, hostname="127.0.0.1", port=free_port(), **given)
    controller.start()
    try:
        yield f"127.0.0.1:{controller.port}"
    finally:
        controller.stop()
