"""The audit report as it is drawn: one page for the board whatever there is to say, PDF/UA-1, nothing from outside."""

import re
from dataclasses import replace
from io import BytesIO

import page
import pikepdf
import pytest

from governance.assessment.packs import queries as packs
from governance.assessment.packs import reading
from governance.clock import now
from governance.database import read_only
from governance.reports import queries, render
from governance.reports.material import Material
from governance.reports.presenters import answers, front, trail
from governance.reports.presenters.document import document
from tests import agreed
from tests.reports import samples
from tests.reports.reading import figures, fonts, front_pages, texts
from tests.world import World

CASES = {
    "normal": samples.normal,
    "undecided": samples.undecided,
    "refused": samples.refused,
    "extreme": samples.extreme,
    "bare": samples.bare,
}
SAID = {
    "normal": "Approved for Pilot, version 2.3, until 30 September 2027, 2 conditions",
    "undecided": "No decision yet: with the clinical safety officer and data protection officer",
    "refused": "Not approved for Pilot, version 2.3",
    "extreme": "Approved for Business as usual, version 2027.04.1-enterprise, until 30 September 2029, 12 conditions",
    "bare": "Approved for Pilot, version 2.3, until 30 September 2027, no conditions",
}


@pytest.fixture(scope="module", params=CASES)
def drawn(request: pytest.FixtureRequest) -> tuple[str, Material, bytes, int]:
    """One case with its file."""
    material = CASES[request.param]()
    data, pages = render.pdf(material)
    return request.param, material, data, pages


def test_the_front_sheet_is_one_page_and_says_the_decision(drawn: tuple[str, Material, bytes, int]) -> None:
    name, material, data, pages = drawn
    assert front_pages(data) == 1
    first, *others = texts(data)
    assert SAID[name] in first
    assert len(others) == pages - 1
    assert all(f"Page {n} of {pages}" in text for n, text in enumerate(others, 2))
    assert all(f"{material.digest[:4]} {material.digest[4:8]}" in text for text in [first, *others])


def test_the_file_is_tagged_titled_in_english_with_its_own_fonts_and_valid_pdf_ua(
    drawn: tuple[str, Material, bytes, int],
) -> None:
    _, material, data, _ = drawn
    found = page.validate_pdf_bytes(data, profile=page.ValidationProfile.PDF_UA_1)
    assert found.is_compliant, str(found.failures)
    with pikepdf.open(BytesIO(data)) as file:
        assert str(file.Root.Lang) == "en-GB"
        assert front.title(material) in str(file.docinfo["/Title"])
        assert str(file.docinfo["/Author"]) == material.product
    assert {name.split("+")[-1] for name, embedded in fonts(data) if embedded} == {
        "Arimo", "Arimo-Bold", "Cousine", "Cousine-Bold",
    }  # fmt: skip
    assert all(embedded for _, embedded in fonts(data))


def test_every_picture_says_its_finding() -> None:
    said = figures(render.pdf(samples.normal())[0])
    assert "Pilot: now, from 31 March 2027" in said[0]
    assert "5 hazards; highest residual rating 3" in said[1]
    assert "Bars of the check code" in said[2]


def test_the_same_material_is_the_same_file_and_other_material_is_not() -> None:
    first = render.pdf(samples.normal())[0]
    assert render.pdf(samples.normal())[0] == first
    assert render.pdf(replace(samples.normal(), edition="interim-4"))[0] != first


def test_hostile_text_is_printed_as_text_and_reads_no_file() -> None:
    data, _ = render.pdf(samples.hostile())
    whole = " ".join(texts(data))
    assert "<script>alert(1)</script>" in whole
    assert "root:" not in whole
    assert b"EmbeddedFile" not in data and b"/Launch" not in data and b"/JavaScript" not in data


def test_the_extremes_say_how_much_more_there_is() -> None:
    made = document(samples.extreme(), front.TIGHTEST)
    assert (len(made.front.conditions), made.front.more) == (2, 10)
    assert len(made.sign_offs.conditions) == 12
    assert len(made.hazards.rows) == 100
    assert made.front.picture is not None and len(made.front.picture.marks) == 100
    assert len(made.header) <= 62


def test_workshops_and_the_safety_case_report_are_printed_with_who_approved_it() -> None:
    printed = " ".join(" ".join(texts(render.pdf(samples.normal())[0])).split())
    for said in (
        "Workshop 1, 20 January 2027, SWIFT", "There: Clinical safety officer (Dr A. Example) and Operations.",
        "Safety case report: revision 2, deployment", "In my judgement it may be used in the three rooms",
        "rating 3: 1 open; rating 2: 3 open, 1 transferred, 1 closed",
    ):  # fmt: skip
        assert said in printed, said
    assert "Safety case report" not in " ".join(texts(render.pdf(samples.bare())[0]))


def test_without_any_evidence_the_report_says_so() -> None:
    made = document(samples.bare(), 0)
    assert made.answers.papers == "No evidence is attached to any answer or document in this pack."
    assert [block.empty for each in made.answers.sections for block in each.documents] == ["No document was given."]
    assert made.front.picture is None
    assert made.plans.plans == ()


def test_answered_not_applicable_skipped_and_open_are_four_things() -> None:
    made = answers.answers_part(samples.normal())
    assert [(words, count) for words, _, count in made.counts] == [
        ("Answered", 3), ("Not applicable", 1), ("Skipped", 2), ("Not answered", 1),
    ]  # fmt: skip
    rows = made.sections[0].tables[0].rows
    assert [row.code for row in rows] == ["C1.1", "C1.2", "C1.3", "C1.4.1", "C1.5.1 to C1.5.2", "C1.6"]
    assert {row.look for row in rows} == {"said", "none", "skipped", "open"}
    assert rows[1].by.startswith("From the model card, confirmed by")
    assert rows[0].papers[0].sha256 in str(samples.C1[0])


def test_an_optional_question_left_empty_says_so_and_no_sentence_of_a_form_is_printed() -> None:
    asked = "How is it used?"
    left = samples.question("how_used", asked, "unanswered", finding="not_assessed", state_says="Enter an answer to how_used.")
    wanted = samples.question("known_risks", "What can go wrong?", "unanswered", finding="open", state_says="Enter an answer to known_risks.")
    one, two = (answers._row(each) for each in (left, wanted))
    assert (one.code, one.question, one.state, one.look, one.said) == ("", asked, "Not answered (optional)", "none", "")
    assert (two.state, two.look, two.said) == ("Not answered", "open", "")
    (block,) = reading.blocks({"parts": [{"kind": "answers", "sections": [{"title": "Facts", "label": "Facts", "questions": [left, wanted]}], "source": ""}]})
    assert [each.said for each in block.answers] == ["Not answered (optional)", "Not answered"]


def test_events_of_one_kind_on_one_day_share_a_line_that_counts_them() -> None:
    made = samples.trail()
    scored = [replace(event, at=made.events[8].at) if event.kind == "hazard.scored" else event for event in made.events]
    lines = trail.trail_part(samples.normal(trail=replace(made, events=tuple(scored)))).rows
    assert [line.what for line in lines if "scores" in line.what] == ["5 scores given to hazards"]
    assert next(line for line in lines if "scores" in line.what).positions == "9–13"


@pytest.mark.parametrize(
    ("edition", "words"), [("full", "full edition"), ("interim-4", "interim edition")], ids=["full", "interim"]
)
def test_every_inner_page_names_tool_and_edition(edition: str, words: str) -> None:
    data, _ = render.pdf(samples.bare() if edition == "full" else samples.undecided())
    for text in texts(data)[1:]:
        assert "Chestwise Triage at Riverside Teaching Hospitals" in text
        assert f"Audit report, {words}, QKK-2026-0014-S2" in text


def test_type_is_never_below_eight_and_a_half_points() -> None:
    css = (render.STATIC / "report.css").read_text()
    assert min(float(size) for size in re.findall(r"font-size: ([\d.]+)pt", css)) >= 8.5


def test_a_real_pack_of_every_kind_of_section_is_drawn(world: World) -> None:
    submission = agreed.authorised(world)
    with read_only():
        pack = packs.pack(submission)
        assert pack is not None
        material = queries.material(
            pack, edition="full", issued_at=now(), product="AI assurance register", public_url="https://register.example"
        )
    data, pages = render.pdf(material)
    whole = " ".join(texts(data))
    assert front_pages(data) == 1 and pages > 10
    assert front.decision(material) in whole
    assert material.trail.head[:32] in whole.replace(" ", "")
    for each in material.signed:
        assert f"{each.code[:4]} {each.code[4:]}" in whole
    assert page.validate_pdf_bytes(data, profile=page.ValidationProfile.PDF_UA_1).is_compliant


def test_the_sheet_is_roomy_unless_there_is_much_to_say() -> None:
    assert [front.first_fit(CASES[name]()) for name in ("normal", "refused", "bare")] == [0, 0, 0]
    assert front.first_fit(samples.extreme()) > 0
