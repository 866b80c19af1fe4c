"""What the invented people write: stories, plans, documents and evidence files."""

import hashlib
import re
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from governance import clock
from governance.web import uploads

HERE = Path(__file__).resolve().parent

FACTS: dict[str, dict[str, str]] = {
    "pilot_figures": {"criteria_so_far": "Met in 17 weeks of 22. Minutes were late while a server was moved."},
    "decommissioning": {
        "data_returned": "The supplier deletes what people typed and certifies it.",
        "fallback": "People ring the switchboard, or use the search of the website.",
    },
}
"""The facts that policy reads from documents, in the demonstration."""

NOT_SAFETY = "{tool} is for: {use}. No output reaches anyone who gives or decides about care. I ask to be told if that changes."

PLAN = {
    "scope": "{tool} {version}, for: {use}. Research and teaching are left out.",
    "environment": "Used in: {setting}. Staff who have had the hour of training use it in working hours and on call.",
    "team": "The clinical safety officer leads. The clinical lead, the digital lead and people who use it take part.",
    "activities": "Workshop before pilot; report before each stage; review each month in pilot; report before it is taken away.",
    "criteria": "Ratings are looked up in the matrix below. A 3 needs the safety officer and the executive; 4 and 5 are refused.",
    "identification": "A structured what-if workshop with those who use it, and the supplier’s hazard log beside ours.",
    "review": "A new version, an incident, a change of use, and once a year.",
}


@cache
def stories() -> dict[str, Any]:
    """Tools, uses, facts and hazards by short name."""
    return dict(yaml.safe_load((HERE / "stories.yaml").read_text()))


@cache
def in_use() -> dict[str, Any]:
    """What is declared, measured and said of tools in use, by short name."""
    return dict(yaml.safe_load((HERE / "in_use.yaml").read_text()))


def story(name: str) -> dict[str, Any]:
    """One story, told from today: its dates are days from now, whatever the clock says while it is told."""
    return (stories().get(name) or in_use()[name]) | {"today": clock.today()}


@cache
def paper(title: str, maker: str) -> uploads.Upload:
    """A one-page PDF that says it is invented."""
    lines = (title, f"{maker} (invented).", "Invented for demonstration. It describes no real product or person.")
    data = _page([(20, lines[0]), *((11, line) for line in lines[1:])])
    name = re.sub("[^a-z0-9]+", "-", title.lower()).strip("-") + ".pdf"
    return uploads.Upload(name, "pdf", "application/pdf", len(data), hashlib.sha256(data).hexdigest(), data)


def _page(lines: list[tuple[int, str]]) -> bytes:
    """A PDF of one A4 page, written by hand: laying out a page for each file would take longer than all the rest."""
    shown = [f"/F1 {size} Tf <{line.encode('cp1252', 'replace').hex()}> Tj 0 -28 Td\n" for size, line in lines]
    text = f"BT 60 760 Td\n{''.join(shown)}ET".encode()
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R /Lang (en-GB) >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(text), text),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    out, places = b"%PDF-1.4\n", list[int]()
    for number, each in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, each)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    ending = b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, len(out))
    return out + b"xref\n0 %d\n0000000000 65535 f \n%s" % (len(objects) + 1, table) + ending


FULL_WATCH: dict[str, Any] = {
    "indicators": [
        {
            "name": "Share of suggestions that staff change",
            "source": "Monthly export of the supplier",
            "direction": "down",
            "target": "10 in 100",
            "frequency": "monthly",
            "owner": "Digital lead",
        }
    ],
    "reviews": "Each month for three months, then each quarter, by the digital lead and the senior responsible owner.",
    "acts": "The digital lead tells the senior responsible owner within two working days.",
}
"""What a full monitoring plan adds to a short one."""
