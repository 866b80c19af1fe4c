"""The words of a hazard log: kinds of control, statuses, grounds for accepting a risk.

Source: DCB0129 implementation guidance v3.2, section 3.6 and tables 5, 6 and 10. Codes are what rows keep; the
explanations are ours.
"""

EXISTING = "existing"
KINDS: tuple[tuple[str, str, str], ...] = (
    ("existing", "Existing", "Already in place and staying. It is counted in the initial score."),
    ("design", "Design", "A change to the tool or the systems around it. The strongest kind."),
    ("test", "Test", "Checks that show the tool does what it should, here and with this version."),
    ("business_process", "Business process change", "A change to how the work is done."),
    ("training", "Training", "Teaching, briefing or information for the people who use it."),
)
KIND_WORDS = {code: words for code, words, _ in KINDS}
STATUSES: tuple[tuple[str, str, str], ...] = (
    ("open", "Open", "The manufacturer has actions outstanding."),
    ("transferred", "Transferred", "The manufacturer’s actions are done. The deploying organisation’s are not."),
    ("closed", "Closed", "All actions are done."),
)
STATUS_WORDS = {code: words for code, words, _ in STATUSES}
ACCEPTANCES: tuple[tuple[str, str], ...] = (
    ("impractical", "More control is impractical"),
    ("cost_outweighs_benefit", "More control would cost more than it gains"),
)
PATIENT_WORDS = {"single": "One patient", "multiple": "Several patients"}
SUPPLIER_SAYS: dict[str, str] = {
    "reference": "Supplier’s reference",
    "scheme": "Supplier’s scheme",
    "initial": "Initial rating in that scheme",
    "residual": "Residual rating in that scheme",
    "status": "Status in the supplier’s log",
}
"""What a supplier says of a hazard in its own words, by the end of the column’s name: `supplier_reference` and so on."""
TEXT_LIMITS: dict[str, tuple[str, int]] = {
    "name": ("The name", 200),
    "owner": ("Who looks after it", 200),
    "source": ("Where it comes from", 80),
    "supplier_reference": ("The supplier’s reference", 60),
    "supplier_scheme": ("The supplier’s scheme", 200),
    "supplier_initial": ("The supplier’s initial rating", 60),
    "supplier_residual": ("The supplier’s residual rating", 60),
    "supplier_status": ("The supplier’s status", 60),
}
"""How long the short texts of a hazard may be, in characters."""
