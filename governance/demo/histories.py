"""What happened to each tool, told with the clock moved as it went. Every status of a submission is among them."""

from datetime import UTC, date, datetime, timedelta

from governance import clock
from governance.approval import conditions, outcomes
from governance.approval.rules import NewCondition
from governance.database import transaction
from governance.demo import agreeing, cast, committee, content, renewals, safety, showing, suppliers, use, walk
from governance.demo.steps import ago, agree, assessed, live, newest, submitted
from governance.identity import operations as identity
from governance.identity import queries as people
from governance.intake import operations as intake
from governance.intake.models import Submission
from governance.jobs import queue, schedule
from governance.lifecycle import Stage
from governance.permissions import OPERATOR, Role
from governance.reports import operations as reports

MERGER = datetime(2026, 4, 1, 8, tzinfo=UTC)


def chestwise() -> None:
    """An imaging tool in pilot with two conditions, one met, asking for Implementation: with the safety officer."""
    first = submitted("chestwise", "DEM01", 130, form=True)
    on = clock.today()
    night = NewCondition(
        "A second reader for images flagged at night", "clinical_lead", "after", on + timedelta(days=24), "Rota of four weeks"
    )
    train = NewCondition("Train 90 in 100 reporting staff", "digital_lead", "after", on + timedelta(days=3), "Training record")
    agree(first, "DEM01", 110, set_by={Role.CSO: (night, agreeing.before_later(110)), Role.SRO: (train,)})
    _meet(first, "Train 90 in 100", "Training record: 94 of 101 staff", "DEM01", 60)
    live(first, "DEM01", 100, 94)
    _report(first, "DEM01", ago(98))
    assert first.deployment is not None
    story = content.story("chestwise")
    with clock.fixed(ago(45)):
        second = walk.opened(story, "DEM01", stage=Stage.IMPLEMENTATION, deployment=first.deployment)
    with clock.fixed(ago(41)):
        renewals.renew(story, second, "DEM01", "dspt", 315)
    assessed(story, second, "DEM01", 28)
    committee.met(second)
    with clock.fixed(ago(26)):
        walk.act(second, "DEM01", Role.CLINICAL_LEAD)
    with clock.fixed(ago(24)):
        reason = "In the pilot, images flagged at night waited for a reader. Put that into the log, and settle the 90 days."
        walk.act(second, "DEM01", Role.CSO, outcome="return_for_information", reason=reason)
    said = "A second reader is on call after ten since the first of the month, by the rota attached."
    agreeing.offer(first, "A second reader", said, "Rota of readers at night, four weeks", "DEM01", 13)
    assessed(_again(story), second, "DEM01", 9)
    with clock.fixed(ago(7)):
        walk.act(second, "DEM01", Role.CLINICAL_LEAD)
    with clock.fixed(ago(6)):
        reason = "See in three months that the supplier’s copy is really gone after 30 days."
        walk.act(second, "DEM01", Role.DPO, outcome="content_subject_to", reason=reason)
        asked = use.ask(
            first.deployment,
            Role.CSO,
            ("hazard", "1"),
            "Are the 50 images a week still audited at Quayside?",
            submission=second.reference or "",
        )
    with clock.fixed(ago(5)):
        use.answer(asked, Role.CLINICAL_LEAD, "Yes, each Friday. Last week’s audit found none that was missed.")
    with clock.fixed(ago(4)):
        text = "Who sees the supplier’s monthly report that images were deleted?"
        use.ask(first.deployment, Role.SIRO, ("answer", "dpia-1:DP2.1"), text, submission=second.reference or "")


def _again(story: walk.Story) -> walk.Story:
    """The same story after the pilot and what was asked for: a second workshop, one more hazard, other answers."""
    more = content.stories()["chestwise again"]
    added = {name: [*story[name], *more[name]] for name in ("workshops", "hazards")}
    return story | added | {"answers": more["answers"]}


def lungs_elsewhere() -> None:
    """The same tool at a trust of another board, so that partners see each other."""
    _submitted_by_small_team("chestwise", "DEM02")


def _submitted_by_small_team(name: str, where: str) -> None:
    story = content.story(name)
    story |= {"ends": story["ends"] | {"dspt": 315}}
    with clock.fixed(ago(35)):
        submission = walk.opened(story, where)
    with clock.fixed(ago(31)):
        note = "Cyber and suppliers, for version 2.3. Attach the certificates that you hold today."
        link = suppliers.ask(story, submission, where, note, 21)
    with clock.fixed(ago(24)):
        suppliers.answer(story, link)
    with clock.fixed(ago(23)):
        suppliers.hand_in(link)


def rotawise() -> None:
    """An administrative tool of low tier, from pilot to business as usual."""
    first = submitted("rotawise", "QKK", 160)
    agree(first, "QKK", 150)
    live(first, "QKK", 145, 100)
    story = content.story("rotawise")
    assert first.deployment is not None
    with clock.fixed(ago(60)):
        second = walk.opened(story, "QKK", stage=Stage.BUSINESS_AS_USUAL, deployment=first.deployment)
    assessed(story, second, "QKK", 45)
    agree(second, "QKK", 40)
    _report(second, "QKK", ago(38))
    figures = content.in_use()["rotawise"]["figures"]
    begins = clock.add_months(newest(), -4)
    with clock.fixed(ago(36)):
        use.measure(first.deployment, figures, begins)
        use.enter(first.deployment, figures, range(4), begins, filed="rota-changes.csv")


def letterwell() -> None:
    """An ambient scribe at a practice without a safety officer: the board's people act under an agreement."""
    story = content.story("letterwell")
    with clock.fixed(ago(15)):
        submission = walk.opened(story, "DEM04")
    assert submission.deployment is not None
    with clock.fixed(ago(12)):
        showing.show(story, submission, "DEM04", without=("cyber", "hazard_log", "rollout"))
        safety.take_starters(story, submission.deployment, story["starters"])
    with clock.fixed(ago(11)):
        note = "Cyber and suppliers, for version 5.2. We wait for it before the information governance group meets."
        link = suppliers.ask(story, submission, "DEM04", note, 17)
    with clock.fixed(ago(6)):
        suppliers.answer(story, link, sections=2)
    with clock.fixed(ago(3)):
        note = "You know the consulting rooms: say what could go wrong there."
        use.assign(submission, "Hazard log", Role.CLINICAL_LEAD, note, days=12)


def hearview() -> None:
    """Approved under a board that ended on 1 April 2026: its record stays, its successor reads it, its approval lapsed."""
    story = content.story("hearview")
    days = ((1, 19), (1, 26), (1, 29), (2, 2), (2, 4), (2, 5), (2, 6))
    moments = [datetime(2026, month, day, 10, tzinfo=UTC) for month, day in days]
    with clock.fixed(moments[0]):
        submission = walk.opened(story, "QMJ")
    with clock.fixed(moments[1]):
        showing.show(story, submission, "QMJ")
    for moment, step in zip(moments[2:], (walk.judge, walk.submit), strict=False):
        with clock.fixed(moment):
            step(submission, "QMJ")
    for moment, role in zip(moments[4:], walk.roles_of(submission), strict=False):
        with clock.fixed(moment):
            walk.act(submission, "QMJ", role)


def merger() -> None:
    """Two boards end and one follows."""
    with clock.fixed(MERGER), transaction():
        successor = people.organisation_by_code("Z9B2Z")
        for code in ("QMJ", "QRV"):
            identity.end_organisation(
                organisation=people.organisation_by_code(code),
                on=date(2026, 3, 31),
                successor=successor,
                by=OPERATOR,
                at=clock.now(),
            )


def fallguard() -> None:
    """Not approved by the safety officer."""
    submission = submitted("fallguard", "QKK", 33)
    with clock.fixed(ago(30)):
        reason = "The plans it reads were never checked for our buildings. Come back with a local check."
        walk.act(submission, "QKK", Role.CSO, outcome="not_approved", reason=reason)
    _report(submission, "QKK", ago(29))


def stocksight() -> None:
    """Returned for information."""
    submission = submitted("stocksight", "QKK", 12)
    with clock.fixed(ago(8)):
        asked = "Say who checks an order before it is sent."
        walk.act(submission, "QKK", Role.CSO, outcome="return_for_information", reason=asked)


def bedflow() -> None:
    """The decision is deferred."""
    submission = submitted("bedflow", "DEM03", 22)
    with clock.fixed(ago(18)):
        walk.act(submission, "DEM03", Role.CSO)
        walk.act(submission, "DEM03", Role.AI_LEAD)
    with clock.fixed(ago(14)):
        until = clock.add_working_days(clock.today(), 30)
        walk.act(submission, "DEM03", Role.SRO, outcome="defer", reason="The board meets next month.", until=until)


def wardsound() -> None:
    """On hold, because the supplier changes its version."""
    story = content.story("wardsound")
    with clock.fixed(ago(26)):
        submission = walk.opened(story, "QKK")
    with clock.fixed(ago(11)), transaction():
        by = cast.actor(Role.DIGITAL_LEAD, "QKK")
        intake.hold(submission=submission, reason="The supplier brings out version 1.3 next month.", by=by, at=clock.now())


def queuewell() -> None:
    """One withdrawn, and a new draft that nobody has proposed yet."""
    story = content.story("queuewell")
    with clock.fixed(ago(50)):
        submission = walk.opened(story, "DEM03")
    with clock.fixed(ago(41)), transaction():
        by = cast.actor(Role.DIGITAL_LEAD, "DEM03")
        intake.withdraw(submission=submission, reason="The contract was not signed.", by=by, at=clock.now())
    with clock.fixed(ago(2)):
        walk.draft(story, "QKK")


def today() -> None:
    """What had fallen due a week ago; `flask due` and the worker go on from there, and have something to say."""
    with clock.fixed(ago(8, hour=6)):
        done = schedule.run_due(clock.now())
    if done.failed:
        raise RuntimeError(f"due work failed in {', '.join(done.failed)}")


def _report(submission: Submission, where: str, at: datetime) -> None:
    """Ask for the audit report and make it, as a worker would."""
    with clock.fixed(at):
        with transaction():
            by = cast.actor(Role.DIGITAL_LEAD, where)
            job_id = reports.ask_for_report(submission=submission, by=by, at=clock.now()).id
        queue.run(job_id)


def _meet(submission: Submission, text: str, said: str, where: str, days: int) -> None:
    (row,) = [each for each in outcomes.conditions_of(submission) if each.text.startswith(text)]
    with clock.fixed(ago(days + 3)), transaction():
        by = cast.actor(Role.DIGITAL_LEAD, where)
        conditions.offer_evidence(condition=row, text=said, version_id=row.version_id, by=by, at=clock.now())
    with clock.fixed(ago(days)), transaction():
        by = cast.actor(row.set_by_role, where)
        conditions.confirm(condition=row, text="Seen.", version_id=row.version_id, by=by, at=clock.now())
