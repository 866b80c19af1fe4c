"""When a question may be asked, answered and closed, and a section given to somebody. Pure. All defaults of ours."""

from __future__ import annotations

from datetime import date

from governance.errors import Blocker

LONGEST = 2000


def text_blockers(text: str, what: str) -> list[Blocker]:
    """Why a text cannot be kept. `what`: "question", "answer" or "reason"."""
    if not text.strip():
        return [Blocker("text", f"Write your {what}.")]
    if len(text.strip()) > LONGEST:
        return [Blocker("text", f"Your {what} must be {LONGEST:,} characters or fewer.")]
    return []


def reply_blockers(*, status: str, text: str) -> list[Blocker]:
    """Why a reply cannot be written: the question is closed, or nothing is said."""
    if status == "closed":
        return [Blocker("closed", "This question is closed. Ask a new one.")]
    return text_blockers(text, "answer")


def close_blockers(*, status: str, asked_by: int, person_id: int | None) -> list[Blocker]:
    """Why somebody cannot close a question: only who asked it says that it is answered."""
    if status == "closed":
        return [Blocker("closed", "This question is closed already.")]
    if asked_by != person_id:
        return [Blocker("asker", "Only the person who asked closes a question.")]
    return []


def status_after_reply(*, asked_by: int, replied_by: int | None) -> str:
    """A reply by another answers the question; one by the asker opens it again."""
    return "open" if replied_by == asked_by else "answered"


def assign_blockers(*, works_here: bool, due_on: date | None, today: date) -> list[Blocker]:
    """Why a section cannot be given to somebody by a day."""
    found = []
    if not works_here:
        found.append(Blocker("person", "Choose a person who works here."))
    if due_on is not None and due_on < today:
        found.append(Blocker("due_on", "The day must be today or later."))
    return found
