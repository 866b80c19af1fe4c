"""What each outcome is called once it is given, and when a condition counts. Pure."""

from __future__ import annotations

from datetime import date

from governance.lifecycle import Stage
from governance.web.wording import long_date

DONE = {
    "approve": "Approved",
    "approve_with_conditions": "Approved with conditions",
    "return_for_information": "Returned for information",
    "not_approved": "Not approved",
    "content": "Content",
    "content_subject_to": "Content, subject to what is said",
    "advises_against": "Advises against",
    "consult_the_ico": "Consult the ICO",
    "advises_progress": "Advises progress",
    "progress_subject_to": "Progress, subject to what is said",
    "advises_cease": "Advises cease",
    "cease_subject_to": "Cease, subject to what is said",
    "authorise": "Authorised",
    "authorise_with_conditions": "Authorised with conditions",
    "defer": "Deferred",
    "not_authorised": "Not authorised",
    "veiled": "Signed, shown when all are in",
}


def done(outcome: str) -> str:
    """What an outcome is called once it is given."""
    return DONE.get(outcome, outcome.replace("_", " ").capitalize())


def counts(kind: str, before_stage: Stage | None, due_on: date) -> str:
    """When a condition counts: `before it takes effect, by 3 May 2027`, `before Implementation`, `by 3 May 2027`."""
    if before_stage is not None:
        return f"before {before_stage.label}"
    return f"before it takes effect, by {long_date(due_on)}" if kind == "before" else f"by {long_date(due_on)}"
