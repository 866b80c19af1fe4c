"""Walking one submission along the line with real operations. Each step opens its own transaction, as a request does."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from governance import clock
from governance.approval import operations as approval
from governance.approval import queries as agreement
from governance.approval.rules import NewCondition
from governance.assessment.evidence import operations as evidence
from governance.assessment.evidence.models import Evidence
from governance.assessment.hazards import operations as hazards
from governance.assessment.hazards import queries as log
from governance.assessment.hazards import versions
from governance.assessment.packs import operations as packs
from governance.assessment.packs import queries
from governance.assessment.packs.asked import Asked
from governance.assessment.plans import operations as plans
from governance.assessment.plans import queries as plan_queries
from governance.assessment.question_sets import values
from governance.assessment.question_sets.rules import State
from governance.assessment.question_sets.schema import Question
from governance.assessment.sheets import operations as sheets
from governance.assessment.sheets import queries as sheet_queries
from governance.assessment.sheets.rules import Given
from governance.database import transaction
from governance.demo import cast, content
from governance.extensions import house
from governance.identity import queries as identity
from governance.intake import operations as intake
from governance.intake import queries as intake_queries
from governance.intake import rules as intake_rules
from governance.intake.models import Submission
from governance.lifecycle import Stage, SubmissionKind
from governance.permissions import Actor, Role
from governance.policy.rules import Requirement
from governance.policy.schema import Act, Depth, Form
from governance.register.models import Deployment

MATRIX = "dcb0129-ig-3.2"
Story = dict[str, Any]


def draft(story: Story, where: str, *, stage: Stage = Stage.PILOT, deployment: Deployment | None = None) -> Submission:
    """A draft with every page filled."""
    at = clock.now()
    with transaction():
        by = cast.actor(Role.DIGITAL_LEAD, where)
        submission = intake.start(by=by, at=at, deployment=deployment)
        for page, filled in _pages(story, by, stage, deployment).items():
            intake.save_draft(
                submission=submission, page=page, values=filled, version_id=submission.version_id, by=by, at=at
            )
    return submission


def _pages(story: Story, by: Actor, stage: Stage, deployment: Deployment | None) -> dict[str, Any]:
    tool, facts = story["tool"], story["facts"]
    alike = sorted(intake_queries.alike(tool)) if deployment is None else []
    where = {
        "site_ids": [site.id for site in identity.sites_of(by)][:3],
        "new_site": "",
        "controller_id": by.organisation_id,
        "stage": stage.value,
    }
    pages: dict[str, Any] = {
        "tool": tool,
        "same": {
            "choice": str(alike[0]) if alike else intake_rules.NO_MATCH,
            "shown": alike,
            "why": "",
        },
        "use_case": story["use_case"],
        "where": where,
        "ask": {"kind": SubmissionKind.PROGRESS.value, "stage": stage.value, "version": tool["version"], "reason": ""},
        "triage": facts if deployment is not None else {name: facts[name] for name in facts if name != "kind"},
    }
    kept = intake_rules.pages_of(has_deployment=deployment is not None)
    return {name: filled for name, filled in pages.items() if name in kept}


def ask(
    story: Story, where: str, deployment: Deployment, kind: SubmissionKind, *, version: str = "", reason: str = ""
) -> Submission:
    """Propose the next request about a deployment at its stage: to assure it again, extend its pilot, or let it cease."""
    with transaction():
        by, at = cast.actor(Role.DIGITAL_LEAD, where), clock.now()
        submission = intake.start(by=by, at=at, deployment=deployment)
        asked = {
            "kind": kind.value,
            "stage": deployment.stage.value,
            "version": version or deployment.tool_version.version,
            "reason": reason,
        }
        for page, filled in (("ask", asked), ("triage", story["facts"])):
            intake.save_draft(
                submission=submission, page=page, values=filled, version_id=submission.version_id, by=by, at=at
            )
        intake.propose(submission=submission, by=by, at=at)
    return submission


def propose(submission: Submission, where: str) -> Submission:
    """Propose a draft, and appoint who answers for the deployment."""
    with transaction():
        intake.propose(submission=submission, by=cast.actor(Role.DIGITAL_LEAD, where), at=clock.now())
    return submission


def opened(story: Story, where: str, **asked: Any) -> Submission:
    """Draft, propose and appoint."""
    submission = propose(draft(story, where, **asked), where)
    if asked.get("deployment") is None:
        with transaction():
            assert submission.deployment is not None
            cast.appoint_for(submission.deployment.id, where, clock.now())
    return submission


def show(story: Story, submission: Submission, where: str, *, without: tuple[str, ...] = ()) -> None:
    """Meet every row of policy that is not met yet."""
    with transaction():
        asked = queries.position(submission).asked
        lead = cast.actor(Role.DIGITAL_LEAD, where)
        for code, requirement in asked.sheets.items():
            if (requirement.question_set if requirement else "tool") not in without:
                _answer(story, submission, code, requirement, asked, lead)
        for requirement in asked.requirements:
            if requirement.question_set not in without:
                _meet(story, submission, requirement, asked, where, lead)


def _answer(
    story: Story, submission: Submission, code: str, requirement: Requirement | None, asked: Asked, by: Actor
) -> None:
    at, facts = clock.now(), asked.route_facts(requirement)
    sheet = sheets.open_sheet(submission=submission, question_set=code, by=by, at=at)
    if sheet_queries.view(submission, code, facts).unconfirmed:
        sheets.confirm(sheet=sheet, code="", by=by, at=at)
    fresh = False
    while waiting := _waiting(view := sheet_queries.view(submission, code, facts)):
        fresh = True
        given = [Given(each.code, content.answer(each, story)) for each in waiting]
        sheets.answer_all(sheet=sheet, given=given, by=by, at=at)
    if not fresh:
        return
    item = _evidence(story, "Supplier evidence file", by)
    for question in view.question_set.questions:
        if view.states[question.code].done and values.wants_evidence(question, view.values[question.code]):
            sheets.support(sheet=sheet, code=question.code, evidence=item, by=by, at=at)


def _waiting(view: sheet_queries.SheetView) -> list[Question]:
    questions = view.question_set.questions
    return [each for each in questions if view.states[each.code].state is State.UNANSWERED]


def _evidence(story: Story, title: str, by: Actor, **said: Any) -> Evidence:
    maker = story["tool"]["manufacturer"]
    at = clock.now()
    kept: dict[str, Any] = {
        "kind": "other",
        "issuer": f"{maker} (invented)",
        "issued_on": clock.add_months(clock.london_date(at), -2),
        "expires_on": clock.add_months(clock.london_date(at), story.get("lasts", 11)),
    } | said
    return evidence.attach(title=title, upload=content.paper(title, maker), by=by, at=at, **kept)


def _meet(
    story: Story, submission: Submission, requirement: Requirement, asked: Asked, where: str, lead: Actor
) -> None:
    row, at, deployment = requirement.question_set, clock.now(), asked.deployment
    cso = cast.actor(Role.CSO, where)
    if requirement.form is Form.DOCUMENT:
        if sheet_queries.document_for(submission, row) is None:
            sheets.add_document(
                submission=submission,
                requirement=requirement,
                title=requirement.title,
                version_label="1.0",
                dated_on=clock.add_months(clock.london_date(at), -1),
                review_due_on=clock.add_months(clock.london_date(at), story.get("lasts", 11)),
                evidence=_evidence(story, requirement.title, lead),
                facts=content.facts(row, clock.london_date(at)),
                by=lead,
                at=at,
            )
    elif row == "risk_plan":
        _plan(story, deployment, cso)
    elif row == "hazard_log":
        _hazards(story, deployment, lead, cso)
    elif row == "monitoring_plan":
        _monitoring(story, deployment, requirement, lead)
    elif row == "not_safety_related" and plan_queries.safety_decision(deployment) is None:
        plans.decide_safety(
            deployment=deployment,
            safety_related=False,
            reason="It plans work. No output reaches anyone who gives or decides about care.",
            direct_care=False,
            expected_revision=None,
            by=cso,
            at=at,
        )


def _plan(story: Story, deployment: Deployment, cso: Actor) -> None:
    at = clock.now()
    if plan_queries.risk_plan_approved(deployment) is not None:
        return
    texts = {name: text.format(**content.words(story)) for name, text in content.PLAN.items()}
    texts["review_on"] = clock.add_months(clock.london_date(at), 12).isoformat()
    plan = plans.write_risk_plan(
        deployment=deployment, content=texts, matrix_version=MATRIX, expected_revision=None, by=cso, at=at
    )
    intent = plans.intend_plan_approval(deployment=deployment, plan=plan, by=cso, at=at)
    plans.approve_risk_plan(deployment=deployment, plan=plan, intent=intent, keyring=house().keyring, by=cso, at=at)


def _monitoring(story: Story, deployment: Deployment, requirement: Requirement, lead: Actor) -> None:
    at = clock.now()
    newest = plan_queries.monitoring_plan(deployment)
    if newest is not None and newest.depth is Depth.FULL:
        return
    watch = story["watch"] | {"ends_on": clock.add_months(clock.london_date(at), 5).isoformat()}
    if not requirement.short_says:
        watch = content.FULL_WATCH | watch
    plans.write_monitoring_plan(
        deployment=deployment, content=watch, depth=requirement.depth, expected_revision=None, by=lead, at=at
    )


def _hazards(story: Story, deployment: Deployment, lead: Actor, cso: Actor) -> None:
    at = clock.now()
    known = {each.name for each in log.hazards(deployment)}
    for each in story["hazards"]:
        if each["name"] not in known:
            _hazard(each, deployment, lead)
    approved = log.approved_version(deployment)
    if approved is not None and approved.digest == log.log_digest(log.log_content(deployment)):
        return
    version = versions.make_version(deployment=deployment, by=lead, at=at)
    intent = versions.intend_approval(deployment=deployment, version=version, by=cso, at=at)
    versions.approve_version(
        deployment=deployment, version=version, intent=intent, keyring=house().keyring, by=cso, at=at
    )


def _hazard(each: dict[str, Any], deployment: Deployment, by: Actor) -> None:
    at = clock.now()
    hazard = hazards.add_hazard(
        deployment=deployment,
        name=each["name"],
        causes=each["causes"],
        impact=each["impact"],
        owner="Clinical lead",
        by=by,
        at=at,
    )
    for which in ("initial", "residual"):
        if which == "residual":
            hazards.add_control(
                hazard=hazard,
                kind=each["kind"],
                description=each["control"],
                implementation="Seen in use at the test site",
                effectiveness="Checked in the workshop; figures follow from the pilot",
                version_id=None,
                by=by,
                at=at,
            )
        severity, likelihood = each[which]
        hazards.score(
            hazard=hazard,
            which=which,
            severity=severity,
            likelihood=likelihood,
            patients=each["patients"],
            version_id=None,
            by=by,
            at=at,
        )
    if "acceptance" in each:
        hazards.accept(
            hazard=hazard, acceptance=each["acceptance"], reason=each["reason"], version_id=None, by=by, at=at
        )


def judge(submission: Submission, where: str) -> None:
    """Every section judged met by whom policy names; what was judged before and did not change stays."""
    with transaction():
        position = queries.position(submission)
        given = {each.code for each in position.sections if each.outcome}
        for section in position.asked.sections:
            if section.judged_by and section.code not in given:
                packs.judge(
                    submission=submission,
                    section=section.code,
                    outcome="met",
                    reason="Read against the criterion and the evidence.",
                    by=cast.actor(section.judged_by, where),
                    at=clock.now(),
                )


def submit(submission: Submission, where: str) -> None:
    """Freeze the pack."""
    with transaction():
        packs.submit(submission=submission, by=cast.actor(Role.DIGITAL_LEAD, where), at=clock.now())


def roles_of(submission: Submission) -> list[Role]:
    """Everybody who must agree, in policy's order."""
    here = agreement.position(submission, clock.today())
    assert here is not None
    return [turn.role for turn in here.turns]


ADVICE = {Role.DPO: "content", Role.AI_LEAD: "advises_progress"}
YES = {Act.SIGN: "approve", Act.AUTHORISE: "authorise"}


def act(
    submission: Submission,
    where: str,
    role: Role,
    *,
    outcome: str = "",
    reason: str = "",
    conditions: Sequence[NewCondition] = (),
    until: date | None = None,
) -> None:
    """Sign, advise or authorise in a role: read what is new, fix what is signed, seal it."""
    at = clock.now()
    with transaction():
        by = cast.actor(role, where)
        here = agreement.position(submission, clock.london_date(at))
        assert here is not None
        given = outcome or ADVICE.get(role) or YES[here.line(role).turn.act]
        given += "_with_conditions" if conditions and not outcome else ""
        for code in agreement.unread(here, role, by.person_id):
            approval.read_section(submission=submission, code=code, by=by, at=at)
        intent = approval.intend(
            submission=submission,
            role=role,
            outcome=given,
            reason=reason,
            conditions=conditions,
            until=until,
            confirms_unchanged=True,
            by=by,
            at=at,
        )
        approval.carry_out(submission=submission, intent=intent, keyring=house().keyring, by=by, at=at)
