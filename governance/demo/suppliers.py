"""What the invented suppliers do themselves: fill in the DTAC form, and answer behind a link."""

import hashlib
import io
import zipfile
from datetime import timedelta
from html import escape
from typing import Any

from governance import clock
from governance.assessment.question_sets import loader
from governance.assessment.sheets import operations as sheets
from governance.assessment.sheets.models import SupplierLink
from governance.assessment.suppliers import operations, queries
from governance.assessment.suppliers.reading import reader
from governance.clock import london_date
from governance.database import transaction
from governance.demo import answering, cast, content, showing
from governance.extensions import house
from governance.intake.models import Submission
from governance.permissions import Role
from governance.web.uploads import KINDS, Upload

Story = dict[str, Any]
DTAC, CYBER = "dtac-2.0", "cyber-1"
LEFT_EMPTY = ("B3", "C4.1.1", "D1.5")
"""What the supplier forgot to fill in, and the digital lead asks for on the telephone."""
_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def form(story: Story) -> Upload:
    """A filled DTAC form as a Word file."""
    published, on = loader.question_set(DTAC), london_date(clock.now())
    filled = story | {"open": {DTAC: LEFT_EMPTY}}
    rows = [("Code", "Question", "Response", "Supporting information")]
    for question in published.questions:
        said = answering.answer(DTAC, question, filled, on)
        text = ", ".join(question.label_of(each) for each in said.chosen) if said else ""
        rows.append((question.code, question.words, text, said.note if said else ""))
    table = "".join(f"<w:tr>{''.join(f'<w:tc>{_p(cell)}</w:tc>' for cell in row)}</w:tr>" for row in rows)
    title = _p("Digital Technology Assessment Criteria (DTAC) form, version 2.0. Everything in it is invented.")
    data = _packed(f"<w:document {_W}><w:body>{title}<w:tbl>{table}</w:tbl></w:body></w:document>")
    name = f"dtac-{story['tool']['name'].lower().replace(' ', '-')}.docx"
    return Upload(name, "docx", KINDS["docx"].media_type, len(data), hashlib.sha256(data).hexdigest(), data)


def _p(text: str) -> str:
    return f'<w:p><w:r><w:t xml:space="preserve">{escape(text, quote=False)}</w:t></w:r></w:p>'


def _packed(document: str) -> bytes:
    types = (
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/word/document.xml" '
        'ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
    )
    relations = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" '
        'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" '
        'Target="word/document.xml"/></Relationships>'
    )
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        parts = {"[Content_Types].xml": types, "_rels/.rels": relations, "word/document.xml": document}
        for name, text in parts.items():
            archive.writestr(zipfile.ZipInfo(name), f'<?xml version="1.0" encoding="UTF-8"?>{text}')
    return packed.getvalue()


def send_form(story: Story, submission: Submission, where: str) -> None:
    """The digital lead uploads the supplier's form, accepts what was read, and reads it through before confirming."""
    upload = form(story)
    read = reader.read_form(upload.data, kind=upload.kind, published=loader.question_set(DTAC))
    house().storage.put_content(upload.data)
    with transaction():
        by, at = cast.actor(Role.DIGITAL_LEAD, where), clock.now()
        operations.accept_form(submission=submission, question_set=DTAC, form=read, file=upload, by=by, at=at)
    with transaction():
        by, at = cast.actor(Role.DIGITAL_LEAD, where), clock.now()
        sheet = sheets.open_sheet(submission=submission, question_set=DTAC, by=by, at=at)
        sheets.confirm(sheet=sheet, code="", by=by, at=at)


def ask(story: Story, submission: Submission, where: str, note: str, days: int) -> SupplierLink:
    """Send the supplier a link to the cyber sheet that works for so many days."""
    with transaction():
        at = clock.now()
        sent = operations.ask(
            submission=submission,
            question_set=CYBER,
            name="Sam Invented",
            email="assurance@supplier.example",
            note=note,
            until=london_date(at) + timedelta(days=days),
            by=cast.actor(Role.DIGITAL_LEAD, where),
            at=at,
        )
    return sent.link


def answer(story: Story, link: SupplierLink, *, sections: int | None = None) -> None:
    """The supplier's contact opens the link and answers, all of it or the first so many sections, with two certificates."""
    with transaction():
        at = clock.now()
        by = queries.contact(link, at)
        operations.open_link(link=link, by=by, at=at)
        _, view = queries.asked_of(link)
        wanted = {question.code for section in view.question_set.sections[:sections] for question in section.questions}
        given = [each for each in showing.waiting(story, view) if each.code in wanted]
        operations.answer(link=link, given=given, confirming=None, by=by, at=at)
        for code, name in (("CY1", "dspt"), ("CY2", "cyber_essentials")):
            said, (issued, ends) = answering.pieces()[name], answering.dates(name, story, london_date(at))
            file = content.paper(said["title"], story["tool"]["manufacturer"])
            house().storage.put_content(file.data)
            operations.attach(
                link=link,
                code=code,
                title=said["title"],
                kind=said["kind"],
                file=file,
                issued_on=issued,
                expires_on=ends,
                by=by,
                at=at,
            )


def hand_in(link: SupplierLink) -> None:
    """The supplier's contact says that it is finished."""
    with transaction():
        at = clock.now()
        operations.hand_in(link=link, by=queries.contact(link, at), at=at)
