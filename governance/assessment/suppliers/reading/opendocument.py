"""The tables of an OpenDocument text: covered cells, check boxes of forms and of content controls, struck text, changes."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator

from governance.assessment.suppliers.reading import tables, trees
from governance.assessment.suppliers.reading.tables import EMPTY, TICKED, Cell, Document, Row, Table
from governance.assessment.suppliers.reading.trees import Node

BODY, STYLES = "content.xml", "styles.xml"
_LEFT_OUT = (
    "text:tracked-changes", "office:annotation", "office:annotation-end", "text:note", "table:table", "text:ruby-text",
    "draw:object", "draw:image", "draw:text-box", "office:forms",
)  # fmt: skip
_BREAKS = {"text:tab": " ", "text:line-break": "\n"}
_TRUE = ("true", "1", "checked")


def read(archive: zipfile.ZipFile) -> Document:
    """The tables and the loose text of an ODT. Raises FormFault."""
    root = trees.part(archive, BODY)
    body = root.child("office:body") if root else None
    text = body.child("office:text") if body else None
    if root is None or text is None:
        raise trees.broken()
    reading = _Reading(_struck(root), dict(_controls(text)))
    styles = trees.part(archive, STYLES)
    masters = styles.child("office:master-styles") if styles else None
    reading.loose += tables.lines(reading.all_text(masters)) if masters else ()
    reading.block(text)
    return Document(tuple(reading.tables), tuple(reading.loose))


class _Reading:
    """One walk through a document. `struck` are names of styles whose text counts as deleted, `boxes` the form's controls."""

    def __init__(self, struck: frozenset[str], boxes: dict[str, str]) -> None:
        self.tables: list[Table] = []
        self.loose: list[str] = []
        self._struck, self._boxes, self._rows = struck, boxes, 0

    def block(self, node: Node) -> None:
        """Paragraphs and tables that stand in no table."""
        for each in node.children:
            if each.tag in ("text:p", "text:h"):
                self.loose += tables.lines([self._text(each)])
            elif each.tag == "table:table":
                self.table(each, self.loose[-1] if self.loose else "")
            elif each.tag not in _LEFT_OUT:
                self.block(each)

    def table(self, node: Node, before: str) -> Table:
        """A table, and with it every table inside."""
        number = len(self.tables)
        self.tables.append(Table(number + 1, (), before))
        rows: list[Row] = []
        for each in _rows(node):
            self._rows += 1
            if self._rows > tables.MOST_ROWS:
                raise trees.too_large()
            rows.append(Row(len(rows) + 1, tuple(self._cells(each))))
        self.tables[number] = Table(number + 1, tuple(rows), before)
        return self.tables[number]

    def _cells(self, row: Node) -> Iterator[Cell]:
        column = across = 0
        for each in row.children:
            if each.tag == "table:table-cell":
                wide = tables.span(each.given.get("table:number-columns-spanned"))
                yield Cell(column, wide, tables.lines(self._paragraphs(each)))
                across = wide - 1
            elif each.tag == "table:covered-table-cell":
                if across:
                    across -= 1
                else:
                    yield Cell(column, 1, (), continues=True)
            else:
                continue
            column += tables.span(each.given.get("table:number-columns-repeated"))
            if column > tables.MOST_COLUMNS:
                return

    def _paragraphs(self, node: Node) -> Iterator[str]:
        for each in node.children:
            if each.tag in ("text:p", "text:h"):
                yield self._text(each)
            elif each.tag == "table:table":
                for row in self.table(each, "").rows:
                    yield " ".join(cell.text for cell in row.cells)
            elif each.tag not in _LEFT_OUT:
                yield from self._paragraphs(each)

    def all_text(self, node: Node) -> Iterator[str]:
        """The text of every paragraph below, wherever it stands."""
        for each in node.children:
            if each.tag in ("text:p", "text:h"):
                yield self._text(each)
            else:
                yield from self.all_text(each)

    def _text(self, paragraph: Node) -> str:
        return "".join(self._pieces(paragraph))

    def _pieces(self, node: Node) -> Iterator[str]:
        for each in node.inside:
            if isinstance(each, str):
                yield each
            elif each.tag == "text:s":
                yield " "
            elif each.tag in _BREAKS:
                yield _BREAKS[each.tag]
            elif each.tag == "draw:control":
                yield self._boxes.get(each.given.get("draw:control", ""), "")
            elif each.tag.startswith("field:fieldmark"):
                yield _legacy(each)
                yield from self._pieces(each)
            elif each.tag == "loext:content-control":
                yield from self._control(each)
            elif each.tag not in _LEFT_OUT and each.given.get("text:style-name") not in self._struck:
                yield from self._pieces(each)

    def _control(self, control: Node) -> Iterator[str]:
        if control.given.get("loext:checkbox") in _TRUE:
            yield TICKED if control.given.get("loext:checked") in _TRUE else EMPTY
        elif control.given.get("loext:showing-place-holder") not in _TRUE:
            yield from self._pieces(control)


def _rows(node: Node) -> Iterator[Node]:
    for each in node.children:
        if each.tag == "table:table-row":
            yield each
        elif each.tag in ("table:table-header-rows", "table:table-rows", "table:table-row-group"):
            yield from _rows(each)


def _struck(root: Node) -> frozenset[str]:
    """Styles of this document whose text is struck out or hidden."""
    named = set()
    for style in (root.child("office:automatic-styles") or Node("", {})).children:
        looks = style.child("style:text-properties")
        line = looks.given.get("style:text-line-through-style", "none") if looks else "none"
        if line != "none" or (looks is not None and looks.given.get("text:display") == "none"):
            named.add(style.given.get("style:name", ""))
    return frozenset(named - {""})


def _controls(node: Node) -> Iterator[tuple[str, str]]:
    """Check boxes and option buttons of the document's form, by their id, drawn with their label."""
    for each in node.children:
        if each.tag in ("office:forms", "form:form"):
            yield from _controls(each)
        elif each.tag in ("form:checkbox", "form:radio"):
            on = each.given.get("form:current-state") == "checked" or each.given.get("form:current-selected") == "true"
            ident = each.given.get("form:id") or each.given.get("?:id") or ""
            yield ident, f"{TICKED if on else EMPTY} {each.given.get('form:label', '')}"


def _legacy(mark: Node) -> str:
    """A form field that came from Word: a check box is drawn, text stands in the runs after it."""
    if not mark.given.get("field:type", "").endswith("FORMCHECKBOX"):
        return ""
    for each in mark.children:
        if each.tag == "field:param" and each.given.get("field:name") == "Checkbox_Checked":
            return TICKED if each.given.get("field:value") in _TRUE else EMPTY
    return EMPTY
