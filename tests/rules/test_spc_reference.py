"""Control charts of real NHS series, drawn the same as the R package draws them, for both directions."""

import datetime as dt
import gzip
import json
import os
from pathlib import Path

import pytest

from governance.monitoring import spc

SAMPLE = Path(__file__).parent.parent / "data" / "spc" / "sample.json"
CAUSES = {
    "Common Cause": None,
    "Above UCL": "above_upper_limit",
    "Below LCL": "below_lower_limit",
    "7 Point Trend (Increasing)": "trend_increasing",
    "7 Point Trend (Decreasing)": "trend_decreasing",
    "2 in 3 Above CL": "two_in_three_above",
    "2 in 3 Below CL": "two_in_three_below",
    "7 Points Above CL": "shift_above",
    "7 Points Below CL": "shift_below",
}
ASSURANCES = {"inconsistent": "hit_and_miss", "consistent_pass": "pass", "consistent_fail": "fail"}
TYPES = {
    "increase": {
        "common_cause": "common_cause",
        "special_cause_improvement": "improvement",
        "special_cause_concern": "concern",
    },
    "decrease": {
        "common_cause": "common_cause",
        "special_cause_improvement": "concern",
        "special_cause_concern": "improvement",
    },
}


def cases():
    """(name, case) of the sample, and of every chart of the reference folder where it is named."""
    found = [("sample", json.loads(SAMPLE.read_text()))]
    folder = os.environ.get("REFERENCE_DATA")
    if folder:
        found.append(("reference", json.loads(gzip.decompress((Path(folder) / "spc" / "reference.json.gz").read_bytes()))))
    for name, read in found:
        for case in read["cases"]:
            how = ["screened" if case["screen"] else "unscreened", *case["rebase"]]
            yield pytest.param(case, id=" ".join([name, case["org"], case["field"], *how]))


def drawn(case, improvement):
    days, values = zip(*(point[:2] for point in case["points"]), strict=True)
    return spc.control_chart(
        values,
        [dt.date.fromisoformat(day) for day in days],
        profile="r_package" if case["screen"] else "r_package_unscreened",
        improvement=improvement,
        target=case["target"],
        rebase_on=[dt.date.fromisoformat(day) for day in case["rebase"]],
    )


@pytest.mark.parametrize("improvement", ["increase", "decrease"])
@pytest.mark.parametrize("case", list(cases()))
def test_a_chart_is_as_the_r_package_draws_it(case, improvement):
    chart = drawn(case, improvement)
    assert len(chart.points) == len(case["points"]) > 0
    for point, (day, value, mean, lower, upper, cause, kind) in zip(chart.points, case["points"], strict=True):
        assert (point.date.isoformat(), point.value) == (day, value)
        assert (point.mean, point.lower, point.upper) == pytest.approx((mean, lower, upper), rel=0, abs=1e-6), day
        assert (point.special_cause, point.variation) == (CAUSES[cause], TYPES[improvement][kind]), day
    assert chart.icon.variation == chart.points[-1].variation
    assert chart.assurance == ASSURANCES[case["assurance"][improvement]]
    assert len(chart.segments) == 1 + len(case["rebase"])


def test_the_sample_names_its_source_and_meets_every_rule():
    read = json.loads(SAMPLE.read_text())
    assert "MIT" in read["source"] and "Open Government Licence" in read["source"]
    assert {point[5] for case in read["cases"] for point in case["points"]} == set(CAUSES)
    assert {(case["screen"], bool(case["rebase"])) for case in read["cases"]} == {
        (screened, rebased) for screened in (True, False) for rebased in (True, False)
    }
