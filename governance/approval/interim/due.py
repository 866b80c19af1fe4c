"""What is overdue about declared tools: interim decisions, and re-assurance not submitted by its day. It is said, once."""

from datetime import datetime

from governance import clock
from governance.approval.interim import notices, queries
from governance.database import db
from governance.register.models import Deployment
from governance.web.wording import long_date


def run(*, at: datetime) -> list[str]:
    """Tell who must act; returns what is overdue as sentences. Running it again tells nobody twice, and stops no tool."""
    on, said = clock.london_date(at), []
    for each in queries.awaited(None, limit=None):
        if each.outcome is None and each.interim_due_on < on:
            notices.overdue(db.session.get_one(Deployment, each.deployment_id), each.interim_due_on, at)
            said.append(f"{each.reference}: interim decision overdue since {long_date(each.interim_due_on)}.")
        elif each.submission_due_on and each.submission_due_on < on and not each.has_submission:
            notices.not_submitted(db.session.get_one(Deployment, each.deployment_id), each.submission_due_on, at)
            said.append(f"{each.reference}: re-assurance overdue since {long_date(each.submission_due_on)}.")
    return said
