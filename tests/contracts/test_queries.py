"""How many queries a page may ask: a bound for every page, and for lists the same count at 20 rows as at 100.

On SQLite: the statements are the same on both.
"""

from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from governance.approval.committees.models import AgendaItem, Committee, Meeting, MeetingAction
from governance.assessment.evidence.models import Evidence, EvidenceTask, EvidenceUse, QuarantinedFile
from governance.assessment.hazards.models import Hazard, HazardImport
from governance.assessment.question_sets import loader
from governance.assessment.safety_cases.models import SafetyCase
from governance.assessment.sheets.models import Answer, SupplierLink
from governance.assessment.workshops.models import Workshop
from governance.database import db
from governance.database.transactions import writable
from governance.identity.models import Membership, Person
from governance.intake.declarations.models import RegisterImport
from governance.intake.models import PolicyAddition, Submission
from governance.lifecycle import SubmissionStatus
from governance.monitoring.readings.models import Reading
from governance.monitoring.signals.models import Signal
from governance.notifications.models import Delivery, Notice
from governance.permissions import Role
from governance.questions.models import Question
from governance.register.models import Deployment, Projection
from tests.contracts import sweep
from tests.safety import statements
from tests.world import World

ON_SQLITE = pytest.mark.parametrize("backend", ["sqlite"], scope="session")
MOST = 40
"""For a page of one thing. Judging, signing, checking a draft and the task list of a submission read the whole record;
the first screen looks into the five submissions that are longest under assessment, each whole."""
MORE: dict[str, int] = {
    "packs.submission": 66, "packs.assign.assign": 50, "packs.judging": 60, "deployments.deployment": 85, "approval.act": 80, "approval.resume": 80, "approval.signed": 80,
    "approval.section": 80, "approval.sections": 80, "packs.recall": 60,
    "intake.check": 60, "home.home": 103,
}  # fmt: skip
LISTS = {
    "/RTH01/committees": 12, "/RTH01/committees/1": 15,
    "/RTH01/policy/additions": 10, "/RTH01/tools": 10, "/RTH01/submissions": 15, "/RTH01/evidence": 15, "/RTH01/evidence/expiring": 25, "/RTH01/evidence/quarantine": 10, "/RTH01/": 103, "/RTH01/people": 15,
    "/london/": 15, "/london/?q=a&ceased=1&system=QKK": 15, "/public/": 8, "/london/tools/RTH01-2026-0001": 15,
    "/RTH01/questions": 15, "/RTH01/signals": 15, "/RTH01/signals?closed=1": 15,
    "/RTH01/question-sets": 8, "/RTH01/question-sets/dtac-2.0": 8,
    "/me/notices": 10, "/RTH01/people/notices": 12, "/RTH01/reports": 15, "/RTH01/register-imports": 15,
    "/RTH01/tools/RTH01-2026-0001/hazards": 25,
    "/RTH01/submissions/RTH01-2026-0001-S1/sheets/dtac-2.0/from-supplier": 25,
    "/RTH01/tools/RTH01-2026-0002/workshops": 12, "/RTH01/tools/RTH01-2026-0002/safety-case": 40,
    "/RTH01/tools/RTH01-2026-0001/hazards/imports": 15, "/RTH01/tools/RTH01-2026-0001/hazards/starters": 15,
}  # fmt: skip


def copies(model: type, count: int, **changed: object) -> None:
    """Rows like the first of a table, written straight into it: the chain does not matter to a count."""
    table = model.__table__  # type: ignore[attr-defined]
    with writable(), db.engine.begin() as connection:
        query = sa.select(table).order_by(table.c.id)
        if model is Submission:
            query = query.where(table.c.status == SubmissionStatus.AUTHORISED)
        first = connection.execute(query).mappings().first()
        assert first is not None
        top = connection.scalar(sa.select(sa.func.max(table.c.id))) or 0
        rows = [
            dict(first) | {"id": top + n} | {name: make(top + n) for name, make in changed.items()} for n in range(1, count + 1)
        ]
        connection.execute(sa.insert(table), rows)


def fill(count: int) -> None:
    """So many more rows in every list."""
    copies(Evidence, count, title=lambda n: f"Evidence {n}", expires_on=lambda n: date(2027, 1, 1))
    with db.engine.connect() as connection:
        items = iter(list(connection.scalars(sa.select(Evidence.id).order_by(Evidence.id.desc()).limit(count))) * 2)
    copies(EvidenceUse, count, evidence_id=lambda n: next(items))
    copies(EvidenceTask, count, lapsed_id=lambda n: next(items))
    copies(QuarantinedFile, count)
    copies(Question, count, subject_key=lambda n: f"{n}")
    copies(SupplierLink, count, token_sha256=lambda n: f"{n:064d}")
    copies(Hazard, count, number=lambda n: n + 100)
    copies(Workshop, count, number=lambda n: n + 100)
    copies(SafetyCase, count, revision=lambda n: n + 100)
    copies(Deployment, count, reference=lambda n: f"RTH01-2027-{n:04d}")
    with db.engine.connect() as connection:
        deployments = list(connection.scalars(sa.select(Deployment.id).order_by(Deployment.id.desc()).limit(count)))
    with writable(), db.engine.begin() as connection:
        first = connection.execute(sa.select(Projection.__table__)).mappings().first()
        rows = [dict(first or {}) | {"deployment_id": each, "reference": f"R{each}"} for each in deployments]
        connection.execute(sa.insert(Projection), rows)
    copies(Committee, count, name=lambda n: f"Committee {n}")
    copies(Meeting, count, number=lambda n: n + 100, committee_id=lambda n: 1)
    with db.engine.connect() as connection:
        meetings = iter(list(connection.scalars(sa.select(Meeting.id).order_by(Meeting.id.desc()).limit(count))) * 2)
    copies(AgendaItem, count, number=lambda n: n + 100, meeting_id=lambda n: next(meetings))
    copies(MeetingAction, count, number=lambda n: n + 100, meeting_id=lambda n: next(meetings))
    copies(RegisterImport, count)
    copies(PolicyAddition, count)
    copies(HazardImport, count)
    copies(Signal, count, number=lambda n: n + 100, period_on=lambda n: date(2000, 1, 1) + timedelta(days=n))
    copies(Reading, count, period_on=lambda n: date(2000, 1, 1) + timedelta(days=n))
    copies(Submission, count, reference=lambda n: f"RTH01-2027-{n:04d}-S1")
    copies(Delivery, count, key=lambda n: f"digest:{n}")
    told = [World().person(role, "RTH01").id for role in (Role.DIGITAL_LEAD, Role.ORGANISATION_ADMINISTRATOR)]
    db.session.rollback()
    copies(Notice, count, key=lambda n: f"notice:{n}", person_id=lambda n: told[n % 2])
    copies(Person, count, email=lambda n: f"p{n}@rth01.example")
    where = World().organisation("RTH01").id
    db.session.rollback()
    with writable(), db.engine.begin() as connection:
        people = connection.scalars(sa.select(Person.id).order_by(Person.id.desc()).limit(count)).all()
        rows = [
            {"organisation_id": where, "person_id": each, "role": Role.AUDITOR, "started_on": date(2026, 1, 1)} for each in people
        ]
        connection.execute(sa.insert(Membership), rows)


@ON_SQLITE
@pytest.mark.parametrize("role", [Role.DIGITAL_LEAD, Role.ORGANISATION_ADMINISTRATOR], ids=str)
def test_a_list_asks_as_often_for_a_hundred_rows_as_for_twenty(swept, role):
    client = swept.test_client()
    World().sign_in(client, role, "RTH01")
    counts: list[dict[str, int]] = []
    for more in (20, 80):
        db.session.rollback()
        fill(more)
        counts.append({})
        for url in LISTS:
            client.get(url)  # what is read once in a process does not count
            db.session.remove()  # nor may a row still at hand in this test's session save a query
            with statements() as told:
                answer = client.get(url)
            if answer.status_code == 200:
                counts[-1][url] = len([each for each in told if each.startswith("SELECT")])
    assert counts[0] == counts[1]
    assert {url: count for url, count in counts[1].items() if count > LISTS[url]} == {}
    assert "/RTH01/tools" in counts[0]


SHEET = "/RTH01/submissions/RTH01-2026-0001-S1/sheets"
LARGEST = max((each for each in loader.all_question_sets() if not each.read_only), key=lambda each: len(each.questions))
WHOLE = {
    f"{SHEET}/{LARGEST.code}": 30, f"{SHEET}/{LARGEST.code}/{max(LARGEST.sections, key=lambda each: len(each.questions)).code}": 30,
    f"{SHEET}/dtac-2.0": 30, f"{SHEET}/dtac-2.0/dtac.c3": 30, f"{SHEET}/dtac-2.0/dtac.c3/history/C3.1": 20,
    "/RTH01/submissions/RTH01-2026-0001-S1/compare": 45, "/RTH01/tools/RTH01-2026-0001": 85,
}  # fmt: skip
"""Pages about one assured deployment. That of the deployment builds the whole live record, to say what moved since."""


@ON_SQLITE
def test_the_largest_sheet_asks_as_often_with_many_answers_as_with_few(assured, live):
    client = assured.test_client()
    World().sign_in(client, Role.DIGITAL_LEAD, "RTH01")
    counts: list[dict[str, int]] = []
    for copied in (1, 40):
        db.session.rollback()
        copies(Answer, copied, revision=lambda n: n + 100)
        copies(Hazard, copied, number=lambda n: n + 100)
        counts.append({})
        for url in WHOLE:
            client.get(url)
            db.session.remove()
            with statements() as told:
                assert client.get(url).status_code == 200, url
            counts[-1][url] = len([each for each in told if each.startswith("SELECT")])
    assert counts[0] == counts[1]
    assert {url: count for url, count in counts[1].items() if count > WHOLE[url]} == {}


@ON_SQLITE
@pytest.mark.parametrize("role", [Role.DIGITAL_LEAD, Role.CSO], ids=str)
def test_no_page_asks_more_than_its_bound(swept, role):
    client, wrong, seen = swept.test_client(), [], 0
    World().sign_in(client, role, "RTH01")
    for place in sweep.everywhere(swept):
        if place.method == "GET" and place.endpoint != "static":
            db.session.remove()
            with statements() as told, client.get(place.url):
                pass
            seen, count = seen + 1, len([each for each in told if each.startswith("SELECT")])
            if count > MORE.get(place.endpoint, MOST):
                wrong.append(f"{place.endpoint}: {count}")
    assert wrong == []
    assert seen > 60
