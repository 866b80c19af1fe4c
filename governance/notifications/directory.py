"""Who people are, handed in by the identity room when the application is made: this room lies below it."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from governance.permissions import Actor


@dataclass(frozen=True, slots=True)
class Recipient:
    """Somebody who can be told: their name and e-mail address as they are now."""

    name: str
    address: str


@dataclass(frozen=True)
class Directory:
    """recipients: those of these people whose account is open. organisations: names by id. colleagues: whoever works or
    holds a role in the actor's own organisation today."""

    recipients: Callable[[Collection[int]], Mapping[int, Recipient]]
    organisations: Callable[[Collection[int]], Mapping[int, str]]
    colleagues: Callable[[Actor], Collection[int]]


_filled: list[Directory] = []


def init(directory: Directory) -> None:
    """Fill it, once."""
    _filled[:] = [directory]


def directory() -> Directory:
    """What was handed in."""
    return _filled[0]
