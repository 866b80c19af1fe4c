"""Reading the hazard log: two queries for the whole of it, however long."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import defer, selectinload

from governance import canonical
from governance.assessment.hazards import rules
from governance.assessment.hazards.models import Control, Hazard, HazardLogVersion, HazardRevision
from governance.audit.redactions import queries as redactions
from governance.database import db, read_once
from governance.errors import NotVisible
from governance.identity.models import Person
from governance.register.models import Deployment
from governance.signing import queries as signing
from governance.signing.models import SignOff

LOG_VERSION = "hazard_log_version"


@read_once
def hazards(deployment: Deployment) -> Sequence[Hazard]:
    """Every hazard of a deployment with its controls, by number."""
    query = sa.select(Hazard).where(Hazard.deployment_id == deployment.id).order_by(Hazard.number)
    return db.session.scalars(query.options(selectinload(Hazard.controls))).all()


def hazard(deployment: Deployment, number: int) -> Hazard:
    """One hazard with its controls. Raises NotVisible."""
    query = sa.select(Hazard).where(Hazard.deployment_id == deployment.id, Hazard.number == number)
    found = db.session.scalar(query.options(selectinload(Hazard.controls)))
    if found is None:
        raise NotVisible()
    return found


def last_number(deployment: Deployment) -> int:
    """The highest number given so far; 0 where there is none."""
    return db.session.scalar(sa.select(sa.func.max(Hazard.number)).where(Hazard.deployment_id == deployment.id)) or 0


def control(hazard: Hazard, control_id: int) -> Control:
    """One control of a hazard that is in place. Raises NotVisible."""
    query = sa.select(Control).where(
        Control.id == control_id, Control.hazard_id == hazard.id, Control.removed_at.is_(None)
    )
    found = db.session.scalar(query)
    if found is None:
        raise NotVisible()
    return found


def history(hazard: Hazard) -> list[tuple[HazardRevision, str]]:
    """Every revision of a hazard, newest first, with the name of who made it."""
    query = (
        sa.select(HazardRevision, Person.name)
        .join(Person, Person.id == HazardRevision.changed_by)
        .where(HazardRevision.hazard_id == hazard.id)
        .order_by(HazardRevision.revision.desc())
    )
    return [(revision, name) for revision, name in db.session.execute(query)]


def authors(deployment: Deployment) -> frozenset[int]:
    """Ids of everyone who changed a hazard: nobody judges what they answered."""
    query = sa.select(HazardRevision.changed_by).join(Hazard, Hazard.id == HazardRevision.hazard_id)
    return frozenset(db.session.scalars(query.where(Hazard.deployment_id == deployment.id).distinct()))


def log_content(deployment: Deployment) -> list[dict[str, Any]]:
    """The whole log as versions and packs hold it: plain values, by number, nothing that depends on today."""
    return [rules.hazard_content(each) for each in hazards(deployment)]


def log_digest(content: list[dict[str, Any]]) -> str:
    """SHA-256 over the canonical JSON of a log's content."""
    return canonical.digest(content)


def versions(deployment: Deployment) -> list[tuple[HazardLogVersion, str, SignOff | None]]:
    """Every frozen version, newest first, with who froze it and the CSO's approval. The frozen content is left out."""
    query = (
        sa.select(HazardLogVersion, Person.name, SignOff)
        .join(Person, Person.id == HazardLogVersion.made_by)
        .outerjoin(SignOff, sa.and_(SignOff.subject_kind == LOG_VERSION, SignOff.subject_id == HazardLogVersion.id))
        .where(HazardLogVersion.deployment_id == deployment.id)
        .order_by(HazardLogVersion.number.desc())
        .options(defer(HazardLogVersion.content))
    )
    return [(version, name, sign_off) for version, name, sign_off in db.session.execute(query)]


def version(deployment: Deployment, number: int) -> HazardLogVersion:
    """One frozen version. Raises NotVisible."""
    query = sa.select(HazardLogVersion).where(
        HazardLogVersion.deployment_id == deployment.id, HazardLogVersion.number == number
    )
    found = db.session.scalar(query)
    if found is None:
        raise NotVisible()
    return found


def latest_version(deployment: Deployment) -> HazardLogVersion | None:
    """The version frozen last."""
    query = sa.select(HazardLogVersion).where(HazardLogVersion.deployment_id == deployment.id)
    return db.session.scalar(query.order_by(HazardLogVersion.number.desc()).limit(1))


def approved_version(deployment: Deployment) -> HazardLogVersion | None:
    """The newest version that the CSO approved."""
    query = (
        sa.select(HazardLogVersion)
        .join(SignOff, sa.and_(SignOff.subject_kind == LOG_VERSION, SignOff.subject_id == HazardLogVersion.id))
        .where(HazardLogVersion.deployment_id == deployment.id)
        .order_by(HazardLogVersion.number.desc())
        .limit(1)
    )
    return db.session.scalar(query)


def standing_digest(version: HazardLogVersion) -> str:
    """The digest that a version's content gives today: as frozen, unless a text was removed from it since."""
    return redactions.standing(version.__tablename__, version.id, version.digest)


def approval_of(version: HazardLogVersion) -> SignOff | None:
    """The CSO's sealed approval of a version."""
    return next(iter(signing.sign_offs_on(LOG_VERSION, version.id)), None)


def log_standing(deployment: Deployment, content: list[dict[str, Any]]) -> dict[str, Any]:
    """What `rules.log_blockers` asks of the live log: its digest, and which versions were frozen and approved."""
    latest, approved = latest_version(deployment), approved_version(deployment)
    return {
        "digest": log_digest(content),
        "latest": latest.number if latest is not None else None,
        "approved": approved.number if approved is not None else None,
        "approved_digest": standing_digest(approved) if approved is not None else None,
    }
