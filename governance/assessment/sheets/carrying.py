"""Carrying answers from the version of a tool before to a newer one, and saying that evidence of then covers it too.

A person who looked does it, and stands behind each answer: a new row with its origin, never a silent copy.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from governance.assessment.evidence import operations as evidence
from governance.assessment.evidence.models import Evidence
from governance.assessment.sheets import asked, earlier, expiry, operations, queries, rules, version_rules
from governance.assessment.sheets.earlier import FromBefore, Offered
from governance.assessment.sheets.models import Answer, AnswerSheet
from governance.assessment.sheets.queries import SheetView
from governance.assessment.sheets.rules import Given
from governance.audit.record import record
from governance.errors import Conflict, NotVisible, refuse_if
from governance.intake.models import Submission
from governance.permissions import Actor

GONE = "An answer of the version before is not offered any more, or says something else now. Read what it says and choose again."
NOT_WAITING = "That evidence does not wait here any more. Read what stands behind the answer now."


def carry_over(
    *, submission: Submission, question_set: str, seen: Mapping[str, int], looked: bool, by: Actor, at: datetime
) -> list[Answer]:
    """Say that answers about the version before are still true of this one, with the evidence that counts for both.

    `seen`: the questions with the revision of the answer that the page showed. `looked`: the person says that they read them.
    Raises Refused where they do not, or may not answer; Conflict where one is not offered as it was seen; NotVisible.
    """
    view, found = _found(submission, question_set)
    version = submission.tool_version.version if submission.tool_version else ""
    refuse_if(version_rules.carry_blockers(looked=looked, version=version))
    offers = found.offers if found else {}
    if not seen or any(code not in offers or offers[code].row.revision != revision for code, revision in seen.items()):
        raise Conflict(GONE)
    sheet, chosen = view.sheet, [each for code, each in offers.items() if code in seen]
    assert sheet is not None
    assert found is not None
    given = [Given(each.code, each.said.answer, _revision(view.answers.get(each.code))) for each in chosen]
    rows = operations.answer_all(
        sheet=sheet, given=given, layer=view.layer, source=rules.TOOL_VERSION,
        origins={each.code: str(each.said.origin) for each in chosen}, by=by, at=at,
    )  # fmt: skip
    _carry_papers(sheet, view, chosen, by, at)
    _record(
        "answers.carried", sheet, by, at, version=found.version, count=len(rows),
        answers=[[row.code, row.revision, each.row.id] for row, each in zip(rows, chosen, strict=True)],
    )  # fmt: skip
    return rows


def covers_too(
    *, submission: Submission, question_set: str, code: str, item_id: int, by: Actor, at: datetime
) -> Evidence:
    """Say that an item which covers another version only covers this one too: a new item with the same file or link.

    It stands wherever the older one waits on this sheet or was put behind an answer here. Raises Refused, Forbidden,
    Conflict where it does not wait behind this question, NotVisible.
    """
    view, found = _found(submission, question_set)
    assert view.sheet is not None
    attached = expiry.supporting(view)
    here = [item for item in attached.get(code, []) if not earlier.counts_here(item, submission)]
    item = next((each for each in here if each.id == item_id), None) or earlier.waits_for(code, item_id, found)
    if item is None:
        raise Conflict(NOT_WAITING)
    newer = evidence.cover(evidence=item, tool_version_id=submission.tool_version_id, by=by, at=at)
    waiting = found.waiting if found else {}
    codes = {each for each, items in waiting.items() if item in items and view.states[each].done} | {code}
    direct = {each for each, items in attached.items() if item in items}
    for each in sorted(codes | direct):
        operations.support(sheet=view.sheet, code=each, evidence=newer, by=by, at=at)
    for each in sorted(direct):
        operations.stop_supporting(sheet=view.sheet, code=each, evidence=item, by=by, at=at)
    return newer


def _found(submission: Submission, question_set: str) -> tuple[SheetView, FromBefore | None]:
    row = asked.sheet_row(submission, question_set)
    view = queries.view(submission, question_set, asked.route_facts(submission, row))
    if view.sheet is None:
        raise NotVisible()
    return view, earlier.from_before(submission, view)


def _carry_papers(
    sheet: AnswerSheet, view: SheetView, chosen: Sequence[Offered], by: Actor, at: datetime
) -> None:
    there = {code: {item.id for item in items} for code, items in expiry.supporting(view).items()}
    for each in chosen:
        for item in each.papers:
            if item.id not in there.get(each.code, ()):
                evidence.use(evidence=item, subject_kind="answer_sheet", subject_id=sheet.id, code=each.code, by=by, at=at)


def _revision(answer: Answer | None) -> int:
    return answer.revision if answer else 0


def _record(kind: str, sheet: AnswerSheet, by: Actor, at: datetime, **said: object) -> None:
    record(
        kind, stream=f"organisation:{sheet.organisation_id}", by=by, at=at, organisation_id=sheet.organisation_id,
        sheet=sheet.id, question_set=sheet.question_set, **said,
    )  # fmt: skip
