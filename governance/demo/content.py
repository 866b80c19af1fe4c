"""What the invented people write: stories, suppliers' answers, documents and evidence files."""

import hashlib
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from governance import clock
from governance.assessment.question_sets import values
from governance.assessment.question_sets.schema import Question, Response
from governance.web import uploads

HERE = Path(__file__).resolve().parent

FACTS: dict[str, dict[str, str]] = {
    "dcb0129": {"basis": "safety_case", "standard_version": "4.2"},
    "dpia": {"residual": "low", "approved_by": "Information governance group"},
    "device": {
        "mhra_class": "class_i",
        "registration_number": "0000000",
        "mark": "ukca",
        "basis": "Rule 12, as the maker declares",
    },
    "cyber": {
        "penetration_tested_on": "{five months ago}",
        "dspt_status": "met",
        "cyber_essentials": "plus",
        "cyber_essentials_expires_on": "{in seven months}",
        "data_held_in": "United Kingdom",
    },
    "equality": {"groups": "Age, sex, ethnicity and deprivation."},
    "ethics": {"involved": "Two meetings of the patient panel (invented)."},
    "rollout": {"training": "One hour for each member of staff.", "patients_told": "Posters and the privacy notice."},
    "nice": {"tier": "c"},
    "sustainability": {"statement": "Runs on servers that are there already."},
    "pilot_figures": {"criteria_so_far": "Met in 17 weeks of 22. Minutes were late while a server was moved."},
    "decommissioning": {
        "data_returned": "The supplier deletes what people typed and certifies it.",
        "fallback": "People ring the switchboard, or use the search of the website.",
    },
    "scribing": {"output_reviewed": "yes", "on_national_registry": "yes", "recordings_kept": "Not kept."},
}
"""The facts that policy reads from documents, in the demonstration. Days are counted from the day of the document."""

PLAN = {
    "scope": "{tool} {version}, for: {use}. Research and teaching are left out.",
    "environment": "Used in: {setting}. Staff who have had the hour of training use it in working hours and on call.",
    "team": "The clinical safety officer leads. The clinical lead, the digital lead and a radiographer take part.",
    "activities": "Workshop before pilot; report before each stage; review each month in pilot; report before it is taken away.",
    "criteria": "Ratings are looked up in the matrix below. A 3 needs the safety officer and the executive; 4 and 5 are refused.",
    "identification": "A structured what-if workshop with those who use it, and the supplier's hazard log beside ours.",
    "review": "A new version, an incident, a change of use, and once a year.",
}


def facts(row: str, on: date) -> dict[str, str]:
    """The facts of a document given on a day."""
    days = {"{five months ago}": clock.add_months(on, -5), "{in seven months}": clock.add_months(on, 7)}
    return {name: days[said].isoformat() if said in days else said for name, said in FACTS[row].items()}


@cache
def stories() -> dict[str, Any]:
    """Tools, uses, facts and hazards by short name."""
    return dict(yaml.safe_load((HERE / "stories.yaml").read_text()))


@cache
def in_use() -> dict[str, Any]:
    """What is declared, measured and said of tools in use, by short name."""
    return dict(yaml.safe_load((HERE / "in_use.yaml").read_text()))


@cache
def _answers() -> dict[str, str]:
    return dict(yaml.safe_load((HERE / "answers.yaml").read_text()))


def words(story: dict[str, Any]) -> dict[str, str]:
    """What may be filled into a text about a story."""
    tool, use = story["tool"], story["use_case"]
    return {
        "tool": tool["name"],
        "version": tool["version"],
        "maker": tool["manufacturer"],
        "seller": tool["supplier"],
        "purpose": use["purpose"],
        "use": use["name"],
        "setting": use["setting"],
    }


def answer(question: Question, story: dict[str, Any]) -> values.AnswerValue:
    """The supplier's answer to one question: the text for its code, or the option that meets it."""
    said = _answers().get(question.code)
    if said is not None:
        return values.answer(question, said.format(**words(story)), note="")
    match question.response:
        case Response.FREE_TEXT | Response.FILE:
            return values.answer(question, "Described in the attached document (invented).")
        case Response.MULTI_CHOICE:
            return values.answer(question, [question.options[0].value], note="As described.")
        case _:
            chosen = question.passes.met[0] if question.passes.met else question.options[0].value
            return values.answer(question, chosen, note="As the attached document says (invented).")


@cache
def paper(title: str, maker: str) -> uploads.Upload:
    """A one-page PDF that says it is invented."""
    html = (
        f"<html lang=en><title>{title}</title><style>body{{font-family:Arimo,sans-serif;margin:2cm}}</style>"
        f"<h1>{title}</h1><p>{maker}. Invented for demonstration. It describes no real product or person.</p>"
    )
    from weasyprint import HTML  # here, because every command of the product would wait half a second for it

    data = HTML(string=html).write_pdf()
    name = title.lower().replace(" ", "-").replace(",", "") + ".pdf"
    return uploads.Upload(name, "pdf", "application/pdf", len(data), hashlib.sha256(data).hexdigest(), data)


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


NIGHT: dict[str, Any] = {
    "name": "Flagged at night with no second reader",
    "causes": "One reader is on call after ten",
    "impact": "A flagged image waits until the morning",
    "initial": ["considerable", "very_high"],
    "residual": ["considerable", "low"],
    "patients": "single",
    "control": "A second reader on call, by a rota of four weeks",
    "kind": "business_process",
    "acceptance": "cost_outweighs_benefit",
    "reason": "A third reader would cost more than the few images at night warrant.",
}
"""A hazard that came to light in the pilot."""
