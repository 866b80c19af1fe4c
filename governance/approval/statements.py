"""What each role says with its signature, in the first person, and what a decision is called. Pure.

A statement is sealed as it stands, so it is true by itself: it names the tool and its version, what is asked, and how many
conditions were set with it. Source: our policy, "Who must agree"; DCB0160 v3.2, 2.2.2 for whoever accepts residual risk.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from governance.approval.rules import Done
from governance.approval.words import done as called
from governance.lifecycle import Stage, SubmissionKind
from governance.permissions import Role
from governance.policy.rules import Turn
from governance.policy.schema import Act, Outcome
from governance.web.wording import listed, long_date, plural

SAYS = {
    Role.CLINICAL_LEAD: "{tool} fits the care it is used in, as described",
    Role.CALDICOTT_GUARDIAN: "The use of confidential patient information is justified and kept to what is needed",
    Role.SIRO: "I accept the information risk of {using} {tool} as described",
    Role.SRO: "I answer for this deployment as described, and agree that {asks}",
}
SAFE = "The clinical risk of {using} {tool} as described is acceptable"
NOT_SAFETY_RELATED = "My recorded decision whether {tool} is safety related stands"


@dataclass(frozen=True, slots=True)
class Matter:
    """What a statement is about. `tool` with its version; `sections` counts the role's own; `threes` stay at rating 3."""

    tool: str
    where: str
    kind: SubmissionKind
    stage: Stage
    stage_from: Stage
    sections: int
    direct_care: bool
    highest: int | None
    threes: Sequence[int]


def asks(matter: Matter) -> str:
    """What is asked, to stand after "that" or "if"."""
    match matter.kind:
        case SubmissionKind.RE_ASSURANCE:
            return f"{matter.tool} may stay at {matter.stage.label} at {matter.where}"
        case SubmissionKind.EXTEND_PILOT:
            return f"the pilot of {matter.tool} at {matter.where} may be extended"
        case SubmissionKind.CEASE:
            return f"the use of {matter.tool} at {matter.where} should cease"
        case SubmissionKind.STEP_BACK:
            return f"{matter.tool} may step back from {matter.stage_from.label} to {matter.stage.label} at {matter.where}"
    return f"{matter.tool} may move from {matter.stage_from.label} to {matter.stage.label} at {matter.where}"


def statement(
    *, turn: Turn, outcome: Outcome, matter: Matter, reason: str, conditions: int, until: date | None, against: bool
) -> str:
    """What a person says. `against` says that they decide against advice, for the reason given."""
    because = f" Because: {sentence(reason)}" if reason.strip() else ""
    if turn.act is Act.ADVISE:
        return f"{_read(turn, matter)} {_advice(outcome, matter, reason)} The decision is not mine."
    if outcome.code == "return_for_information":
        return f"I return this submission for information. It asks if {asks(matter)}.{because}"
    if outcome.pauses:
        ends = f" until {long_date(until)}" if until else ""
        return f"I defer my decision{ends}. The submission asks if {asks(matter)}.{because}"
    if outcome.ends_round:
        return f"I do not agree that {asks(matter)}.{because}"
    said = [_read(turn, matter), _agreed(turn, matter, conditions, until), _accepted(turn, matter)]
    said.append(f"I decide against advice given, because: {sentence(reason)}" if against and reason.strip() else "")
    return " ".join(each for each in said if each)


def _read(turn: Turn, matter: Matter) -> str:
    if turn.act is Act.AUTHORISE:
        return f"I have read the whole pack, {plural(matter.sections, 'section')}, and what each role said."
    mine = f"{plural(matter.sections, 'section')} of this pack that {_are(matter.sections)} mine"
    return f"I have read {mine}, in the light of the whole."


def _agreed(turn: Turn, matter: Matter, conditions: int, until: date | None) -> str:
    provided = f", provided {plural(conditions, 'condition')} of mine {_are(conditions)} met" if conditions else ""
    if turn.act is Act.AUTHORISE and matter.kind is SubmissionKind.CEASE:
        return f"I authorise that the use of {matter.tool} at {matter.where} ceases{provided}."
    if turn.act is Act.AUTHORISE:
        ends = f" until {long_date(until)}" if until else ""
        if matter.kind is SubmissionKind.EXTEND_PILOT:
            return f"I authorise that the pilot of {matter.tool} at {matter.where} is extended{ends}{provided}."
        if matter.kind is SubmissionKind.STEP_BACK:
            return f"I authorise that {matter.tool} at {matter.where} steps back to {matter.stage.label}{ends}{provided}."
        again = "again " if matter.kind is SubmissionKind.RE_ASSURANCE else ""
        return f"I authorise {matter.tool} at {matter.where} {again}for {matter.stage.label}{ends}{provided}."
    says = SAYS.get(turn.role, "I agree that {asks}")
    if turn.role is Role.CSO:
        says = SAFE if matter.direct_care else NOT_SAFETY_RELATED
    using = "ceasing to use" if matter.kind is SubmissionKind.CEASE else "using"
    return f"{says.format(tool=matter.tool, using=using, asks=asks(matter))}{provided}."


def _accepted(turn: Turn, matter: Matter) -> str:
    """The residual clinical risk, which the safety officer and the executive accept by signing."""
    if not matter.direct_care or turn.role not in (Role.CSO, Role.AUTHORISING_EXECUTIVE):
        return ""
    if matter.kind is SubmissionKind.CEASE:
        return ""
    said = []
    if turn.role is Role.AUTHORISING_EXECUTIVE and matter.highest:
        highest = f"highest rating {matter.highest}"
        said.append(f"I accept the residual clinical risk, {highest}, for the organisation (DCB0160 2.2.2).")
    if matter.threes:
        one = len(matter.threes) == 1
        hazards, reasons = ("hazard", "reason") if one else ("hazards", "reasons")
        said.append(f"I accept {hazards} {listed(str(each) for each in matter.threes)} at rating 3 for the {reasons} recorded.")
    return " ".join(said)


def _advice(outcome: Outcome, matter: Matter, reason: str) -> str:
    label = outcome.label[0].lower() + outcome.label[1:]
    if label.endswith("…"):
        words = f"{label.removesuffix('…').rstrip()}: {sentence(reason)}"
    else:
        words = f"{label}.{f' Because: {sentence(reason)}' if reason.strip() else ''}"
    return f"It is asked if {asks(matter)}. My advice: {words}"


def decision_sentence(*, kind: SubmissionKind, stage: str, version: str, until: date | None, conditions: int) -> str:
    """ "Approved for Pilot, version 2.3, until 30 September 2027, 2 conditions": it never stands alone.

    "Re-assured at Pilot, …", "Pilot extended until …", "Stepped back to Pilot, …" and "Ceased, …" say the other kinds.
    """
    many = plural(conditions, "condition") if conditions else "no conditions"
    ends = f", until {long_date(until)}" if until else ""
    match kind:
        case SubmissionKind.CEASE:
            return f"Ceased, version {version}, {many}"
        case SubmissionKind.EXTEND_PILOT:
            return f"Pilot extended{ends.removeprefix(',')}, version {version}, {many}"
        case SubmissionKind.RE_ASSURANCE:
            return f"Re-assured at {stage}, version {version}{ends}, {many}"
        case SubmissionKind.STEP_BACK:
            return f"Stepped back to {stage}, version {version}{ends}, {many}"
    return f"Approved for {stage}, version {version}{ends}, {many}"


def all_said(said: Sequence[Done]) -> str:
    """What everybody who acted independently said, with their reasons: "Clinical lead: not approved. Not controlled."."""
    lines = []
    for each in said:
        label = called(each.outcome)
        given = f" {sentence(each.reason)}" if each.reason.strip() else ""
        lines.append(f"{each.role.heading}: {label[0].lower()}{label[1:]}.{given}")
    return " ".join(lines)


def refused(kind: SubmissionKind, stage: str) -> str:
    """ "Not approved for Pilot"; "Not approved to cease"."""
    match kind:
        case SubmissionKind.CEASE:
            return "Not approved to cease"
        case SubmissionKind.EXTEND_PILOT:
            return "Not approved to extend the pilot"
        case SubmissionKind.STEP_BACK:
            return f"Not approved to step back to {stage}"
        case SubmissionKind.RE_ASSURANCE:
            return f"Not approved to stay at {stage}"
    return f"Not approved for {stage}"


def _are(count: int) -> str:
    return "is" if count == 1 else "are"


def sentence(text: str) -> str:
    """What somebody typed, with a full stop where it has no end."""
    text = text.strip()
    return text if not text or text[-1] in ".!?" else f"{text}."
