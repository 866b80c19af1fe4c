"""Two hazard logs side by side, hazard by hazard: “Residual risk of H3 rose from 2 to 3.”"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from governance.assessment.hazards.words import ACCEPTANCES, KIND_WORDS, SUPPLIER_SAYS
from governance.assessment.packs.comparison.controls import paired
from governance.assessment.packs.comparison.items import BETTER, WORSE, Item, bare, day, reworded
from governance.web.wording import plural

Content = Mapping[str, Any]
ACCEPTANCE_WORDS = dict(ACCEPTANCES)
TEXTS = {
    "name": "The name of {h}",
    "description": "What could happen in {h}",
    "impact": "The harm of {h}",
    "causes": "What causes {h}",
    "acceptance_reason": "The reason why {h} is accepted",
    "owner": "The owner of {h}",
    "actions": "What is to be done about {h}",
    "source": "Where {h} comes from",
    "matrix_version": "The matrix that {h} is scored with",
}
MOVED = {
    "open": ("H{n} is open again.", "hazard.opened", WORSE),
    "transferred": ("H{n} was transferred.", "hazard.transferred", ""),
    "closed": ("H{n} was closed.", "hazard.closed", BETTER),
}


def hazard_log(before: Content, after: Content) -> Iterator[Item]:
    """What two parts of kind `hazard_log` say otherwise."""
    was = {each["number"]: each for each in before["hazards"]}
    now = {each["number"]: each for each in after["hazards"]}
    for number, hazard in now.items():
        if number in was:
            yield from _hazard(number, was[number], hazard)
        else:
            yield _new(hazard)
    for number, hazard in was.items():
        if number not in now:
            yield Item(f"H{number} is no longer in the log: {bare(hazard['name'])}.", "hazard.gone", f"H{number}")
    yield from _version(before.get("version"), after.get("version"))
    yield from _beside(before, after)


def _new(hazard: Content) -> Item:
    number, score = hazard["number"], hazard["residual"]
    said = f", residual {score['rating']}" if score else " and not scored"
    return Item(f"H{number} is new{said}: {bare(hazard['name'])}.", "hazard.new", f"H{number}")


def _hazard(number: int, old: Content, new: Content) -> Iterator[Item]:
    name = f"H{number}"
    if old["status"] != new["status"]:
        words, kind, tone = MOVED[new["status"]]
        yield Item(words.format(n=number), kind, name, tone)
    for which in ("residual", "initial"):
        yield from _score(which, name, old[which], new[which])
    yield from _controls(name, old["controls"], new["controls"])
    for key, said in TEXTS.items():
        yield from reworded(said.format(h=name), old.get(key) or "", new.get(key) or "", "hazard.text")
    ground, held = (ACCEPTANCE_WORDS.get(each.get("acceptance") or "", "") for each in (new, old))
    yield from reworded(f"The ground on which {name} is accepted", held, ground, "hazard.text")
    yield from reworded(f"The local review of {name}", day(old.get("review_on")), day(new.get("review_on")), "hazard.text")
    theirs, ours = old.get("supplier") or {}, new.get("supplier") or {}
    for key, label in SUPPLIER_SAYS.items():
        yield from reworded(f"{label} for {name}", theirs.get(key) or "", ours.get(key) or "", "hazard.text")


def _score(which: str, name: str, old: Content | None, new: Content | None) -> Iterator[Item]:
    if old == new:
        return
    said = f"{which.capitalize()} risk of {name}"
    if old is None or new is None:
        words = f"is scored now: {new['rating']}" if new else f"is no longer scored; it was {old['rating']}" if old else ""
        yield Item(f"{said} {words}.", f"{which}.scored", name)
        return
    moves = "; ".join(
        f"{part} was {_words(old[part])} and is now {_words(new[part])}"
        for part in ("severity", "likelihood", "patients")
        if old.get(part) != new.get(part)
    )
    if old["rating"] == new["rating"]:
        yield Item(f"{said} stays {new['rating']}: {moves}.", f"{which}.stays", name)
        return
    rose = new["rating"] > old["rating"]
    verb = "rose" if rose else "fell"
    sentence = f"{said} {verb} from {old['rating']} to {new['rating']}."
    detail = f" {moves[0].upper()}{moves[1:]}." if moves else ""
    yield Item(sentence + detail, f"{which}.{verb}", name, WORSE if rose else BETTER)


def _controls(name: str, old: list[Content], new: list[Content]) -> Iterator[Item]:
    """What became of each control: what it does, as what it counts, and what is said of its checks may change."""
    was, gone = paired(old, new)
    for control, before in zip(new, was, strict=True):
        text = control["description"]
        if before is None:
            yield Item(f"{name} has a new control, {_kind(control)}: {bare(text)}.", "control.new", name, BETTER)
            continue
        yield from reworded(f"A control of {name}", before["description"], text, "control.text")
        if _kind(control) != _kind(before):
            said = f"counts as {_kind(control)} now, no longer as {_kind(before)}"
            yield Item(f"A control of {name} {said}: {bare(text)}.", "control.kind", name)
        for part, said in (("implementation", "that it is in place"), ("effectiveness", "that it works")):
            label = f"The evidence {said}, of a control of {name} ({bare(text)[:50]}),"
            yield from reworded(label, before.get(part) or "", control.get(part) or "", "control.checked")
    for control in gone:
        yield Item(f"A control of {name} is gone: {bare(control['description'])}.", "control.gone", name, WORSE)


def _kind(control: Content) -> str:
    return str(KIND_WORDS.get(control["kind"], control["kind"])).lower()


def _version(old: Content | None, new: Content | None) -> Iterator[Item]:
    if (old or {}).get("number") == (new or {}).get("number"):
        return
    if new is None:
        yield Item("No version of the log is approved any more.", "approval", tone=WORSE)
    elif old is None:
        yield Item(f"Version {new['number']} of the log is approved.", "approval")
    else:
        yield Item(f"Version {new['number']} of the log is approved; it was version {old['number']}.", "approval")


def _beside(before: Content, after: Content) -> Iterator[Item]:
    later = len(after.get("workshops") or ()) - len(before.get("workshops") or ())
    if later > 0:
        yield Item(f"{plural(later, 'hazard workshop')} {'was' if later == 1 else 'were'} recorded.", "hazard.workshop")
    old, new = before.get("safety_case"), after.get("safety_case")
    if new is not None and (old or {}).get("revision") != new["revision"]:
        was = f"; it was revision {old['revision']}" if old else ""
        yield Item(f"Revision {new['revision']} of the safety case report is approved{was}.", "approval")


def _words(code: str | None) -> str:
    return code.replace("_", " ") if code else "not said"
