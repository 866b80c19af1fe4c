"""SMTP_URL and MAIL_FROM: what they may say, and the sentence that stops the start."""

import pytest

from governance.errors import Fault
from governance.notifications import mail


@pytest.mark.parametrize(
    ("url", "host", "port", "security", "user"),
    [
        ("smtp://mail.example", "mail.example", 25, "none", ""),
        ("smtp://mail.example:2525", "mail.example", 2525, "none", ""),
        ("smtp://u%40b:p%2Fw@mail.example?starttls=1", "mail.example", 587, "starttls", "u@b"),
        ("smtps://u:p@mail.example", "mail.example", 465, "tls", "u"),
        ("smtp://u:p@127.0.0.1:1025", "127.0.0.1", 1025, "none", "u"),
    ],
)
def test_a_mail_server_is_read_from_its_address(url: str, host: str, port: int, security: str, user: str) -> None:
    read = mail.server(url, "register@board.example")
    assert (read.host, read.port, read.security, read.user, read.domain) == (host, port, security, user, "board.example")


@pytest.mark.parametrize(
    ("url", "sender", "item"),
    [
        ("http://mail.example", "a@b.example", "http"),
        ("mail.example:25", "a@b.example", "mail.example"),
        ("smtp://mail.example:post", "a@b.example", "port"),
        ("smtp://u:secret@mail.example", "a@b.example", "password"),
        ("smtp://mail.example", "", "address"),
        ("smtp://mail.example", "Register <a@b.example>", "address"),
        ("smtp://mail.example", "a@b.example\r\nBcc: c@d.example", "address"),
    ],
)
def test_a_wrong_setting_is_named_without_its_password(url: str, sender: str, item: str) -> None:
    with pytest.raises(Fault) as fault:
        mail.server(url, sender)
    assert fault.value.item == item
    assert "secret" not in str(fault.value)
