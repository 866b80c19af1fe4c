"""Printing: one page for the front sheet or a fault, the same bytes again, tagged, and nothing fetched."""

from datetime import UTC, datetime
from pathlib import Path

import page
import pytest

from governance.reports import printing

MADE_AT = datetime(2027, 4, 1, 10, tzinfo=UTC)
START = '<html lang="en-GB"><head><title>Report</title></head><body><h1>Report</h1>'


def printed(front_lines: dict[int, int], inside: str = "") -> tuple[printing.Printed, list[tuple[int, bool]]]:
    """A report whose front sheet has so many lines at each step, and which steps were tried."""
    tried: list[tuple[int, bool]] = []

    def html(step: int, front_only: bool) -> str:
        tried.append((step, front_only))
        front = START + "<p>one line</p>" * front_lines[step]
        return front if front_only else f'{front}<div class="inside" id="inside"><p>{inside}</p></div>'

    return printing.print_report(html, identifier=b"sixteen bytes ok", made_at=MADE_AT), tried


def test_where_the_guess_runs_on_tighter_steps_are_tried_on_the_front_sheet_alone() -> None:
    made, tried = printed({0: 300, 1: 200, 2: 20})
    assert tried == [(0, True), (1, True), (2, True), (2, False)]
    assert made.pages == 2


def test_a_front_sheet_that_fits_no_way_is_a_fault_and_never_a_second_page() -> None:
    with pytest.raises(ValueError, match="one page"):
        printed(dict.fromkeys(range(5), 300))


def test_the_same_report_is_the_same_file() -> None:
    assert printed({0: 5}, "Łŵŷ")[0].content == printed({0: 5}, "Łŵŷ")[0].content


def test_the_file_is_pdf_ua() -> None:
    found = page.validate_pdf_bytes(printed({0: 5}, "x")[0].content, profile=page.ValidationProfile.PDF_UA_1)
    assert found.is_compliant, str(found)


def test_a_file_named_in_a_report_is_not_read(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("not for the report")
    made, _ = printed({0: 1}, f'<a href="x">x</a><link rel="attachment" href="{secret.as_uri()}">')
    assert b"EmbeddedFile" not in made.content
