"""The whole report, put together from its parts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC

from governance.reports import editions, partner, words
from governance.reports.material import Material
from governance.reports.presenters import answers, asked, front, plans, risk, signoffs, trail
from governance.reports.presenters.answers import AnswersPart
from governance.reports.presenters.asked import AskedPart
from governance.reports.presenters.front import Front
from governance.reports.presenters.plans import PlansPart
from governance.reports.presenters.risk import HazardPart
from governance.reports.presenters.signoffs import SignOffsPart
from governance.reports.presenters.trail import TrailPart
from governance.web.wording import long_date

HEADER_LENGTH = 62


@dataclass(frozen=True)
class Document:
    """Everything that is printed. `digest` is the pack's, in full; `check` is where it is checked, as people type it;
    `created` is the time of issue as PDF metadata has it."""

    product: str
    edition: str
    reference: str
    title: str
    header: str
    digest: str
    check: str
    check_url: str
    issued: str
    created: str
    front: Front
    asked: AskedPart
    answers: AnswersPart
    plans: PlansPart
    hazards: HazardPart
    sign_offs: SignOffsPart
    trail: TrailPart
    left_out: str = ""
    replaces: str = ""


def document(material: Material, fit: int) -> Document:
    """The report with its front sheet at a tightness of 0 to `front.TIGHTEST`."""
    url = material.public_url.rstrip("/")
    return Document(
        product=material.product,
        edition=words.edition(editions.issue(material.edition, material.issue)),
        reference=material.reference,
        title=front.title(material),
        header=words.shortened(front.title(material), HEADER_LENGTH),
        digest=material.digest,
        check=f"{trail.address(url)}/check",
        check_url=f"{url}/check/{material.digest[:8]}",
        issued=long_date(material.issued_at),
        created=material.issued_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        front=front.front_sheet(material, fit),
        asked=asked.asked_part(material),
        answers=answers.answers_part(material),
        plans=plans.plans_part(material),
        hazards=risk.hazard_part(material),
        sign_offs=signoffs.sign_offs_part(material),
        trail=trail.trail_part(material),
        left_out=partner.LEFT_OUT if material.edition == "partner" else "",
        replaces=words.replaces(material.replaces) if material.replaces else "",
    )
