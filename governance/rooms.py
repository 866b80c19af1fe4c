"""The rooms in their order: blueprints, commands, and what earlier rooms are handed by later ones."""

import importlib
from importlib.util import find_spec
from types import ModuleType

from flask import Flask

from governance.approval import notices as approval_notices
from governance.approval import outcomes as approval_outcomes
from governance.approval import places as approval_places
from governance.approval import presenters as approval
from governance.approval import projected as of_approval
from governance.approval import slots as approval_slots
from governance.approval.changes import operations as changing
from governance.approval.changes import presenters as changes
from governance.approval.commands import sign_off
from governance.approval.committees import opinions as committees
from governance.approval.interim import places as interim_places
from governance.approval.interim import presenters as interim
from governance.approval.interim import slots as interim_slots
from governance.assessment.evidence import places
from governance.assessment.hazards import matrix
from governance.assessment.hazards import places as hazard_places
from governance.assessment.hazards.starters import library
from governance.assessment.packs import asking, policy_steps, redacted
from governance.assessment.packs import drift_presenters as drift
from governance.assessment.question_sets import loader as question_sets
from governance.assessment.question_sets import overlap_table
from governance.assessment.question_sets.commands import question_sets as question_sets_command
from governance.assessment.safety_cases import panel as safety_cases
from governance.assessment.safety_cases import slots as safety_case_slots
from governance.assessment.sheets import places as sheet_places
from governance.audit import verify
from governance.audit.commands import audit, checkpoint_job
from governance.audit.key_commands import keys
from governance.audit.redactions.commands import redact
from governance.audit.retention import operations as retaining
from governance.audit.retention.commands import retention
from governance.cli import due, lifecycle_diagram
from governance.database import after_commit
from governance.demo.commands import demo
from governance.home import news
from governance.identity import queries as identity
from governance.identity.commands import people
from governance.intake import operations as intake_operations
from governance.intake import projected as of_intake
from governance.intake import queries as intake
from governance.intake.cards.commands import card
from governance.intake.declarations import projected as of_declarations
from governance.intake.declarations import queries as declarations
from governance.jobs import engine, schedule
from governance.jobs.commands import jobs
from governance.monitoring import projected as of_monitoring
from governance.monitoring.commands import spc_command
from governance.monitoring.endings import presenters as endings
from governance.monitoring.endings import projected as of_endings
from governance.monitoring.readings import queries as readings
from governance.monitoring.signals import presenters as signals
from governance.monitoring.suspensions import operations as suspending
from governance.monitoring.suspensions import presenters as suspensions
from governance.notifications import directory, sending
from governance.notifications.commands import notices
from governance.permissions import Permission
from governance.policy import loader as policies
from governance.policy.commands import policy_commands
from governance.register import projections, slots
from governance.reports.presenters import pages as reports
from governance.signing import queries as signing
from governance.web import access, errors, pages, security, templating
from governance.web.pages import NavRule

ROOMS = (
    "audit",
    "audit.retention",
    "jobs",
    "notifications",
    "identity",
    "signing",
    "register",
    "questions",
    "intake",
    "intake.additions",
    "intake.declarations",
    "assessment.evidence",
    "assessment.sheets",
    "assessment.suppliers",
    "assessment.workshops",
    "assessment.hazards",
    "assessment.hazards.exchange",
    "assessment.hazards.starters",
    "assessment.safety_cases",
    "assessment.plans",
    "assessment.packs",
    "approval",
    "approval.interim",
    "approval.changes",
    "approval.committees",
    "monitoring.readings",
    "monitoring.signals",
    "monitoring.suspensions",
    "monitoring.endings",
    "sharing",
    "reports",
    "home",
)

ROUTES = (
    "routes", "condition_routes", "people_routes", "deployment_routes", "figure_routes", "import_routes", "system_routes",
    "public_routes", "partner_routes", "queue_routes", "appointment_routes", "recusal_routes",
    "meeting_routes", "item_routes", "minutes_routes",
)  # fmt: skip
"""Files of a room that hold a blueprint, in the order in which they are registered."""

NAVIGATION = (
    NavRule("Home", "home.home", (Permission.READ_HOME,), ("home",)),
    NavRule("Queue", "queue.queue", (Permission.READ_QUEUE,), ("queue", "appointments")),
    NavRule(
        "Tools",
        "register.tools",
        (Permission.READ_REGISTER,),
        (
            "register", "deployments", "hazards", "exchange", "log_imports", "starters", "workshops", "safety_cases",
            "conditions", "imports", "changes",
        ),
    ),
    NavRule(
        "Submissions",
        "intake.submissions",
        (Permission.READ_SUBMISSION,),
        ("intake", "policy", "packs", "sheets", "suppliers", "plans", "approval", "recusals", "questions"),
    ),
    NavRule("Committees", "committees.committees", (Permission.READ_MEETING,), ("committees", "meetings", "agenda", "minutes")),
    NavRule("System", "system.system", (Permission.READ_SYSTEM,), ("system",)),
    NavRule("Monitoring", "signals.signals", (Permission.READ_REGISTER,), ("signals", "readings", "figures")),
    NavRule("Evidence", "evidence.evidence", (Permission.READ_SHEET,), ("evidence",)),
    NavRule("Reports", "reports.reports", (Permission.READ_DECIDED,), ("reports",)),
    NavRule("London", "sharing.london", (Permission.READ_LONDON,), ("sharing", "partner_reports")),
    NavRule("People", "people.people", (Permission.MANAGE_PEOPLE,), ("people", "notices", "retention")),
)


def check_data_files() -> None:
    """Load every versioned data file, so that a fault stops the start with a sentence."""
    question_sets.all_question_sets()
    overlap_table.table()
    matrix.matrix()
    library.library()
    for version in policies.versions():
        policies.policy(version)


def init_app(app: Flask) -> None:
    """Register everything a request or a command can reach."""
    templating.configure(app)
    security.init_app(app)
    access.init_app(app)
    errors.init_app(app)
    pages.init_app(app, NAVIGATION, identity.organisation_name)
    engine.init_app(app)
    after_commit(engine.hand_over)
    verify.more[:] = [signing.broken_seals, readings.altered]
    projections.projected[:] = [
        each.part for each in (of_intake, of_declarations, of_approval, of_monitoring, of_endings)
    ]
    load("models")
    directory.init(identity.directory())
    sending.init(app)
    for part in ROUTES:
        for routes in load(part):
            app.register_blueprint(routes.bp)
    intake.stated[:] = [declarations.facts]
    places.finders[:] = [
        sheet_places.answers, sheet_places.documents, hazard_places.controls, approval_places.conditions,
        interim_places.declarations,
    ]  # fmt: skip
    places.named[:] = [sheet_places.named]
    for each in (signing, redacted, readings, retaining):
        each.init()
    slots.clear()
    asking.init()
    approval.init()
    policy_steps.init()
    intake_operations.moved[:] = [approval_notices.moved, changing.follow]
    signals.init()
    interim.init()
    changes.init()
    safety_cases.init()
    safety_case_slots.decided[:] = [approval_outcomes.decisions_on]
    interim_slots.suspending[:] = [suspending.begin]
    approval_slots.opinions[:] = [committees.on]
    reports.init()
    news.init()
    suspensions.init()
    endings.init()
    drift.init()
    # what the other rooms tell goes into the digests of the same day
    schedule.init(sorted(load("due"), key=lambda room: room.__name__ == "governance.notifications.due"))
    schedule.hourly("checkpoint", checkpoint_job)
    for command in (
        audit, card, demo, due, jobs, keys, lifecycle_diagram, notices, people, policy_commands, question_sets_command, redact,
        retention, sign_off, spc_command,
    ):  # fmt: skip
        app.cli.add_command(command)


def load(part: str) -> list[ModuleType]:
    """Import one file of every room that has it, in the rooms' order."""
    names = [f"governance.{room}.{part}" for room in ROOMS]
    return [importlib.import_module(name) for name in names if find_spec(name)]
