"""Policy in sentences, on the page and on the command line."""

import pytest
from click.testing import CliRunner

from governance.lifecycle import Stage
from governance.policy import Tier, additions, policy, versions
from governance.policy import explain as explaining
from governance.policy.commands import policy_commands
from governance.policy.explain import explain
from tests.rules.policy_cases import POLICY, facts


def test_a_high_tier_pilot_is_explained_from_tier_to_time():
    lines = explain(
        POLICY, facts("direct_care=yes device=class_iia personal_data=confidential"), Stage.PILOT,
        stage_from=Stage.PIPELINE,
    )  # fmt: skip
    assert lines[:3] == [
        "Policy london-1: Progress to Pilot.",
        "Tier: high (Full review).",
        "  It is a medical device of class IIa or above. Basis: a default of ours.",
    ]
    assert "What must be shown, with Proof of concept, which it skips:" in lines
    assert (
        "  Data protection impact assessment (full), answered by the information governance lead."
        " Judged by the information governance lead. Asked because it uses personal data."
        " Basis: official: UK GDPR, article 35; the stages are ours."
    ) in lines
    assert (
        "  Monitoring plan (short: success criteria, end date and stop rule), answered by the digital lead and clinical lead."
        " Judged by the clinical safety officer. Asked of every tool at this stage. Basis: a default of ours."
    ) in lines
    assert (
        "  8. Authorising executive authorises, seeing the whole pack. After the senior responsible owner."
        " Expected within 10 working days. Asked because the tier is high."
        " Basis: official: DCB0160 v3.2, 2.2.2: top management authorises deployment and accepts residual clinical risk."
    ) in lines
    assert (
        "  A hazard with a residual rating of 4 or 5. Looked at because its output reaches direct care."
        " Basis: official: DCB0160 implementation guidance v3.2, table 10."
    ) in lines
    assert lines[-3:] == [
        "Times:",
        "  The approval lasts 6 months at most. Basis: a default of ours.",
        "  It is reviewed every month. Basis: a default of ours.",
    ]


@pytest.mark.parametrize("version", versions())
@pytest.mark.parametrize("stage", list(Stage)[1:], ids=str)
@pytest.mark.parametrize("words", ["", "direct_care=yes device=class_iia personal_data=confidential kind=ambient_scribe"])
def test_every_line_says_on_what_it_rests_and_only_the_officials_say_official(version, stage, words):
    london = policy(version)
    official = {row.basis for rows in (london.requirements, london.stops, london.times) for row in rows if row.provenance == "official"}
    official |= {turn.basis for each in london.agreements for turn in each.turns if turn.provenance == "official"}
    for part in explaining.parts(london, facts(words), stage, stage_from=Stage.PIPELINE)[2:]:
        for line in part.lines:
            assert line.basis, line
            assert line.why or part.heading == "Times:", line
            assert line.basis.startswith("a default of ours") or line.basis.removeprefix("official: ") in official


def test_a_reason_names_only_what_holds():
    lines = explain(policy(), facts("personal_data=personal patient_facing=yes"), Stage.PILOT)
    dtac = next(line for line in lines if line.startswith("  DTAC (full)"))
    assert "Asked because it uses personal data and patients or the public use it themselves." in dtac


def test_a_tier_that_a_person_set_is_explained_as_set():
    parts = explaining.parts(policy(), facts("direct_care=yes"), Stage.PILOT, tier=Tier.HIGH)
    assert parts[1].heading == "Tier: high (Full review)."
    assert parts[1].lines[-1].text == "A person set it to high; the facts give medium."


def test_what_an_organisation_adds_is_called_its_own():
    more = [
        additions.read("requirement", {"question_set": "nice", "stages": ["pilot"]}, basis="Board paper 12"),
        additions.read("signer", {"role": "caldicott_guardian", "stages": ["pilot"], "when": ["health_data"]}, basis="Minute 4"),
        additions.read("panel", {"role": "cso", "needs": 2, "stages": ["pilot"]}, basis="Minute 5"),
        additions.read("independent", {"stages": ["pilot"]}, basis="Minute 6"),
    ]
    merged = additions.merged(policy(), more)
    lines = explain(merged, facts("direct_care=yes personal_data=health"), Stage.PILOT)
    assert lines[0] == "Policy london-2 with 4 additions of the organisation’s own: Progress to Pilot."
    nice = next(line for line in lines if line.startswith("  NICE"))
    assert nice.endswith("Asked of every tool at this stage. The organisation’s own addition: Board paper 12.")
    guardian = next(line for line in lines if "Caldicott Guardian signs" in line)
    assert "Asked because it uses health data or confidential patient information." in guardian
    assert guardian.endswith("The organisation’s own addition: Minute 4; Minute 6.")
    officer = next(line for line in lines if "Clinical safety officer signs" in line)
    assert "2 holders of the role must agree. Does not see what the others say until all are in." in officer
    assert officer.endswith("Basis: a default of ours. The organisation’s own addition: Minute 5; Minute 6.")


def test_research_is_explained_in_two_lines():
    assert explain(POLICY, facts("purpose=research"), Stage.PILOT)[1:] == [
        "Tier: none (Register entry only).",
        "  It is research: the Health Research Authority route is recorded and the register entry is all.",
    ]


def run(*arguments: str):
    return CliRunner().invoke(policy_commands, ["explain", *arguments])


def test_the_command_prints_the_same_lines_and_what_it_assumed():
    result = run("--stage", "pilot", "--from", "pipeline", "--fact", "direct_care=yes")
    lines = result.output.splitlines()
    expected = explain(policy(), facts("direct_care=yes"), Stage.PILOT, stage_from=Stage.PIPELINE)
    assert (result.exit_code, lines[: len(expected)]) == (0, expected)
    assert "  Medical device: Not a device" in lines


def test_the_stage_is_the_first_word():
    assert run("pilot", "--facts", "direct_care=yes,device=class_i").output == run(
        "--stage", "pilot", "--facts", "direct_care=yes", "--facts", "device=class_i"
    ).output
    assert "Name the stage asked for: pipeline, proof_of_concept" in run("--facts", "direct_care=yes").output


def test_facts_may_come_together():
    one = run("--stage", "pilot", "--facts", "direct_care=yes,device=class_i")
    two = run("--stage", "pilot", "--fact", "direct_care=yes", "--fact", "device=class_i")
    assert one.output == two.output


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--stage", "pilot", "--fact", "colour=red"], "There is no fact “colour”."),
        (["--stage", "pilot", "--fact", "device=class_x"], "The fact “device” cannot be “class_x”."),
        (["--stage", "scaling"], "'scaling' is not one of"),
        (["--stage", "pilot", "--version", "london-9"], "there is no such policy version"),
    ],
)
def test_a_wrong_word_is_named(arguments, sentence):
    result = run(*arguments)
    assert result.exit_code != 0
    assert sentence in result.output
