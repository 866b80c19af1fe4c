"""`flask spc`: figures in, findings out, and one sentence with the row where a file is wrong."""

import json

import pytest
from click.testing import CliRunner

from governance.monitoring.commands import spc_command

ROWS = [f"2026-{month:02}-01,{10 + month % 2 * 2}" for month in range(1, 13)] + ["2027-01-01,12", "2027-02-01,25.5"]
GOOD = "\n".join(["date,value", *ROWS])


@pytest.fixture
def spc(tmp_path):
    def run(text, *arguments):
        file = tmp_path / "waits.csv"
        file.write_bytes(text if isinstance(text, bytes) else text.encode())
        return CliRunner().invoke(spc_command, [str(file), "--improvement", "decrease", *arguments])

    return run


def test_the_table_says_what_the_rules_see(spc):
    done = spc(GOOD, "--target", "5")
    assert done.exit_code == 0, done.output
    lines = done.output.splitlines()
    assert lines[0] == "Profile making_data_count, improvement is decrease, 14 values"
    assert "Variation: concern, high" in lines and "Assurance: hit and miss" in lines
    assert lines[-1].startswith("2027-02-01") and lines[-1].endswith("concern: above the upper limit")


def test_the_json_is_the_whole_chart(spc):
    done = spc(GOOD, "--json", "--target", "1.5", "--profile", "r_package", "--rebase", "2026-03-01", "--baseline", "12")
    said = json.loads(done.output)
    assert (said["profile"], said["improvement"], said["target"], said["baseline"]) == ("r_package", "decrease", 1.5, 12)
    assert said["points"][-1]["value"] == 25.5 and said["points"][0]["value"] == 12
    assert said["points"][-1]["special_cause"] == "above_upper_limit"
    assert [segment["count"] for segment in said["segments"]] == [2, 12]
    assert said["icon"] == {"variation": "concern", "letter": "H"} and said["assurance"] == "fail"


def test_a_rebase_is_marked_in_the_table(spc):
    assert "2026-03-01  limits start anew" in spc(GOOD, "--rebase", "01/03/2026").output


@pytest.mark.parametrize(
    "text",
    [
        "\ufeff" + GOOD,
        GOOD.replace("\n", "\r\n") + "\r\n",
        GOOD.replace("date,value", " Date , VALUE ,note"),
        GOOD.replace("\n", "\n\n"),
        GOOD.replace("2026-01-01", "01/01/2026").replace("2027-02-01,25.5", '"2027-02-01","25.5"'),
        "\n".join(",".join(reversed(line.split(","))) for line in GOOD.splitlines()),
    ],
    ids=["byte order mark", "Windows line ends", "capitals, spaces and a third column", "empty rows", "quotes", "order"],
)
def test_what_a_spreadsheet_writes_is_read(spc, text):
    assert json.loads(spc(text, "--json").output) == json.loads(spc(GOOD, "--json").output)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "Row 1: The header must name the columns date and value."),
        ("2026-01-01,4", "Row 1: The header must name the columns date and value."),
        ("date,value\n", "A control chart needs at least 2 values; there is none."),
        ("date,value\n2026-01-01,4", "A control chart needs at least 2 values; there is 1."),
        ("date,value\n2026-01-01,4\n2026-02-30,5", "Row 3: “2026-02-30” is not a date. Write it as 2027-05-03."),
        ("date,value\n,4", "Row 2: There is no date. Write it as 2027-05-03."),
        ("date,value\n2026-01-01", "Row 2: There is no value. Leave the row out where a figure is missing."),
        ("date,value\n\n2026-01-01,four", "Row 3: “four” is not a number. Write it as 1234.5."),
        ('date,value\n2026-01-01,"1,234"', "Row 2: “1,234” is not a number. Write it as 1234.5."),
        ("date,value\n2026-01-01,nan", "Row 2: “nan” is not a finite number."),
        ("date,value\n2026-01-01,-inf", "Row 2: “-inf” is not a finite number."),
        ("date,value\n2026-01-01,1e400", "Row 2: “1e400” is too large: use thousands or millions."),
        (
            "date,value\n2026-01-01,4\n2026-01-01,5",
            "Row 3: 2026-01-01 is there twice. Give each date once, oldest first.",
        ),
        (
            "date,value\n2026-02-01,4\n2026-01-01,5",
            "Row 3: 2026-01-01 is earlier than the row before it. Give each date once, oldest first.",
        ),
        ('date,value\n2026-01-01,"4', "Row 2: This is not CSV: unexpected end of data."),
        (b"date,value\n2026-01-01,\xff", "The file is not UTF-8 text. Save it as CSV UTF-8."),
        (b"date,value\n" + b" " * 2_100_000, "The file is larger than 2 MB. Split it."),
    ],
)
def test_a_file_that_is_wrong_is_refused_in_one_sentence_with_its_row(spc, text, sentence):
    done = spc(text)
    assert (done.exit_code, done.stdout) == (1, "")
    assert done.stderr == f"waits.csv: {sentence}\n"


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--target", "x"], "“x” is not a number."),
        (["--rebase", "soon"], "“soon” is not a date."),
        (["--rebase", "2030-01-01"], "Limits cannot start anew on 1 January 2030: the chart has no value of that date."),
        (["--baseline", "3"], "Limits can be fixed on 12 values or more, not on 3."),
        (["--profile", "excel"], "'excel' is not one of 'making_data_count'"),
        (["--improvement", "up"], "'up' is not one of 'increase'"),
    ],
)
def test_an_option_that_is_wrong_is_refused(spc, arguments, sentence):
    done = spc(GOOD, *arguments)
    assert done.exit_code in {1, 2} and sentence in done.stderr
