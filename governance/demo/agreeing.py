"""Who agrees in the demonstration, and what comes between: additions, panels, hand-overs, stepping back and changes."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from governance import clock
from governance.approval import conditions, outcomes, recusals
from governance.approval.changes import operations as changes
from governance.approval.changes.models import ChangeNotice
from governance.approval.rules import NewCondition
from governance.assessment.evidence import operations as evidence
from governance.database import db, transaction
from governance.demo import cast, content, steps, walk
from governance.extensions import house
from governance.identity import actors
from governance.identity import operations as identity
from governance.identity import queries as people
from governance.identity.models import Delegation, Person
from governance.intake.additions import operations as additions
from governance.intake.models import Submission
from governance.lifecycle import Stage
from governance.permissions import Actor, Role
from governance.register.models import Deployment, Tool

LATER = "See that the supplier’s copy is gone after 30 days, at two sites"


def asks_more() -> None:
    """A trust asks beyond policy: at the pilot, two safety officers for what is first of its kind, and each on their own."""
    reason = "Nobody here has seen such a tool before. Two safety officers see more than one."
    _add({"stages": ["pilot"], "when": ["first_of_kind"], "role": "cso", "needs": 2}, "panel", reason)
    reason = "The second safety officer says what they think before they know what the first said."
    _add({"stages": ["pilot"]}, "independent", reason)


def _add(what: Mapping[str, Any], kind: str, reason: str) -> None:
    with clock.fixed(steps.ago(40)), transaction():
        additions.add(
            kind=kind,
            what=what,
            instrument="Digital programme board, minute 7 of its autumn meeting (invented)",
            reason=reason,
            starts_on=clock.today(),
            by=cast.actor(Role.ORGANISATION_ADMINISTRATOR, "DEM01"),
            at=clock.now(),
        )


def two_officers() -> None:
    """A pilot that two safety officers must agree to: one has, unseen; an AI lead stepped back and another is left."""
    submission = steps.submitted("bedflow", "DEM01", 5)
    with clock.fixed(steps.ago(4, hour=9)), transaction():
        by = person("Sunita Counsel-Sample", "DEM01")
        reason = "I worked for Millrace Care until last spring and hold shares in it (invented)."
        recusals.recuse(submission=submission, reason=reason, by=by, at=clock.now())
    with clock.fixed(steps.ago(3)):
        walk.act(submission, "DEM01", Role.CSO)


def hand_overs() -> None:
    """A safety officer's leave that ended early, and one that runs today at a board."""
    _hand_over("DEM01", "Dr Alice Sample", "Dr Idris Placekeep", made=66, first=62, last=48, reason="Annual leave")
    with clock.fixed(steps.ago(52)), transaction():
        row = db.session.scalars(sa.select(Delegation).order_by(Delegation.id.desc()).limit(1)).one()
        identity.end_delegation(delegation=row, on=clock.today(), by=person("Dr Alice Sample", "DEM01"), at=clock.now())
    _hand_over("QKK", "Dr Vera Standby", "Dr Asha Specimen", made=9, first=5, last=-10, reason="Annual leave")


def _hand_over(where: str, giver: str, taker: str, *, made: int, first: int, last: int, reason: str) -> None:
    today = clock.today()
    with clock.fixed(steps.ago(made)), transaction():
        identity.delegate(
            organisation_id=people.organisation_by_code(where).id,
            role=Role.CSO,
            to=_row(taker, where),
            starts_on=today - timedelta(days=first),
            ends_on=today - timedelta(days=last),
            reason=reason,
            by=person(giver, where),
            at=clock.now(),
        )


def version_to_come() -> None:
    """The supplier of a tool in use brings a new version, and nobody has said yet what follows."""
    what = "The supplier trained it on scanned letters and says that it reads them as well as typed ones. It asks to install it."
    _note("Sortwell Referrals", "DEM01", "version", what, days=6, begins=-21, version="4.2")


def nothing_follows() -> None:
    """A change that was settled with a reason by whoever answers for the tool."""
    what = "Our rota server moves to the new machine room. The machine, its address and who may reach it stay the same."
    notice = _note("Rotawise", "QKK", "hosting", what, days=20, begins=13)
    with clock.fixed(steps.ago(17)), transaction():
        changes.settle(
            notice=notice,
            reason="It stays in our own building on the same machine. No data goes to anybody else.",
            version_id=notice.version_id,
            by=cast.actor(Role.SRO, "QKK"),
            at=clock.now(),
        )


def taken_up(deployment: Deployment) -> None:
    """A change about a tool that is being assured again: it is taken up there."""
    what = "From January the lists of the eye theatre are planned with it too: about 1,500 more people a year."
    _note(deployment.tool.name, deployment.organisation.code, "population", what, days=11, begins=-40)
    with clock.fixed(steps.ago(10)), transaction():
        by = cast.actor(Role.DIGITAL_LEAD, deployment.organisation.code)
        changes.take_up(deployment=deployment, by=by, at=clock.now())


def _note(
    tool: str, where: str, kind: str, what: str, *, days: int, begins: int, version: str = ""
) -> ChangeNotice:
    """Noted so many days ago by the digital lead; it begins so many days before today."""
    on = clock.today() - timedelta(days=begins)
    with clock.fixed(steps.ago(days)), transaction():
        by, at = cast.actor(Role.DIGITAL_LEAD, where), clock.now()
        return changes.note_change(
            deployment=deployment_of(tool, where), kind=kind, what=what, effective_on=on, version=version, by=by, at=at
        )


def before_later(days: int) -> NewCondition:
    """A condition that counts before business as usual, as signed so many days ago: its day is the approval's last."""
    latest = clock.add_months(clock.london_date(steps.ago(days)), 6)
    return NewCondition(
        LATER, "digital_lead", "after", latest, "The supplier’s reports of deletion", before_stage=Stage.BUSINESS_AS_USUAL
    )


def offer(submission: Submission, text: str, said: str, title: str, where: str, days: int) -> None:
    """The owner of a condition says how it is met, with a file; it lies with whoever set it."""
    (row,) = [each for each in outcomes.conditions_of(submission) if each.text.startswith(text)]
    with clock.fixed(steps.ago(days)), transaction():
        at, upload = clock.now(), content.paper(title, "The organisation")
        house().storage.put_content(upload.data)
        lead, owner = cast.actor(Role.DIGITAL_LEAD, where), cast.actor(Role(row.owner_role), where)
        item = evidence.attach(title=title, kind="other", upload=upload, issued_on=clock.london_date(at), by=lead, at=at)
        conditions.offer_evidence(condition=row, text=said, item=item, version_id=row.version_id, by=owner, at=at)


def deployment_of(tool: str, where: str) -> Deployment:
    """The first deployment of a tool in an organisation."""
    query = sa.select(Deployment).join(Tool, Tool.id == Deployment.tool_id).where(
        Tool.name == tool, Deployment.organisation_id == people.organisation_by_code(where).id
    )  # fmt: skip
    return db.session.scalars(query.order_by(Deployment.id).limit(1)).one()


def person(name: str, where: str, at: datetime | None = None) -> Actor:
    """Somebody of the cast by name, acting in their organisation now."""
    return actors.actor_for(_row(name, where).id, where, at or clock.now())


def _row(name: str, where: str) -> Person:
    found = people.person_by_email(cast.email_of(name, where))
    assert found is not None
    return found
