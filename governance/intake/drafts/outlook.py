"""What proposing a draft will lead to: its tier with every reason, what will be asked, and who must agree."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from governance.identity import queries as identity
from governance.intake import queries, rules
from governance.intake.models import Submission
from governance.lifecycle import Stage, SubmissionKind
from governance.permissions import RoleKind
from governance.policy import rules as policy_rules
from governance.policy.rules import TierResult
from governance.policy.schema import Act, Depth
from governance.register import queries as register
from governance.web.wording import listed

ACTS = {Act.SIGN: "Signs", Act.ADVISE: "Advises", Act.AUTHORISE: "Authorises, last"}


@dataclass(frozen=True, slots=True)
class ToShow:
    """One thing that will be asked."""

    title: str
    how: str
    answered_by: str
    judged_by: str


@dataclass(frozen=True, slots=True)
class ToAgree:
    """One role that will have to agree, and who holds it now."""

    role: str
    does: str
    after: str
    people: str
    nobody: bool


@dataclass(frozen=True, slots=True)
class Outlook:
    """What proposing this will lead to: the tier with its reasons, what is asked, who agrees."""

    tier: TierResult
    asked: tuple[ToShow, ...]
    agree: tuple[ToAgree, ...]
    days: int | None


def outlook(submission: Submission, on: date) -> Outlook | None:
    """What a complete draft will lead to; None while it is not complete."""
    draft = submission.draft
    pages = rules.pages_of(has_deployment=submission.deployment_id is not None)
    facts = rules.facts_of(draft)
    if rules.ordered(pages, draft):
        return None
    london = queries.policy_for(submission.organisation_id, on)
    if policy_rules.triage_blockers(facts, london):
        return None
    held = rules.values(draft, pages[0] if submission.deployment_id else "where")
    stage, kind = Stage(held["stage"]), SubmissionKind(held.get("kind") or "progress")
    tier = policy_rules.tier(facts, london)
    first = queries.first_in_system(organisation_id=submission.organisation_id, on=on, **_kin(submission))
    anew = kind is SubmissionKind.RE_ASSURANCE and queries.shows_anew(submission.deployment, str(held.get("version") or ""))
    since = Stage.PIPELINE if anew else submission.stage_from
    asked = policy_rules.requirements(
        london, facts=facts, tier=tier.tier, stage_asked=stage, stage_from=since, kind=kind
    )
    turns = policy_rules.signers(
        london,
        facts=facts,
        tier=tier.tier,
        stage_asked=stage,
        stage_from=since,
        kind=kind,
        first_of_kind=first,
    )
    return Outlook(
        tier=tier,
        asked=tuple(_to_show(row) for row in asked),
        agree=tuple(_to_agree(turn, submission, on) for turn in turns),
        days=turns[0].expected_working_days if turns else None,
    )


def _kin(submission: Submission) -> dict[str, int | None]:
    if submission.deployment is not None:
        return {"tool_id": submission.deployment.tool_id, "use_case_id": submission.deployment.use_case_id}
    choice = rules.values(submission.draft, "same").get("choice")
    if choice in (None, "", rules.DIFFERS, rules.NO_MATCH):
        return {"tool_id": None, "use_case_id": None}
    tool, use = register.tool(int(choice)), rules.values(submission.draft, "use_case")
    found = register.use_case(
        kind=tool.kind, **{name: str(use.get(name) or "") for name in ("name", "setting", "pathway", "population")}
    )
    return {"tool_id": tool.id, "use_case_id": found.id if found else None}


def _to_show(row: policy_rules.Requirement) -> ToShow:
    how = f"Short: {row.short_says or 'screening part'}" if row.depth is Depth.SHORT else "In full"
    answered = _begun(listed(role.title for role in row.answered_by))
    return ToShow(
        row.title,
        how,
        f"{answered}, from the supplier’s form" if row.from_supplier else answered,
        _begun(listed(role.title for role in row.judged_by)),
    )


def _begun(text: str) -> str:
    return text[:1].upper() + text[1:]


def _to_agree(turn: policy_rules.Turn, submission: Submission, on: date) -> ToAgree:
    people = identity.holders(submission.organisation_id, turn.role, on, deployment_id=submission.deployment_id)
    later = turn.role.kind is RoleKind.PER_DEPLOYMENT and not people
    nobody = "To be appointed for this deployment" if later else "Nobody is appointed. Ask your administrator."
    return ToAgree(
        role=turn.role.heading,
        does=ACTS[turn.act],
        after=f"after the {listed(role.title for role in turn.after)}"
        if turn.after and turn.act is not Act.AUTHORISE
        else "",
        people=listed(person.name for person in people) if people else nobody,
        nobody=not people,
    )
