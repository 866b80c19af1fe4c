"""What pydantic cannot see: rows that name each other. Gives back (item, fault) for each thing wrong."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from governance.lifecycle import Stage, SubmissionKind
from governance.permissions import Role
from governance.policy.schema import Act, Policy, Tier

NAMES = ("code", "question_set", "word", "profile", "kind", "stage", "tier", "role", "name", "level", "label")
"""The keys by which a row is called in a sentence, first found first."""

DID = ("started", "proposed", "submitted", "anyone")
STOPS = (
    "dcb0129", "scribe_device", "monitoring_plan", "hazard_unscored", "residual_unacceptable", "residual_three",
    "residual_two", "dpia_high", "expired_evidence", "condition_before", "go_live",
)  # fmt: skip
TIMES = (
    "proof_of_concept_months", "pilot_months", "implementation_months", "business_as_usual_months", "early_months",
    "early_review_months", "review_months", "sign_off_working_days", "interim_working_days", "declared_months",
)  # fmt: skip

Found = Iterator[tuple[str, str]]


def faults(policy: Policy) -> Found:
    """Every fault, in the order of the file."""
    yield from _twice(policy)
    yield from _conditions(policy)
    yield from _uses_of_conditions(policy)
    yield from _sections(policy)
    yield from _documents(policy)
    yield from _agreements(policy)
    yield from _whole(policy)
    if policy.additions:
        yield "additions", "they are an organisation’s own and stand in no policy file"


def _twice(policy: Policy) -> Found:
    for name, codes in {
        "facts": [row.code for row in policy.facts],
        "conditions": [row.word for row in policy.conditions],
        "tier_rules": [row.code for row in policy.tier_rules],
        "requirements": [row.question_set for row in policy.requirements],
        "documents": [row.question_set for row in policy.documents],
        "sections": [row.code for row in policy.sections],
        "separation": [row.code for row in policy.separation],
    }.items():
        for n, code in enumerate(codes):
            if code in codes[:n]:
                yield f"{name}, “{code}”", "it is there twice"


def _conditions(policy: Policy) -> Found:
    values = {fact.code: {value.code for value in fact.values} for fact in policy.facts}
    known: set[str] = set()
    for row in policy.conditions:
        item = f"conditions, “{row.word}”"
        if row.fact is not None and row.fact not in values:
            yield item, f"no fact is called “{row.fact}”"
        elif row.fact is not None:
            for value in set(row.among) - values[row.fact]:
                yield item, f"the fact “{row.fact}” has no value “{value}”"
        for word in row.any_of:
            if word not in known:
                yield item, f"no condition above it is called “{word}”"
        known.add(row.word)


def _uses_of_conditions(policy: Policy) -> Found:
    words = {row.word for row in policy.conditions}
    uses: list[tuple[str, Iterable[str]]] = [("no_tier_when", policy.no_tier_when)]
    uses += [(f"tier_rules, “{row.code}”", row.when) for row in policy.tier_rules]
    uses += [(f"requirements, “{row.question_set}”", row.when) for row in policy.requirements]
    uses += [(f"role_limits, “{row.role}”", [row.unless]) for row in policy.role_limits]
    for agreement in policy.agreements:
        uses += [(f"agreements, “{agreement.profile}”, “{turn.role}”", turn.when) for turn in agreement.turns]
    uses += [(f"stops, “{row.code}”", row.when) for row in policy.stops]
    for item, used in uses:
        for word in used:
            if word not in words:
                yield item, f"no condition is called “{word}”"


def _sections(policy: Policy) -> Found:
    sections = {row.code for row in policy.sections}
    for row in policy.requirements:
        for code in row.sections:
            if code not in sections:
                yield f"requirements, “{row.question_set}”", f"no section is called “{code}”"
    facts = {row.code for row in policy.facts}
    for change in policy.changes:
        for code in (*change.touches, *change.facts):
            if code not in (sections if code in change.touches else facts):
                yield f"changes, “{change.kind}”", f"no section or fact is called “{code}”"
        for code in change.unless_carried:
            if code not in change.touches:
                yield f"changes, “{change.kind}”", f"“{code}” is let off without being touched"
    for limit in policy.role_limits:
        for code in limit.only:
            if code not in sections:
                yield f"role_limits, “{limit.role}”", f"no section is called “{code}”"


def _documents(policy: Policy) -> Found:
    with_document = [row.question_set for row in policy.requirements if row.form == "document"]
    described = [row.question_set for row in policy.documents]
    for question_set in with_document:
        if question_set not in described:
            yield f"requirements, “{question_set}”", "its form is a document, but no document says what policy reads"
    for row in policy.documents:
        item = f"documents, “{row.question_set}”"
        if row.question_set not in with_document:
            yield item, "no question set of this name is met by a document"
        fields = {field.name: field for field in row.fields}
        for field in row.fields:
            if field.required_when and field.required_when.field not in fields:
                yield item, f"the field “{field.name}” looks at “{field.required_when.field}”, which is not there"


def _agreements(policy: Policy) -> Found:
    covered: set[tuple[SubmissionKind, Stage]] = set()
    for agreement in policy.agreements:
        item = f"agreements, “{agreement.profile}”"
        pairs = {(kind, stage) for kind in agreement.kinds for stage in agreement.stages}
        for kind, stage in sorted(pairs & covered):
            yield item, f"another agreement is already for {kind} at {stage}"
        covered |= pairs
        roles = [turn.role for turn in agreement.turns]
        if Role.SRO not in roles:
            yield item, "the senior responsible owner has no turn, so a section could fall to nobody"
        if not any(turn.act is Act.AUTHORISE for turn in agreement.turns):
            yield item, "nobody authorises"
        for n, turn in enumerate(agreement.turns):
            for role in turn.after:
                if role not in roles[:n]:
                    yield item, f"“{turn.role}” comes after “{role}”, which has no turn above it"
    for kind in (SubmissionKind.PROGRESS, SubmissionKind.RE_ASSURANCE):
        for stage in list(Stage)[1:]:
            if (kind, stage) not in covered:
                yield "agreements", f"nobody agrees to {kind} at {stage}"


def _whole(policy: Policy) -> Found:
    """Tables that must hold every word exactly, because a rule looks each one up."""
    tables: dict[str, tuple[list[str], list[str]]] = {
        "ladder": ([row.stage for row in policy.ladder], list(Stage)),
        "routes": (sorted(row.tier for row in policy.routes), sorted(Tier)),
        "kinds": ([row.kind for row in policy.kinds], list(SubmissionKind)),
        "stops": (sorted(row.code for row in policy.stops), sorted(STOPS)),
        "times": (sorted(row.code for row in policy.times), sorted(TIMES)),
    }
    for name, (there, needed) in tables.items():
        for word in needed:
            if word not in there:
                yield name, f"the row “{word}” is missing"
        for word in there:
            if word not in needed:
                yield f"{name}, “{word}”", "no rule knows this row"
    for act in (Act.SIGN, Act.AUTHORISE):
        if not any(row.act is act and row.role is None for row in policy.outcomes):
            yield "outcomes", f"there are no outcomes for the act “{act}”"
    for role in (Role.DPO, Role.AI_LEAD):
        if not any(row.act is Act.ADVISE and row.role is role for row in policy.outcomes):
            yield "outcomes", f"there are no outcomes for the advice of “{role}”"
    known = {*Role, *DID}
    for row in policy.separation:
        for word in (*row.one, *row.other):
            if word not in known:
                yield f"separation, “{row.code}”", f"no role is called “{word}”"
