"""The headings and words that registers usually have, so that most of a mapping is right before anybody looks. Ours; guesses.

Lower case, without punctuation.
"""

from collections.abc import Mapping

HEADINGS: Mapping[str, tuple[str, ...]] = {
    "tool_name": (
        "tool name", "name of the tool", "ai tool", "tool", "product name", "product", "system name", "system", "solution",
        "name of ai", "technology", "application", "ai system", "name",
    ),
    "manufacturer": ("manufacturer", "developer", "maker", "made by", "vendor", "company"),
    "version": ("version", "version in use", "version number", "release", "software version"),
    "kind": ("kind of tool", "what kind of tool is it", "type", "type of ai", "type of tool", "category", "ai type", "kind"),
    "purpose": (
        "purpose", "description", "what does it do here and who checks it", "what does it do", "intended use", "function",
        "summary", "what it does",
    ),
    "sites": (
        "sites", "site", "location", "locations", "where used", "at which sites is it in use", "where is it used",
    ),
    "stage": (
        "stage", "status", "lifecycle stage", "phase", "deployment status", "how far along is it", "current status",
    ),
    "in_use_since": (
        "in use since", "live since", "go live date", "go live", "date live", "start date", "date implemented", "live date",
        "since",
    ),
    "direct_care": (
        "direct care", "used in direct care", "clinical use", "patient care", "clinical", "affects care",
        "does any output reach someone who gives care or decides about a person s care",
    ),
    "personal_data": (
        "personal data", "data used", "patient data", "data type", "data sensitivity", "uses patient data", "data",
        "what is the most sensitive data it uses",
    ),
    "supplier": ("supplier", "sold by", "reseller", "provider", "distributor", "supplier name", "vendor"),
    "use": ("use case", "short title of its use", "use", "title of use", "clinical area"),
    "earlier_approval": (
        "earlier approval", "earlier approval not made here", "approval", "approved by", "governance", "sign off", "dtac",
        "approvals",
    ),
    "organisation": ("organisation code", "ods code", "practice code", "ods", "org code", "organisation", "practice"),
}  # fmt: skip
"""For each field, headings under which it is usually found."""

WORDS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "stage": {
        "business_as_usual": (
            "live", "in use", "bau", "deployed", "operational", "active", "fully live", "established", "routine use",
            "production",
        ),
        "implementation": ("implementing", "rollout", "roll out", "rolling out", "scaling up", "in implementation"),
        "pilot": ("piloting", "trial", "in pilot", "pilot phase", "testing", "evaluation"),
        "proof_of_concept": ("poc", "proof of value", "prototype"),
        "leave_out": (
            "planned", "proposed", "not started", "decommissioned", "retired", "stopped", "ended", "withdrawn", "closed",
            "rejected", "not in use",
        ),
    },
    "kind": {
        "imaging": (
            "radiology", "x ray", "ct", "mri", "diagnostic imaging", "image analysis", "medical imaging", "radiology ai",
        ),
        "ambient_scribe": (
            "scribe", "avt", "ambient voice", "ambient voice technology", "ai scribe", "speech to text", "note taking",
        ),
        "risk_prediction": ("risk stratification", "prediction", "predictive", "risk", "triage", "decision support"),
        "chatbot": ("assistant", "virtual assistant", "conversational", "chat", "llm"),
        "administrative": ("admin", "back office", "scheduling", "coding", "administration", "operations"),
        "other": ("misc", "miscellaneous"),
    },
    "direct_care": {
        "yes": ("y", "true", "clinical", "direct care"),
        "no": ("n", "false", "non clinical", "administrative", "none"),
    },
    "personal_data": {
        "none": ("no", "n", "none", "no data", "no personal data", "anonymous", "anonymised"),
        "personal": ("pii", "personal", "staff data", "personal identifiable"),
        "health": ("health data", "special category", "special category data", "health", "pseudonymised"),
        "confidential": (
            "confidential", "patient identifiable", "pid", "identifiable", "patient data", "confidential patient data",
        ),
    },
}  # fmt: skip
"""For each field with choices, and each choice, words that usually mean it."""
