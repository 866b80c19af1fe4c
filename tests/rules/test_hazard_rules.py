"""Scoring, accepting, closing and relying on hazards. DCB0129 guidance 3.2, tables 5 to 10; clauses 3.3.2, 6.3."""

from dataclasses import dataclass, field
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest

from governance.assessment.hazards import rules, words
from governance.assessment.hazards.matrix import matrix
from governance.policy.schema import Depth

MATRIX = matrix()


@dataclass
class A:
    """A control as a case names it."""

    kind: str = "design"
    description: str = "Second read within 24 hours"
    implementation: str = ""
    effectiveness: str = ""
    removed_at: Any = None


@dataclass
class H:
    """A hazard as a case names it: from 4 to 1 by one control, unless said otherwise."""

    number: int = 1
    status: str = "open"
    initial_rating: int | None = 4
    residual_rating: int | None = 1
    matrix_version: str | None = "dcb0129-ig-3.2"
    acceptance: str | None = None
    acceptance_reason: str = ""
    controls: list[A] = field(default_factory=lambda: [A()])


def said(blockers):
    return [blocker.sentence for blocker in blockers]


@pytest.mark.parametrize(
    ("hazard", "sentences"),
    [
        (H(), []),
        (H(residual_rating=None), ["Hazard 1 has no residual score."]),
        (
            H(number=2, initial_rating=None, residual_rating=None),
            ["Hazard 2 has no initial score.", "Hazard 2 has no residual score."],
        ),
        (H(number=4, residual_rating=4), ["Hazard 4 has a residual rating of 4: remove it or add a control."]),
        (
            H(initial_rating=5, residual_rating=5),
            ["Hazard 1 has a residual rating of 5: remove it or add a control."],
        ),
        (H(residual_rating=3), ["Hazard 1 stays at 3 and has no recorded reason why more control is impractical."]),
        (
            H(residual_rating=3, acceptance="cost_outweighs_benefit", acceptance_reason="Too dear"),
            ["Hazard 1 stays at 3 and has no recorded reason why more control is impractical."],
        ),
        (
            H(residual_rating=3, acceptance="impractical", acceptance_reason="  "),
            ["Hazard 1 stays at 3 and has no recorded reason why more control is impractical."],
        ),
        (H(residual_rating=3, acceptance="impractical", acceptance_reason="Each image is read anyway"), []),
        (H(residual_rating=2), ["Hazard 1 stays at 2 and has no recorded reason why that is accepted."]),
        (
            H(
                residual_rating=2,
                acceptance="cost_outweighs_benefit",
                acceptance_reason="A second reader for 1 in 9,000",
            ),
            [],
        ),
        (H(residual_rating=2, acceptance="impractical", acceptance_reason="No finer setting exists"), []),
        (H(controls=[]), ["Hazard 1 falls from 4 to 1 and has no control that explains it."]),
        (H(controls=[A(kind="existing")]), ["Hazard 1 falls from 4 to 1 and has no control that explains it."]),
        (H(controls=[A(removed_at="then")]), ["Hazard 1 falls from 4 to 1 and has no control that explains it."]),
        (H(initial_rating=1, controls=[]), []),
        (
            H(matrix_version="supplier-5x5"),
            ["Hazard 1 was scored with another matrix than the plan adopts: score it again."],
        ),
    ],
)
def test_what_keeps_a_hazard_from_being_relied_on(hazard, sentences):
    assert said(rules.hazard_blockers([hazard], Depth.FULL, MATRIX)) == sentences


def test_for_a_proof_of_concept_hazards_are_named_not_scored():
    unscored = H(initial_rating=None, residual_rating=None)
    assert rules.hazard_blockers([unscored], Depth.SHORT, MATRIX) == []
    assert said(rules.hazard_blockers([], Depth.SHORT, MATRIX)) == ["No hazard is named yet."]
    assert said(rules.hazard_blockers([], Depth.FULL, MATRIX)) == ["No hazard is named yet."]


@pytest.mark.parametrize(
    ("severity", "patients", "sentences"),
    [
        ("catastrophic", "multiple", []),
        ("major", "single", []),
        ("catastrophic", "single", ["Catastrophic is not a severity for a single patient."]),
        ("minor", "multiple", ["Minor is not a severity for several patients."]),
        ("dire", "single", ["There is no severity ‘dire’ in DCB0129 risk matrix."]),
        ("major", "some", ["Choose whether one patient or several could be harmed."]),
    ],
)
def test_one_death_is_major_so_catastrophic_needs_several_patients(severity, patients, sentences):
    assert said(rules.rate_blockers(MATRIX, severity=severity, likelihood="low", patients=patients)) == sentences


def test_an_unknown_likelihood_is_refused():
    found = rules.rate_blockers(MATRIX, severity="major", likelihood="often", patients="single")
    assert said(found) == ["There is no likelihood ‘often’ in DCB0129 risk matrix."]


@pytest.mark.parametrize(
    ("hazard", "rating", "codes"),
    [
        (H(initial_rating=None), 2, ["residual.no_initial"]),
        (H(initial_rating=2), 3, ["residual.higher"]),
        (H(initial_rating=4, controls=[A(kind="existing")]), 2, ["residual.no_control"]),
        (H(initial_rating=4, controls=[]), 4, []),
        (H(initial_rating=4), 2, []),
    ],
)
def test_a_residual_score_follows_from_the_initial_one_and_the_controls(hazard, rating, codes):
    assert [blocker.code for blocker in rules.residual_blockers(hazard, rating)] == codes


@pytest.mark.parametrize(
    ("rating", "acceptance", "reason", "codes"),
    [
        (None, "impractical", "so", ["accept.unscored"]),
        (5, "impractical", "so", ["accept.never"]),
        (4, "impractical", "so", ["accept.never"]),
        (3, "cost_outweighs_benefit", "so", ["accept.ground"]),
        (3, "impractical", " ", ["accept.reason"]),
        (3, "impractical", "so", []),
        (2, "", "so", ["accept.ground"]),
        (2, "cost_outweighs_benefit", "so", []),
        (1, "impractical", "so", ["accept.unneeded"]),
    ],
)
def test_which_residual_rating_is_accepted_on_which_ground(rating, acceptance, reason, codes):
    assert [blocker.code for blocker in rules.accept_blockers(rating, acceptance, reason, MATRIX)] == codes


@pytest.mark.parametrize(
    ("hazard", "status", "sentences"),
    [
        (H(), "closed", [
            "Hazard 1: nothing says how the implementation of “Second read within 24 hours” was verified.",
            "Hazard 1: nothing says how the effectiveness of “Second read within 24 hours” was verified.",
        ]),
        (H(controls=[A(implementation="Seen on 3 May", effectiveness="Audit of 50")]), "closed", []),
        (H(residual_rating=None, controls=[]), "closed", ["Hazard 1 has no residual score."]),
        (H(residual_rating=4, controls=[]), "closed", [
            "Hazard 1 has a residual rating of 4: remove it or add a control.",
        ]),
        (H(), "transferred", [
            "Hazard 1: nothing says how the implementation of “Second read within 24 hours” was verified.",
        ]),
        (H(controls=[A(kind="training")]), "transferred", []),
        (H(status="closed"), "open", []),
        (H(), "open", ["Hazard 1 is open already."]),
        (H(), "accepted", ["Choose one of the options listed."]),
    ],
)  # fmt: skip
def test_closed_means_all_done_and_transferred_means_the_manufacturers_part_is(hazard, status, sentences):
    assert said(rules.status_blockers(hazard, status, MATRIX)) == sentences


LIVE = "a" * 64


@pytest.mark.parametrize(
    ("latest", "approved", "approved_digest", "sentences"),
    [
        (None, None, None, ["No version of the hazard log is frozen for the clinical safety officer to approve."]),
        (2, None, None, ["Version 2 of the hazard log is not approved by the clinical safety officer."]),
        (2, 2, LIVE, []),
        (3, 2, LIVE, []),
        (
            2,
            2,
            "b" * 64,
            ["The hazard log changed since version 2 was approved: freeze it again, and have it approved."],
        ),
    ],
)
def test_a_log_is_relied_on_in_the_version_the_safety_officer_approved(latest, approved, approved_digest, sentences):
    facts = {"latest": latest, "approved": approved, "approved_digest": approved_digest}
    assert said(rules.log_blockers(LIVE, **facts, depth=Depth.FULL)) == sentences
    assert rules.log_blockers(LIVE, **facts, depth=Depth.SHORT) == []


@pytest.mark.parametrize(
    ("was", "now", "scores"),
    [
        (None, "existing", ("initial", "residual")),
        ("existing", None, ("initial", "residual")),
        ("design", "existing", ("initial", "residual")),
        ("existing", "training", ("initial", "residual")),
        ("design", None, ("residual",)),
        (None, "design", ()),
        ("design", "training", ()),
        ("test", "test", ()),
    ],
)
def test_a_score_does_not_outlive_the_controls_it_counted(was, now, scores):
    assert rules.cleared(was=was, now=now) == scores


def test_a_log_is_frozen_when_there_is_something_new():
    assert [b.code for b in rules.make_version_blockers(0, LIVE, None, None)] == ["version.empty"]
    assert said(rules.make_version_blockers(2, LIVE, 4, LIVE)) == ["Nothing changed since version 4 was frozen."]
    assert rules.make_version_blockers(2, LIVE, 4, "b" * 64) == []
    assert rules.make_version_blockers(2, LIVE, None, None) == []


def test_a_first_score_needs_no_reason_and_a_second_one_does():
    assert rules.score_again_blockers(None, "") == []
    assert said(rules.score_again_blockers(3, " ")) == ["Say why the score changes."]
    assert rules.score_again_blockers(3, "Three months of figures") == []


def test_what_only_some_hazards_say_has_no_key_where_it_is_not_said():
    """What was frozen before there were such keys keeps its digest."""
    names = (
        "number", "name", "description", "impact", "causes", "patients", "initial_severity", "initial_likelihood",
        "initial_rating", "residual_patients", "residual_severity", "residual_likelihood", "residual_rating",
        "matrix_version", "acceptance", "acceptance_reason", "owner", "actions", "status", "review_on", "source",
        *(f"supplier_{key}" for key in words.SUPPLIER_SAYS),
    )  # fmt: skip
    facts: dict[str, Any] = dict.fromkeys(names)
    plain = rules.hazard_content(SimpleNamespace(**facts, controls=[]))
    assert not {"review_on", "source", "supplier"} & set(plain)
    said = facts | {"review_on": date(2027, 5, 3), "source": "supplier", "supplier_initial": "12 (orange)"}
    full = rules.hazard_content(SimpleNamespace(**said, controls=[]))
    assert full == plain | {"review_on": "2027-05-03", "source": "supplier", "supplier": {"initial": "12 (orange)"}}


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"name": "  "}, ["Name the hazard."]),
        ({"owner": ""}, []),
        ({"name": "x" * 201}, ["The name must be 200 characters or fewer."]),
        ({"supplier_initial": "x" * 61}, ["The supplier’s initial rating must be 60 characters or fewer."]),
        ({"supplier_scheme": None, "name": "Missed"}, []),
    ],
)
def test_a_text_without_a_name_or_too_long_for_its_place_is_refused(values, said):
    assert [blocker.sentence for blocker in rules.text_blockers(values)] == said
