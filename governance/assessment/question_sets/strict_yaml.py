"""Reading YAML so that nothing is lost on the way in: a key written twice is a fault, not a silent choice."""

from __future__ import annotations

from collections.abc import Hashable
from pathlib import Path
from typing import Any

import yaml

from governance.assessment.question_sets.faults import ContentFault


class _StrictLoader(yaml.CSafeLoader):
    """The safe C loader, refusing a mapping that holds one key twice."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        seen: set[Hashable] = set()
        for key_node, _ in node.value:
            key = self.construct_object(key_node, deep=True)
            if isinstance(key, Hashable):
                if key in seen:
                    raise yaml.constructor.ConstructorError(
                        None, None, f"‘{key}’ is written twice in one place", key_node.start_mark
                    )
                seen.add(key)
        return super().construct_mapping(node, deep=deep)


def read(path: Path, *, fault: type[ContentFault] = ContentFault) -> dict[str, Any]:
    """The file's mapping. Raises `fault` naming the file and the line where it is not valid YAML or not a mapping."""
    try:
        content = yaml.load(path.read_text(encoding="utf-8"), Loader=_StrictLoader)  # noqa: S506  a safe loader of ours
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        line = f"line {mark.line + 1}" if mark is not None else "the file"
        raise fault(file=path.name, item=line, fault=error.problem or "it is not valid YAML") from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise fault(file=path.name, item="the file", fault="it is not valid YAML in UTF-8") from error
    if not isinstance(content, dict):
        raise fault(file=path.name, item="the file", fault="it holds no named fields at its top")
    return content
