"""Policy's questions and answers, pure over plain facts. Each module is one table of the policy.

`tiers` triage and tier · `asked` what must be shown · `agreement` sections, who must agree, in which order ·
`turns` whose turn it is in a round ·
`people` separation, registration, limits · `moves` what stops a move · `times` how long and which stages.
"""

from governance.policy.rules.agreement import (
    SectionRule,
    Turn,
    may_be_independent,
    may_be_panel,
    sections_for,
    signers,
)
from governance.policy.rules.asked import Requirement, document_blockers, requirements
from governance.policy.rules.moves import (
    Condition,
    Evidence,
    GoLive,
    HazardFacts,
    MoveFacts,
    judgement_blockers,
    move_blockers,
)
from governance.policy.rules.people import (
    appointment_separation_blockers,
    authority_blockers,
    judge_blockers,
    registration_blockers,
    registration_warnings,
    separation_blockers,
)
from governance.policy.rules.tiers import Reason, TierResult, tier, tier_change_blockers, triage_blockers
from governance.policy.rules.times import (
    StageMoves,
    approval_until,
    evidence_validity_months,
    review_due,
    stage_blockers,
    stage_moves,
    stages_askable,
    until_blockers,
)
from governance.policy.rules.turns import Given, decision_reason_blockers, is_in, settled, turn_blockers, turns_open, veiled

__all__ = [
    "Condition",
    "Evidence",
    "Given",
    "GoLive",
    "HazardFacts",
    "MoveFacts",
    "Reason",
    "Requirement",
    "SectionRule",
    "StageMoves",
    "TierResult",
    "Turn",
    "appointment_separation_blockers",
    "approval_until",
    "authority_blockers",
    "decision_reason_blockers",
    "document_blockers",
    "evidence_validity_months",
    "is_in",
    "judge_blockers",
    "judgement_blockers",
    "may_be_independent",
    "may_be_panel",
    "move_blockers",
    "registration_blockers",
    "registration_warnings",
    "requirements",
    "review_due",
    "sections_for",
    "separation_blockers",
    "settled",
    "signers",
    "stage_blockers",
    "stage_moves",
    "stages_askable",
    "tier",
    "tier_change_blockers",
    "triage_blockers",
    "turn_blockers",
    "turns_open",
    "until_blockers",
    "veiled",
]
