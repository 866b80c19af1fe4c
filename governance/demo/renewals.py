"""A newer file in the place of one that expires, as people attach it in the demonstration."""

from governance import clock
from governance.assessment.evidence import operations as evidence
from governance.assessment.sheets import operations as sheets
from governance.database import transaction
from governance.demo import cast, showing
from governance.intake.models import Submission
from governance.permissions import Role


def renew(story: showing.Story, submission: Submission, where: str, name: str, days: int) -> None:
    """Attach the newer one of a file that ends so many days from today; everything that stood on the old one follows."""
    with transaction():
        by, at = cast.actor(Role.DIGITAL_LEAD, where), clock.now()
        sheet = sheets.open_sheet(submission=submission, question_set="dtac-2.0", by=by, at=at)
        old = showing.piece(story, name, sheet, by)
        newer = story | {"ends": story["ends"] | {name: days}}
        evidence.renew(evidence=old, by=by, at=at, **showing.described(newer, name, submission.tool_version_id))
