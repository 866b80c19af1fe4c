"""XML from somebody else, as a small tree: no document type, no entities, and limits on size, depth and number.

Names are shortened to the prefixes that the two formats use in their own standards (`w:tbl`, `table:table`).
"""

from __future__ import annotations

import zipfile
import zlib
from io import BytesIO
from typing import IO
from xml.etree.ElementTree import ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser

from governance.errors import Refused

LARGEST_PART = 16 * 1024 * 1024
MOST_ELEMENTS = 250_000
DEEPEST = 100
_PIECE = 64 * 1024

_OASIS = "urn:oasis:names:tc:opendocument:xmlns:"
_PREFIXES = {
    "http://schemas.openxmlformats.org/wordprocessingml/2006/main": "w",
    "http://purl.oclc.org/ooxml/wordprocessingml/main": "w",
    "http://schemas.microsoft.com/office/word/2010/wordml": "w14",
    "http://schemas.openxmlformats.org/markup-compatibility/2006": "mc",
    "urn:org:documentfoundation:names:experimental:office:xmlns:loext:1.0": "loext",
    "urn:openoffice:names:experimental:ooo-ms-interop:xmlns:field:1.0": "field",
} | {f"{_OASIS}{name}:1.0": name for name in ("office", "table", "text", "style", "form")} | {f"{_OASIS}drawing:1.0": "draw"}


class FormFault(Refused):
    """A file that cannot be taken as a supplier's form, with one sentence that says why."""


class Node:
    """One element: its short name, what it is given, and what is inside: text and elements in their order."""

    __slots__ = ("given", "inside", "tag")

    def __init__(self, tag: str, given: dict[str, str]) -> None:
        self.tag, self.given = tag, given
        self.inside: list[Node | str] = []

    @property
    def children(self) -> list[Node]:
        return [each for each in self.inside if isinstance(each, Node)]

    def child(self, tag: str) -> Node | None:
        """The first child of this name."""
        return next((each for each in self.children if each.tag == tag), None)


def parts(data: bytes) -> zipfile.ZipFile:
    """The archive that a document is. Raises FormFault."""
    try:
        return zipfile.ZipFile(BytesIO(data))
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        raise broken() from None


def part(archive: zipfile.ZipFile, name: str) -> Node | None:
    """One part of a document, parsed; None where it has none. Raises FormFault for what is too large, hostile or broken."""
    try:
        found = archive.getinfo(name)
    except KeyError:
        return None
    if found.file_size > LARGEST_PART:
        raise too_large()
    try:
        with archive.open(found) as stream:
            return parse(stream)
    except (zipfile.BadZipFile, zlib.error, RuntimeError, NotImplementedError, EOFError, OSError):
        raise broken() from None


def parse(stream: IO[bytes]) -> Node:
    """A tree from a stream of XML. Raises FormFault, and nothing else, whatever the bytes are."""
    built = _Builder()
    parser = DefusedXMLParser(target=built, forbid_dtd=True, forbid_entities=True, forbid_external=True)
    try:
        while piece := stream.read(_PIECE):
            parser.feed(piece)
        parser.close()
    except DefusedXmlException:
        raise fault("entities", "This file defines its own entities or document type, so it was not read.") from None
    except (ParseError, LookupError, ValueError):
        raise broken() from None
    if built.root is None:
        raise broken()
    return built.root


class _Builder:
    """What the parser tells of a file, kept as a tree for as long as it stays within the limits."""

    def __init__(self) -> None:
        self.root: Node | None = None
        self._open: list[Node] = []
        self._names: dict[str, str] = {}
        self._seen = 0

    def start(self, tag: str, given: dict[str, str]) -> None:
        self._seen += 1
        if self._seen > MOST_ELEMENTS or len(self._open) >= DEEPEST:
            raise too_large()
        node = Node(self._short(tag), {self._short(name): value for name, value in given.items()})
        if self._open:
            self._open[-1].inside.append(node)
        else:
            self.root = node
        self._open.append(node)

    def end(self, _tag: str) -> None:
        self._open.pop()

    def data(self, text: str) -> None:
        if self._open:
            self._open[-1].inside.append(text)

    def close(self) -> None:
        """Nothing is left to do: the tree stands."""

    def _short(self, name: str) -> str:
        if name not in self._names:
            space, found, local = name[1:].partition("}") if name.startswith("{") else ("", "", name)
            self._names[name] = f"{_PREFIXES.get(space, '?')}:{local}" if found else local
        return self._names[name]


def broken() -> FormFault:
    return fault("broken", "This file is damaged or is no Word or OpenDocument text. Save it again, then choose it.")


def too_large() -> FormFault:
    return fault("too_large", "This file holds far more than a filled form does, so it was not read.")


def fault(code: str, sentence: str) -> FormFault:
    return FormFault.because(sentence, code=f"form.{code}")
