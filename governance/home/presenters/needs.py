"""What needs the digital lead, one row for each thing to do."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from flask import url_for

from governance import clock
from governance.assessment.packs import presenters as packs
from governance.home import queries
from governance.home.looked import Look
from governance.home.presenters.words import Row, asks, due, short, submission_url, tool_of
from governance.home.queries import Dated
from governance.intake import queries as intake
from governance.intake.additions import queries as additions
from governance.intake.models import Submission, SubmissionChange
from governance.lifecycle import Stage, Standing
from governance.monitoring.readings import presenters as readings
from governance.monitoring.suspensions import queries as suspensions
from governance.permissions import Actor, Permission, Role
from governance.reports.words import shortened
from governance.web.wording import plural, starting_small

PILOT_DAYS, EVIDENCE_DAYS, CONDITION_DAYS = 60, 30, 30


def returned(submissions: list[Submission], by: Actor, on: date) -> Iterator[Row]:
    said = queries.returns([each.id for each in submissions])
    for each in submissions:
        change = said.get(each.id)
        who = Role(change.by_role).title if change and change.by_role in list(Role) else "a signer"
        since = clock.london_date(change.at) if change else on
        gone = clock.working_days_between(since, on)
        yield Row(
            title="Answer the queries",
            href=submission_url(each, by),
            tool=tool_of(each),
            about=f"returned by the {who}{_said(change)}",
            due=f"Since {short(since, on)}",
            note=plural(gone, "working day") if gone else "today",
        )


def _said(change: SubmissionChange | None) -> str:
    return f": “{shortened(change.reason, 120)}”" if change and change.reason else ""


def opened(each: Submission, look: Look | None, by: Actor, on: date) -> Row | None:
    """The next thing to do in an assessment; None where all that is left lies with others."""
    since = clock.london_date(each.proposed_at) if each.proposed_at else on
    title, href, about = "Go on with the assessment", submission_url(each, by), asks(each)
    if look is not None:
        if look.stops and not look.mine:
            return None
        stops = f"{plural(len(look.stops), 'thing')} {'stops' if len(look.stops) == 1 else 'stop'} it"
        title, about = "Submit it for agreement", f"{asks(each)}, nothing stops it"
        if look.stops:
            task = look.mine[0]
            others = f", with you and the {look.theirs.roles[0].title}" if look.theirs else ", with you"
            title, about = f"Complete: {starting_small(task.title)}", f"{asks(each)}{others}. {stops}"
            href = packs.place_url(task.place, each, by) or href
    return Row(title=title, href=href, tool=tool_of(each), about=about, note=f"Open since {short(since, on)}")


def drafts(by: Actor, on: date) -> Iterator[Row]:
    for each in intake.drafts(by):
        name = each.draft.get("values", {}).get("tool", {}).get("name") or ""
        begun = short(clock.london_date(each.started_at), on)
        href = url_for("intake.draft", organisation=by.organisation_code, draft=each.id)
        tool = each.deployment.tool.name if each.deployment else str(name) or "A tool without a name yet"
        yield Row(title="Finish the draft", href=href, tool=tool, about="not proposed yet", note=f"Begun {begun}")


def pilots(found: Iterable[Dated], by: Actor, on: date) -> Iterator[Row]:
    for each in found:
        if each.has_open:
            continue
        here = {"organisation": by.organisation_code, "reference": each.reference}
        href, tool = url_for("intake.ask_next", **here), f"{each.tool} {each.version}"  # type: ignore[arg-type]
        ends = each.approved_until
        if each.standing is Standing.LAPSED:
            by_when = each.decision_needed_by or ends or each.standing_since
            pilot = each.stage is Stage.PILOT
            title = "Say what happens now the pilot has ended" if pilot else "Ask for a decision on the lapsed approval"
            yield due(
                by_when, on, title=title, href=href, tool=tool,
                about=f"lapsed since {short(each.standing_since, on)}, decision needed",
                late_says=f"{each.tool} has lapsed without a next step",
            )  # fmt: skip
        elif each.stage is Stage.PILOT and ends is not None and ends <= on + timedelta(days=PILOT_DAYS):
            yield due(
                ends, on, title="Say what happens when the pilot ends", href=href, tool=tool,
                about="extend, progress or cease", late_says=f"the {each.tool} pilot ended without a next step",
            )  # fmt: skip


def stops(found: Iterable[Dated], by: Actor, on: date) -> Iterator[Row]:
    """Suspended tools whose use is not confirmed stopped at every site."""
    if all(each.standing is not Standing.SUSPENDED for each in found):
        return
    for each in suspensions.suspended(by.scope):
        left = max(each.sites, 1) - each.confirmed
        if left > 0:
            here = {"organisation": by.organisation_code, "reference": each.reference}
            yield due(
                clock.london_date(each.since), on, title="Confirm that use has stopped", tool=each.tool,
                href=url_for("suspensions.stopped", **here),  # type: ignore[arg-type]
                about=f"suspended, not confirmed at {plural(left, 'site')}",
                late_says=f"{each.tool} is suspended, and not confirmed stopped at {plural(left, 'site')}",
            )  # fmt: skip


def idle(by: Actor, on: date) -> Iterator[Row]:
    """Proposed tools about which nothing is open, for whoever may start a submission."""
    if not by.may(Permission.START_SUBMISSION):
        return
    for reference, tool, since in queries.idle({by.organisation_id or 0}, on):
        href = url_for("intake.ask_next", organisation=by.organisation_code, reference=reference)
        note = f"Proposed since {short(since, on)}"
        yield Row("Start a submission, or leave it as it is", href, tool=tool, about="no submission is open", note=note)


def homeless(by: Actor) -> Iterator[Row]:
    """What the organisation asks beyond policy and today's policy has no place for: it is not asked until that is settled."""
    for says, why in additions.homeless(by.organisation_id or 0, by.on):
        href = url_for("policy.listed", organisation=by.organisation_code)
        yield Row("Settle what you ask beyond policy", href, tool="Not asked now", about=f"{says} {why}")


def figures(by: Actor, on: date) -> Iterator[Row]:
    """Figures that are over and not in, one row for each tool."""
    for each in readings.waiting(by, on):
        yield due(
            each.due_on, on, title=f"Add the figures for {each.period}", href=each.href, tool=each.tool, about=each.about,
            late_says=f"the {each.tool} figures for {each.period}",
        )  # fmt: skip


def is_leads(each: queries.Due, on: date) -> bool:
    return (
        each.owner_role == Role.DIGITAL_LEAD
        and each.status != "offered"
        and each.due_on <= on + timedelta(days=CONDITION_DAYS)
    )


def is_soon(each: queries.Expiring, on: date) -> bool:
    """Whether evidence is to be replaced now."""
    return each.expires_on <= on + timedelta(days=EVIDENCE_DAYS)


def condition(each: queries.Due, by: Actor, on: date) -> Row:
    return due(
        each.due_on, on, title=f"Meet condition {each.number}", tool=each.tool, about=each.text,
        href=url_for("conditions.condition", organisation=by.organisation_code, condition_id=each.id),
        late_says=f"condition {each.number} on {each.tool}",
    )  # fmt: skip


def replace(each: queries.Expiring, by: Actor, on: date) -> Row:
    ends = "expired" if each.expires_on < on else "expires"
    return due(
        each.expires_on, on, title=f"Replace “{each.title}”", tool=each.issuer,
        about=f"the one we hold {ends} on {short(each.expires_on, on)}",
        href=url_for("evidence.item", organisation=by.organisation_code, evidence_id=each.id),
        late_says=f"“{each.title}” has expired",
    )  # fmt: skip
