"""What was asked when a round began: it holds for that round whatever policy and triage have come to say since."""

from __future__ import annotations

from dataclasses import replace

from governance.assessment.packs.asked import Asked
from governance.assessment.packs.models import AssurancePack
from governance.intake import queries as intake
from governance.lifecycle import SubmissionStatus
from governance.policy import Tier

WITH_SIGNERS = (SubmissionStatus.SUBMITTED, SubmissionStatus.DEFERRED)
"""While it is with those who sign nothing that is asked can change."""


def as_it_was(asked: Asked, pack: AssurancePack) -> Asked:
    """What a pack’s round asked: the policy of that moment, and the facts and the tier that the pack holds."""
    if asked.submission.round == pack.round and asked.submission.status in WITH_SIGNERS:
        return asked
    sections = [each.content["matter"]["parts"] for each in pack.sections if each.code == "triage"]
    triage = next((part for parts in sections for part in parts if part["kind"] == "triage"), None)
    was = replace(asked, policy=intake.policy_at(asked.submission, pack.frozen_at))
    if triage is None:
        return was
    facts = {row["code"]: row["value"] for row in triage["facts"]}
    return replace(was, facts=facts, tier=Tier(triage["tier"]) if triage["tier"] else None)
