"""Changing the hazard log. Every change leaves a revision of the hazard as it then stood, with who and why."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Literal, cast

from sqlalchemy.exc import IntegrityError

from governance.assessment.hazards import queries, rules, words
from governance.assessment.hazards.matrix import Matrix, matrix
from governance.assessment.hazards.models import Control, Hazard, HazardRevision
from governance.assessment.hazards.versions import approve_version, intend_approval, make_version
from governance.assessment.plans import queries as plans
from governance.assessment.plans import rules as plan_rules
from governance.audit.record import record
from governance.database import db
from governance.errors import Conflict, Forbidden, NotVisible, Refused, refuse_if
from governance.permissions import Actor, Permission
from governance.register.models import Deployment

__all__ = [
    "accept", "add_control", "add_hazard", "approve_version", "change_control", "change_hazard", "change_status",
    "intend_approval", "make_version", "remove_control", "score", "scored_with",
]  # fmt: skip

Which = Literal["initial", "residual"]
TEXTS = ("name", "description", "impact", "causes", "owner", "actions")
SAID = ("source", *(f"supplier_{key}" for key in words.SUPPLIER_SAYS))


def add_hazard(
    *,
    deployment: Deployment,
    name: str,
    description: str = "",
    impact: str = "",
    causes: str = "",
    owner: str = "",
    actions: str = "",
    review_on: date | None = None,
    source: str | None = None,
    supplier: Mapping[str, str] | None = None,
    by: Actor,
    at: datetime,
) -> Hazard:
    """Name a hazard; it takes the next number. Raises Forbidden, Refused without a name, Conflict in a race.

    `review_on`: when a local review is due. `source`: where it comes from (library, supplier, import). `supplier`: what
    the supplier says in its own scheme, with the keys of `words.SUPPLIER_SAYS`; it is kept as it stands.
    """
    _allowed(by, Permission.ADD_HAZARD, deployment.organisation_id, deployment.id)
    said = {f"supplier_{key}": (supplier or {}).get(key, "").strip() or None for key in words.SUPPLIER_SAYS}
    refuse_if(rules.text_blockers({"name": name, "owner": owner, "source": source, **said}))
    hazard = Hazard(
        organisation_id=deployment.organisation_id,
        deployment_id=deployment.id,
        number=queries.last_number(deployment) + 1,
        name=name.strip(),
        description=description,
        impact=impact,
        causes=causes,
        owner=owner,
        actions=actions,
        status="open",
        review_on=review_on,
        source=source or None,
        **said,
        revision=0,
        added_by=by.person_id,
        added_at=at,
    )
    db.session.add(hazard)
    try:
        db.session.flush()
    except IntegrityError as raced:
        raise Conflict("Somebody else added a hazard at the same moment. Send it again.") from raced
    _revise(hazard, "hazard.added", "", by, at)
    return hazard


def change_hazard(
    *,
    hazard: Hazard,
    texts: Mapping[str, str | date | None],
    reason: str = "",
    version_id: int | str | None,
    by: Actor,
    at: datetime,
) -> Hazard:
    """Change what a hazard says. `texts` may hold any of TEXTS, of SAID (empty: not said) and `review_on`, a date or None.

    Raises Forbidden, Refused without a name or with a text too long, Conflict from a stale page.
    """
    _open(hazard, Permission.ADD_HAZARD, version_id, by)
    refuse_if(rules.text_blockers(texts))
    for name in TEXTS:
        if name in texts:
            setattr(hazard, name, str(texts[name] or "").strip())
    for name in SAID:
        if name in texts:
            setattr(hazard, name, str(texts[name] or "").strip() or None)
    if "review_on" in texts:
        hazard.review_on = cast("date | None", texts["review_on"])
    if not db.session.is_modified(hazard):
        return hazard
    _revise(hazard, "hazard.changed", reason, by, at)
    return hazard


def score(
    *,
    hazard: Hazard,
    which: Which,
    severity: str,
    likelihood: str,
    patients: str,
    reason: str = "",
    version_id: int | str | None,
    by: Actor,
    at: datetime,
) -> Hazard:
    """Look up and record a rating. The initial one counts existing controls, the residual one all controls.

    Raises Refused until the CSO has approved the newest revision of the plan, or where the lookup does not allow it.
    """
    _open(hazard, Permission.SCORE_HAZARD, version_id, by)
    scheme = _adopted(hazard)
    refuse_if(rules.rate_blockers(scheme, severity=severity, likelihood=likelihood, patients=patients))
    rating = scheme.rating(severity, likelihood)
    had = getattr(hazard, f"{which}_rating")
    refuse_if(
        [
            *(rules.residual_blockers(hazard, rating) if which == "residual" else []),
            *rules.score_again_blockers(had, reason),
        ]
    )
    if which == "initial" and hazard.residual_rating is not None and hazard.residual_rating > rating:
        _clear(hazard, "residual")
    if which == "residual" and had != rating:
        hazard.acceptance, hazard.acceptance_reason = None, ""
    _set_score(hazard, which, patients, severity, likelihood, rating)
    hazard.matrix_version = scheme.code
    _revise(hazard, "hazard.scored", reason, by, at, which=which, rating=rating)
    return hazard


def accept(
    *, hazard: Hazard, acceptance: str, reason: str, version_id: int | str | None, by: Actor, at: datetime
) -> Hazard:
    """Record why a residual rating of 2 or 3 stays. Who must agree to a 3 (CSO, executive) do so when they sign.

    Raises Refused where the rating needs no reason, may never stay, or is not accepted on this ground.
    """
    _open(hazard, Permission.SCORE_HAZARD, version_id, by)
    refuse_if(rules.accept_blockers(hazard.residual_rating, acceptance, reason, scored_with(hazard)))
    hazard.acceptance, hazard.acceptance_reason = acceptance, reason.strip()
    _revise(hazard, "hazard.accepted", reason.strip(), by, at, rating=hazard.residual_rating)
    return hazard


def change_status(
    *, hazard: Hazard, status: str, reason: str, version_id: int | str | None, by: Actor, at: datetime
) -> Hazard:
    """Open, transfer or close a hazard. Raises Refused with what is still to be done."""
    _open(hazard, Permission.ADD_HAZARD, version_id, by)
    refuse_if(rules.status_blockers(hazard, status, scored_with(hazard)))
    hazard.status = status
    participle = "reopened" if status == "open" else status
    _revise(hazard, f"hazard.{participle}", reason.strip(), by, at)
    return hazard


def add_control(
    *,
    hazard: Hazard,
    kind: str,
    description: str,
    implementation: str = "",
    effectiveness: str = "",
    version_id: int | str | None,
    by: Actor,
    at: datetime,
) -> Control:
    """Add what lowers a hazard. An existing control clears scores that did not count it. Raises Refused, Conflict."""
    _open(hazard, Permission.ADD_CONTROL, version_id, by)
    _control_said(kind, description)
    control = Control(
        organisation_id=hazard.organisation_id,
        hazard_id=hazard.id,
        kind=kind,
        description=description.strip(),
        implementation=implementation.strip(),
        effectiveness=effectiveness.strip(),
        added_by=by.person_id,
        added_at=at,
    )
    db.session.add(control)
    _controls_changed(hazard, None, kind)
    _revise(hazard, "control.added", "", by, at, control_kind=kind)
    return control


def change_control(
    *,
    hazard: Hazard,
    control: Control,
    kind: str,
    description: str,
    implementation: str,
    effectiveness: str,
    reason: str = "",
    version_id: int | str | None,
    by: Actor,
    at: datetime,
) -> Control:
    """Change a control, or say how its implementation and its effectiveness were verified. Raises Refused, Conflict."""
    _open(hazard, Permission.ADD_CONTROL, version_id, by)
    _control_said(kind, description)
    was, control.kind = control.kind, kind
    control.description, control.implementation = description.strip(), implementation.strip()
    control.effectiveness = effectiveness.strip()
    if not db.session.is_modified(control):
        return control
    _controls_changed(hazard, was, kind)
    _revise(hazard, "control.changed", reason, by, at, control=control.id)
    return control


def remove_control(
    *, hazard: Hazard, control: Control, reason: str, version_id: int | str | None, by: Actor, at: datetime
) -> Hazard:
    """Take a control out of the log; history keeps it. Scores that counted it are cleared. Raises Refused, Conflict."""
    _open(hazard, Permission.ADD_CONTROL, version_id, by)
    if not reason.strip():
        raise Refused.because("Say why the control is removed.", code="control.reason")
    control.removed_at = at
    _controls_changed(hazard, control.kind, None)
    _revise(hazard, "control.removed", reason.strip(), by, at, control=control.id)
    return hazard


def scored_with(hazard: Hazard) -> Matrix:
    """The matrix a hazard was scored with; the one we offer where it was not."""
    return matrix(hazard.matrix_version or plans.CURRENT_MATRIX)


def _open(hazard: Hazard, permission: Permission, version_id: int | str | None, by: Actor) -> None:
    """The door of every change to one hazard: permission for its deployment, and a page that is not stale."""
    _allowed(by, permission, hazard.organisation_id, hazard.deployment_id)
    if version_id is not None and str(version_id) != str(hazard.version_id):
        raise Conflict()


def _allowed(by: Actor, permission: Permission, organisation_id: int, deployment_id: int) -> None:
    if by.organisation_id != organisation_id:
        raise NotVisible()
    if not by.may(permission, deployment_id=deployment_id):
        raise Forbidden()


def _adopted(hazard: Hazard) -> Matrix:
    """The matrix of the approved plan. Raises Refused where the newest revision is not approved."""
    deployment = db.session.get_one(Deployment, hazard.deployment_id)
    plan = plans.risk_plan(deployment)
    approved = plan is not None and plans.approval_of(plan) is not None
    refuse_if(plan_rules.score_blockers(plan.revision if plan is not None else None, approved=approved))
    return plans.adopted_matrix(plan)


def _control_said(kind: str, description: str) -> None:
    if kind not in words.KIND_WORDS:
        raise Refused.because("Choose what kind of control it is.", code="control.kind")
    if not description.strip():
        raise Refused.because("Say what the control is.", code="control.description")


def _controls_changed(hazard: Hazard, was: str | None, now: str | None) -> None:
    for which in rules.cleared(was=was, now=now):
        _clear(hazard, which)


def _clear(hazard: Hazard, which: str) -> None:
    _set_score(hazard, which, None, None, None, None)
    if which == "residual":
        hazard.acceptance, hazard.acceptance_reason = None, ""


def _set_score(hazard: Hazard, which: str, patients: Any, severity: Any, likelihood: Any, rating: int | None) -> None:
    setattr(hazard, "patients" if which == "initial" else "residual_patients", patients)
    setattr(hazard, f"{which}_severity", severity)
    setattr(hazard, f"{which}_likelihood", likelihood)
    setattr(hazard, f"{which}_rating", rating)


def _revise(hazard: Hazard, kind: str, reason: str, by: Actor, at: datetime, **payload: Any) -> None:
    """Write the hazard and its history together, and one event for both. What no longer holds does not stay closed."""
    db.session.flush()
    db.session.expire(hazard, ["controls"])
    if hazard.status == "closed" and rules.close_blockers(hazard, scored_with(hazard)):
        hazard.status = "open"
    hazard.revision += 1
    db.session.flush()
    revision = HazardRevision(
        organisation_id=hazard.organisation_id,
        hazard_id=hazard.id,
        revision=hazard.revision,
        content=rules.hazard_content(hazard),
        reason=reason,
        changed_by=by.person_id,
        changed_at=at,
    )
    db.session.add(revision)
    record(
        kind,
        stream=f"deployment:{hazard.deployment_id}",
        by=by,
        at=at,
        organisation_id=hazard.organisation_id,
        hazard=hazard.number,
        revision=hazard.revision,
        reason=reason,
        **payload,
    )
