"""When a safety case report may be written and approved. Pure.

Source: DCB0160 v3.2, clauses 3.4.1 and 3.5.1 to 3.5.3: a report at each phase, approved by the clinical safety officer, with
the issued hazard log beside it.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from governance.assessment.safety_cases.texts import PHASE_WORDS, TEXTS
from governance.errors import Blocker


def write_blockers(phase: str) -> list[Blocker]:
    """Why a revision cannot be kept: it belongs to no phase. Gaps in the texts are allowed."""
    return [] if phase in PHASE_WORDS else [Blocker("safety_case.phase", "Choose the phase it is for.")]


def text_blockers(written: Mapping[str, Any]) -> list[Blocker]:
    """What is not written yet."""
    return [
        Blocker(f"safety_case.{text.code}", text.missing)
        for text in TEXTS
        if text.missing and not str(written.get(text.code) or "").strip()
    ]


def approve_blockers(
    written: Mapping[str, Any],
    *,
    newest: bool,
    approved: bool,
    log_version: int | None,
    log_approved: bool,
    plan_approved: bool,
    changes: Iterable[str],
) -> list[Blocker]:
    """Why the safety officer cannot approve a revision. `changes`: what differs now from its tables, in sentences.

    `log_version`: the frozen version of the log that the tables were made from.
    """
    if approved:
        return [Blocker("safety_case.approved", "This revision is approved already.")]
    if not newest:
        return [Blocker("safety_case.superseded", "A newer revision was written since. Read and approve that one.")]
    found = text_blockers(written)
    if not plan_approved:
        found.append(Blocker("safety_case.plan", "The risk management plan is not approved."))
    if log_version is None:
        found.append(
            Blocker("safety_case.log", "Its tables are not of a frozen version of the hazard log: freeze it, and save again.")
        )
    elif not log_approved:
        said = f"Version {log_version} of the hazard log is not approved by the clinical safety officer."
        found.append(Blocker("safety_case.log", said))
    differs = list(changes)
    if differs:
        found.append(Blocker("safety_case.changed", f"Save it again with the tables of today. {' '.join(differs)}"))
    return found
