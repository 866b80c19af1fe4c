"""Days before today, and the steps that several stories share: shown, submitted, agreed to, live."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta

from governance import clock
from governance.approval import conditions
from governance.approval.rules import NewCondition
from governance.database import transaction
from governance.demo import cast, content, showing, suppliers, walk
from governance.intake.models import Submission
from governance.permissions import Role


def ago(days: int, hour: int = 10) -> datetime:
    """A moment so many days before today; on a day when offices are shut, the working day before."""
    day = clock.today() - timedelta(days=days)
    while not clock.is_working_day(day):
        day -= timedelta(days=1)
    return datetime.combine(day, time(hour), clock.LONDON).astimezone(UTC)


def days_since(day: date) -> int:
    """How many days ago a day was."""
    return (clock.today() - day).days


def entered_on(month: date) -> date:
    """When the figure of a month is entered: the eighth of the next."""
    return clock.add_months(month, 1) + timedelta(days=7)


def newest() -> date:
    """The newest month whose figure was entered six days ago or earlier."""
    month = clock.add_months(clock.today().replace(day=1), -1)
    return month if days_since(entered_on(month)) >= 6 else clock.add_months(month, -1)


def assessed(story: walk.Story, submission: Submission, where: str, days: int) -> Submission:
    """Shown, judged and submitted within a week that ended so many days ago."""
    with clock.fixed(ago(days + 7)):
        showing.show(story, submission, where)
    with clock.fixed(ago(days + 2)):
        walk.judge(submission, where)
    with clock.fixed(ago(days)):
        walk.submit(submission, where)
    return submission


def submitted(name: str, where: str, days: int, *, form: bool = False) -> Submission:
    """Opened three weeks before it was submitted; `form`: the supplier’s DTAC form came first."""
    story = content.story(name)
    with clock.fixed(ago(days + 20)):
        submission = walk.opened(story, where)
    if form:
        with clock.fixed(ago(days + 14)):
            suppliers.send_form(story, submission, where)
    return assessed(story, submission, where, days)


def agree(
    submission: Submission,
    where: str,
    days: int,
    *,
    set_by: dict[Role, Sequence[NewCondition]] | None = None,
    said: dict[Role, str] | None = None,
) -> None:
    """Everybody agrees, one each working day, the last so many days ago. `said`: outcomes other than the plain yes."""
    roles = walk.roles_of(submission)
    for left, role in zip(range(len(roles) - 1, -1, -1), roles, strict=True):
        with clock.fixed(ago(days + left, hour=9 + left % 6)):
            walk.act(submission, where, role, conditions=(set_by or {}).get(role, ()), outcome=(said or {}).get(role, ""))


def live(submission: Submission, where: str, days: int, trained: int) -> None:
    """Record that it went live so many days ago, with so many of 100 trained."""
    assert submission.deployment is not None
    with clock.fixed(ago(days)), transaction():
        by = cast.actor(Role.DIGITAL_LEAD, where)
        conditions.record_go_live(
            deployment=submission.deployment,
            went_live_on=clock.today(),
            sites=", ".join(site.name for site in submission.deployment.sites),
            share_trained=trained,
            confirmed_by_id=by.person_id or 0,
            by=by,
            at=clock.now(),
        )
