"""Questions asked in place, their answers, sections given to colleagues, and the bookmark of who has looked."""

from datetime import date

import pytest
import sqlalchemy as sa

from governance import clock
from governance.audit.models import AuditEvent
from governance.database import db, transaction
from governance.errors import Conflict, Forbidden, NotVisible, Refused
from governance.intake.models import Submission
from governance.lifecycle import SubmissionStatus
from governance.notifications.models import Notice
from governance.questions import operations, queries
from governance.questions.models import Question
from governance.register.models import Deployment
from tests import asked
from tests.world import World


@pytest.fixture
def world(later):
    return World()


def deployment() -> Deployment:
    found = db.session.scalar(sa.select(Deployment).join(Submission, Submission.deployment_id == Deployment.id))
    assert found is not None
    return found


def reply(row: Question, by, text: str = "A second radiologist."):
    with transaction():
        fresh = queries.question(row.id, by)
        return operations.reply(question=fresh, text=text, version_id=str(fresh.version_id), by=by, at=clock.now())


def test_a_question_is_with_who_answers_and_returns_nothing(world):
    row = asked.question(world)
    assert (row.status, row.to_role, row.asked_role) == ("open", "clinical_lead", "siro")
    assert row.path.endswith("/hazards/1")
    assert db.session.scalar(sa.select(Submission.status).where(Submission.deployment_id == row.deployment_id)) is (
        SubmissionStatus.SUBMITTED
    )
    kinds = db.session.scalars(sa.select(AuditEvent.kind).order_by(AuditEvent.id.desc()).limit(1)).all()
    assert kinds == ["question.asked"]


def test_a_reply_by_another_answers_it_and_one_by_the_asker_opens_it_again(world):
    row = asked.question(world)
    reply(row, world.actor("digital_lead", "RTH01"))
    assert queries.question(row.id, world.actor("siro", "RTH01")).status == "answered"
    reply(row, world.actor("siro", "RTH01"), "And at weekends?")
    assert queries.question(row.id, world.actor("siro", "RTH01")).status == "open"


def test_the_other_side_is_told_and_nobody_of_what_they_did_themselves(world):
    row = asked.question(world)
    lead = world.actor("digital_lead", "RTH01")
    reply(row, lead)
    told = {(each.person_id, each.kind) for each in db.session.scalars(sa.select(Notice).where(Notice.kind.like("question%")))}
    assert (row.asked_by, "question.answered") in told
    assert (lead.person_id, "question.open") in told
    assert (row.asked_by, "question.open") not in told


def test_only_who_asked_closes_it_and_then_nobody_replies(world):
    row = asked.question(world)
    siro, lead = world.actor("siro", "RTH01"), world.actor("digital_lead", "RTH01")
    with pytest.raises(Refused, match="Only the person who asked"), transaction():
        operations.close(question=queries.question(row.id, lead), version_id="1", by=lead, at=clock.now())
    with transaction():
        operations.close(question=queries.question(row.id, siro), version_id="1", by=siro, at=clock.now())
    with pytest.raises(Refused, match="closed"):
        reply(row, lead)


def test_a_stale_page_is_told_so(world):
    row = asked.question(world)
    lead = world.actor("digital_lead", "RTH01")
    reply(row, lead)
    with pytest.raises(Conflict), transaction():
        operations.reply(question=queries.question(row.id, lead), text="Late", version_id="1", by=lead, at=clock.now())


@pytest.mark.parametrize(("text", "said"), [("  ", "Write your question."), ("x" * 2001, "2,000 characters or fewer")])
def test_what_cannot_be_asked_is_refused(world, text, said):
    with pytest.raises(Refused, match=said):
        asked.question(world, text=text)


@pytest.mark.parametrize("role", ["auditor", "organisation_administrator", "board_member"])
def test_who_signs_nothing_asks_nothing(world, role):
    with pytest.raises((Forbidden, NotVisible)):
        asked.question(world, role=role)


@pytest.mark.parametrize(
    ("kind", "key"),
    [("answer", "dtac-2.0:C1.2.4"), ("answer", "dpia-1:DP4.4"), ("plan", "risk_plan"), ("section", "dtac.c1"), ("hazard", "1")],
)
def test_everything_assessed_can_be_asked_about(world, kind, key):
    row = asked.question(world, kind=kind, key=key)
    assert row.subject_words and row.path.startswith(("/RTH01/submissions/", "/RTH01/tools/"))


@pytest.mark.parametrize(
    ("kind", "key"),
    [("hazard", "99"), ("hazard", "x"), ("answer", "dtac-2.0:Z9"), ("answer", "no-set:C1"), ("section", "none"), ("moon", "1")],
)
def test_what_is_not_there_cannot(world, kind, key):
    with pytest.raises(NotVisible):
        asked.question(world, kind=kind, key=key)


def test_a_foreign_question_is_not_there(world):
    row = asked.question(world)
    for code in ("QWE", "QKK"):
        with pytest.raises(NotVisible):
            queries.question(row.id, world.actor("cso", code))
        assert queries.asked_on(row.deployment_id, world.actor("cso", code)) == {}
        assert queries.listed(world.actor("cso", code)) == []


def test_a_section_is_given_to_a_colleague_who_is_told_and_taken_back(world):
    lead, to = world.actor("digital_lead", "RTH01"), world.actor("ig_lead", "RTH01")
    here = {"submission_reference": f"{deployment().reference}-S1", "section": "sheet:dpia-1"}
    for due in (date(2026, 12, 1), date(2026, 12, 8)):
        with transaction():
            operations.assign(
                deployment=deployment(), section_words="DPIA", person_id=to.person_id, due_on=due, note="", by=lead,
                at=clock.now(), **here,
            )  # fmt: skip
    held = queries.given(here["submission_reference"], lead.organisation_id)
    assert [(each.person_id, each.due_on) for each in held.values()] == [(to.person_id, date(2026, 12, 8))]
    assert len(queries.given_to(to.person_id, lead.organisation_id)) == 1
    assert db.session.scalar(sa.select(sa.func.count()).where(Notice.kind == "section.assigned")) == 2
    with transaction():
        operations.take_back(deployment=deployment(), by=lead, at=clock.now(), **here)
    assert queries.given_to(to.person_id, lead.organisation_id) == []


def test_a_section_is_not_given_to_a_stranger_or_to_yesterday(world):
    lead, stranger = world.actor("digital_lead", "RTH01"), world.actor("cso", "QWE")
    with pytest.raises(Refused) as refused, transaction():
        operations.assign(
            deployment=deployment(), submission_reference="S", section="s", section_words="S", person_id=stranger.person_id,
            due_on=date(2026, 1, 1), note="", by=lead, at=clock.now(),
        )  # fmt: skip
    assert {each.code for each in refused.value.blockers} == {"person", "due_on"}


def test_a_bookmark_is_one_row_for_each_person(world):
    by = world.actor("cso", "RTH01")
    for _ in range(2):
        with transaction():
            operations.mark_looked(deployment=deployment(), by=by, at=clock.now())
    assert queries.looked_at(deployment().id, by) == clock.now()
    assert queries.looked_at(deployment().id, world.actor("siro", "RTH01")) is None
    with pytest.raises(NotVisible):
        operations.mark_looked(deployment=deployment(), by=world.actor("cso", "QWE"), at=clock.now())
