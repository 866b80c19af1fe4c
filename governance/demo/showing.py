"""Showing what policy asks of a submission: sheets, the files behind them, documents and the monitoring plan."""

from collections.abc import Collection
from typing import Any

import sqlalchemy as sa

from governance import clock
from governance.assessment.evidence import operations as evidence
from governance.assessment.evidence import queries as held
from governance.assessment.evidence import rules as evidence_rules
from governance.assessment.evidence.models import Evidence
from governance.assessment.packs import queries
from governance.assessment.packs.asked import Asked
from governance.assessment.plans import operations as plans
from governance.assessment.plans import queries as plan_queries
from governance.assessment.question_sets import rules, values
from governance.assessment.question_sets.rules import State
from governance.assessment.sheets import carrying, earlier, offers, taking
from governance.assessment.sheets import operations as sheets
from governance.assessment.sheets import queries as sheet_queries
from governance.assessment.sheets.models import AnswerSheet
from governance.assessment.sheets.queries import SheetView
from governance.assessment.sheets.rules import Given
from governance.assessment.sheets.version_rules import NEW
from governance.clock import add_months, london_date
from governance.database import db, transaction
from governance.demo import answering, cast, content, safety
from governance.extensions import house
from governance.intake.models import Submission
from governance.permissions import Actor, Role
from governance.policy.rules import Requirement
from governance.policy.schema import Depth, Form
from governance.register.models import Deployment, ToolVersion

Story = dict[str, Any]

TAKEN = {"dpia-1": ("DP4.6", "DP4.7"), "cyber-1": ("CY7.7",), "nice-esf-2022": ("N5", "N10"), "ethics-1": ("ET2",)}
"""Answers that people take over from another sheet instead of writing them again."""


def show(story: Story, submission: Submission, where: str, *, without: Collection[str] = ()) -> None:
    """Meet every row of policy that is not met yet, and say anew what the story says otherwise by now."""
    with transaction():
        asked = queries.position(submission).asked
        lead = cast.actor(Role.DIGITAL_LEAD, where)
        for code, requirement in asked.sheets.items():
            row = requirement.question_set if requirement else "tool"
            voluntary = requirement is not None and requirement.voluntary
            if row not in without and (not voluntary or row in story.get("voluntary", ())):
                _answer(story, submission, code, requirement, asked, lead)
        for requirement in asked.requirements:
            if requirement.question_set not in without:
                _meet(story, submission, requirement, asked, where, lead)


def _answer(
    story: Story, submission: Submission, code: str, requirement: Requirement | None, asked: Asked, by: Actor
) -> None:
    at, facts = clock.now(), asked.route_facts(requirement)
    sheet = sheets.open_sheet(submission=submission, question_set=code, by=by, at=at)
    view = sheet_queries.view(submission, code, facts)
    if view.unconfirmed:
        sheets.confirm(sheet=sheet, code="", by=by, at=at)
        view = sheet_queries.view(submission, code, facts)
    view = _taken_over(submission, _carried(submission, view, by), by)
    given = waiting(story, view)
    if given:
        sheets.answer_all(sheet=sheet, given=given, by=by, at=at)
        view = sheet_queries.view(submission, code, facts)
    _support(story, sheet, view, by)


def _carried(submission: Submission, view: SheetView, by: Actor) -> SheetView:
    """What was said of the version before, read again and still true of this one."""
    found = earlier.from_before(submission, view)
    seen = {code: each.row.revision for code, each in found.offers.items() if each.standing == NEW} if found else {}
    if not seen:
        return view
    code = view.question_set.code
    carrying.carry_over(submission=submission, question_set=code, seen=seen, looked=True, by=by, at=clock.now())
    return sheet_queries.view(submission, code, view.facts)


def _taken_over(submission: Submission, view: SheetView, by: Actor) -> SheetView:
    code = view.question_set.code
    if code not in TAKEN:
        return view
    found = [
        each.code
        for each in offers.offered(submission, view).values()
        if each.code in TAKEN[code] and each.standing == offers.NEW and each.answer is not None
    ]
    for each in found:
        taking.take_over(submission=submission, question_set=code, code=each, by=by, at=clock.now())
    return sheet_queries.view(submission, code, view.facts) if found else view


def waiting(story: Story, view: SheetView) -> list[Given]:
    """What the story says to every question that is asked and not answered, or that it says something else to by now."""
    published, on = view.question_set, london_date(clock.now())
    said, given = dict(view.values), dict[str, Given]()
    for code in story.get("answers", {}).get(published.code, {}):
        now = answering.answer(published.code, published.by_code[code], story, on)
        if code in said and now is not None and now != said[code]:
            said[code], given[code] = now, Given(code, now, view.answers[code].revision)
    open_left: set[str] = set()
    while True:
        states = rules.state_of(published, said, view.facts)
        found = [
            each
            for each in published.questions
            if states[each.code].state is State.UNANSWERED and each.code not in {*given, *open_left}
        ]
        if not found:
            return list(given.values())
        for each in found:
            answer = answering.answer(published.code, each, story, on)
            if answer is None:
                open_left.add(each.code)
                continue
            own = view.answers.get(each.code)
            said[each.code], given[each.code] = answer, Given(each.code, answer, own.revision if own is not None else 0)


def _support(story: Story, sheet: AnswerSheet, view: SheetView, by: Actor) -> None:
    """Put the files behind the answers that ask for them."""
    code, at = view.question_set.code, clock.now()
    wanted = [
        (question.code, name)
        for question in view.question_set.questions
        if view.states[question.code].done and values.wants_evidence(question, view.values[question.code])
        for name in answering.behind(code, question.code)
    ]
    for question, name in wanted + answering.besides(code):
        item = piece(story, name, sheet, by)
        sheets.support(sheet=sheet, code=question, evidence=item, by=by, at=at)


def piece(story: Story, name: str, sheet: AnswerSheet, by: Actor) -> Evidence:
    """One file by its short name: the newest that this organisation holds, renewed where it has ended, or a new one."""
    said, on = answering.pieces()[name], london_date(clock.now())
    version_id = sheet.tool_version_id or db.session.get_one(Deployment, sheet.deployment_id or 0).tool_version_id
    kind = said.get("kind", evidence_rules.OTHER)
    query = sa.select(Evidence).where(Evidence.organisation_id == by.organisation_id, Evidence.title == said["title"])
    if kind in evidence_rules.RETURNS:
        query = query.where(Evidence.supplier_id == held.only_supplier(version_id, by.organisation_id or 0))
    elif "lasts" in said:  # what ends is renewed, whichever version of the tool it began with
        tool_id = db.session.get_one(ToolVersion, version_id).tool_id
        query = query.where(Evidence.tool_version_id.in_(sa.select(ToolVersion.id).where(ToolVersion.tool_id == tool_id)))
    else:
        query = query.where(Evidence.tool_version_id == version_id)
    there = db.session.scalars(query.order_by(Evidence.id.desc()).limit(1)).first()
    if there is None:
        return evidence.attach(**described(story, name, version_id), by=by, at=clock.now())
    if evidence_rules.is_expired(there.expires_on, on):
        return evidence.renew(evidence=there, **described(story, name, version_id), by=by, at=clock.now())
    if there.supplier_id is None and there.tool_version_id != version_id:
        return evidence.cover(evidence=there, tool_version_id=version_id, by=by, at=clock.now())
    return there


def described(story: Story, name: str, version_id: int | None) -> dict[str, Any]:
    """What is said of a file, with its bytes put into storage, as `evidence.attach` takes it."""
    said = answering.pieces()[name]
    issued, ends = answering.dates(name, story, london_date(clock.now()))
    maker = story["tool"]["manufacturer"]
    upload = content.paper(said["title"], "The organisation" if said.get("ours") else maker)
    house().storage.put_content(upload.data)
    return {
        "title": said["title"],
        "kind": said.get("kind", evidence_rules.OTHER),
        "standard": said.get("standard", ""),
        "standard_version": said.get("version", ""),
        "issuer": "" if said.get("ours") else f"{maker} (invented)",
        "issued_on": issued,
        "expires_on": ends,
        "tool_version_id": version_id,
        "shareable": not said.get("ours"),
        "upload": upload,
    }


def _meet(
    story: Story, submission: Submission, requirement: Requirement, asked: Asked, where: str, lead: Actor
) -> None:
    row, at, deployment = requirement.question_set, clock.now(), asked.deployment
    if requirement.form is Form.DOCUMENT:
        _document(story, submission, requirement, lead)
    elif row == "risk_plan":
        safety.plan(story, deployment, where)
    elif row == "hazard_log":
        safety.log(story, deployment, asked.submission.kind, where)
    elif row == "monitoring_plan":
        _monitoring(story, deployment, requirement, lead)
    elif row == "not_safety_related" and plan_queries.safety_decision(deployment) is None:
        plans.decide_safety(
            deployment=deployment,
            safety_related=False,
            reason=content.NOT_SAFETY.format(**answering.words(story, london_date(at))),
            direct_care=False,
            expected_revision=None,
            by=cast.actor(Role.CSO, where),
            at=at,
        )


def _document(story: Story, submission: Submission, requirement: Requirement, lead: Actor) -> None:
    if sheet_queries.document_for(submission, requirement.question_set) is not None:
        return
    at = clock.now()
    on, maker = london_date(at), story["tool"]["manufacturer"]
    upload = content.paper(requirement.title, maker)
    house().storage.put_content(upload.data)
    dates = {"issued_on": add_months(on, -1), "expires_on": add_months(on, story.get("lasts", 11))}
    item = evidence.attach(title=requirement.title, kind="other", upload=upload, **dates, by=lead, at=at)
    sheets.add_document(
        submission=submission,
        requirement=requirement,
        title=requirement.title,
        version_label="1.0",
        dated_on=dates["issued_on"],
        review_due_on=dates["expires_on"],
        evidence=item,
        facts=content.FACTS[requirement.question_set],
        by=lead,
        at=at,
    )


def _monitoring(story: Story, deployment: Deployment, requirement: Requirement, lead: Actor) -> None:
    at = clock.now()
    newest = plan_queries.monitoring_plan(deployment)
    if newest is not None and newest.depth is Depth.FULL:
        return
    watch = story["watch"] | {"ends_on": add_months(london_date(at), 5).isoformat()}
    if not requirement.short_says:
        watch = content.FULL_WATCH | watch
    plans.write_monitoring_plan(
        deployment=deployment, content=watch, depth=requirement.depth, expected_revision=None, by=lead, at=at
    )
