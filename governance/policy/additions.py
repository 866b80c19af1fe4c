"""What an organisation asks beyond policy, laid over a policy version. It can only add: rules take the more of both.

`merged` gives the policy with its additions, refused with a sentence where one names what the policy does not have or would
take something away. `sentence` says an addition in words. Pure; the rows are `intake.models.PolicyAddition`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

from pydantic import ValidationError

from governance.errors import Blocker, Refused, refuse_if
from governance.policy import loader
from governance.policy.rules import added
from governance.policy.schema import Addition, Depth, Form, Policy, RequirementRow

KINDS: Mapping[str, str] = {
    "requirement": "Ask a question set further",
    "signer": "Ask a further role",
    "panel": "Ask more than one holder of a role",
    "independent": "Have signers judge on their own",
}
ABOUT: Mapping[str, str] = {
    "requirement": "At a further stage, in full, or where policy does not ask it.",
    "signer": "A role signs or advises where policy does not ask it.",
    "panel": "So many holders of one role must agree.",
    "independent": "Nobody who signs sees what the others say until all of them are in.",
}
ANSWERS = {"question_set", "depth"}, {"role"}, {"role", "needs"}, set[str]()
"""Which values each kind holds besides stages, tiers and conditions, in the order of `KINDS`."""


def read(kind: str, what: Mapping[str, Any], *, basis: str = "", number: int = 0) -> Addition:
    """An addition from plain values. Raises Refused with a sentence where they are none."""
    if kind not in KINDS:
        raise Refused.because(f"No addition is of the kind “{kind}”.", code="addition.kind")
    known = {"stages", "tiers", "when"} | dict(zip(KINDS, ANSWERS, strict=True))[kind]
    foreign = [name for name in what if name not in known]
    if foreign:
        said = f"An addition can only ask for more. It has no “{foreign[0]}”."
        raise Refused.because(said, code="addition.only_more")
    try:
        return Addition(kind=kind, basis=basis, number=number, **what)  # type: ignore[arg-type]
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        field = str(first["loc"][0]) if first["loc"] else ""
        if field == "stages" and first["type"] in ("too_short", "missing"):
            raise Refused.because("Choose at least one stage.", code="addition.stages") from error
        said = first["msg"].removeprefix("Value error, ")
        raise Refused.because(f"{said[:1].upper()}{said[1:]}.", code=f"addition.{field}") from error


def blockers(policy: Policy, addition: Addition) -> list[Blocker]:
    """Why an addition cannot stand on this policy: it names what is not there, or what cannot be asked so."""
    found = [
        Blocker("addition.when", f"{policy.version} has no condition “{word}”.")
        for word in addition.when
        if word not in {row.word for row in policy.conditions}
    ]
    match addition.kind:
        case "requirement":
            found += _requirement_blockers(policy, addition)
        case "signer":
            found += _signer_blockers(addition)
        case "panel":
            found += _panel_blockers(addition)
    return found


def _requirement_blockers(policy: Policy, addition: Addition) -> list[Blocker]:
    code = "addition.question_set"
    row = next((each for each in policy.requirements if each.question_set == addition.question_set), None)
    if row is None:
        return [Blocker(code, f"{policy.version} has no question set “{addition.question_set}”.")]
    if row.form is Form.DECISION:
        said = f"{row.title} is a decision. It can only be taken where policy asks for it."
        return [Blocker(code, said)]
    if not row.depth:
        return [Blocker(code, f"{row.title} belongs to a kind of submission, not to a stage.")]
    if addition.depth is Depth.SHORT and not has_short(row):
        return [Blocker("addition.depth", f"{row.title} has no short form. Ask for it in full.")]
    return []


def has_short(row: RequirementRow) -> bool:
    """Whether a row of policy has a short form at all."""
    return Depth.SHORT in {*row.depth.values(), *row.by_kind.values(), *row.at_most.values()}


def _signer_blockers(addition: Addition) -> list[Blocker]:
    role = addition.role
    if role is None:
        return [Blocker("addition.role", "Choose a role.")]
    if role not in added.SIGNERS | added.ADVISERS:
        said = f"The {role.title} cannot be added: policy gives this role no signature on its own sections."
        return [Blocker("addition.role", said)]
    return []


def _panel_blockers(addition: Addition) -> list[Blocker]:
    role = addition.role
    if role is None:
        return [Blocker("addition.role", "Choose a role.")]
    if role not in panel_roles():
        return [Blocker("addition.role", f"The {role.title} does not act as a panel.")]
    if addition.needs < 2:
        return [Blocker("addition.needs", "A panel needs at least two holders of the role.")]
    return []


def panel_roles() -> tuple[Any, ...]:
    """The roles of which several holders may be asked: whoever signs."""
    return tuple(sorted(added.SIGNERS))


def fits(policy: Policy, addition: Addition) -> bool:
    """Whether an addition can stand on a policy version."""
    return not blockers(policy, addition)


def merged(policy: Policy, additions: Iterable[Addition]) -> Policy:
    """A policy with an organisation's additions. Raises Refused for one that does not fit."""
    more = tuple(additions)
    refuse_if([blocker for each in more for blocker in blockers(policy, each)])
    return policy.model_copy(update={"additions": (*policy.additions, *more)}) if more else policy


@lru_cache(maxsize=512)
def of_version(version: str, additions: tuple[Addition, ...]) -> Policy:
    """The same for a version by name, kept: an open submission asks for it many times on a page."""
    return merged(loader.policy(version), additions)


def sentence(policy: Policy, addition: Addition) -> str:
    """An addition in words, such as “At Pilot: the Caldicott Guardian signs, at high tier.”"""
    stages = _listed(stage.label for stage in addition.stages)
    tiers = f", at {_listed(addition.tiers, 'or')} tier" if addition.tiers else ""
    known = {row.word for row in policy.conditions}
    rows = [policy.condition(word) for word in addition.when if word in known]
    held = " and ".join(row.because or f"this holds: {row.label}" for row in rows)
    where = f", where {held}" if held else ""
    return f"At {stages}: {_what(policy, addition)}{tiers}{where}."


def _what(policy: Policy, addition: Addition) -> str:
    title = addition.role.title if addition.role else ""
    match addition.kind:
        case "requirement":
            row = next((each for each in policy.requirements if each.question_set == addition.question_set), None)
            depth = "in full" if addition.depth is Depth.FULL else "in short"
            return f"{row.title if row else addition.question_set} is asked {depth}"
        case "signer":
            return f"the {title} {'advises' if addition.role in added.ADVISERS else 'signs'}"
        case "panel":
            return f"{addition.needs} people must agree as {title}"
        case _:
            return "who signs does not see what the others say until all are in"


def _listed(words: Iterable[str], last: str = "and") -> str:
    listed = [str(word) for word in words]
    return listed[0] if len(listed) == 1 else f"{', '.join(listed[:-1])} {last} {listed[-1]}"
