"""`./run` as a person meets it: an address that answers, a stop that leaves nothing, and failures in one sentence."""

import os
import re
import signal
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

TOP = Path(__file__).resolve().parents[2]


@pytest.fixture
def port() -> int:
    """A port that nothing uses."""
    with socket.create_server(("127.0.0.1", 0)) as found:
        return int(found.getsockname()[1])


@pytest.fixture
def settings(tmp_path: Path, port: int) -> dict[str, str]:
    """The environment of an instance of this test's own."""
    return os.environ | {"INSTANCE": str(tmp_path / "instance"), "PORT": str(port), "DEMO": "no"}


@pytest.fixture
def running(settings: dict[str, str]) -> Iterator[subprocess.Popen[str]]:
    """`./run`, once it has said where it is."""
    started = subprocess.Popen([TOP / "run"], env=settings, stdout=subprocess.PIPE, text=True)
    yield started
    started.terminate()
    started.wait()
    started.stdout.close()


def refused(settings: dict[str, str]) -> str:
    done = subprocess.run([TOP / "run"], env=settings, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (1, "")
    return done.stderr


def test_a_stranger_meets_the_invented_london_with_a_chain_that_is_whole(settings: dict[str, str], tmp_path: Path):
    started = subprocess.Popen([TOP / "run"], env=settings | {"DEMO": ""}, stdout=subprocess.PIPE, text=True)
    said = []
    for line in started.stdout:
        said.append(line)
        if line.startswith("The register is at"):
            break
    started.terminate()
    started.communicate()
    people = (tmp_path / "instance" / "demo-people.txt").read_text()
    assert people.strip() and people in "".join(said)
    checked = subprocess.run(
        [TOP / ".venv" / "bin" / "flask", "audit", "verify"], env=settings | {"FLASK_APP": "governance"},
        capture_output=True, text=True, check=False, cwd=TOP,
    )  # fmt: skip
    assert (checked.returncode, checked.stdout.strip()[-19:]) == (0, "the chain is whole."), checked.stdout


def test_it_serves_and_leaves_no_process_behind(running: subprocess.Popen[str], port: int, tmp_path: Path):
    said = next((line for line in running.stdout if "http" in line), "nothing")
    below = psutil.Process(running.pid).children(recursive=True)
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/") as page:
        assert page.status == 200
    assert said == f"The register is at http://127.0.0.1:{port} (Ctrl+C stops it).\n"
    assert (tmp_path / "instance" / "governance.db").exists()
    assert len(below) >= 4  # server and worker, each with two processes of their own
    running.send_signal(signal.SIGTERM)
    assert running.wait() == 0
    assert [each for each in below if each.is_running()] == []


@pytest.mark.parametrize(
    ("named", "said"),
    [
        ("", "Links in reports and letters name http://0.0.0.0:{port}, which nobody can open: set PUBLIC_URL to the address people type.\n"),
        ("https://register.example", ""),
    ],
)
def test_an_address_for_others_asks_for_its_public_name(settings: dict[str, str], port: int, named: str, said: str):
    started = subprocess.Popen(
        [TOP / "run"], env=settings | {"HOST": "0.0.0.0", "PUBLIC_URL": named}, stdout=subprocess.PIPE, text=True  # noqa: S104
    )
    lines = []
    for line in started.stdout:
        lines.append(line)
        if line.startswith("The register is at"):
            break
    started.terminate()
    started.communicate()
    assert [line for line in lines if "PUBLIC_URL" in line] == ([said.format(port=port)] if said else [])


def test_it_stops_when_asked_at_the_first_answer(running: subprocess.Popen[str], port: int):
    while True:  # the first worker listens; the second still starts
        with socket.socket() as tried:
            if tried.connect_ex(("127.0.0.1", port)) == 0:
                break
        time.sleep(0.02)
    below = psutil.Process(running.pid).children(recursive=True)
    running.send_signal(signal.SIGTERM)
    assert running.wait() == 0
    assert [each for each in below if each.is_running()] == []


def test_a_taken_port_says_what_to_type(settings: dict[str, str], port: int):
    with socket.create_server(("127.0.0.1", port)):
        said = refused(settings)
    assert said == f"Port {port} on 127.0.0.1 is taken: stop what uses it, or type PORT={port + 1} ./run.\n"


@pytest.mark.parametrize("wrong", ["eighty", "0", "70000", "-1"])
def test_a_port_that_is_no_port_is_refused(settings: dict[str, str], wrong: str):
    assert refused(settings | {"PORT": wrong}) == f"PORT must be a number from 1 to 65535, not {wrong}.\n"


def test_a_python_that_is_too_old_is_named(settings: dict[str, str], tmp_path: Path):
    empty = tmp_path / "programs"
    empty.mkdir()
    for name in ("bash", "dirname", "mkdir", "flock"):
        (empty / name).symlink_to(f"/usr/bin/{name}")
    said = refused(settings | {"PATH": str(empty), "PYTHON": ""})
    assert said.startswith("Python 3.11 or later is missing: install it")
    assert said.count("\n") == 1


def test_a_database_that_cannot_be_reached_is_one_sentence(settings: dict[str, str]):
    wrong = settings | {"DATABASE_URL": "postgresql://nobody@127.0.0.1:1/nothing"}
    done = subprocess.run([TOP / "run"], env=wrong, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert re.fullmatch(r"The database could not be brought up to date: [^\n]+ then type \./run again\.\n", done.stderr)
