"""The front sheet: one page for a board member, always. What does not fit is counted and said to be in section 5.

Type steps down and texts are cut by `fit`, from 0 (roomy) to `TIGHTEST`; `first_fit` guesses where to begin, and the
renderer goes on until the page holds.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from governance.clock import london_date
from governance.lifecycle import Stage, SubmissionKind
from governance.pictures.ladder import Station
from governance.reports import words
from governance.reports.material import Conditioned, Decided, Material, Signed
from governance.reports.presenters import risk
from governance.reports.presenters.risk import RiskPicture
from governance.web.wording import listed, long_date, plural

TIGHTEST = 4
CONDITIONS = (4, 3, 3, 2, 2)
CONDITION_LENGTH = (130, 110, 90, 80, 64)
WHAT_LENGTH = (240, 220, 190, 160, 130)
BY_LENGTH = (260, 230, 200, 170, 150)
ORGANISATION_LENGTH = 110
HEADING_LENGTH = 40

PARTNERS = (
    ("Note", "what another organisation decided. Vetted is not endorsed."),
    ("Adapt", "hazards and controls to your own people and ways of working."),
    ("Decide", "for yourselves: no signature in here counts anywhere else."),
)
SOFTWARE = {
    "imaging": "Imaging software",
    "ambient_scribe": "An ambient scribe",
    "risk_prediction": "Risk prediction software",
    "chatbot": "A chatbot",
    "administrative": "Administrative software",
}
AGREED_TO = {
    SubmissionKind.RE_ASSURANCE: "re-assurance",
    SubmissionKind.EXTEND_PILOT: "the extension",
    SubmissionKind.STEP_BACK: "stepping back",
    SubmissionKind.CEASE: "ceasing",
}
NEXT = {
    Stage.PROOF_OF_CONCEPT: "Pilot",
    Stage.PILOT: "Implementation",
    Stage.IMPLEMENTATION: "Business as usual",
}


@dataclass(frozen=True)
class Agreed:
    """One person's part: what they did and when. `awaited` where it is their turn."""

    role: str
    person: str
    did: str
    on: str
    awaited: bool = False


@dataclass(frozen=True)
class FrontCondition:
    """One condition, shortened: its number, its words, and who must meet it by when."""

    number: int
    text: str
    who_by: str


@dataclass(frozen=True)
class Ask:
    """One thing asked of the board: its letter, the verb that stands bold, and the rest."""

    letter: str
    verb: str
    rest: str


@dataclass(frozen=True)
class Front:
    """All of page one. `tone`: go, stop or wait."""

    fit: int
    organisation: str
    title: str
    what: str
    tone: str
    caption: str
    decision: str
    by_line: str
    stations: tuple[Station, ...]
    risk_says: str
    picture: RiskPicture | None
    agreed_title: str
    agreed: tuple[Agreed, ...]
    conditions_say: str
    conditions: tuple[FrontCondition, ...]
    more: int
    asks_title: str
    asks: tuple[Ask, ...]


def title(material: Material) -> str:
    """`Chestwise Triage at Riverside Teaching Hospitals`."""
    return f"{material.tool['name']} at {material.triage['organisation']}"


def decision(material: Material) -> str:
    """The decision in one sentence, without its full stop."""
    decided = material.decided
    if decided is None:
        return words.undecided(material.status, material.waiting)
    if decided.outcome == "authorised":
        return decided.sentence.strip().rstrip(".")
    return words.not_approved(kind=material.kind, stage=material.stage_asked, version=material.tool["version"])


def refused_because(material: Material) -> str:
    """The reason of a refusal; nothing where it was authorised or is not decided."""
    decided = material.decided
    if decided is None or decided.outcome == "authorised":
        return ""
    return decided.sentence.removeprefix("Not approved:").strip()


def against(material: Material) -> bool:
    """Whether any advice on this pack was against what was decided."""
    against = words.AGAINST if material.kind is not SubmissionKind.CEASE else words.AGAINST_CEASING
    return any(each.is_advice and each.outcome in against for each in material.signed)


def front_sheet(material: Material, fit: int) -> Front:
    """Page one at a tightness of 0 to `TIGHTEST`."""
    agreed = (*(_agreed(each, material) for each in material.signed), *(_awaited(role) for role in material.waiting))
    shown = material.conditions[: CONDITIONS[fit]]
    if len(material.conditions) == len(shown) + 1 and fit < 3:
        shown = material.conditions
    return Front(
        fit=fit,
        organisation=words.shortened(_organisation(material), ORGANISATION_LENGTH),
        title=title(material),
        what=words.shortened(_what(material), WHAT_LENGTH[fit]),
        tone=_tone(material),
        caption=_caption(material),
        decision=decision(material),
        by_line=words.shortened(_by_line(material), BY_LENGTH[fit]),
        stations=stations(material),
        risk_says=risk.position(material),
        picture=risk.picture(material),
        agreed_title=_agreed_title(material),
        agreed=agreed,
        conditions_say=_conditions_say(material),
        conditions=tuple(_condition(each, CONDITION_LENGTH[fit]) for each in shown),
        more=len(material.conditions) - len(shown),
        asks_title="What is asked of the board" if material.edition != "partner" else "What a partner does with it",
        asks=_asks(material),
    )


def first_fit(material: Material) -> int:
    """The roomiest step that may fit, from how much there is to say; one that is too roomy costs a quick second try."""
    people = len(material.signed) + len(material.waiting)
    lines = len(title(material)) // 34 + min(len(_what(material)), WHAT_LENGTH[0]) // 75 + max(0, people - 6) * 2
    lines += sum(1 + min(len(each.text), CONDITION_LENGTH[0]) // 48 for each in material.conditions[:3])
    return max(0, min(TIGHTEST - 1, (lines - 3) // 4))


def stations(material: Material) -> tuple[Station, ...]:
    """The ladder as it stood when the report was issued: where it came from, stands, and what was asked for."""
    reached: dict[Stage, date] = {}
    for step in material.steps:
        reached.setdefault(step.stage, step.on)
    now = material.steps[-1].stage if material.steps else material.stage_from
    since = material.steps[-1].on if material.steps else None
    asked = material.stage_asked if material.stage_asked is not now else None
    refused = material.decided is not None and material.decided.outcome != "authorised"
    return tuple(_station(stage, now, since, None if refused else asked, reached, material) for stage in Stage)


def _station(
    stage: Stage, now: Stage, since: date | None, asked: Stage | None, reached: dict[Stage, date], material: Material
) -> Station:
    if stage is now:
        ceased = ", ceased" if material.kind is SubmissionKind.CEASE and material.authorised else ""
        return Station(stage.label, "now", f"from {long_date(since)}{ceased}" if since else "")
    if stage is asked:
        return Station(stage.label, "asked", "approved, not yet in effect" if material.decided else "asked for")
    if stage.position > now.position:
        between = asked is not None and stage.position < asked.position
        return Station(stage.label, "not_used" if between else "ahead", "not used" if between else "")
    if stage in reached:
        return Station(stage.label, "passed", long_date(reached[stage]))
    return Station(stage.label, "not_used", "not used")


def _organisation(material: Material) -> str:
    submitted, deploys = material.triage["submitted_by"], material.triage["organisation"]
    return submitted if submitted == deploys else f"{submitted}, for {deploys}"


def _what(material: Material) -> str:
    kind = SOFTWARE.get(material.tool["tool_kind"], "Software")
    purpose = " ".join(str(material.triage["purpose"] or material.tool["summary"] or "").split())
    return f"{kind} by {material.tool['manufacturer']}. {purpose}".strip()


def _tone(material: Material) -> str:
    if material.decided is None:
        return "wait"
    return "go" if material.decided.outcome == "authorised" else "stop"


def _caption(material: Material) -> str:
    if material.decided:
        return f"Decided on {long_date(material.decided.at)}"
    return f"As at {long_date(material.issued_at)}. Pack frozen on {long_date(material.frozen_at)}"


def _by_line(material: Material) -> str:
    decided, given = material.decided, material.authorised
    if decided is None:
        asked = f"Asked for: {words.asked_for(material.kind, material.stage_asked)}, version {material.tool['version']}."
        return f"{asked} This is an interim edition: it says who has signed so far."
    by = f"by {decider(decided)}"
    if given is None:
        return f"{by}. {refused_because(material)}".strip()
    accepts = ", who accepts the residual clinical risk" if given.residual_accepted else ""
    advised = any(each.is_advice for each in material.signed)
    if against(material):
        return f"{by}{accepts}. Advice was set aside: {words.small(given.against_advice)}."
    return f"{by}{accepts}.{' No advice was set aside.' if advised else ''}"


def decider(decided: Decided) -> str:
    """Who decided, with their role; the role alone where nobody is named."""
    return f"{decided.by}, {decided.role.title}" if decided.by else f"the {decided.role.title}"


def _agreed_title(material: Material) -> str:
    if material.authorised:
        what = material.authorised.stage.label if material.kind is SubmissionKind.PROGRESS else AGREED_TO[material.kind]
        said = f"Who agreed to {what}, version {material.authorised.version}"
        return said if len(said) <= HEADING_LENGTH else "Who agreed"
    return "Who answered" if material.decided else "Who has signed so far"


def _agreed(each: Signed, material: Material) -> Agreed:
    did = words.done(each.outcome)
    set_here = material.set_with(each)
    if each.is_advice and each.outcome != "veiled":
        did = f"Advice: {words.small(did.partition(',')[0])}{', with points' if ',' in did else ''}"
    elif set_here and each.outcome.endswith("with_conditions"):
        did = f"{did.partition(' ')[0]}, {plural(set_here, 'condition')}"
    return Agreed(each.heading, each.person, did, long_date(each.at))


def _awaited(role: object) -> Agreed:
    heading = str(getattr(role, "heading", role))
    return Agreed(heading, "", "Awaited", "", awaited=True)


def _conditions_say(material: Material) -> str:
    if material.conditions:
        return ""
    if material.decided is None:
        return "None proposed so far."
    return "No conditions were set." if material.authorised else "None: it was not approved."


def _condition(each: Conditioned, most: int) -> FrontCondition:
    status = f", {words.CONDITION_STATUS[each.status].lower()}" if each.status in ("met", "waived", "overdue") else ""
    when = f"before {each.before_stage.label}" if each.before_stage else f"by {long_date(each.due_on)}"
    who = f"{words.owner(each.owner)}, {when}{status}"
    return FrontCondition(each.number, words.shortened(each.text, most), who)


def _asks(material: Material) -> tuple[Ask, ...]:
    if material.edition == "partner":
        rest = PARTNERS
    elif material.decided is None:
        waiting = listed(role.title for role in material.waiting) if material.waiting else "next person"
        rest = (
            ("Note", "that no decision is made yet."),
            ("Be assured", "that nothing changes before a person authorises it."),
            ("Expect", f"the decision once all have signed. It is with the {words.shortened(waiting, 70)} now."),
        )
    elif material.authorised is None:
        rest = (
            ("Note", "that it was not approved, and why."),
            ("Be assured", f"that nothing changes: it stays at {material.stage_from.label}."),
            ("Expect", "a new submission if it is asked for again."),
        )
    else:
        count = plural(len(material.conditions), "condition")
        rest = (
            ("Note", f"the decision and its {count}." if material.conditions else "the decision. It has no conditions."),
            ("Be assured", _assured(material)),
            ("Expect", _expect(material)),
        )
    return tuple(Ask(letter, verb, said) for letter, (verb, said) in zip("ABC", rest, strict=True))


def _assured(material: Material) -> str:
    ending = material.part("decommissioning")
    if ending is not None:
        count = len(ending["tasks"])
        return f"that {plural(count, 'task')} of decommissioning {'has' if count == 1 else 'have'} an owner and a day."
    plan = material.part("monitoring_plan")
    stop = bool(plan and plan["content"] and plan["content"]["texts"].get("stop_rule"))
    ruled = ", with a rule for stopping" if stop else ""
    highest = risk.highest_residual(material.hazards)
    if highest is None:
        return "that a rule for stopping is set." if stop else "that those who answer for it have signed."
    stay = risk.at_rating(material.hazards, highest)
    if highest >= 3:
        which = f"hazard {stay[0]['number']} stays" if len(stay) == 1 else f"{len(stay)} hazards stay"
        return f"that {which} at {highest} for a recorded reason{ruled}."
    count = len(material.hazards)
    which = "the one hazard" if count == 1 else f"all {count} hazards"
    return f"that controls bring {which} to {highest}{' or below' if highest > 1 else ''}{ruled}."


def _expect(material: Material) -> str:
    given = material.authorised
    assert given is not None
    if material.kind is SubmissionKind.CEASE:
        ending = material.part("decommissioning")
        last = max((each["due_on"] for each in ending["tasks"]), default="") if ending else ""
        return f"its last task to be done by {words.day(last)}." if last else "a report once it is done."
    if material.kind is SubmissionKind.EXTEND_PILOT:
        return f"a decision on {NEXT[given.stage]} by {long_date(given.until)}. It is not extended again."
    following = NEXT.get(given.stage)
    if following:
        return f"a decision on {following} by {long_date(given.until)}."
    return f"a review before {long_date(given.until)}, when the approval ends."


def issued_on(material: Material) -> date:
    """The day of issue in London."""
    return london_date(material.issued_at)
