"""The scanner's real daemon: what it finds, and that no answer is never taken for a clean one."""

import socket
import threading
import zipfile
from io import BytesIO

import pytest

from governance import antivirus
from governance.errors import Fault
from tests import scanner


@pytest.fixture(scope="module")
def daemon() -> antivirus.Scanner:
    found = antivirus.scanner(scanner.address())
    assert found is not None
    return found


def zipped(data: bytes) -> bytes:
    held = BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/media/1.txt", data)
    return held.getvalue()


@pytest.mark.parametrize("wrap", [bytes, lambda data: b"%PDF-1.7\n" + data + b"\n%%EOF\n", zipped], ids=["alone", "in a PDF", "in an archive"])
def test_it_finds_the_string_that_was_made_to_be_found(daemon: antivirus.Scanner, wrap):
    assert daemon.found_in(wrap(scanner.EICAR)).startswith(scanner.WHAT)


@pytest.mark.parametrize("data", [b"", b"notes", b"\0" * 200_000, b"x" * (2 * 1024 * 1024)])
def test_it_calls_clean_what_is_clean(daemon: antivirus.Scanner, data: bytes):
    assert daemon.found_in(data) == ""


def test_a_file_larger_than_the_daemon_takes_is_not_called_clean(daemon: antivirus.Scanner):
    with pytest.raises(antivirus.Unanswered):
        daemon.found_in(b"x" * (scanner.STREAM_LIMIT + 2 * antivirus.CHUNK))


def test_nobody_there_is_no_answer(tmp_path):
    for address in (f"unix:{tmp_path / 'nobody'}", "tcp://127.0.0.1:9"):
        found = antivirus.scanner(address)
        assert found is not None
        with pytest.raises(antivirus.Unanswered):
            found.found_in(b"notes")


@pytest.mark.parametrize("said", [b"", b"OK\0", b"stream: OK and more\0", b"INSTREAM size limit exceeded. ERROR\0", b"\xff" * 9000])
def test_an_odd_answer_is_none(said: bytes):
    with socket.create_server(("127.0.0.1", 0)) as server:

        def answer() -> None:
            line, _ = server.accept()
            with line:
                while not line.recv(65536).endswith(antivirus.ENDED):
                    pass
                line.sendall(said)

        other = threading.Thread(target=answer)
        other.start()
        found = antivirus.scanner(f"tcp://127.0.0.1:{server.getsockname()[1]}")
        assert found is not None
        with pytest.raises(antivirus.Unanswered):
            found.found_in(b"notes")
        other.join()


@pytest.mark.parametrize(
    ("address", "found"),
    [
        ("", None), ("unix:/run/clamav/clamd.ctl", antivirus.Scanner(path="/run/clamav/clamd.ctl")),
        ("tcp://clamav.local:3310", antivirus.Scanner(host="clamav.local", port=3310)),
        ("tcp://[::1]:3310", antivirus.Scanner(host="::1", port=3310)),
    ],
)  # fmt: skip
def test_an_address_is_a_socket_or_a_host_and_port(address: str, found: antivirus.Scanner | None):
    assert antivirus.scanner(address) == found


@pytest.mark.parametrize("address", ["clamd", "unix:run/clamd", "tcp://clamav", "http://clamav:3310", "tcp://a b:1"])
def test_any_other_stops_the_start_with_a_sentence(address: str):
    with pytest.raises(Fault, match="CLAMD_ADDRESS"):
        antivirus.scanner(address)
