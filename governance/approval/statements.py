"""What each role signs, in its own words and in the first person, and the sentence of a decision. Pure.

A statement is sealed as it stands here, so it must be true by itself: it names the tool, its version, what is asked, and
what was set with it. Source: our policy, "Who must agree"; DCB0160 v3.2, 2.2.2 for whoever accepts residual risk.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from governance.approval.rules import Answer, Residuals, agrees, outcome_of
from governance.lifecycle import Stage, SubmissionKind
from governance.permissions import Role
from governance.policy.rules import Turn
from governance.policy.schema import Act
from governance.web.wording import listed, long_date, plural

WORDS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")

SIGNED = {
    Role.CLINICAL_LEAD: "{tool} fits the care it is used in, as described here",
    Role.CALDICOTT_GUARDIAN: "The use of confidential patient information is justified and kept to what is needed",
    Role.SIRO: "I accept the information risk of using {tool} as described",
    Role.SRO: "I answer for this deployment as described, and agree that {asks}",
}
FALLBACK = "I agree that {asks}"


@dataclass(frozen=True, slots=True)
class Matter:
    """What a statement is about, in words. `sections` counts the role's own; `of` is every section of the pack."""

    tool: str
    where: str
    kind: SubmissionKind
    stage: Stage
    stage_from: Stage
    sections: int
    of: int
    check_code: str
    direct_care: bool
    residuals: Residuals


def asks(matter: Matter) -> str:
    """What is asked, to stand after "that" or "if": "Chestwise Triage 2.3 may move from Pilot to Implementation"."""
    match matter.kind:
        case SubmissionKind.RE_ASSURANCE:
            return f"{matter.tool} may stay at {matter.stage.label} with renewed assurance"
        case SubmissionKind.EXTEND_PILOT:
            return f"the pilot of {matter.tool} may be extended"
        case SubmissionKind.CEASE:
            return f"the use of {matter.tool} ceases"
        case SubmissionKind.STEP_BACK:
            return f"{matter.tool} steps back from {matter.stage_from.label} to {matter.stage.label}"
    return f"{matter.tool} may move from {matter.stage_from.label} to {matter.stage.label}"


def statement(turn: Turn, answer: Answer, matter: Matter) -> str:
    """What this role is about to sign, for this outcome."""
    outcome = outcome_of(turn, answer.outcome)
    reason = _sentence(answer.reason)
    if outcome is not None and outcome.ends_round and turn.act is not Act.ADVISE:
        if outcome.code == "return_for_information":
            return f"I return this submission about {matter.tool} at {matter.where} for information: {reason}"
        return f"I do not agree that {asks(matter)} at {matter.where}, because: {reason}"
    if turn.act is Act.ADVISE:
        return _advice(turn, answer, matter, outcome.label if outcome else answer.outcome)
    parts = [_authorised(answer, matter)] if turn.act is Act.AUTHORISE else [_read(turn, matter), _agreed(turn, answer, matter)]
    parts += [_accepted(turn, matter), _against(answer)]
    return " ".join(part for part in parts if part)


def _advice(turn: Turn, answer: Answer, matter: Matter, label: str) -> str:
    said = label.removesuffix(", subject to …").removesuffix(" …")
    words = said[0].lower() + said[1:]
    subject = f", subject to: {_sentence(answer.reason)}" if "subject_to" in answer.outcome else "."
    because = f" Because: {_sentence(answer.reason)}" if answer.reason.strip() and subject == "." else ""
    return f"{_read(turn, matter)} My advice on {matter.tool} at {matter.where}: {words}{subject}{because} The decision is not mine."


def _authorised(answer: Answer, matter: Matter) -> str:
    read = f"I have read this pack, check code {matter.check_code[:4]} {matter.check_code[4:8]}, and what each role said."
    if matter.kind is SubmissionKind.CEASE:
        return f"{read} I authorise that {asks(matter)} at {matter.where}{_with(answer, ', with ')}."
    until = f" until {long_date(answer.until)}" if answer.until else ""
    return f"{read} I authorise {matter.tool} at {matter.where} for {matter.stage.label}{until}{_with(answer, ', with ')}."


def _with(answer: Answer, lead: str) -> str:
    return f"{lead}{plural(len(answer.conditions), 'condition')} of mine" if answer.conditions else ""


def _read(turn: Turn, matter: Matter) -> str:
    count = matter.sections
    if count == matter.of and count > 1:
        return "I have read the whole of this pack."
    kind = "clinical safety " if turn.role is Role.CSO else ""
    if count == 1:
        return f"I have read the {kind or 'one '}section of this pack{'' if kind else ' that is mine'}."
    return f"I have read the {_count(count)} {kind}sections of this pack{'' if kind else ' that are mine'}."


def _agreed(turn: Turn, answer: Answer, matter: Matter) -> str:
    if turn.role is Role.CSO and matter.direct_care:
        said = f"The clinical risk of using {matter.tool} as described is acceptable"
    elif turn.role is Role.CSO:
        said = f"My decision whether {matter.tool} is safety related stands"
    else:
        said = SIGNED.get(turn.role, FALLBACK).format(tool=matter.tool, asks=asks(matter))
    if not answer.conditions:
        return f"{said}."
    one = len(answer.conditions) == 1
    return f"{said}, provided the {'condition' if one else f'{len(answer.conditions)} conditions'} set with it {'is' if one else 'are'} met."


def _accepted(turn: Turn, matter: Matter) -> str:
    """The residual risk that the safety officer and whoever authorises accept by signing."""
    if not matter.direct_care or (turn.role is not Role.CSO and turn.act is not Act.AUTHORISE):
        return ""
    threes = [str(each.number) for each in matter.residuals.at(3)]
    said = ""
    if turn.act is Act.AUTHORISE and matter.residuals.highest is not None:
        said = f"I accept the residual clinical risk, highest rating {matter.residuals.highest}, within the limit of my appointment."
    if threes:
        one = len(threes) == 1
        said += f" I accept hazard{'' if one else 's'} {listed(threes)} at rating 3 for the reason{'' if one else 's'} recorded."
    return said.strip()


def _against(answer: Answer) -> str:
    return f"I decide against the advice given, because: {_sentence(answer.against_advice)}" if answer.against_advice.strip() else ""


def decision_sentence(
    *, kind: SubmissionKind, stage: Stage, version: str, until: date | None, conditions: int, authorised: bool
) -> str:
    """The decision as every page and report says it: "Approved for Pilot, version 2.3, until 30 September 2027, 2 conditions"."""
    if kind is SubmissionKind.CEASE:
        return f"{'Approved' if authorised else 'Not approved'} to cease, version {version}"
    if not authorised:
        return f"Not approved for {stage.label}, version {version}"
    ends = f", until {long_date(until)}" if until else ""
    return f"Approved for {stage.label}, version {version}{ends}, {plural(conditions, 'condition') if conditions else 'no conditions'}"


def outcome_sentence(turn: Turn, code: str, *, stage: Stage, version: str, text: str = "", conditions: int = 0) -> str:
    """What a role said, for "What others said"."""
    outcome = outcome_of(turn, code)
    label = outcome.label if outcome else code
    if turn.act is Act.ADVISE:
        label = label.removesuffix(" …")
        return f"Advises: {label[0].lower()}{label[1:]}{f': {text}' if text else ''}" if not label.startswith("Advises") else (
            f"{label}{f': {text}' if text else ''}"
        )
    if not agrees(turn, code):
        return f"{label}{f': {text}' if text else ''}"
    more = f", {plural(conditions, 'condition')}" if conditions else ""
    return f"Approved for {stage.label}, version {version}{more}"



def _count(n: int) -> str:
    return WORDS[n] if n < len(WORDS) else str(n)


def _sentence(text: str) -> str:
    text = text.strip()
    return text if not text or text[-1] in ".!?…" else f"{text}."
