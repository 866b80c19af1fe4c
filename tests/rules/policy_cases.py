"""Facts and shorthands that the policy's tests share: a mild tool, to which each case adds what it is about."""

from hypothesis import strategies as st

from governance.lifecycle import Stage, SubmissionKind
from governance.policy import policy, rules

POLICY = policy("london-1")
MILD = {row.code: row.mildest for row in POLICY.facts}
STAGES = {
    "pipeline": Stage.PIPELINE,
    "poc": Stage.PROOF_OF_CONCEPT,
    "pilot": Stage.PILOT,
    "implementation": Stage.IMPLEMENTATION,
    "bau": Stage.BUSINESS_AS_USUAL,
}
BEFORE = {"poc": "pipeline", "pilot": "poc", "implementation": "pilot", "bau": "implementation"}


def facts(words: str = "", **more: str) -> dict[str, str]:
    """`facts("direct_care=yes device=class_i")`: the mild tool with these changes."""
    return MILD | dict(pair.split("=") for pair in words.split()) | more


def asked(words: str, stage: str, *, came_from: str | None = None, kind: str = "progress", tier=None):
    """{question set: depth} for these facts at this stage, coming from the stage just before unless another is named."""
    given = facts(words)
    found = rules.requirements(
        POLICY,
        facts=given,
        tier=tier or rules.tier(given, POLICY).tier,
        stage_asked=STAGES[stage],
        stage_from=STAGES[came_from or BEFORE[stage]],
        kind=SubmissionKind(kind),
    )
    return {row.question_set: str(row.depth) for row in found}


def turns(words: str, stage: str, *, came_from: str | None = None, kind: str = "progress", first: bool = False):
    """Everybody who must agree, in order."""
    given = facts(words)
    return rules.signers(
        POLICY,
        facts=given,
        tier=rules.tier(given, POLICY).tier,
        stage_asked=STAGES[stage],
        stage_from=STAGES[came_from or BEFORE.get(stage, "pipeline")],
        kind=SubmissionKind(kind),
        first_of_kind=first,
    )


def sections(words: str, stage: str, *, kind: str = "progress", first: bool = False, carried: bool = False):
    """{code: SectionRule} of the pack."""
    given = facts(words)
    tier = rules.tier(given, POLICY).tier
    rows = rules.requirements(
        POLICY, facts=given, tier=tier, stage_asked=STAGES[stage], stage_from=None, kind=SubmissionKind(kind)
    )
    found = rules.sections_for(
        POLICY, rows, facts=given, tier=tier, stage_asked=STAGES[stage], kind=SubmissionKind(kind),
        first_of_kind=first, carried_conditions=carried,
    )  # fmt: skip
    return {section.code: section for section in found}


any_facts = st.fixed_dictionaries(
    {row.code: st.sampled_from([value.code for value in row.values]) for row in POLICY.facts}
)
any_stage = st.sampled_from(list(Stage)[1:])
any_kind = st.sampled_from(list(SubmissionKind))
