"""Every question of every published set is met and answered on its page, each route both ways.

The walk is made from what is published (`tests/walking.py`): a set that comes tomorrow is walked too, or fails here.
"""

import re
from dataclasses import dataclass, field

import pytest

from governance import clock
from governance.assessment.question_sets import loader
from governance.assessment.question_sets.rules import State, outstanding
from governance.assessment.sheets import asked, queries
from governance.assessment.sheets.rules import names
from governance.audit.record import record
from governance.database import db, transaction
from governance.intake import operations as intake
from governance.lifecycle import Stage, SubmissionKind
from governance.permissions import Role
from tests import asking, proposals, walking
from tests.world import World

SEEN = re.compile(r'name="(seen_\w+)"[^>]*value="(\d+)"|value="(\d+)"[^>]*name="(seen_\w+)"')
SETS = {each.code: each for each in loader.all_question_sets() if not each.read_only}
SCRIBE = proposals.HIGH | {"kind": "ambient_scribe"}
NO_DEVICE = proposals.FACTS | {"device": "not_a_device", "made_by": "in_house"}


@dataclass
class Met:
    """What was met on the pages so far, as (set, question)."""

    answered: set[tuple[str, str]] = field(default_factory=set)
    asked: set[tuple[str, str]] = field(default_factory=set)
    skipped: set[tuple[str, str]] = field(default_factory=set)


@pytest.fixture
def lead(assured):
    client = assured.test_client()
    World().sign_in(client, Role.DIGITAL_LEAD, "RTH01")
    return client


def sheets(submission) -> list[str]:
    return list(asked.sheets_among(submission, asked.requirements_of(submission)))


def viewed(submission, code):
    return queries.view(submission, code, asked.route_facts(submission, asked.sheet_row(submission, code)))


def walk(client, submission, code: str, met: Met) -> None:
    """Go through one sheet as often as it takes, by the pages of those sections that are to say something else."""
    place, published = f"/RTH01/submissions/{submission.reference}/sheets/{code}", SETS[code]
    assert client.post(f"{place}/open").status_code == 302
    facts = asked.route_facts(submission, asked.sheet_row(submission, code))
    before: dict[str, object] = {}
    for wanted in walking.rounds(published, facts):
        now = walking.answered(published, wanted, facts)
        for section in published.sections:
            if any(before.get(each.code) != now.get(each.code) for each in section.questions):  # else it is as it was left
                through(client, f"{place}/{section.code}", section, wanted)
        before = dict(now)
        db.session.rollback()
        look(viewed(submission, code), met)
    view = viewed(submission, code)
    assert outstanding(published, view.values, view.facts) == [], code
    assert 'class="turn"' not in client.get(place).text  # it is nobody's turn on the sheet any more


def through(client, place: str, section, wanted) -> None:
    """Answer a section; what that leads to on the same page is answered too."""
    for _ in section.questions:
        page = client.get(place)
        seen = {one or other: a or b for one, a, b, other in SEEN.findall(page.text)}
        shown = [each for each in section.questions if names(each.code).revision in seen]
        said = {key: value for each in shown for key, value in walking.sent(each, wanted.get(each.code)).items()}
        sent = client.post(place, data=seen | said | {"act": ""})
        assert sent.status_code == 302, (place, re.findall(r'error-message"[^<]*(?:<[^>]*>[^<]*){3}', sent.text)[:3])
        if "more=1" not in sent.location:
            return


def look(view, met: Met) -> None:
    """Which questions stand answered, asked or skipped now."""
    code = view.question_set.code
    for each in view.states.values():
        here = (code, each.code)
        (met.skipped if each.state is State.SKIPPED else met.asked).add(here)
        if each.done:
            met.answered.add(here)


@pytest.mark.both_when_long
def test_every_question_of_every_set_is_answered_through_its_page_each_route_both_ways(lead, live):
    world, met = World(), Met()
    later = asking.proposed(world, live, SubmissionKind.PROGRESS, stage=Stage.IMPLEMENTATION)
    correct(world, later, proposals.HIGH)
    others = [
        proposals.proposed(world, stage=stage, facts=facts, tool=proposals.TOOL | {"name": name, "manufacturer": "Invented Ltd"})
        for name, stage, facts in (
            ("Notewriter", Stage.PILOT, SCRIBE), ("Firstlook", Stage.PROOF_OF_CONCEPT, proposals.FACTS), ("Older", Stage.PILOT, NO_DEVICE),
        )
    ]  # fmt: skip
    under_the_first_policy(world, others[-1])
    for submission in (later, *others):
        for code in sheets(submission):
            if submission is later or not whole(code, met):
                walk(lead, submission, code, met)
    correct(world, later, NO_DEVICE)
    for code in sheets(later):
        look(viewed(later, code), met)
    every = {(code, each.code) for code, published in SETS.items() for each in published.questions}
    routed = {(code, each.code) for code, published in SETS.items() for each in published.questions if each.asked_when}
    assert sorted(every - met.answered) == []
    assert sorted(routed - met.asked) == []
    assert sorted(routed - met.skipped) == []


def whole(code: str, met: Met) -> bool:
    """Whether a set was met in full already, so that another submission need not walk it again."""
    published = SETS[code]
    return all((code, each.code) in met.answered and (not each.asked_when or (code, each.code) in met.skipped) for each in published.questions)


def under_the_first_policy(world, submission) -> None:
    """As if it had begun before the second version of policy: it keeps the first, and the older tool sheet with it."""
    with transaction():
        mine = db.session.get_one(type(submission), submission.id)
        mine.policy_version = "london-1"
        where = {"stream": f"deployment:{mine.deployment_id}", "organisation_id": mine.organisation_id}
        record("submission.proposed", by=world.actor(Role.DIGITAL_LEAD, "RTH01"), at=clock.now(), **where)


def correct(world, submission, facts) -> None:
    """The facts of triage are corrected: what routes on them is passed now."""
    with transaction():
        mine = db.session.get_one(type(submission), submission.id)
        intake.correct_triage(
            submission=mine, facts=facts, reason="It was read again.", version_id=mine.version_id,
            by=world.actor(Role.DIGITAL_LEAD, "RTH01"), at=clock.now(),
        )  # fmt: skip
