"""What can go wrong, in sentences fit for a page.

A rule gives back blockers; an operation that meets one raises `Refused`. Each exception knows its HTTP status and carries
sentences, so a page, the command line and the log say the same thing. Nothing here knows about Flask.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self


@dataclass(frozen=True, slots=True)
class Blocker:
    """One reason why not. `code` is stable and for programs; `sentence` says what is wrong and is shown as it stands."""

    code: str
    sentence: str

    def __str__(self) -> str:
        return self.sentence


class GovernanceError(Exception):
    """Anything the product says no with. `status` is the HTTP answer; `sentences` are shown to the person."""

    status = 500

    def __init__(self, *sentences: str) -> None:
        super().__init__(" ".join(sentences))
        self.sentences: tuple[str, ...] = sentences


class Refused(GovernanceError):
    """A rule said no: 422, with every reason at once. Raised by operations from what `…_blockers` gave back."""

    status = 422

    def __init__(self, blockers: Iterable[Blocker]) -> None:
        self.blockers: tuple[Blocker, ...] = tuple(blockers)
        if not self.blockers:
            raise ValueError("A refusal needs at least one reason.")
        super().__init__(*(blocker.sentence for blocker in self.blockers))

    @classmethod
    def because(cls, sentence: str, *, code: str = "refused") -> Self:
        """Refuse for one reason said in one sentence."""
        return cls([Blocker(code, sentence)])

    @property
    def codes(self) -> tuple[str, ...]:
        return tuple(blocker.code for blocker in self.blockers)


class Forbidden(GovernanceError):
    """The person is known and the thing is theirs to see, but no role they hold now may do this: 403."""

    status = 403

    def __init__(self, sentence: str = "Your roles do not let you do this.") -> None:
        super().__init__(sentence)


class NotVisible(GovernanceError):
    """There is no such thing, or it is another organisation's: the answer is the same 404."""

    status = 404

    def __init__(self, sentence: str = "There is no such page, or it is not yours to see.") -> None:
        super().__init__(sentence)


class Conflict(GovernanceError):
    """The page was stale: somebody changed the record since it was opened. 409, shown with the fresh record."""

    status = 409

    def __init__(
        self, sentence: str = "Somebody changed this since you opened the page. Check what it says now and try again."
    ) -> None:
        super().__init__(sentence)


class Fault(GovernanceError):
    """A data file of ours (policy, question set, matrix) or a setting is wrong: the start stops with one sentence.

    `file` is the file as a reader would look for it, `item` the row or key in it, `fault` what is wrong with it.
    """

    status = 500

    def __init__(self, *, file: str, item: str, fault: str) -> None:
        self.file, self.item, self.fault = file, item, fault
        super().__init__(f"{file}, {item}: {fault}")


def refuse_if(blockers: Iterable[Blocker]) -> None:
    """Raise `Refused` with every blocker there is; give back nothing if there is none."""
    found = tuple(blockers)
    if found:
        raise Refused(found)
