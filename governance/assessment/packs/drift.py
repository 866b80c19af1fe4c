"""How the live record has moved on from the pack that a deployment's standing rests on, and what policy says of it.

Nothing that depends on today counts: a pack holds no such thing, so that evidence which ends is no drift. Conditions are
left out too: they are met one by one after a decision, and the page of the deployment lists them. Evidence renewed like
for like is shown and asks for nothing (a default of ours): policy wants it in date, and what it shows is what was decided on.
"""

from __future__ import annotations

from dataclasses import dataclass

from governance.assessment.packs import queries, redacted
from governance.assessment.packs.comparison.items import Item
from governance.assessment.packs.comparison.whole import SectionChange, compare
from governance.assessment.packs.models import AssurancePack
from governance.database import db
from governance.intake.models import Submission
from governance.policy import Policy, policy
from governance.policy.schema import DriftRow
from governance.register.models import Deployment

LEFT_OUT = frozenset({"conditions"})


@dataclass(frozen=True, slots=True)
class Moved:
    """One section that is not what was decided on. `row` is what policy says of it; None where it says nothing."""

    change: SectionChange
    row: DriftRow | None

    @property
    def asks(self) -> bool:
        """Whether policy asks for a submission because of it."""
        return self.row is not None and self.row.asks == "submission" and not self.change.renewed

    @property
    def items(self) -> tuple[Item, ...]:
        return self.change.items


@dataclass(frozen=True, slots=True)
class Drift:
    """The pack a standing rests on, the submission it was frozen for, and the sections that moved since."""

    pack: AssurancePack
    submission: Submission
    moved: tuple[Moved, ...]
    policy_version: str

    @property
    def asks(self) -> bool:
        """Whether policy asks for a re-assurance."""
        return any(each.asks for each in self.moved)


def of(deployment: Deployment, *, london: Policy | None = None) -> Drift | None:
    """The drift of a deployment; None where no decided pack stands behind it. Builds the whole live content.

    What is asked because of it is what `london` says, the newest policy unless told: a re-assurance would begin under that.
    """
    if deployment.approved_pack_id is None:
        return None
    pack = db.session.get_one(AssurancePack, deployment.approved_pack_id)
    submission = queries.submission_of(pack)
    london = london or policy()
    rows = {row.section: row for row in london.drift}
    found = compare(redacted.sides(pack), queries.position(submission).sections)
    moved = tuple(Moved(each, rows.get(each.code)) for each in found.changed if each.code not in LEFT_OUT)
    return Drift(pack, submission, moved, london.version)
