"""What partners and the public may read of any organisation: projections, and packs with an authorised decision.

Nothing here asks whose a row is; so nothing here reads anything else.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import defer, selectinload

from governance.approval.models import Authorisation, Decision
from governance.assessment.packs.models import AssurancePack, PackSection
from governance.database import db
from governance.errors import NotVisible
from governance.identity import queries as identity
from governance.identity.models import Organisation, OrganisationLink
from governance.intake.models import Submission
from governance.lifecycle import Stage, Standing
from governance.register.models import Projection, ToolVersion
from governance.sharing import rules
from governance.signing.models import SignOff

PAGE = 20
COUNTED = 1000
ELSEWHERE = 10
PACK = "assurance_pack"
SEARCHED = (
    Projection.tool_name,
    Projection.manufacturer_name,
    Projection.supplier_name,
    Projection.use_case,
    Projection.purpose,
    Projection.reference,
)


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody looks for. Empty means anything; what has ceased is left out unless asked for."""

    text: str = ""
    organisation: str = ""
    system: str = ""  # the code of an ICB
    stage: Stage | None = None
    standing: Standing | None = None
    kind: str = ""
    tier: str = ""
    ceased: bool = False


@dataclass(frozen=True, slots=True)
class Decided:
    """A pack that was authorised, with what was decided on it."""

    pack: AssurancePack
    submission: Submission
    authorisation: Authorisation
    version: str
    sentence: str


def systems(on: date) -> Sequence[Organisation]:
    """ICBs that exist on a day, by name."""
    query = sa.select(Organisation).where(
        Organisation.kind == "icb", sa.or_(Organisation.ended_on.is_(None), Organisation.ended_on >= on)
    )
    return db.session.scalars(query.order_by(Organisation.name)).all()


def projections(asked: Asked, on: date, *, after: int | None = None, limit: int = PAGE) -> Sequence[Projection]:
    """Those that match, the newest deployment first. `after` is the id of the last one shown before."""
    query = sa.select(Projection).where(*_matching(asked, on)).order_by(Projection.deployment_id.desc()).limit(limit)
    if after is not None:
        query = query.where(Projection.deployment_id < after)
    return db.session.scalars(query.options(defer(Projection.lessons), defer(Projection.stages))).all()


def how_many(asked: Asked, on: date) -> int:
    """How many match, counted no further than one over a thousand."""
    some = sa.select(Projection.deployment_id).where(*_matching(asked, on)).limit(COUNTED + 1).subquery()
    return db.session.scalar(sa.select(sa.func.count()).select_from(some)) or 0


def _matching(asked: Asked, on: date) -> list[sa.ColumnElement[bool]]:
    where: list[sa.ColumnElement[bool]] = []
    if asked.standing is not None:
        where.append(Projection.standing == asked.standing)
    elif not asked.ceased:
        where.append(Projection.standing != Standing.CEASED)
    if asked.stage is not None:
        where.append(Projection.stage == asked.stage)
    if asked.kind:
        where.append(Projection.kind == asked.kind)
    if asked.tier:
        where.append(Projection.tier == asked.tier)
    if asked.organisation:
        where.append(_organisation(asked.organisation))
    if asked.system:
        where.append(Projection.organisation_id.in_(_in_system(asked.system, on)))
    where += [_holds(SEARCHED, word) for word in asked.text.split()]
    return where


def _organisation(typed: str) -> sa.ColumnElement[bool]:
    """By its name or part of it, or by its code: the beginning of each reference."""
    code = Projection.reference.like(f"{_plain(typed.strip().upper())}-%", escape="\\")
    return sa.or_(_holds((Projection.organisation_name,), typed.strip()), code)


def _in_system(code: str, on: date) -> sa.Select[Any]:
    """Ids of an ICB, of organisations that it took over from, and of all that belong to these on a day."""
    root = sa.select(Organisation.id).where(sa.or_(
        Organisation.code == code,
        Organisation.successor_id.in_(sa.select(Organisation.id).where(Organisation.code == code)),
    ))  # fmt: skip
    children = sa.select(OrganisationLink.child_id).where(
        OrganisationLink.parent_id.in_(root),
        OrganisationLink.started_on <= on,
        sa.or_(OrganisationLink.ended_on.is_(None), OrganisationLink.ended_on >= on),
    )
    return sa.select(Organisation.id).where(sa.or_(Organisation.id.in_(root), Organisation.id.in_(children)))


def _holds(columns: Sequence[sa.orm.InstrumentedAttribute[str]], text: str) -> sa.ColumnElement[bool]:
    """Whether one of these columns has the text in it, whatever its case."""
    wanted = f"%{_plain(text.lower())}%"
    return sa.or_(*(sa.func.lower(column).like(wanted, escape="\\") for column in columns))


def _plain(text: str) -> str:
    """Text as it stands inside LIKE."""
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def projection(reference: str) -> Projection:
    """What may be seen of one deployment. Raises NotVisible."""
    found = db.session.scalar(sa.select(Projection).where(Projection.reference == reference))
    if found is None:
        raise NotVisible()
    return found


def of_deployment(deployment_id: int) -> Projection:
    """What may be seen of the deployment with this id. Raises NotVisible."""
    found = db.session.get(Projection, deployment_id)
    if found is None:
        raise NotVisible()
    return found


def elsewhere(seen: Projection) -> tuple[Sequence[Projection], int]:
    """The same tool in other deployments, furthest on the ladder first, and how many there are (up to 1,001)."""
    where = (Projection.tool_id == seen.tool_id, Projection.deployment_id != seen.deployment_id)
    rank = sa.case({stage.value: stage.position for stage in Stage}, value=sa.cast(Projection.stage, sa.String))
    query = sa.select(Projection).where(*where).order_by(rank.desc(), Projection.organisation_name, Projection.deployment_id)
    some = sa.select(Projection.deployment_id).where(*where).limit(COUNTED + 1).subquery()
    count = db.session.scalar(sa.select(sa.func.count()).select_from(some)) or 0
    return db.session.scalars(query.limit(ELSEWHERE)).all(), count


def decided(pack_id: int) -> Decided:
    """A pack with its decision, where one authorised it. Raises NotVisible for any other, decided or not."""
    query = (
        sa.select(AssurancePack, Submission, Authorisation, ToolVersion.version, Decision.sentence)
        .join(Authorisation, Authorisation.pack_id == AssurancePack.id)
        .join(Submission, Submission.id == AssurancePack.submission_id)
        .join(ToolVersion, ToolVersion.id == Authorisation.tool_version_id)
        .join(Decision, sa.and_(Decision.submission_id == Submission.id, Decision.outcome == "authorised"))
        .where(AssurancePack.id == pack_id)
        .options(selectinload(AssurancePack.sections))
    )
    row = db.session.execute(query).first()
    if row is None:
        raise NotVisible()
    return Decided(row[0], row[1], row[2], row[3], row[4])


def section(found: Decided, code: str) -> PackSection:
    """One section of a decided pack, as it was frozen: for `rules.partner_edition` only. Raises NotVisible."""
    for each in found.pack.sections:
        if each.code == code and _has_anything(each):
            return each
    raise NotVisible()


def sections(found: Decided) -> tuple[PackSection, ...]:
    """The sections of which partners may read something."""
    return tuple(each for each in found.pack.sections if _has_anything(each))


def _has_anything(each: PackSection) -> bool:
    return bool(rules.partner_edition(each.content)["matter"]["parts"])


def sign_offs(found: Decided) -> Sequence[SignOff]:
    """What was signed, advised and authorised on a decided pack, in that order."""
    query = sa.select(SignOff).where(SignOff.subject_kind == PACK, SignOff.subject_id == found.pack.id)
    return db.session.scalars(query.order_by(SignOff.id)).all()


def in_public(asked: Asked, on: date, *, after: int | None = None, limit: int = PAGE) -> Sequence[Projection]:
    """What the public may see in the list: in use, not ceased."""
    query = sa.select(Projection).where(*_public(asked, on)).order_by(Projection.deployment_id.desc()).limit(limit)
    if after is not None:
        query = query.where(Projection.deployment_id < after)
    return db.session.scalars(query.options(defer(Projection.lessons), defer(Projection.performance))).all()


def how_many_in_public(asked: Asked, on: date) -> int:
    """How many of them, counted no further than one over a thousand."""
    some = sa.select(Projection.deployment_id).where(*_public(asked, on)).limit(COUNTED + 1).subquery()
    return db.session.scalar(sa.select(sa.func.count()).select_from(some)) or 0


def _public(asked: Asked, on: date) -> list[sa.ColumnElement[bool]]:
    """As `rules.is_public` says, without what has ceased."""
    in_use = sa.and_(Projection.stage.in_(rules.IN_USE), Projection.standing != Standing.PROPOSED)
    declared = sa.or_(Projection.standing == Standing.DECLARED, Projection.in_use_since != "")
    return [*_matching(asked, on), sa.or_(in_use, declared)]


def public_projection(reference: str) -> Projection:
    """What the public may see of one deployment; one that has ceased still has its page. Raises NotVisible."""
    seen = projection(reference)
    declared = seen.standing is Standing.DECLARED or bool(seen.in_use_since)
    if not rules.is_public(stage=seen.stage, standing=seen.standing, declared=declared):
        raise NotVisible()
    return seen


def concerns_of(organisation_id: int) -> str:
    """How an organisation says that the public raises a concern; empty where it has not said."""
    return identity.organisation(organisation_id).concerns or ""


def codes_of(organisation_ids: Collection[int]) -> dict[int, str]:
    """Codes of organisations by id."""
    query = sa.select(Organisation.id, Organisation.code).where(Organisation.id.in_(organisation_ids))
    return {row[0]: row[1] for row in db.session.execute(query)}
