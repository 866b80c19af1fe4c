"""From a report's HTML to a tagged PDF/UA-1 file, the same bytes for the same report.

Nothing is fetched: fonts are put into the styles as data, and every address but `data:` is refused.
"""

import base64
import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path

from weasyprint import CSS, HTML
from weasyprint.document import Document
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher

STATIC = Path(__file__).resolve().parent.parent / "web" / "static"
STEPS = (0, 1, 2, 3, 4)
INSIDE = "inside"  # the id of what follows the front sheet: it must begin on page two


@dataclass(frozen=True)
class Printed:
    """A report as a file: its bytes and how many pages it has."""

    content: bytes
    pages: int


def print_report(html: Callable[[int, bool], str], *, identifier: bytes, made_at: datetime, begin: int = 0) -> Printed:
    """Render a report whose front sheet keeps to one page.

    `html(step, front_only)` gives the report, its front sheet roomy at step 0 and tight at step 4 (see
    `templates/reports/front_sheet.jinja`), or the front sheet alone. The fitting step is sought from
    `begin`, a guess, on the front sheet alone because that is quick; the whole is laid out once. `identifier` and `made_at`
    make equal reports equal files.

    Raises ValueError when not even the tightest does: a template has lost its limits.
    """
    document = _rendered(html(_step(html, begin), False))
    with _dated(made_at):
        content = document.write_pdf(pdf_variant="pdf/ua-1", pdf_identifier=identifier)
    return Printed(content=content, pages=len(document.pages))


def _rendered(html: str) -> Document:
    styles, fonts = _styles()
    return HTML(string=html, url_fetcher=_closed()).render(stylesheets=[styles], font_config=fonts)


def _step(html: Callable[[int, bool], str], begin: int) -> int:
    for step in STEPS[begin:]:
        if len(_rendered(html(step, True)).pages) == 1:
            return step
    raise ValueError("the front sheet does not keep to one page")


@cache
def _closed() -> URLFetcher:
    return URLFetcher(allowed_protocols=["data"])


@cache
def _styles() -> tuple[CSS, FontConfiguration]:
    """The report's styles with its fonts inside, read once in a process."""
    fonts = FontConfiguration()
    faces = (STATIC / "fonts" / "fonts.css").read_text("utf-8")
    faces = re.sub(r"unicode-range:[^;}]*;?|font-display:[^;}]*;?", "", faces)
    faces = re.sub(r'url\("([^"]+)"\)', lambda found: f'url("{_data(STATIC / "fonts" / found.group(1))}")', faces)
    own = (STATIC / "report.css").read_text("utf-8")
    return CSS(string=faces + own, font_config=fonts, url_fetcher=_closed()), fonts


def _data(path: Path) -> str:
    return "data:font/woff2;base64," + base64.b64encode(path.read_bytes()).decode("ascii")


@contextmanager
def _dated(made_at: datetime) -> Iterator[None]:
    """Fonts carry the time of SOURCE_DATE_EPOCH, else of now. A process prints one report at a time."""
    before = os.environ.get("SOURCE_DATE_EPOCH")
    os.environ["SOURCE_DATE_EPOCH"] = str(int(made_at.timestamp()))
    try:
        yield
    finally:
        if before is None:
            del os.environ["SOURCE_DATE_EPOCH"]
        else:
            os.environ["SOURCE_DATE_EPOCH"] = before
