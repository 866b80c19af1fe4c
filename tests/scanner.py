"""The real ClamAV daemon for tests: started once in a session, with a database of one signature, that of the EICAR string.

The signature looks for the string anywhere, so that a whole PDF may hold it. It is written apart here, so that no scanner
finds it in this file.
"""

import atexit
import os
import shutil
import subprocess
import tempfile
import time
from functools import cache
from pathlib import Path

from governance import antivirus

EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-" + b"TEST-FILE!$H+H*"
WHAT = "Eicar-Test-Signature"
STREAM_LIMIT = 3 * 1024 * 1024
SECONDS = 60


@cache
def address() -> str:
    """Where the daemon listens. Raises RuntimeError, with what it said, when it does not begin."""
    folder = Path(tempfile.mkdtemp(prefix="clamd-"))
    database, socket = folder / "database", folder / "socket"
    database.mkdir()
    (database / "test.ndb").write_text(f"{WHAT}:0:*:{EICAR.hex()}\n")
    settings = {
        "LocalSocket": socket, "DatabaseDirectory": database, "TemporaryDirectory": folder, "Foreground": "yes",
        "StreamMaxLength": STREAM_LIMIT, "MaxThreads": 2,
    }  # fmt: skip
    (folder / "clamd.conf").write_text("".join(f"{name} {value}\n" for name, value in settings.items()))
    program = shutil.which("clamd", path=f"{os.environ['PATH']}:/usr/sbin")
    if program is None:
        raise RuntimeError("ClamAV’s daemon is missing: ./check brings it (on Debian, apt-get install clamav-daemon).")
    log = folder / "log"
    with log.open("wb") as out:
        daemon = subprocess.Popen([program, "--config-file", folder / "clamd.conf"], stdout=out, stderr=subprocess.STDOUT)

    def stop() -> None:
        daemon.terminate()
        daemon.wait(SECONDS)
        shutil.rmtree(folder, ignore_errors=True)

    atexit.register(stop)
    found = f"unix:{socket}"
    for _ in range(SECONDS * 20):
        if daemon.poll() is not None:
            break
        if socket.exists() and _answers(found):
            return found
        time.sleep(0.05)
    raise RuntimeError(f"ClamAV’s daemon did not begin: {log.read_text()[-2000:]}")


def _answers(found: str) -> bool:
    scanner = antivirus.scanner(found)
    assert scanner is not None
    try:
        return scanner.found_in(b"nothing") == ""
    except antivirus.Unanswered:
        return False
