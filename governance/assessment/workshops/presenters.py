"""What pages show of workshops, as plain values."""

from collections.abc import Sequence
from dataclasses import dataclass

from governance.assessment.workshops import queries, rules
from governance.web.wording import long_date, moment


@dataclass(frozen=True, slots=True)
class Shown:
    """One workshop: its number, the day, the technique, who was there, the minutes and who recorded it."""

    number: int
    held: str
    technique: str
    attendance: tuple[tuple[str, str], ...]
    there: str
    minutes: str
    recorded: str
    evidence_id: int | None
    evidence: str


def shown(lines: Sequence[queries.Line]) -> tuple[Shown, ...]:
    """Workshops as a page shows them."""
    return tuple(_shown(*line) for line in lines)


def _shown(row: queries.Workshop, name: str, item: queries.Evidence | None) -> Shown:
    attendance = tuple((str(role), str(who)) for role, who in row.attendance)
    return Shown(
        number=row.number,
        held=long_date(row.held_on),
        technique=row.technique,
        attendance=attendance,
        there=rules.present(attendance),
        minutes=row.minutes,
        recorded=f"{moment(row.recorded_at)} by {name}",
        evidence_id=item.id if item else None,
        evidence=item.title if item else "",
    )
