"""The minutes as they are drawn, and as they are made once from a real meeting: opinion and signature stay apart."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import page
import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from governance import clock
from governance.approval.committees import holding
from governance.approval.committees.models import Meeting
from governance.audit.models import AuditEvent
from governance.canonical import digest_bytes
from governance.database import db, read_only, transaction
from governance.intake.models import Submission
from governance.jobs import queue
from governance.permissions import Role
from governance.reports import minutes, minutes_issuing, minutes_paper
from governance.reports.minutes_material import (
    Asked,
    Attended,
    Commented,
    Interest,
    Item,
    MinutesMaterial,
    Moved,
    Paper,
    SealedLine,
    Standing,
)
from tests import met, panels
from tests.reports.reading import texts
from tests.world import World

AT = datetime(2027, 5, 4, 9, 30, tzinfo=UTC)
A, B = "8240" * 16, "12cf" * 16


def standing(**values: object) -> Standing:
    """A submission that waits for the authorising executive."""
    usual = Standing(
        reference="QKK-2026-0014-S2", pack=A, status="submitted", outcome="", sentence="",
        waiting=(Role.AUTHORISING_EXECUTIVE,), newer_pack=False,
        signed=(
            SealedLine("Clinical lead", "Dr B. Specimen", "approve", AT, B),
            SealedLine("Clinical safety officer", "Dr A. Example", "approve_with_conditions", AT, B),
        ),
    )  # fmt: skip
    return replace(usual, **values)  # type: ignore[arg-type]


def item(number: int = 1, **values: object) -> Item:
    """An item on a submission, supported with two caveats."""
    usual = Item(
        number=number, title="Chestwise Triage, QKK-2026-0014-S2", purpose="For decision", presented_by="Dr B. Specimen",
        description="Software that puts chest X-rays which look urgent at the top of the reporting list.",
        opinion="The group found the pilot well prepared.", decision="supported_with_caveats",
        caveats=("Train the night staff first.", "Report the first month to this group."), is_quorate=True,
        quorum="Quorate: 4 were there; 3 are needed, with clinical safety officer", comments=(), standing=standing(),
        papers=(Paper(str(number), "Triage", A), Paper(f"{number}a", "Hazard log", B)),
    )  # fmt: skip
    return replace(usual, **values)  # type: ignore[arg-type]


def normal(**values: object) -> MinutesMaterial:
    """A quorate meeting of an invented committee: one item waits, one is authorised, one is a matter in words."""
    usual = MinutesMaterial(
        product="AI assurance register", public_url="https://register.example", organisation="Riverside Teaching Hospitals",
        organisation_code="RTH01", meeting_id=3, committee="AI assurance group", terms="", number=3,
        held_on=date(2027, 4, 20), starts_at="14:00", place="Board room", quorate=True,
        quorum="Quorate: 4 were there; 3 are needed, with clinical safety officer and SIRO", comment_until=None, previous="Agreed.", notes="",
        attended=(
            Attended("C. Sampleton", "SIRO", "present", False), Attended("F. Template", "Data protection officer", "apologies", False),
            Attended("D. Instance", "Senior responsible owner", "remote", False),
            Attended("Dr A. Example", "Clinical safety officer", "present", True),
            Attended("Dr B. Specimen", "Clinical lead", "present", False),
        ),
        interests=(Interest("D. Instance", 2, "Sat on the supplier’s panel.", "left"),),
        items=(
            item(),
            item(
                2, title="Lungwatch, QKK-2026-0031-S1", decision="supported", caveats=(),
                standing=standing(
                    status="authorised", outcome="authorised", waiting=(), reference="QKK-2026-0031-S1",
                    sentence="Authorised for Pilot, version 2.3, until 30 September 2027, 1 condition.",
                ),
            ),
            item(3, title="Figures of tools in use", decision="noted", caveats=(), standing=None, papers=()),
        ),
        actions=(
            Asked(1, 1, "Send the figures of the pilot.", "Dr B. Specimen", date(2027, 5, 12), None, ""),
            Asked(2, 0, "Book the room.", "Secretary", date(2027, 4, 30), date(2027, 4, 28), "Booked."),
        ),
        steps=(Moved("planned", AT - timedelta(days=30), "L. Lead", ""), Moved("closed", AT, "L. Lead", "")),
        issued_at=AT,
    )  # fmt: skip
    return replace(usual, **values)  # type: ignore[arg-type]


def not_quorate() -> MinutesMaterial:
    """Members said out of the meeting what they think of it."""
    said = "Not quorate: 2 were there; 3 are needed, and no SIRO was there"
    comment = Commented("C. Sampleton", "SIRO", "supports_with_caveats", "Only with the supplier’s test report.", AT)
    first = item(is_quorate=False, quorum=said, comments=(comment,))
    second = item(2, is_quorate=False, quorum=said, decision="deferred", caveats=())
    return normal(quorate=False, quorum=said, comment_until=date(2027, 4, 27), items=(first, second), interests=())


def bare() -> MinutesMaterial:
    return normal(items=(), interests=(), actions=(), attended=(), previous="", place="", quorum="Quorate: 1 was there; 1 is needed")


def extreme() -> MinutesMaterial:
    """More of everything, and longer, than the front sheet can hold."""
    long = "Anaesthetic pre-assessment summary with a very long name of its own, " * 3
    many = tuple(item(n, title=long[:200], opinion=long * 4, caveats=(long,) * 4) for n in range(1, 19))
    roles = tuple(list(Role)[:3])
    stuck = replace(many[0], standing=standing(waiting=roles))
    return normal(committee=long[:200], items=(stuck, *many[1:]), quorum=f"Not quorate: {long}", quorate=False)


CASES: dict[str, Callable[[], MinutesMaterial]] = {
    "normal": normal, "not quorate": not_quorate, "bare": bare, "extreme": extreme,
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_the_front_sheet_is_one_page_and_the_file_is_pdf_ua_the_same_each_time(name: str) -> None:
    material = CASES[name]()
    data, pages = minutes_issuing.pdf(material)
    first, second, *_ = said = texts(data)
    assert len(said) == pages
    assert "moves nothing by itself" in first and "Who was there" not in first and "1 Who was there" in second
    assert all(f"{material.digest[:4]} {material.digest[4:8]}" in text for text in said)
    assert page.validate_pdf_bytes(data, profile=page.ValidationProfile.PDF_UA_1).is_compliant
    assert minutes_issuing.pdf(CASES[name]())[0] == data


def test_beside_each_opinion_stands_what_those_who_sign_have_done() -> None:
    first, *inner = texts(minutes_issuing.pdf(normal())[0])
    assert "Quorate: 4 were there; 3 are needed, with clinical safety officer and SIRO" in first
    assert "4 people were there, 1 sent apologies. 2 actions were given; the next is due on 12 May 2027." in first
    lines = minutes_paper.minutes(normal(), 0).front.items
    assert [(each.committee, each.signers) for each in lines] == [
        ("Supported with 2 caveats", "Not authorised yet: with the authorising executive"),
        ("Supported", "Authorised for Pilot, version 2.3, until 30 September 2027, 1 condition"),
        ("Noted", minutes_paper.MATTER),
    ]
    whole = " ".join(inner)
    assert whole.index("Clinical safety officer, chair") < whole.index("C. Sampleton") < whole.index("Apologies")
    for text in ("The committee: supported with 2 caveats", "1a Hazard log", "8240 8240", "Left, and is not counted", "Agreed."):
        assert text in whole, text


def test_not_quorate_it_prints_what_members_said_with_name_and_role() -> None:
    first, *inner = texts(minutes_issuing.pdf(not_quorate())[0])
    assert "Not quorate: 2 were there; 3 are needed, and no SIRO was there" in first and "Members could comment until 27 April 2027." in first
    whole = " ".join(inner)
    assert "Supports it with caveats. Only with the supplier’s test report." in whole
    assert "A comment is no signature." in whole and "No member commented on this item." in whole


def test_hostile_text_is_printed_as_text() -> None:
    data, _ = minutes_issuing.pdf(normal(previous="<script>alert(1)</script><img src='file:///etc/passwd'>"))
    assert "<script>alert(1)</script>" in " ".join(texts(data)) and b"EmbeddedFile" not in data


def closed(world: World, submission: Submission) -> Meeting:
    """A meeting that was not quorate, with a comment and a decision, closed when the days for comments were over."""
    meeting = met.planned(world, met.committee(world))
    about = met.put(world, meeting, submission)
    met.commenting(world, meeting)
    with transaction():
        holding.comment(item=about, position="supports", by=world.actor(Role.SIRO, "RTH01"), at=clock.now())
    assert meeting.comment_until is not None
    with clock.fixed(meeting.comment_until + timedelta(days=1)), transaction():
        by, at = met.keeper(world), clock.now()
        holding.decide(
            item=about, opinion="Well prepared.", decision="supported_with_caveats", caveats=["Train first."],
            version_id=about.version_id, by=by, at=at,
        )  # fmt: skip
        holding.close(meeting=meeting, version_id=meeting.version_id, by=by, at=at)
    return meeting


def read(meeting: Meeting) -> MinutesMaterial:
    with read_only():
        return minutes.material(meeting, issued_at=clock.now(), product="AI assurance register", public_url="https://register.example")


def test_minutes_are_made_once_from_a_real_meeting_and_read_by_who_may(world: World, submission: Submission, client: FlaskClient) -> None:
    meeting = closed(world, submission)
    where = f"/RTH01/meetings/{meeting.id}/minutes"
    world.sign_in(client, "board_member", "RTH01")
    assert "not made yet" in client.get(where).text
    assert client.get(f"{where}/file").status_code == 404
    assert client.post(where).status_code == 403
    world.sign_in(client, "digital_lead", "RTH01")
    assert client.post(where).status_code == 303
    assert "being made" in client.get(where).text
    with read_only() as session:
        job = minutes.job(session.get_one(Meeting, meeting.id))
        assert job is not None
        job_id = job.id
    queue.run(job_id)
    assert minutes_issuing.make(job_id, lambda _, __: None) == {"meeting": meeting.id}
    assert client.post(where).status_code == 303
    world.sign_in(client, "board_member", "RTH01")
    shown, answer = client.get(where).text, client.get(f"{where}/file")
    db.session.expire_all()
    assert meeting.minutes_sha256 == digest_bytes(answer.data) and meeting.minutes_sha256 in shown
    first, *inner = texts(answer.data)
    assert "Supported with 1 caveat" in first and "Not authorised yet: with" in first
    assert "Siro of RTH01" in " ".join(inner)
    code = minutes.code(meeting)
    assert f"{code[:4]} {code[4:8]}" in first and f"{code[:4]} {code[4:8]}" in shown
    events = sa.select(sa.func.count()).where(AuditEvent.kind == minutes.ISSUED)
    assert db.session.scalar(events) == 1
    world.sign_in(client, "digital_lead", "QWE")
    assert client.get(where.replace("RTH01", "QWE")).status_code == 404


def test_before_it_is_closed_there_is_a_sentence_and_no_button(world: World, submission: Submission, client: FlaskClient) -> None:
    meeting = met.planned(world, met.committee(world))
    world.sign_in(client, "digital_lead", "RTH01")
    assert "once the meeting is closed" in client.get(f"/RTH01/meetings/{meeting.id}/minutes").text
    answer = client.post(f"/RTH01/meetings/{meeting.id}/minutes")
    assert answer.status_code == 422 and "Minutes are made once the meeting is closed." in answer.text


def test_what_may_not_be_shown_yet_is_not_printed(
    world: World, submission: Submission, monkeypatch: pytest.MonkeyPatch
) -> None:
    panels.ask(monkeypatch, {Role.CLINICAL_LEAD: {"independent": True}, Role.CSO: {"independent": True}})
    panels.sign(submission, Role.CLINICAL_LEAD, world.person(Role.CLINICAL_LEAD, "RTH01").id)
    found = read(closed(world, submission)).items[0].standing
    assert found is not None
    assert [each.outcome for each in found.signed] == ["veiled"]
    printed = minutes_paper.minutes(normal(items=(item(standing=found),)), 0)
    assert [row[2] for row in printed.items[0].signed] == ["Signed, shown when all are in"]
