"""The board's one sentence, and what changed since last quarter."""

import pytest

from governance.home.presenters.board import change, sentence
from governance.lifecycle import Stage, Standing

S, D = Stage, Standing


@pytest.mark.parametrize(
    ("counts", "said"),
    [
        ({}, "No tool is live yet"),
        ({(S.PIPELINE, D.PROPOSED): 4, (S.PILOT, D.CEASED): 1}, "No tool is live yet"),
        ({(S.PILOT, D.ASSURED): 1}, "1 tool live, 1 assured"),
        ({(S.PROOF_OF_CONCEPT, D.DECLARED): 1}, "1 tool live, 0 assured, 1 in use without assurance"),
        (
            {(S.BUSINESS_AS_USUAL, D.ASSURED): 17, (S.PILOT, D.ASSURED): 2, (S.PILOT, D.DECLARED): 3, (S.PILOT, D.LAPSED): 1,
             (S.IMPLEMENTATION, D.SUSPENDED): 1},
            "24 tools live, 19 assured, 3 in use without assurance, 1 lapsed, 1 suspended",
        ),
    ],
)  # fmt: skip
def test_the_sentence_counts_what_is_live(counts, said):
    assert sentence(counts) == said


@pytest.mark.parametrize(
    ("before", "now", "said"),
    [
        ({}, {}, "As many live and assured as last quarter."),
        ({}, {(S.PILOT, D.ASSURED): 4}, "Since last quarter, 4 more live and 4 more assured."),
        (
            {(S.PILOT, D.DECLARED): 5, (S.PILOT, D.ASSURED): 15},
            {(S.PILOT, D.DECLARED): 3, (S.PILOT, D.ASSURED): 19, (S.PILOT, D.SUSPENDED): 1},
            "Since last quarter, 3 more live, 4 more assured, 2 fewer without assurance and 1 more suspended.",
        ),
        ({(S.PILOT, D.ASSURED): 1}, {(S.PILOT, D.LAPSED): 1}, "Since last quarter, 1 fewer assured and 1 more lapsed."),
        ({(S.PILOT, D.ASSURED): 2}, {(S.PILOT, D.CEASED): 2}, "Since last quarter, 2 fewer live and 2 fewer assured."),
    ],
)
def test_the_change_is_of_what_is_live(before, now, said):
    assert change(before, now) == said
