"""A newer file in the place of one that expires, as people attach it in the demonstration."""

from datetime import timedelta

import sqlalchemy as sa

from governance import clock
from governance.assessment.evidence import operations as evidence
from governance.assessment.evidence.models import Evidence
from governance.assessment.sheets import operations as sheets
from governance.clock import london_date
from governance.database import db, transaction
from governance.demo import answering, cast, showing
from governance.intake.models import Submission
from governance.permissions import Role
from governance.register.models import Deployment, ToolVersion


def renew(story: showing.Story, submission: Submission, where: str, name: str, days: int) -> None:
    """Attach the newer one of a file that ends so many days from today; everything that stood on the old one follows."""
    with transaction():
        by, at = cast.actor(Role.DIGITAL_LEAD, where), clock.now()
        sheet = sheets.open_sheet(submission=submission, question_set="dtac-2.0", by=by, at=at)
        old = showing.piece(story, name, sheet, by)
        newer = story | {"ends": story["ends"] | {name: days}}
        evidence.renew(evidence=old, by=by, at=at, **showing.described(newer, name, submission.tool_version_id))


def look_through(story: showing.Story, deployment: Deployment) -> None:
    """Renew everything about a tool that ended or ends within a month, as for a yearly review."""
    with transaction():
        by, at = cast.actor(Role.DIGITAL_LEAD, deployment.organisation.code), clock.now()
        versions = sa.select(ToolVersion.id).where(ToolVersion.tool_id == deployment.tool_id)
        newer = sa.select(Evidence.renews_id).where(Evidence.renews_id.is_not(None))
        query = sa.select(Evidence).where(
            Evidence.organisation_id == deployment.organisation_id,
            Evidence.tool_version_id.in_(versions),
            Evidence.expires_on <= london_date(at) + timedelta(days=30),
            Evidence.id.not_in(newer),
        )
        names = {each["title"]: name for name, each in answering.pieces().items()}
        for old in db.session.scalars(query.order_by(Evidence.id)).all():
            said = showing.described(story, names[old.title], deployment.tool_version_id)
            evidence.renew(evidence=old, by=by, at=at, **said)
