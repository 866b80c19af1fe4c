"""The control for a list of risks: one group of boxes for each, and empty ones after them. Works without JavaScript.

A risk that is emptied, or marked to be removed, is left out. What could not be kept is shown again as it was typed.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import Any, ClassVar

from flask import render_template
from markupsafe import Markup
from wtforms.utils import unset_value

from governance.assessment.question_sets import risks
from governance.assessment.question_sets.risks import Risk, RisksFault
from governance.web.controls import Control, tidy

EMPTY_AT_FIRST, EMPTY_AFTER = 2, 1
"""Empty groups on a page without any risk, and after those that are there."""


class RisksField(Control):
    """Risks as `risks.Risk`, in their order. Boxes are named `<name>-<n>-<column>`, n from 0."""

    macro: ClassVar[str] = ""
    texts, choices = risks.TEXTS, risks.CHOICES
    before, after = risks.BEFORE, risks.AFTER

    def __init__(self, label: str = "", *args: Any, **kwargs: Any) -> None:
        super().__init__(label, *args, **kwargs)
        self.rows: list[dict[str, str]] = []
        self.wrong: RisksFault | None = None

    def process(self, formdata: Any, data: Any = unset_value, extra_filters: Any = None) -> None:
        super().process(None, data, extra_filters)
        self.wrong = None
        if formdata is None or not any(key.startswith(f"{self.name}-") for key in formdata):
            self.show(self.data or ())
            return
        self.rows = [row for number in range(risks.MOST + EMPTY_AT_FIRST) if any((row := self._typed(formdata, number)).values())]
        self.typed, self.data = "sent", None
        try:
            self.data = risks.read(self.rows)
        except RisksFault as fault:
            self.wrong = fault
            self.process_errors.append(fault.sentence)

    def show(self, rows: tuple[Risk, ...]) -> None:
        """Put rows that are kept on the page."""
        self.data, self.rows = tuple(rows), [asdict(row) for row in rows]

    def is_blank(self) -> bool:
        return not self.rows

    @property
    def groups(self) -> list[dict[str, str]]:
        """Everything to draw: what is there, and empty groups after it."""
        wanted = len(self.rows) + EMPTY_AFTER if self.rows else EMPTY_AT_FIRST
        return [*self.rows, *({} for _ in range(min(wanted, risks.MOST) - len(self.rows)))]

    @property
    def full(self) -> bool:
        """Whether there is no room for another."""
        return len(self.rows) >= risks.MOST

    def fault_of(self, group: int, column: str) -> str:
        """The sentence for one box, empty where it is not the one that is wrong."""
        wrong = self.wrong
        return wrong.sentence if wrong and (wrong.row, wrong.field) == (group + 1, column) else ""

    def error_target(self) -> str:
        if self.wrong and self.wrong.row:
            return f"{self.id}-{self.wrong.row - 1}-{self.wrong.field or 'risk'}"
        return f"{self.id}-0-risk"

    def __call__(self, **params: Any) -> Markup:
        return Markup(render_template("sheets/_risks.jinja", field=self))  # noqa: S704  rendered with escaping

    def _typed(self, formdata: Any, number: int) -> dict[str, str]:
        """One group as it was typed; nothing where it is marked to be removed."""
        at = f"{self.name}-{number}-"
        if formdata.get(f"{at}remove"):
            return {}
        return {name: tidy(formdata.get(at + name, ""), lines=name in risks.TEXTS)[:20_000] for name in risks.COLUMNS}
