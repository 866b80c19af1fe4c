"""A read that several parts of a page need is asked once in a reading transaction, and each time in a writing one."""

from governance.assessment.hazards import queries
from governance.database import read_only, transaction
from governance.register.models import Deployment
from tests.safety import statements


def hazards_asked(session) -> int:
    deployment = session.get(Deployment, 1)
    with statements() as told:
        for _ in range(3):
            queries.hazards(deployment)
    return len([each for each in told if "FROM hazard " in each.replace("\n", " ")])


def test_a_reading_transaction_asks_once_and_the_next_one_asks_again(submission):
    for _ in range(2):
        with read_only() as session:
            assert hazards_asked(session) == 1


def test_a_writing_transaction_asks_each_time(submission):
    with transaction() as session:
        assert hazards_asked(session) == 3
