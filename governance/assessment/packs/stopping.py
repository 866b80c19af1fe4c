"""What is stopping a submission: every reason at once, in sentences, grouped where there are many of a kind."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from itertools import groupby

from governance.assessment.evidence import rules as evidence_rules
from governance.assessment.hazards import queries as hazards
from governance.assessment.hazards import rules as hazard_rules
from governance.assessment.packs import lacks as missing
from governance.assessment.packs import rules, slots
from governance.assessment.packs.asked import Asked
from governance.assessment.packs.lacks import Lack
from governance.assessment.packs.matter import Live
from governance.assessment.packs.models import Judgement
from governance.assessment.packs.rules import BuiltSection
from governance.assessment.plans import queries as plans
from governance.assessment.sheets.queries import SheetView
from governance.assessment.sheets.rules import numbered
from governance.errors import Blocker
from governance.permissions import Role
from governance.policy.rules import (
    Evidence,
    GoLive,
    HazardFacts,
    MoveFacts,
    judgement_blockers,
    move_blockers,
    signers,
)
from governance.policy.schema import Depth
from governance.register import queries as register
from governance.web.wording import listed, plural

MOST_CODES = 6

SAID_TWICE = {
    "monitoring_plan.none": "stop.monitoring_plan",
    "hazard.none": "stop.hazard_unscored",
    "dcb0129.none": "stop.dcb0129",
}
"""Lacks that a stop of policy says as well; the stop's sentence is kept."""


def stopping(
    asked: Asked, live: Live, sections: Iterable[BuiltSection], given: Mapping[str, Judgement], on: date
) -> list[Blocker]:
    """Every reason why this submission cannot be submitted on this day, in the order a person would mend them.

    The code of each begins with the place where it is mended: `sheet:…`, `document:…`, `plan:…`, `hazards`, `judge:…`.
    """
    there = missing.lacks(asked, live)
    moves = list(_moves(asked, live, given, on))
    said = {blocker.code for blocker in moves}
    kept = [lack for lack in there if not _said_twice(lack, said)]
    over = [*_expired(asked, live, on)] if EXPIRED_STOP in said else []
    others = [blocker for blocker in moves if blocker.code != EXPIRED_STOP]
    return [*grouped(kept, live), *over, *others, *_disagreements(asked, live), *_judgements(asked, sections)]


def _disagreements(asked: Asked, live: Live) -> Iterator[Blocker]:
    """What two records say differently of one thing: the tier rests on triage, the stops on the status."""
    told, shown = asked.facts.get("device"), _facts(asked, live, "device").get("mhra_class")
    if told and shown and told not in (shown, "unsure"):
        first, second = (asked.policy.fact_label("device", code) for code in (told, shown))
        said = f"Triage says of the medical device “{first}”, its status says “{second}”. Correct one of them."
        sheet = next((code for code, row in asked.sheets.items() if row and row.question_set == "device"), None)
        yield Blocker(f"sheet:{sheet}" if sheet else "document:device", said)


def _expired(asked: Asked, live: Live, on: date) -> Iterator[Blocker]:
    """Each item that expired, once for each place, with what is no longer met because of it: where policy stops a move for it."""
    found = sorted(missing.lapsed(asked, live, on), key=lambda each: (each.place, each.piece.title, str(each.piece.expires_on)))
    for (place, title, piece), together in groupby(found, key=lambda each: (each.place, each.title, each.piece)):
        codes = [each.code for each in together if each.code]
        which = listed(codes) if len(codes) <= MOST_CODES and all(map(numbered, codes)) else plural(len(codes), "answer")
        what = f"{title} {which}" if codes else title
        yield Blocker(place, evidence_rules.unmet_sentence(what, piece, many=len(codes) > 1))


def _said_twice(lack: Lack, stops: set[str]) -> bool:
    code = lack.blocker.code
    by_hazard = code.startswith("hazard.") and code.endswith(missing.SAID_BY_MOVES)
    return SAID_TWICE.get(code) in stops or (by_hazard and any(stop.startswith(_HAZARD_STOPS) for stop in stops))


EXPIRED_STOP = "stop.expired_evidence"
"""Policy's stop, whose sentences are said by place instead, so that each leads to where a newer item is attached."""

_HAZARD_STOPS = ("stop.hazard", "stop.residual")


def grouped(lacks: Iterable[Lack], live: Live) -> Iterator[Blocker]:
    """Questions of one sheet are counted together; anything else is said as it is."""
    for (place, kind), together in groupby(lacks, key=lambda lack: (lack.place, lack.kind)):
        found = list(together)
        if kind == missing.OTHER:
            yield from (Blocker(place, lack.blocker.sentence) for lack in found)
        else:
            title = live.sheets[place.partition(":")[2]].question_set.instrument
            yield Blocker(place, _counted(kind, title, [lack.blocker.code for lack in found]))


def _counted(kind: str, title: str, codes: list[str]) -> str:
    which = f": {listed(codes)}" if len(codes) <= MOST_CODES and all(map(numbered, codes)) else ""
    n, one = len(codes), len(codes) == 1
    match kind:
        case missing.UNANSWERED:
            return f"{title}: {plural(n, 'question')} {'is' if one else 'are'} not answered{which}."
        case missing.UNCONFIRMED:
            return f"{title}: {plural(n, 'answer')} filled in for you {'is' if one else 'are'} not confirmed{which}."
        case missing.UNMET:
            return f"{title}: {plural(n, 'answer')} {'does' if one else 'do'} not meet the criterion{which}."
        case missing.UNCOVERED:
            said = f"{title}: the evidence of {plural(n, 'answer')} covers another version only{which}."
            return f"{said} Say if it covers this one."
    return f"{title}: {plural(n, 'answer')} {'needs' if one else 'need'} evidence attached{which}."


def _judgements(asked: Asked, sections: Iterable[BuiltSection]) -> Iterator[Blocker]:
    built = {section.code: section for section in sections}
    touched = slots.judged_before_it(asked.submission, built.values())
    gating = {section.code for section in asked.sections if section.gates and section.judged_by}
    stale = rules.stale_blockers(section for section in built.values() if section.code in gating)
    again = {blocker.code for blocker in stale}
    outcomes = {code: section.outcome for code, section in built.items() if section.outcome}
    for blocker in judgement_blockers(asked.sections, outcomes):
        if blocker.code not in again:
            yield Blocker(_place(blocker), blocker.sentence)
    yield from (Blocker(_place(blocker), blocker.sentence) for blocker in stale)
    for code in (code for code, section in built.items() if code in touched & gating and section.outcome == "met"):
        said = f"{built[code].title} is touched by a change and was judged before it. Judge it again."
        yield Blocker(f"judge:{code}", said)


def _place(blocker: Blocker) -> str:
    return f"judge:{blocker.code.partition('.')[2]}"


def _moves(asked: Asked, live: Live, given: Mapping[str, Judgement], on: date) -> Iterator[Blocker]:
    yield from move_blockers(asked.policy, move_facts(asked, live, given, on))


def move_facts(asked: Asked, live: Live, given: Mapping[str, Judgement], on: date) -> MoveFacts:
    """Everything that the stops of policy look at, as plain data."""
    dcb0129, device, dpia = (_facts(asked, live, row) for row in ("dcb0129", "device", "dpia"))
    watch = live.plans["monitoring_plan"]
    consulted = dpia.get("ico_consulted_on")
    return MoveFacts(
        facts=asked.facts,
        tier=asked.tier,
        stage_asked=asked.stage_asked,
        stage_from=asked.submission.counted_from,
        on=on,
        kind=asked.submission.kind,
        dcb0129_basis=dcb0129.get("basis"),
        dcb0129_accepted=_accepted(live, given),
        device_class=device.get("mhra_class"),
        registration_number=device.get("registration_number", ""),
        monitoring_plan=Depth(watch["depth"]) if watch else None,
        hazards=_hazards(asked),
        dpia_residual=dpia.get("residual"),
        ico_consulted_on=date.fromisoformat(consulted) if consulted else None,
        evidence=tuple(
            Evidence(each.piece.title, f"{each.title} {each.code}".strip(), each.piece.expires_on)
            for each in missing.lapsed(asked, live, on)
        ),
        open_before=tuple(condition.before for condition in asked.carried if condition.before is not None),
        go_live=_go_live(asked),
        agreeing=_agreeing(asked),
    )


def _facts(asked: Asked, live: Live, row: str) -> dict[str, str]:
    """What policy reads of a row: from the answers that give a fact, or from what was entered beside a document."""
    for code, requirement in asked.sheets.items():
        if requirement is not None and requirement.question_set == row:
            return given(live.sheets[code])
    if row in live.earlier and live.earlier[row].sheet is not None:
        return given(live.earlier[row])
    document = live.documents.get(row)
    return dict(document.facts) if document else {}


def _accepted(live: Live, given: Mapping[str, Judgement]) -> bool:
    """Whether the safety officer accepts what the DCB0129 evidence rests on; where it is not asked again, it was accepted."""
    return "dcb0129" in live.earlier or ("dcb0129" in given and given["dcb0129"].outcome == "met")


def given(view: SheetView) -> dict[str, str]:
    """The facts that the answers of a sheet give, by name: an option's value, a date or a text."""
    found = {}
    for question in view.question_set.questions:
        if question.gives and view.states[question.code].done:
            found[question.gives] = next(iter(view.values[question.code].chosen), "")
    return found


def _hazards(asked: Asked) -> tuple[HazardFacts, ...]:
    matrix = plans.adopted_matrix(plans.risk_plan(asked.deployment))
    return tuple(
        HazardFacts(each.number, each.residual_rating, not hazard_rules.reason_missing(each, matrix))
        for each in hazards.hazards(asked.deployment)
    )


def _go_live(asked: Asked) -> GoLive | None:
    record = register.go_live(asked.deployment)
    if record is None:
        return None
    return GoLive(
        on=record.went_live_on,
        version=str(record.tool_version_id),
        sites=len([site for site in record.sites.split(",") if site.strip()]),
        share_trained=record.share_trained,
        confirmed_by=str(record.confirmed_by),
    )


def _agreeing(asked: Asked) -> frozenset[Role]:
    turns = signers(
        asked.policy, facts=asked.facts, tier=asked.tier, stage_asked=asked.stage_asked, kind=asked.submission.kind,
        first_of_kind=asked.first_of_kind, stage_from=asked.submission.counted_from,
        carried_conditions=bool(asked.carried),
    )  # fmt: skip
    return frozenset(turn.role for turn in turns)
