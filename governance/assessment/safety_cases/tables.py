"""The tables of a safety case report, made from plain values; and what has changed in them since. Pure.

Nothing here depends on today: the same log gives the same tables.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from governance.web.wording import listed, plural

Tables = dict[str, Any]
Hazard = Mapping[str, Any]
STATUSES = ("open", "transferred", "closed")


def build(
    *,
    tool: Mapping[str, Any],
    plan: Mapping[str, Any] | None,
    log: Mapping[str, Any],
    hazards: Sequence[Hazard],
    asks: Mapping[int, Sequence[str]],
    workshops: Sequence[Mapping[str, Any]],
    decisions: Sequence[Mapping[str, Any]],
) -> Tables:
    """Everything generated. `asks`: what is still to be done, in sentences, by number of hazard."""
    return {
        "tool": dict(tool),
        "plan": dict(plan) if plan else None,
        "log": dict(log),
        "hazards": [dict(each) for each in hazards],
        "by_residual": by_residual(hazards),
        "needs_action": [
            {"number": each["number"], "name": each["name"], "says": list(asks[each["number"]])}
            for each in hazards
            if asks.get(each["number"])
        ],
        "transferred": [each["number"] for each in hazards if each["status"] == "transferred"],
        "workshops": [dict(each) for each in workshops],
        "decisions": [dict(each) for each in decisions],
    }


def by_residual(hazards: Sequence[Hazard]) -> list[dict[str, Any]]:
    """How many hazards stand at each residual rating, by status; the highest first, those without a score last."""
    ratings = {each["residual"]["rating"] if each["residual"] else None for each in hazards}
    ordered = sorted(ratings, key=lambda rating: -(rating or 0))
    return [
        {"rating": rating}
        | {
            status: sum(
                each["status"] == status and (each["residual"]["rating"] if each["residual"] else None) == rating
                for each in hazards
            )
            for status in STATUSES
        }
        for rating in ordered
    ]


def changes(frozen: Mapping[str, Any], now: Mapping[str, Any]) -> list[str]:
    """What is not as it was when the revision was written, in sentences."""
    found = []
    if frozen["tool"]["version"] != now["tool"]["version"]:
        found.append(f"The tool is version {now['tool']['version']} now. It was version {frozen['tool']['version']}.")
    if (frozen["plan"] or {}).get("revision") != (now["plan"] or {}).get("revision"):
        found.append("The risk management plan has a newer revision.")
    found += _hazards({each["number"]: each for each in frozen["hazards"]}, {each["number"]: each for each in now["hazards"]})
    later = len(now["workshops"]) - len(frozen["workshops"])
    if later > 0:
        found.append(f"{plural(later, 'hazard workshop')} recorded since.")
    if frozen["log"]["digest"] != now["log"]["digest"] and not found:
        found.append("The hazard log changed.")
    return found


def _hazards(was: Mapping[int, Hazard], now: Mapping[int, Hazard]) -> list[str]:
    found = []
    added = [str(number) for number in now if number not in was]
    if added:
        found.append(f"Hazard{'' if len(added) == 1 else 's'} {listed(added)} added.")
    for number in sorted(set(was) & set(now)):
        before, after = was[number], now[number]
        if before == after:
            continue
        said = [
            *(_score(number, which, before[which], after[which]) for which in ("initial", "residual")),
            f"Hazard {number} is {after['status']} now, not {before['status']}." if before["status"] != after["status"] else "",
            f"Controls of hazard {number} changed." if before["controls"] != after["controls"] else "",
        ]
        found += [each for each in said if each] or [f"What hazard {number} says changed."]
    return found


def _score(number: int, which: str, before: Mapping[str, Any] | None, after: Mapping[str, Any] | None) -> str:
    """As in “Residual risk of hazard 3 rose from 2 to 3.”"""
    had, has = (each["rating"] if each else None for each in (before, after))
    if had == has:
        return ""
    if has is None:
        return f"The {which} score of hazard {number} no longer holds."
    if had is None:
        return f"Hazard {number} has a {which} rating of {has} now."
    return f"{which.capitalize()} risk of hazard {number} {'rose' if has > had else 'fell'} from {had} to {has}."
