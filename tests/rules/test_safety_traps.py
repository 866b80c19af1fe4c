"""What a naive hazard log gets wrong, one trap after another, and that ours does not.

Source: DCB0129 v4.2 with implementation guidance v3.2, tables 7 to 10 and section 3.6; DCB0160 v3.2 with guidance v4.2, 2.2.2.
"""

from collections import Counter
from types import SimpleNamespace

import pytest

from governance.assessment.hazards import findings, presenters, rules, words
from governance.assessment.hazards.matrix import matrix
from governance.assessment.plans import rules as plan_rules
from governance.permissions import PERMISSION_ROLES, Permission, Role

MATRIX = matrix()


def test_trap_1_a_rating_is_looked_up_from_1_to_5_and_never_multiplied():
    cells = Counter(rating for row in MATRIX.ratings.values() for rating in row)
    assert [cells[rating] for rating in (1, 2, 3, 4, 5)] == [3, 7, 7, 5, 3]
    assert MATRIX.rating("minor", "very_high") == 3
    assert MATRIX.rating("catastrophic", "very_low") == 3


def test_trap_2_one_death_is_major_and_catastrophic_takes_several_patients():
    assert "death" in MATRIX.descriptor("major", "single").lower()
    assert "death" in MATRIX.descriptor("catastrophic", "multiple").lower()
    (blocker,) = rules.rate_blockers(MATRIX, severity="catastrophic", likelihood="low", patients="single")
    assert blocker.code == "rate.level"
    (blocker,) = rules.rate_blockers(MATRIX, severity="major", likelihood="low", patients="")
    assert blocker.code == "rate.patients"


def test_trap_3_a_matrix_is_declared_in_an_approved_plan_and_anothers_scheme_stands_beside_it():
    assert plan_rules.score_blockers(None, approved=False)
    assert plan_rules.score_blockers(1, approved=False)
    theirs = {"scheme": "ISO 14971, 1 to 25", "initial": "20", "residual": "8", "status": "Mitigated"}
    said = {"initial": None, "residual": None, "supplier": theirs}
    assert findings.supplier_line(said) == (
        "Supplier says (scheme ISO 14971, 1 to 25): initial 20, residual 8, status Mitigated"
    )
    assert presenters.beside(said).supplier == (
        ("Initial rating in that scheme", "20"), ("Residual rating in that scheme", "8"),
        ("Status in the supplier’s log", "Mitigated"),
    )  # fmt: skip
    assert findings.headline([said | {"status": "open"}]) == "1 hazard, none scored", "no number of theirs is one of ours"


def test_trap_4_versions_are_not_swapped_and_significant_is_the_second_lowest():
    assert (MATRIX.code, "DCB0129" in MATRIX.source.title, "3.2" in MATRIX.source.title) == ("dcb0129-ig-3.2", True, True)
    assert [level.words for level in MATRIX.severities] == ["Minor", "Significant", "Considerable", "Major", "Catastrophic"]


@pytest.mark.parametrize(
    ("rating", "acceptance", "reason", "code"),
    [
        (5, "impractical", "So", "accept.never"),
        (4, "impractical", "So", "accept.never"),
        (3, "cost_outweighs_benefit", "So", "accept.ground"),
        (3, "impractical", "", "accept.reason"),
        (2, "impractical", "", "accept.reason"),
        (1, "impractical", "So", "accept.unneeded"),
    ],
)
def test_trap_5_a_residual_4_or_5_is_never_accepted_and_3_and_2_need_a_reason(rating, acceptance, reason, code):
    assert code in {blocker.code for blocker in rules.accept_blockers(rating, acceptance, reason, MATRIX)}


def test_trap_5_the_initial_score_counts_existing_controls_and_statuses_are_the_standards():
    assert list(words.STATUS_WORDS.values()) == ["Open", "Transferred", "Closed"]
    assert rules.cleared(was=None, now="existing") == ("initial", "residual")
    existing = SimpleNamespace(kind="existing", removed_at=None)
    assert rules.added_controls(SimpleNamespace(controls=[existing])) == []


def test_trap_6_a_supplier_signs_nothing_for_the_trust_and_only_top_management_accepts_residual_risk():
    own = (Permission.APPROVE_PLAN, Permission.APPROVE_LOG, Permission.WRITE_SAFETY_CASE)
    assert {role for permission in own for role in PERMISSION_ROLES[permission]} == {Role.CSO}
    assert Role.SUPPLIER_CONTACT not in PERMISSION_ROLES[Permission.AUTHORISE]
    assert "authorising_executive" in MATRIX.acceptability(3).agreed_by
