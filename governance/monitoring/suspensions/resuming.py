"""Resuming: the clinical safety officer on the updated log, then whoever authorises. One shape, two steps each."""

from __future__ import annotations

from datetime import datetime

from governance import clock
from governance.approval import effects, outcomes
from governance.approval import notices as approval
from governance.assessment.hazards import queries as hazards
from governance.database import db
from governance.errors import Blocker, Conflict, Forbidden, refuse_if
from governance.keys import Keyring
from governance.lifecycle import Standing
from governance.monitoring.suspensions import notices, queries, rules
from governance.monitoring.suspensions.models import Suspension
from governance.monitoring.suspensions.operations import own, sentence
from governance.monitoring.suspensions.queries import Resumption
from governance.permissions import Actor, Held, Role
from governance.policy import policy
from governance.policy.rules import authority_blockers, registration_blockers
from governance.register import operations as register
from governance.register.models import Deployment
from governance.signing import operations as signing
from governance.signing.models import SignIntent, SignOff
from governance.web.wording import long_date


def authoriser(deployment: Deployment) -> Role:
    """Who decides on resuming this deployment."""
    return rules.authoriser(rules.counted_tier(deployment.tier))


def intend(
    *, deployment: Deployment, suspension: Suspension, role: Role, reason: str, by: Actor, at: datetime
) -> SignIntent:
    """First step for either of the two. Raises Forbidden, Refused with every reason."""
    now, _ = _checked(deployment, suspension, role, reason, by, at)
    return signing.intend(
        subject_kind=queries.RESUMPTION,
        subject_id=suspension.id,
        act=_act(now, role),
        digest=now.digest,
        section_digests={},
        role=role,
        outcome="resume",
        statement=statement(deployment, suspension, role, reason, now),
        details={"reason": reason.strip(), "log_version": now.log.number},
        organisation_id=deployment.organisation_id,
        by=by,
        at=at,
    )


def sign(
    *, deployment: Deployment, suspension: Suspension, intent: SignIntent, keyring: Keyring, by: Actor, at: datetime
) -> SignOff:
    """Second step: seal it. The officer's lets the next decide; the authoriser's resumes use at once.

    Raises Forbidden, Refused; Conflict where the log changed since it was intended.
    """
    db.session.refresh(deployment, with_for_update={"of": Deployment})
    db.session.refresh(suspension)
    role = intent.role
    now, held = _checked(deployment, suspension, role, str(intent.details["reason"]), by, at)
    if (intent.subject_kind, intent.subject_id, intent.digest) != (queries.RESUMPTION, suspension.id, now.digest):
        raise Conflict("The hazard log changed since you opened the page. Read what it says now and sign again.")
    row = signing.seal(intent=intent, held=held, deployment_id=deployment.id, keyring=keyring, by=by, at=at)
    if role is Role.CSO:
        notices.signed(deployment, suspension, authoriser(deployment), now.times_signed + 1, at)
    else:
        _resume(deployment, suspension, str(intent.details["reason"]), by, at)
    return row


def statement(deployment: Deployment, suspension: Suspension, role: Role, reason: str, now: Resumption) -> str:
    """What the officer, and then whoever authorises, put their name to."""
    what, began = f"{deployment.tool.name} at {deployment.organisation.name}", long_date(suspension.suspended_at)
    because = f" Because: {sentence(reason)}" if reason.strip() else ""
    if role is Role.CSO and now.direct_care:
        log = f"I have read version {now.log.number} of the hazard log of {what}, approved since its use was suspended"
        return f"{log} on {began}. The clinical risk of using it again is acceptable.{because}"
    if role is Role.CSO:
        return f"The use of {what} was suspended on {began}. I see no clinical risk that stands against resuming it.{because}"
    rating = _highest(deployment)
    accepted = ""
    if now.direct_care and rating and role is Role.AUTHORISING_EXECUTIVE:
        accepted = f" I accept the residual clinical risk, highest rating {rating}, for the organisation (DCB0160 2.2.2)."
    return f"I authorise that the use of {what}, suspended on {began}, resumes.{accepted}{because}"


def blockers(
    deployment: Deployment, suspension: Suspension, role: Role, reason: str, by: Actor, at: datetime
) -> list[Blocker]:
    """Every reason why this person may not sign for resuming in a role; pages show them before anything is typed."""
    now, on = queries.resumption(deployment, suspension), clock.london_date(at)
    found = registration_blockers(policy(), role=role, registration=by.registration, on=on)
    if role is Role.CSO:
        return found + rules.safety_blockers(
            standing=deployment.standing, direct_care=now.direct_care, began=suspension.suspended_at, log=now.log,
            reason=reason,
        )  # fmt: skip
    signed = now.signed
    found += rules.resume_blockers(
        standing=deployment.standing,
        signed=signed is not None,
        signed_stands=now.stands and not rules.log_blockers(
            direct_care=now.direct_care, began=suspension.suspended_at, log=now.log
        ),
        same_person=signed is not None and signed.person_id == by.person_id,
    )  # fmt: skip
    held = by.held_for(role, deployment.id)
    if held is not None:
        found += authority_blockers(
            held, tier=rules.counted_tier(deployment.tier), stage=deployment.stage,
            residual=_highest(deployment) if now.direct_care else None, on=on,
        )  # fmt: skip
    return found


def _checked(
    deployment: Deployment, suspension: Suspension, role: Role, reason: str, by: Actor, at: datetime
) -> tuple[Resumption, Held]:
    own(deployment, by)
    held = by.held_for(role, deployment.id)
    if held is None or role not in (Role.CSO, authoriser(deployment)):
        raise Forbidden(f"The clinical safety officer signs first, then the {authoriser(deployment).title} decides.")
    if suspension.resumed_at is not None:
        raise Conflict("Its use was resumed meanwhile.")
    refuse_if(blockers(deployment, suspension, role, reason, by, at))
    return queries.resumption(deployment, suspension), held


def _resume(deployment: Deployment, suspension: Suspension, reason: str, by: Actor, at: datetime) -> None:
    """Back to the standing before, or lapsed; then what was authorised meanwhile takes its effect."""
    on = clock.london_date(at)
    waiting, was = outcomes.waits_for_resuming(deployment, on), deployment.standing_before
    suspension.resumed_at = at
    register.move(deployment=deployment, arrow="resume", reason=reason, by=by, at=at)
    if waiting is not None:
        effects.take_effect(submission=waiting, by=by, at=at)
    elif deployment.standing is Standing.LAPSED and was is not Standing.LAPSED:
        register.note_decision_due(deployment=deployment, on=outcomes.decide_by(on), at=at)
        approval.lapsed(deployment, by, at)
    notices.resumed(deployment, suspension, at)


def _act(now: Resumption, role: Role) -> str:
    """The officer may have to sign again on a later log: each signature has its own number."""
    if role is not Role.CSO:
        return "authorise"
    return f"sign-{now.times_signed + 1}" if now.times_signed else "sign"


def _highest(deployment: Deployment) -> int | None:
    ratings = [each.residual_rating for each in hazards.hazards(deployment) if each.residual_rating]
    return max(ratings) if ratings else None
