"""Reading leaves nothing behind; a POST commits once; a job's row is in that commit."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import sqlalchemy as sa

from governance import clock
from governance.database import db, read_only, transaction
from governance.database.base import Base
from governance.identity import operations as identity
from governance.jobs import queue
from governance.jobs.models import Job
from governance.permissions import Role
from tests.contracts import reading, sweep
from tests.world import PASSWORD, World

READERS = (Role.DIGITAL_LEAD, Role.CSO, Role.ORGANISATION_ADMINISTRATOR, Role.AUTHORISING_EXECUTIVE)
CHANGES = ("INSERT", "UPDATE", "DELETE", "REPLACE", "CREATE", "DROP", "ALTER", "TRUNCATE")


def contents() -> dict[str, str]:
    """Every table's rows as a digest; the job table is one of them."""
    found = {}
    with read_only() as session:
        for name, table in Base.metadata.tables.items():
            rows = session.execute(sa.select(table).order_by(*table.primary_key.columns)).all()
            found[name] = f"{len(rows)} {hashlib.sha256(repr(rows).encode()).hexdigest()}"
    return found


@contextmanager
def told() -> Iterator[list[str]]:
    """Statements that change something, and COMMIT for each commit, as the database is sent them."""
    seen: list[str] = []

    def statement(_connection: Any, _cursor: Any, text: str, *_rest: Any) -> None:
        if text.lstrip().upper().startswith(CHANGES):
            seen.append(text)

    def commit(_connection: Any) -> None:
        seen.append("COMMIT")

    sa.event.listen(db.engine, "after_cursor_execute", statement)
    sa.event.listen(db.engine, "commit", commit)
    try:
        yield seen
    finally:
        sa.event.remove(db.engine, "after_cursor_execute", statement)
        sa.event.remove(db.engine, "commit", commit)


@pytest.mark.both_when_long
def test_opening_pages_changes_nothing(swept):
    unsaved: list[object] = []

    @swept.after_request
    def look(response: Any) -> Any:
        unsaved.extend([*db.session.new, *db.session.dirty, *db.session.deleted])
        return response

    before, opened = contents(), 0
    with told() as changes:
        for role in READERS:
            opened += sum(1 for _ in sweep.walk(swept, role))
    assert changes == []
    assert unsaved == []
    assert contents() == before
    assert opened > 120


def test_a_page_that_tries_to_write_is_refused_by_the_database(swept):
    view = swept.view_functions["identity.account"]

    def writes() -> Any:
        db.session.execute(sa.text("UPDATE person SET name = 'somebody else'"))
        return view()

    writes.access = view.access  # type: ignore[attr-defined]
    swept.view_functions["identity.account"] = writes
    before, client = contents(), swept.test_client()
    World().sign_in(client, Role.CSO, "RTH01")
    assert client.get("/me/account").status_code == 500
    db.session.rollback()
    assert contents() == before


@pytest.mark.both_when_long
@pytest.mark.parametrize("role", READERS, ids=lambda role: role.value)
def test_every_form_that_is_sent_commits_at_most_once(swept, role):
    """Each form of each page, filled in as far as a stranger to its meaning can."""
    forms: dict[str, reading.Form] = {}
    for place, answer in sweep.walk(swept, role):
        for form in reading.Page(answer.text).forms if answer.mimetype == "text/html" else ():
            if form.method == "POST" and not form.action.endswith("/sign-out"):
                forms.setdefault(form.action or place.url, form)
    client = swept.test_client()
    World().sign_in(client, role, "RTH01")
    wrote, wrong = 0, []
    for action, form in forms.items():
        with told() as seen:
            answer = client.post(action, data=form.filled())
        commits, changes = seen.count("COMMIT"), [each for each in seen if each != "COMMIT"]
        wrote += bool(changes) and commits == 1
        if commits > 1 or (changes and not commits and answer.status_code < 400):
            wrong.append(f"{action}: {answer.status_code}, {commits} commits")
    assert wrong == []
    assert wrote > 0


def test_signing_in_commits_its_note_and_nothing_else(swept):
    with told() as seen:
        swept.test_client().post("/sign-in", data={"email": "cso@rth01.example", "password": PASSWORD})
    assert [each.split(" (")[0] for each in seen] == [
        "DELETE FROM sign_in_attempt WHERE sign_in_attempt.at < ?".replace("?", seen[0].rpartition("< ")[2]),
        "INSERT INTO sign_in_attempt",
        "COMMIT",
    ]


def test_what_a_refused_form_wrote_is_rolled_back(swept):
    before, client = contents(), swept.test_client()
    World().sign_in(client, Role.ORGANISATION_ADMINISTRATOR, "RTH01")
    sent = {"email": "cso@rth01.example", "name": "A second CSO", "role": "auditor"}
    assert client.post("/RTH01/people/invite", data=sent).status_code == 422
    assert contents() == before


def test_a_job_is_in_the_commit_of_what_asked_for_it(swept):
    by = World().actor(Role.ORGANISATION_ADMINISTRATOR, "RTH01")
    with told() as seen, transaction():
        identity.add_site(name="West site", by=by, at=clock.now())
        queue.enqueue(kind="lifecycle", key="test:1", payload={}, organisation_id=by.organisation_id, by=by, at=clock.now())
    tables = [each.split(" ")[2] for each in seen if each.startswith("INSERT")]
    assert {"site", "job", "audit_event"} <= set(tables)
    assert seen.count("COMMIT") == 1
    assert seen[-1] == "COMMIT"


def test_a_job_is_rolled_back_with_what_asked_for_it(swept):
    by, handed = World().actor(Role.ORGANISATION_ADMINISTRATOR, "RTH01"), []
    swept.extensions["jobs"]["run"] = handed.append
    before = contents()
    with pytest.raises(RuntimeError), transaction():
        identity.add_site(name="West site", by=by, at=clock.now())
        queue.enqueue(kind="lifecycle", key="test:1", payload={}, organisation_id=by.organisation_id, by=by, at=clock.now())
        raise RuntimeError("the last step failed")
    assert contents() == before
    assert handed == []


def test_a_job_is_handed_over_only_after_its_commit(swept):
    by, seen_rows = World().actor(Role.ORGANISATION_ADMINISTRATOR, "RTH01"), []

    def run(job_id: int) -> None:
        with db.engine.connect() as other:
            seen_rows.append(other.scalar(sa.select(Job.status).where(Job.id == job_id)))

    swept.extensions["jobs"]["run"] = run
    with transaction():
        queue.enqueue(kind="lifecycle", key="test:1", payload={}, organisation_id=by.organisation_id, by=by, at=clock.now())
    assert seen_rows == ["queued"]
