"""A submission's own page, its judging pages and its packs as pages show them: plain values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from flask import url_for
from markupsafe import Markup

from governance import clock
from governance.assessment.packs import queries, slots
from governance.assessment.packs.models import AssurancePack
from governance.assessment.packs.queries import Position
from governance.assessment.packs.slots import Action
from governance.assessment.packs.task_lines import ASSESSED as ASSESSED
from governance.assessment.packs.task_lines import TaskLine, change_line, given_line, task_line, touched_says
from governance.assessment.packs.task_lines import place_url as place_url
from governance.assessment.sheets.queries import names_of
from governance.intake import presenters as intake
from governance.intake import queries as intake_queries
from governance.intake.models import Submission, SubmissionChange
from governance.intake.rules import asked_in_words
from governance.lifecycle import OPEN_STATUSES, SUBMISSION_ARROWS, SubmissionStatus
from governance.permissions import Actor, Permission
from governance.pictures.ladder import Station
from governance.questions import queries as questions
from governance.register import presenters as register
from governance.register import queries as register_queries
from governance.web.wording import long_date, plural

SECTIONS_NAMED = 3

@dataclass(frozen=True, slots=True)
class Stop:
    """One thing that stops it, with the page where it is mended."""

    sentence: str
    href: str


@dataclass(frozen=True, slots=True)
class PackLine:
    """A frozen pack: its id, its round, its digest, when it was frozen and its page."""

    id: int
    round: int
    digest: str
    frozen: str
    href: str


@dataclass(frozen=True)
class Hub:
    """Everything on a submission's own page."""

    caption: str
    title: str
    lede: str
    stations: tuple[Station, ...]
    turn: Markup | None
    actions: tuple[Action, ...]
    stops: tuple[Stop, ...]
    shows_stops: bool
    ready: bool
    show: tuple[TaskLine, ...]
    judge: tuple[TaskLine, ...]
    with_me: int
    packs: tuple[PackLine, ...]
    drift: tuple[str, ...]
    touches: tuple[slots.Touch, ...]
    touched_says: str
    offers: bool
    facts: tuple[tuple[str, str], ...]
    others: tuple[Action, ...]
    history: tuple[tuple[str, str, str], ...]


def hub(submission: Submission, by: Actor, on: date) -> Hub:
    """A submission's own page as this person sees it today."""
    now = queries.position(submission)
    assessed = submission.status in ASSESSED or submission.status is SubmissionStatus.HELD
    stops = stops_of(now, by, on) if assessed else ()
    listed_tasks = now.tasks(by, on)
    given = questions.given(str(submission.reference), submission.organisation_id)
    lines = [(task, given_line(task_line(task, submission, by), task, given, submission, by, on)) for task in listed_tasks]
    frozen = queries.packs(submission)
    history = intake_queries.history(submission)
    drift = drifted(submission, now, frozen)
    touches = slots.touches_for(submission, by)
    as_signed = queries.as_signed(now) if any(each.unless_carried for each in touches) else frozenset()
    if touches:  # what a change touches comes first, in policy's order like the rest
        lines = [(task, change_line(line, task, now, touches, as_signed)) for task, line in lines]
        lines.sort(key=lambda each: not each[1].touched)
    return Hub(
        caption=caption(now),
        title=f"{now.asked.deployment.tool.name} {_version(submission)}: {_asks(now)}",
        lede=_lede(submission, stops, history, on),
        stations=_stations(submission, now),
        turn=slots.turn_line(submission, by, on),
        actions=slots.actions_for(submission, by, on),
        stops=stops,
        shows_stops=assessed,
        ready=assessed and not stops and submission.status in ASSESSED and by.may(Permission.SUBMIT),
        show=tuple(line for task, line in lines if not task.is_judging),
        judge=tuple(line for task, line in lines if task.is_judging),
        with_me=sum(task.needs_me for task in listed_tasks) if submission.status in ASSESSED else 0,
        packs=tuple(pack_line(each, by) for each in frozen),
        drift=drift,
        touches=touches,
        touched_says=touched_says(now, touches, as_signed),
        offers=any(each.unless_carried for each in touches),
        facts=_facts(now),
        others=_others(submission, by),
        history=_history(submission, history),
    )


def stops_of(now: Position, by: Actor, on: date) -> tuple[Stop, ...]:
    """What stops it, each with its page. Many sections that only wait for their judge are one line; the list below names them."""
    found = now.stopping(on)
    unjudged = [each for each in found if each.code.startswith("judge:") and now.section(each.code[6:]).judgement is None]
    kept = found if len(unjudged) <= SECTIONS_NAMED else [each for each in found if each not in unjudged]
    stops = [Stop(each.sentence, place_url(each.code, now.asked.submission, by)) for each in kept]
    if len(kept) < len(found):
        stops.append(Stop(f"{plural(len(unjudged), 'section')} are not judged yet.", "#judge"))
    return tuple(stops)


def caption(now: Position) -> str:
    """The line above the title: reference, tier, route and round."""
    submission = now.asked.submission
    tier = f"{submission.tier} tier" if submission.tier else "no tier"
    routes = {row.code: row.label for row in now.asked.policy.routes}
    parts = [str(submission.reference), tier, routes.get(str(submission.route), "").lower()]
    if submission.round > 1:
        parts.append(f"resubmission {submission.round - 1}")
    return " · ".join(part for part in parts if part)


def _version(submission: Submission) -> str:
    return submission.tool_version.version if submission.tool_version else ""


def _asks(now: Position) -> str:
    return asked_in_words(now.asked.submission.kind, now.asked.stage_asked).lower().replace(
        now.asked.stage_asked.label.lower(), now.asked.stage_asked.label
    )


def _lede(submission: Submission, stops: Sequence[Stop], history: Sequence[SubmissionChange], on: date) -> str:
    last = history[-1] if history else None
    since = long_date(last.at) if last else ""
    match submission.status:
        case SubmissionStatus.OPENED if not stops:
            return "Everything is shown and judged. It can be submitted."
        case SubmissionStatus.OPENED:
            return f"{plural(len(stops), 'thing')} {'stops' if len(stops) == 1 else 'stop'} it from being submitted."
        case SubmissionStatus.RETURNED:
            return f"Returned for information on {since}: {last.reason if last else ''}"
        case SubmissionStatus.SUBMITTED:
            return f"Submitted on {long_date(submission.turn_since)}. It is with those who must agree."
        case SubmissionStatus.DEFERRED:
            until = submission.deferred_until
            if until is not None and until <= on:
                return f"It was deferred until {long_date(until)}. The decision can be taken up now."
            return f"Deferred until {long_date(until)}. Whoever authorises may take the decision up earlier."
        case SubmissionStatus.HELD:
            return f"On hold since {since}: {last.reason if last else ''}"
        case SubmissionStatus.WITHDRAWN:
            return f"Withdrawn on {since}: {last.reason if last else ''}"
        case SubmissionStatus.AUTHORISED:
            return f"Authorised on {since}. The decision is on the page of the deployment."
    return f"{intake.state(submission.status)} since {since}. {last.reason if last else ''}"


def _stations(submission: Submission, now: Position) -> tuple[Station, ...]:
    history = register_queries.history(now.asked.deployment)
    asked = None
    if submission.status in OPEN_STATUSES and submission.proposed_at:
        asked = register.Asked(now.asked.stage_asked, clock.london_date(submission.proposed_at))
    return register.ladder(now.asked.deployment, history, asked)


def drifted(submission: Submission, now: Position, frozen: Sequence[AssurancePack]) -> tuple[str, ...]:
    """How the live record differs from the newest pack, while that pack is the one being signed or was decided."""
    if not frozen or submission.status in ASSESSED:
        return ()
    pack = queries.pack(submission)
    return tuple(each.sentence for each in queries.differences_from(pack, now)) if pack else ()


def pack_line(pack: AssurancePack, by: Actor) -> PackLine:
    href = url_for("packs.pack", organisation=by.organisation_code, pack_id=pack.id)
    return PackLine(pack.id, pack.round, pack.digest, long_date(pack.frozen_at), href)


def _facts(now: Position) -> tuple[tuple[str, str], ...]:
    deployment, submission = now.asked.deployment, now.asked.submission
    pairs = [
        ("Where", deployment.organisation.name),
        ("Use", deployment.use_case.name),
        ("Supplier", deployment.supplier.name),
        ("Controller", deployment.controller.name),
        ("Proposed", long_date(submission.proposed_at)),
        ("Policy", now.asked.policy.named),
    ]
    return tuple(pair for pair in pairs if pair[1])


def signed_on(pack: AssurancePack, submission: Submission) -> tuple[tuple[str, str, str], ...]:
    """(day, what, by whom): signatures on a pack and who stepped back from its submission, the latest first."""
    found = [each for each in slots.steps_of(submission) if each.round in (0, pack.round)]
    return tuple((long_date(each.at), each.what, each.note) for each in reversed(found))


def recuse_url(submission: Submission, by: Actor) -> str:
    """Where a conflict of interest is declared; nothing for who may not, or has done so."""
    deployment_id = submission.deployment_id
    if deployment_id is None or submission.organisation_id != by.organisation_id or submission.status not in OPEN_STATUSES:
        return ""
    if not by.may(Permission.RECUSE, deployment_id=deployment_id) or slots.barred_from(submission, by):
        return ""
    return url_for("recusals.recuse", organisation=by.organisation_code, reference=str(submission.reference))


def _others(submission: Submission, by: Actor) -> tuple[Action, ...]:
    """What a digital lead may do besides: triage, tier, hold, release, withdraw, take back."""
    place = f"/{by.organisation_code}/submissions/{submission.reference}"
    deployment = submission.deployment
    found = [Action("The deployment", f"/{by.organisation_code}/tools/{deployment.reference}")] if deployment else []
    if by.may(Permission.PROPOSE):
        found.append(Action("Triage and its consequences", f"{place}/triage"))
    if submission.status in ASSESSED and (by.may(Permission.RAISE_TIER) or by.may(Permission.LOWER_TIER)):
        found.append(Action("Change the tier", f"{place}/tier"))
    if submission.status in SUBMISSION_ARROWS["recall"].sources and by.may(Permission.RECALL):
        found.append(Action("Take it back from its signers", f"{place}/recall"))
    if submission.status in ASSESSED and by.may(Permission.HOLD):
        found.append(Action("Put it on hold", f"{place}/hold"))
    if submission.status is SubmissionStatus.HELD and by.may(Permission.HOLD):
        found.append(Action("Take it off hold", f"{place}/release"))
    if href := recuse_url(submission, by):
        found.append(Action("Declare a conflict of interest", href))
    if submission.status in OPEN_STATUSES and by.may(Permission.WITHDRAW):
        found.append(Action("Withdraw it", f"{place}/withdraw"))
    return tuple(found)


ARROWS = {
    "start": "Started",
    "propose": "Proposed",
    "submit": "Submitted, round {round}",
    "recall": "Taken back",
    "return_for_information": "Returned for information",
    "refuse": "Not approved",
    "defer": "Deferred",
    "resume_decision": "Taken up again",
    "authorise": "Authorised",
    "hold": "Put on hold",
    "release": "Taken off hold",
    "withdraw": "Withdrawn",
}


def _history(submission: Submission, changes: Sequence[SubmissionChange]) -> tuple[tuple[str, str, str], ...]:
    """(day, what happened, by whom and why), the latest first."""
    people = names_of({change.by_person_id for change in changes if change.by_person_id})
    found = []
    for change in changes:
        who = people.get(change.by_person_id or 0, "The system")
        note = f"{who}. {change.reason}" if change.reason else who
        found.append(slots.Step(change.at, ARROWS[change.arrow].format(round=change.round), note))
    # of one moment, a signature comes before what it brought about, and after the round began
    began = [each for each, change in zip(found, changes, strict=True) if change.arrow in ("start", "propose", "submit")]
    ended = [each for each in found if each not in began]
    steps = sorted((*began, *slots.steps_of(submission), *ended), key=lambda each: each.at)
    return tuple((long_date(each.at), each.what, each.note) for each in reversed(steps))
