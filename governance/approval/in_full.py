"""A routine sign-off: where little changed since a person last signed, the page to sign shows it in full.

Such a page has each changed section before the signer, so sending it counts as having read them. What is sent names the
sections of the pack that were shown: a page opened before a new round counts for nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from governance.approval import folding
from governance.approval.queries import Position
from governance.assessment.packs import reading
from governance.assessment.packs.models import AssurancePack
from governance.signing.models import SignOff
from governance.web.wording import plural

FEW = 5  # sections new or changed; a default of ours


@dataclass(frozen=True, slots=True)
class Part:
    """One section in full. The form sends back its id, which is of this pack alone, to say that it was shown.

    `blocks` are new or changed; `folded` say what the person last signed, and `as_signed` how much that is.
    """

    id: int
    code: str
    title: str
    digest: str
    blocks: Sequence[Any]
    folded: Sequence[Any] = ()
    as_signed: str = ""


def parts(
    here: Position, unread: Sequence[str], last: SignOff | None, before: AssurancePack | None = None
) -> tuple[Part, ...]:
    """The sections to show in full: those not read yet, where they are few and the person signed here before.

    Those in which something changed since `before`, the pack last signed, come first.
    """
    if last is None or len(unread) > FEW:
        return ()
    was = {each.code: reading.blocks(each.content["matter"]) for each in before.sections} if before else {}
    found = []
    for each in here.pack.sections:
        if each.code in unread:
            fresh, same = folding.parted(reading.blocks(each.content["matter"]), was.get(each.code, ()))
            found.append(Part(each.id, each.code, each.title, each.digest, fresh, same, folding.counted(same)))
    return tuple(sorted(found, key=lambda part: not part.blocks))


def is_routine(unread: Sequence[str], last: SignOff | None) -> bool:
    """Whether what is unchanged is re-confirmed by the button itself: the person signed here before, and little changed."""
    return last is not None and len(unread) <= FEW


def shown(in_full: Iterable[Part], sent: Iterable[str]) -> frozenset[int]:
    """Ids of the sections that the page shows in full and that the form sent back. Anything else sent is ignored."""
    keys = set(sent)
    return frozenset(each.id for each in in_full if str(each.id) in keys)


def button(unchanged: int, routine: bool) -> str:
    """What the button of the first step says."""
    if not routine or not unchanged:
        return "Continue to sign"
    return f"Confirm the {plural(unchanged, 'unchanged section')} and continue"
