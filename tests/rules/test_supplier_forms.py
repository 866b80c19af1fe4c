"""A supplier's filled DTAC form: every answer lands on its code or nowhere, and no file can do harm."""

import random
import zipfile
from io import BytesIO
from pathlib import Path
from xml.sax.saxutils import escape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from werkzeug.datastructures import FileStorage

from governance.assessment.question_sets import loader
from governance.assessment.question_sets.values import AnswerValue
from governance.assessment.suppliers.reading import codes, reader
from governance.assessment.suppliers.reading.tables import Cell, Document, Row, Table
from governance.web import uploads
from tests import dtac

SAMPLES = Path(__file__).parents[1] / "data" / "dtac"
DTAC = loader.question_set(dtac.SET)
WANTED = dtac.answers()
MAIN = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def read(data, kind="docx"):
    return reader.read_form(data, kind=kind, published=DTAC)


def found(form):
    return {each.code: each.answer for each in form.findings if each.answer is not None}


def status(form, code):
    return next(each.status for each in form.findings if each.code == code)


def archive(*parts):
    kept = BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in parts:
            made.writestr(name, content)
    return kept.getvalue()


def word(body):
    return archive(("word/document.xml", f'<w:document xmlns:w="{MAIN}"><w:body>{body}</w:body></w:document>'))


def paragraph(*pieces):
    return f"<w:p>{''.join(f'<w:r><w:t>{escape(piece)}</w:t></w:r>' for piece in pieces)}</w:p>"


def table(*rows):
    """A table of cells, each a list of pieces that are runs of one paragraph."""
    drawn = ("".join(f"<w:tc>{paragraph(*cell)}</w:tc>" for cell in row) for row in rows)
    return f"<w:tbl>{''.join(f'<w:tr>{cells}</w:tr>' for cells in drawn)}</w:tbl>"


def of_cells(rows, before="DTAC form version 2.0"):
    made = tuple(Row(n, tuple(Cell(m, 1, (text,) if text else ()) for m, text in enumerate(row))) for n, row in enumerate(rows, 1))
    return Document((Table(1, made, ""),), (before,))


@pytest.mark.parametrize("name", ["filled.docx", "filled.odt", "filled-by-libreoffice.docx"])
def test_a_sample_is_read_whole_every_answer_on_its_code(name):
    form = read((SAMPLES / name).read_bytes(), name.rpartition(".")[2])
    assert found(form) == WANTED
    assert form.counts == {"read": len(DTAC.questions)}


@pytest.mark.parametrize("name", ["scattered.docx", "scattered.odt", "scattered-by-libreoffice.docx"])
def test_shuffled_rows_and_codes_in_pieces_change_nothing_and_the_row_left_out_is_not_found(name):
    form = read((SAMPLES / name).read_bytes(), name.rpartition(".")[2])
    assert found(form) == {code: answer for code, answer in WANTED.items() if code != "C3.4"}
    assert status(form, "C3.4") == "not found"


def test_version_1_is_refused_because_its_codes_mean_other_things():
    with pytest.raises(reader.FormFault, match=r"DTAC version 1\.0.*mean other things"):
        read((SAMPLES / "version-1.docx").read_bytes())


@pytest.mark.parametrize("style", ["controls", "legacy", "typed", "glyphs", "words"])
@pytest.mark.parametrize("joined", [False, True])
def test_options_are_read_however_they_are_marked(style, joined):
    assert found(read(dtac.form(style=style, joined=joined, headings=style == "words"))) == WANTED


def test_a_form_left_empty_says_so_for_every_code():
    form = read(dtac.form(blank=list(dtac.SAID)))
    assert form.counts == {"empty": len(DTAC.questions)}


def rows_of(order, chance):
    for code in order:
        question, said = DTAC.by_code[code], dtac.SAID[code]
        value, note = said if isinstance(said, tuple) else (said, "")
        answer = dtac.shown(question, value).replace("\n", " ")
        yield dtac.split(code, chance), ["Its question"], dtac.split(answer, chance), dtac.split(note, chance) if note else [""]


@settings(max_examples=20)
@given(st.permutations(list(dtac.SAID)), st.randoms(use_true_random=False), st.sampled_from([None, *dtac.SAID]))
def test_any_order_and_any_runs_give_the_same_answers_and_a_deleted_row_only_its_own_code(order, chance, deleted):
    kept = [code for code in order if code != deleted]
    form = read(word(paragraph("DTAC form version 2.0") + table(*rows_of(kept, random.Random(chance.random())))))
    same = {code: each for code, each in WANTED.items() if code != deleted}
    same["A8"] = AnswerValue("1 Example Street London SE1 0AA")
    same["B2"] = AnswerValue("It marks chest X-rays that look urgent. A radiologist reads every image.")
    same.pop(deleted, None)
    assert found(form) == same
    assert {each.code for each in form.findings if each.status == "not found"} == ({deleted} if deleted else set())


PIECES = st.sampled_from([*dtac.SAID, "A", "B", "C", "D", "1", "2", "3", "4", ".", " ", "-", "–", "·", "..", "and", "to", "(", ")", "X"])


@settings(max_examples=150)
@given(st.lists(st.tuples(st.lists(PIECES, min_size=1, max_size=4), st.booleans()), min_size=1, max_size=6))
def test_no_answer_ever_lands_on_a_code_that_its_row_does_not_name(rows):
    """Whatever stands where codes stand: what is read under a code comes from the one row that names it, and it alone."""
    texts = ["".join(pieces) for pieces, _ in rows]
    cells = [
        (text, "Its question", f"Row {n}") if apart else (f"{text} Its question", f"Row {n}")
        for n, (text, (_, apart)) in enumerate(zip(texts, rows, strict=True))
    ]
    known = [(f"{n}", code, "") for n, code in enumerate(["C2.2.4", "C4.2.6", "D1.4.3"])]
    try:
        form = reader.read_document(of_cells([*cells, *[(code, "Its question", "") for _, code, _ in known]]), DTAC)
    except reader.FormFault:
        return
    for code, answer in found(form).items():
        row = int(str(answer.value).removeprefix("Row "))
        letters = "".join(c for c in texts[row].upper().translate(str.maketrans("–·", "..")).replace("-", ".") if c not in " ()")
        assert letters.rstrip(".") == code
        assert sum(codes.alone(text) == code or codes.before(f"{text} Its")[0] == code for text in texts) == 1


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("C1.2.4", "C1.2.4"), ("c1.2.4.", "C1.2.4"), (" C 1 . 2 . 4 ", "C1.2.4"), ("C1–2–4", "C1.2.4"), ("C1.2.4 –", "C1.2.4"),
        ("Question C1.2.4:", "C1.2.4"), ("(A11)", "A11"), ("A 11", "A11"), ("Ｃ１．２", "C1.2"),
        ("C4.1–2", ""), ("A1 1", ""), ("C1.2 and C1.3", ""), ("C1.2/C1.3", ""), ("C1 2", ""), ("C1..2", ""), ("AA1", ""), ("1.2", ""), ("", ""),
    ],
)  # fmt: skip
def test_a_code_is_known_through_spaces_dots_and_dashes_or_not_at_all(typed, code):
    assert codes.alone(typed) == code


@pytest.mark.parametrize("text", ["C1. 2 of our users", "A1 1st line", "C1.2.4", "C1-2 users", "Company A1 name", "A1Name"])
def test_a_code_before_words_is_taken_only_as_it_is_printed(text):
    assert codes.before(text) == ("", "")


@pytest.mark.parametrize(
    ("rows", "code", "expected"),
    [
        # the same code twice, in whatever form: neither is read
        ([("A2", "Product", "One"), ("A 2.", "Product", "Two")], "A2", "unclear"),
        ([("A2", "A9", "Product", "One")], "A2", "unclear"),
        ([("A2", "One")], "A2", "unclear"),
        ([("A2", "Product", "One", "more", "and more")], "A2", "unclear"),
        # words that are another question's: an old list of attachments, or version 1.0
        ([("C3.2", "External penetration test", "Yes")], "C3.2", "unclear"),
        ([("A11", "Company data protection officer", "Not applicable")], "A11", "unclear"),
        # options
        ([("C1.2", "Question", "☒ Yes ☒ No")], "C1.2", "unclear"),
        ([("C1.2", "Question", "☒ Perhaps ☐ No")], "C1.2", "unclear"),
        ([("C1.2", "Question", "☒ Yes ☐")], "C1.2", "unclear"),
        ([("C1.2", "Question", "No data leave the country")], "C1.2", "unclear"),
        ([("C1.2", "Question", "Yes\nNo, in part")], "C1.2", "unclear"),
        ([("C1.2", "Question", "Yes / No")], "C1.2", "empty"),
        ([("C1.2", "Question", "☐ Yes ☐ No")], "C1.2", "empty"),
        ([("A2", "Product", "Click or tap here to enter text.")], "A2", "empty"),
        # dates and figures
        ([("A11", "Question", "27/03/2026 and 28/03/2026")], "A11", "unclear"),
        ([("A11", "Question", "27/03/26")], "A11", "unclear"),
        ([("A11", "Question", "03/27/2026")], "A11", "unclear"),
        ([("D1.5", "Question", "about 99.9%")], "D1.5", "unclear"),
        ([("D1.5", "Question", "99.987%")], "D1.5", "unclear"),
        ([("A1", "Company", "x" * 501)], "A1", "unclear"),
    ],
)  # fmt: skip
def test_what_is_unclear_is_not_read(rows, code, expected):
    form = reader.read_document(of_cells([*rows, ("A3", "Version", "2.3")]), DTAC)
    assert status(form, code) == expected
    assert code not in found(form)
    assert found(form)["A3"] == AnswerValue("2.3")


@pytest.mark.parametrize(
    ("code", "text", "expected"),
    [
        ("C1.2", "☒ No - only later ☐ Yes", AnswerValue("no", note="only later")),
        ("C1.2", "Yes ☐ No ☒", AnswerValue("no")),
        ("C1.2", "( ) Yes (x) No", AnswerValue("no")),
        ("C1.2", "YES.", AnswerValue("yes")),
        ("C2.2.4", "N/A – staff use it", AnswerValue(None, note="staff use it", not_applicable=True)),
        ("A4", "Other: a browser extension", AnswerValue("other", note="a browser extension")),
        ("A11", "27th March 2026", AnswerValue("2026-03-27")), ("A11", "March 27, 2026", AnswerValue("2026-03-27")),
        ("A11", "2026-03-27", AnswerValue("2026-03-27")), ("A11", "27.3.2026", AnswerValue("2026-03-27")),
        ("A11", "n/a", AnswerValue(None, not_applicable=True)),
        ("D1.5", "99.9 %", AnswerValue("99.90")), ("D1.5", "99,95", None),
    ],
)  # fmt: skip
def test_an_answer_is_read_as_its_question_wants_it(code, text, expected):
    form = reader.read_document(of_cells([(code, "Its question", text)]), DTAC)
    assert found(form).get(code) == expected


def test_a_merged_cell_carries_its_code_to_the_rows_below_it():
    merged = {"C1.2": AnswerValue("no"), "A9": AnswerValue("United Kingdom")}
    assert found(read(dtac.merged_below("C1.2"))) == merged
    assert found(read((SAMPLES / "merged.odt").read_bytes(), "odt")) == merged


def test_a_row_without_a_code_belongs_to_none_even_below_one():
    """Were the row of C1.2.2 deleted and its second line left, it must not become part of C1.2.1."""
    form = reader.read_document(
        of_cells([("C1.2.1", "Why", "It is."), ("", "Supporting information", "Of another row"), ("A9", "Country", "Wales")]), DTAC
    )
    assert found(form) == {"C1.2.1": AnswerValue("It is."), "A9": AnswerValue("Wales")}


def test_struck_deleted_and_prompting_text_is_not_read_and_what_was_put_in_is():
    run = "<w:r><w:rPr><w:strike/></w:rPr><w:t>Yes</w:t></w:r>"
    gone = "<w:del><w:r><w:delText>Yes</w:delText></w:r></w:del>"
    prompt = "<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent><w:r><w:t>Say something</w:t></w:r></w:sdtContent></w:sdt>"
    put_in = "<w:ins><w:r><w:t>No</w:t></w:r></w:ins>"
    rows = "".join(
        f"<w:tr><w:tc>{paragraph(code)}</w:tc><w:tc>{paragraph('Question')}</w:tc><w:tc><w:p>{inside}</w:p></w:tc></w:tr>"
        for code, inside in (("C1.2", run + gone + put_in), ("A2", prompt))
    )
    form = read(word(paragraph("DTAC version 2.0") + f"<w:tbl>{rows}</w:tbl>"))
    assert found(form) == {"C1.2": AnswerValue("no")}
    assert status(form, "A2") == "empty"


@pytest.mark.parametrize(
    ("says", "codes_in", "refused"),
    [
        ("DTAC Form, version 2.0, February 2026", ["A1"], ""),
        ("Digital Technology Assessment Criteria for health and social care v2.0", ["A1"], ""),
        ("Digital Technology Assessment Criteria (DTAC) Version 1.0, 22 February 2021", ["A1"], "version 1.0"),
        ("Version 1.0", ["A1"], "version 1.0"),
        ("This form is DTAC version 3.0", ["A1"], "do not know"),
        ("A form for suppliers", ["C1.3", "C1.3.1", "C2.3.1", "C1.2"], "only DTAC version 1.0 asks"),
        ("A form for suppliers", ["C1.2", "C3.2"], "does not say"),
        ("A form for suppliers", ["C1.2.4", "C2.2.6", "D1.4.2", "A1"], ""),
    ],
)
def test_a_form_that_is_not_plainly_version_2_is_refused(says, codes_in, refused):
    document = of_cells([(code, "Its question", "") for code in codes_in], says)
    if refused:
        with pytest.raises(reader.FormFault, match=refused):
            reader.read_document(document, DTAC)
    else:
        assert reader.read_document(document, DTAC).counts["empty"] == len(codes_in)


ENTITIES = f'<!DOCTYPE w [<!ENTITY a "{"a" * 1000}"><!ENTITY b "{"&a;" * 1000}">]><w:document xmlns:w="{MAIN}"><w:body>&b;</w:body></w:document>'
OUTSIDE = f'<!DOCTYPE w SYSTEM "file:///etc/passwd"><w:document xmlns:w="{MAIN}"><w:body/></w:document>'


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "form.broken"),
        (b"PK\x03\x04 and no more", "form.broken"),
        (archive(("mimetype", "text")), "form.broken"),
        (archive(("word/document.xml", "<w:document")), "form.broken"),
        (archive(("word/document.xml", ENTITIES)), "form.entities"),
        (archive(("word/document.xml", OUTSIDE)), "form.entities"),
        (word("<w:p>" * 5000 + "</w:p>" * 5000), "form.too_large"),
        (word(table(*[(["A1"], ["Question"], ["x"])] * 4_100)), "form.too_large"),
        (word("<w:p/>" * 251_000), "form.too_large"),
        (archive(("word/document.xml", b" " * 17_000_000)), "form.too_large"),
        (word(paragraph("Nothing here")), "form.no_codes"),
    ],
    ids=["empty", "cut", "no parts", "no xml", "entities", "outside", "deep", "rows", "elements", "unpacks", "no table"],
)
def test_a_hostile_or_broken_file_is_a_sentence(data, code):
    for kind in ("docx", "odt"):
        with pytest.raises(reader.FormFault) as fault:
            read(data, kind)
        assert kind == "odt" or fault.value.codes == (code,)


@settings(max_examples=30)
@given(st.binary(max_size=400), st.integers(0, 30_000))
def test_a_damaged_file_is_read_or_refused_and_nothing_else(noise, place):
    whole = (SAMPLES / "filled.odt").read_bytes()
    try:
        read(whole[:place] + noise + whole[place + len(noise) :], "odt")
    except reader.FormFault as fault:
        assert fault.sentences


ODT = (SAMPLES / "filled.odt").read_bytes()
TYPE = ("mimetype", "application/vnd.oasis.opendocument.text")
LIST = ("META-INF/manifest.xml", "<manifest/>")


def received(data, name="form.odt"):
    return uploads.receive(FileStorage(BytesIO(data), filename=name), kinds=uploads.FORMS, limit=20_000_000)


def test_an_opendocument_text_is_taken_for_what_it_is():
    assert received(ODT).media_type == "application/vnd.oasis.opendocument.text"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (archive(("mimetype", "application/vnd.oasis.opendocument.spreadsheet"), ("content.xml", ""), LIST), "upload.content"),
        (archive(("content.xml", ""), LIST), "upload.content"),
        (archive(TYPE, ("other.xml", ""), LIST), "upload.content"),
        (archive(TYPE, ("content.xml", ""), LIST, ("Basic/Standard/Module1.xml", "")), "upload.macros"),
        (archive(TYPE, ("content.xml", ""), LIST, ("Scripts/python/a.py", "")), "upload.macros"),
        (archive(TYPE, ("content.xml", ""), (LIST[0], "<m><manifest:encryption-data/></m>")), "upload.protected"),
    ],
    ids=["a workbook", "untyped", "no content", "basic", "scripts", "password"],
)
def test_an_opendocument_that_hides_something_is_refused(data, code):
    with pytest.raises(uploads.UploadRefused) as refused:
        received(data)
    assert refused.value.codes == (code,)
