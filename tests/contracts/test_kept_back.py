"""Each address of one organisation, asked for by every role of another: nothing is answered but what partners may see.

The records of the trust carry a mark in every text of its own. Somebody at another ICB then opens every address there is,
the trust's and their own with the trust's records in it, the London register, decided packs, and the public pages.
On SQLite: what a page shows does not depend on the database.
"""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from governance import clock
from governance.assessment.packs.models import AssurancePack, PackSection
from governance.database import db
from governance.intake.models import Submission
from governance.lifecycle import SubmissionStatus
from governance.permissions import Role
from governance.register.models import Projection
from governance.reports import queries, render
from tests.applications import Template, grown, opened
from tests.contracts import marks, sweep
from tests.contracts.test_access import ROLES
from tests.world import World

MINE, THEIRS = "QWE", "RTH01"
WIDE = (Role.DIGITAL_LEAD, Role.CSO, Role.BOARD_MEMBER)
"""For these the trust's own addresses are read too; that every role is answered 404 there, `test_access` holds."""
BEHIND_A_LINK = ("supplier_link.note", "supplier_link.contact_name", "evidence.title", "evidence.filename")
"""What the holder of a supplier's link is shown: the note written to them, their name, and the files they attached."""
ON_SQLITE = pytest.mark.parametrize("backend", ["sqlite"], scope="session")


@pytest.fixture(scope="session")
def marked_template(swept_template: Template, tmp_path_factory: pytest.TempPathFactory) -> Template:
    """The sweep's world with marks in everything that the trust keeps to itself."""

    def mark() -> None:
        where = World().organisation(THEIRS).id
        db.session.rollback()
        assert marks.put(where) > 60

    return grown(swept_template, tmp_path_factory.mktemp("marked") / "instance", mark)


@pytest.fixture
def marked(marked_template: Template, tmp_path: Path) -> Iterator[Flask]:
    """The application on a copy of the marked world."""
    with opened(marked_template, tmp_path / "instance") as made:
        yield made


def decided_pack() -> int:
    """The id of the one pack that was authorised."""
    query = sa.select(AssurancePack.id).join(Submission, Submission.id == AssurancePack.submission_id)
    found = db.session.scalar(query.where(Submission.status == SubmissionStatus.AUTHORISED))
    assert found is not None
    return found


def shared_pages() -> list[str]:
    """Every page between organisations and for the public, with the trust's records on it."""
    pack = decided_pack()
    codes = db.session.scalars(sa.select(PackSection.code).where(PackSection.pack_id == pack)).all()
    references = db.session.scalars(sa.select(Projection.reference)).all()
    db.session.rollback()
    return [
        "/london/", "/london/?ceased=1", f"/london/?q={marks.MARK}", f"/london/packs/{pack}", f"/london/packs/{pack}/report",
        *(f"/london/packs/{pack}/{code}" for code in codes), *(f"/london/tools/{each}" for each in references),
        "/public/", f"/public/?q={marks.MARK}", *(f"/public/{each}" for each in references),
    ]  # fmt: skip


def leaks(client: FlaskClient, method: str, url: str, allowed: str = "") -> list[str]:
    """What of the trust's own an address answers. `allowed`: what was asked and is said back."""
    with client.open(url, method=method, data={} if method == "POST" else None) as answer:
        said = marks.spoken(answer.data)
        for name in BEHIND_A_LINK if url.startswith("/supplier/") else ():
            said = said.replace(f"{marks.MARK} {name}", "")
        return [f"{method} {url}: {answer.status_code} …{each}…" for each in marks.found_in(said.replace(allowed, "") if allowed else said)]


@ON_SQLITE
def test_the_marks_are_there_to_be_found(marked):
    """The trust's own people meet them: the suite would see a leak."""
    client = marked.test_client()
    World().sign_in(client, Role.DIGITAL_LEAD, THEIRS)
    assert leaks(client, "GET", "/RTH01/evidence")
    assert leaks(client, "GET", f"/RTH01/packs/{decided_pack()}")


@pytest.mark.parametrize(("backend", "role"), [("sqlite", role) for role in ROLES], ids=str, scope="session")
def test_no_address_answers_another_organisation_with_what_is_kept_back(marked, role):
    client = marked.test_client()
    World().sign_in(client, role, MINE)
    found: list[str] = []
    for place in sweep.everywhere(marked):
        if place.endpoint in ("identity.sign_out", "static"):
            continue
        if role in WIDE or not place.url.startswith("/RTH01/"):
            found += leaks(client, place.method, place.url)
        if place.url.startswith("/RTH01/"):
            found += leaks(client, place.method, place.url.replace("/RTH01/", "/QWE/", 1))
    for url in shared_pages():
        found += leaks(client, "GET", url, allowed=marks.MARK if "?q=" in url else "")
    assert found == []


@ON_SQLITE
def test_the_public_is_answered_with_nothing_that_is_kept_back(marked):
    client = marked.test_client()
    found: list[str] = []
    for url in [*shared_pages(), *(place.url for place in sweep.everywhere(marked) if place.method == "GET")]:
        found += leaks(client, "GET", url, allowed=marks.MARK if "?q=" in url else "")
    assert found == []


@ON_SQLITE
def test_the_printed_edition_for_partners_holds_nothing_that_is_kept_back(marked, tmp_path):
    pack = db.session.get_one(AssurancePack, decided_pack())
    material = queries.material(
        pack, edition=queries.PARTNER, issued_at=clock.now(), product="AI assurance register", public_url="https://register.example"
    )
    file = tmp_path / "partner.pdf"
    file.write_bytes(render.pdf(material)[0])
    said = subprocess.run(["pdftotext", "-layout", str(file), "-"], capture_output=True, text=True, check=True).stdout
    about = subprocess.run(["pdfinfo", str(file)], capture_output=True, text=True, check=True).stdout
    assert "Edition for partners" in said.replace("\n", " ") or "edition for partners" in said
    assert list(marks.found_in(said + about)) == []
