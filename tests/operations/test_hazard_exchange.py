"""Bringing hazard logs in and taking starting hazards, on both databases: the log's own operations, all rows or none."""

import pytest

from governance import clock
from governance.assessment.hazards import operations as hazards
from governance.assessment.hazards import queries, rules
from governance.assessment.hazards.exchange import operations, sheets
from governance.assessment.hazards.exchange import queries as imports
from governance.assessment.hazards.matrix import matrix
from governance.assessment.hazards.starters import operations as starters
from governance.assessment.hazards.starters.library import library
from governance.audit import verify
from governance.database import read_only, transaction
from governance.errors import Conflict, Forbidden, NotVisible, Refused
from governance.extensions import house
from governance.jobs import queue
from governance.register.models import Deployment
from tests import logs, safety


@pytest.fixture
def planned(world) -> Deployment:
    """A deployment with its plan approved and one hazard closed, as far as one can be."""
    deployment = safety.deploy(world).deployment
    with transaction():
        cso, at = world.actor("cso", "RTH01"), clock.now()
        safety.approve_plan(deployment, safety.write_plan(deployment, cso), cso)
        hazard = safety.scored_hazard(deployment, cso, reason="Each image is read within 24 hours.\n“=1+1”")
        control = hazard.controls[0]
        hazards.change_control(
            hazard=hazard, control=control, kind="design", description="Second read\n2. always", implementation="Seen on 2 November",
            effectiveness="Audit", version_id=None, by=cso, at=at,
        )  # fmt: skip
        hazards.change_status(hazard=hazard, status="closed", reason="", version_id=None, by=cso, at=at)
        hazards.add_hazard(deployment=deployment, name="Not scored", supplier={"reference": "H-1", "scheme": "To 25"}, by=cso, at=at)
    return deployment


def bring_in(row, data, by) -> None:
    operations.bring_in(row=row, rows=logs.rows_of(row, data), version_id=row.version_id, by=by, at=clock.now())


def whole() -> list[str]:
    """What verifying the chain finds."""
    with read_only() as session:
        return verify.verify(session, house().storage, house().keyring).findings


def without_source(content):
    return [{name: value for name, value in each.items() if name != "source"} for each in content]


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_a_log_written_and_brought_into_an_empty_one_is_the_same_log(world, planned, kind):
    content, cso = queries.log_content(planned), world.actor("cso", "RTH01")
    assert [each["status"] for each in content] == ["closed", "open"]
    data = sheets.delimited(content, matrix()) if kind == "csv" else sheets.workbook(content, matrix(), [], title="", made_at=clock.now())
    other = safety.deploy(world, tool="Lungwatch").deployment
    with transaction():
        safety.approve_plan(other, safety.write_plan(other, cso), cso)
        row = logs.mapped(other, cso, data, filename=f"log.{kind}", patients="")
        bring_in(row, data, cso)
    assert without_source(queries.log_content(other)) == without_source(content)
    assert [each["source"] for each in queries.log_content(other)] == [f"import:log.{kind}"] * 2
    assert [entry[:2] for entry in row.account] == [[2, "1"], [3, "2"]]
    assert queries.hazard(other, 1).revision > 3
    assert whole() == []


def test_one_faulty_row_keeps_every_row_out_until_it_is_left_out(world, planned):
    lead = world.actor("digital_lead", "RTH01")
    data = logs.csv(logs.ROWS[0], (2, "Not scored", *logs.ROWS[1][2:]))
    with transaction():
        row = logs.mapped(planned, lead, data)
    with transaction(), pytest.raises(Refused, match="1 row has a fault. Correct it, or leave it out"):
        bring_in(row, data, lead)
    assert len(queries.hazards(planned)) == 2
    with transaction(), pytest.raises(Conflict):
        operations.leave_out(row=row, rows=[3], version_id=99, by=lead, at=clock.now())
    with transaction():
        operations.leave_out(row=row, rows=[3], version_id=row.version_id, by=lead, at=clock.now())
        bring_in(row, data, lead)
    assert [each.number for each in queries.hazards(planned)] == [1, 2, 3]
    assert [entry[2] for entry in row.account] == ["Wrong patient’s letter opened: added as hazard 3.", "Not scored: left out."]
    with transaction(), pytest.raises(Refused, match="brought in already"):
        bring_in(row, data, lead)
    with transaction():
        again = logs.uploaded(planned, lead, data)
        assert again.mapping["patients"] == "single"
    assert whole() == []


def test_a_supplier_s_log_comes_in_unscored_with_its_scheme_named(world, planned):
    lead, data = world.actor("digital_lead", "RTH01"), logs.csv(*logs.SUPPLIERS)
    with transaction():
        with pytest.raises(Refused, match="Name the scheme"):
            logs.mapped(planned, lead, data, whose="supplier")
        row = logs.mapped(planned, lead, data, whose="supplier", scheme="To 25")
        bring_in(row, data, lead)
    found = queries.hazard(planned, 3)
    assert (found.supplier_reference, found.supplier_initial) == ("H-07", "severity 5, likelihood 3, rating 15")
    assert (found.initial_rating, found.residual_rating, found.supplier_scheme) == (None, None, "To 25")


def test_without_an_approved_plan_hazards_come_in_without_their_scores(world):
    deployment, lead, data = safety.deploy(world).deployment, world.actor("digital_lead", "RTH01"), logs.csv()
    with transaction():
        bring_in(logs.mapped(deployment, lead, data), data, lead)
    assert imports.unscored_because(deployment, lead)
    assert [(each.name, each.initial_rating) for each in queries.hazards(deployment)] == [
        ("Wrong patient’s letter opened", None), ("Letter lost, “in part”", None),
    ]  # fmt: skip


def test_many_rows_are_a_job_and_too_many_are_refused(world, planned):
    lead = world.actor("digital_lead", "RTH01")
    data = logs.csv(*((n, f"Hazard number {n}", *logs.ROWS[1][2:]) for n in range(operations.AT_ONCE + 1)))
    with transaction():
        row = logs.mapped(planned, lead, data, sha256=house().storage.put_content(data))
        operations.ask_to_bring_in(row=row, rows=logs.rows_of(row, data), version_id=row.version_id, by=lead, at=clock.now())
    job = imports.job_of(row)
    queue.run(job.id)
    assert imports.hazard_import(planned, row.id).status == "brought_in"
    assert len(queries.hazards(planned)) == operations.AT_ONCE + 3
    most = logs.csv(*((n, f"Hazard {n}", *[""] * 17) for n in range(501)))
    with transaction(), pytest.raises(Refused, match="At most 500 hazards"):
        logs.uploaded(planned, lead, most)


def test_only_the_deploying_organisation_brings_hazards_in(world, planned):
    data = logs.csv()
    for code, role, refusal in (("QKK", "digital_lead", NotVisible), ("RTH01", "siro", Forbidden)):
        with transaction(), pytest.raises(refusal):
            logs.uploaded(planned, world.actor(role, code), data)


def test_starting_hazards_are_taken_once_unscored_with_controls_not_verified(world, planned):
    lead, kind = world.actor("digital_lead", "RTH01"), library().of("imaging")
    with transaction():
        made = starters.take(deployment=planned, kind=kind, numbers=[1, 3], in_place={(1, 0)}, by=lead, at=clock.now())
    first, third = made
    assert (first.source, third.source, first.initial_rating) == ("library:imaging 1", "library:imaging 3", None)
    assert [each.kind for each in rules.in_place(first)] == ["existing", "design", "test", "business_process"]
    assert {each.implementation + each.effectiveness for each in rules.in_place(first)} == {""}
    for numbers, said in (([1], "in the log already, as hazard 3"), ([], "Choose at least one hazard")):
        with transaction(), pytest.raises(Refused, match=said):
            starters.take(deployment=planned, kind=kind, numbers=numbers, in_place=set(), by=lead, at=clock.now())
    with transaction(), pytest.raises(Forbidden):
        starters.take(deployment=planned, kind=kind, numbers=[2], in_place=set(), by=world.actor("siro", "RTH01"), at=clock.now())
    assert whole() == []
