"""What a change touches, and why one cannot be noted, taken up or settled. Source: the policy's table of changes."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from governance.errors import Blocker
from governance.lifecycle import Standing, SubmissionKind, SubmissionStatus
from governance.permissions import Role
from governance.policy import Policy
from governance.policy.schema import ChangeRow
from governance.register.matching import plain_version

BY_PEOPLE = ("version", "use", "population", "hosting")
"""Kinds that a person notes. That a certificate ended is seen by the system, from its date."""
IN_USE = (Standing.DECLARED, Standing.ASSURED, Standing.LAPSED, Standing.SUSPENDED)
MAY_STILL_CHANGE = (SubmissionStatus.DRAFTED, SubmissionStatus.OPENED, SubmissionStatus.RETURNED, SubmissionStatus.HELD)
ASSESSING = (SubmissionKind.PROGRESS, SubmissionKind.RE_ASSURANCE)
"""Kinds of submission that show and judge again what a change touches (default of ours)."""
STATUS_WORDS = {"open": "Open", "taken_up": "Taken up", "settled": "Nothing follows"}


@dataclass(frozen=True, slots=True)
class Running:
    """The submission that is open on a deployment. `version` is the one it is about, or names while it is a draft."""

    name: str
    status: SubmissionStatus
    kind: SubmissionKind
    version: str


def row_of(policy: Policy, kind: str) -> ChangeRow | None:
    """What the policy says of a kind of change; None where it has no such row."""
    return next((row for row in policy.changes if row.kind == kind), None)


def touched(policy: Policy, kind: str, *, pack: Sequence[str], used_in: Collection[str] = ()) -> tuple[str, ...]:
    """Codes of the sections that a change touches, in the pack's order.

    `pack`: codes of the pack that the approval rests on; where there is none yet, everything that policy names is touched.
    `used_in`: sections in which evidence that ended is used.
    """
    row = row_of(policy, kind)
    named = {*(row.touches if row else ()), *used_in}
    return tuple(code for code in (pack or [each.code for each in policy.sections]) if code in named)


def unless_carried(policy: Policy, kind: str) -> tuple[str, ...]:
    """Codes of the sections that a change touches no more once they say what was signed before."""
    row = row_of(policy, kind)
    return row.unless_carried if row else ()


def note_blockers(
    *, standing: Standing, approved: bool, kind: str, what: str, version: str = "", in_use: str = "",
    noted: Collection[str] = (),
) -> list[Blocker]:  # fmt: skip
    """Why a change cannot be noted. `noted` are the versions of changes still open."""
    found = []
    if standing is Standing.CEASED or (standing not in IN_USE and not approved):
        said = f"A change is noted about a tool that is approved or in use. This one is {standing.label.lower()}."
        found.append(Blocker("change.standing", said))
    if kind not in BY_PEOPLE:
        found.append(Blocker("kind", "Choose what changed."))
    if not what.strip():
        found.append(Blocker("what", "Say what changed, in a sentence or two."))
    if kind == "version":
        wanted = plain_version(version)
        if not wanted:
            found.append(Blocker("version", "Enter the new version."))
        elif wanted == plain_version(in_use):
            found.append(Blocker("version", f"Version {in_use} is the one in use."))
        elif wanted in {plain_version(each) for each in noted}:
            found.append(Blocker("version", f"A change to version {version.strip()} is noted already and still open."))
    return found


def start_blockers(*, open_changes: int, standing: Standing, running: Running | None) -> list[Blocker]:
    """Why no re-assurance can be started for the changes of a deployment."""
    if not open_changes:
        return [Blocker("change.none", "No change is open: each one is taken up or settled.")]
    if standing not in IN_USE:
        return [Blocker("change.standing", f"Re-assurance cannot be asked for: this deployment is {standing.label.lower()}.")]
    if running is not None:
        said = f"{running.name} is open about this deployment, and only one may be. Take the change up there."
        return [Blocker("change.running", said)]
    return []


def take_up_blockers(*, open_changes: int, running: Running | None, version: str = "") -> list[Blocker]:
    """Why changes cannot be taken up in the submission that is open. `version` is the one that a change brings."""
    if not open_changes:
        return [Blocker("change.none", "No change is open: each one is taken up or settled.")]
    if running is None:
        return [Blocker("change.not_running", "No submission is open about this deployment. Start a re-assurance.")]
    if running.kind not in ASSESSING:
        said = f"{running.name} asks for something else: {running.kind.label.lower()}. It shows none of this again."
        return [Blocker("change.other_kind", f"{said} Wait for its decision, or withdraw it.")]
    if running.status not in MAY_STILL_CHANGE:
        said = f"{running.name} is with those who must agree. Take it back from them, or wait for its decision."
        return [Blocker("change.with_signers", said)]
    other = version and plain_version(version) != plain_version(running.version)
    if other and running.status is not SubmissionStatus.DRAFTED:
        said = f"{running.name} is about version {running.version}, and the change brings {version}."
        return [Blocker("change.other_version", f"{said} Wait for its decision, or withdraw it.")]
    return []


def left_out(running: Running, *, kind: str, newest: str) -> str:
    """Why a change that a draft took up is not assessed by what was proposed from it; empty where it is.

    A draft may be changed until it is proposed. `newest` is the newest version that its changes bring.
    """
    if running.kind not in ASSESSING:
        return f"{running.name} asks for something else: {running.kind.label.lower()}."
    if kind == "version" and plain_version(newest) != plain_version(running.version):
        return f"{running.name} is about version {running.version}, not {newest}."
    return ""


def settler(*, direct_care: bool) -> Role:
    """Who says that nothing follows from a change: the safety officer where it reaches care, else the owner."""
    return Role.CSO if direct_care else Role.SRO


def settle_blockers(*, status: str, reason: str) -> list[Blocker]:
    """Why a change cannot be settled."""
    if status != "open":
        return [Blocker("change.status", f"This change is {status.replace('_', ' ')} already.")]
    return [] if reason.strip() else [Blocker("reason", "Say why nothing follows from it.")]
