"""Questions in a test's world."""

from __future__ import annotations

import sqlalchemy as sa

from governance import clock
from governance.database import db, transaction
from governance.intake import queries as intake
from governance.intake.models import Submission
from governance.lifecycle import SubmissionStatus
from governance.questions import operations, subjects
from governance.questions.models import Question
from governance.register.models import Deployment
from tests.world import World


def question(world: World, role: str = "siro", kind: str = "hazard", key: str = "1", text: str = "Who checks at night?") -> Question:
    """A question about one thing of the submitted submission at the trust."""
    reference = db.session.scalar(sa.select(Submission.reference).where(Submission.status == SubmissionStatus.SUBMITTED))
    with transaction():
        by = world.actor(role, "RTH01")
        deployment = intake.submission(str(reference), by).deployment
        assert isinstance(deployment, Deployment)
        about = subjects.subject(kind, key, deployment=deployment, submission_reference=str(reference), by=by)
        return operations.ask(
            deployment=deployment, subject=about, submission_reference=str(reference), text=text, by=by, at=clock.now()
        )
