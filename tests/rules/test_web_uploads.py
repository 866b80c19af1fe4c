"""A file is taken only when it is what its name says; every refusal is one sentence and leaves nothing behind."""

import hashlib
import zipfile
from io import BytesIO

import pytest
from flask import Flask, request
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import FileStorage

from governance.web import uploads

LIMIT = 100_000
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n"
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + b"\x00" * 30
JPG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00" + b"\x00" * 20 + b"\xff\xd9"
EXE = b"MZ\x90\x00" + b"\x00" * 60


def an_archive(*names, flag=0, content=b"<x/>"):
    """A ZIP archive with the given parts."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in names:
            archive.writestr(name, content)
    data = bytearray(out.getvalue())
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = data.find(signature)
        while flag and at >= 0:
            data[at + offset] |= flag
            at = data.find(signature, at + 4)
    return bytes(data)


DOCX = an_archive("[Content_Types].xml", "_rels/.rels", "word/document.xml")
DOCX_OTHER_ORDER = an_archive("a.txt", "word/document.xml", "_rels/.rels", "[Content_Types].xml")
XLSX = an_archive("[Content_Types].xml", "_rels/.rels", "xl/workbook.xml")


def receive(name, data, *, kinds=(*uploads.DOCUMENTS, *uploads.MODEL_CARDS), limit=LIMIT, said="application/pdf"):
    return uploads.receive(FileStorage(BytesIO(data), filename=name, content_type=said), kinds=kinds, limit=limit)


@pytest.mark.parametrize(
    ("name", "data", "kind", "media_type"),
    [
        ("a.pdf", PDF, "pdf", "application/pdf"),
        ("A.PDF", PDF, "pdf", "application/pdf"),
        ("a.png", PNG, "png", "image/png"),
        ("a.jpeg", JPG, "jpg", "image/jpeg"),
        ("a.docx", DOCX, "docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        ("a.docx", DOCX_OTHER_ORDER, "docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        ("a.xlsx", XLSX, "xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        ("a.csv", "month,café\n1,2\n".encode(), "csv", "text/csv"),
        ("a.csv", b"\xef\xbb\xbfa;b\r\n", "csv", "text/csv"),
        ("a.txt", b"notes", "txt", "text/plain"),
        ("a.xml", b'\xef\xbb\xbf <?xml version="1.0"?><a/>', "xml", "application/xml"),
    ],
)
def test_a_file_that_is_what_it_says_is_taken_whole(name, data, kind, media_type):
    upload = receive(name, data, said="text/html")
    assert (upload.kind, upload.media_type, upload.data, upload.size) == (kind, media_type, data, len(data))
    assert upload.sha256 == hashlib.sha256(data).hexdigest()
    assert upload.filename.lower() == name.lower()


REFUSED = {
    "nothing chosen": ("", b"", "upload.none"),
    "empty": ("a.pdf", b"", "upload.empty"),
    "only space": ("a.txt", b" \r\n", "upload.empty"),
    "only a byte order mark": ("a.csv", b"\xef\xbb\xbf", "upload.empty"),
    "one byte too many": ("a.txt", b"x" * (LIMIT + 1), "upload.too_large"),
    "a program": ("a.exe", EXE, "upload.kind"),
    "a program called a PDF": ("a.pdf", EXE, "upload.content"),
    "a program with two endings": ("a.pdf.exe", PDF, "upload.kind"),
    "a program behind a NUL": ("a.exe\x00.pdf", EXE, "upload.content"),
    "a page called a PDF": ("a.pdf", b"<html><script>x</script>%PDF-1.7", "upload.content"),
    "a PDF called a picture": ("a.png", PDF, "upload.content"),
    "half a PDF": ("a.pdf", PDF[:20], "upload.cut_short"),
    "a web page": ("a.html", b"<html>", "upload.kind"),
    "a drawing with script": ("a.svg", b"<svg><script>x</script></svg>", "upload.kind"),
    "no ending": ("letter", PDF, "upload.kind"),
    "only an ending": (".pdf", EXE, "upload.kind"),
    "a workbook called a document": ("a.docx", XLSX, "upload.content"),
    "any archive called a document": ("a.docx", an_archive("a.txt", "word/x"), "upload.content"),
    "half an archive": ("a.docx", DOCX[:60], "upload.content"),
    "an old document": ("a.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, "upload.content"),
    "a password": ("a.xlsx", an_archive("[Content_Types].xml", "xl/workbook.xml", flag=1), "upload.protected"),
    "macros": (
        "a.docx",
        an_archive("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"),
        "upload.macros",
    ),
    "text not in UTF-8": ("a.csv", "caf\u00e9".encode("latin-1"), "upload.content"),
    "text in UTF-16": ("a.txt", "notes".encode("utf-16"), "upload.content"),
    "text with NUL": ("a.csv", b"a,b\x00", "upload.content"),
    "text called XML": ("a.xml", b"notes", "upload.content"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_anything_else_is_refused_in_one_sentence(what):
    name, data, code = REFUSED[what]
    with pytest.raises(uploads.UploadRefused) as refused:
        receive(name, data)
    assert refused.value.codes == (code,) and refused.value.status == 422
    assert refused.value.sentences[0].endswith(".")


def test_no_file_at_all_is_refused():
    with pytest.raises(uploads.UploadRefused, match="Choose a file"):
        uploads.receive(None, kinds=["pdf"], limit=LIMIT)


def test_the_sentence_names_what_is_taken():
    with pytest.raises(uploads.UploadRefused, match=r"must be a PDF, Word document \(DOCX\) or CSV\."):
        receive("a.exe", EXE, kinds=["pdf", "docx", "csv"])
    with pytest.raises(uploads.UploadRefused, match="must be 20 MB or smaller"):
        receive("a.txt", b"x" * (20 * 1024 * 1024 + 1), limit=20 * 1024 * 1024)


def test_an_archive_that_unpacks_to_too_much_is_refused(monkeypatch):
    monkeypatch.setattr(uploads, "MOST_UNPACKED", 1_000_000)
    bomb = an_archive("[Content_Types].xml", "word/document.xml", content=b"0" * 1_000_000)
    assert len(bomb) < 10_000
    with pytest.raises(uploads.UploadRefused, match="unpacks to more"):
        receive("a.docx", bomb)


def test_an_archive_of_too_many_parts_is_refused():
    many = an_archive("[Content_Types].xml", "word/document.xml", *(f"word/{n}" for n in range(5000)))
    with pytest.raises(uploads.UploadRefused, match="unpacks to more"):
        receive("a.docx", many, limit=10_000_000)


@pytest.mark.parametrize(
    ("name", "clean"),
    [
        ("Clinical safety case 2.pdf", "Clinical safety case 2.pdf"),
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("C:\\Users\\ada\\plan.docx", "plan.docx"),
        ("..\\..\\plan.docx", "plan.docx"),
        ("/absolute.pdf", "absolute.pdf"),
        ("a\r\nSet-Cookie: b.pdf", "a Set-Cookie_ b.pdf"),
        ('a".pdf', "a_.pdf"),
        ("a\x00b.pdf", "ab.pdf"),
        ("cod\u202efdp.exe", "codfdp.exe"),
        ("caf\u0065\u0301.pdf", "caf\u00e9.pdf"),
        ("  .hidden.pdf", "hidden.pdf"),
        ("...", "file"),
        ("", "file"),
        (".pdf", "pdf"),
        ("con.pdf", "file-con.pdf"),
        ("a. .PDF ", "a.pdf"),
        ("<script>.pdf", "_script_.pdf"),
        ("\U0001f600.pdf", "\U0001f600.pdf"),
    ],
)
def test_a_hostile_name_is_cleaned(name, clean):
    assert uploads.clean_name(name) == clean


def test_a_very_long_name_keeps_its_ending():
    clean = uploads.clean_name("x" * 5000 + ".pdf")
    assert len(clean) == 150 and clean.endswith(".pdf")


@given(st.text(max_size=400))
def test_any_name_becomes_safe_and_stays_so(name):
    clean = uploads.clean_name(name)
    assert 0 < len(clean) <= 150 and clean.isprintable()
    assert not set(clean) & set('/\\<>:"|?*') and not clean.startswith(".") and ".." not in clean.split("/")
    assert uploads.clean_name(clean) == clean


@given(
    st.sampled_from(sorted(uploads.KINDS)),
    st.sampled_from([b"", PDF[:9], DOCX[:90], PNG[:12], b"<"]),
    st.binary(max_size=200),
)
def test_no_content_does_more_than_be_refused(kind, start, rest):
    try:
        assert receive(f"a.{uploads.KINDS[kind].endings[0]}", start + rest).kind == kind
    except uploads.UploadRefused as refused:
        assert len(refused.sentences) == 1


@given(st.integers(0, len(DOCX)), st.binary(max_size=6))
def test_no_damage_to_a_document_does_more(at, damage):
    try:
        receive("a.docx", DOCX[:at] + damage + DOCX[at + len(damage) :])
    except uploads.UploadRefused as refused:
        assert len(refused.sentences) == 1


def test_what_is_refused_leaves_nothing_behind(tmp_path, monkeypatch):
    """A file too large for memory is spooled by the server; after the refusal it is closed and gone."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    app = Flask(__name__)
    streams = []

    @app.post("/")
    def take():
        streams.append(request.files["file"].stream)
        with pytest.raises(uploads.UploadRefused):
            uploads.receive(request.files["file"], kinds=["pdf"], limit=1_000_000)
        return ""

    sent = {"file": (BytesIO(b"x" * 3_000_000), "a.pdf")}
    assert app.test_client().post("/", data=sent, content_type="multipart/form-data").status_code == 200
    assert streams[0].closed and not list(tmp_path.iterdir())


def test_a_file_field_can_say_what_is_taken():
    assert uploads.accept(["pdf", "jpg"]) == ".pdf,.jpg,.jpeg"
