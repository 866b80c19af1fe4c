"""Every operation leaves an event: each public function of a module of operations comes to `record`, or says why it does not.

Followed through the code itself, over what it calls in other rooms: a new operation that records nothing fails by its name.
That a protected row is never written without an event is refused by every transaction as well (`audit.record.seal`).
"""

import ast
import importlib
import inspect
import pkgutil
import textwrap
from collections.abc import Iterator
from functools import cache
from types import FunctionType, ModuleType

import pytest

import governance
from governance import lifecycle
from governance.approval.committees import rules as committees
from governance.assessment.hazards import words as hazards
from governance.audit import key_commands
from governance.audit.record import record
from governance.intake import operations as intake
from governance.reports import sentences
from tests.contracts import kinds

READ = "reads or words only"
STEP = "a first step or a draft of the person’s own: nothing protected"
PART = "a part of other operations, which record it"
ASKED = "queues a job; what the job issues is recorded"
OUTSIDE = "mail and its settings: no part of the record"
BELOW = {
    "acting_text": READ, "appointment_text": READ, "registration_text": READ, "intent": READ, "said_in": READ,
    "statement": READ, "approval_statement": READ, "suspending_statement": READ, "suspending_role": READ, "own": READ,
    "sentence": READ, "stream_of": READ, "content": READ, "latest_submission": READ, "checked": READ, "opened": READ,
    "offers_as": READ, "past": READ, "scored_with": READ, "speaking_as": READ, "with_file": READ, "kept": READ,
    "intend": STEP, "intend_approval": STEP, "intend_plan_approval": STEP, "intend_suspension": STEP, "read_section": STEP,
    "fill_from_form": PART, "set_tier": PART, "note_tier": PART, "note_decision_due": PART, "manage": READ, "authoriser": READ,
    "ask_for_report": ASKED, "ask_for_partner_edition": ASKED, "mark_looked": STEP, "tell": OUTSIDE, "prefer": OUTSIDE, "try_again": OUTSIDE, "write_to_others": OUTSIDE,
    "gather_digests": OUTSIDE, "hand_over_lost": OUTSIDE, "init": "wires the room when the application is made",
}  # fmt: skip


def rooms() -> Iterator[ModuleType]:
    """Every module whose functions are operations."""
    for found in pkgutil.walk_packages(governance.__path__, "governance."):
        if found.name.rsplit(".", 1)[-1] in ("operations", "import_operations", "conditions", "resuming", "versions") and (
            not found.name.startswith(("governance.policy", "governance.assessment.question_sets"))
        ):
            yield importlib.import_module(found.name)


def public() -> list[FunctionType]:
    return [
        it
        for module in rooms()
        for name, it in vars(module).items()
        if inspect.isfunction(it) and it.__module__ == module.__name__ and not name.startswith("_")
    ]


@cache
def called(function: FunctionType) -> tuple[object, ...]:
    """What a function names and calls, as far as its module knows it."""
    known, found = function.__globals__, []
    try:
        source = textwrap.dedent(inspect.getsource(function))
    except OSError:  # written by a decorator of the standard library: it calls nothing of ours
        return ()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Name):
            found.append(known.get(node.id))
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            room = known.get(node.value.id)
            found.append(vars(room).get(node.attr) if type(room) is ModuleType else None)
    return tuple(each for each in found if type(each) is FunctionType and each.__module__.startswith("governance"))


def comes_to_record(function: FunctionType) -> bool:
    seen: set[FunctionType] = set()
    ahead = [function]
    while ahead:
        this = ahead.pop(0)
        if this is record:
            return True
        if this not in seen:
            seen.add(this)
            ahead += called(inspect.unwrap(this))
    return False


def is_excused(function: FunctionType) -> bool:
    return function.__name__ in BELOW or function.__name__.endswith("blockers")


@pytest.mark.parametrize(
    "function", [it for it in public() if not is_excused(it)], ids=lambda it: f"{it.__module__}.{it.__name__}"
)
def test_an_operation_comes_to_record_an_event(function: FunctionType):
    assert comes_to_record(function), f"{function.__name__} records nothing: record an event, or say in BELOW why not"


FROM_TABLES = {
    "intake.operations.move": {
        f"submission.{intake.EVENTS.get(name, row.done)}" for name, row in lifecycle.SUBMISSION_ARROWS.items()
    },
    "register.operations.move": {f"deployment.{row.done}" for row in lifecycle.STANDING_ARROWS.values()},
    "assessment.hazards.operations.change_status": {"hazard.reopened"}
    | {f"hazard.{each}" for each in hazards.STATUS_WORDS if each != "open"},
    "approval.committees.operations.move": {"meeting.comments_opened"}
    | {f"meeting.{each}" for each in committees.STATUS if each != "commenting"},
    "audit.key_commands.retire": {key_commands.RETIRED},
    "audit.key_commands.tell": {key_commands.ROTATED},
}
"""Kinds that a table makes, by the function that records them: read from that table."""


def test_every_kind_that_is_recorded_has_a_sentence_of_its_own():
    plain, made = kinds.recorded()
    assert made == set(FROM_TABLES), "say in FROM_TABLES what kinds are made there"
    all_kinds = plain.union(*FROM_TABLES.values())
    assert {"sheet.opened", "condition.met", "change.noted", "hazard_import.brought_in", "signal.closed"} <= all_kinds
    assert sorted(all_kinds - set(sentences.SENTENCES)) == []


def test_every_reason_is_for_an_operation_there_is():
    names = {it.__name__ for it in public()}
    assert sorted(set(BELOW) - names) == []


def test_the_walk_sees_what_records_and_what_does_not():
    from governance.identity import operations

    assert comes_to_record(operations.appoint)
    assert not comes_to_record(operations.stream_of)
