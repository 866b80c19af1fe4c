"""Reading a PDF back: texts page by page, pictures' texts, fonts, and how many pages the front sheet takes."""

import subprocess
from io import BytesIO
from typing import Any

import pikepdf


def texts(data: bytes) -> list[str]:
    """The words of each page on one line, as a reader finds them."""
    out = subprocess.run(["pdftotext", "-enc", "UTF-8", "-", "-"], input=data, capture_output=True, check=True).stdout
    return [" ".join(text.split()) for text in out.decode().split("\f")[:-1]]


def front_pages(data: bytes) -> int:
    """Pages before the first chapter: the page on which its heading stands, less one."""
    heading = "What this is and what was asked"
    return next(n for n, text in enumerate(texts(data)) if heading in text)


def figures(data: bytes) -> list[str]:
    """What stands for each picture, in reading order."""
    with pikepdf.open(BytesIO(data)) as file:
        return [str(each["/Alt"]) for each in _structure(file.Root.StructTreeRoot) if each.get("/S") == "/Figure"]


def fonts(data: bytes) -> list[tuple[str, bool]]:
    """Each font with whether it is inside the file."""
    with pikepdf.open(BytesIO(data)) as file:
        found = {
            (str(font["/BaseFont"])[1:], "/FontFile2" in font.DescendantFonts[0].FontDescriptor)
            for sheet in file.pages
            for font in sheet.Resources.get("/Font", {}).values()
        }
    return sorted(found)


def _structure(element: Any) -> list[Any]:
    kids = element.get("/K", [])
    kids = kids if isinstance(kids, pikepdf.Array) else [kids]
    found = []
    for kid in kids:
        if isinstance(kid, pikepdf.Dictionary) and kid.get("/Type") == "/StructElem":
            found += [kid, *_structure(kid)]
    return found
