"""What is done about a tool in use, step by step, with real operations. Each step opens its own transaction."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from governance import clock
from governance.approval.interim import operations as interim
from governance.approval.interim.rules import Said
from governance.assessment.packs import queries as packs
from governance.assessment.plans import queries as plans
from governance.clock import add_months
from governance.database import db, transaction
from governance.demo import cast
from governance.extensions import house
from governance.identity import queries as identity
from governance.intake.declarations import operations as declarations
from governance.intake.models import Submission
from governance.monitoring.readings import operations as readings
from governance.monitoring.readings import queries as figures
from governance.monitoring.readings.operations import Setting
from governance.monitoring.readings.rules import Entry
from governance.monitoring.signals import operations as signals
from governance.monitoring.signals import queries as seen
from governance.monitoring.signals.models import Signal
from governance.monitoring.suspensions import operations as suspensions
from governance.monitoring.suspensions import queries as suspended
from governance.permissions import Role
from governance.questions import operations as questions
from governance.questions import subjects
from governance.questions.models import Question
from governance.register.models import Deployment

Story = Mapping[str, Any]


def declare(story: Story, where: str, *, sites: int = 1) -> Deployment:
    """Enter a tool in use at the first so many sites, and appoint who answers for it."""
    with transaction():
        by, at = cast.actor(Role.DIGITAL_LEAD, where), clock.now()
        ids = [site.id for site in identity.sites_of(by)][:sites]
        row = declarations.declare(**story["declared"], site_ids=ids, by=by, at=at)
        cast.appoint_for(row.deployment_id, where, at)
    return db.session.get_one(Deployment, row.deployment_id)


def decide(deployment: Deployment, role: Role, outcome: str, reason: str, *, restriction: str = "", months: int = 0) -> None:
    """The safety officer recommends, or the executive decides: the re-assurance is asked for within so many months."""
    where = deployment.organisation.code
    with transaction():
        by, at = cast.actor(role, where), clock.now()
        due = add_months(clock.london_date(at), months) if months else None
        said = Said(outcome, reason, restriction=restriction, submission_due_on=due)
        intent = interim.intend(deployment=deployment, role=role, said=said, by=by, at=at)
        interim.carry_out(deployment=deployment, intent=intent, keyring=house().keyring, by=by, at=at)


def measure(deployment: Deployment, settings: Sequence[Mapping[str, Any]], first: date) -> None:
    """Begin to measure, from a month on: what the monitoring plan names where it names something, else what is set here."""
    plan = plans.monitoring_plan(deployment)
    named = (plan.content.get("indicators") or []) if plan is not None else []
    with transaction():
        by, at = cast.actor(Role.DIGITAL_LEAD, deployment.organisation.code), clock.now()
        if plan is not None and named:
            texts = ("name", "source", "direction", "owner")
            both = zip(named, settings, strict=True)
            given = [
                _setting({name: row[name] for name in texts} | dict(some), first, plan.revision) for row, some in both
            ]
            readings.take_from_plan(deployment=deployment, settings=given, by=by, at=at)
            return
        for some in settings:
            readings.add_indicator(deployment=deployment, setting=_setting(some, first, None), by=by, at=at)


def _setting(said: Mapping[str, Any], first: date, revision: int | None) -> Setting:
    bounds: dict[str, Any] = {name: Decimal(said[name]) for name in ("target", "limit_low", "limit_high") if name in said}
    kept: dict[str, Any] = {name: said[name] for name in ("name", "source", "direction", "unit", "owner", "owner_role")}
    target = f"{said['target']}{'' if said['unit'] == '%' else ' '}{said['unit']}"
    return Setting(
        **kept, **bounds, frequency="monthly", first_period_on=first, target_text=target, plan_revision=revision
    )


def enter(
    deployment: Deployment, settings: Sequence[Mapping[str, Any]], numbers: Collection[int], first: date, *, filed: str = ""
) -> None:
    """Enter the figures of some months, counted from the first as 0; brought in from a file where `filed` names it."""
    given = [
        Entry(number, add_months(first, n), Decimal(str(each["values"][n])))
        for n in numbers
        for number, each in enumerate(settings, 1)
    ]
    with transaction():
        by = cast.actor(Role.DIGITAL_LEAD, deployment.organisation.code)
        source = "csv" if filed else "form"
        readings.enter(deployment=deployment, entries=given, source=source, filename=filed, by=by, at=clock.now())


def begin_anew(deployment: Deployment, number: int, period: date, reason: str) -> None:
    """New limits of an indicator from a month on, as the safety officer decides."""
    with transaction():
        by = cast.actor(Role.CSO, deployment.organisation.code)
        readings.rebase(indicator=figures.indicator(deployment, number), period_on=period, reason=reason, by=by, at=clock.now())


def open_signal(deployment: Deployment) -> Signal:
    """The worst signal that nobody has closed, the newest first."""
    return seen.of_deployment(deployment)[0]


def take_up(signal: Signal, role: Role, text: str) -> None:
    """Say that somebody looks into it."""
    deployment = db.session.get_one(Deployment, signal.deployment_id)
    with transaction():
        by = cast.actor(role, deployment.organisation.code)
        signals.take_up(signal=signal, text=text, version_id=signal.version_id, by=by, at=clock.now())


def ask_to_suspend(deployment: Deployment, asking: str, reason: str) -> None:
    """An AI lead of another organisation asks; the deploying one decides."""
    with transaction():
        shown = suspended.seen(deployment.reference)
        by = cast.actor(Role.AI_LEAD, asking)
        suspensions.ask_to_suspend(seen=shown, reason=reason, by=by, at=clock.now())


def suspend(deployment: Deployment, role: Role, reason: str, fallback: str, signal: Signal) -> None:
    """Stop its use at once, because of a signal."""
    with transaction():
        by, at = cast.actor(role, deployment.organisation.code), clock.now()
        intent = suspensions.intend_suspension(
            deployment=deployment, reason=reason, fallback=fallback, signal_id=signal.id, by=by, at=at
        )
        suspensions.suspend(deployment=deployment, intent=intent, keyring=house().keyring, by=by, at=at)


def confirm_stopped(deployment: Deployment, sites: int, note: str) -> None:
    """Use has stopped at the first so many sites."""
    with transaction():
        last = suspended.current(deployment)
        assert last is not None
        names = [site.name for site in suspended.sites(deployment, last)][:sites]
        suspensions.confirm_stopped(
            deployment=deployment,
            suspension=last,
            sites=names,
            note=note,
            by=cast.actor(Role.DIGITAL_LEAD, deployment.organisation.code),
            at=clock.now(),
        )


def ask(deployment: Deployment, role: Role, about: tuple[str, str], text: str, *, submission: str = "") -> Question:
    """Ask about one thing: its kind and key, as `questions.subjects` knows them."""
    kind, key = about
    with transaction():
        by = cast.actor(role, deployment.organisation.code)
        subject = subjects.subject(kind, key, deployment=deployment, submission_reference=submission, by=by)
        return questions.ask(
            deployment=deployment, subject=subject, submission_reference=submission, text=text, by=by, at=clock.now()
        )


def answer(question: Question, role: Role, text: str) -> None:
    """Reply to a question."""
    deployment = db.session.get_one(Deployment, question.deployment_id)
    with transaction():
        by = cast.actor(role, deployment.organisation.code)
        questions.reply(question=question, text=text, version_id=str(question.version_id), by=by, at=clock.now())


def assign(submission: Submission, title: str, to: Role, note: str, *, days: int, judging: bool = False) -> None:
    """Give a line of the task list to a colleague who works here, due so many days from now."""
    deployment = submission.deployment
    assert deployment is not None
    where = deployment.organisation.code
    with transaction():
        by = cast.actor(Role.DIGITAL_LEAD, where)
        tasks = packs.position(submission).tasks(by, clock.today())
        task = next(each for each in tasks if each.title == title and each.is_judging is judging)
        person_id = cast.actor(to, where).person_id
        questions.assign(
            deployment=deployment,
            submission_reference=submission.reference or "",
            section=task.place,
            section_words=f"{title} (to judge)" if judging else title,
            person_id=person_id or 0,
            due_on=clock.today() + timedelta(days=days),
            note=note,
            by=by,
            at=clock.now(),
        )
