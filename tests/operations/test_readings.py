"""Entering figures: what is taken, what is refused, and that nothing entered can be changed unseen."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from governance import clock
from governance.audit import export, stand_alone, verify
from governance.audit.redactions import operations as redacting
from governance.audit.redactions import queries as redactions
from governance.database import db, read_only, transaction
from governance.database.transactions import writable
from governance.errors import Conflict, Forbidden, NotVisible, Refused
from governance.extensions import house
from governance.monitoring.readings import operations, queries
from governance.monitoring.readings.models import Reading, ReadingBatch
from governance.monitoring.readings.rules import Entry
from governance.permissions import OPERATOR, Role
from governance.register import queries as register
from governance.register.models import Deployment
from tests import monitored, proposals
from tests.world import World

OCTOBER, SEPTEMBER = date(2026, 10, 1), date(2026, 9, 1)


@pytest.fixture
def where(app: Flask, world: World) -> Deployment:
    """A declared tool at the trust, with one indicator."""
    found = monitored.deployment(world)
    monitored.measure(world, found)
    return found


def findings() -> list[str]:
    with read_only() as session:
        return verify.verify(session, house().storage, house().keyring).findings


def test_figures_are_entered_together_and_partners_see_the_last(world: World, where: Deployment) -> None:
    batch = monitored.enter(world, where, [2, 3, "2.5"])
    assert (batch.row_count, batch.source, len(batch.digest)) == (3, "form", 64)
    indicator = queries.indicator(where, 1)
    assert [value for _, value in monitored.held(indicator)] == [Decimal(2), Decimal(3), Decimal("2.5")]
    seen = register.projection(where)
    assert seen is not None and seen.monitored_to == OCTOBER
    assert seen.performance[0]["value"] == "2.5" and seen.performance[0]["name"] == "Urgent findings missed"
    assert findings() == []


def test_one_figure_alone_is_shown_to_partners_too(world: World, where: Deployment) -> None:
    monitored.enter(world, where, [3])
    seen = register.projection(where)
    assert seen is not None and seen.performance[0]["value"] == "3" and seen.performance[0]["variation"] == ""


def test_a_correction_is_a_newer_row_with_its_note(world: World, where: Deployment) -> None:
    monitored.enter(world, where, [2, 3])
    with pytest.raises(Refused) as refused:
        monitored.put(world, where, [Entry(1, OCTOBER, Decimal(1))])
    assert refused.value.sentences == ("Urgent findings missed, October 2026: 3 is held already. Say in a note why it changes.",)
    monitored.put(world, where, [Entry(1, OCTOBER, Decimal(1), "Two were found to be planned reviews.")])
    indicator = queries.indicator(where, 1)
    assert monitored.held(indicator)[-1] == (OCTOBER, Decimal(1))
    assert [(each.revision, each.value) for each in queries.entered(indicator)] == [(2, 1), (1, 3), (1, 2)]
    assert findings() == []


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        (Entry(1, date(2026, 11, 1), Decimal(1)), "November 2026: this period is not over yet."),
        (Entry(1, date(2026, 10, 2), Decimal(1)), "no period begins on this day."),
        (Entry(1, OCTOBER, Decimal("0.1234567")), "the figure must have 6 decimal places or fewer."),
        (Entry(1, OCTOBER, Decimal("1E+20")), "the figure must be a number, like 12.5."),
        (Entry(1, OCTOBER, Decimal(1), "x" * 301), "the note must be 300 characters or fewer."),
    ],
)
def test_what_is_wrong_with_one_figure_keeps_all_of_them_out(
    world: World, where: Deployment, entry: Entry, said: str
) -> None:
    with pytest.raises(Refused) as refused:
        monitored.put(world, where, [Entry(1, SEPTEMBER, Decimal(1)), entry])
    assert refused.value.sentences[0].endswith(said)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Reading)) == 0


def test_the_same_figure_twice_or_again_or_none_is_refused(world: World, where: Deployment) -> None:
    twice = [Entry(1, OCTOBER, Decimal(1)), Entry(1, OCTOBER, Decimal(2))]
    for entries, code in ((twice, "twice"), ([], "none")):
        with pytest.raises(Refused) as refused:
            monitored.put(world, where, entries)
        assert code in refused.value.codes
    monitored.enter(world, where, [1])
    with pytest.raises(Refused) as refused:
        monitored.enter(world, where, [1])
    assert refused.value.sentences == ("Every figure is held already as it is given.",)
    with pytest.raises(NotVisible):
        monitored.put(world, where, [Entry(7, OCTOBER, Decimal(1))])


@pytest.mark.parametrize("role", [Role.CSO, Role.SRO, Role.AUDITOR])
def test_only_the_digital_lead_and_the_clinical_lead_enter(world: World, where: Deployment, role: Role) -> None:
    with pytest.raises(Forbidden), transaction():
        operations.enter(
            deployment=where, entries=[Entry(1, OCTOBER, Decimal(1))], by=world.actor(role, "RTH01"), at=clock.now()
        )
    with transaction():
        operations.enter(
            deployment=where, entries=[Entry(1, OCTOBER, Decimal(1))], by=world.actor(Role.CLINICAL_LEAD, "RTH01"), at=clock.now()
        )


def test_nobody_of_another_organisation_enters(world: World, where: Deployment) -> None:
    with pytest.raises(NotVisible), transaction():
        operations.enter(
            deployment=where, entries=[Entry(1, OCTOBER, Decimal(1))], by=world.actor(Role.DIGITAL_LEAD, "QWE"), at=clock.now()
        )


def behind_its_back(statement: str) -> None:
    """Run a statement on readings with the table's triggers off."""
    db.session.remove()
    with writable(), db.engine.begin() as connection:
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql("DROP TRIGGER reading_no_update")
            connection.exec_driver_sql("DROP TRIGGER reading_no_delete")
        else:
            connection.exec_driver_sql("ALTER TABLE reading DISABLE TRIGGER USER")
        connection.exec_driver_sql(statement)


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("UPDATE reading SET value = '1' WHERE value = '3'", "its figures are not as they were entered."),
        ("UPDATE reading SET note = 'So be it.' WHERE value = '3'", "its figures are not as they were entered."),
        ("DELETE FROM reading WHERE value = '3'", "its figures are not as they were entered."),
        ("DELETE FROM reading", "its figures are gone."),
    ],
)
def test_a_figure_changed_past_the_product_is_found(
    world: World, where: Deployment, statement: str, said: str, tmp_path: Path
) -> None:
    ident = monitored.enter(world, where, [2, 3]).id
    assert outside(tmp_path / "whole.jsonl") == []
    behind_its_back(statement)
    assert findings() == [f"reading_batch row {ident}: {said}"]
    assert outside(tmp_path / "changed.jsonl") == [f"reading_batch row {ident}: its figures differ."]


def test_a_note_that_was_redacted_leaves_the_figures_whole_here_and_in_an_export(
    world: World, where: Deployment, tmp_path: Path
) -> None:
    monitored.enter(world, where, [2, 3])
    text = "Mrs Bloggs of Ward 7"
    by = world.actor(Role.DIGITAL_LEAD, where.organisation.code)
    with transaction():
        operations.enter(deployment=where, entries=[Entry(1, OCTOBER, Decimal(4), text)], by=by, at=clock.now())
    with read_only() as session:
        places = [each for each in redactions.find(session, text) if not each.kept]
    request = redacting.Request("The Caldicott Guardian", "An operator", "A name was typed by mistake")
    with transaction():
        redacting.remove(places=places, text=text, request=request, keyring=house().keyring, by=OPERATOR, at=clock.now())
    assert (findings(), outside(tmp_path / "redacted.jsonl")) == ([], [])
    assert text not in (tmp_path / "redacted.jsonl").read_text()


def outside(file: Path) -> list[str]:
    """What the verifier finds that has nothing but an export of the record."""
    with read_only() as session:
        export.write(session, house().storage, house().keyring, file, at=clock.now())
    return stand_alone.Check().read(str(file))


def change(world: World, where: Deployment, reason: str = "Agreed at the board.", **changed: Any) -> None:
    with transaction():
        indicator = queries.indicator(where, 1)
        operations.change_indicator(
            indicator=indicator, changed=changed, reason=reason, version_id=indicator.version_id,
            by=world.actor(Role.CSO, "RTH01"), at=clock.now(),
        )  # fmt: skip


def test_limits_change_with_a_reason_that_stays(world: World, where: Deployment) -> None:
    change(world, where, limit_high=Decimal(6), target=Decimal("2.5"))
    indicator = queries.indicator(where, 1)
    assert (indicator.limit_high, indicator.target, indicator.target_text) == (6, Decimal("2.5"), "2.5 in 1,000")
    (added, _), (changed, name) = queries.changes_of(indicator)
    assert (added.kind, changed.kind, changed.reason, name) == ("added", "changed", "Agreed at the board.", "Cso of RTH01")
    assert changed.changes == [["target", "2", "2.5"], ["upper limit", "4", "6"]]
    assert findings() == []


def test_a_change_without_reason_or_without_change_is_refused(world: World, where: Deployment) -> None:
    for changed, reason, code in (
        ({"limit_high": Decimal(6)}, " ", "reason"),
        ({"limit_high": Decimal(4)}, "Why not.", "unchanged"),
        ({"limit_low": Decimal(9)}, "Why not.", "limit_high"),
        ({"owner_role": "auditor"}, "Why not.", "owner_role"),
    ):
        with pytest.raises(Refused) as refused:
            change(world, where, reason, **changed)
        assert refused.value.codes == (code,)
    with pytest.raises(Conflict), transaction():
        operations.change_indicator(
            indicator=queries.indicator(where, 1), changed={"limit_high": Decimal(9)}, reason="Why not.", version_id=99,
            by=world.actor(Role.CSO, "RTH01"), at=clock.now(),
        )  # fmt: skip


def test_what_is_not_measured_any_more_takes_no_later_figure(world: World, where: Deployment) -> None:
    with transaction():
        indicator = queries.indicator(where, 1)
        operations.end_indicator(
            indicator=indicator, reason="The audit ended.", version_id=1, by=world.actor(Role.CSO, "RTH01"), at=clock.now()
        )
    monitored.enter(world, where, [2])
    with clock.fixed(date(2027, 1, 15)), pytest.raises(Refused):
        monitored.enter(world, where, [2])


def test_new_limits_begin_with_a_figure_and_a_reason(world: World, where: Deployment) -> None:
    monitored.enter(world, where, [2, 3, 2])
    indicator = queries.indicator(where, 1)
    for period, reason, code in (
        (date(2026, 7, 1), "New scanner.", "period"),
        (date(2026, 8, 1), "New scanner.", "period"),
        (OCTOBER, " ", "reason"),
    ):
        with pytest.raises(Refused) as refused, transaction():
            operations.rebase(indicator=indicator, period_on=period, reason=reason, by=world.actor(Role.CSO, "RTH01"), at=clock.now())
        assert code in refused.value.codes
    with transaction():
        operations.rebase(
            indicator=indicator, period_on=OCTOBER, reason="New scanner.", by=world.actor(Role.CSO, "RTH01"), at=clock.now()
        )
    assert [row.period_on for row in queries.rebases_of([indicator.id])[indicator.id]] == [OCTOBER]
    assert findings() == []


def test_nothing_is_measured_before_pilot(app: Flask, world: World) -> None:
    submission = proposals.proposed(world)
    assert submission.deployment is not None
    with pytest.raises(Refused) as refused:
        monitored.measure(world, submission.deployment)
    assert refused.value.codes == ("monitoring.early",)


def test_batches_are_found_only_where_they_belong(world: World, where: Deployment) -> None:
    batch = monitored.enter(world, where, [2])
    other = monitored.deployment(world, tool_name="Other", manufacturer="Other Ltd")
    assert len(queries.batch(where, batch.id)[1]) == 1
    with pytest.raises(NotVisible):
        queries.batch(other, batch.id)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(ReadingBatch)) == 1
