"""Starts servers for the tests that kill them: `python -m tests.starting`, with a JSON object for each on its input.

What a server imports is imported here once; each is then a fork, under granian as `./run` has it, in a process group of
its own. The number of the group is answered on the output.
"""

import json
import os
import signal
import sys
import tempfile
from pathlib import Path

from granian import Granian
from granian.constants import Interfaces

from tests.applications import make_app


def serve(port: int, environ: dict[str, str]) -> None:
    """Serve until killed."""
    os.setsid()
    with open(os.devnull) as nothing:
        os.dup2(nothing.fileno(), 0)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.environ.update(environ)
    Granian(
        "tests.held:app", port=port, interface=Interfaces.WSGI, workers=1, blocking_threads=1, log_enabled=False
    ).serve()


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        os.environ["COMPILED"] = folder
        make_app(f"sqlite:///{folder}/none.db", Path(folder))  # what is made once for all applications
        signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # those killed are nobody's to wait for
        for line in sys.stdin:
            asked = json.loads(line)
            child = os.fork()
            if child == 0:
                try:
                    serve(asked["port"], asked["environ"])
                finally:
                    os._exit(1)
            print(child, flush=True)


if __name__ == "__main__":
    main()
