"""The tables of a Word document: content controls, both kinds of check box, merged cells, tracked changes, struck text."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator

from governance.assessment.suppliers.reading import tables, trees
from governance.assessment.suppliers.reading.tables import EMPTY, TICKED, Cell, Document, Row, Table
from governance.assessment.suppliers.reading.trees import Node

BODY = "word/document.xml"
_HEADER = re.compile(r"word/header\d{0,3}\.xml")
_WRAPPERS = ("w:sdt", "w:sdtContent", "w:customXml", "w:ins", "w:moveTo", "w:smartTag")
_LEFT_OUT = (
    "w:del", "w:moveFrom", "w:instrText", "w:delText", "w:rPr", "w:pPr", "w:sdtPr", "w:drawing", "w:pict", "w:object",
    "mc:AlternateContent", "w:tbl", "w:tcPr",
)  # fmt: skip
_BREAKS = {"w:tab": " ", "w:br": "\n", "w:cr": "\n", "w:noBreakHyphen": "-"}
_SYMBOLS = {"fe": TICKED, "fd": TICKED, "78": TICKED, "52": TICKED, "fc": TICKED, "a8": EMPTY, "6f": EMPTY, "a3": EMPTY}
"""Wingdings and Wingdings 2 as forms use them: boxes with a tick or a cross, a tick alone, and empty boxes."""


def read(archive: zipfile.ZipFile) -> Document:
    """The tables and the loose text of a DOCX. Raises FormFault."""
    root = trees.part(archive, BODY)
    body = root.child("w:body") if root else None
    if body is None:
        raise trees.broken()
    reading = _Reading()
    for name in sorted(filter(_HEADER.fullmatch, archive.namelist()))[:20]:
        header = trees.part(archive, name)
        reading.loose += tables.lines(_all_text(header)) if header else ()
    reading.block(body)
    return Document(tuple(reading.tables), tuple(reading.loose))


class _Reading:
    """One walk through a document."""

    def __init__(self) -> None:
        self.tables: list[Table] = []
        self.loose: list[str] = []
        self._rows = 0

    def block(self, node: Node) -> None:
        """Paragraphs and tables that stand in no table."""
        for each in node.children:
            if each.tag == "w:p":
                self.loose += tables.lines([_text(each)])
            elif each.tag == "w:tbl":
                self.table(each, self.loose[-1] if self.loose else "")
            elif each.tag in _WRAPPERS:
                self.block(each)

    def table(self, node: Node, before: str) -> Table:
        """A table, and with it every table inside."""
        number = len(self.tables)
        self.tables.append(Table(number + 1, (), before))  # its place in the order of the document
        rows: list[Row] = []
        for each in _within(node, "w:tr"):
            if each.child("w:trPr") is not None and _deleted(each):
                continue
            self._rows += 1
            if self._rows > tables.MOST_ROWS:
                raise trees.too_large()
            rows.append(Row(len(rows) + 1, tuple(self._cells(each))))
        self.tables[number] = Table(number + 1, tuple(rows), before)
        return self.tables[number]

    def _cells(self, row: Node) -> Iterator[Cell]:
        given = row.child("w:trPr")
        skipped = given.child("w:gridBefore") if given else None
        column = tables.span(skipped.given.get("w:val")) if skipped is not None else 0
        for cell, empty in _cells_of(row):
            about = cell.child("w:tcPr")
            wide = about.child("w:gridSpan") if about else None
            merged = about.child("w:vMerge") if about else None
            columns = tables.span(wide.given.get("w:val")) if wide is not None else 1
            continues = merged is not None and merged.given.get("w:val", "continue") == "continue"
            said = () if empty else tables.lines(self._paragraphs(cell))
            yield Cell(column, columns, said, continues)
            column += columns

    def _paragraphs(self, node: Node) -> Iterator[str]:
        for each in node.children:
            if each.tag == "w:p":
                yield _text(each)
            elif each.tag == "w:tbl":
                for row in self.table(each, "").rows:
                    yield " ".join(cell.text for cell in row.cells)
            elif each.tag == "w:sdt":
                if (box := _box(each)) is not None:
                    yield box
                elif not _placeholder(each):
                    yield from self._paragraphs(each)
            elif each.tag in _WRAPPERS:
                yield from self._paragraphs(each)


def _within(node: Node, tag: str) -> Iterator[Node]:
    """Children of one name, through content controls and the like."""
    for each in node.children:
        if each.tag == tag:
            yield each
        elif each.tag in _WRAPPERS:
            yield from _within(each, tag)


def _cells_of(node: Node, empty: bool = False) -> Iterator[tuple[Node, bool]]:
    """Cells of a row, each with whether it shows only the prompt of its content control."""
    for each in node.children:
        if each.tag == "w:tc":
            yield each, empty
        elif each.tag in _WRAPPERS:
            yield from _cells_of(each, empty or _placeholder(each))


def _deleted(row: Node) -> bool:
    about = row.child("w:trPr")
    return about is not None and about.child("w:del") is not None


def _placeholder(node: Node) -> bool:
    about = node.child("w:sdtPr")
    return about is not None and _on(about.child("w:showingPlcHdr"))


def _box(control: Node) -> str | None:
    """A content control that is a check box, drawn; None for any other."""
    about = control.child("w:sdtPr")
    box = about.child("w14:checkbox") if about else None
    if box is None:
        return None
    checked = box.child("w14:checked")
    return TICKED if checked is not None and checked.given.get("w14:val", "1") in ("1", "true", "on") else EMPTY


def _on(switch: Node | None) -> bool:
    return switch is not None and switch.given.get("w:val", "1") not in ("0", "false", "off", "none")


def _text(paragraph: Node) -> str:
    return "".join(_pieces(paragraph))


def _all_text(node: Node) -> Iterator[str]:
    for each in node.children:
        if each.tag == "w:p":
            yield _text(each)
        else:
            yield from _all_text(each)


def _pieces(node: Node) -> Iterator[str]:
    """The text of a paragraph or of a part of it, with boxes drawn."""
    for each in node.children:
        if each.tag == "w:t":
            yield "".join(piece for piece in each.inside if isinstance(piece, str))
        elif each.tag in _BREAKS:
            yield _BREAKS[each.tag]
        elif each.tag == "w:sym":
            yield _SYMBOLS.get(each.given.get("w:char", "")[-2:].lower(), "")
        elif each.tag == "w:fldChar":
            yield _legacy(each)
        elif each.tag == "w:sdt":
            box = _box(each)
            if box is not None:
                yield box
            elif not _placeholder(each):
                yield from _pieces(each)
        elif each.tag not in _LEFT_OUT and not (each.tag == "w:r" and _gone(each)):
            yield from _pieces(each)


def _gone(run: Node) -> bool:
    about = run.child("w:rPr")
    return about is not None and any(_on(about.child(name)) for name in ("w:strike", "w:dstrike", "w:vanish"))


def _legacy(mark: Node) -> str:
    """A form field of the older kind: a check box, or a list with what was chosen; text stands in the runs after it."""
    about = mark.child("w:ffData")
    box = about.child("w:checkBox") if about else None
    if box is not None:
        return TICKED if _on(box.child("w:checked") or box.child("w:default")) else EMPTY
    choices = about.child("w:ddList") if about else None
    chosen = choices.child("w:result") if choices else None
    if choices is None or chosen is None:
        return ""
    entries = [each.given.get("w:val", "") for each in choices.children if each.tag == "w:listEntry"]
    place = chosen.given.get("w:val", "")
    return entries[int(place)] if place.isascii() and place.isdigit() and int(place[:6]) < len(entries) else ""
