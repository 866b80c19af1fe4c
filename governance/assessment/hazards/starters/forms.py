"""The form on which starting hazards are ticked: made for what a log does not have yet."""

from __future__ import annotations

from collections.abc import Sequence

from governance.assessment.hazards.starters.library import Starter
from governance.web.fields import CheckboxesField
from governance.web.forms import Form


class TakeForm(Form):
    """Which hazards, and which of the controls that may be in place already."""

    hazards = CheckboxesField("Which of these could happen here?", required="Choose at least one hazard", called="Hazards")
    in_place = CheckboxesField("Already in place here")

    def offer(self, starters: Sequence[Starter]) -> None:
        """Offer the hazards that the log does not have."""
        self.hazards.choices = [(each.number, each.name) for each in starters]
        self.in_place.choices = [
            (f"{each.number}.{place}", control.text) for each in starters for place, control in enumerate(each.existing)
        ]

    def places(self) -> set[tuple[int, int]]:
        """(number of the hazard, place of the control) of each control said to be in place."""
        return {(int(number), int(place)) for number, _, place in (said.partition(".") for said in self.in_place.data or ())}
