"""Risks to people's rights and freedoms: the rows of steps 5 and 6 of a data protection impact assessment. Pure.

The scale is the ICO's and is kept apart from the clinical risk matrix: likelihood remote, possible or probable; severity
minimal, significant or severe; overall and residual low, medium or high. The template gives no lookup, so the person says
the overall risk. A row may be kept half filled; `open_faults` says what it still lacks.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields

MOST = 30
"""Rows in one answer."""

LONGEST = 2_000
"""Characters in one text of a row."""

LEVELS = ("low", "medium", "high")
TEXTS = {"risk": "Risk", "measures": "Measures"}
CHOICES: dict[str, tuple[str, dict[str, str]]] = {
    "likelihood": ("Likelihood of harm", {"remote": "Remote", "possible": "Possible", "probable": "Probable"}),
    "severity": ("Severity of harm", {"minimal": "Minimal", "significant": "Significant", "severe": "Severe"}),
    "overall": ("Overall risk", {"low": "Low", "medium": "Medium", "high": "High"}),
    "effect": ("Effect on the risk", {"eliminated": "Eliminated", "reduced": "Reduced", "accepted": "Accepted"}),
    "residual": ("Residual risk", {"low": "Low", "medium": "Medium", "high": "High"}),
    "approved": ("Measure approved", {"yes": "Yes", "no": "No"}),
}
"""What is chosen in a row: its label, and its values with their words. The words are the ICO template's, as recalled."""

BEFORE = ("likelihood", "severity", "overall")
AFTER = ("effect", "residual", "approved")


@dataclass(frozen=True, slots=True)
class Risk:
    """One risk, and what is done about it. Each is a text or one of `CHOICES`; empty where nobody has said it yet."""

    risk: str
    likelihood: str = ""
    severity: str = ""
    overall: str = ""
    measures: str = ""
    effect: str = ""
    residual: str = ""
    approved: str = ""

    @property
    def treated(self) -> bool:
        """Whether anything is said of measures. Step 6 asks for them where the risk is medium or high."""
        return any((self.measures, self.effect, self.residual, self.approved))

    @property
    def stands(self) -> str:
        """The level this risk counts at: the residual once its measure is approved, until then the level before it."""
        if self.residual and self.approved == "yes":
            return self.residual
        return max((self.overall, self.residual), key=level)

    @property
    def line(self) -> str:
        """The whole row in one line."""
        return f"{self.risk.rstrip('.')}. {self.rating}"

    @property
    def rating(self) -> str:
        """Everything about the risk but what it is."""
        said = [_said(self, "likelihood"), _said(self, "severity"), _said(self, "overall")]
        if self.treated:
            said += [f"Measures: {self.measures.rstrip('.')}" if self.measures else "No measures"]
            said += [_said(self, name) for name in AFTER]
        return " ".join(f"{each}." for each in said)


COLUMNS = tuple(field.name for field in fields(Risk))


class RisksFault(ValueError):
    """Rows that cannot be kept. `row` counts from 1; `field` names the cell, empty where the fault is of the whole."""

    def __init__(self, sentence: str, row: int = 0, field: str = "") -> None:
        self.sentence, self.row, self.field = sentence, row, field
        super().__init__(sentence)


def level(value: str) -> int:
    """0 for nothing, then low, medium and high."""
    return LEVELS.index(value) + 1 if value in LEVELS else 0


def word(name: str, value: str) -> str:
    """The words of a chosen value; a text is its own."""
    return CHOICES[name][1].get(value, value) if name in CHOICES else value


def read(raw: object) -> tuple[Risk, ...]:
    """The rows to keep: texts trimmed, empty rows left out. `raw`: rows as Risk or as mappings. Raises RisksFault."""
    found = []
    for number, each in enumerate(_rows(raw), start=1):
        row = _row(each, number)
        if any(asdict(row).values()):
            found.append(row)
    if len(found) > MOST:
        raise RisksFault(f"Enter {MOST} risks or fewer. Put those that share a cause together.")
    return tuple(found)


def stored(rows: Iterable[Risk]) -> list[dict[str, str]]:
    """The rows as JSON keeps them, here and in a pack."""
    return [asdict(row) for row in rows]


def open_faults(rows: Sequence[Risk]) -> list[str]:
    """What the rows still lack, in sentences, the first of each row. Steps 5 and 6 of the ICO's template."""
    return [f"Risk {number}: {fault}" for number, row in enumerate(rows, start=1) if (fault := _open(row))]


def highest(rows: Iterable[Risk]) -> tuple[int, str]:
    """The number of the risk that stands highest, the first of several, and its level. (0, "") for none."""
    numbered = [(number, row.stands) for number, row in enumerate(rows, start=1)]
    return max(numbered, key=lambda each: (level(each[1]), -each[0]), default=(0, ""))


def summary(rows: Sequence[Risk]) -> str:
    """`3 risks. The highest stands at medium.`"""
    count = "1 risk" if len(rows) == 1 else f"{len(rows)} risks"
    _, stands = highest(rows)
    return f"{count}. The highest stands at {stands}." if stands else f"{count}."


def _open(row: Risk) -> str:
    if not row.risk:
        return "describe the risk."
    for name in BEFORE:
        if not getattr(row, name):
            return f"select the {CHOICES[name][0].lower()}."
    if row.overall == "low" and not row.treated:
        return ""
    if not row.measures:
        return "describe the measures, or why the risk is accepted without any."
    for name in AFTER:
        if not getattr(row, name):
            return "say whether the measure is approved." if name == "approved" else f"select the {CHOICES[name][0].lower()}."
    if level(row.residual) > level(row.overall):
        return "the residual risk cannot be higher than the overall risk before the measures."
    if row.effect == "eliminated" and row.residual != "low":
        return "a risk that is eliminated has a low residual risk."
    return ""


def _rows(raw: object) -> list[object]:
    if raw is None or raw == "":
        return []
    if not isinstance(raw, Sequence) or isinstance(raw, str):
        raise RisksFault("Enter the risks in their rows.")
    return list(raw)


def _row(raw: object, number: int) -> Risk:
    given = asdict(raw) if isinstance(raw, Risk) else dict(raw) if isinstance(raw, Mapping) else None
    if given is None or not set(given) <= set(COLUMNS) or not all(isinstance(each, str) for each in given.values()):
        raise RisksFault(f"Risk {number} cannot be read. Enter it again.", number)
    said = {name: given.get(name, "").strip() for name in COLUMNS}
    for name, label in TEXTS.items():
        if len(said[name]) > LONGEST:
            raise RisksFault(f"{label} of risk {number} must be {LONGEST:,} characters or fewer.", number, name)
    for name, (label, options) in CHOICES.items():
        if said[name] and said[name] not in options:
            offered = ", ".join(f"‘{words}’" for words in options.values())
            raise RisksFault(f"{label} of risk {number} must be one of {offered}.", number, name)
    return Risk(**said)


def _said(row: Risk, name: str) -> str:
    label, value = CHOICES[name][0], getattr(row, name)
    return f"{label}: {word(name, value).lower() if value else 'not said'}"
