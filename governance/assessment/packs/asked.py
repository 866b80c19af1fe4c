"""What policy asks of one submission: its requirements and sections, under the version it began with."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from governance.assessment.packs import slots
from governance.assessment.packs.slots import Carried
from governance.assessment.sheets import rules as sheets
from governance.errors import NotVisible, Refused
from governance.identity import queries as identity
from governance.intake import queries as intake
from governance.intake.models import Submission
from governance.lifecycle import Stage
from governance.policy import Policy, Tier, policy
from governance.policy.rules import Requirement, SectionRule, requirements, sections_for
from governance.policy.schema import Form
from governance.register import queries as register
from governance.register.models import Deployment


@dataclass(frozen=True, slots=True)
class Asked:
    """One submission with everything that policy makes of its facts. Nothing in it depends on today."""

    submission: Submission
    deployment: Deployment
    policy: Policy
    facts: dict[str, str]
    tier: Tier | None
    stage_asked: Stage
    requirements: tuple[Requirement, ...]
    sections: tuple[SectionRule, ...]
    carried: tuple[Carried, ...]

    def requirement(self, row: str) -> Requirement:
        """The requirement for a row of policy. Raises NotVisible where it is not asked."""
        found = next((each for each in self.requirements if each.question_set == row), None)
        if found is None:
            raise NotVisible()
        return found

    def section(self, code: str) -> SectionRule:
        """One section of this pack. Raises NotVisible."""
        found = next((each for each in self.sections if each.code == code), None)
        if found is None:
            raise NotVisible()
        return found

    def filling(self, section: str) -> tuple[Requirement, ...]:
        """The requirements that fill a section, in policy's order."""
        return tuple(each for each in self.requirements if section in each.sections)

    @property
    def sheets(self) -> dict[str, Requirement | None]:
        """Published sets to answer, each with its row of policy; the tool sheet has none and comes first."""
        asked = {sheets.set_for(each.question_set): each for each in self.requirements if each.form is Form.SHEET}
        return {sheets.TOOL_SHEET: None, **asked}

    def route_facts(self, requirement: Requirement | None) -> dict[str, str]:
        """The facts that routing inside a question set may look at."""
        more = {"stage": self.stage_asked.value, "tier": self.tier.value if self.tier else ""}
        return self.facts | more | {"depth": requirement.depth.value if requirement else "full"}


def asked_of(submission: Submission) -> Asked:
    """What policy asks of a proposed submission. Raises Refused for a draft, which has no deployment yet."""
    deployment, stage = submission.deployment, submission.stage_asked
    if deployment is None or stage is None or submission.policy_version is None:
        raise Refused.because("This is still a draft: propose it first.", code="submission.draft")
    london, facts = policy(submission.policy_version), dict(intake.facts(submission))
    tier = Tier(submission.tier) if submission.tier else None
    needed = requirements(
        london, facts=facts, tier=tier, stage_asked=stage, stage_from=submission.stage_from, kind=submission.kind
    )
    carried = slots.carried_over(deployment)
    sections = sections_for(
        london, needed, facts=facts, tier=tier, stage_asked=stage, kind=submission.kind, carried_conditions=bool(carried)
    )
    return Asked(submission, deployment, london, facts, tier, stage, needed, sections, carried)


def first_of_kind(deployment: Deployment, on: date) -> bool:
    """Whether nothing of the same tool and use case is assured in the same integrated care system."""
    system = identity.system_of(deployment.organisation_id, on)
    return not register.is_assured_among(system, tool_id=deployment.tool_id, use_case_id=deployment.use_case_id)
