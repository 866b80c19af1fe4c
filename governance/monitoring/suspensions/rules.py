"""Why somebody may not suspend, resume, confirm or ask now. Pure.

Sources: our policy, “Standing and ladder” (who suspends and resumes) and design §2 (the fallback, one signature, the updated
log). Rows marked default are ours: no published rule of the framework says them.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from governance import clock
from governance.errors import Blocker
from governance.lifecycle import STANDING_ARROWS, Standing
from governance.permissions import Role
from governance.policy import Tier
from governance.web.wording import listed, long_date

SUSPENDERS = tuple(Role(each) for each in STANDING_ARROWS["suspend"].by)
CONFIRMERS = (Role.DIGITAL_LEAD, Role.CLINICAL_LEAD)
IN_USE = tuple(Standing(each) for each in STANDING_ARROWS["suspend"].sources)

ASKING = (
    ("ai_lead", (Role.AI_LEAD,), False, "default"),
    ("own_icb", (Role.CSO, Role.DIGITAL_LEAD), True, "default"),
)
"""Who may ask another organisation to suspend: (code, roles, only of the ICB it belongs to, provenance)."""


@dataclass(frozen=True, slots=True)
class LogState:
    """The hazard log before resuming: the newest version that the safety officer approved, when, and if it differs now."""

    number: int | None
    approved_at: datetime | None
    changed: bool


def suspend_blockers(*, standing: Standing, reason: str, fallback: str) -> list[Blocker]:
    """Why it cannot be suspended so. Reason and fallback for staff are required (design §2)."""
    if standing is Standing.SUSPENDED:
        return [Blocker("suspended", "It is suspended already.")]
    if standing not in IN_USE:
        said = f"Only a tool in use can be suspended. This deployment is {standing.label.lower()}."
        return [Blocker("standing", said)]
    blockers = []
    if not reason.strip():
        blockers.append(Blocker("reason", "Say why it is suspended."))
    if not fallback.strip():
        blockers.append(Blocker("fallback", "Say what staff do instead, from now on."))
    return blockers


def authoriser(tier: Tier | None) -> Role:
    """Who resumes after the safety officer: the executive; at low tier the senior responsible owner."""
    return Role.SRO if tier is Tier.LOW else Role.AUTHORISING_EXECUTIVE


def safety_blockers(
    *, standing: Standing, direct_care: bool, began: datetime | None, log: LogState, reason: str
) -> list[Blocker]:
    """Why the clinical safety officer may not sign for resuming.

    In direct care a hazard log version approved after the suspension began is needed, as the log still stands (design §2:
    “the CSO on the updated log”); without direct care the officer's own statement (default).
    """
    if standing is not Standing.SUSPENDED or began is None:
        return [Blocker("not_suspended", f"It is not suspended: this deployment is {standing.label.lower()}.")]
    blockers = log_blockers(direct_care=direct_care, began=began, log=log)
    if not reason.strip():
        blockers.append(Blocker("reason", "Say why its use may resume."))
    return blockers


def log_blockers(*, direct_care: bool, began: datetime, log: LogState) -> list[Blocker]:
    """Why the hazard log does not carry resuming yet."""
    if not direct_care:
        return []
    day = long_date(began)
    if log.approved_at is None or log.approved_at <= began:
        said = f"No version of the hazard log was approved since it was suspended on {day}. Update the log and approve it first."
        return [Blocker("log.not_approved", said)]
    if log.changed:
        return [Blocker("log.changed", f"The hazard log changed after version {log.number} was approved. Approve it again.")]
    return []


def resume_blockers(*, standing: Standing, signed: bool, signed_stands: bool, same_person: bool) -> list[Blocker]:
    """Why whoever authorises may not resume its use: the clinical safety officer signs first, on the log as it is now.

    That one person may not do both is policy's row for submissions, kept here too (default).
    """
    if standing is not Standing.SUSPENDED:
        return [Blocker("not_suspended", f"It is not suspended: this deployment is {standing.label.lower()}.")]
    if not signed:
        return [Blocker("cso_first", "The clinical safety officer signs first.")]
    if not signed_stands:
        said = "The hazard log changed after the clinical safety officer signed. They sign again first."
        return [Blocker("cso_again", said)]
    if same_person:
        said = "You signed as clinical safety officer. Another person decides whether its use resumes."
        return [Blocker("separation", said)]
    return []


def confirm_blockers(*, is_open: bool, chosen: Collection[str], awaited: Sequence[str]) -> list[Blocker]:
    """Why “use confirmed stopped” cannot be recorded for these sites."""
    if not is_open:
        return [Blocker("not_suspended", "It is no longer suspended.")]
    if not chosen:
        return [Blocker("sites", "Choose the sites where use has stopped.")]
    twice = sorted(set(chosen) - set(awaited))
    if twice:
        return [Blocker("sites", f"This is confirmed already: {listed(twice)}.")]
    return []


def ask_blockers(
    *, standing: Standing, own: bool, roles: Collection[Role], is_its_icb: bool, asked_already: bool, reason: str
) -> list[Blocker]:
    """Why one organisation may not ask another to suspend. Default of ours: see `ASKING`."""
    if own:
        return [Blocker("own", "This is your own organisation’s. Suspend it from its page.")]
    allowed = any(set(row) & set(roles) and (is_its_icb or not only) for _, row, only, _ in ASKING)
    if not allowed:
        said = "The AI lead of a board may ask, and the safety officer or digital lead of the board it belongs to."
        return [Blocker("asker", said)]
    if standing is Standing.SUSPENDED:
        return [Blocker("suspended", "It is suspended already.")]
    if standing not in IN_USE:
        return [Blocker("standing", f"It is not in use: it is {standing.label.lower()}.")]
    if asked_already:
        return [Blocker("asked", "Your organisation has asked already. The answer is awaited.")]
    return [] if reason.strip() else [Blocker("reason", "Say why its use should stop.")]


def answer_blockers(*, status: str, answer: str) -> list[Blocker]:
    """Why a request cannot be declined so."""
    if status != "open":
        return [Blocker("answered", f"This request is answered already: {status}.")]
    return [] if answer.strip() else [Blocker("answer", "Say why its use goes on. Whoever asked reads this.")]


def counted_tier(tier: str | None) -> Tier:
    """The tier that an appointment's limit is compared with. One that is not known counts as high (default)."""
    return Tier(tier) if tier else Tier.HIGH


def days_gone(began: datetime, on: date) -> int:
    """How many days it is suspended."""
    return (on - clock.london_date(began)).days
