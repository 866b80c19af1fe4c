"""Questions put to a policy, each answered in plain words: what `policy_expectations` compares with the written policy."""

from collections.abc import Iterator
from datetime import date
from types import SimpleNamespace

from governance.lifecycle import Stage, SubmissionKind
from governance.permissions import Registration, Role
from governance.policy import Policy, rules
from governance.policy.conditions import Situation, holds
from governance.policy.rules.agreement import agreement_for
from governance.policy.schema import Depth, Tier

K, S = SubmissionKind, Stage
ASSURED = (S.PROOF_OF_CONCEPT, S.PILOT, S.IMPLEMENTATION, S.BUSINESS_AS_USUAL)
TODAY = date(2026, 11, 22)
MILD = {
    "kind": "other", "direct_care": "no", "oversight": "each_output", "patient_facing": "no", "personal_data": "none",
    "device": "not_a_device", "generative": "no", "hosting": "own_organisation", "people_a_year": "under_1000",
    "vulnerable": "no", "changes_itself": "fixed", "made_by": "supplier", "purpose": "care_or_operations",
}  # fmt: skip
"""A tool of which nothing asks for anything; each question names what is different."""


def facts(words: str) -> dict[str, str]:
    """`facts("direct_care=yes device=class_i")`; "first" and the tier are left to `situation`."""
    return MILD | dict(word.split("=") for word in words.split() if "=" in word)


def situation(p: Policy, words: str) -> tuple[dict[str, str], Tier | None, bool]:
    """Facts, tier and whether it is the first of its kind; "as=low" names another tier than the facts give."""
    given = facts(words)
    chosen = given.pop("as", None)
    return given, Tier(chosen) if chosen else rules.tier(given, p).tier, "first" in words.split()


def joined(words) -> str:
    return ", ".join(str(word) for word in words)


def fact(p: Policy, code: str) -> tuple[str, str, str]:
    """What is said where a fact is not given, the values it may have, and the mildest of them."""
    missing = [each.sentence for each in rules.triage_blockers({k: v for k, v in MILD.items() if k != code}, p)]
    wrong = [each.sentence for each in rules.triage_blockers(MILD | {code: "?"}, p)]
    row = p.fact(code)
    assert wrong == [f"{row.label} has an answer that is not in the list."]
    return joined(missing), "; ".join(f"{v.code}: {v.label}" for v in row.values), row.mildest


def holding(p: Policy, word: str) -> tuple[str, str]:
    """What a condition is called, and everything that by itself makes it hold."""
    values = [(f"{row.code}={v.code}", Situation({row.code: v.code})) for row in p.facts for v in row.values]
    values += [(str(tier), Situation({}, tier)) for tier in reversed(Tier)] + [("first", Situation({}, None, True))]
    return p.condition(word).label, " ".join(name for name, each in values if holds(p, word, each))


def tier(p: Policy, words: str) -> tuple[str, ...]:
    """Tier and route, and every reason."""
    found = rules.tier(facts(words), p)
    return (f"{found.tier}: {found.route_label} ({found.route})", *(each.sentence for each in found.reasons))


def moves(p: Policy, stage: str) -> tuple[str, str, str]:
    """Forward, back, and whether the stage may be skipped."""
    found = rules.stage_moves(p, S(stage))
    skip = "may be skipped" if next(row for row in p.ladder if row.stage == stage).skippable else "never skipped"
    return joined(found.progress), joined(found.step_back), skip


def columns(p: Policy, question_set: str, words: str) -> str:
    """One row of “What must be shown”: PoC, Pilot, Implementation, BAU, then to extend, step back and cease at Pilot."""
    given, at, _ = situation(p, words)
    asked = [(stage, K.PROGRESS) for stage in ASSURED] + [(S.PILOT, kind) for kind in (K.EXTEND_PILOT, K.STEP_BACK, K.CEASE)]
    marks = []
    for stage, kind in asked:
        found = rules.requirements(p, facts=given, tier=at, stage_asked=stage, stage_from=None, kind=kind)
        depth = next((row.depth for row in found if row.question_set == question_set), None)
        marks.append({None: "–", Depth.SHORT: "s", Depth.FULL: "✓"}[depth])
    return " ".join(marks)


def row(p: Policy, question_set: str, words: str, stage: str = "pilot", kind: str = "progress") -> tuple[str, ...]:
    """Of one row: scope and form, title, who answers, who judges, its sections, and what the short form holds."""
    given, at, _ = situation(p, words)
    found = rules.requirements(p, facts=given, tier=at, stage_asked=S(stage), stage_from=None, kind=K(kind))
    it = next(each for each in found if each.question_set == question_set)
    marks = [it.scope, it.form, it.published or "", "from the supplier" * it.from_supplier, "voluntary" * it.voluntary]
    return (
        " ".join(mark for mark in marks if mark), it.title, joined(it.answered_by), joined(it.judged_by),
        joined(it.sections), it.short_says,
    )  # fmt: skip


def document(p: Policy, question_set: str) -> tuple[str, ...]:
    """What is missing from an empty document, and the kinds of its fields."""
    found = p.document(question_set)
    asked = SimpleNamespace(document=found, question_set=question_set, title="It")
    missing = [each.sentence for each in rules.document_blockers(asked, {})]
    return (*missing, joined(f"{each.name} {each.type}" for each in found.fields))


def section(p: Policy, code: str, words: str, stage: str = "pilot") -> tuple[str, ...]:
    """Of one section of the pack: title, judge, consulted, signers, advice, and what is special about it."""
    given, at, first = situation(p, words)
    every = [SimpleNamespace(sections=tuple(each.code for each in p.sections))]
    found = rules.sections_for(p, every, facts=given, tier=at, stage_asked=S(stage), first_of_kind=first)
    it = next(each for each in found if each.code == code)
    marks = [] if it.gates else ["never stops"]
    marks += ["own answers"] if it.own_answers else []
    return it.title, str(it.judged_by or "–"), joined(it.consulted), joined(it.signed_by), joined(it.advice), joined(marks)


def always_there(p: Policy, *, carried: bool) -> str:
    """The sections of a pack for which nothing is asked."""
    found = rules.sections_for(
        p, [], facts=MILD, tier=Tier.LOW, stage_asked=S.PILOT, carried_conditions=carried, first_of_kind=False
    )
    return joined(each.code for each in found)


def line(p: Policy, words: str, stage: str = "pilot", kind: str = "progress") -> list[rules.Turn]:
    given, at, first = situation(p, words)
    return list(rules.signers(p, facts=given, tier=at, stage_asked=S(stage), kind=K(kind), first_of_kind=first))


def who(p: Policy, words: str, stage: str = "pilot", kind: str = "progress") -> tuple[str, ...]:
    """Everybody who must agree: “siro signs after dpo”."""
    return tuple(_said(turn) for turn in line(p, words, stage, kind))


def _said(turn: rules.Turn) -> str:
    after = f" after {joined(turn.after)}" if turn.after else ""
    seats = f" ({turn.needs} must)" if turn.needs > 1 else ""
    return f"{turn.role} {turn.act}s{after}{seats}{', unseen' if turn.independent else ''}"


def part(p: Policy, role: str, words: str, stage: str = "pilot", kind: str = "progress") -> str:
    """What one role does, or the sentence that it has no part."""
    turns = line(p, words, stage, kind)
    found = [_said(turn) for turn in turns if turn.role == role]
    return joined(found) or rules.turn_blockers(turns, {}, Role(role))[0].sentence


def outcomes(p: Policy, role: str, kind: str, words: str, stage: str = "pilot") -> tuple[str, ...]:
    """What a role may answer, and what follows from each."""
    turn = next(each for each in line(p, words, stage, kind) if each.role == role)
    follows = ("ends_round", "pauses", "against", "reason", "conditions")
    return tuple(
        f"{each.code}: {each.label}" + "".join(f" +{mark}" for mark in follows if getattr(each, mark))
        for each in turn.outcomes
    )


def grid(p: Policy, kind: str) -> str:
    """Which table of people holds at Pipeline, PoC, Pilot, Implementation and BAU for a kind."""
    found = [agreement_for(p, stage_asked=stage, kind=K(kind)) for stage in S]
    return " ".join(each.profile if each else "–" for each in found)


def kind(p: Policy, code: str) -> tuple[object, ...]:
    """What a kind asks: stage rows or not, reason, months and whether only once."""
    it = p.kind(K(code))
    return it.says, "rows of the stage" if it.stage_rows else "its own rows", it.reason, it.months, it.once


def clash(p: Policy, one: str, other: str) -> tuple[str, ...]:
    """What is said when one person does both on a submission, whichever came first."""
    there = rules.separation_blockers(p, about_to=one, already=[other])
    back = rules.separation_blockers(p, about_to=other, already=[one])
    return tuple(each.sentence for each in (*there, *back))


def appointed_both(p: Policy, one: str, other: str) -> tuple[str, ...]:
    there = rules.appointment_separation_blockers(p, role=Role(one), held=[Role(other)])
    back = rules.appointment_separation_blockers(p, role=Role(other), held=[Role(one)])
    return tuple(each.sentence for each in (*there, *back))


def registered(p: Policy, role: str, *, trained_on: date) -> tuple[str, ...]:
    """What is said of a role whose registration ended yesterday, and of its training."""
    held = Registration(body="GMC", number="1", expires_on=date(2026, 11, 21), trained_on=trained_on)
    said = rules.registration_blockers(p, role=Role(role), registration=held, on=TODAY)
    said += rules.registration_warnings(p, role=Role(role), registration=held, on=TODAY)
    return tuple(each.sentence for each in said)


def stop(p: Policy, code: str, words: str, **facts_of_move: object) -> tuple[str, ...]:
    """What policy says of a stop, from which stage it stops, for which kinds, and its sentences."""
    given, at, _ = situation(p, words)

    def said(stage: Stage, kind: SubmissionKind) -> tuple[str, ...]:
        move = rules.MoveFacts(
            facts=given, tier=at, stage_asked=stage, stage_from=None, on=TODAY, kind=kind, **facts_of_move
        )
        return tuple(each.sentence for each in rules.move_blockers(p, move) if each.code == f"stop.{code}")

    reached = next((str(stage) for stage in S if said(stage, K.PROGRESS)), "nowhere")
    kinds = joined(kind for kind in K if said(S.BUSINESS_AS_USUAL, kind))
    says = next(each.says for each in p.stops if each.code == code)
    return says, reached, kinds, *said(S.BUSINESS_AS_USUAL, K.PROGRESS)


def months(p: Policy, code: str) -> tuple[object, ...]:
    """A row of the table of times: label, high, medium, low."""
    label = next(each.label for each in p.times if each.code == code)
    return label, *(p.time(code, at) for at in reversed(Tier))


def until(p: Policy, tier_: str, stage: str, kind_: str = "progress") -> str:
    """The last day of an approval decided on 22 November 2026."""
    found = rules.approval_until(p, tier=Tier(tier_), stage=S(stage), decided_on=TODAY, kind=K(kind_))
    return str(found)


def review(p: Policy, tier_: str, stage: str, last: date | None = None) -> str:
    """The next review of a deployment that came to this stage on 22 November 2026."""
    return str(rules.review_due(p, tier=Tier(tier_), stage=S(stage), stage_since=TODAY, last_review_on=last))


def evidence(p: Policy, kind_: str) -> tuple[object, ...]:
    it = next(each for each in p.evidence_validity if each.kind == kind_)
    return it.label, rules.evidence_validity_months(p, kind_), it.per


def drift(p: Policy, section_: str) -> tuple[str, str]:
    it = next(each for each in p.drift if each.section == section_)
    return it.asks, it.says


def change(p: Policy, kind_: str) -> tuple[str, ...]:
    it = next(each for each in p.changes if each.kind == kind_)
    return it.label, " ".join(it.touches), " ".join(it.unless_carried), " ".join(it.facts), it.says


def reminders(p: Policy) -> tuple[object, ...]:
    return p.reminders.days, str(p.reminders.then), joined(p.reminders.lapse_tells)


def sources(p: Policy, word: str) -> str:
    """The rows that name a source of this sort."""
    return " ".join(name for name, each in rows(p) if each.provenance == word)


TABLES = {
    "facts": "code", "conditions": "word", "routes": "tier", "tier_rules": "code", "ladder": "stage",
    "requirements": "question_set", "documents": "question_set", "sections": "code", "agreements": "profile",
    "kinds": "kind", "separation": "code", "stops": "code", "times": "code", "evidence_validity": "kind",
    "drift": "section", "changes": "kind", "concerns": "level",
}  # fmt: skip
"""The tables of a policy, and what a row of each is called by."""


def called(table: str, it: object) -> str:
    if table == "role_limits":
        return f"{it.role}/{it.act}"
    if table == "outcomes":
        return "/".join(str(each) for each in (it.act, it.role, *it.kinds) if each)
    if table == "turns":
        return f"{it.role}/{it.act}"
    return str(getattr(it, TABLES[table]))


def rows(p: Policy) -> Iterator[tuple[str, object]]:
    """Every row of every table that says where it comes from, by name: “tier_rules/acts_alone_in_care”."""
    for table in (*TABLES, "role_limits", "outcomes"):
        for it in getattr(p, table):
            if table == "agreements":
                yield from ((f"agreements/{it.profile}/{called('turns', turn)}", turn) for turn in it.turns)
            elif table != "conditions":
                yield f"{table}/{called(table, it)}", it
    yield "registration", p.registration
    yield "reminders", p.reminders
