"""Texts inside plain JSON values: where they are, and the same value without some of them. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

Path = tuple[str | int, ...]


def leaves(value: Any, at: Path = ()) -> Iterator[tuple[Path, str]]:
    """Every text in a value with where it stands; a value that is a text stands at ()."""
    match value:
        case str():
            yield at, value
        case dict():
            for key, item in value.items():
                yield from leaves(item, (*at, key))
        case list() | tuple():
            for number, item in enumerate(value):
                yield from leaves(item, (*at, number))


def keys(value: Any) -> Iterator[str]:
    """Every key in a value: a text that is a key cannot be taken out."""
    match value:
        case dict():
            yield from value
            for item in value.values():
                yield from keys(item)
        case list() | tuple():
            for item in value:
                yield from keys(item)


def without(value: Any, gone: Callable[[str], bool], marker: str) -> Any:
    """The same value with the marker in the place of every text that `gone` says."""
    match value:
        case str():
            return marker if gone(value) else value
        case dict():
            return {key: without(item, gone, marker) for key, item in value.items()}
        case list() | tuple():
            return [without(item, gone, marker) for item in value]
    return value


def holds(text: str) -> Callable[[str], bool]:
    """Whether a text holds this one: case and the kind of white space do not matter."""
    wanted = plain(text)
    return lambda found: wanted in plain(found)


def plain(text: str) -> str:
    """A text as it is compared."""
    return re.sub(r"\s+", " ", text).strip().casefold()


def longest_word(text: str) -> str:
    """The longest run of ASCII letters and digits: what a database can be asked for, however it writes the rest."""
    return max(re.findall(r"[A-Za-z0-9]+", text), key=len, default="")


def written(path: Path) -> str:
    """A place in a value, as `matter.parts.0.answers.3.words`."""
    return ".".join(str(each) for each in path)
