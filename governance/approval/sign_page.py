"""The page on which a role signs, advises or decides: what, what changed, hazards, sections, what others said."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import url_for

from governance import clock
from governance.approval import in_full, outcomes, presenters, queries, so_far, statements
from governance.approval import slots as approval_slots
from governance.approval.models import SectionReading
from governance.approval.queries import Position
from governance.approval.rules import TurnState
from governance.approval.slots import Opinion
from governance.assessment.hazards import presenters as hazards
from governance.assessment.hazards.matrix import matrix
from governance.assessment.packs import as_signed as same_as_signed
from governance.assessment.packs import changes as changed
from governance.assessment.packs import presenters as pack_page
from governance.assessment.packs import queries as packs
from governance.assessment.packs import slots
from governance.assessment.packs.changes import Change
from governance.assessment.plans import door
from governance.assessment.plans import queries as plans
from governance.errors import Blocker
from governance.intake import queries as intake
from governance.intake.rules import asked_in_words
from governance.lifecycle import SubmissionKind
from governance.permissions import Actor, Role
from governance.policy import rules as policy
from governance.policy.schema import Act
from governance.signing.models import SignOff
from governance.signing.operations import acting_text, appointment_text, registration_text
from governance.web.wording import listed, long_date, plural

FEW = 9
UNCHANGED = "Unchanged: re-confirm"
UNREAD = "not read yet"


@dataclass(frozen=True, slots=True)
class SectionLine:
    """One of the role's sections: since when unchanged, or changed and whether read."""

    code: str
    title: str
    href: str
    bold: str
    words: str
    digest: str
    change: str = ""


@dataclass(frozen=True, slots=True)
class HazardLine:
    """One hazard's ratings, before and with controls; `new` since this person last signed."""

    number: int
    name: str
    initial: int | None
    residual: int | None
    new: bool


@dataclass(frozen=True)
class SignPage:
    """Everything on the page."""

    caption: str
    title: str
    lede: str
    line: presenters.TurnLine | None
    stopping: tuple[str, ...]
    nothing: str
    facts: tuple[tuple[str, str], ...]
    digest: str
    sections_words: str
    last: str
    last_day: str
    changes: tuple[tuple[str, tuple[Change, ...]], ...]
    picture: hazards.Picture | None
    highest: int | None
    hazards: tuple[HazardLine, ...]
    notes: tuple[tuple[str, str], ...]
    sections: tuple[SectionLine, ...]
    unread: int
    unchanged: int
    others: tuple[tuple[str, str, bool], ...]
    proposed: tuple[tuple[str, str], ...]
    may: bool
    signs_as: tuple[tuple[str, str], ...]
    warnings: tuple[str, ...]
    button: str
    panel: str
    in_full: tuple[in_full.Part, ...]
    routine: bool
    short: tuple[str, ...]
    blind: str
    recuse_url: str
    opinions: tuple[Opinion, ...]
    suggested: tuple[str, ...]


def build(here: Position, state: TurnState, by: Actor, on: date) -> SignPage:
    """The page of one role, for the person who opened it."""
    role, pack = state.turn.role, here.pack
    last = queries.last_signed(here, role, by.person_id)
    before = packs.pack_by_id(last.subject_id, by) if last else None
    blocked = queries.sign_blockers(here, role, by, on)
    stopping = _stopping(here, role, by, on, blocked)
    as_signed = same_as_signed.sections(before.sections, here.pack.sections) if before else frozenset()
    sections = _sections(here, role, by, last, as_signed)
    log, picture = _log(here)
    own = [line for line in sections if line.words == UNCHANGED]
    unread = [line.code for line in sections if line.words == UNREAD]
    opinions = approval_slots.opinions_on(here, by) if state.turn.act is Act.AUTHORISE else ()
    routine = not blocked and in_full.is_routine(unread, last)
    return SignPage(
        caption=f"{here.submission.reference} · frozen {long_date(pack.frozen_at)}",
        title=presenters.title_of(role, state.turn.act),
        lede=_lede(here, role, state.turn.act),
        line=presenters.line_of(state, here, by) if state.state == "open" else None,
        stopping=tuple(each.sentence for each in stopping),
        nothing="Every section that is judged is met, and the live record matches the pack.",
        facts=_facts(here),
        digest=pack.digest,
        sections_words=_count(len(pack.sections), len(sections)),
        last=_last(last, before, by),
        last_day=long_date(last.signed_at) if last else "",
        changes=_changes(here, role, before, by, as_signed) if before and last else (),
        picture=picture,
        highest=max((each["residual"]["rating"] for each in log if each["residual"]), default=None),
        hazards=_hazards(log, _log_of(before) if before else None),
        notes=_notes(log, role) if any(turn.role is Role.AUTHORISING_EXECUTIVE for turn in here.turns) else (),
        sections=sections,
        unread=len(unread),
        unchanged=len(own),
        others=so_far.others(here, role),
        proposed=so_far.proposed(here),
        may=not blocked and here.submission.organisation_id == by.organisation_id,
        signs_as=build_signs_as(here, role, by),
        warnings=door.signs_as(role, here.asked.deployment, by).warnings,
        in_full=in_full.parts(here, unread, last, before) if routine else (),
        routine=routine,
        button=in_full.button(len(own), routine),
        panel=so_far.panel(state),
        short=queries.shortages(here, on, role),
        blind=so_far.blind(here, role),
        recuse_url=pack_page.recuse_url(here.submission, by),
        opinions=opinions,
        suggested=_suggested(here, opinions),
    )


def _suggested(here: Position, opinions: Sequence[Opinion]) -> tuple[str, ...]:
    """Caveats of committees as conditions that may be set: each once, and none that is a condition already."""
    there = {row.text for row in outcomes.conditions_of(here.submission)} if opinions else set()
    said = dict.fromkeys(caveat for each in opinions for caveat in each.caveats)
    return tuple(caveat for caveat in said if caveat not in there)


def _lede(here: Position, role: Role, act: Act) -> str:
    asked = statements.asks(queries.matter_of(here, role))
    return f"You are asked {'to advise ' if act is Act.ADVISE else ''}if {asked}."


def _stopping(here: Position, role: Role, by: Actor, on: date, blocked: list[Blocker]) -> list[Blocker]:
    if blocked:
        return blocked
    if here.line(role).turn.act is Act.ADVISE:
        return queries.content_blockers(here)
    return queries.agreeing_blockers(here, role, by, on)


def _count(of: int, own: int) -> str:
    if of == own:
        return f"{plural(of, 'section')}, the whole of it yours"
    return f"{plural(of, 'section')}, {own} of them yours"


def _facts(here: Position) -> tuple[tuple[str, str], ...]:
    asked, submission = here.asked, here.submission
    deployment = asked.deployment
    sites = [site.name for site in deployment.sites]
    limit = limit_of(here, clock.today())
    maker, seller = deployment.tool.manufacturer.name, deployment.supplier.name
    names = maker if seller == maker else f"{maker}, supplied by {seller}"
    pairs = (
        ("Tool", f"{deployment.tool.name}, version {presenters.version_of(here)}, {names}"),
        ("Used for", deployment.purpose or deployment.use_case.name),
        ("Where", deployment.organisation.name + (f", {plural(len(sites), 'site')}" if sites else "")),
        ("Asked for", f"{_asked_for(here)}{f', at most until {long_date(limit)}' if limit else ''}"),
        ("Reason", next((each.reason for each in intake.history(submission) if each.arrow == "propose"), "")),
        ("Tier", f"{str(submission.tier).capitalize()}" if submission.tier else ""),
    )
    return tuple(pair for pair in pairs if pair[1])


def _asked_for(here: Position) -> str:
    """`Pilot`, for a progress; `Cease`, `Re-assurance at Pilot` for the others."""
    kind, stage = here.submission.kind, here.asked.stage_asked
    return stage.label if kind is SubmissionKind.PROGRESS else asked_in_words(kind, stage)


def limit_of(here: Position, on: date) -> date | None:
    """The last day that policy lets an approval last."""
    asked = here.asked
    if asked.tier is None:
        return None
    return policy.approval_until(
        asked.policy, tier=asked.tier, stage=asked.stage_asked, decided_on=on, kind=here.submission.kind,
        running_until=asked.deployment.approved_until,
    )  # fmt: skip


def _last(last: SignOff | None, before: Any, by: Actor) -> str:
    if last is None or before is None:
        return ""
    stage = packs.submission_of(before).stage_asked
    return f"{long_date(last.signed_at)}{f', for {stage.label}' if stage else ''}"


def _sections(
    here: Position, role: Role, by: Actor, last: SignOff | None, as_signed: frozenset[str] = frozenset()
) -> tuple[SectionLine, ...]:
    mine = here.line(role).turn.sections
    same, read = queries.unchanged(here, role, by.person_id), queries.readings(here, by.person_id)
    touches = slots.touches_for(here.submission, by)
    found = [
        SectionLine(
            section.code, section.title, section_url(here, role, section.code, by),
            *_state(section.code in same, read.get(section.code), last, section.code in as_signed), section.digest,
            slots.touched_by(touches, (section.code,), as_signed),
        )
        for section in here.pack.sections
        if section.code in mine
    ]  # fmt: skip
    return tuple(sorted(found, key=lambda line: not line.change))


def _state(same: bool, reading: SectionReading | None, last: SignOff | None, as_signed: bool) -> tuple[str, str]:
    if same:
        return "", UNCHANGED
    what = "As you signed it, carried over" if as_signed else "Changed" if last else "New to you"
    if reading is None:
        return what, UNREAD
    read_at = reading.read_at
    day = "" if clock.london_date(read_at) == clock.today() else f"{long_date(read_at)}, "
    return what, f"read {day}{read_at.astimezone(clock.LONDON):%H:%M}"


def section_url(here: Position, role: Role, code: str, by: Actor) -> str:
    """The page on which a role reads one of its sections."""
    reference = str(here.submission.reference)
    return url_for(
        "approval.section", organisation=by.organisation_code, reference=reference, role=role.value, code=code
    )


def _changes(
    here: Position, role: Role, before: Any, by: Actor, as_signed: frozenset[str]
) -> tuple[tuple[str, tuple[Change, ...]], ...]:
    same = queries.unchanged(here, role, by.person_id)
    was = {section.code: section.content for section in before.sections}
    mine = here.line(role).turn.sections
    found = []
    for section in here.pack.sections:
        if section.code in mine and section.code not in same:
            items = changed.changes(section.title, was.get(section.code), section.content)
            if section.code in as_signed:
                items = changed.carried(section.title, section.content)
            if not here.asked.policy.kind(here.submission.kind).stage_rows:
                items = changed.without_gone(section.title, items)
            found.append((section.title, tuple(items)))
    return tuple(found)


def _log(here: Position) -> tuple[list[Mapping[str, Any]], hazards.Picture | None]:
    log = _log_of(here.pack) or []
    if not any(each["initial"] or each["residual"] for each in log):
        return log, None
    scored = next((each["matrix_version"] for each in log if each["matrix_version"]), None)
    scheme = matrix(scored) if scored else plans.adopted_matrix(plans.risk_plan(here.asked.deployment))
    return log, hazards.picture(log, scheme)  # type: ignore[arg-type]  # frozen content has the shape of live content


def _log_of(pack: Any) -> list[Mapping[str, Any]] | None:
    section = next((each for each in pack.sections if each.code == "hazard_log"), None)
    if section is None:
        return None
    parts = section.content["matter"]["parts"]
    return [hazard for part in parts if part["kind"] == "hazard_log" for hazard in part["hazards"]]


def _hazards(log: list[Mapping[str, Any]], before: list[Mapping[str, Any]] | None) -> tuple[HazardLine, ...]:
    known = {each["number"] for each in before} if before is not None else None
    return tuple(
        HazardLine(
            number=each["number"],
            name=each["name"],
            initial=_rating(each["initial"]),
            residual=_rating(each["residual"]),
            new=known is not None and each["number"] not in known,
        )
        for each in log
    )


def _rating(score: Mapping[str, Any] | None) -> int | None:
    return int(score["rating"]) if score else None


def _notes(log: list[Mapping[str, Any]], role: Role) -> tuple[tuple[str, str], ...]:
    """Each hazard that stays at 3, with the reason held, and who must accept it."""
    who = {
        Role.CSO: "You and the authorising executive",
        Role.AUTHORISING_EXECUTIVE: "You and the clinical safety officer",
    }.get(role, "The clinical safety officer and the authorising executive")
    threes = [each for each in log if each["residual"] and each["residual"]["rating"] == 3]
    if len(threes) > FEW:
        numbers = [str(each["number"]) for each in threes]
        words = f"{who} must both accept them. The reasons are in the hazard log."
        return ((f"{len(threes)} hazards stay at 3: {listed(numbers)}.", words),)
    return tuple(
        (f"Hazard {each['number']} stays at 3.", f"{_reason(each)} {who} must both accept this.") for each in threes
    )


def _reason(hazard: Mapping[str, Any]) -> str:
    return f"The reason held: {_lower(hazard['acceptance_reason'])}"


def _lower(text: str) -> str:
    text = (text or "none is recorded").strip()
    text = text if text[-1] in ".!?" else f"{text}."
    return text[0].lower() + text[1:] if len(text) > 1 and text[1].islower() else text


def build_signs_as(here: Position, role: Role, by: Actor) -> tuple[tuple[str, str], ...]:
    """As what a person signs: name, role, registration, appointment."""
    held = by.held_for(role, here.asked.deployment.id)
    appointed = appointment_text(held) if held else "None that counts here"
    pairs = [("Name", by.name), ("Role", role.heading), ("Appointment", appointed)]
    if role in (Role.CSO, Role.CLINICAL_LEAD):
        trained = by.registration.trained_on if by.registration else None
        pairs.insert(2, ("Registration", registration_text(by.registration) or "None on record"))
        pairs.append(("Safety training", long_date(trained) if trained else "Not on record"))
    deployment = here.asked.deployment
    if acting := acting_text(by, role, deployment.organisation_id, deployment.id, by.on):
        pairs.append(("Acting for", acting))
    return tuple(pairs)


def build_sections(here: Position, role: Role, by: Actor) -> tuple[SectionLine, ...]:
    """The role's own sections, each with where this person stands with it."""
    last = queries.last_signed(here, role, by.person_id)
    before = packs.pack_by_id(last.subject_id, by) if last else None
    as_signed = same_as_signed.sections(before.sections, here.pack.sections) if before else frozenset()
    return _sections(here, role, by, last, as_signed)


def unchanged_label(page: SignPage) -> str:
    """The box that re-confirms what has not changed; nothing where everything is new."""
    if not page.unchanged:
        return ""
    many = f"the {page.unchanged} unchanged sections as I signed them"
    return f"I confirm {many if page.unchanged > 1 else 'the unchanged section as I signed it'} on {page.last_day}"


def against(here: Position, role: Role) -> str:
    """Which advice a role must give a reason for not following; nothing where there is none."""
    said = queries.advice_against(here, role)
    return f"{' '.join(said)} If you go ahead, say why." if said else ""
