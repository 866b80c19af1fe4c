"""What a record of a hazard workshop must say. Pure.

Source: DCB0129 v4.2 and DCB0160 v3.2, clause 4.1 (analysis recorded, by a multidisciplinary team with the clinical safety
officer); who is usually there follows the published risk procedure of a London trust. The limits are ours.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

from governance.errors import Blocker
from governance.web.wording import listed

ROLES = (
    "Clinical safety officer", "Clinical lead", "Someone who uses the tool", "Digital lead", "IT", "Information governance",
    "Operations", "Patient or carer",
)  # fmt: skip
"""Who is usually there, named as examples beside the lines."""
ROWS = 8

Attendance = Sequence[tuple[str, str]]


def record_blockers(*, held_on: date | None, attendance: Attendance, minutes: str, has_file: bool, on: date) -> list[Blocker]:
    """Why a workshop cannot be recorded. `attendance`: (role, name or nothing); two roles at least make it a workshop."""
    found = []
    if held_on is None:
        found.append(Blocker("workshop.held_on", "Enter the day it was held."))
    elif held_on > on:
        found.append(Blocker("workshop.held_on", "The day it was held is in the future."))
    if any(name and not role for role, name in attendance):
        found.append(Blocker("workshop.attendance", "Say in which role each person was there."))
    elif len({role.casefold() for role, _ in attendance if role}) < 2:
        found.append(Blocker("workshop.attendance", "Name at least two roles: hazards are looked for together."))
    if not minutes.strip() and not has_file:
        found.append(Blocker("workshop.minutes", "Write the minutes, or give them as a file."))
    return found


def present(attendance: Attendance) -> str:
    """Who was there in a line: “clinical safety officer (Dr A), IT and operations”."""
    return listed([f"{role} ({name})" if name else role for role, name in attendance])


def content(workshop: Any) -> dict[str, Any]:
    """A workshop as packs and safety case reports hold it: plain values, nothing that depends on today."""
    return {
        "number": workshop.number,
        "held_on": workshop.held_on.isoformat(),
        "technique": workshop.technique,
        "attendance": [list(each) for each in workshop.attendance],
        "minutes": workshop.minutes,
    }
