"""The edition for partners: what is on the list is kept, all else stays back, whatever somebody adds to a pack one day."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance.assessment.packs import reading
from governance.lifecycle import Stage, Standing
from governance.sharing import rules
from tests.reports import samples

SECRET = "kept from partners"
SECTIONS = samples.normal().sections


def texts(value: Any) -> list[str]:
    """Every text in plain content, keys left out."""
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        return [text for each in value.values() for text in texts(each)]
    if isinstance(value, list | tuple):
        return [text for each in value for text in texts(each)]
    return []


def spread(value: Any, extra: str, secret: Any) -> Any:
    """The same content with one more, unknown field in every object."""
    if isinstance(value, dict):
        return {key: spread(each, extra, secret) for key, each in value.items()} | {extra: secret}
    if isinstance(value, list | tuple):
        return [spread(each, extra, secret) for each in value]
    return value


PEOPLE = ("by", "reason", "registration", "answered_by", "added_by", "owner", "note", "same_as", "acceptance_reason",
          "actions", "implementation", "effectiveness", "filename", "source_note")  # fmt: skip


def marked(value: Any) -> Any:
    """The same content with a secret in each field that never may be shared."""
    if isinstance(value, dict):
        return {key: SECRET if key in PEOPLE and isinstance(each, str) else marked(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [marked(each) for each in value]
    return value


@pytest.mark.parametrize("section", SECTIONS, ids=lambda each: each.code)
def test_names_reasons_notes_and_owners_stay_back(section):
    assert [text for text in texts(rules.partner_edition(marked(section.content))) if SECRET in text] == []


@given(
    extra=st.text(min_size=1, max_size=12).map(lambda text: f"x_{text}"),
    secret=st.recursive(
        st.just(SECRET), lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    section=st.sampled_from(SECTIONS),
)
def test_a_field_nobody_thought_of_stays_back(extra, secret, section):
    edited = rules.partner_edition(spread(section.content, extra, secret))
    assert [text for text in texts(edited) if SECRET in text] == []
    assert edited == rules.partner_edition(section.content)


@given(kind=st.text(max_size=12).filter(lambda text: text not in rules.KINDS))
def test_a_kind_of_part_nobody_thought_of_stays_back(kind):
    content = {"matter": {"parts": [{"kind": kind, "text": SECRET}]}, "judgement": None}
    assert rules.partner_edition(content) == {"matter": {"parts": []}, "judgement": None}


def question(**changed: Any) -> dict[str, Any]:
    return {
        "code": "C3.1", "words": "Is it tested?", "criterion": "Within 12 months.", "provenance": "Official text",
        "state": "answered", "state_says": "", "withheld_from": [], "evidence": [], "finding": "met", "finding_says": "",
        "value": SECRET, "words_chosen": [SECRET], "note": SECRET, "source": "typed", "answered_by": SECRET,
        "answered_at": "2026-11-02T09:00:00+00:00",
    } | changed  # fmt: skip


@pytest.mark.parametrize("withheld", [["partner", "public"], ["public"]])
def test_a_withheld_answer_leaves_what_it_came_to(withheld):
    edited = rules._question(question(withheld_from=withheld))
    assert (edited["words_chosen"], edited["finding"]) == ([rules.KEPT_BACK], "met")
    assert SECRET not in str(edited)


def test_an_open_answer_is_kept_without_its_note():
    edited = rules._question(question())
    assert (edited["words_chosen"], edited["note"]) == ([SECRET], "")
    assert "answered_by" not in edited


@pytest.mark.parametrize(("shareable", "kept"), [(True, 1), (False, 0), (None, 0), ("yes", 0)])
def test_only_evidence_marked_as_shareable_is_named(shareable, kept):
    paper = {"title": "Certificate", "issuer": "IASME", "shareable": shareable, "filename": SECRET}
    edited = rules._question(question(evidence=[paper]))
    assert len(edited["evidence"]) == kept
    assert "filename" not in str(edited["evidence"]) or SECRET not in str(edited["evidence"])


@pytest.mark.parametrize("name", ["contract_signed_on", "approved_by", "data_held_in", "penetration_tested_on", "unknown"])
def test_facts_of_documents_that_are_not_listed_stay_back(name):
    given_fact = {"name": name, "label": "A fact", "type": "text", "value": SECRET, "words": SECRET}
    for row in (*rules.DOCUMENT_FACTS, "rollout", "anything"):
        document = {
            "title": SECRET, "version": "2", "dated_on": "2026-05-03", "review_due_on": None, "facts": [given_fact],
            "evidence": None, "added_by": SECRET, "added_at": SECRET,
        }  # fmt: skip
        assert SECRET not in str(rules._given(row, document))


@pytest.mark.parametrize("section", SECTIONS, ids=lambda each: each.code)
def test_what_is_kept_reads_as_a_page(section):
    edited = rules.partner_edition(section.content)
    said = " ".join(texts([list(block.facts) + list(block.sentences) for block in reading.blocks(edited["matter"])]))
    assert ", ," not in said
    assert "by ," not in said


@pytest.mark.parametrize(
    ("stage", "standing", "declared", "told"),
    [
        (Stage.PIPELINE, Standing.PROPOSED, False, False),
        (Stage.PROOF_OF_CONCEPT, Standing.ASSURED, False, False),
        (Stage.PROOF_OF_CONCEPT, Standing.DECLARED, True, True),
        (Stage.PILOT, Standing.ASSURED, False, True),
        (Stage.BUSINESS_AS_USUAL, Standing.SUSPENDED, False, True),
        (Stage.PILOT, Standing.CEASED, False, True),
        (Stage.PIPELINE, Standing.CEASED, False, False),
    ],
)
def test_the_public_is_told_of_what_is_in_use(stage, standing, declared, told):
    assert rules.is_public(stage=stage, standing=standing, declared=declared) is told
