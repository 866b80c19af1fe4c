"""Asking ClamAV's daemon about a file, where one is configured (CLAMD_ADDRESS). Our own client of INSTREAM, the one
command that needs neither a shared folder nor a package (those on PyPI are older than the protocol's current form).

Configured means relied on: a daemon that cannot be reached, or that gives no plain answer, is `Unanswered`, never "clean".
"""

from __future__ import annotations

import re
import socket
import struct
from dataclasses import dataclass
from pathlib import Path

from governance.errors import Fault

CHUNK = 64 * 1024
PATIENCE = 60  # seconds for each step: a large archive is unpacked before the daemon answers
LONGEST_ANSWER = 4096
ENDED = struct.pack("!L", 0)


class Unanswered(Exception):
    """The daemon could not be reached, or did not say whether the file is clean."""


@dataclass(frozen=True)
class Scanner:
    """A daemon on a socket of this machine (`path`), or at a host and port."""

    path: str = ""
    host: str = ""
    port: int = 0

    def found_in(self, data: bytes) -> str:
        """What the daemon found in these bytes, by its name; nothing where they are clean. Raises Unanswered."""
        try:
            with self._connected() as line:
                line.sendall(b"zINSTREAM\0")
                for at in range(0, len(data), CHUNK):
                    chunk = data[at : at + CHUNK]
                    line.sendall(struct.pack("!L", len(chunk)) + chunk)
                line.sendall(ENDED)
                said = self._answer(line)
        except OSError as away:
            raise Unanswered(f"ClamAV’s daemon did not answer: {away}") from away
        if said == "stream: OK":
            return ""
        if match := re.fullmatch(r"stream: (.+) FOUND", said):
            return match[1]
        raise Unanswered(f"ClamAV’s daemon said {said[:200]!r}")

    def _connected(self) -> socket.socket:
        if not self.path:
            return socket.create_connection((self.host, self.port), timeout=PATIENCE)
        line = socket.socket(socket.AF_UNIX)
        line.settimeout(PATIENCE)
        try:
            line.connect(self.path)
        except OSError:
            line.close()
            raise
        return line

    @staticmethod
    def _answer(line: socket.socket) -> str:
        said = b""
        while not said.endswith(b"\0") and len(said) < LONGEST_ANSWER and (more := line.recv(LONGEST_ANSWER)):
            said += more
        return said.rstrip(b"\0").decode("utf-8", "replace")


def scanner(address: str) -> Scanner | None:
    """The daemon at `unix:/path` or `tcp://host:port`; None where no address is given. Raises Fault."""
    if not address:
        return None
    kind, _, rest = address.partition(":")
    if kind == "unix" and Path(rest).is_absolute():
        return Scanner(path=rest)
    if match := re.fullmatch(r"tcp://([^:/\s]+|\[[0-9A-Fa-f:]+\]):(\d{1,5})", address):
        return Scanner(host=match[1].strip("[]"), port=int(match[2]))
    raise Fault(file="CLAMD_ADDRESS", item=address, fault="must be unix:/path or tcp://host:port")
