"""Reading safety case reports: the newest revision counts, and it counts as approved once the CSO has sealed it."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import defer

from governance import canonical
from governance.assessment.hazards import operations as hazard_operations
from governance.assessment.hazards import queries as hazards
from governance.assessment.hazards import rules as hazard_rules
from governance.assessment.hazards.models import Hazard, HazardLogVersion
from governance.assessment.plans import queries as plans
from governance.assessment.safety_cases import slots, tables
from governance.assessment.safety_cases.models import SafetyCase
from governance.assessment.workshops import queries as workshops
from governance.database import db
from governance.errors import NotVisible
from governance.identity.models import Person
from governance.register.models import Deployment
from governance.signing import queries as signing
from governance.signing.models import SignOff

SAFETY_CASE = "safety_case"
IN_PACKS = ("tool", "plan", "log", "by_residual", "needs_action", "transferred", "decisions")


def newest(deployment: Deployment) -> SafetyCase | None:
    """The newest revision."""
    query = sa.select(SafetyCase).where(SafetyCase.deployment_id == deployment.id)
    return db.session.scalar(query.order_by(SafetyCase.revision.desc()).limit(1))


def revision(deployment: Deployment, number: int) -> SafetyCase:
    """One revision. Raises NotVisible."""
    query = sa.select(SafetyCase).where(SafetyCase.deployment_id == deployment.id, SafetyCase.revision == number)
    found = db.session.scalar(query)
    if found is None:
        raise NotVisible()
    return found


def history(deployment: Deployment) -> list[tuple[SafetyCase, str, SignOff | None]]:
    """Every revision, the newest first, with its writer’s name and its approval. Texts and tables are left out."""
    query = (
        sa.select(SafetyCase, Person.name, SignOff)
        .join(Person, Person.id == SafetyCase.written_by)
        .outerjoin(SignOff, sa.and_(SignOff.subject_kind == SAFETY_CASE, SignOff.subject_id == SafetyCase.id))
        .where(SafetyCase.deployment_id == deployment.id)
        .order_by(SafetyCase.revision.desc())
        .options(defer(SafetyCase.texts), defer(SafetyCase.tables))
    )
    return [(row, name, approval) for row, name, approval in db.session.execute(query)]


def approval_of(case: SafetyCase) -> SignOff | None:
    """The CSO’s sealed approval of one revision."""
    return next(iter(signing.sign_offs_on(SAFETY_CASE, case.id)), None)


def approved(deployment: Deployment) -> tuple[SafetyCase, SignOff] | None:
    """The newest revision that the CSO approved, with the approval."""
    query = (
        sa.select(SafetyCase, SignOff)
        .join(SignOff, sa.and_(SignOff.subject_kind == SAFETY_CASE, SignOff.subject_id == SafetyCase.id))
        .where(SafetyCase.deployment_id == deployment.id)
        .order_by(SafetyCase.revision.desc())
        .limit(1)
    )
    found = db.session.execute(query).first()
    return (found[0], found[1]) if found else None


def approved_content(deployment: Deployment) -> dict[str, Any] | None:
    """The newest approved revision as a pack holds it: its prose, the tables that are not in the pack anyway, who and when."""
    found = approved(deployment)
    if found is None:
        return None
    case, sealed = found
    return {
        "revision": case.revision,
        "phase": case.phase,
        "texts": case.texts,
        "tables": {key: case.tables[key] for key in IN_PACKS},
        "digest": case.digest,
        "approval": {
            "by": sealed.person_name,
            "role": sealed.role.value,
            "registration": sealed.registration,
            "at": sealed.signed_at.isoformat(),
            "check_code": sealed.check_code,
        },
    }


def log_version(deployment: Deployment, version_id: int | None) -> HazardLogVersion | None:
    """The frozen version of the log that a revision goes with, without its content."""
    query = sa.select(HazardLogVersion).where(
        HazardLogVersion.deployment_id == deployment.id, HazardLogVersion.id == version_id
    )
    return db.session.scalar(query.options(defer(HazardLogVersion.content))) if version_id is not None else None


def current_tables(deployment: Deployment) -> tuple[dict[str, Any], HazardLogVersion | None]:
    """The tables as they would be frozen now, and the frozen version of the log that they are of, where there is one."""
    rows = hazards.hazards(deployment)
    content = [hazard_rules.hazard_content(each) for each in rows]
    digest, latest, plan = hazards.log_digest(content), hazards.latest_version(deployment), plans.risk_plan(deployment)
    version = latest if latest is not None and hazards.standing_digest(latest) == digest else None
    made = tables.build(
        tool=_tool(deployment),
        plan={"revision": plan.revision, "matrix_version": plan.matrix_version} if plan else None,
        log={"digest": digest, "version": version.number if version else None},
        hazards=content,
        asks={each.number: _asks(each) for each in rows},
        workshops=workshops.content(deployment),
        decisions=[*_safety_decisions(deployment), *slots.decisions(deployment)],
    )
    return canonical.plain(made), version


def digest(texts: dict[str, Any], made: dict[str, Any], phase: str) -> str:
    """SHA-256 over the canonical JSON of a revision: its phase, its texts and its tables."""
    return canonical.digest({"phase": phase, "texts": texts, "tables": made})


def _asks(hazard: Hazard) -> list[str]:
    """What is still to be done about a hazard: nothing where it is closed."""
    if hazard.status == "closed":
        return []
    left = hazard_rules.close_blockers(hazard, hazard_operations.scored_with(hazard))
    return [blocker.sentence for blocker in left] + ([hazard.actions] if hazard.actions.strip() else [])


def _tool(deployment: Deployment) -> dict[str, Any]:
    return {
        "reference": deployment.reference,
        "name": deployment.tool.name,
        "version": deployment.tool_version.version,
        "manufacturer": deployment.tool.manufacturer.name,
        "supplier": deployment.supplier.name,
        "organisation": deployment.organisation.name,
        "sites": sorted(site.name for site in deployment.sites),
        "use_case": deployment.use_case.name,
    }


def _safety_decisions(deployment: Deployment) -> list[dict[str, Any]]:
    return [
        {
            "at": each.decided_at.isoformat(),
            "sentence": f"{'Safety related' if each.safety_related else 'Not safety related'}: {each.reason}".rstrip(": "),
        }
        for each in reversed(plans.safety_decisions(deployment))
    ]
