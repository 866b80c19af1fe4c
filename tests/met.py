"""Builders for committees: one founded, a meeting planned with a submission and its papers, one held without its quorum."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from governance import clock
from governance.approval import queries as agreeing
from governance.approval.committees import holding, minutes, operations, queries
from governance.approval.committees.models import AgendaItem, Committee, Meeting
from governance.approval.committees.rules import Seat
from governance.approval.rules import Done
from governance.assessment.packs import queries as packs
from governance.database import transaction
from governance.extensions import house
from governance.intake.models import Submission
from governance.permissions import Actor, Role
from tests.world import World

HERE = "RTH01"
Say = Callable[[str], str]


def keeper(world: World) -> Actor:
    """Who keeps the meetings of the trust."""
    return world.actor(Role.DIGITAL_LEAD, HERE)


def committee(world: World, *, name: str = "AI assurance group", people: int = 3) -> Committee:
    """A committee that wants three people, a clinical safety officer and a senior information risk owner among them."""
    with transaction():
        return operations.found_committee(
            name=name, seats=[Seat(Role.CSO), Seat(Role.SIRO)], quorum_people=people, comment_working_days=5,
            terms="It advises those who sign.", by=keeper(world), at=clock.now(),
        )  # fmt: skip


def planned(world: World, group: Committee, held_on: date | None = None) -> Meeting:
    """A meeting of today, or of another day."""
    with transaction():
        return operations.plan(
            committee=group, held_on=held_on or clock.today(), starts_at="14:00", place="Board room", by=keeper(world), at=clock.now()
        )


def put(
    world: World, meeting: Meeting, submission: Submission, papers: int = 2, say: Say = str
) -> AgendaItem:
    """A submission on the agenda with the first sections of its pack."""
    pack = packs.pack(submission)
    assert pack is not None
    with transaction():
        by, at = keeper(world), clock.now()
        item = operations.put_submission(
            meeting=meeting, submission=submission, purpose="decision", presented_by=say("Dr A"), by=by, at=at
        )
        for section in pack.sections[:papers]:
            operations.enclose_section(item=item, section=section, by=by, at=at)
        return item


def attend(world: World, meeting: Meeting, *roles: Role, presence: str = "present") -> None:
    """Somebody for each role, the first of them in the chair."""
    for each in roles:
        person = world.person(each, HERE)
        with transaction():
            holding.attend(
                meeting=meeting, name=person.name, role=each, presence=presence, person_id=person.id,
                is_chair=each is roles[0], by=keeper(world), at=clock.now(),
            )  # fmt: skip


def hold(world: World, meeting: Meeting) -> None:
    """Count it and hold it."""
    with transaction():
        holding.hold(
            meeting=meeting, previous_minutes="Agreed.", version_id=meeting.version_id, by=keeper(world), at=clock.now()
        )


def caveats(world: World, meeting: Meeting, *texts: str) -> None:
    """The committee supports the first item of a meeting that was held, with caveats."""
    with transaction():
        item = queries.agenda(meeting)[0]
        holding.decide(
            item=item, opinion="It helps.", decision="supported_with_caveats", caveats=texts, version_id=item.version_id,
            by=keeper(world), at=clock.now(),
        )  # fmt: skip


def with_minutes(world: World) -> int:
    """A closed meeting whose minutes are issued, with a file that is no more than the head of a PDF; gives its id."""
    meeting = planned(world, committee(world, people=2))
    attend(world, meeting, Role.CSO, Role.SIRO)
    hold(world, meeting)
    with transaction():
        holding.close(meeting=meeting, version_id=meeting.version_id, by=keeper(world), at=clock.now())
    sha256 = house().storage.put_content(b"%PDF-1.7\ninvented\n%%EOF\n")
    with transaction():
        minutes.issue_minutes(
            meeting=meeting, sha256=sha256, content="0" * 64, pages=1, made_at=clock.now(), by=keeper(world), at=clock.now()
        )
        return meeting.id


def commenting(world: World, meeting: Meeting, say: Say = str) -> None:
    """A meeting that was not quorate, open for comments, with an interest and an action."""
    attend(world, meeting, Role.CSO, Role.DPO)
    with transaction():
        by, at, person = keeper(world), clock.now(), world.person(Role.DPO, HERE)
        holding.declare_interest(
            meeting=meeting, name=person.name, person_id=person.id, interest=say("Sat on the supplier’s panel."),
            handled="stayed_silent", by=by, at=at,
        )  # fmt: skip
    hold(world, meeting)
    with transaction():
        by, at = keeper(world), clock.now()
        holding.give_action(
            meeting=meeting, text=say("Send the figures of the pilot."), owner=by.name, owner_id=by.person_id,
            due_on=clock.today() + timedelta(days=14), item=queries.agenda(meeting)[0], by=by, at=at,
        )  # fmt: skip
    with transaction():
        holding.open_comments(meeting=meeting, version_id=meeting.version_id, by=keeper(world), at=clock.now())


def kept(world: World, submission: Submission, say: Say = str) -> Meeting:
    """A planned meeting with a submission and papers, and one before it that is open for comments; gives the planned one."""
    group = committee(world, name=say("AI assurance group"))
    first = planned(world, group)
    with transaction():
        operations.put_matter(
            meeting=first, title=say("Figures of tools in use"), purpose="decision", by=keeper(world), at=clock.now()
        )
    commenting(world, first, say)
    following = planned(world, group, clock.today() + timedelta(days=14))
    put(world, following, submission, say=say)
    return following


def said(submission: Submission, role: Role) -> Done:
    """What a role said on a submission, as its pages know it."""
    here = agreeing.position(submission, clock.today())
    assert here is not None
    return here.line(role).seats[0]
