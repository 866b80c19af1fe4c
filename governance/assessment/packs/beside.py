"""What stands beside the hazard log in its section: hazard workshops, and the approved safety case report.

Both are in a pack only where there is one, so that packs frozen before there were any keep their digests.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from governance.assessment.safety_cases import queries as safety_cases
from governance.assessment.safety_cases.tables import STATUSES
from governance.assessment.safety_cases.texts import PHASE_WORDS, TEXTS
from governance.assessment.workshops import queries as workshops
from governance.assessment.workshops.rules import present
from governance.register.models import Deployment
from governance.web.wording import listed, long_date

Part = Mapping[str, Any]
Pairs = tuple[tuple[str, str], ...]
KEYS = ("workshops", "safety_case")


def content(deployment: Deployment) -> dict[str, Any]:
    """The keys a part of kind `hazard_log` holds beside its hazards and version."""
    found: dict[str, Any] = {}
    held, case = workshops.content(deployment), safety_cases.approved_content(deployment)
    if held:
        found["workshops"] = held
    if case is not None:
        found["safety_case"] = case
    return found


def workshops_said(part: Part) -> Pairs:
    """Each workshop: its day and technique, and who was there with the minutes."""
    return tuple((_held(each), _there(each)) for each in part.get("workshops") or ())


def case_title(part: Part) -> str:
    """As in “Revision 2, deployment”; empty where no report is approved."""
    case = part.get("safety_case")
    return f"Revision {case['revision']}, {PHASE_WORDS.get(case['phase'], case['phase']).lower()}" if case else ""


def case_said(part: Part) -> Pairs:
    """The safety officer’s prose under its titles, in the report’s order."""
    case = part.get("safety_case")
    if not case:
        return ()
    return tuple((each.title, text) for each in TEXTS if (text := str(case["texts"].get(each.code) or "")))


def case_tables(part: Part) -> Pairs:
    """What was generated beside the prose, as pairs of a title and a sentence."""
    case = part.get("safety_case")
    if not case:
        return ()
    found = case["tables"]
    log, tool = found["log"], found["tool"]
    return (
        ("Hazards by residual rating", "; ".join(_counted(each) for each in found["by_residual"]) or "No hazard"),
        *((f"Hazard {each['number']} needs action", " ".join(each["says"])) for each in found["needs_action"]),
        ("Transferred hazards", listed(str(number) for number in found["transferred"]) if found["transferred"] else "None"),
        ("Tool version", f"{tool['name']}, version {tool['version']}"),
        ("Hazard log", _log(log)),
        *((f"Decided on {long_date(date.fromisoformat(each['at'][:10]))}", each["sentence"]) for each in found["decisions"]),
    )


def approval_of_case(part: Part) -> Part | None:
    """The approval as the pack holds it."""
    case = part.get("safety_case")
    return case["approval"] if case else None


def _counted(each: Part) -> str:
    counts: Sequence[str] = [f"{each[status]} {status}" for status in STATUSES if each[status]]
    rating = f"rating {each['rating']}" if each["rating"] else "not scored"
    return f"{rating}: {', '.join(counts)}"


def _log(log: Part) -> str:
    version = f"Version {log['version']}" if log["version"] else "Not frozen"
    return f"{version}, check code {log['digest'][:8]}"


def _held(each: Part) -> str:
    held = f"Workshop {each['number']}, {long_date(date.fromisoformat(each['held_on']))}"
    return f"{held}, {each['technique']}" if each["technique"] else held


def _there(each: Part) -> str:
    there = f"There: {present([(role, name) for role, name in each['attendance']])}."
    return f"{there}\n\n{each['minutes']}" if each["minutes"] else there
