"""What a reference looks like, who corrects a shared row, and what a go-live record needs. Pure."""

from __future__ import annotations

from datetime import date

from governance.errors import Blocker


def reference(code: str, year: int, number: int) -> str:
    """`QKK-2026-0014`: the organisation's code, the year it was proposed, and its number in that year."""
    return f"{code}-{year}-{number:04d}"


def correction_blockers(*, registered_by_id: int, organisation_id: int | None) -> list[Blocker]:
    """Why an organisation may not correct a shared row: another one registered it (design, rule 4)."""
    if registered_by_id == organisation_id:
        return []
    return [Blocker("shared.not_yours", "Another organisation registered this. Ask them to correct it.")]


def go_live_blockers(*, went_live_on: date, sites: str, share_trained: int, today: date) -> list[Blocker]:
    """What is wrong with a go-live record. Source: our policy, "What stops a move"."""
    blockers = []
    if went_live_on > today:
        blockers.append(Blocker("go_live.date", "The go-live date must be today or in the past."))
    if not sites.strip():
        blockers.append(Blocker("go_live.sites", "Say at which sites it went live."))
    if not 0 <= share_trained <= 100:
        blockers.append(Blocker("go_live.trained", "The share of staff trained must be from 0 to 100 per cent."))
    return blockers
