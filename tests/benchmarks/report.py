"""Making the audit report against bare WeasyPrint on the very same HTML: what reading, presenting and checking add."""

import sqlalchemy as sa
from weasyprint import HTML

from governance import clock
from governance.assessment.packs.models import AssurancePack
from governance.database import read_only
from governance.reports import printing, queries, render
from governance.reports.material import Material
from governance.reports.presenters import front
from governance.reports.presenters.document import document
from tests import agreed
from tests.benchmarks.measuring import alternately, application
from tests.world import World

ROUNDS = 5


def measure() -> list[str]:
    """Seconds of each and their ratio, for a report of a tool that was agreed to."""
    with application():
        agreed.authorised(World())

        def read() -> Material:
            with read_only() as session:
                return queries.material(
                    session.scalars(sa.select(AssurancePack)).one(),
                    edition="full",
                    issued_at=clock.now(),
                    product="AI assurance register",
                    public_url="http://127.0.0.1:8000",
                )

        def ours() -> tuple[bytes, int]:
            return render.pdf(read())

        material = read()
        html = render.html(document(material, front.first_fit(material)))

        def bare() -> bytes:
            return HTML(string=html, url_fetcher=printing._closed()).write_pdf(
                stylesheets=[printing._styles()[0]], font_config=printing._styles()[1], pdf_variant="pdf/ua-1"
            )

        _, pages = ours()
        mine, theirs = alternately(ours, bare, ROUNDS)
    return [f"report of {pages} pages: ours {mine:.2f} s, bare WeasyPrint {theirs:.2f} s: ratio {mine / theirs:.2f} (at most 1.25)"]
