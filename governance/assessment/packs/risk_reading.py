"""The risks to people’s rights that an answer of a pack lists, as a page, a paper and a comparison read them. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from governance.assessment.question_sets import risks

Part = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class RiskRow:
    """One risk to people’s rights: what it is, before and after its measures, each as words and level."""

    number: int
    risk: str
    overall: str
    overall_words: str
    measures: str
    residual: str
    residual_words: str
    rating: str


def risk_rows(question: Part) -> tuple[RiskRow, ...]:
    """The rows of a list of risks; none for any other answer."""
    return tuple(_risk(number, each) for number, each in enumerate(_read(question), start=1))


def risks_said(question: Part) -> str:
    """The list in one sentence or two; empty for any other answer."""
    rows = _read(question)
    return risks.summary(rows) if rows else ""


def _read(question: Part) -> tuple[risks.Risk, ...]:
    value = question.get("value")
    if not isinstance(value, list) or not value or not isinstance(value[0], Mapping):
        return ()
    return risks.read(value)


def _risk(number: int, row: risks.Risk) -> RiskRow:
    after = [risks.word("effect", row.effect)] if row.effect else []
    after += [{"yes": "measure approved", "no": "measure not approved"}[row.approved]] if row.approved else []
    return RiskRow(
        number, row.risk, row.overall, f"{risks.word('likelihood', row.likelihood)}, {row.severity}", row.measures,
        row.residual, ", ".join(after).capitalize(), row.rating,
    )  # fmt: skip
