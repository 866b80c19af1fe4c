"""What a safety case report is asked to say: titles, hints, and the clause each duty comes from.

Source: DCB0129 implementation guidance v3.2, section 3.6 (the eleven sections, as an illustration); DCB0160 v3.2, clauses
3.4.1, 3.5.1 to 3.5.3. The hints are ours. The argument has a text of its own: a safety case is an argument, not a document.
"""

from governance.assessment.plans.texts import PlanText

PHASES: tuple[tuple[str, str, str], ...] = (
    ("deployment", "Deployment", "Before its first use here, or with a new version."),
    ("use", "Use", "While it is in use."),
    ("maintenance", "Maintenance", "After a change to the tool or to how it is set up."),
    ("decommissioning", "Decommissioning", "Before it is taken out of use."),
)
PHASE_WORDS = {code: words for code, words, _ in PHASES}

GUIDANCE = "DCB0129 guidance 3.6"
TEXTS: tuple[PlanText, ...] = (
    PlanText(
        "introduction",
        "Introduction",
        "What the report covers, for whom it is written, and which phase it belongs to.",
        GUIDANCE,
        "The introduction is not written.",
    ),
    PlanText(
        "system",
        "System definition",
        "The tool and its version, its intended use, where it is used, by whom, and the systems it works with.",
        "DCB0160 4.2",
        "The system definition is not written.",
    ),
    PlanText(
        "management",
        "Clinical risk management system",
        "Who does the safety work, in which roles, by which process, and how competence is kept.",
        "DCB0160 2.1 to 2.4",
        "The clinical risk management system is not described.",
    ),
    PlanText(
        "analysis",
        "Clinical risk analysis",
        "How hazards were identified, by whom, and what was looked at.",
        "DCB0160 4.3, 4.4",
        "The clinical risk analysis is not described.",
    ),
    PlanText(
        "evaluation",
        "Clinical risk evaluation",
        "How risks were judged against the criteria of the plan, and what the picture is.",
        "DCB0160 5.1",
        "The clinical risk evaluation is not described.",
    ),
    PlanText(
        "control",
        "Clinical risk control",
        "How controls were chosen, put in place, and seen to work. The table beside it lists each one.",
        "DCB0160 6.1 to 6.4",
        "",
    ),
    PlanText(
        "hazard_log",
        "Hazard log",
        "What a reader should know of the log that goes with this report.",
        "DCB0160 3.3",
        "",
    ),
    PlanText(
        "test_issues",
        "Test issues",
        "What testing showed, which defects are outstanding, and what they mean for safety. Say so where there are none.",
        GUIDANCE,
        "Nothing is said of test issues.",
    ),
    PlanText(
        "argument",
        "Safety argument",
        "Why its use here is safe enough: claim by claim, with what each rests on. In your own words.",
        "DCB0160 3.4.1",
        "The safety argument is not written.",
    ),
    PlanText(
        "summary",
        "Summary safety statement",
        "Your judgement as clinical safety officer, with any limits on how it may be used. In your own words.",
        GUIDANCE,
        "The summary safety statement is not written.",
    ),
    PlanText(
        "quality",
        "Quality assurance and document approval",
        "Who reviewed the report before you approve it.",
        "DCB0160 3.5.2",
        "Quality assurance is not described.",
    ),
    PlanText(
        "configuration",
        "Configuration control",
        "Which versions and settings this report is about, and how changes are kept under control.",
        "DCB0160 3.5, 7.3",
        "Configuration control is not described.",
    ),
)
"""In the order of the report. What need not be written to be approved has nothing to say where it is missing."""

FROM_PLAN = {
    "introduction": ("scope",),
    "system": ("environment",),
    "management": ("team", "activities"),
    "analysis": ("identification",),
    "evaluation": ("criteria",),
}
"""Which texts of the risk management plan a first revision starts from: nothing is typed twice. Never the argument."""
