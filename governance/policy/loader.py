"""Read a policy file, check it whole, and keep it. A fault stops the start with one sentence."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from importlib import resources
from typing import Any

import yaml
from pydantic import ValidationError

from governance.errors import Fault
from governance.policy import faults
from governance.policy.schema import Policy

CURRENT = "london-2"

_SAID = {
    "extra_forbidden": "there is no such key in a policy",
    "missing": "it is missing",
    "string_type": "it must be text in quotes",
}
"""What the commonest faults are called in plain words, by the checker's own name for them."""


class PolicyFault(Fault):
    """A policy file is wrong: names the file, the row and what is wrong with it."""


class _StrictLoader(yaml.CSafeLoader):
    """YAML in which a key given twice in one mapping is a fault, not a silent choice of the last."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        keys = [self.construct_object(key, deep=True) for key, _ in node.value]
        twice = [key for n, key in enumerate(keys) if key in keys[:n]]
        if twice:
            raise yaml.constructor.ConstructorError(None, None, f"“{twice[0]}” is given twice", node.start_mark)
        return super().construct_mapping(node, deep)


def versions() -> tuple[str, ...]:
    """Every policy version there is, by name."""
    files = resources.files("governance.policy").iterdir()
    return tuple(sorted(file.name.removesuffix(".yaml") for file in files if file.name.endswith(".yaml")))


def policy(version: str | None = None) -> Policy:
    """One policy version, checked; the current one where none is named. Raises `PolicyFault` for a fault or no such file."""
    return _checked(version or CURRENT)


@cache
def _checked(version: str) -> Policy:
    file = f"{version}.yaml"
    if version not in versions():
        raise PolicyFault(file=file, item="the file", fault="there is no such policy version")
    text = resources.files("governance.policy").joinpath(file).read_text(encoding="utf-8")
    found = read(text, file=file)
    if found.version != version:
        raise PolicyFault(file=file, item="version", fault=f"it says “{found.version}”, not the name of the file")
    return found


def read(text: str, *, file: str) -> Policy:
    """Check the text of a policy file. Raises `PolicyFault` for its first fault."""
    try:
        data = yaml.load(text, Loader=_StrictLoader)  # noqa: S506  a safe loader of ours
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        item = f"line {mark.line + 1}" if mark else "the file"
        raise PolicyFault(file=file, item=item, fault=str(getattr(error, "problem", None) or "not YAML")) from error
    try:
        found = Policy.model_validate(data)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        item = ", ".join(_places(first["loc"], data)) or "the file"
        raise PolicyFault(
            file=file, item=item, fault=_SAID.get(first["type"], first["msg"].removeprefix("Value error, "))
        ) from error
    for item, fault in faults.faults(found):
        raise PolicyFault(file=file, item=item, fault=fault)
    return found


def _places(loc: tuple[int | str, ...], data: Any) -> Iterator[str]:
    """Where a fault is, in the words of the file: a row of a list by its own name, not by its number."""
    for step in loc:
        try:
            data = data[step]
        except (KeyError, IndexError, TypeError):
            data = None
        if step == "[key]":
            continue
        if isinstance(step, int):
            names = [data.get(key) for key in faults.NAMES] if isinstance(data, dict) else [data]
            yield next((f"“{name}”" for name in names if name and isinstance(name, str)), f"row {step + 1}")
        else:
            yield step
