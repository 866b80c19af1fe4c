"""Suspending at once, confirming per site, and answering what others ask. Resuming is in `resuming`."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from governance import canonical, clock
from governance.audit.record import record
from governance.database import db, one_at_a_time
from governance.errors import Blocker, Conflict, Forbidden, NotVisible, Refused, refuse_if
from governance.identity import queries as identity
from governance.keys import Keyring
from governance.monitoring.suspensions import notices, queries, rules
from governance.monitoring.suspensions.models import Suspension, SuspensionRequest, UseStopped
from governance.permissions import Actor, Held, Permission, Role
from governance.policy import policy
from governance.policy.rules import registration_blockers
from governance.register import operations as register
from governance.register.models import Deployment, Projection
from governance.signing import operations as signing
from governance.signing.models import SignIntent
from governance.web.wording import long_date


def intend_suspension(
    *, deployment: Deployment, reason: str, fallback: str, signal_id: int | None = None, by: Actor, at: datetime
) -> SignIntent:
    """First step: fix the reason and what staff do instead. Raises Forbidden, Refused."""
    own(deployment, by)
    held = suspending_role(deployment, by, at)
    refuse_if(rules.suspend_blockers(standing=deployment.standing, reason=reason, fallback=fallback))
    if signal_id is not None and signal_id not in {each.id for each in queries.signals(deployment)}:
        raise NotVisible()
    said = {"reason": reason.strip(), "fallback": fallback.strip(), "signal": signal_id}
    return signing.intend(
        subject_kind=queries.SUSPENSION,
        subject_id=deployment.id,
        act="sign",
        digest=_digest(deployment, said),
        section_digests={},
        role=held.role,
        outcome="suspend",
        statement=suspending_statement(deployment, reason, fallback),
        details=said,
        organisation_id=deployment.organisation_id,
        by=by,
        at=at,
    )


def suspend(*, deployment: Deployment, intent: SignIntent, keyring: Keyring, by: Actor, at: datetime) -> Suspension:
    """Second step: it is suspended at once, by this one signature. Open requests are answered by it.

    Raises Forbidden, Refused where somebody suspended it meanwhile, Conflict where it is not what was intended.
    """
    db.session.refresh(deployment, with_for_update={"of": Deployment})
    own(deployment, by)
    said = {name: intent.details.get(name) for name in ("reason", "fallback", "signal")}
    held = by.held_for(intent.role, deployment.id)
    if held is None or held.role not in rules.SUSPENDERS:
        raise Forbidden(_WHO)
    refuse_if(registration_blockers(policy(), role=held.role, registration=by.registration, on=clock.london_date(at)))
    refuse_if(
        rules.suspend_blockers(standing=deployment.standing, reason=str(said["reason"]), fallback=str(said["fallback"]))
    )
    if (intent.subject_kind, intent.subject_id, intent.digest) != (
        queries.SUSPENSION, deployment.id, _digest(deployment, said),
    ):  # fmt: skip
        raise Conflict()
    row = begin(
        deployment=deployment, reason=str(said["reason"]), fallback=str(said["fallback"]), signal_id=said["signal"],
        digest=intent.digest, role=held.role, by=by, at=at,
    )  # fmt: skip
    signing.seal(
        intent=intent, held=held, deployment_id=deployment.id, keyring=keyring, by=by, at=at, subject_id=row.id
    )
    return row


def begin(
    *,
    deployment: Deployment,
    reason: str,
    fallback: str,
    digest: str,
    role: Role,
    by: Actor,
    at: datetime,
    signal_id: int | None = None,
) -> Suspension:
    """Move the deployment, write the suspension, answer open requests and tell people.

    For `suspend`, and for whoever decides to stop by another sealed act (`digest` is that act's). The caller checks who may.
    """
    row = Suspension(
        organisation_id=deployment.organisation_id,
        deployment_id=deployment.id,
        reason=reason.strip(),
        fallback=fallback.strip(),
        digest=digest,
        signal_id=signal_id,
        role=role.value,
        suspended_by=by.person_id,
        suspended_at=at,
    )
    db.session.add(row)
    register.move(deployment=deployment, arrow="suspend", reason=reason, by=by, at=at)
    for asked in queries.requests_about(deployment):
        if asked.row.status == "open":
            _answer(asked.row, deployment, "suspended", f"Suspended on {long_date(at)}.", by, at)
    notices.suspended(deployment, row, at)
    return row


def confirm_stopped(
    *, deployment: Deployment, suspension: Suspension, sites: Collection[str], note: str = "", by: Actor, at: datetime
) -> None:
    """Record that use has stopped at some sites: the digital lead or clinical lead. Raises Forbidden, Refused."""
    db.session.refresh(deployment, with_for_update={"of": Deployment})
    db.session.refresh(suspension)
    own(deployment, by)
    if not by.may(Permission.CONFIRM_STOPPED, deployment_id=deployment.id):
        raise Forbidden("The digital lead or the clinical lead confirms that use has stopped.")
    known = queries.sites(deployment, suspension)
    if set(sites) - {site.name for site in known}:
        raise NotVisible()
    awaited = [site.name for site in known if site.at is None]
    refuse_if(rules.confirm_blockers(is_open=suspension.resumed_at is None, chosen=sites, awaited=awaited))
    for name in sorted(set(sites)):
        db.session.add(
            UseStopped(
                organisation_id=suspension.organisation_id,
                suspension_id=suspension.id,
                site_name=name,
                note=note.strip()[:300],
                confirmed_by=by.person_id,
                confirmed_at=at,
            )
        )
    _note("use.confirmed_stopped", deployment, by, at, sites=sorted(set(sites)), suspension=suspension.id)


def ask_to_suspend(*, seen: Projection, reason: str, by: Actor, at: datetime) -> SuspensionRequest:
    """Ask another organisation to suspend: it decides. Raises Refused."""
    by.must(Permission.ASK_TO_SUSPEND)
    assert by.organisation_id is not None
    one_at_a_time(f"suspension-request:{by.organisation_id}:{seen.deployment_id}")
    deployment, roles = queries.deployment_by_id(seen.deployment_id), _own_roles(by)
    refuse_if(asking_blockers(seen, reason, by))
    row = SuspensionRequest(
        organisation_id=deployment.organisation_id,
        deployment_id=deployment.id,
        asked_by_organisation_id=by.organisation_id,
        asked_by=by.person_id,
        asked_role=(Role.AI_LEAD if Role.AI_LEAD in roles else next(r for r in rules.ASKING[1][1] if r in roles)).value,
        reason=reason.strip(),
        asked_at=at,
        status="open",
    )
    db.session.add(row)
    asking = identity.organisation_name(by.organisation_id)
    _note("suspension.asked", deployment, by, at, asking=asking, role=row.asked_role, reason=row.reason)
    notices.asked(deployment, row, asking, at)
    return row


def asking_blockers(seen: Projection, reason: str, by: Actor) -> list[Blocker]:
    """Why the actor’s organisation may not ask about a deployment of another."""
    assert by.organisation_id is not None
    return rules.ask_blockers(
        standing=seen.standing,
        own=seen.organisation_id in by.scope,
        roles=_own_roles(by),
        is_its_icb=queries.is_icb_of(by.organisation_id, seen.organisation_id, by.on),
        asked_already=queries.open_request_of(by.organisation_id, seen.deployment_id) is not None,
        reason=reason,
    )


def _own_roles(by: Actor) -> set[Role]:
    """Roles held in the own organisation, not lent by another."""
    return {held.role for held in by.current if held.agreement_id is None}


def decline_request(
    *, deployment: Deployment, request: SuspensionRequest, answer: str, by: Actor, at: datetime
) -> None:
    """Say why its use goes on: one of those who could suspend it. Raises Forbidden, Refused."""
    db.session.refresh(request, with_for_update=True)
    own(deployment, by)
    suspending_role(deployment, by, at)
    refuse_if(rules.answer_blockers(status=request.status, answer=answer))
    _answer(request, deployment, "declined", answer, by, at)


def suspending_role(deployment: Deployment, by: Actor, at: datetime) -> Held:
    """The role in which this person suspends: the first that counts here. Raises Forbidden, or Refused where one has expired."""
    found: list[Blocker] = []
    for role in rules.SUSPENDERS:
        held = by.held_for(role, deployment.id)
        if held is None:
            continue
        why = registration_blockers(policy(), role=role, registration=by.registration, on=clock.london_date(at))
        if not why:
            return held
        found += why
    if found:
        raise Refused(found)
    raise Forbidden(_WHO)


def suspending_statement(deployment: Deployment, reason: str, fallback: str) -> str:
    """What the one person puts their name to."""
    what = f"{deployment.tool.name} {deployment.tool_version.version} at {deployment.organisation.name}"
    return (
        f"I suspend the use of {what}, at once. Because: {sentence(reason)}"
        f" Until its use resumes, staff do this instead: {sentence(fallback)}"
    )


def sentence(text: str) -> str:
    """A text that ends as a sentence does."""
    text = text.strip()
    return text if not text or text[-1] in ".!?" else f"{text}."


def own(deployment: Deployment, by: Actor) -> None:
    """Writing is to the own organisation, whatever may be read."""
    if deployment.organisation_id not in by.scope:
        raise NotVisible()
    if deployment.organisation_id != by.organisation_id:
        raise Forbidden("This belongs to an organisation that has ended. It can be read, not changed.")


_WHO = (
    "The clinical safety officer, the clinical lead, the senior responsible owner or the authorising executive suspends a tool."
)


def _digest(deployment: Deployment, said: dict[str, Any]) -> str:
    return canonical.digest({"deployment": deployment.reference, "since": str(deployment.standing_since), **said})


def _answer(
    row: SuspensionRequest, deployment: Deployment, status: str, answer: str, by: Actor, at: datetime
) -> None:
    row.status, row.answer, row.answered_by, row.answered_at = status, answer.strip(), by.person_id, at
    _note("suspension_request.answered", deployment, by, at, request=row.id, status=status, answer=row.answer)
    notices.answered(deployment, row, at)


def _note(kind: str, deployment: Deployment, by: Actor, at: datetime, **said: Any) -> None:
    record(
        kind, stream=register.stream_of(deployment), by=by, at=at, organisation_id=deployment.organisation_id, **said
    )

