"""The risk position and the hazard log, from the frozen log and the matrix its plan adopted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from governance.assessment.hazards import findings, words
from governance.assessment.hazards.matrix import Matrix, matrix
from governance.assessment.packs import beside
from governance.pictures.matrix import HazardMark
from governance.reports.material import Material, Part
from governance.reports.presenters.judged import Judged, judged
from governance.web.wording import listed, long_date, plural

CURRENT = "dcb0129-ig-3.2"


@dataclass(frozen=True)
class RiskPicture:
    """What the drawing of the matrix needs, and what it comes to in a sentence."""

    ratings: tuple[tuple[int, ...], ...]
    marks: tuple[HazardMark, ...]
    severities: tuple[str, ...]
    likelihoods: tuple[str, ...]
    finding: str


@dataclass(frozen=True)
class ControlLine:
    """One control in place: its kind, what it is, and how it was seen to work."""

    kind: str
    text: str
    seen: str


@dataclass(frozen=True)
class HazardLine:
    """One row of the log. Ratings are None where nothing is scored; words such as `Major, low` stand under them."""

    number: int
    name: str
    about: tuple[str, ...]
    controls: tuple[ControlLine, ...]
    initial: int | None
    initial_words: str
    residual: int | None
    residual_words: str
    why: str
    owner: str
    status: str


@dataclass(frozen=True)
class HazardPart:
    """Chapter 4: the finding, the picture, the log, its approval and where the ratings come from."""

    title: str
    lede: str
    log_title: str
    picture: RiskPicture | None
    judged: Judged | None
    rows: tuple[HazardLine, ...]
    approval: str
    approval_code: str
    note: str
    workshops: tuple[tuple[str, str], ...] = ()
    case_title: str = ""
    case: tuple[tuple[str, str], ...] = ()
    case_tables: tuple[tuple[str, str], ...] = ()
    case_approval: str = ""
    case_code: str = ""


def adopted(material: Material) -> Matrix:
    """The matrix that the frozen plan adopts, or that its hazards were scored with."""
    plan = material.part("risk_plan")
    content = plan["content"] if plan else None
    scored = next((each["matrix_version"] for each in material.hazards if each["matrix_version"]), None)
    return matrix(str((content or {}).get("matrix_version") or scored or CURRENT))


def picture(material: Material) -> RiskPicture | None:
    """The matrix with its hazards; None where none is scored."""
    found = adopted(material)
    marks = tuple(
        HazardMark(each["number"], _cell(each["initial"], found), _cell(each["residual"], found)) for each in material.hazards
    )
    if not any(mark.initial or mark.residual for mark in marks):
        return None
    return RiskPicture(
        ratings=tuple(found.ratings[level.code] for level in found.likelihoods),
        marks=marks,
        severities=tuple(level.words for level in found.severities),
        likelihoods=tuple(level.words for level in found.likelihoods),
        finding=position(material),
    )


def position(material: Material) -> str:
    """The risk position in a sentence or two."""
    hazards = material.hazards
    if not hazards:
        return _none(material)
    count, highest = plural(len(hazards), "hazard"), highest_residual(hazards)
    if highest is None:
        return f"{count} named, none scored yet."
    if highest <= 1:
        return f"{count}. Highest residual rating {highest}."
    who, reason = _who(at_rating(hazards, highest)), _accepted(hazards, highest)
    if len(at_rating(hazards, highest)) == len(hazards) > 1:
        return f"{count}, {'both' if len(hazards) == 2 else 'all'} at residual rating {highest}{reason}."
    return f"{count}. Highest residual rating {highest}, {who}{reason}."


def highest_residual(hazards: Sequence[Part]) -> int | None:
    """The highest residual rating; None where nothing is scored."""
    return max((int(each["residual"]["rating"]) for each in hazards if each["residual"]), default=None)


def at_rating(hazards: Sequence[Part], rating: int) -> list[Part]:
    """The hazards that stay at a residual rating."""
    return [each for each in hazards if each["residual"] and each["residual"]["rating"] == rating]


def hazard_part(material: Material) -> HazardPart:
    """Chapter 4."""
    log, found = material.part("hazard_log"), adopted(material)
    version = log["version"] if log else None
    rows = tuple(_line(each, found) for each in material.hazards)
    approval, code = _approval(version)
    beside_log = log or {}
    signed, case_code = _approval(beside_log.get("safety_case"))
    return HazardPart(
        title="Hazards",
        lede=_lede(material),
        log_title=f"Hazard log, version {version['number']}" if version else "Hazard log",
        picture=picture(material),
        judged=next((judged(each) for each in material.sections if any(p["kind"] == "hazard_log" for p in each.parts)), None),
        rows=rows,
        approval=approval,
        approval_code=code,
        note=f"Ratings 1 to 5 by lookup, never multiplied: {found.title}, as the risk management plan adopted it."
        if rows and any(row.initial or row.residual for row in rows)
        else "",
        workshops=beside.workshops_said(beside_log),
        case_title=beside.case_title(beside_log),
        case=beside.case_said(beside_log),
        case_tables=beside.case_tables(beside_log),
        case_approval=signed if case_code else "",
        case_code=case_code,
    )


def _lede(material: Material) -> str:
    hazards = material.hazards
    if not hazards:
        return _none(material)
    if highest_residual(hazards) is None:
        return f"{position(material)} Scoring is asked for from Pilot on."
    scored = [each for each in hazards if each["initial"] and each["residual"]]
    lower = sum(each["residual"]["rating"] < each["initial"]["rating"] for each in scored)
    return f"{position(material)} Controls lower {_all(lower, len(hazards))}."


def _all(some: int, every: int) -> str:
    if some == every:
        return "it" if every == 1 else f"all {every}"
    return f"{some or 'none'} of them"


def _none(material: Material) -> str:
    decision = material.part("safety_decision")
    said = decision["content"] if decision else None
    if said and not said["safety_related"]:
        on = long_date(date.fromisoformat(said["at"][:10]))
        return f"No hazard log. The clinical safety officer decided on {on} that it is not safety related."
    return "No hazard is named in this pack."


def _line(each: Part, found: Matrix) -> HazardLine:
    acceptance = dict(words.ACCEPTANCES).get(each["acceptance"] or "", "")
    residual = each["residual"]
    why = ": ".join(part for part in (acceptance, each["acceptance_reason"] or "") if part)
    supplier, due = findings.supplier_line(each), each.get("review_on")
    review = f". Local review due {long_date(date.fromisoformat(due))}" if due else ""
    if not why and residual:
        why = "Acceptable" if residual["rating"] <= 1 else "No reason is recorded"
    return HazardLine(
        number=each["number"],
        name=each["name"],
        about=tuple(text for text in (each["description"], each["impact"], each["causes"], supplier) if text),
        controls=tuple(_control(control) for control in each["controls"]),
        initial=each["initial"]["rating"] if each["initial"] else None,
        initial_words=findings.in_words(each["initial"], found),
        residual=residual["rating"] if residual else None,
        residual_words=findings.in_words(residual, found),
        why=why,
        owner="" if each["owner"] is None else each["owner"] or "No owner named",
        status=f"Status: {str(words.STATUS_WORDS.get(each['status'], each['status'])).lower()}{review}",
    )


def _control(each: Part) -> ControlLine:
    seen = ". ".join(part.strip().rstrip(".") for part in (each["implementation"], each["effectiveness"]) if part)
    kind = str(words.KIND_WORDS.get(each["kind"], each["kind"]))
    return ControlLine(kind, each["description"], f"{seen}." if seen else "")


def _approval(version: Part | None) -> tuple[str, str]:
    if version is None:
        return "No version of this log was approved when the pack was frozen.", ""
    said = version["approval"]
    on = long_date(date.fromisoformat(said["at"][:10]))
    who = f"{said['by']}, clinical safety officer, {said['registration']}" if said["by"] else "the clinical safety officer"
    return f"Approved by {who}, on {on}.", said["check_code"]


def _cell(score: Part | None, found: Matrix) -> tuple[int, int] | None:
    if score is None:
        return None
    severities, likelihoods = ([level.code for level in levels] for levels in (found.severities, found.likelihoods))
    return severities.index(score["severity"]), likelihoods.index(score["likelihood"])


def _who(hazards: Sequence[Part]) -> str:
    numbers = [str(each["number"]) for each in hazards]
    return f"hazard{'' if len(numbers) == 1 else 's'} {listed(numbers)}" if len(numbers) <= 4 else f"{len(numbers)} hazards"


def _accepted(hazards: Sequence[Part], highest: int) -> str:
    there = at_rating(hazards, highest)
    return ", accepted with a recorded reason" if all(each["acceptance_reason"] for each in there) else ""
