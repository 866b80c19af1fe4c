"""A new version is assessed on the pages without a word typed again: read, carried over, judged, and signed by who signed before."""

import re
from datetime import date

import pytest

from governance import clock
from governance.approval import queries as approval
from governance.approval.changes import operations
from governance.assessment.evidence import operations as evidence
from governance.assessment.packs import queries as packs
from governance.assessment.question_sets import loader
from governance.assessment.sheets import queries
from governance.audit import verify
from governance.database import db, read_only, transaction
from governance.extensions import house
from governance.intake.models import Submission
from governance.lifecycle import SubmissionKind
from governance.permissions import Role
from tests import asking, assessed, changed
from tests.safety import statements
from tests.world import World

R = Role
SOON = date(2026, 12, 1)


@pytest.fixture
def lead(assured, live):
    """The digital lead, once version 2.4 is taken up; a test behind C2.2.1 of version 2.3 covers that version alone."""
    world, client = World(), assured.test_client()
    with clock.fixed(SOON):
        first = db.session.query(Submission).filter_by(deployment_id=live.id).one()
        with transaction():
            by = world.actor(R.DIGITAL_LEAD, "RTH01")
            item = assessed.evidence_item(by, title="Security test of 2.3", tool_version_id=first.tool_version_id)
            sheet = queries.sheet_for(first, "dtac-2.0")
            evidence.use(
                evidence=item, subject_kind="answer_sheet", subject_id=sheet.id, code="C2.2.1", by=by, at=clock.now()
            )
        changed.noted(world, live)
        asking.proposed(world, live, SubmissionKind.RE_ASSURANCE, version="2.4", reason="A new model.")
        with transaction():
            operations.take_up(deployment=live, by=world.actor(R.DIGITAL_LEAD, "RTH01"), at=clock.now())
        world.sign_in(client, R.DIGITAL_LEAD, "RTH01")
        yield client


def plain(text: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", text).split())


def seen(page: str) -> dict[str, list[str]]:
    """The answers of then that a section's page shows, as its form sends them back; nothing is typed."""
    return {"before": re.findall(r'name="before" value="([^"]+)"', page)}


def the_newer() -> Submission:
    db.session.rollback()
    return db.session.query(Submission).filter_by(kind=SubmissionKind.RE_ASSURANCE).one()


def selects(client, url: str) -> int:
    client.get(url)
    db.session.remove()
    with statements() as told:
        assert client.get(url).status_code == 200
    return len([each for each in told if each.startswith("SELECT")])


@pytest.mark.parametrize("backend", ["sqlite"], scope="session")  # its operations run on both
def test_a_version_is_assessed_without_a_word_typed_twice(assured, lead):
    world, base = World(), f"/RTH01/submissions/{the_newer().reference}"
    assert "11 of 17 sections touched" in plain(lead.get(base).text)
    codes = [code for code in packs.position(the_newer()).asked.sheets if loader.question_set(code).scope == "tool"]
    for code in codes:
        assert lead.post(f"{base}/sheets/{code}/open").status_code == 302
    page = lead.get(f"{base}/sheets/dtac-2.0/dtac.c2").text
    assert "From version 2.3, answered by Digital Lead of RTH01 on" in plain(page) and "still true?" in plain(page)
    assert "Security test of 2.3, covers version 2.3 only. It does not come along by itself." in plain(page)
    unread = lead.post(f"{base}/sheets/dtac-2.0/dtac.c2", data=seen(page) | {"act": "carry"})
    assert unread.status_code == 422 and "Then say that they are still true of version 2.4." in plain(unread.text)
    stale = lead.post(f"{base}/sheets/dtac-2.0/dtac.c2", data={"act": "still:C2.1:99"})
    assert stale.status_code == 409
    counts = {selects(lead, f"{base}/sheets/dtac-2.0/{section}") for section in ("dtac.c3", "dtac.c4")}
    assert len(counts) == 1 and counts.pop() <= 30  # as many for seven offers as for two
    assert selects(lead, f"{base}/sheets/dtac-2.0") <= 30

    for code in codes:
        for section in loader.question_set(code).sections:
            url = f"{base}/sheets/{code}/{section.code}"
            page = lead.get(url).text
            if 'name="before"' in page:
                answer = lead.post(url, data=seen(page) | {"act": "carry", "looked": "y"})
                assert answer.status_code == 302, plain(answer.text)
            for act in re.findall(r'value="(still:[^"]+)"', lead.get(url).text):  # alone, or said otherwise by another sheet
                assert lead.post(url, data={"act": act}).status_code == 302
    c2 = f"{base}/sheets/dtac-2.0/dtac.c2"
    (act,) = re.findall(r'value="(covers:[^"]+)"', lead.get(c2).text)
    assert lead.post(c2, data={"act": act}).status_code == 302
    assert "covers version 2.3 only" not in lead.get(c2).text
    assert lead.post(f"{base}/sheets/dtac-2.0/dtac.a", data={"act": "confirm:"}).status_code == 302
    hub = plain(lead.get(base).text)
    assert "7 of 17 sections touched, 4 as last signed, to be confirmed" in hub  # the security test was not signed before
    assert selects(lead, base) <= 66

    judge = assured.test_client()
    world.sign_in(judge, R.CCIO, "RTH01")
    page = judge.get(f"{base}/judge/dtac.c4").text
    assert "The reason of then stands below" in plain(page) and "Read against the criterion." in page
    with transaction():
        assessed.judge(world, the_newer())
    with transaction():
        assessed.submit(world, the_newer())

    signer = assured.test_client()
    world.sign_in(signer, R.SIRO, "RTH01")
    page = plain(signer.get(f"{base}/sign/siro").text)
    assert "As you signed it, carried over" in page
    assert "Digital Lead of RTH01 read each answer and said that it is still true." in page
    here, by = approval.position(the_newer(), SOON), world.actor(R.SIRO, "RTH01")
    assert {"dtac.c2", "dtac.c3", "cyber"} <= set(approval.unread(here, R.SIRO, by.person_id))  # seen before it is signed
    db.session.rollback()
    with read_only() as session:
        assert verify.verify(session, house().storage, house().keyring).findings == []
