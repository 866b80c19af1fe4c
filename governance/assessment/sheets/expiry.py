"""Answers that are not met today because what stands behind them expired. Said on pages as they are opened, never in a pack."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from governance.assessment.evidence import queries as evidence
from governance.assessment.evidence import rules as evidence_rules
from governance.assessment.evidence.models import Evidence
from governance.assessment.sheets import rules
from governance.assessment.sheets.queries import SheetView


def supporting(view: SheetView) -> dict[str, list[Evidence]]:
    """What stands behind the answers of a sheet, by question, in one query."""
    if view.sheet is None:
        return {}
    return evidence.supporting("answer_sheet", view.sheet.id, organisation_id=view.sheet.organisation_id)


def no_longer_met(view: SheetView, support: Mapping[str, Sequence[Evidence]], on: date) -> dict[str, tuple[str, ...]]:
    """Answered questions whose evidence has expired on a day, each with the sentences that say which and when."""
    found = {}
    for code, items in support.items():
        state = view.states.get(code)
        if state is not None and state.done:
            number = rules.numbered(code) or "This answer"
            expired = evidence_rules.expired_behind(map(evidence.piece, items), on)
            found[code] = tuple(evidence_rules.unmet_sentence(number, piece) for piece in expired)
    return {code: sentences for code, sentences in found.items() if sentences}
