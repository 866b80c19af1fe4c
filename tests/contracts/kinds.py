"""Every kind of event that the code records, followed through the functions that hand a kind on to `record`."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path

import governance

ROOT = Path(governance.__file__).parent
RECORD = ("governance.audit.record", "record")
Function = tuple[str, str]
OPEN = "\x00"
"""Around the name of a parameter that a caller fills."""


@dataclass
class Module:
    """One file: what its names stand for, its functions, and its texts."""

    names: dict[str, Function] = field(default_factory=dict)
    functions: dict[str, ast.FunctionDef] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)


def recorded() -> tuple[set[str], set[str]]:
    """Kinds that are plain in the code; and where one is not: `module.function`."""
    modules = dict(_modules())
    calls = _calls(modules)
    kinds: dict[Function, set[str]] = {RECORD: {f"{OPEN}kind{OPEN}"}}
    found: set[str] = set()
    unknown: set[str] = set()
    ahead = [RECORD]
    while ahead:
        this = ahead.pop()
        for caller, call in calls.get(this, ()):
            module, function = modules[caller[0]], modules[caller[0]].functions[caller[1]]
            new: set[str] = set()
            for kind in kinds[this]:
                if OPEN in kind:
                    before, name, after = kind.split(OPEN)
                    said = _said(_argument(call, name, this, modules), module, function)
                    new |= {f"{before}{each}{after}" for each in said}
                    if not said:
                        unknown.add(f"{caller[0].removeprefix('governance.')}.{caller[1]}")
            found |= {each for each in new if OPEN not in each}
            handed = {each for each in new if OPEN in each} - kinds.get(caller, set())
            if handed:
                kinds.setdefault(caller, set()).update(handed)
                ahead.append(caller)
    return found, unknown


def _modules() -> Iterator[tuple[str, Module]]:
    for path in sorted(ROOT.rglob("*.py")):
        parts = path.relative_to(ROOT.parent).with_suffix("").parts
        tree, one = ast.parse(path.read_text(encoding="utf-8")), Module()
        name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and node.module:
                one.names |= {each.asname or each.name: (node.module, each.name) for each in node.names}
            elif isinstance(node, ast.FunctionDef):
                one.functions[node.name] = node
                one.names[node.name] = (name, node.name)
        for node in tree.body:
            if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
                one.texts |= {each.id: node.value.value for each in node.targets if isinstance(each, ast.Name)}
        yield name, one


def _calls(modules: dict[str, Module]) -> dict[Function, list[tuple[Function, ast.Call]]]:
    """Every call of a function, by what it calls."""
    found: dict[Function, list[tuple[Function, ast.Call]]] = {}
    for name, module in modules.items():
        for function in module.functions.values():
            for node in ast.walk(function):
                if isinstance(node, ast.Call) and (callee := _callee(node.func, module)):
                    found.setdefault(callee, []).append(((name, function.name), node))
    return found


def _callee(node: ast.expr, module: Module) -> Function | None:
    if isinstance(node, ast.Name):
        return module.names.get(node.id)
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in module.names:
        return (".".join(module.names[node.value.id]), node.attr)
    return None


def _argument(call: ast.Call, name: str, this: Function, modules: dict[str, Module]) -> ast.expr | None:
    named = next((each.value for each in call.keywords if each.arg == name), None)
    at = [each.arg for each in modules[this[0]].functions[this[1]].args.args].index(name) if named is None else 0
    return named if named is not None else call.args[at] if at < len(call.args) else None


def _said(node: ast.expr | None, module: Module, function: ast.FunctionDef) -> set[str]:
    """Texts that an expression may give; nothing where that is not plain."""
    match node:
        case ast.Constant(value=str(text)):
            return {text}
        case ast.IfExp(body=one, orelse=other):
            return _said(one, module, function) | _said(other, module, function)
        case ast.Name(id=name):
            if name in {each.arg for each in (*function.args.args, *function.args.kwonlyargs)}:
                return {f"{OPEN}{name}{OPEN}"}
            return {module.texts[name]} if name in module.texts else set()
        case ast.JoinedStr(values=parts):
            return {"".join(each) for each in product(*(_said(part, module, function) for part in parts))}
        case ast.FormattedValue(value=inner):
            return _said(inner, module, function)
    return set()
