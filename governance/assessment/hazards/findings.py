"""What a hazard log comes to, in a headline and a sentence or two. Pure, over a log's content."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from governance.assessment.hazards.matrix import Matrix
from governance.web.wording import listed, long_date, plural

NUMBERS = ("none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")

Content = Sequence[dict[str, Any]]


def headline(content: Content) -> str:
    """As in “6 hazards, highest residual 3”: the count and the fact."""
    if not content:
        return "No hazard named yet"
    said = plural(len(content), "hazard")
    highest = max((each["residual"]["rating"] for each in content if each["residual"]), default=None)
    if highest is None:
        return (
            f"{said}, none scored" if not any(each["initial"] for each in content) else f"{said}, no residual score yet"
        )
    return f"{said}, highest residual {highest}"


def lede(content: Content, matrix: Matrix) -> str:
    """What controls do, and what stands out."""
    if not content:
        return "Name what could go wrong for a patient, when the tool works and when it does not."
    scored = [each for each in content if each["initial"] and each["residual"]]
    found = [_controls(scored), _unscored(len(content) - len(scored), len(scored)), *_standing_out(scored, matrix)]
    return " ".join(sentence for sentence in found if sentence)


def change(before: dict[str, Any] | None, after: dict[str, Any], matrix: Matrix) -> list[str]:
    """What one revision of a hazard changed, in words."""
    if before is None:
        return ["Added to the log"]
    found = []
    for which in ("initial", "residual"):
        if before[which] != after[which]:
            found.append(_scored(which, after[which], matrix))
    had, has = ([_control(each) for each in side["controls"]] for side in (before, after))
    found += [f"Control added: {text}" for text in has if text not in had]
    found += [f"Control removed or reworded: {text}" for text in had if text not in has]
    if had == has and before["controls"] != after["controls"]:
        found.append("Verification of a control recorded")
    if after["acceptance"] and (before["acceptance"], before["acceptance_reason"]) != (
        after["acceptance"],
        after["acceptance_reason"],
    ):
        found.append("Reason recorded why the residual risk stays")
    if before["status"] != after["status"]:
        found.append(f"Status: {after['status']}")
    if any(before[name] != after[name] for name in ("name", "description", "impact", "causes", "owner", "actions")):
        found.append("Details changed")
    if before.get("review_on") != after.get("review_on"):
        due = after.get("review_on")
        found.append(f"Local review due {long_date(date.fromisoformat(due))}" if due else "Local review date removed")
    if (before.get("supplier"), before.get("source")) != (after.get("supplier"), after.get("source")):
        found.append("What the supplier says changed")
    return found or ["Looked at, nothing changed"]


def in_words(score: dict[str, Any] | None, matrix: Matrix) -> str:
    """As in “Major, low”; nothing where there is no score."""
    if score is None:
        return ""
    return f"{matrix.severity_words(score['severity'])}, {matrix.likelihood_words(score['likelihood']).lower()}"


def supplier_line(each: Mapping[str, Any]) -> str:
    """What a supplier says of a hazard, in its own words and never in our numbers; nothing where nothing is kept."""
    said = each.get("supplier") or {}
    parts = [
        said.get("reference", ""),
        f"initial {said['initial']}" if said.get("initial") else "",
        f"residual {said['residual']}" if said.get("residual") else "",
        f"status {said['status']}" if said.get("status") else "",
    ]
    scheme = f" (scheme {said['scheme']})" if said.get("scheme") else ""
    told = ", ".join(part for part in parts if part)
    return f"Supplier says{scheme}: {told}" if told else ""


def first_line(text: str) -> str:
    """The first line of a text, without its full stop: for a list inside a line."""
    line = text.strip().split("\n", 1)[0].strip()
    return line.removesuffix(".")


def _scored(which: str, score: dict[str, Any] | None, matrix: Matrix) -> str:
    name = which.capitalize()
    if score is None:
        return f"{name} score cleared"
    return f"{name} score: {in_words(score, matrix)}, rating {score['rating']}"


def _control(each: dict[str, Any]) -> str:
    return first_line(each["description"])


def _word(count: int) -> str:
    return NUMBERS[count] if count < len(NUMBERS) else f"{count:,}"


def _controls(scored: Content) -> str:
    if not scored:
        return ""
    lower = sum(each["residual"]["rating"] < each["initial"]["rating"] for each in scored)
    if lower == len(scored):
        return "Controls lower it." if lower == 1 else f"Controls lower all {_word(lower)}."
    return f"Controls lower {_word(lower)} of {_word(len(scored))}."


def _unscored(count: int, scored: int) -> str:
    if count == 0:
        return ""
    if scored == 0:
        return "It has no residual score yet." if count == 1 else "None has a residual score yet."
    return f"{_word(count).capitalize()} {'has' if count == 1 else 'have'} no residual score."


def _standing_out(scored: Content, matrix: Matrix) -> list[str]:
    found = []
    for asked in reversed(matrix.acceptabilities):
        numbers = [str(each["number"]) for each in scored if each["residual"]["rating"] == asked.rating]
        one = len(numbers) == 1
        who = f"Hazard{'' if one else 's'} {listed(numbers)}" if len(numbers) <= 5 else f"{len(numbers)} hazards"
        if numbers and asked.residual == "never":
            found.append(f"{who} {'stands' if one else 'stand'} at {asked.rating} and cannot stay.")
        elif numbers and asked.agreed_by:
            stays = f"{who} stays at {asked.rating} and needs two people to accept it."
            stay = f"{who} stay at {asked.rating} and need two people to accept them."
            found.append(stays if one else stay)
    return found
