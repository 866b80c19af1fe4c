"""What is new since one last looked: what others did, in the words of each room, the latest first."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from governance import clock
from governance.database import db, transaction
from governance.home import news
from governance.intake import operations as intake
from governance.intake import queries as submissions
from governance.intake.models import Submission
from governance.lifecycle import SubmissionStatus
from governance.register.models import Deployment
from tests import asked
from tests.world import World


@pytest.fixture
def world(later):
    return World()


def here() -> Deployment:
    found = db.session.scalar(sa.select(Deployment).order_by(Deployment.id))
    assert found is not None
    return found


def test_everything_others_did_in_assessment_is_told_in_their_rooms_words(world):
    said = {each.what for each in news.new_since(here(), World.START, world.actor("auditor", "RTH01"))}
    for start in ("Hazard 1 named", "It is proposed at Pipeline"):
        assert any(each.startswith(start) for each in said), start
    assert any(" judged met" in each for each in said)
    assert any("answers on Digital Technology Assessment Criteria 2.0" in each for each in said)
    assert any(each.endswith("-S1 is submitted") for each in said)


def test_what_i_did_myself_is_no_news_to_me(world):
    asked.question(world)
    later = clock.now() - timedelta(seconds=1)
    about = "A question about Hazard 1"
    siro, lead = (world.actor(role, "RTH01") for role in ("siro", "digital_lead"))
    assert not [each for each in news.new_since(here(), later, siro) if each.what.startswith(about)]
    assert [each.who for each in news.new_since(here(), later, lead) if each.what.startswith(about)] == ["Siro of RTH01"]


def test_only_what_came_after_is_new_and_the_latest_comes_first(world):
    by, since = world.actor("auditor", "RTH01"), clock.now()
    with clock.fixed(since + timedelta(days=2)):
        reference = db.session.scalar(sa.select(Submission.reference).where(Submission.status == SubmissionStatus.SUBMITTED))
        with transaction():
            lead = world.actor("digital_lead", "RTH01")
            mine = submissions.submission(str(reference), lead)
            intake.move(submission=mine, arrow="recall", reason="Wrong version", by=lead, at=clock.now())
        found = news.new_since(here(), since, by)
    assert [each.what for each in found] == [f"{reference} is opened"]
