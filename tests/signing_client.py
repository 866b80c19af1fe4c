"""Somebody who signs over HTTP: reads, says what they say, gives their password. Plain sockets, no browser."""

import http.client
import re
import urllib.parse
from dataclasses import dataclass, field

from tests.world import PASSWORD

HIDDEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')
INPUT = re.compile(r"<input[^>]*>")
ATTRIBUTE = re.compile(r'(name|type|value)="([^"]*)"')
PROBLEMS = re.compile(r"error-summary__list.*?</ul>|<h1.*?</p>", re.DOTALL)


@dataclass
class Signer:
    """One person with a session. `answers` keeps the status of each request."""

    port: int
    cookie: str
    token: str = ""
    answers: list[int] = field(default_factory=list)

    def ask(self, method: str, path: str, **fields: str) -> tuple[int, str, str]:
        """(status, address it leads to, page). Raises OSError or HTTPException when nobody answers to the end."""
        link = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            body = urllib.parse.urlencode(fields | {"csrf_token": self.token}) if method == "POST" else None
            kind = {"Content-Type": "application/x-www-form-urlencoded"} if body else {}
            link.request(method, path, body, {"Cookie": self.cookie, **kind})
            answer = link.getresponse()
            page = answer.read().decode()
            self.cookie = (answer.headers.get("Set-Cookie") or self.cookie).split(";")[0]
            self.answers.append(answer.status)
            return answer.status, answer.headers.get("Location") or "", page
        finally:
            link.close()

    def get(self, path: str) -> str:
        """A page; keeps the token that its forms carry."""
        _, _, page = self.ask("GET", path)
        found = HIDDEN.search(page)
        self.token = found[1] if found else self.token
        return page

    def decide(self, base: str, role: str, verb: str, **said: str) -> str:
        """The first step: read the sections, say the outcome, leave the rest as the page has it; the address of the second."""
        self.get(f"{base}/sign/{role}/sections")
        self.ask("POST", f"{base}/sign/{role}/sections")
        status, where, page = self.ask("POST", f"{base}/{verb}", **(filled(self.get(f"{base}/{verb}")) | said))
        assert status in (302, 303), (status, PROBLEMS.findall(page))
        return where

    def confirm(self, where: str) -> int:
        """The second step; the status that came back."""
        return self.ask("POST", where, password=PASSWORD)[0]


def filled(page: str) -> dict[str, str]:
    """What the text boxes of a page hold when it is opened."""
    boxes = [dict(ATTRIBUTE.findall(box)) for box in INPUT.findall(page)]
    return {box["name"]: box["value"] for box in boxes if box.get("type") == "text" and box.get("value")}
