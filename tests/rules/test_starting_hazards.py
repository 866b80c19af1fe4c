"""The published list of starting hazards: enough of each kind, whole, never scored, and never changed once released."""

import hashlib
import re

import pytest
import yaml

from governance.assessment.hazards.matrix import PUBLISHED
from governance.assessment.hazards.starters.library import CURRENT, FEWEST, LibraryFault, library

RELEASED = "a35d28c5ab06d188aedb48cbcb002a10d63211340bab06d0d7137d6a5047ef8a"
KINDS = {"imaging": 10, "ambient_scribe": 11, "risk_prediction": 10, "chatbot": 10, "administrative": 9}
HAZARDS = [(kind, each) for kind in library().kinds for each in kind.hazards]
IDS = [kind.source(each) for kind, each in HAZARDS]


def test_the_released_list_is_never_changed():
    assert hashlib.sha256((PUBLISHED / f"{CURRENT}.yaml").read_bytes()).hexdigest() == RELEASED == library().file_digest


def test_each_kind_of_tool_has_its_hazards_and_each_kind_is_one_of_the_triage():
    assert {each.kind: len(each.hazards) for each in library().kinds} == KINDS
    assert min(KINDS.values()) >= FEWEST
    policy = yaml.safe_load((PUBLISHED.parents[2] / "policy" / "london-1.yaml").read_text())
    asked = next(fact for fact in policy["facts"] if fact["code"] == "kind")
    assert set(KINDS) == {value["code"] for value in asked["values"]} - {"other"}


@pytest.mark.parametrize(("kind", "hazard"), HAZARDS, ids=IDS)
def test_a_hazard_has_cause_effect_and_controls_of_more_than_one_kind(kind, hazard):
    assert hazard.causes and hazard.effect and hazard.description
    assert len({each.kind for each in hazard.added}) >= 2
    assert len(kind.source(hazard)) <= 80


@pytest.mark.parametrize("hazard", [each for _, each in HAZARDS], ids=IDS)
def test_a_hazard_is_written_in_short_plain_sentences(hazard):
    texts = [hazard.name, hazard.description, hazard.effect, *hazard.causes, *(each.text for each in hazard.controls)]
    long = [part for text in texts for part in re.split(r"(?<=[.!?])\s+", text) if len(part.split()) > 22]
    assert long == []
    assert [text for text in texts if "'" in text or "!" in text or "  " in text] == []


def test_the_page_says_that_the_words_are_ours():
    assert library().provenance_shown == "Our own default, not the framework’s text"


def test_no_kind_is_there_for_what_is_not_known():
    assert library().of("other") is None


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda raw: raw["kinds"][0]["hazards"][1].update(number=1), "the hazard ‘library:imaging 1’ is there twice"),
        (lambda raw: raw["kinds"][0].update(hazards=raw["kinds"][0]["hazards"][:7]), "at least 8 items"),
        (lambda raw: raw["kinds"][0]["hazards"][0].update(severity="major"), "Extra inputs are not permitted"),
        (lambda raw: raw["kinds"][0]["hazards"][0].update(causes=[]), "at least 1 item"),
    ],
)
def test_a_faulty_list_stops_the_start_with_a_sentence(tmp_path, change, said):
    raw = yaml.safe_load((PUBLISHED / f"{CURRENT}.yaml").read_text())
    change(raw)
    (tmp_path / f"{CURRENT}.yaml").write_text(yaml.safe_dump(raw, allow_unicode=True))
    with pytest.raises(LibraryFault, match=said):
        library(CURRENT, tmp_path)
