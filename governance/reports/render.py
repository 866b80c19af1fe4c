"""The audit report as a PDF: material through presenters and templates to the printer."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import datetime
from functools import cache, lru_cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from governance.errors import Fault
from governance.pictures import draw
from governance.reports.material import Material
from governance.reports.presenters import front
from governance.reports.presenters.document import Document, document
from governance.web.templating import FILTERS

TOP = Path(__file__).resolve().parent.parent
STATIC = TOP / "web" / "static"
NEEDED = (
    "report.css",
    "fonts/fonts.css",
    *(f"fonts/arimo-{part}-{weight}-normal.woff2" for part in ("latin", "latin-ext") for weight in (400, 700)),
    *(f"fonts/cousine-latin-{weight}-normal.woff2" for weight in (400, 700)),
)


def check_parts() -> None:
    """Raise Fault where a font or the styles are missing: a report must never borrow a font from the machine."""
    for name in NEEDED:
        if not (STATIC / name).is_file():
            raise Fault(file=f"governance/web/static/{name}", item="reports", fault="is missing")


def html(paper: Document, *, front_only: bool = False) -> str:
    """The whole report, or its front sheet alone, as HTML."""
    template = environment().get_template("reports/audit.jinja")
    return template.render(paper=paper, made_at=paper.created, front_only=front_only)


def pdf(material: Material) -> tuple[bytes, int]:
    """The file and its number of pages; the same material gives the same bytes."""
    begin = front.first_fit(material)

    @lru_cache(maxsize=2)
    def paper(step: int) -> Document:
        return document(material, step)

    def written(step: int, front_only: bool) -> str:
        return html(paper(step), front_only=front_only)

    return on_paper(written, identifier=identifier(material), made_at=material.issued_at, begin=begin)


def on_paper(
    written: Callable[[int, bool], str], *, identifier: bytes, made_at: datetime, begin: int = 0
) -> tuple[bytes, int]:
    """A file and its number of pages from HTML: `written(step, front_only)` as the printer asks for it."""
    # WeasyPrint loads with the first report, not with every page of the application.
    from governance.reports.printing import print_report

    printed = print_report(written, identifier=identifier, made_at=made_at, begin=begin)
    return printed.content, printed.pages


def identifier(material: Material) -> bytes:
    """Sixteen bytes that name this file: from the pack, the edition, the head of the stream and the time of issue."""
    said = f"{material.digest} {material.edition} {material.trail.head} {material.issued_at.isoformat()}"
    return hashlib.sha256(said.encode()).digest()[:16]


@cache
def environment() -> Environment:
    """Where templates of what is printed are found: everything escaped, nothing undefined."""
    """Templates of reports: everything escaped, a missing value is a fault."""
    env = Environment(
        loader=FileSystemLoader(TOP.parent / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    env.filters.update(FILTERS)
    env.globals["draw"] = draw
    return env
