"""What happened to tools that were in use: declared, watched, suspended, ceased. Figures came month by month."""

from governance import clock
from governance.clock import add_months
from governance.database import transaction
from governance.demo import agreeing, cast, content, renewals, safety, showing, use, walk
from governance.demo.steps import ago, agree, assessed, days_since, entered_on, live, newest, submitted
from governance.identity import operations as identity
from governance.intake.declarations import operations as declarations
from governance.intake.declarations.operations import Place
from governance.lifecycle import SubmissionKind
from governance.monitoring.endings import operations as endings
from governance.monitoring.endings import queries as ending
from governance.permissions import Role
from governance.register.models import Deployment

K, R = SubmissionKind, Role
SITES = {"DEM01": 2, "DEM03": 2}
CHANGED = 13
"""Sortwell's new version came into use in this month, counted from the first as 0."""


def declared(name: str, where: str, days: int) -> Deployment:
    """Declared so many days ago."""
    with clock.fixed(ago(days)):
        return use.declare(content.in_use()[name], where, sites=SITES.get(where, 1))


def decided(deployment: Deployment, days: int, outcome: str, *reasons: str, restriction: str = "", months: int = 3) -> None:
    """The safety officer recommends so many days ago, and the executive decides two days later."""
    first, last = reasons
    with clock.fixed(ago(days)):
        use.decide(deployment, R.CSO, outcome, first, restriction=restriction)
    with clock.fixed(ago(days - 2)):
        use.decide(deployment, R.AUTHORISING_EXECUTIVE, outcome, last, restriction=restriction, months=months)


def again(deployment: Deployment, name: str, days: int, version: str, reason: str = "") -> None:
    """Assured again at its stage; the last one agreed so many days ago."""
    story, where = content.story(name), deployment.organisation.code
    with clock.fixed(ago(days + 23)):
        submission = walk.ask(story, where, deployment, K.RE_ASSURANCE, version=version, reason=reason)
    assessed(story, submission, where, days + 14)
    agree(submission, where, days)


def sortwell() -> None:
    """Watched for two years: a new version made it better, one figure drifts since the summer, another improves."""
    figures = content.in_use()["sortwell"]["figures"]
    months = len(figures[0]["values"])
    first = add_months(newest(), 1 - months)
    since = days_since(first)
    story, tool = content.story("sortwell"), declared("sortwell", "DEM01", since - 8)
    decided(tool, since - 15, "continue", "A nurse reads every referral.", "It was approved on paper.")
    again(tool, "sortwell", since - 52, "4.0")
    with clock.fixed(ago(since - 55)):
        use.measure(tool, figures, first)
    for n in range(months):
        month = add_months(first, n)
        if n == CHANGED - 1:
            again(tool, "sortwell", days_since(add_months(month, 1)) - 1, "4.1", "The supplier trained it on our letters.")
        if n == months - 3:
            with clock.fixed(ago(days_since(entered_on(month)) + 20)):
                renewals.look_through(story, tool)
            again(tool, "sortwell", days_since(entered_on(month)) + 2, "4.1", "Yearly review.")
        with clock.fixed(ago(min(days_since(entered_on(month)), since - 56), hour=9)):
            use.enter(tool, figures, [n], first)
        if n == CHANGED + 3:
            with clock.fixed(ago(days_since(entered_on(month)) - 2)):
                reason = "Version 4.1 in use since then. Fewer urgent referrals are missed, and the check has not changed."
                use.begin_anew(tool, 1, add_months(first, CHANGED), reason)
    with clock.fixed(ago(days_since(entered_on(newest())), hour=11)):
        said = "The clinic began to take scanned letters in July. Reading the 40 referrals sorted wrongly since then."
        use.take_up(use.open_signal(tool), R.CLINICAL_LEAD, said)
    with clock.fixed(ago(days_since(entered_on(newest())) - 1)):
        asked = use.ask(tool, R.SRO, ("indicator", "1"), "Is it the scanned letters alone, or typed ones too?")
    with clock.fixed(ago(days_since(entered_on(newest())) - 2)):
        use.answer(asked, R.CLINICAL_LEAD, "So far only scanned ones: 31 of the 34 read. I finish this week.")
    with clock.fixed(ago(days_since(entered_on(newest())) - 3)):
        safety.change_log(story, tool, story["later"])


def dischargewell() -> None:
    """Stopped after a red signal: one of two sites has confirmed it."""
    figures = content.in_use()["dischargewell"]["figures"]
    months, end = len(figures[0]["values"]), days_since(entered_on(newest()))
    first = add_months(newest(), 1 - months)
    tool = declared("dischargewell", "DEM01", end + 75)
    decided(tool, end + 70, "continue", "A doctor signs every summary.", "Pharmacists check 200 each month.")
    with clock.fixed(ago(end + 66)):
        use.measure(tool, figures, first)
        use.enter(tool, figures, range(months - 3), first, filed="dischargewell-figures.csv")
    for n in range(months - 3, months):
        days = days_since(entered_on(add_months(first, n))) if n < months - 1 else 5
        with clock.fixed(ago(days, hour=9)):
            use.enter(tool, figures, [n], first)
    with clock.fixed(ago(5, hour=11)):
        use.take_up(use.open_signal(tool), R.CLINICAL_LEAD, "Pharmacy is asked which medicines, and from which wards.")
    with clock.fixed(ago(5, hour=13)):
        use.ask_to_suspend(tool, "QKK", "A practice received two summaries with a medicine that was never given.")
    with clock.fixed(ago(5, hour=14)):
        use.suspend(
            tool,
            R.CSO,
            "Pharmacists found summaries that name a medicine the patient was never given. Two had been sent.",
            "Write each summary by hand from the drug chart. A pharmacist reads it before it is sent.",
            use.open_signal(tool),
        )
    with clock.fixed(ago(5, hour=16)):
        use.confirm_stopped(tool, 1, "Switched off on all wards; the ward managers were told.")


def skinline() -> None:
    """Declared last week: the interim decision is with the safety officer."""
    declared("skinline", "DEM01", 9)


def theatrecast() -> None:
    """Declared, goes on, and is being assured: a question was answered and a section given to a colleague."""
    story = content.story("theatrecast")
    tool = declared("theatrecast", "DEM02", 72)
    decided(tool, 65, "continue", "It plans work. The manager sets each list.", "Nothing stands against it meanwhile.")
    with clock.fixed(ago(13)):
        submission = walk.ask(story, "DEM02", tool, K.RE_ASSURANCE)
    agreeing.taken_up(tool)
    with clock.fixed(ago(8)):
        showing.show(story, submission, "DEM02", without=("rollout",))
        asked = use.ask(
            tool, R.CSO, ("plan", "monitoring_plan"), "Who counts the lists that end late?", submission=submission.reference or ""
        )
    with clock.fixed(ago(7)):
        use.answer(asked, R.DIGITAL_LEAD, "The theatre office, from the register of operations, each Monday.")
        note = "Read it before the theatre meeting, please."
        use.assign(submission, "Monitoring plan", R.SRO, note, days=20, judging=True)


def walkwell() -> None:
    """Restricted until it is assured; a board's AI lead asks to suspend it, and nobody has answered yet."""
    tool = declared("walkwell", "DEM03", 40)
    rule = "Only at Southmere health centre, and only with a physiotherapist in the room."
    decided(tool, 33, "restrict", "Nobody knows how it does at home.", "Two sites are too many to watch.", restriction=rule)
    with clock.fixed(ago(3)):
        use.ask_to_suspend(tool, "QKK", "Version 0.9 missed three people who fell at a practice of ours.")


def callnote() -> None:
    """Declared for a practice by its board's people, who also decide there, under the agreement."""
    tool = declared("callnote", "DEM05", 30)
    decided(tool, 23, "continue", "The clinician signs each note.", "The practice reports each week.")


def inboxwise() -> None:
    """Declared at once for three practices that let the board's people act."""
    with clock.fixed(ago(6)), transaction():
        places = [
            Place("DEM04", "business_as_usual", "2022"),
            Place("DEM05", "business_as_usual", "summer 2023"),
            Place("DEM06", "implementation", "this autumn"),
        ]
        by = cast.actor(R.DIGITAL_LEAD, "QKK")
        said = content.in_use()["inboxwise"]["declared"]
        declarations.declare_for_many(places=places, by=by, at=clock.now(), **said)


def minutewell() -> None:
    """A pilot that was extended once, for more figures."""
    story = content.story("minutewell")
    first = submitted("minutewell", "DEM02", 190)
    agree(first, "DEM02", 180)
    live(first, "DEM02", 176, 100)
    assert first.deployment is not None
    with clock.fixed(ago(40)):
        asked = walk.ask(story, "DEM02", first.deployment, K.EXTEND_PILOT)
    assessed(story, asked, "DEM02", 20)
    agree(asked, "DEM02", 12)


def frontdoor() -> None:
    """Ceased: one task of decommissioning is open, and partners read what was learned."""
    story = content.story("frontdoor")
    tool = declared("frontdoor", "QKK", 160)
    decided(tool, 150, "continue", "It answers nothing about care.", "Its contract ends in the autumn.")
    with clock.fixed(ago(80)):
        reason = "Its contract ends, and visitors ask the search of the website instead."
        submission = walk.ask(story, "QKK", tool, K.CEASE, reason=reason)
        with transaction():
            by, at = cast.actor(R.DIGITAL_LEAD, "QKK"), clock.now()
            endings.take_starters(deployment=tool, by=by, at=at)
            for lesson in story["lessons"]:
                endings.record_lesson(deployment=tool, text=lesson, by=by, at=at)
    assessed(story, submission, "QKK", 60)
    agree(submission, "QKK", 52, said={R.AI_LEAD: "advises_cease"})
    done = {task.kind: task for task in ending.tasks(tool)}
    for days, (kind, note) in zip((48, 44, 21), story["done"].items(), strict=True):
        with clock.fixed(ago(days)), transaction():
            by, row = cast.actor(R.DIGITAL_LEAD, "QKK"), done[kind]
            endings.finish_task(
                deployment=tool, row=row, done_on=clock.today(), note=note, version_id=row.version_id, by=by, at=clock.now()
            )


def concerns() -> None:
    """Two organisations say how the public raises a concern; the others have not yet."""
    said = {
        "DEM01": "Ring the patient advice desk on 020 7946 0101 (invented), 9am to 4pm on working days.",
        "QKK": "Write to concerns@qkk.example (invented). We answer within five working days.",
    }
    for code, text in said.items():
        with clock.fixed(ago(45)), transaction():
            by = cast.actor(R.ORGANISATION_ADMINISTRATOR, code)
            identity.say_how_to_raise_concerns(text=text, by=by, at=clock.now())
