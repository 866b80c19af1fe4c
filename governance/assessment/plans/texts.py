"""What a plan is asked to say: titles, hints, and the clause each duty comes from.

Source: DCB0160 v3.2, clauses 2.3, 2.4, 3.2.1 to 3.2.4, 3.5.1, 4.1, 4.2.3, 4.3.1 and 5.1. The hints, and the monitoring
plan, are ours.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PlanText:
    """One text of a plan: its name, what to write, where the duty comes from, and what is said when it is empty."""

    code: str
    title: str
    hint: str
    source: str
    missing: str


RISK_PLAN_TEXTS: tuple[PlanText, ...] = (
    PlanText(
        "scope",
        "What the plan covers",
        "The tool and version, what it is used for, and what is left out.",
        "DCB0160 3.2.1",
        "The plan does not say what it covers.",
    ),
    PlanText(
        "environment",
        "Where it is used, and by whom",
        "Sites, rooms and hours, the systems it works with, who uses it and how they were trained.",
        "DCB0160 4.2.3",
        "The plan does not say where the tool is used, and by whom.",
    ),
    PlanText(
        "team",
        "Roles and team",
        "Who does the safety work, in which role, and what makes them competent.",
        "DCB0160 2.3, 2.4",
        "The plan does not name the roles and the team.",
    ),
    PlanText(
        "activities",
        "Activities and lifecycle phases",
        "What is done at each phase, from first preparations to taking it away, and when a safety case report is due.",
        "DCB0160 3.2.1, 3.5.1",
        "The plan does not say which activities belong to which phase.",
    ),
    PlanText(
        "criteria",
        "Which risks are acceptable",
        "How the ratings of the matrix are used here, and who may accept a residual 3.",
        "DCB0160 3.2.1, 5.1",
        "The plan does not say which risks are acceptable.",
    ),
    PlanText(
        "identification",
        "How hazards are identified",
        "The technique, such as a structured what-if workshop (SWIFT), and who takes part.",
        "DCB0160 4.1, 4.3.1",
        "The plan does not say how hazards are identified.",
    ),
    PlanText(
        "review",
        "How the plan is reviewed",
        "What leads to a review, such as a new version, an incident or a change of use.",
        "DCB0160 3.2.4",
        "The plan does not say how it is reviewed.",
    ),
)

MONITORING_TEXTS: tuple[PlanText, ...] = (
    PlanText(
        "success_criteria",
        "Success criteria",
        "What must be true at the end for it to go on, with figures.",
        "our policy",
        "The monitoring plan has no success criteria.",
    ),
    PlanText(
        "stop_rule",
        "Stop rule",
        "What makes you stop using it at once, and who says so.",
        "our policy",
        "The monitoring plan has no stop rule.",
    ),
)

MONITORING_FULL_TEXTS: tuple[PlanText, ...] = (
    PlanText(
        "reviews",
        "Reviews",
        "How often the figures are looked at together, and by whom.",
        "our policy",
        "The monitoring plan does not say how often it is reviewed.",
    ),
    PlanText(
        "acts",
        "Who acts",
        "Who does what when a figure is out of line, and within how long.",
        "our policy",
        "The monitoring plan does not say who acts on a figure out of line.",
    ),
)

DIRECTIONS: tuple[tuple[str, str], ...] = (
    ("up", "Higher is better"),
    ("down", "Lower is better"),
    ("neither", "Neither, it is watched"),
)
FREQUENCIES: tuple[tuple[str, str], ...] = (
    ("daily", "Every day"),
    ("weekly", "Every week"),
    ("monthly", "Every month"),
    ("quarterly", "Every quarter"),
)
INDICATOR_WORDS: tuple[tuple[str, str], ...] = (
    ("source", "source"),
    ("direction", "direction"),
    ("target", "target"),
    ("frequency", "frequency"),
    ("owner", "owner"),
)
