"""Recommending and deciding in two steps, and keeping an approval that was not made here."""

from __future__ import annotations

from datetime import date, datetime

from governance import canonical, clock
from governance.approval.interim import notices, queries, rules, slots
from governance.approval.interim.models import InterimDecision
from governance.approval.interim.queries import SUBJECT
from governance.approval.interim.rules import Said
from governance.assessment.evidence import operations as evidence
from governance.assessment.evidence.models import Evidence
from governance.audit.record import record
from governance.database import db
from governance.errors import Blocker, NotVisible, Refused, refuse_if
from governance.intake.declarations import queries as declarations
from governance.intake.declarations.models import Declaration
from governance.keys import Keyring
from governance.permissions import Actor, Held, Permission, Role
from governance.policy import Tier, policy
from governance.policy import rules as policy_rules
from governance.register import operations as register
from governance.register.models import Deployment
from governance.signing import operations as signing
from governance.signing.models import SignIntent, SignOff
from governance.web.wording import long_date

EARLIER = "earlier_approval"


def intend(*, deployment: Deployment, role: Role, said: Said, by: Actor, at: datetime) -> SignIntent:
    """First step: check everything and fix what is signed. The safety officer recommends, then the executive decides.

    Raises Refused with every reason, NotVisible for what is not the actor's own or was never declared.
    """
    row = _own(deployment, by)
    _check(row, deployment, role, said, by, at)
    signed = queries.sign_offs(row)
    return signing.intend(
        subject_kind=SUBJECT,
        subject_id=row.id,
        act="sign" if role is Role.CSO else "authorise",
        digest=row.digest,
        section_digests=_sections(row),
        role=role,
        outcome=said.outcome,
        statement=statement(row, deployment, role, said),
        details={
            "reason": said.reason.strip(),
            "restriction": said.restriction.strip() if said.outcome == "restrict" else "",
            "fallback": said.fallback.strip() if said.outcome == "stop" else "",
            "submission_due_on": due.isoformat() if (due := _day_set(role, said)) else "",
            "agreed": [f"{each.role.value}:{each.outcome}:{each.check_code}" for each in signed.values()],
        },
        organisation_id=deployment.organisation_id,
        by=by,
        at=at,
    )  # fmt: skip


def carry_out(*, deployment: Deployment, intent: SignIntent, keyring: Keyring, by: Actor, at: datetime) -> SignOff:
    """Second step, after the credential: check again, seal, and let a decision take its effect.

    Raises Refused where somebody else was first or evidence was attached meanwhile.
    """
    db.session.refresh(deployment, with_for_update={"of": Deployment})  # joined rows of others are not locked
    row = _own(deployment, by)
    if (intent.subject_kind, intent.subject_id) != (SUBJECT, row.id):
        raise NotVisible()
    said = said_in(intent)
    held = _check(row, deployment, intent.role, said, by, at)
    if intent.section_digests != _sections(row):
        raise Refused.because("An earlier approval was attached meanwhile. Read it, then start once more.", code="changed")
    sealed = signing.seal(intent=intent, held=held, deployment_id=deployment.id, keyring=keyring, by=by, at=at)
    if intent.role is Role.CSO:
        notices.recommended(deployment, said.outcome, row.interim_due_on, at)
    else:
        _decide(row, deployment, sealed, said, by, at)
    return sealed


def _decide(row: Declaration, deployment: Deployment, sealed: SignOff, said: Said, by: Actor, at: datetime) -> None:
    """The decision, with what follows: a day for the re-assurance, or suspension at once."""
    due = _day_set(Role.AUTHORISING_EXECUTIVE, said)
    decision = InterimDecision(
        organisation_id=deployment.organisation_id,
        deployment_id=deployment.id,
        declaration_id=row.id,
        sign_off_id=sealed.id,
        outcome=said.outcome,
        text=" ".join(each.strip() for each in (said.restriction, said.reason) if each.strip()),
        submission_due_on=due,
        decided_by=by.name,
        decided_at=at,
    )
    db.session.add(decision)
    db.session.flush()
    if said.outcome == "stop":
        slots.suspend(
            deployment=deployment, reason=said.reason, fallback=said.fallback, digest=sealed.digest, role=sealed.role,
            by=by, at=at,
        )  # fmt: skip
    register.note_decision_due(deployment=deployment, on=due, at=at)
    record(
        "declaration.decided", stream=f"deployment:{deployment.id}", by=by, at=at,
        organisation_id=deployment.organisation_id, reference=deployment.reference, outcome=decision.outcome,
        text=decision.text, fallback=said.fallback if said.outcome == "stop" else "",
        submission_due_on=due, check_code=sealed.check_code,
    )  # fmt: skip
    notices.decided(deployment, decision, at)


def said_in(given: SignIntent | SignOff) -> Said:
    """What somebody said in an intent or a sealed row."""
    details = given.details
    due = str(details.get("submission_due_on") or "")
    return Said(
        outcome=given.outcome,
        reason=details["reason"],
        restriction=details["restriction"],
        fallback=details["fallback"],
        submission_due_on=date.fromisoformat(due) if due else None,
    )


def latest_submission(at: datetime) -> date:
    """The last day that an interim decision may set for the re-assurance. Nobody knows its tier yet: the strictest counts."""
    return clock.add_months(clock.london_date(at), policy().time("declared_months", Tier.HIGH) or 3)


def act_blockers(row: Declaration, deployment: Deployment, role: Role, by: Actor, at: datetime) -> list[Blocker]:
    """Every reason why this person may not act in this role now, whatever they would say."""
    on, held = clock.london_date(at), by.held_for(role, deployment.id)
    position = queries.position(row, deployment)
    found = rules.acting_blockers(position, role=role, person_id=by.person_id, holds=held is not None)
    if held is not None and not found:
        found += policy_rules.registration_blockers(policy(), role=role, registration=by.registration, on=on)
    return found


def attach_earlier_approval(
    *,
    deployment: Deployment,
    title: str,
    upload: evidence.StoredFile,
    by: Actor,
    at: datetime,
    issuer: str = "",
    issued_on: date | None = None,
) -> Evidence:
    """Keep a paper approval as evidence that was not made here. It assures nothing. Raises Refused, NotVisible."""
    row = _own(deployment, by)
    by.must(Permission.ATTACH)
    if not title.strip():
        raise Refused.because("Say what was approved.", code="title")
    item = evidence.attach(
        title=title.strip(), kind=EARLIER, upload=upload, issuer=issuer.strip(), issued_on=issued_on, by=by, at=at
    )
    evidence.use(evidence=item, subject_kind=SUBJECT, subject_id=row.id, by=by, at=at)
    record(
        "declaration.earlier_approval_attached", stream=f"deployment:{deployment.id}", by=by, at=at,
        organisation_id=deployment.organisation_id, evidence=item.id, sha256=item.sha256,
    )  # fmt: skip
    return item


def statement(row: Declaration, deployment: Deployment, role: Role, said: Said) -> str:
    """What somebody puts their name to."""
    what = (
        f"{deployment.tool.name} {deployment.tool_version.version} at {deployment.organisation.name}, declared at"
        f" {row.stage.label}, in use since “{row.in_use_since}” as stated"
    )
    how = {
        "continue": "may go on until it is assured",
        "restrict": f"may go on until it is assured, restricted so: {said.restriction.strip()}",
        "stop": f"stops now. Staff do this instead: {said.fallback.strip()}",
    }[said.outcome].rstrip(".")
    if role is Role.CSO:
        return f"I have read what was declared of {what}. It has not been assured here. I recommend that its use {how}."
    by_when = f" Its re-assurance is submitted by {long_date(due)}." if (due := _day_set(role, said)) else ""
    return (
        f"I have read what was declared of {what}, and what the clinical safety officer recommends. I decide that its use"
        f" {how}.{by_when} This does not assure it."
    )


def _own(deployment: Deployment, by: Actor) -> Declaration:
    if deployment.organisation_id != by.organisation_id:
        raise NotVisible()
    return declarations.own(deployment)


def _check(row: Declaration, deployment: Deployment, role: Role, said: Said, by: Actor, at: datetime) -> Held:
    """Everything that stands against this act; gives the holding by which the person acts."""
    found = act_blockers(row, deployment, role, by, at)
    on, held = clock.london_date(at), by.held_for(role, deployment.id)
    if held is not None and not found:
        found += rules.said_blockers(said, role=role, on=on, latest=latest_submission(at))
        if said.outcome in ("continue", "restrict"):  # whoever stops a tool needs no limit
            tier = Tier(deployment.tier) if deployment.tier else rules.least_tier(declarations.facts(deployment), policy())
            found += policy_rules.authority_blockers(held, tier=tier, stage=row.stage, on=on)
    refuse_if(found)
    assert held is not None
    return held


def _sections(row: Declaration) -> dict[str, str]:
    """What is signed, part by part: the declaration, and each earlier approval by its file."""
    shown = sorted(item.sha256 or item.url or "" for item in queries.earlier_approvals(row))
    return {"declaration": row.digest, "earlier_approvals": canonical.digest(shown)}


def _day_set(role: Role, said: Said) -> date | None:
    """The day for the re-assurance, which the executive alone sets, and not for what stops."""
    return said.submission_due_on if role is Role.AUTHORISING_EXECUTIVE and said.outcome != "stop" else None
