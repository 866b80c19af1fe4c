"""What of a section a person signed before as it is now: shown folded, below what changed. Nothing is left out. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from governance.assessment.packs.reading import AnswerRow, Block
from governance.web.wording import listed, plural


def parted(now: Sequence[Block], before: Sequence[Block]) -> tuple[tuple[Block, ...], tuple[Block, ...]]:
    """The blocks that are new or changed, and those that say what was signed; answers and hazards go one by one.

    Who gave an answer, and when, may differ: what it says does not.
    """
    fresh, same = [], []
    for block in now:
        was = [each for each in before if each.title == block.title]
        known = {_bare(row) for each in was for row in each.answers}
        hazards = {row for each in was for row in each.hazards}
        rest = replace(block, answers=(), hazards=())
        rest_same = any(rest == replace(each, answers=(), hazards=()) for each in was)
        stays = replace(
            rest if rest_same else Block(block.title),
            answers=tuple(row for row in block.answers if _bare(row) in known),
            hazards=tuple(row for row in block.hazards if row in hazards),
        )
        moved = replace(
            Block(block.title) if rest_same else rest,
            answers=tuple(row for row in block.answers if _bare(row) not in known),
            hazards=tuple(row for row in block.hazards if row not in hazards),
        )
        if moved != Block(block.title):
            fresh.append(moved)
        if stays != Block(block.title):
            same.append(stays)
    return tuple(fresh), tuple(same)


def counted(folded: Sequence[Block]) -> str:
    """`14 answers and 2 parts as you last signed them`; empty where nothing is folded."""
    answers, hazards = sum(len(each.answers) for each in folded), sum(len(each.hazards) for each in folded)
    parts = sum(not each.answers and not each.hazards for each in folded)
    said = [(answers, "answer"), (hazards, "hazard"), (parts, "part")]
    whole = answers + hazards + parts
    words = listed(plural(number, name) for number, name in said if number)
    return f"{words} as you last signed {'it' if whole == 1 else 'them'}" if whole else ""


def _bare(row: AnswerRow) -> AnswerRow:
    return replace(row, by="")
