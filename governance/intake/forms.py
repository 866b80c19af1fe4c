"""Forms about a submission: reasons, tier and corrected triage. The triage questions are the policy's."""

from __future__ import annotations

from collections.abc import Collection
from functools import cache
from typing import Any

from governance.policy import Policy, Tier, policy
from governance.web.fields import RadioField, StringField, TextAreaField
from governance.web.forms import VersionedForm

ROUTE = "research_route"


class ReasonForm(VersionedForm):
    """A reason, for an arrow that needs one."""

    reason = TextAreaField(
        "Reason", required="Give a reason", hint="Everybody who reads this submission sees it.", max_length=1000
    )


class TierForm(VersionedForm):
    """Another tier, with a reason."""

    tier = RadioField("Which tier should it be?", required="Choose a tier")
    reason = TextAreaField(
        "Reason", required="Give a reason", hint="Everybody who reads this submission sees it.", max_length=1000
    )

    def __init__(self, *args: Any, now: str | None, may_lower: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rank = Tier(now).rank if now else len(Tier)
        offered = [tier for tier in reversed(Tier) if tier.rank > rank or (may_lower and tier.rank < rank)]
        self.tier.choices = [(tier.value, tier.value.capitalize()) for tier in offered]


@cache
def triage_form(version: str, without: Collection[str] = (), with_reason: bool = False) -> type[VersionedForm]:
    """The triage questions of a policy version as a form, each option with its consequence."""
    asked = policy(version)
    fields: dict[str, Any] = {row.code: _question(asked, row.code) for row in asked.facts if row.code not in without}
    fields[ROUTE] = StringField(
        "Research reference",
        hint="Only if it is research: the Health Research Authority or ethics reference, if there is one.",
        max_length=200,
        width=20,
        size="m",
    )
    if with_reason:
        fields["reason"] = TextAreaField(
            "Why is triage corrected?", required="Give the reason for the correction", max_length=1000
        )
    return type("TriageForm", (VersionedForm,), fields)


def _question(asked: Policy, code: str) -> RadioField:
    row = asked.fact(code)
    return RadioField(
        row.question,
        choices=[(value.code, value.label) for value in row.values],
        hints={value.code: value.consequence for value in row.values if value.consequence},
        required=f"Answer “{row.question}”",
        called=row.label,
        size="m",
    )
