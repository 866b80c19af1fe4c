"""What a column of a hazard log can be: the fields of the implementation guidance, and what we keep beside them. Pure.

Source: DCB0129 implementation guidance v3.2, tables 2, 5 and 6 (hazard number to status). The headings under which others
keep them are ours; guesses, lower case, without punctuation.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from governance.assessment.hazards import words
from governance.assessment.hazards.words import SUPPLIER_SAYS

OURS, SUPPLIERS = "ours", "supplier"
VERIFIED = {"implementation": "verified in place", "effectiveness": "verified to work"}


@dataclass(frozen=True, slots=True)
class Field:
    """One column: its name here, our heading, where it stands on the page, what others call it, and the words it takes."""

    name: str
    heading: str
    part: str
    usual: tuple[str, ...] = ()
    words: str = ""


PARTS = {
    "what": "What the hazard is",
    "controls": "Controls",
    "initial": "Risk before controls",
    "residual": "Risk with controls",
    "rest": "What is to be done",
    "supplier": "What the supplier says",
}
WORDS = {
    "severity": "Severity", "likelihood": "Likelihood", "patients": "Patients affected", "status": "Status",
    "acceptance": "Ground for accepting the risk",
}  # fmt: skip
"""Kinds of words that are not free text, with their headings."""

_USUAL_CONTROLS = {
    "existing": ("existing controls", "existing control", "current controls", "controls in place", "existing safeguards"),
    "design": ("design controls", "additional controls design", "design", "additional controls", "mitigations", "mitigation",
               "further controls", "proposed controls", "controls", "control measures"),
    "test": ("test controls", "additional controls test", "testing", "test", "verification controls"),
    "training": ("training controls", "additional controls training", "training"),
    "business_process": ("business process change controls", "business process change", "business process controls",
                         "additional controls business process change", "business process", "process change"),
}  # fmt: skip


def _controls() -> tuple[Field, ...]:
    found = []
    for kind, usual in _USUAL_CONTROLS.items():
        heading = f"{words.KIND_WORDS[kind]} controls"
        found.append(Field(f"control_{kind}", heading, "controls", usual))
        for what, says in VERIFIED.items():
            found.append(Field(f"{what}_{kind}", f"{heading}: {says}", "controls"))
    return tuple(found)


def _score(which: str, label: str, *also: str) -> tuple[Field, ...]:
    def usual(*texts: str) -> tuple[str, ...]:  # a bare “severity” is the initial one where it comes first
        return tuple(f"{before} {text}" for text in texts for before in (which, *also)) + tuple(
            f"{text} {before}" for text in texts for before in (which, *also)
        ) + texts

    return (
        Field(f"{which}_patients", f"{label} patients affected", which, usual("patients", "number of patients"), "patients"),
        Field(f"{which}_severity", f"{label} severity", which, usual("severity", "consequence"), "severity"),
        Field(f"{which}_likelihood", f"{label} likelihood", which, usual("likelihood", "probability"), "likelihood"),
        Field(f"{which}_rating", f"{label} rating", which,
              usual("rating", "risk rating", "risk score", "risk level", "clinical risk", "hazard risk rating")),
    )  # fmt: skip


FIELDS: tuple[Field, ...] = (
    Field("number", "Hazard number", "what", ("hazard number", "hazard no", "hazard id", "hazard ref", "hazard reference",
          "number", "no", "ref", "id", "reference", "haz id")),
    Field("name", "Hazard name", "what", ("hazard name", "name", "hazard title", "title", "hazard", "name of the hazard")),
    Field("description", "Description", "what", ("description", "hazard description", "description of hazard",
          "what could happen", "hazardous situation", "scenario")),
    Field("impact", "Potential clinical impact", "what", ("potential clinical impact", "clinical impact", "potential impact",
          "impact", "effect", "effects", "harm", "potential harm", "consequences", "patient impact", "potential consequences")),
    Field("causes", "Possible causes", "what", ("possible causes", "causes", "cause", "possible cause", "potential causes",
          "hazard causes")),
    *_controls()[:3],
    *_score("initial", "Initial", "current", "inherent", "pre mitigation", "before controls", "unmitigated"),
    *_controls()[3:],
    *_score("residual", "Residual", "target", "post mitigation", "after controls", "with controls", "mitigated", "final"),
    Field("acceptance", "Ground for accepting the risk", "residual", ("ground for accepting the risk",), "acceptance"),
    Field("acceptance_reason", "Why it is accepted", "residual", ("why it is accepted", "acceptance reason",
          "justification", "reason for acceptance", "risk acceptance justification", "rationale")),
    Field("owner", "Owner", "rest", ("owner", "hazard owner", "action owner", "who looks after it", "responsible")),
    Field("actions", "Actions", "rest", ("actions", "action", "actions outstanding", "action summary", "summary of actions",
          "further actions", "actions required")),
    Field("status", "Status", "rest", ("status", "hazard status", "current status"), "status"),
    Field("review_on", "Local review due", "rest", ("local review due", "review date", "next review", "review due")),
    Field("source", "Where it came from", "supplier", ("where it came from",)),
    *(Field(f"supplier_{key}", said, "supplier", (said.casefold(),)) for key, said in SUPPLIER_SAYS.items()),
)  # fmt: skip
"""Every field, in the order in which a log is written."""

BY_NAME: Mapping[str, Field] = {each.name: each for each in FIELDS}
SELDOM = frozenset(
    {each.name for each in FIELDS if each.part == "supplier" or each.name.startswith(tuple(f"{what}_" for what in VERIFIED))}
)
"""Fields that only logs written here are likely to have: offered where a heading names them."""
ONE_LINE = frozenset({"number", "name", "owner", "source", *(f"supplier_{key}" for key in SUPPLIER_SAYS)})
NOT_OF_A_SUPPLIER = (
    *(name for name in BY_NAME if name.startswith("supplier_")),
    "source", "acceptance", "review_on", "initial_patients", "residual_patients",
)  # fmt: skip
"""Fields that a supplier’s log does not bring: they are ours to say."""
