"""Every arrow of a submission and of a standing, and every arrow there is not."""

import itertools

import pytest

from governance import lifecycle
from governance.errors import Refused
from governance.lifecycle import Stage, Standing, SubmissionKind, SubmissionStatus
from governance.permissions import Role

# from, arrow, to: the policy's table "Submission"
SUBMISSION = {
    ("drafted", "propose"): "opened",
    ("opened", "submit"): "submitted",
    ("returned", "submit"): "submitted",
    ("submitted", "recall"): "opened",
    ("submitted", "return_for_information"): "returned",
    ("submitted", "refuse"): "not_approved",
    ("submitted", "defer"): "deferred",
    ("deferred", "resume_decision"): "submitted",
    ("submitted", "authorise"): "authorised",
    ("drafted", "hold"): "held",
    ("opened", "hold"): "held",
    ("returned", "hold"): "held",
    ("drafted", "withdraw"): "withdrawn",
    ("opened", "withdraw"): "withdrawn",
    ("submitted", "withdraw"): "withdrawn",
    ("returned", "withdraw"): "withdrawn",
    ("deferred", "withdraw"): "withdrawn",
    ("held", "withdraw"): "withdrawn",
}
# from, arrow, to: the policy's table "Standing and ladder"
STANDING = {
    ("proposed", "take_effect"): "assured",
    ("declared", "take_effect"): "assured",
    ("assured", "take_effect"): "assured",
    ("lapsed", "take_effect"): "assured",
    ("assured", "lapse"): "lapsed",
    ("declared", "suspend"): "suspended",
    ("assured", "suspend"): "suspended",
    ("lapsed", "suspend"): "suspended",
    ("proposed", "cease"): "ceased",
    ("declared", "cease"): "ceased",
    ("assured", "cease"): "ceased",
    ("lapsed", "cease"): "ceased",
    ("suspended", "cease"): "ceased",
}


@pytest.mark.parametrize(("status", "arrow"), list(itertools.product(SubmissionStatus, lifecycle.SUBMISSION_ARROWS)))
def test_each_arrow_of_a_submission_leads_where_the_table_says_or_nowhere(status, arrow):
    if (status, arrow) in SUBMISSION:
        assert lifecycle.submission_arrow(status, arrow) == SUBMISSION[status, arrow]
    elif (status, arrow) == ("held", "release"):
        assert lifecycle.submission_arrow(status, arrow, before=SubmissionStatus.OPENED) == "opened"
    else:
        with pytest.raises(Refused, match=r"It cannot be .* now: this submission is .*\.$"):
            lifecycle.submission_arrow(status, arrow)


@pytest.mark.parametrize(("standing", "arrow"), list(itertools.product(Standing, lifecycle.STANDING_ARROWS)))
def test_each_arrow_of_a_standing_leads_where_the_table_says_or_nowhere(standing, arrow):
    if (standing, arrow) in STANDING:
        assert lifecycle.standing_arrow(standing, arrow) == STANDING[standing, arrow]
    elif (standing, arrow) == ("suspended", "resume"):
        assert lifecycle.standing_arrow(standing, arrow, before=Standing.ASSURED) == "assured"
    else:
        with pytest.raises(Refused, match=r"It cannot be .* now: this deployment is .*\.$"):
            lifecycle.standing_arrow(standing, arrow)


def test_a_submission_is_started_once():
    assert lifecycle.submission_arrow(None, "start") == "drafted"
    with pytest.raises(Refused):
        lifecycle.submission_arrow(None, "submit")


@pytest.mark.parametrize(("arrow", "standing"), [("propose", "proposed"), ("declare", "declared")])
def test_a_deployment_begins_proposed_or_declared(arrow, standing):
    assert lifecycle.standing_arrow(None, arrow) == standing


@pytest.mark.parametrize("before", ["drafted", "opened", "returned"])
def test_a_release_goes_back_to_what_was_held(before):
    assert lifecycle.submission_arrow(SubmissionStatus.HELD, "release", before=SubmissionStatus(before)) == before


@pytest.mark.parametrize("before", [None, SubmissionStatus.SUBMITTED])
def test_a_release_refuses_what_cannot_have_been_held(before):
    with pytest.raises(Refused, match="what it was before is not known"):
        lifecycle.submission_arrow(SubmissionStatus.HELD, "release", before=before)


@pytest.mark.parametrize(
    ("before", "ended_meanwhile", "then"),
    [
        ("assured", False, "assured"),
        ("assured", True, "lapsed"),
        ("declared", False, "declared"),
        ("lapsed", True, "lapsed"),
    ],
)
def test_resuming_gives_back_the_standing_before_unless_its_approval_ended(before, ended_meanwhile, then):
    found = lifecycle.standing_arrow(
        Standing.SUSPENDED, "resume", before=Standing(before), ended_meanwhile=ended_meanwhile
    )
    assert found == then


def test_nothing_leaves_an_end():
    for arrow in lifecycle.SUBMISSION_ARROWS.values():
        assert not set(arrow.sources) & lifecycle.CLOSED_STATUSES
    for arrow in lifecycle.STANDING_ARROWS.values():
        assert Standing.CEASED not in arrow.sources


def test_open_statuses_are_those_that_can_be_withdrawn():
    assert set(lifecycle.SUBMISSION_ARROWS["withdraw"].sources) == lifecycle.OPEN_STATUSES


def test_arrows_name_roles_that_exist():
    others = {lifecycle.SIGNER_IN_TURN, lifecycle.AUTHORISER, lifecycle.SYSTEM}
    for arrow in (*lifecycle.SUBMISSION_ARROWS.values(), *lifecycle.STANDING_ARROWS.values()):
        assert set(arrow.by) <= {*Role, *others}, arrow.name


@pytest.mark.parametrize(
    ("arrow", "by"),
    [
        ("suspend", {"cso", "clinical_lead", "sro", "authorising_executive"}),
        ("lapse", {"system"}),
        ("resume", {"cso", "authoriser"}),
    ],
)
def test_who_may_change_a_standing(arrow, by):
    assert set(lifecycle.STANDING_ARROWS[arrow].by) == by


def test_the_words_of_the_framework_are_exact():
    labels = ["Pipeline", "Proof of concept", "Pilot", "Implementation", "Business as usual"]
    assert [stage.label for stage in Stage] == labels
    assert [stage.position for stage in Stage] == [0, 1, 2, 3, 4]
    assert [kind.label for kind in SubmissionKind] == [
        "Progress", "Re-assurance", "Extend pilot", "Step back", "Cease",
    ]  # fmt: skip


def test_the_diagram_has_a_line_for_every_arrow():
    lines = {line.strip() for line in lifecycle.diagram().splitlines()}
    for (source, arrow), target in (SUBMISSION | STANDING).items():
        assert f"{source} --> {target}: {arrow}" in lines
    for before in ("drafted", "opened", "returned"):
        assert f"held --> {before}: release" in lines
    for before in ("declared", "assured", "lapsed"):
        assert f"suspended --> {before}: resume" in lines
    assert {"[*] --> drafted: start", "[*] --> proposed: propose", "[*] --> declared: declare"} <= lines
    assert len([line for line in lines if ": " in line]) == len(SUBMISSION) + len(STANDING) + 9
