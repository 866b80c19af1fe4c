"""Chapter 5: sign-offs, advice, the authorisation and every condition, each signature with its check code."""

from __future__ import annotations

from dataclasses import dataclass

from governance.assessment.packs import reading
from governance.lifecycle import SubmissionKind
from governance.reports import words
from governance.reports.material import Conditioned, Material, Signed
from governance.reports.presenters import front
from governance.web.wording import long_date, moment, plural


@dataclass(frozen=True)
class SignedLine:
    """One signature: role, person, how they held it, what they signed, when, and the check code of the seal."""

    role: str
    person: str
    holding: tuple[str, ...]
    outcome: str
    statement: str
    on: str
    at: str
    code: str


@dataclass(frozen=True)
class ConditionLine:
    """One condition in full, with its status on the day of issue."""

    number: int
    text: str
    evidence: str
    kind: str
    owner: str
    due: str
    set_by: str
    status: str


@dataclass(frozen=True)
class SignOffsPart:
    """Chapter 5."""

    lede: str
    title: str
    signed: tuple[SignedLine, ...]
    advice: tuple[SignedLine, ...]
    decision: tuple[tuple[str, str], ...]
    conditions: tuple[ConditionLine, ...]
    conditions_say: str
    carried: tuple[tuple[str, str], ...]
    stepped_back: tuple[tuple[str, str], ...]
    note: str


def sign_offs_part(material: Material) -> SignOffsPart:
    """Chapter 5."""
    signed = tuple(_line(each, material) for each in material.signed if not each.is_advice)
    advice = tuple(_line(each, material) for each in material.signed if each.is_advice)
    asked = f"{material.stage_asked.label}, version {material.tool['version']}"
    return SignOffsPart(
        lede=_lede(material, len(signed), len(advice)),
        title=f"Sign-offs for {asked}",
        signed=signed,
        advice=advice,
        decision=_decision(material),
        conditions=tuple(_condition(each) for each in material.conditions),
        conditions_say="No conditions were set." if material.decided else "No conditions are proposed so far.",
        carried=_carried(material),
        stepped_back=tuple((each.person, f"{long_date(each.at)}: {each.reason}") for each in material.stepped_back),
        note="Each person signed their own sections in the light of the whole pack. A check code is the start of the "
        "digest of a sealed signature; the register shows the same code beside the same name.",
    )


def _line(each: Signed, material: Material) -> SignedLine:
    set_here = material.set_with(each)
    outcome = words.done(each.outcome)
    if set_here and each.outcome.endswith("with_conditions"):
        outcome = f"{outcome.partition(' ')[0]} with {plural(set_here, 'condition')}"
    day, _, hour = moment(each.at).partition(", ")
    return SignedLine(
        role=each.heading,
        person=each.person,
        holding=tuple(text for text in (each.registration, each.holding) if text),
        outcome=outcome,
        statement=_said(each),
        on=day,
        at=hour,
        code=each.code,
    )


def _said(each: Signed) -> str:
    """What was signed, and the reason given; advice that has words of its own is those words."""
    texts = (each.reason,) if each.is_advice and each.reason.strip() else (each.statement, each.reason)
    return "\n".join(text.strip() for text in texts if text.strip())


def _lede(material: Material, signed: int, advice: int) -> str:
    said = f"{plural(signed, 'person', 'people')} signed"
    if not signed:
        said = "Nobody has signed yet" if material.decided is None else "Nobody signed"
    if advice:
        said += f" and {advice} advised"
    return f"{said}. {front.decision(material)}."


def _decision(material: Material) -> tuple[tuple[str, str], ...]:
    decided, given = material.decided, material.authorised
    if decided is None:
        return (("Decision", front.decision(material)),)
    who = f"{decided.by}, {decided.role.title}" if decided.by else decided.role.heading
    pairs = [
        ("Decision", front.decision(material)),
        ("Decided by", f"{who}, {moment(decided.at)}"),
        ("Because", front.refused_because(material)),
    ]
    if given is not None:
        residual = f"Rating {given.residual_accepted}" if given.residual_accepted else "No residual clinical risk to accept"
        pairs += [
            ("Stage and version", f"{given.stage.label}, version {given.version}"),
            ("Until", long_date(given.until) if material.kind is not SubmissionKind.CEASE else ""),
            ("Residual risk accepted", residual),
            ("Reason recorded" if not front.against(material) else "Decided against advice, because", given.against_advice),
        ]
    return tuple((name, said) for name, said in pairs if said)


def _condition(each: Conditioned) -> ConditionLine:
    return ConditionLine(
        number=each.number,
        text=each.text,
        evidence=each.evidence_asked,
        kind=words.CONDITION_KIND.get(each.kind, each.kind),
        owner=words.owner(each.owner),
        due=f"Before {each.before_stage.label}" if each.before_stage else long_date(each.due_on),
        set_by=each.set_by.heading,
        status=words.CONDITION_STATUS.get(each.status, each.status),
    )


def _carried(material: Material) -> tuple[tuple[str, str], ...]:
    part = material.part("conditions")
    rows = part["conditions"] if part else ()
    return tuple(
        (f"Condition {each['number']}", f"{each['text']} {reading.condition_due(each)}") for each in rows
    )
