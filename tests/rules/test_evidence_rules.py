"""What expiry means: whose place a newer item takes, how soon is soon, and what a newer one must be."""

from datetime import date

import pytest

from governance.assessment.evidence import rules
from governance.assessment.evidence.rules import Piece

ON = date(2026, 11, 2)
OVER, GOOD = date(2026, 11, 1), date(2027, 11, 1)


@pytest.mark.parametrize(
    ("beside", "met_again"),
    [
        (Piece("New one", "cyber_essentials", "Cyber Essentials", GOOD), True),
        (Piece("New one", "cyber_essentials", " cyber  ESSENTIALS ", None), True),
        (Piece("Plus", "cyber_essentials", "Cyber Essentials Plus", GOOD), False),
        (Piece("New one", "cyber_essentials", "Cyber Essentials", OVER), False),
        (Piece("Test", "penetration_test", "Cyber Essentials", GOOD), False),
    ],
    ids=["the same, newer", "however it is typed", "another standard", "expired too", "another kind"],
)
def test_an_expired_item_is_made_good_only_by_one_of_the_same_that_counts(beside: Piece, met_again: bool):
    old = Piece("Certificate", "cyber_essentials", "Cyber Essentials", OVER)
    assert (old not in rules.expired_behind([old, beside], ON)) is met_again


def test_of_other_evidence_without_a_standard_nothing_is_the_same_but_its_title():
    old, new = Piece("Certificate", "other", "", OVER), Piece("Report", "other", "", GOOD)
    assert rules.expired_behind([old, new], ON) == (old,)
    assert rules.expired_behind([old, Piece("certificate", "other", "", GOOD)], ON) == ()


def test_evidence_counts_on_its_last_day():
    piece = Piece("Certificate", "other", "", ON)
    assert rules.expired_behind([piece], ON) == ()
    assert rules.unmet_sentence("DTAC C3.1", piece) == "DTAC C3.1 is no longer met: “Certificate” expired on 2 November 2026."


@pytest.mark.parametrize(
    ("day", "title"),
    [
        (date(2026, 11, 1), "Expired"), (date(2026, 11, 2), "Within 7 days"), (date(2026, 11, 9), "Within 7 days"),
        (date(2026, 11, 10), "Within 30 days"), (date(2026, 12, 3), "Within 60 days"), (date(2027, 1, 2), "Within 90 days"),
        (date(2027, 1, 31), "Within 90 days"), (date(2027, 2, 1), "Later"),
    ],
)  # fmt: skip
def test_the_days_ahead_are_told_apart_as_the_reminders_are(day: date, title: str):
    assert rules.band(day, ON) == title


@pytest.mark.parametrize(
    ("before", "after", "refused"), [(OVER, GOOD, False), (GOOD, GOOD, True), (GOOD, OVER, True), (None, OVER, False), (GOOD, None, False)]
)
def test_a_newer_one_must_count_for_longer(before: date | None, after: date | None, refused: bool):
    assert bool(rules.renew_blockers(expires_before=before, expires_on=after)) is refused
