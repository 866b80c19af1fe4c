"""Policy in sentences, on the page and on the command line."""

import pytest
from click.testing import CliRunner

from governance.lifecycle import Stage
from governance.policy import policy
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
        "  It is a medical device of class IIa or above.",
    ]
    assert "What must be shown, with Proof of concept, which it skips:" in lines
    assert (
        "  Data protection impact assessment (full), answered by the information governance lead."
        " Judged by the information governance lead."
    ) in lines
    assert (
        "  Monitoring plan (short: success criteria, end date and stop rule), answered by the digital lead and clinical lead."
        " Judged by the clinical safety officer."
    ) in lines
    assert (
        "  8. Authorising executive authorises, seeing the whole pack. After the senior responsible owner."
        " Expected within 10 working days."
    ) in lines
    assert lines[-3:] == ["Times:", "  The approval lasts 6 months at most.", "  It is reviewed every month."]


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
