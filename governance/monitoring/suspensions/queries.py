"""Finding suspensions, what sites confirmed, what was asked, and how far resuming has come."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from governance import canonical
from governance.assessment.hazards import queries as hazards
from governance.database import db
from governance.errors import NotVisible
from governance.identity.models import Organisation, OrganisationLink, Person
from governance.intake.declarations.models import Declaration
from governance.intake.models import Submission, Triage
from governance.lifecycle import Standing
from governance.monitoring.signals.models import Signal
from governance.monitoring.suspensions.models import Suspension, SuspensionRequest, UseStopped
from governance.monitoring.suspensions.rules import IN_USE, LogState
from governance.permissions import Actor, Role
from governance.register.models import Deployment, Projection, Tool, UseCase
from governance.signing import queries as signing
from governance.signing.models import SignOff

SUSPENSION, RESUMPTION = "suspension", "resumption"
MOST = 200


@dataclass(frozen=True, slots=True)
class SiteState:
    """One site of a suspended tool, and who confirmed that use stopped there."""

    name: str
    confirmed_by: str = ""
    at: datetime | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Resumption:
    """How far resuming has come: the log it rests on, the digest to sign, and the officer's newest signature."""

    direct_care: bool
    log: LogState
    digest: str
    signed: SignOff | None
    times_signed: int

    @property
    def stands(self) -> bool:
        """Whether the officer signed what there is now."""
        return self.signed is not None and self.signed.digest == self.digest


@dataclass(frozen=True, slots=True)
class Suspended:
    """One suspended tool, for a list: since when, and at how many of its sites use is confirmed stopped."""

    organisation_id: int
    reference: str
    tool: str
    use_case: str
    organisation: str
    since: datetime
    fallback: str
    sites: int
    confirmed: int
    officer_signed: bool


@dataclass(frozen=True, slots=True)
class InUse:
    """One tool that could be suspended."""

    id: int
    reference: str
    tool: str
    use_case: str
    standing: Standing


@dataclass(frozen=True, slots=True)
class Asked:
    """One request, with who asked whom about what."""

    row: SuspensionRequest
    reference: str
    tool: str
    organisation: str
    asked_by: str
    asking: str


def current(deployment: Deployment) -> Suspension | None:
    """The suspension that lasts; none where it is not suspended."""
    query = sa.select(Suspension).where(Suspension.deployment_id == deployment.id, Suspension.resumed_at.is_(None))
    return db.session.scalar(query.order_by(Suspension.id.desc()).limit(1))


def all_of(deployment: Deployment) -> Sequence[Suspension]:
    """Every suspension of a deployment, the newest first."""
    query = sa.select(Suspension).where(Suspension.deployment_id == deployment.id)
    return db.session.scalars(query.order_by(Suspension.id.desc())).all()


def signatures(suspension: Suspension) -> list[SignOff]:
    """The sealed rows of one suspension and of its resuming, oldest first."""
    rows = [*signing.sign_offs_on(SUSPENSION, suspension.id), *signing.sign_offs_on(RESUMPTION, suspension.id)]
    return sorted(rows, key=lambda row: row.id)


def sites(deployment: Deployment, suspension: Suspension) -> tuple[SiteState, ...]:
    """Each site where it is used, and the confirmation. A deployment without sites counts as one place."""
    query = sa.select(UseStopped, Person.name).join(Person, Person.id == UseStopped.confirmed_by)
    query = query.where(UseStopped.suspension_id == suspension.id).order_by(UseStopped.id)
    said = {row.site_name: (row, name) for row, name in db.session.execute(query)}
    names = [site.name for site in deployment.sites] or [deployment.organisation.name]
    found = []
    for name in dict.fromkeys([*names, *said]):
        row, who = said.get(name, (None, ""))
        found.append(SiteState(name, who, row.confirmed_at, row.note) if row else SiteState(name))
    return tuple(found)


def awaited(deployment: Deployment, suspension: Suspension) -> tuple[str, ...]:
    """Sites that nobody confirmed yet."""
    return tuple(site.name for site in sites(deployment, suspension) if site.at is None)


def is_direct_care(deployment: Deployment) -> bool:
    """What the newest triage, else the declaration, says. Where neither does it counts as direct care (default)."""
    triage = sa.select(Triage.facts).join(Submission, Submission.id == Triage.submission_id)
    facts = db.session.scalar(triage.where(Submission.deployment_id == deployment.id).order_by(Triage.id.desc()).limit(1))
    if facts is None:
        facts = db.session.scalar(sa.select(Declaration.facts).where(Declaration.deployment_id == deployment.id))
    return (facts or {}).get("direct_care") != "no"


def resumption(deployment: Deployment, suspension: Suspension) -> Resumption:
    """How far resuming has come."""
    direct_care = is_direct_care(deployment)
    version = hazards.approved_version(deployment) if direct_care else None
    approval = hazards.approval_of(version) if version else None
    now = hazards.log_digest(hazards.log_content(deployment)) if version else ""
    log = LogState(
        number=version.number if version else None,
        approved_at=approval.signed_at if approval else None,
        changed=version is not None and hazards.standing_digest(version) != now,
    )
    signed = [row for row in signing.sign_offs_on(RESUMPTION, suspension.id) if row.role is Role.CSO]
    digest = canonical.digest({"suspension": suspension.digest, "log": now})
    return Resumption(direct_care, log, digest, signed[-1] if signed else None, len(signed))


def suspended(scope: Collection[int]) -> list[Suspended]:
    """Everything suspended in these organisations, the longest first, in one query."""
    confirmed = (
        sa.select(sa.func.count()).where(UseStopped.suspension_id == Suspension.id).correlate(Suspension).scalar_subquery()
    )
    signed = (
        sa.select(SignOff.id)
        .where(SignOff.subject_kind == RESUMPTION, SignOff.subject_id == Suspension.id, SignOff.role == Role.CSO)
        .exists()
    )
    query = (
        sa.select(
            Suspension.organisation_id, Deployment.reference, Tool.name, UseCase.name, Organisation.name,
            Suspension.suspended_at, Suspension.fallback, Projection.site_count, confirmed, signed,
        )
        .join(Deployment, Deployment.id == Suspension.deployment_id)
        .join(Projection, Projection.deployment_id == Deployment.id)
        .join(Tool, Tool.id == Deployment.tool_id)
        .join(UseCase, UseCase.id == Deployment.use_case_id)
        .join(Organisation, Organisation.id == Suspension.organisation_id)
        .where(Suspension.organisation_id.in_(scope), Suspension.resumed_at.is_(None))
        .where(Deployment.standing == Standing.SUSPENDED)
        .order_by(Suspension.suspended_at, Suspension.id)
        .limit(MOST)
    )  # fmt: skip
    return [Suspended(*tuple(row)) for row in db.session.execute(query)]


def in_use(by: Actor) -> list[InUse]:
    """Own tools that could be suspended, by name; the first two hundred."""
    query = (
        sa.select(Deployment.id, Deployment.reference, Tool.name, UseCase.name, Deployment.standing)
        .join(Tool, Tool.id == Deployment.tool_id)
        .join(UseCase, UseCase.id == Deployment.use_case_id)
        .where(Deployment.organisation_id == by.organisation_id, Deployment.standing.in_(IN_USE))
        .order_by(Tool.name, Deployment.id)
        .limit(MOST)
    )
    rows: Sequence[Any] = db.session.execute(query).all()
    return [InUse(*row) for row in rows]


def signals(deployment: Deployment) -> Sequence[Signal]:
    """Signals of a deployment that are not closed, the newest first."""
    query = sa.select(Signal).where(Signal.deployment_id == deployment.id, Signal.status != "closed")
    return db.session.scalars(query.order_by(Signal.number.desc())).all()


def seen(reference: str) -> Projection:
    """What partners see of a deployment, by its reference. Raises NotVisible."""
    found = db.session.scalar(sa.select(Projection).where(Projection.reference == reference))
    if found is None:
        raise NotVisible()
    return found


def is_icb_of(organisation_id: int, child_id: int, on: date) -> bool:
    """Whether an organisation belongs to another on a day, and that other is an ICB."""
    link = sa.select(OrganisationLink.id).join(Organisation, Organisation.id == OrganisationLink.parent_id)
    link = link.where(
        OrganisationLink.parent_id == organisation_id,
        OrganisationLink.child_id == child_id,
        Organisation.kind == "icb",
        OrganisationLink.started_on <= on,
        sa.or_(OrganisationLink.ended_on.is_(None), OrganisationLink.ended_on >= on),
    )
    return db.session.scalar(link.limit(1)) is not None


def request_about(request_id: int, deployment: Deployment) -> SuspensionRequest:
    """One request about a deployment. Raises NotVisible."""
    found = db.session.get(SuspensionRequest, request_id)
    if found is None or found.deployment_id != deployment.id:
        raise NotVisible()
    return found


def open_request_of(organisation_id: int, deployment_id: int) -> SuspensionRequest | None:
    """What an organisation asked about a deployment and is not answered yet."""
    query = sa.select(SuspensionRequest).where(
        SuspensionRequest.asked_by_organisation_id == organisation_id,
        SuspensionRequest.deployment_id == deployment_id,
        SuspensionRequest.status == "open",
    )
    return db.session.scalar(query.limit(1))


def requests_about(deployment: Deployment) -> list[Asked]:
    """Every request about a deployment, the newest first."""
    return _asked(SuspensionRequest.deployment_id == deployment.id)


def open_requests(scope: Collection[int]) -> list[Asked]:
    """Requests that these organisations have to answer, the newest first."""
    return _asked(SuspensionRequest.organisation_id.in_(scope), SuspensionRequest.status == "open")


def requests_by(by: Actor, reference: str = "") -> list[Asked]:
    """What the actor's organisation asked of others, the newest first."""
    about = (Projection.reference == reference,) if reference else ()
    return _asked(SuspensionRequest.asked_by_organisation_id == by.organisation_id, *about)


def _asked(*where: sa.ColumnElement[bool]) -> list[Asked]:
    query = (
        sa.select(SuspensionRequest, Projection.reference, Projection.tool_name, Projection.organisation_name, Person.name)
        .add_columns(Organisation.name)
        .join(Projection, Projection.deployment_id == SuspensionRequest.deployment_id)
        .join(Person, Person.id == SuspensionRequest.asked_by)
        .join(Organisation, Organisation.id == SuspensionRequest.asked_by_organisation_id)
        .where(*where)
        .order_by(SuspensionRequest.id.desc())
        .limit(MOST)
    )
    return [Asked(*tuple(row)) for row in db.session.execute(query)]


def deployment_by_id(deployment_id: int) -> Deployment:
    """A deployment with its tool and organisation, for an operation that another organisation begins."""
    query = sa.select(Deployment).where(Deployment.id == deployment_id)
    found = db.session.scalar(query.options(joinedload(Deployment.tool), joinedload(Deployment.organisation)))
    if found is None:
        raise NotVisible()
    return found
