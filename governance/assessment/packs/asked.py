"""What policy asks of one submission: its requirements and sections, under the version it began with."""

from __future__ import annotations

from dataclasses import dataclass

from governance.assessment.packs import slots
from governance.assessment.packs.slots import Carried
from governance.assessment.sheets.asked import requirements_of, sheets_among
from governance.errors import NotVisible
from governance.intake import queries as intake
from governance.intake.models import Submission
from governance.lifecycle import Stage
from governance.policy import Policy, Tier
from governance.policy.rules import Requirement, SectionRule, sections_for
from governance.register.models import Deployment


@dataclass(frozen=True, slots=True)
class Asked:
    """One submission with everything that policy makes of its facts. Nothing in it depends on today.

    `sheets`: published sets to answer, each with its row of policy; the tool sheet has none and comes first.
    """

    submission: Submission
    deployment: Deployment
    policy: Policy
    facts: dict[str, str]
    tier: Tier | None
    stage_asked: Stage
    requirements: tuple[Requirement, ...]
    sheets: dict[str, Requirement | None]
    sections: tuple[SectionRule, ...]
    carried: tuple[Carried, ...]
    first_of_kind: bool

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

    def route_facts(self, requirement: Requirement | None) -> dict[str, str]:
        """The facts that routing inside a question set may look at."""
        more = {"stage": self.stage_asked.value, "tier": self.tier.value if self.tier else ""}
        return self.facts | more | {"depth": requirement.depth.value if requirement else "full"}


def asked_of(submission: Submission) -> Asked:
    """What policy asks of a proposed submission. Raises Refused for a draft, which has no deployment yet."""
    needed = requirements_of(submission)
    deployment, stage = submission.deployment, submission.stage_asked
    assert deployment is not None and stage is not None
    london, triage = intake.policy_of(submission), intake.triage(submission)
    facts, tier = dict(triage.facts) if triage else {}, intake.tier(submission)
    first = intake.is_first_of_kind(submission)
    carried = slots.carried_over(submission)
    sections = sections_for(
        london, needed, facts=facts, tier=tier, stage_asked=stage, kind=submission.kind,
        first_of_kind=first, carried_conditions=bool(carried),
    )  # fmt: skip
    sheets = sheets_among(submission, needed)
    if not london.kind(submission.kind).stage_rows:  # to step back and to cease nothing about the tool is asked again
        sheets = {code: requirement for code, requirement in sheets.items() if requirement is not None}
    return Asked(submission, deployment, london, facts, tier, stage, needed, sheets, sections, carried, first)
