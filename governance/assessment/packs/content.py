"""The pack as it would be frozen now: sections in policy's order, each with what was judged and by whom."""

from __future__ import annotations

from collections.abc import Mapping

import sqlalchemy as sa

from governance.assessment.packs.asked import Asked, asked_of
from governance.assessment.packs.live import gather
from governance.assessment.packs.matter import Live, matter
from governance.assessment.packs.models import Judgement
from governance.assessment.packs.rules import BuiltSection, built
from governance.database import db
from governance.intake.models import Submission
from governance.policy.rules import SectionRule


def build(submission: Submission) -> tuple[BuiltSection, ...]:
    """Every section from live records. The same records give the same digests on any day and in any order of entry."""
    asked = asked_of(submission)
    return assemble(asked, gather(asked), judgements(asked))


def assemble(asked: Asked, live: Live, given: Mapping[str, Judgement]) -> tuple[BuiltSection, ...]:
    """Put sections together from what was loaded."""
    return tuple(one(section, asked, live, given) for section in asked.sections)


def one(section: SectionRule, asked: Asked, live: Live, given: Mapping[str, Judgement]) -> BuiltSection:
    """Put one section together."""
    said = judgement_content(given.get(section.code))
    return built(section.code, section.title, matter(section.code, asked, live), said)


def judgements(asked: Asked) -> dict[str, Judgement]:
    """The newest judgement on each section: this submission's own, else an earlier one's on the same deployment.

    An earlier judgement is carried on so that a section which has not changed need not be judged again; where the matter
    differs it is stale like any other. Only the role that judges the section now counts: corrected facts may change it.
    """
    query = (
        sa.select(Judgement)
        .join(Submission, Submission.id == Judgement.submission_id)
        .where(
            Submission.deployment_id == asked.deployment.id,
            Judgement.organisation_id == asked.submission.organisation_id,
        )
        .order_by(Judgement.submission_id, Judgement.revision)
    )
    found: dict[str, Judgement] = {}
    judges = {section.code: section.judged_by for section in asked.sections}
    for judgement in db.session.scalars(query):
        if judgement.submission_id <= asked.submission.id and judges.get(judgement.section) is judgement.role:
            found[judgement.section] = judgement
    return found


def judgement_content(judgement: Judgement | None) -> dict[str, object] | None:
    """A judgement as a pack holds it."""
    if judgement is None:
        return None
    return {
        "outcome": judgement.outcome,
        "reason": judgement.reason,
        "role": judgement.role.value,
        "by": judgement.person_name,
        "at": judgement.judged_at.isoformat(),
        "digest": judgement.digest,
    }
