"""A committee's meeting: its agenda and papers, who was there, what it said and asked for. It moves no submission."""

from datetime import date

import pytest
import sqlalchemy as sa

from governance import clock
from governance.approval import queries as approval
from governance.approval.committees import holding, operations, queries, reading
from governance.approval.committees.rules import Seat
from governance.assessment.packs import queries as packs
from governance.audit.models import AuditEvent
from governance.database import db, read_only, transaction
from governance.errors import Conflict, Forbidden, NotVisible, Refused
from governance.identity.models import Person
from governance.lifecycle import SubmissionStatus
from governance.permissions import Role
from tests.world import World

CARE = (Seat(Role.CSO, 1), Seat(Role.CALDICOTT_GUARDIAN, 1))


@pytest.fixture
def world(later) -> World:
    return World()


@pytest.fixture
def lead(world):
    return world.actor("digital_lead", "RTH01")


@pytest.fixture
def meeting(world, lead, submission):
    with transaction():
        group = operations.found_committee(
            name="AI assurance group", seats=CARE, quorum_people=3, comment_working_days=5, by=lead, at=clock.now()
        )
        row = operations.plan(committee=group, held_on=clock.today(), starts_at="14:00", by=lead, at=clock.now())
        item = operations.put_submission(meeting=row, submission=submission, purpose="decision", by=lead, at=clock.now())
        pack = packs.pack(submission)
        for section in pack.sections[:2]:
            operations.enclose_section(item=item, section=section, by=lead, at=clock.now())
        operations.put_matter(meeting=row, title="Terms of reference", purpose="noting", by=lead, at=clock.now())
    return row


def come(world, meeting, lead, *roles, chair=None):
    with transaction():
        for role in roles:
            person = world.person(role, "RTH01")
            holding.attend(
                meeting=meeting, name=person.name, role=Role(role), presence="present", person_id=person.id,
                is_chair=role == (chair or roles[0]), by=lead, at=clock.now(),
            )  # fmt: skip


def test_nobody_is_recorded_in_a_role_they_do_not_hold_on_the_day_of_the_meeting(world, lead, meeting):
    person = world.person("cso", "RTH01")
    said = {"meeting": meeting, "name": person.name, "presence": "present", "person_id": person.id, "by": lead, "at": clock.now()}
    with pytest.raises(Refused, match="does not hold the role of Caldicott Guardian on "), transaction():
        holding.attend(role=Role.CALDICOTT_GUARDIAN, **said)
    with pytest.raises(NotVisible), transaction():
        holding.attend(role=Role.CSO, **said | {"person_id": world.person("cso", "QKK").id})
    with transaction():
        early = operations.plan(
            committee=queries.committee_of(meeting), held_on=date(1999, 12, 31), starts_at="14:00", by=lead, at=clock.now()
        )
    with pytest.raises(Refused, match="on 31 December 1999"), transaction():
        holding.attend(role=Role.CSO, **said | {"meeting": early})


def test_who_acts_under_an_agreement_counts_in_the_role_that_it_names(world, later):
    by = world.actor("digital_lead", "QKK", acting_in="HLP01")
    with transaction():
        group = operations.found_committee(
            name="Practice group", seats=CARE[:1], quorum_people=1, comment_working_days=5, by=by, at=clock.now()
        )
        row = operations.plan(committee=group, held_on=clock.today(), starts_at="14:00", by=by, at=clock.now())
    offered = {(person.id, role): of for person, role, of in reading.holders(by, clock.today())}
    cso, executive = world.person("cso", "QKK"), world.person("authorising_executive", "QKK")
    assert offered[cso.id, Role.CSO] == world.organisation("QKK").name
    assert (executive.id, Role.AUTHORISING_EXECUTIVE) not in offered
    with transaction():
        holding.attend(
            meeting=row, name=cso.name, role=Role.CSO, presence="present", person_id=cso.id, by=by, at=clock.now()
        )
    assert queries.quorum(row).sentence == "Quorate: 1 was there; 1 is needed, with clinical safety officer"


def hold(meeting, lead):
    with transaction():
        holding.hold(meeting=meeting, previous_minutes="Agreed.", version_id=meeting.version_id, by=lead, at=clock.now())


def decide(meeting, lead, decision="supported", caveats=()):
    with transaction():
        for item in queries.agenda(meeting):
            said = decision if item.submission_id else "noted"
            holding.decide(
                item=item, opinion="The group was content.", decision=said, caveats=caveats if item.submission_id else (),
                version_id=item.version_id, by=lead, at=clock.now(),
            )  # fmt: skip


def test_a_quorate_meeting_is_held_decided_and_closed_and_the_submission_stays_where_it_was(world, lead, meeting, submission):
    come(world, meeting, lead, "cso", "caldicott_guardian", "siro")
    hold(meeting, lead)
    assert (meeting.quorate, meeting.quorum_words[:22]) == (True, "Quorate: 3 were there;")
    decide(meeting, lead, "supported_with_caveats", ["Train staff first."])
    with transaction():
        holding.close(meeting=meeting, version_id=meeting.version_id, by=lead, at=clock.now())
    assert (meeting.status, submission.status) == ("closed", SubmissionStatus.SUBMITTED)
    assert approval.position(submission, clock.today()).done == set()
    assert [(each.status_from, each.status_to) for each in queries.history(meeting)] == [
        (None, "planned"), ("planned", "held"), ("held", "closed"),
    ]  # fmt: skip


def test_papers_are_of_the_items_own_pack_with_their_digests(world, lead, meeting, submission):
    item = queries.agenda(meeting)[0]
    pack = packs.pack(submission)
    assert [(each.letter, each.digest) for each in queries.enclosures(item)] == [
        ("", pack.sections[0].digest), ("a", pack.sections[1].digest),
    ]  # fmt: skip
    with pytest.raises(Refused, match="enclosed already"), transaction():
        operations.enclose_section(item=item, section=pack.sections[0], by=lead, at=clock.now())
    with pytest.raises(NotVisible), transaction():
        matter = queries.agenda(meeting)[1]
        operations.enclose_section(item=matter, section=pack.sections[2], by=lead, at=clock.now())


def test_without_a_quorum_members_comment_until_a_day_and_only_then_it_is_decided(world, lead, meeting):
    come(world, meeting, lead, "cso", "siro")
    hold(meeting, lead)
    assert meeting.quorum_words == "Not quorate: 2 were there; 3 are needed, and no Caldicott Guardian was there"
    with pytest.raises(Refused, match="not quorate for this item"):
        decide(meeting, lead)
    with transaction():
        holding.open_comments(meeting=meeting, version_id=meeting.version_id, by=lead, at=clock.now())
    last, item = meeting.comment_until, queries.agenda(meeting)[0]
    guardian = world.actor("caldicott_guardian", "RTH01")
    with transaction():
        holding.comment(item=item, position="supports", by=guardian, at=clock.now())
    with pytest.raises(Refused, match="may still comment"), transaction():
        decided = db.session.merge(meeting)
        for each in queries.agenda(decided):
            each.decision = "noted"
        holding.close(meeting=decided, version_id=decided.version_id, by=lead, at=clock.now())
    with clock.fixed(clock.add_working_days(last, 1)):
        with pytest.raises(Refused, match="time for comments is over"), transaction():
            holding.comment(item=item, position="against", text="Too soon.", by=guardian, at=clock.now())
        decide(meeting, lead)
        with transaction():
            holding.close(meeting=meeting, version_id=meeting.version_id, by=lead, at=clock.now())
    assert [each.position for each in queries.comments(item)] == ["supports"]


def test_who_left_for_an_item_is_not_counted_for_it_and_does_not_comment_on_it(world, lead, meeting):
    come(world, meeting, lead, "cso", "caldicott_guardian", "siro")
    cso, item = world.person("cso", "RTH01"), queries.agenda(meeting)[0]
    with transaction():
        holding.declare_interest(
            meeting=meeting, name=cso.name, interest="Advises the supplier.", handled="left", item=item, person_id=cso.id,
            by=lead, at=clock.now(),
        )  # fmt: skip
    hold(meeting, lead)
    assert meeting.quorate
    assert not queries.quorum(meeting, item).quorate
    with transaction():
        holding.open_comments(meeting=meeting, version_id=meeting.version_id, by=lead, at=clock.now())
    with pytest.raises(Refused, match="took no part"), transaction():
        holding.comment(item=item, position="supports", by=world.actor("cso", "RTH01"), at=clock.now())


def test_actions_are_told_to_their_owner_and_done_by_them_alone_or_by_the_secretary(world, lead, meeting):
    come(world, meeting, lead, "cso", "caldicott_guardian", "siro")
    hold(meeting, lead)
    siro = world.person("siro", "RTH01")
    with transaction():
        row = holding.give_action(
            meeting=meeting, text="Ask for the penetration test.", owner=siro.name, owner_id=siro.id,
            due_on=date(2099, 1, 5), by=lead, at=clock.now(),
        )  # fmt: skip
    assert [each.text for each in queries.open_actions(lead)] == ["Ask for the penetration test."]
    with pytest.raises(Forbidden), transaction():
        holding.finish_action(
            action=row, words="", version_id=row.version_id, by=world.actor("cso", "RTH01"), at=clock.now()
        )
    with transaction():
        holding.finish_action(
            action=row, words="It came.", version_id=row.version_id, by=world.actor("siro", "RTH01"), at=clock.now()
        )
    assert queries.open_actions(lead) == []


def test_the_agenda_is_put_in_order_closes_ranks_and_is_fixed_once_held(world, lead, meeting):
    first, second = queries.agenda(meeting)
    with transaction():
        operations.reorder(meeting=meeting, item_ids=[second.id, first.id], by=lead, at=clock.now())
    assert next(iter(queries.agenda(meeting))).title == "Terms of reference"
    with transaction():
        operations.take_off(item=second, version_id=second.version_id, by=lead, at=clock.now())
    assert [(each.number, each.id) for each in queries.agenda(meeting)] == [(1, first.id)]
    come(world, meeting, lead, "cso", "caldicott_guardian", "siro")
    hold(meeting, lead)
    with pytest.raises(Refused, match="agenda is fixed"), transaction():
        operations.put_matter(meeting=meeting, title="One more", purpose="noting", by=lead, at=clock.now())


def test_a_foreign_board_a_reader_and_a_stale_page_are_refused(world, lead, meeting):
    with pytest.raises(NotVisible), read_only():
        queries.meeting(meeting.id, world.actor("digital_lead", "QWE"))
    with pytest.raises(Forbidden), transaction():
        operations.put_matter(
            meeting=meeting, title="Mine", purpose="noting", by=world.actor("cso", "RTH01"), at=clock.now()
        )
    with pytest.raises(Conflict), transaction():
        operations.cancel(meeting=meeting, reason="Nobody can come.", version_id="0", by=lead, at=clock.now())


def test_members_hear_of_the_agenda_once_and_every_step_is_an_event(world, lead, meeting):
    for expected in (True, False):
        with transaction():
            assert (operations.invite(meeting=meeting, by=lead, at=clock.now()) > 0) is expected
    with transaction():
        operations.cancel(
            meeting=meeting, reason="Nobody can come.", version_id=meeting.version_id, by=lead, at=clock.now()
        )
    kinds = set(db.session.scalars(sa.select(AuditEvent.kind).where(AuditEvent.kind.startswith("meeting."))))
    assert kinds == {
        "meeting.planned", "meeting.item_put", "meeting.enclosed", "meeting.announced", "meeting.cancelled",
    }  # fmt: skip
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Person)) > 1
