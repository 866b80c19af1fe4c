"""Filling the pages of a sheet in the browser: for each question of a section an answer that passes, and evidence."""

import re
from pathlib import Path

from governance.assessment.question_sets import loader
from governance.assessment.question_sets.schema import Question, Response
from governance.assessment.sheets.rules import names
from tests.assessed import passing, stored
from tests.browser.people import Somebody

ROUNDS = 8


def answer_section(person: Somebody, path: str, question_set: str, section: str) -> None:
    """Answer every question asked in a section; answers that lead to more questions bring the page back."""
    person.open(f"{path}/sheets/{question_set}/{section}")
    for _ in range(ROUNDS):
        for question in loader.question_set(question_set).section(section).questions:
            _answer(person, question)
        person.press("Save and continue")
        assert not person.page.locator(".nhsuk-error-summary").count(), person.text
        if "more=1" not in person.page.url:
            return
    raise AssertionError(f"{section} asks for ever")


def attach(person: Somebody, path: str, question_set: str, section: str, code: str, folder: Path) -> None:
    """Attach a new file to one question."""
    person.open(f"{path}/sheets/{question_set}/{section}")
    person.page.locator(f"button[value='attach:{code}']").click()
    person.fill(title=f"Evidence for {code}")
    person.choose(kind="other")
    person.page.set_input_files("[name=file]", a_file(folder))
    person.page.locator("main form button.button").last.click()
    assert re.search(rf"{section}#", person.page.url), person.text
    assert f"Evidence for {code}" in person.text


def a_file(folder: Path) -> Path:
    """A file to upload."""
    found = folder / "evidence.pdf"
    found.write_bytes(stored().data)
    return found


def _answer(person: Somebody, question: Question) -> None:
    name, page = names(question.code), person.page
    there = page.locator(f"[name='{name.answer}'], [name='{name.answer}-day']")
    if not there.count() or not question.required:
        return
    answer = passing(question)
    match question.response:
        case Response.DATE | Response.DATE_OR_NA:
            person.date(name.answer, 2, 3, 2026)
        case Response.FREE_TEXT | Response.FILE | Response.PERCENT:
            there.first.fill(answer.chosen[0])
        case _:
            page.locator(f"[name='{name.answer}'][value='{answer.chosen[0]}']").check()
            if answer.note:
                _open_note(person, name.note)
                page.locator(f"[name='{name.note}']").fill(answer.note)


def _open_note(person: Somebody, name: str) -> None:
    note = person.page.locator(f"[name='{name}']")
    if not note.is_visible():
        person.page.locator(f"details:has([name='{name}']) > summary").click()
