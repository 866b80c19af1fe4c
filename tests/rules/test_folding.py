"""What a person signed before is folded below what changed, and nothing is lost between the two."""

import pytest

from governance.approval.folding import counted, parted
from governance.assessment.packs.reading import AnswerRow, Block, HazardRow


def answer(code, said="Yes", by="A Person, 3 May 2027, 09:00"):
    return AnswerRow(code, f"Words of {code}?", said, "", "", "", "", by, ())


def hazard(number, residual=2):
    return HazardRow(number, f"Hazard {number}", (), 3, "", residual, "", "Open", ())


FACTS = Block("What is asked", facts=(("Reason", "A yearly look."),))


@pytest.mark.parametrize(
    ("now", "before", "fresh", "same", "said"),
    [
        ((FACTS,), (), (FACTS,), (), ""),
        ((FACTS,), (FACTS,), (), (FACTS,), "1 part as you last signed it"),
        ((Block("C3", answers=(answer("C3.1"), answer("C3.2", "No"))),), (Block("C3", answers=(answer("C3.1"), answer("C3.2"))),),
         (Block("C3", answers=(answer("C3.2", "No"),)),), (Block("C3", answers=(answer("C3.1"),)),), "1 answer as you last signed it"),
        ((Block("C3", answers=(answer("C3.1", by="Carried over"),)),), (Block("C3", answers=(answer("C3.1"),)),),
         (), (Block("C3", answers=(answer("C3.1", by="Carried over"),)),), "1 answer as you last signed it"),
        ((Block("Log", hazards=(hazard(1), hazard(2, 3))), FACTS), (Block("Log", hazards=(hazard(1), hazard(2))), FACTS),
         (Block("Log", hazards=(hazard(2, 3),)),), (Block("Log", hazards=(hazard(1),)), FACTS),
         "1 hazard and 1 part as you last signed them"),
        ((Block("C3", remark="Version 2", answers=(answer("C3.1"),)),), (Block("C3", answers=(answer("C3.1"),)),),
         (Block("C3", remark="Version 2"),), (Block("C3", answers=(answer("C3.1"),)),), "1 answer as you last signed it"),
    ],
)  # fmt: skip
def test_what_changed_stands_open_and_the_rest_is_counted_below(now, before, fresh, same, said):
    assert parted(now, before) == (fresh, same)
    assert counted(same) == said
    rows = [row for block in (*fresh, *same) for row in (*block.answers, *block.hazards)]
    assert sorted(map(str, rows)) == sorted(str(row) for block in now for row in (*block.answers, *block.hazards))
