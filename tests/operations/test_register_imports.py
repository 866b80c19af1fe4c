"""A register in a spreadsheet is brought in whole or not at all, with an account of every row."""

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from governance import clock
from governance.audit import verify
from governance.database import db, transaction
from governance.errors import Conflict, Forbidden, NotVisible, Refused
from governance.extensions import house
from governance.intake.declarations import import_operations, import_queries
from governance.intake.declarations.models import Declaration, RegisterImport
from governance.jobs import queue
from governance.jobs.models import Job
from governance.permissions import Role
from governance.register.models import Deployment, Tool
from tests import declared, registers
from tests.safety import statements
from tests.world import World


def _bring_in(world: World, row: RegisterImport, data: bytes, code: str = "RTH01") -> None:
    with transaction():
        import_operations.bring_in(
            row=row, rows=registers.rows_of(row, data), version_id=row.version_id, by=registers.lead(world, code), at=clock.now()
        )


def _findings() -> list[object]:
    with Session(db.engine) as session:
        return list(verify.verify(session, house().storage, house().keyring).findings)


def _check(world: World, row: RegisterImport, data: bytes, code: str = "RTH01"):
    return import_operations.checked(row, registers.rows_of(row, data), registers.lead(world, code), clock.now())


def test_a_tidy_register_becomes_declarations_with_their_references(world: World) -> None:
    data = registers.tidy()
    row = registers.mapped(world, data)
    _bring_in(world, row, data)
    assert row.status == "brought_in"
    assert [(number, bool(reference)) for number, reference, _ in row.account] == [(2, True), (3, True), (4, True)]
    assert row.account[0][2] == "Scanwell Chest 2.1, Sightline Ltd, Business as usual: declared at Riverside Teaching Hospitals."
    made = db.session.scalars(sa.select(Declaration).order_by(Declaration.id)).all()
    assert [(each.import_id, each.import_row, each.stage.value) for each in made] == [
        (row.id, 2, "business_as_usual"), (row.id, 3, "pilot"), (row.id, 4, "business_as_usual"),
    ]  # fmt: skip
    assert made[2].facts == {"kind": "ambient_scribe", "direct_care": "yes", "personal_data": "confidential"}
    scribe = db.session.get_one(Deployment, made[2].deployment_id)
    assert [site.name for site in scribe.sites] == ["Main site", "North site"]
    assert _findings() == []


def test_a_messy_workbook_is_found_under_its_title_and_its_retired_rows_are_left_out(world: World) -> None:
    data = registers.messy()
    row = registers.mapped(world, data, filename="AI register.xlsx", fixed={"kind": "other"})
    assert (row.sheet, row.mapping["heading_row"], row.row_count) == ("AI register 2026", 3, 5)
    found = _check(world, row, data)
    assert [line.number for line in found.ready] == [4, 5, 8]
    assert [line.number for line in found.left_out] == [7]
    assert [line.number for line in found.faulty] == [10]
    assert found.faulty[0].faults == ("It names no tool and says little else. Leave it out if it is a note.",)
    with transaction():
        import_operations.leave_out(row=row, rows=[10], version_id=row.version_id, by=registers.lead(world), at=clock.now())
    _bring_in(world, row, data)
    since = db.session.scalars(sa.select(Declaration.in_use_since).order_by(Declaration.id)).all()
    assert since == ["14 March 2024", "Summer 2025", "1 May 2026"]
    assert [(number, sentence.endswith("left out.")) for number, _, sentence in row.account] == [
        (4, False), (5, False), (7, True), (8, False), (10, True),
    ]  # fmt: skip


def test_one_fault_keeps_every_row_out(world: World) -> None:
    data = registers.tidy(*registers.TIDY, ("", "Nobody Ltd", "1", "Imaging", "x", "Main site", "Live", "2099", "Yes", "Health"))
    row = registers.mapped(world, data)
    assert _check(world, row, data).faulty[0].faults == (
        "Enter the tool’s name.", "It cannot be in use since a year that is still to come.",
    )  # fmt: skip
    with pytest.raises(Refused, match="1 row has a fault"):
        _bring_in(world, row, data)
    db.session.rollback()
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Declaration)) == 0
    assert db.session.get_one(RegisterImport, row.id).status == "mapped"


def test_what_is_refused_half_way_undoes_the_rest_and_names_its_row(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    data = registers.tidy(
        *registers.TIDY, (*registers.TIDY[0][:1], "Sightline Ltd", "x" * 61, *registers.TIDY[0][3:5], *registers.TIDY[0][5:])
    )
    row = registers.mapped(world, data)
    found = _check(world, row, data)
    assert [line.number for line in found.faulty] == [5]
    # somebody else's register moved between the check and the bringing in
    monkeypatch.setattr(import_operations, "checked", lambda *given: _without_faults(found))
    with pytest.raises(Refused, match="Row 5: "):
        _bring_in(world, row, data)
    db.session.rollback()
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Declaration)) == 0


def _without_faults(found):
    from dataclasses import replace

    return replace(found, lines=tuple(replace(line, faults=()) for line in found.lines))


def test_what_is_on_the_register_already_is_named(world: World) -> None:
    there = declared.declare(world, use="Notes of consultations")
    reference = db.session.get_one(Deployment, there.deployment_id).reference
    headings = (*registers.HEADINGS, "Use case")
    same, other = registers.TIDY[2] + ("notes of consultations",), registers.TIDY[2] + ("Letters",)
    data = registers.tidy(same, other, other, headings=headings)
    row = registers.mapped(world, data)
    lines = _check(world, row, data).lines
    assert lines[0].faults == (f"It is on the register already for this use: {reference}.",)
    assert lines[1].faults == () and lines[1].notes == (f"This tool is on the register already for another use: {reference}.",)
    assert lines[2].faults == ("It is the same tool for the same use as row 3. Leave one out, or say how the uses differ.",)


def test_a_name_like_another_is_a_question_and_its_answer_decides(world: World) -> None:
    declared.declare(world, "QKK")
    tool = db.session.scalar(sa.select(Tool).where(Tool.name == "Scribeline"))
    like = ("Scribelin", "Scribeline Ltd", *registers.TIDY[2][2:])
    again = ("Queuewel", "Queuewell Ltd", "5", "Administrative", "Sorts forms. A clerk checks.", *registers.TIDY[1][5:])
    data = registers.tidy(registers.TIDY[1], like, again)
    row = registers.mapped(world, data)
    found = _check(world, row, data)
    assert [line.faults for line in found.lines] == [
        (),
        ("Say if it is Scribeline by Scribeline Ltd, on the register, or another tool.",),
        ("Say if it is Queuewell by Queuewell Ltd, in row 2, or another tool.",),
    ]
    assert [(each.row, each.options[0][0]) for each in found.questions] == [(3, f"tool:{tool.id}"), (4, "row:2")]
    with transaction():
        import_operations.say_tools(
            row=row, tools=[("Scribelin", "Scribeline Ltd", f"tool:{tool.id}"), ("Queuewel", "Queuewell Ltd", "row:2")],
            version_id=row.version_id, by=registers.lead(world), at=clock.now(),
        )  # fmt: skip
    _bring_in(world, row, data)
    assert sorted(db.session.scalars(sa.select(Tool.name))) == ["Queuewell", "Scribeline"]


def test_another_tool_of_a_like_name_is_registered_beside_it(world: World) -> None:
    declared.declare(world, "QKK")
    data = registers.tidy(("Scribelin", "Somebody Else Ltd", *registers.TIDY[2][2:]))
    row = registers.mapped(world, data)
    with transaction():
        import_operations.say_tools(
            row=row,
            tools=[("Scribelin", "Somebody Else Ltd", "other")],
            version_id=row.version_id,
            by=registers.lead(world),
            at=clock.now(),
        )
    _bring_in(world, row, data)
    assert sorted(db.session.scalars(sa.select(Tool.name))) == ["Scribelin", "Scribeline"]


def test_the_mapping_is_remembered_for_the_same_headings_and_by_the_same_organisation_alone(world: World) -> None:
    data = registers.tidy(headings=("Thing", "Whose", "No", "Sort", "Text", "Place", "Where we are", "From", "Touches", "Takes"))
    first = registers.uploaded(world, data)
    assert "tool_name" not in first.mapping["columns"]
    columns = {name: number for number, name in enumerate(
        ("tool_name", "manufacturer", "version", "kind", "purpose", "sites", "stage", "in_use_since", "direct_care", "personal_data")
    )}  # fmt: skip
    with transaction():
        by, at = registers.lead(world), clock.now()
        import_operations.map_columns(
            row=first, columns=columns, fixed={"supplier": "A reseller"}, version_id=first.version_id, by=by, at=at
        )
        import_operations.say_meanings(
            row=first, words={"stage": {"Live": "implementation"}}, version_id=first.version_id, by=by, at=at
        )
    again = registers.uploaded(world, data)
    assert again.mapping["columns"] == columns
    assert (again.mapping["fixed"], again.mapping["words"]) == (
        {"supplier": "A reseller"},
        {"stage": [["Live", "implementation"]]},
    )
    assert "tool_name" not in registers.uploaded(world, data, code="QWE").mapping["columns"]


def test_an_icb_brings_in_rows_of_practices_it_acts_for_and_of_nobody_else(world: World) -> None:
    headings = (*registers.HEADINGS, "ODS code")
    data = registers.tidy(
        registers.TIDY[2] + ("HLP01",), registers.TIDY[1] + ("",), registers.TIDY[0] + ("RTH01",), headings=headings
    )
    row = registers.mapped(world, data, code="QKK")
    found = _check(world, row, data, "QKK")
    assert [line.place.code if line.place else None for line in found.lines] == ["HLP01", "QKK", None]
    assert found.lines[2].faults == (
        "“RTH01” is not an organisation you may declare for. Correct its code, or leave the row out.",
    )
    with transaction():
        import_operations.leave_out(row=row, rows=[4], version_id=row.version_id, by=registers.lead(world, "QKK"), at=clock.now())
    _bring_in(world, row, data, "QKK")
    codes = db.session.scalars(sa.select(Deployment.reference)).all()
    assert sorted(reference[:5] for reference in codes) == ["HLP01", "QKK-2"]
    theirs = db.session.scalar(sa.select(RegisterImport).where(RegisterImport.organisation_id == world.organisation("HLP01").id))
    assert [entry[0] for entry in theirs.account] == [2]
    assert [entry[1][:5] for entry in row.account] == ["HLP01", "QKK-2", ""]
    assert _findings() == []


def test_a_trust_is_not_asked_for_organisations(world: World) -> None:
    data = registers.tidy(registers.TIDY[0] + ("HLP01",), headings=(*registers.HEADINGS, "ODS code"))
    assert "organisation" not in registers.uploaded(world, data).mapping["columns"]


def test_only_a_digital_lead_does_this_and_only_in_their_own_organisation(world: World) -> None:
    data = registers.tidy()
    row = registers.mapped(world, data)
    given = {"row": row, "rows": registers.rows_of(row, data), "version_id": row.version_id, "at": clock.now()}
    with pytest.raises(Forbidden), transaction():
        import_operations.bring_in(by=world.actor(Role.CSO, "RTH01"), **given)
    with pytest.raises(Forbidden), transaction():
        import_operations.bring_in(by=registers.lead(world, "QKK"), **given)
    with pytest.raises(NotVisible):
        import_queries.register_import(row.id, registers.lead(world, "QKK"))


def test_a_stale_page_a_finished_import_and_missing_columns_are_refused(world: World) -> None:
    data = registers.tidy()
    row = registers.mapped(world, data)
    by, at = registers.lead(world), clock.now()
    with pytest.raises(Conflict), transaction():
        import_operations.leave_out(row=row, rows=[2], version_id=row.version_id - 1, by=by, at=at)
    with pytest.raises(Refused, match="Name of the tool: choose its column"), transaction():
        import_operations.map_columns(row=row, columns={}, fixed={}, version_id=row.version_id, by=by, at=at)
    db.session.rollback()
    with transaction():
        import_operations.drop(row=row, version_id=row.version_id, by=by, at=at)
    with pytest.raises(Refused, match="dropped"):
        _bring_in(world, row, data)


@pytest.mark.parametrize("backend", ["sqlite"], scope="session")
def test_each_row_costs_the_same_however_many_there_are(world: World) -> None:
    """Counted, not timed: the queries of one more row do not grow with the rows before it."""
    counts = []
    for number in (20, 60):
        rows = [(f"Tool {chr(97 + n % 26) * 3}{n * 7919 % 1000:03d}{chr(97 + n // 26) * 3} {number}", "Maker Ltd", "1", "Other", f"Use {n}.", "Main site",
                 "Live", "2024", "No", "None") for n in range(number)]  # fmt: skip
        data = registers.tidy(*rows)
        row = registers.mapped(world, data)
        found = _check(world, row, data)
        with transaction():
            import_operations.say_tools(
                row=row, tools=[(each.name, each.maker, "other") for each in found.questions], version_id=row.version_id,
                by=registers.lead(world), at=clock.now(),
            )  # fmt: skip
        db.session.expire_all()
        with statements() as told:
            _bring_in(world, row, data)
        counts.append(len(told))
    more = (counts[1] - counts[0]) / 40
    assert counts[0] / 20 * 0.8 < more < counts[0] / 20 * 1.1


MANY = tuple(
    ("Queuewell", "Queuewell Ltd", "5", "Administrative", f"Sorts letters of clinic {n}. A clerk checks each.", *registers.TIDY[1][5:])
    for n in range(import_operations.AT_ONCE + 1)
)  # fmt: skip


def _asked(world: World, data: bytes) -> tuple[RegisterImport, Job]:
    row = registers.mapped(world, data, sha256=house().storage.put_content(data))
    with transaction():
        import_operations.ask_to_bring_in(
            row=row, rows=registers.rows_of(row, data), version_id=row.version_id, by=registers.lead(world), at=clock.now()
        )
    job = import_queries.job_of(row)
    assert row.status == "mapped" and job is not None
    return row, job


@pytest.mark.parametrize("backend", ["sqlite"], scope="session")
def test_many_rows_are_brought_in_by_a_job_once(world: World) -> None:
    row, job = _asked(world, registers.tidy(*MANY))
    ident, job_id = row.id, job.id
    db.session.rollback()
    for _ in range(2):
        queue.run(job_id)
    assert db.session.get_one(Job, job_id).status == "done"
    assert db.session.get_one(RegisterImport, ident).status == "brought_in"
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Declaration)) == len(MANY)
    assert _findings() == []


def test_a_job_that_meets_a_changed_import_brings_nothing_in_and_says_why(world: World) -> None:
    row, job = _asked(world, registers.tidy(*MANY))
    ident, job_id = row.id, job.id
    with transaction():
        import_operations.leave_out(row=row, rows=[2], version_id=row.version_id, by=registers.lead(world), at=clock.now())
    queue.run(job_id)
    job = db.session.get_one(Job, job_id)
    assert job.status == "failed" and "Somebody changed this" in job.said
    assert db.session.get_one(RegisterImport, ident).status == "mapped"
