"""The other parts side by side: triage, the tool, documents, plans, decisions, conditions, and whatever blocks can show."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from governance.assessment.packs import reading
from governance.assessment.packs.comparison import evidence
from governance.assessment.packs.comparison.answers import answers, whole
from governance.assessment.packs.comparison.hazards import hazard_log
from governance.assessment.packs.comparison.items import BETTER, WORSE, Item, bare, day, reworded
from governance.lifecycle import Stage
from governance.web.differences import IN, OUT

Content = Mapping[str, Any]
TIERS = ("low", "medium", "high")
BY_WHOM = ("Given by", "Decided by")
"""Facts that name who and when: a change of these alone is no change of words."""


def part(before: Content, after: Content) -> Iterator[Item]:
    """What two parts of the same kind say otherwise."""
    yield from KINDS.get(after["kind"], blocks)(before, after)
    if before.get("depth") != after.get("depth"):
        forms = f"in its {after['depth']} form; it was asked in its {before['depth']} form"
        yield Item(f"{title_of(after)} is asked {forms}.", "asked")


def only(part: Content, *, new: bool) -> Item:
    """A part that one side alone has."""
    verb, tone = ("new", "") if new else ("no longer asked", "")
    if part["kind"] == "answers":
        return whole(part, verb)
    return Item(f"{title_of(part)} is {verb}.", "part", title_of(part), tone)


def title_of(part: Content) -> str:
    """What a part is called where it has no title of its own."""
    return str(part.get("title") or str(part["kind"]).replace("_", " ").capitalize())


def blocks(before: Content, after: Content) -> Iterator[Item]:
    """Anything a reader meets as facts, sentences or papers, by what it is called."""
    was, now = _facts(before), _facts(after)
    for name in dict.fromkeys([*was, *now]):
        if name not in BY_WHOM:
            yield from reworded(name, was.get(name, ""), now.get(name, ""), "fact")


def _facts(part: Content) -> dict[str, str]:
    """Approvals are left out: each new version has its own, and the version is said."""
    found: dict[str, str] = {}
    for block in reading.blocks({"parts": [part]}):
        found |= dict(block.facts)
        if block.sentences and not block.title.startswith("Approval"):
            found[block.title] = " ".join(block.sentences)
        for paper in block.papers:
            found[f"Evidence for {block.title}"] = f"{paper.title}, {paper.about}"
    return found


def _triage(before: Content, after: Content) -> Iterator[Item]:
    old, new = before["tier"], after["tier"]
    if old != new and old in TIERS and new in TIERS:
        rose = TIERS.index(new) > TIERS.index(old)
        yield Item(f"The tier {'rose' if rose else 'fell'} from {old} to {new}.", "tier", tone=WORSE if rose else BETTER)
    had, has = ([each["sentence"] for each in side["reasons"]] for side in (before, after))
    lines = [((IN, text),) for text in has if text not in had] + [((OUT, text),) for text in had if text not in has]
    if lines:
        yield Item("The reasons for the tier changed.", "tier", lines=tuple(lines))
    for name, was, now in _paired(before, after):
        yield from reworded(name, was, now, "triage")
    if before["policy"] != after["policy"]:
        yield from reworded("The version of policy", before["policy"], after["policy"], "triage")


def _paired(before: Content, after: Content) -> Iterator[tuple[str, str, str]]:
    tiers = {f"{each.capitalize()} tier" for each in TIERS} | {"No tier"}
    was, now = _facts(before), _facts(after)
    for name in dict.fromkeys([*was, *now]):
        if name not in tiers:
            yield name, was.get(name, ""), now.get(name, "")


def _document(before: Content, after: Content) -> Iterator[Item]:
    old, new, title = before["document"], after["document"], after["title"]
    if old is None or new is None:
        if old is not new:
            said = f"{title} is given now: {new['title']}, version {new['version']}." if new else f"{title} is gone."
            yield Item(said, "document", title, "" if new else WORSE)
        return
    if (old["title"], old["version"], old["dated_on"]) != (new["title"], new["version"], new["dated_on"]):
        said = f"{title} is now version {bare(new['version'])} of “{new['title']}”, dated {day(new['dated_on'])}"
        yield Item(f"{said}; it was version {bare(old['version'])}, dated {day(old['dated_on'])}.", "document", title)
    elif old["added_at"] != new["added_at"]:
        yield Item(f"{title} was given again by {new['added_by']}.", "again", title)
    yield from reworded("Its review", day(old["review_due_on"]), day(new["review_due_on"]), "document")
    was = {each["label"]: each for each in old["facts"]}
    now = {each["label"]: each for each in new["facts"]}
    for label in dict.fromkeys([*was, *now]):
        yield from reworded(label.rstrip("?"), _words(was.get(label)), _words(now.get(label)), "fact")
    yield from evidence.compared(
        {title: [old["evidence"]] if old["evidence"] else []}, {title: [new["evidence"]] if new["evidence"] else []}
    )


def _words(fact: Content | None) -> str:
    if fact is None:
        return ""
    return day(fact["value"]) if fact["type"] == "date" else str(fact["words"])


def _plan(before: Content, after: Content) -> Iterator[Item]:
    old, new, title = before["content"], after["content"], after["title"]
    if old is None or new is None:
        if old is not new:
            yield Item(f"{title} is written now." if new else f"{title} is gone.", "plan", title)
        return
    if old["revision"] != new["revision"]:
        yield Item(f"{title} is now revision {new['revision']}; it was revision {old['revision']}.", "plan", title)
    if "approval" in new and bool(old["approval"]) != bool(new["approval"]):
        yield Item(f"{title} is approved now." if new["approval"] else f"{title} is no longer approved.", "approval", title)
    yield from blocks(before, after)


def _conditions(before: Content, after: Content) -> Iterator[Item]:
    was, now = ({each["number"]: each for each in side["conditions"]} for side in (before, after))
    for number in dict.fromkeys([*was, *now]):
        name = f"Condition {number}"
        if number not in was:
            yield Item(f"{name} is new, {_due(now[number])}: {bare(now[number]['text'])}.", "condition", name)
        elif number not in now:
            yield Item(f"{name} is no longer open: {bare(was[number]['text'])}.", "condition", name, BETTER)
        else:
            yield from reworded(name, was[number]["text"], now[number]["text"], "condition")
            due, is_due = day(was[number]["due_on"]), day(now[number]["due_on"])
            yield from reworded(f"The day by which condition {number} is due", due, is_due, "condition")


def _due(condition: Content) -> str:
    stage = condition.get("before_stage")
    return f"before {Stage(stage).label}" if stage else f"due {day(condition['due_on'])}"


KINDS: Mapping[str, Callable[[Content, Content], Iterator[Item]]] = {
    "triage": _triage,
    "answers": answers,
    "document": _document,
    "risk_plan": _plan,
    "monitoring_plan": _plan,
    "hazard_log": hazard_log,
    "conditions": _conditions,
}
