"""Published question sets load whole; a faulty file is refused with one sentence naming file, item and fault."""

import copy
import hashlib
import re

import pytest
import yaml
from click.testing import CliRunner

from governance.assessment.question_sets import commands, loader
from governance.assessment.question_sets.faults import QuestionSetFault, UnknownQuestionSet

RELEASED = {
    "atrs-1": "47cebb27c113d9d08bb2bec0b5db09d77d9f8b33f68884e6c4e2b3b254540f9d",
    "cyber-1": "7a8968b1d5f20bae423a3c3b56880c2ba06dde6b4ae0970b494e9c6d37b72634",
    "dcb0129-4.2": "47b40d1de96a5cf5dfbcb00e029cb0da808d53af4a0371228b1ec5eb2e2e2100",
    "dcb0160-3.2": "bbe659c7fe0c3df0918bf12ec222949df6f4cfa0023f2c5116706630505fc589",
    "device-1": "9ca0b8a4049873f3d297660fd314c476edbabb8d66a889517402c03201ca4ab7",
    "dpia-1": "1f6397d89badca77354eaf2d870a156bb9f5310117771e3c1c2af15f6f9d3c66",
    "dtac-1.0": "575471eb0f5b0d4b2c9972f79fa9c2c71587b62e7ce3d04da8b54e8ae40488e6",
    "dtac-2.0": "b54338eb4c51b018cb41351c52ced8acd92decda0359925698ac6f7f03035f7f",
    "equality-1": "6b346498ab130d07ccd43788eea1cfeb4495dbbe35afd7d4c5cefec8759e1936",
    "ethics-1": "050c190c972b937fcafbd4b2ac1d3231af9d146b9db7533e524b6b5461560de0",
    "nice-esf-2022": "f36f50fbd6e2a90e23241e7d339c68874285ca09e5dfdb9a8234133268f38a0d",
    "rollout-1": "2e8642832b2af955f6d7dcbb226839c821730da01c356b4a68239a67c53f1eb6",
    "scribing-1": "611c5ed2f0738bc8814a6153815fd630b7202352c4536b89c59e5b9a6625338d",
    "sustainability-1": "7943687eb901cf60b5c256cb6d33c4bd8a2870703611f581b3c549c72b1a1090",
    "tool-facts-1": "98b185215e2b3f07f372e11874a4fda4d86585055c34eeea3901e87092d5e311",
    "tool-facts-2": "edb43dfb51e51933b811d9b2329da992e187892e386d1ff3981ee2a89748e699",
}

SOUND = {
    "code": "small-1",
    "instrument": "Small",
    "version": "1",
    "title": "Small",
    "owner": "Nobody",
    "scope": "tool",
    "published": "2026-01-01",
    "source": {"title": "None", "how_read": "Made up."},
    "provenance": "default",
    "status": "Made up.",
    "watch_on": "2027-01-01",
    "sections": [
        {
            "code": "s.one",
            "label": "One",
            "title": "One",
            "gate": "pass_fail",
            "provenance": "default",
            "questions": [
                {"code": "Q1", "words": "First?", "response": "yes_no", "provenance": "default"},
                {"code": "Q2", "words": "Second?", "response": "free_text", "provenance": "default"},
                {
                    "code": "Q3",
                    "words": "Third?",
                    "response": "yes_no",
                    "provenance": "default",
                    "asked_when": {"answer": "Q1", "is": "yes"},
                },
            ],
        }
    ],
}


def write(folder, content, name="small-1.yaml"):
    text = content if isinstance(content, str) else yaml.safe_dump(content, sort_keys=False)
    (folder / name).write_text(text, encoding="utf-8")


def faulty(folder):
    with pytest.raises(QuestionSetFault) as fault:
        loader.all_question_sets(folder)
    return str(fault.value)


@pytest.mark.parametrize(("code", "digest"), RELEASED.items())
def test_a_released_file_is_never_changed(code, digest):
    content = (loader.PUBLISHED / f"{code}.yaml").read_bytes()
    assert hashlib.sha256(content).hexdigest() == digest
    assert loader.question_set(code).file_digest == digest


def test_every_released_file_has_its_digest_pinned():
    assert {each.code for each in loader.all_question_sets()} == set(RELEASED)


def test_a_code_that_nobody_published_is_said_so():
    with pytest.raises(UnknownQuestionSet, match="There is no question set ‘dtac-9’."):
        loader.question_set("dtac-9")


def test_a_sound_file_loads_from_any_folder(tmp_path):
    write(tmp_path, SOUND)
    loaded = loader.question_set("small-1", tmp_path)
    assert [question.gate for question in loaded.questions] == ["pass_fail"] * 3
    assert loaded.provenance_shown == "Our own default, not the framework’s text"
    assert loaded.section("s.one").pack_section == "s.one"
    with pytest.raises(LookupError, match="small-1 has no section ‘s.two’."):
        loaded.section("s.two")


def question(number, **changes):
    """The sound content with one question changed; a value of None removes the field."""
    content = copy.deepcopy(SOUND)
    entry = content["sections"][0]["questions"][number]
    entry.update(changes)
    for field in [field for field, value in entry.items() if value is None]:
        del entry[field]
    return content


def top(**changes):
    return copy.deepcopy(SOUND) | changes


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (question(1, code="Q1"), "Q1: this question code is used twice."),
        (question(1, code="q1"), "Q1: this question code is used twice."),
        (top(sections=SOUND["sections"] * 2), "s.one: this section code is used twice."),
        (question(2, asked_when={"answer": "Q9", "is": "yes"}), "Q3: it routes on Q9, which is not in this set."),
        (question(0, asked_when={"answer": "Q3", "is": "yes"}), "Q1: it routes on Q3, which comes later"),
        (question(2, asked_when={"answer": "Q3", "is": "yes"}), "Q3: it routes on its own answer."),
        (
            question(2, asked_when={"answer": "Q1", "is": "maybe"}),
            "Q3: it routes on Q1 being ‘maybe’, which is not one",
        ),
        (question(2, asked_when={"answer": "Q2", "is": "text"}), "Q3: it routes on Q2 being ‘text’, which is not one"),
        (question(2, asked_when={"answer": "Q1", "is": True}), "Q3: ‘is’ must be in quotes: an unquoted yes or no"),
        (question(2, asked_when={"answer": "Q1", "in": ["yes", False]}), "Q3: ‘in’ must be in quotes"),
        (question(2, asked_when={"answer": "Q1"}), "Q3: ‘answer’ is wrong: it must have either ‘is’ or ‘in’"),
        (question(2, asked_when={"answer": "Q1", "is": "yes", "in": ["no"]}), "Q3: ‘answer’ is wrong: it must have"),
        (
            question(2, asked_when={"after": "Q1"}),
            "Q3: ‘asked_when’ must say exactly one of all, any, not, answer, fact.",
        ),
        (question(2, asked_when={"all": []}), "Q3: ‘all’ is wrong"),
        (question(2, asked_when={"fact": "colour", "is": "red"}), "Q3: it routes on the fact ‘colour’, which triage"),
        (
            question(2, asked_when={"all": [{"answer": "Q1", "is": "yes"}, {"answer": "Q1", "is": "no"}]}),
            "Q3: no answers ever lead to it.",
        ),
        (question(0, required=False), "Q3: it routes on Q1, which is optional."),
        (question(1, passes={"met": ["yes"]}), "Q2: ‘passes.met’ names ‘yes’, which is not one of its options."),
        (question(0, requires_reason_for=["not_applicable"]), "Q1: ‘requires_reason_for’ names ‘not_applicable’"),
        (question(0, evidence_wanted_for=["maybe"]), "Q1: ‘evidence_wanted_for’ names ‘maybe’"),
        (question(0, passes={"met": ["yes"], "not_met": ["yes"]}), "Q1: ‘yes’ both meets and does not meet"),
        (question(1, response="single_choice"), "Q2: a single_choice needs at least two options."),
        (
            question(1, response="single_choice", options=[{"value": "a", "words": "A"}] * 2),
            "Q2: the option ‘a’ is written twice.",
        ),
        (question(0, options=[{"value": "yes", "words": "Aye"}]), "Q1: its options are not those of yes_no."),
        (question(1, options=[{"value": "a", "words": "A"}]), "Q2: its options are not those of free_text."),
        (question(1, options=[{"value": True, "words": "A"}]), "Q2: ‘value’ must be in quotes: an unquoted yes or no"),
        (question(1, response="essay"), "Q2: ‘response’ is wrong"),
        (question(1, response=True), "Q2: ‘response’ must be in quotes"),
        (question(1, words=None), "Q2: ‘words’ is missing."),
        (question(1, code=None), "question 2 of s.one: ‘code’ is missing."),
        (question(1, colour="red"), "Q2: ‘colour’ is not a field that is known here."),
        (question(1, gate="hard"), "Q2: ‘gate’ is wrong"),
        (top(version=2.0), "version: ‘version’ must be in quotes: it was read as the number 2.0."),
        (top(published="soon"), "published: ‘published’ is wrong"),
        (top(scope="everybody"), "scope: ‘scope’ is wrong"),
        (top(code="small-2"), "code: it is ‘small-2’ but the file is named ‘small-1’."),
        (top(superseded_by="small-9"), "superseded_by: there is no other question set ‘small-9’."),
        (top(superseded_by="small-1"), "superseded_by: there is no other question set ‘small-1’."),
        (top(sections=[]), "sections: ‘sections’ is wrong"),
        (top(sections="none"), "sections: ‘sections’ is wrong"),
        ("code: [", "line 2: "),
        ("code: 'a'\ncode: 'b'\n", "line 2: ‘code’ is written twice in one place."),
        ("- a list\n", "the file: it holds no named fields at its top."),
        ("", "the file: it holds no named fields at its top."),
    ],
)
def test_a_fault_names_file_item_and_fault(tmp_path, content, sentence):
    write(tmp_path, content)
    said = faulty(tmp_path)
    assert said.startswith("small-1.yaml, ")
    assert said.removeprefix("small-1.yaml, ").startswith(sentence)
    assert re.fullmatch(r"[^\n]+\.", said)


def test_bytes_that_are_not_utf_8_are_refused(tmp_path):
    (tmp_path / "small-1.yaml").write_bytes(b"code: '\xff'")
    assert faulty(tmp_path) == "small-1.yaml, the file: it is not valid YAML in UTF-8."


def test_the_check_command_counts_and_lists_every_route():
    result = CliRunner().invoke(commands.question_sets, ["check"])
    assert result.exit_code == 0, result.output
    assert "dtac-2.0  Digital Technology Assessment Criteria 2.0 (tool), 58 questions" in result.output
    assert "by gate:       22 none, 28 pass_fail, 8 scored_not_gating" in result.output
    assert "by provenance: 58 third-party" in result.output
    assert "asked: 28 on the shortest route, 57 on the longest" in result.output
    assert "2 asked when C1.1.1 is Yes, C1.1.2 is Yes" in result.output
    assert f"{len(RELEASED)} question sets, no faults" in result.output


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        pytest.param(
            question(2, asked_when={"answer": "Q9", "is": "yes"}),
            "Q3: it routes on Q9, which is not in this set.",
            id="a dangling route",
        ),
        pytest.param(question(1, code="Q1"), "Q1: this question code is used twice.", id="a code used twice"),
        pytest.param(
            question(2, asked_when={"all": [{"answer": "Q1", "is": "yes"}, {"answer": "Q1", "is": "no"}]}),
            "Q3: no answers ever lead to it.",
            id="a question that cannot be reached by answers",
        ),
        pytest.param(
            question(2, asked_when={"all": [{"fact": "tier", "is": "low"}, {"fact": "tier", "is": "high"}]}),
            "Q3: no answers ever lead to it.",
            id="a question that cannot be reached by facts",
        ),
    ],
)
def test_the_check_command_stops_with_the_sentence(tmp_path, content, sentence):
    write(tmp_path, content)
    result = CliRunner().invoke(commands.question_sets, ["check", "--folder", str(tmp_path)])
    assert result.exit_code == 1
    assert result.stderr == f"small-1.yaml, {sentence}\n"
