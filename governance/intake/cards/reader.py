"""Reading a CHAI Applied Model Card from the bytes of a file. Pure; nothing in a card is trusted.

The namespace of the root element says the version. A card may have its elements in another order than the schema, and
elements the schema does not know: what it says still counts, and what we do not know is listed. A required element that
is missing, or a single one given twice, is a fault, because then nobody can say what the maker meant.
Text is plain text: markdown stays as it was typed, spaces are tidied, paragraphs are kept. It is never HTML.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from governance.errors import Refused
from governance.intake.cards import mapping

LARGEST = 1024 * 1024
MOST_ELEMENTS = 5000
DEEPEST = 10
ROOT = "AppliedModelCard"
VERSIONS = mapping.BOTH

_NAMESPACE = re.compile(r"https?://mc\.chai\.org/(v[0-9]{1,3}(?:\.[0-9]{1,3}){0,2})/schema\.xsd")
_SIGNATURE = "{http://www.w3.org/2000/09/xmldsig#}Signature"


class CardFault(Refused):
    """A file that cannot be taken as a model card, with one sentence that says why."""


@dataclass(frozen=True)
class ModelCard:
    """A card as read. `version` is `v0.1` or `v0.2`; `elements` are (path below the root, text) in the card's order."""

    version: str
    elements: list[tuple[str, str]]

    @cached_property
    def fields(self) -> dict[str, str]:
        """Our field to the text read for it; see `mapping`."""
        return mapping.fields(self.version, self.elements)

    @property
    def account(self) -> list[tuple[str, str, str]]:
        """(path, text, where it goes or why it is not used) for every element of the card."""
        return [(path, text, mapping.destination(self.version, path)) for path, text in self.elements]


def read_card(data: bytes) -> ModelCard:
    """The card in a file. Raises CardFault, and nothing else, whatever the bytes are."""
    root = _parsed(data)
    version = _version(root)
    elements = list(_texts(root, version, f"{{{root.tag[1:].partition('}')[0]}}}"))
    _complete(version, Counter(path for path, _ in elements))
    return ModelCard(version, elements)


def _parsed(data: bytes) -> Element:
    if not data.strip():
        raise _fault("empty", "This file is empty. Choose the model card’s XML file.")
    if len(data) > LARGEST:
        raise _fault("too_large", "This file is larger than 1 MB, so it is not a model card.")
    try:
        return fromstring(data, forbid_dtd=True, forbid_entities=True, forbid_external=True)
    except DefusedXmlException:
        raise _fault(
            "entities",
            "This file defines its own entities or document type. A model card has none, so it was not read.",
        ) from None
    except (ParseError, LookupError, ValueError):
        raise _fault("not_xml", "This file is not well-formed XML. Choose the model card’s XML file.") from None


def _version(root: Element) -> str:
    namespace, _, name = root.tag[1:].rpartition("}") if root.tag.startswith("{") else ("", "", root.tag)
    if name != ROOT:
        raise _fault("wrong_root", f"This XML file is not a CHAI Applied Model Card: it does not begin with {ROOT}.")
    found = _NAMESPACE.fullmatch(namespace)
    if not found:
        raise _fault("no_version", "This model card does not say which version of the CHAI schema it follows.")
    if found[1] not in VERSIONS:
        raise _fault(
            "unknown_version", f"This model card follows version {found[1]}. Versions v0.1 and v0.2 can be read."
        )
    return found[1]


def _texts(root: Element, version: str, namespace: str) -> Iterator[tuple[str, str]]:
    """(path, text) of every element that holds text, without recursion, so that no depth can hurt."""
    leaves = mapping.rows(version)
    waiting: list[tuple[str, Element, int]] = [(_step("", child, namespace), child, 1) for child in reversed(root)]
    seen = 0
    while waiting:
        path, element, depth = waiting.pop()
        seen += 1
        if seen > MOST_ELEMENTS or depth > DEEPEST:
            raise _fault("too_deep", "This file has more elements than a model card can have, so it was not read.")
        if path == "Signature":
            yield path, "Present"
        elif path in leaves or not len(element):
            if path in leaves or _tidy(element):
                yield path, _tidy(element)
        else:
            waiting += [(_step(path, child, namespace), child, depth + 1) for child in reversed(element)]


def _step(path: str, element: Any, namespace: str) -> str:
    tag = str(element.tag)
    if tag == _SIGNATURE and not path:
        return "Signature"
    name = tag.removeprefix(namespace) if tag.startswith(namespace) else f"other:{tag.rpartition('}')[2]}"
    return f"{path}/{name[:100]}" if path else name[:100]


def _tidy(element: Element) -> str:
    """The text of an element: no control or direction-changing characters, runs of space as one, one blank line at most."""
    text = unicodedata.normalize("NFC", "".join(element.itertext())).replace("\r\n", "\n").replace("\r", "\n")
    text = "".join(c for c in text if c in "\n\t" or not (unicodedata.category(c) == "Cc" or c in _TURNING))
    lines = (" ".join(line.split()) for line in text.split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


_TURNING = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"


def _complete(version: str, counts: Counter[str]) -> None:
    for path, row in mapping.rows(version).items():
        if row.required and not counts[path]:
            raise _fault("missing", f"This model card has no {path}, which version {version} requires.")
        if not row.many and counts[path] > 1:
            raise _fault("repeated", f"This model card gives {path} more than once.")


def _fault(code: str, sentence: str) -> CardFault:
    return CardFault.because(sentence, code=f"card.{code}")
