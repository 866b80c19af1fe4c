"""What a newer version of a tool takes from the one before: which answers are offered, what counts, and what says the same."""

import pytest

from governance.approval.changes import rules as change_rules
from governance.assessment.packs import as_signed, slots
from governance.assessment.question_sets import loader
from governance.assessment.question_sets.values import AnswerValue
from governance.assessment.sheets import version_rules as rules
from governance.assessment.sheets.version_rules import Origin, Own, Said
from governance.policy import policy

DTAC = loader.question_set("dtac-2.0")
LONDON = policy("london-2")
FACTS = {"direct_care": "yes", "depth": "full"}


def said(code="C3.1", value="provided", revision=1) -> Said:
    return Said(AnswerValue(value), Origin(DTAC.code, code, revision, "2.3"))


def own(value="provided", *, confirmed=True, source="typed", origin=None) -> Own:
    return Own(AnswerValue(value), confirmed, source, origin)


CARRIED = {"source": "tool_version", "origin": "dtac-2.0 C3.1 1 2.3"}


@pytest.mark.parametrize(
    ("there", "offer", "expected"),
    [
        (None, said(), "new"),
        (own(None), said(), "new"),  # somebody took it away
        (own("not_provided"), said(), ""),  # said of the newer version: it stands
        (own("not_provided", source="supplier_form", confirmed=False), said(), ""),
        (own("not_provided", source="supplier_link"), said(), ""),
        (own("not_provided", source="register", confirmed=False), said(), ""),
        (own(**CARRIED), said(), ""),
        (own(**CARRIED), said(value="not_provided", revision=2), "changed"),
        (own(**CARRIED), said(revision=2), ""),  # given again, and says the same
        (own("not_provided", source="tool_version", origin="dtac-2.0 C3.1 1 2.2"), said(), ""),  # carried from an older one still
    ],
)
def test_an_answer_is_offered_where_nobody_spoke_of_the_newer_version(there, offer, expected):
    assert rules.standing(there, offer) == expected


@pytest.mark.parametrize(
    ("code", "value", "here", "expected"),
    [
        ("C3.1", "provided", {}, True),
        ("A3", "2.3", {}, False),  # the register says of one version alone what its number is
        ("C3.1", "an option that went", {}, False),
        ("C1.1.2", "no", {"C1.1.1": own("yes")}, True),
        ("C1.1.2", "no", {"C1.1.1": own("no")}, False),
        ("nothing", "provided", {}, False),
    ],
)
def test_only_what_would_be_asked_and_still_answers_is_offered(code, value, here, expected):
    assert (code in rules.offered(DTAC, here, {code: said(code, value)}, FACTS)) is expected


@pytest.mark.parametrize("text", ["dtac-2.0 C2.2.5", "form 2.docx, table 1", "", None, "a b ² 2.3"])
def test_only_the_origin_of_a_carried_answer_names_a_version(text):
    assert rules.origin_of(text) is None
    assert rules.origin_of(str(Origin("dtac-2.0", "C3.1", 4, "2.3 beta"))) == Origin("dtac-2.0", "C3.1", 4, "2.3 beta")


@pytest.mark.parametrize(
    ("covers", "returned", "expected"), [(None, False, True), (7, False, True), (6, False, False), (6, True, True)]
)
def test_evidence_of_another_version_counts_only_where_it_is_the_suppliers_own_return(covers, returned, expected):
    assert rules.counts_for(covers, returned=returned, version=7) is expected


def test_what_covers_another_version_says_which():
    assert rules.covers_only("Chestwise 2.3", "Chestwise") == "covers version 2.3 only"
    assert rules.covers_only("Bonewise 1.0", "Chestwise") == "covers Bonewise 1.0 only"
    assert [each.code for each in rules.carry_blockers(looked=False, version="2.4")] == ["looked"]


def question(code="C2.1", **changed):
    return {
        "code": code, "state": "answered", "value": "yes", "words_chosen": ["Yes"], "note": "", "finding": "met",
        "answered_by": "A", "answered_at": "2026-10-01T09:00:00+00:00", "evidence": [],
    } | changed  # fmt: skip


def matter(*questions, **part):
    return {"parts": [{"kind": "answers", "question_set": "dtac-2.0", "sections": [{"questions": list(questions)}]} | part]}


PAPER = {"title": "Test", "kind": "penetration_test", "sha256": "a", "url": None, "expires_on": "2027-01-01", "covers": "T 2.3"}


@pytest.mark.parametrize(
    ("after", "expected"),
    [
        (matter(question(evidence=[PAPER])), True),
        (matter(question(evidence=[PAPER | {"covers": "T 2.4"}], answered_by="B", carried_from="2.3")), True),
        (matter(question(evidence=[PAPER], note="Since May")), False),
        (matter(question(evidence=[PAPER], value="no")), False),
        (matter(question(evidence=[])), False),  # it covers the older version only, and was left behind
        (matter(question(evidence=[PAPER | {"sha256": "b"}])), False),
        (matter(question(evidence=[PAPER]), question("C2.2")), False),
        (matter(question(evidence=[PAPER]), question_set="dtac-3.0"), False),
        (matter(question(evidence=[PAPER], state="unanswered", answered_at=None)), False),
        ({"parts": [*matter(question(evidence=[PAPER]))["parts"], {"kind": "hazard_log"}]}, False),
    ],
)
def test_a_section_is_as_signed_only_where_every_answer_and_its_evidence_is(after, expected):
    assert as_signed.same(matter(question(evidence=[PAPER])), after) is expected


@pytest.mark.parametrize(
    ("section", "carried", "expected"),
    [
        ("dtac.c2", (), "Version 2.4"),
        ("dtac.c2", ("dtac.c2", "dtac.c1"), ""),
        ("dtac.c1", ("dtac.c2", "dtac.c1"), "Version 2.4"),  # clinical safety is never let off
        ("hazard_log", ("hazard_log",), "Version 2.4"),
        ("dpia", (), ""),
    ],
)
def test_policy_says_which_sections_a_version_touches_no_more(section, carried, expected):
    row = change_rules.row_of(LONDON, "version")
    let_off = change_rules.unless_carried(LONDON, "version")
    touch = slots.Touch("Version 2.4", None, "", "", row.touches, let_off)
    assert slots.touched_by([touch], [section], carried) == expected


def test_no_change_lets_clinical_safety_off():
    for row in LONDON.changes:
        assert set(row.unless_carried) <= set(row.touches) - {"dtac.c1", "dcb0129", "hazard_log", "device", "scribing", "monitoring_plan"}
    assert change_rules.unless_carried(policy("london-1"), "version") == ()
