"""The demonstration comes whole or not at all, and never over what people entered."""

import io
import os
import shutil
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pikepdf
import pytest
from flask_migrate import upgrade

from governance import clock
from governance.assessment.question_sets import contradictions, loader, outcomes, rules
from governance.assessment.sheets.queries import SheetView
from governance.assessment.suppliers.reading import reader
from governance.database import db, transaction
from governance.demo import answering, aside, build, cast, content, directory, showing, steps, suppliers
from governance.extensions import house
from governance.identity import operations as identity
from governance.identity import queries
from governance.intake.declarations import rules as declarations
from governance.monitoring.readings import rules as readings
from governance.monitoring.signals import rules as signals
from governance.permissions import OPERATOR
from tests.applications import make_app

ON_SQLITE = pytest.mark.parametrize("backend", ["sqlite"], scope="session")


@pytest.fixture
def empty(tmp_path):
    """An application whose register is empty."""
    folder = tmp_path / "instance"
    made = make_app(f"sqlite:///{folder / 'governance.db'}", folder)
    with made.app_context():
        upgrade()
        yield made
        db.session.remove()
        db.engine.dispose()


def found(code):
    with transaction():
        identity.found_organisation(
            code=code, name=code, kind="trust", started_on=date(2026, 1, 1), provenance="default", by=OPERATOR, at=clock.now()
        )


def small(file: Path) -> str:
    """A world of one organisation and one file, as the real one ends: with its people."""
    found("DEM01")
    house().storage.put_content(b"evidence")
    return build.write_people(file, [("DEM01", "Rowan Proforma", "digital lead", "rowan@example", "secret")])


def half(file: Path) -> str:
    found("DEM01")
    raise RuntimeError("the disk is full")


def files(app):
    return sorted(str(each.relative_to(app.instance_path)) for each in Path(app.instance_path).glob("demo-*"))


def test_a_finished_world_is_moved_in_with_its_people_and_files(empty):
    said = aside.make(empty, small, build.is_empty)
    assert "Rowan Proforma" in said
    assert queries.organisation_by_code("DEM01").name == "DEM01"
    assert files(empty) == ["demo-people.txt"]
    assert len(list(house().storage.keys("sha256/"))) == 1
    assert (Path(empty.instance_path) / "demo-people.txt").stat().st_mode & 0o077 == 0


def test_a_build_that_fails_leaves_nothing(empty):
    with pytest.raises(RuntimeError):
        aside.make(empty, half, build.is_empty)
    assert build.is_empty()
    assert files(empty) == []


def test_a_build_that_is_killed_leaves_the_register_empty_and_the_next_one_begins_anew(empty):
    db.engine.dispose()
    child = os.fork()
    if not child:
        try:
            aside.make(empty, lambda file: (found("DEM01"), os._exit(9))[0], build.is_empty)
        finally:
            os._exit(1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 9
    assert files(empty) == ["demo-unfinished"]
    assert build.is_empty()
    aside.clear(empty)
    aside.make(empty, small, build.is_empty)
    assert files(empty) == ["demo-people.txt"]


def test_what_people_entered_meanwhile_stays(empty):
    def overtaken(file: Path) -> str:
        with empty.app_context():
            found("RTH01")
        return small(file)

    aside.make(empty, overtaken, build.is_empty)
    assert queries.organisation_by_code("RTH01").name == "RTH01"
    assert files(empty) == []


def test_the_command_adds_nothing_to_a_register_in_use_and_clears_what_was_left(empty):
    found("RTH01")
    shutil.copytree(Path(empty.instance_path) / "keys", Path(empty.instance_path) / aside.FOLDER / "keys")
    done = empty.test_cli_runner().invoke(args=["demo"])
    assert done.output == "There is data already: nothing was added.\n"
    assert files(empty) == []


def test_an_unfinished_world_in_a_database_of_its_own_is_said_and_not_removed(empty):
    found("DEM01")
    (Path(empty.instance_path) / aside.FOLDER).mkdir()
    (Path(empty.instance_path) / aside.FOLDER / aside.IN_PLACE).touch()
    done = empty.test_cli_runner().invoke(args=["demo"])
    assert done.exit_code == 1
    assert "The demo was not finished" in done.output
    assert queries.organisation_by_code("DEM01").name == "DEM01"


MONTHS = [clock.add_months(date(2024, 7, 1), n) for n in range(28)]
DIRECTIONS = ("down", "up", "down")


def seen(number, *, anew=()):
    """What each figure of the tool that is watched for two years showed as the newest, and its chart today."""
    said = content.in_use()["sortwell"]["figures"][number]
    values = [Decimal(str(value)) for value in said["values"]]
    target, bounds = Decimal(said["target"]), {name: Decimal(said[name]) for name in ("limit_low", "limit_high") if name in said}
    watched = signals.Watched(
        name="it", unit=said["unit"], direction=DIRECTIONS[number], frequency="monthly", profile="making_data_count",
        target=target, limit_low=bounds.get("limit_low"), limit_high=bounds.get("limit_high"), first_period_on=MONTHS[0],
    )  # fmt: skip
    figures = list(zip(MONTHS, values, strict=True))
    found = []
    for n, month in enumerate(MONTHS):
        on = clock.add_months(month, 1) + timedelta(days=7)
        begun = [each for each in anew if each <= month]
        found += signals.seen(watched, figures[: n + 1], begun, since=month, on=on)
    return found, readings.chart(
        figures, direction=DIRECTIONS[number], profile="making_data_count", target=target, rebase_on=anew
    )


def test_one_figure_drifts_one_improves_and_one_hits_and_misses_its_target():
    drifts, chart = seen(0, anew=[MONTHS[13]])
    assert [(each.kind, each.level, each.period_on) for each in drifts] == [("special_cause", "red", MONTHS[-1])]
    assert chart.last.variation == "concern"
    better, chart = seen(1)
    assert (better, chart.last.variation) == ([], "improvement")
    steady, chart = seen(2)
    assert (steady, chart.last.variation, chart.assurance) == ([], "common_cause", "hit_and_miss")


@pytest.mark.parametrize("name", [name for name, said in content.in_use().items() if "declared" in said])
def test_what_is_declared_can_be(name):
    said = {"stage": "pilot", "in_use_since": "2022"} | content.in_use()[name]["declared"]
    assert declarations.declaration_blockers(said | {"sites": [1]}, on=clock.today()) == []


def test_everybody_invented_says_so_and_has_an_address_of_their_own():
    assert all(each.name.endswith("(invented)") and each.code.startswith("DEM") for each in directory.PROVIDERS)
    addresses = [cast.email_of(part.name, part.organisation) for part in cast.CAST]
    assert len(set(addresses)) == len(addresses)
    assert all(address.endswith(".example") for address in addresses)


@pytest.mark.parametrize("day", [date(2026, 11, 1), date(2026, 11, 22), date(2027, 3, 31), date(2028, 2, 29), date(2031, 1, 4)])
def test_two_years_of_figures_fit_on_any_day(day):
    with clock.fixed(day):
        first = clock.add_months(steps.newest(), -27)
        assert build.begun().date() < first
        assert steps.days_since(steps.entered_on(steps.newest())) >= 6
        assert len(set(build.STORIES)) == len(build.STORIES)


TOLD = [path.stem for path in sorted((Path(content.HERE) / "answers").glob("*.yaml"))]
NEVER_REACHED = {"dpia-1": {"DP7.3"}}
"""Nobody of the demonstration consulted the ICO."""


def told(name, question_set, depth="full", **changed):
    """A sheet as a story answers it from nothing, when it asks for business as usual."""
    story = content.story(name) | changed
    published = loader.question_set(question_set)
    facts = story["facts"] | {"stage": "business_as_usual", "tier": "high", "depth": depth}
    view = SheetView(published, None, "", {}, rules.state_of(published, {}, facts), facts)
    return published, {each.code: each.answer for each in showing.waiting(story, view)}, facts


@pytest.mark.parametrize("question_set", TOLD)
def test_every_question_that_the_stories_reach_is_answered_in_words_of_its_own(question_set):
    published = loader.question_set(question_set)
    written = answering.written(question_set)
    assert set(written) | NEVER_REACHED.get(question_set, set()) == set(published.by_code)


@pytest.mark.parametrize("question_set", TOLD)
@pytest.mark.parametrize("name", ["chestwise", "sortwell"])
def test_what_a_story_answers_stops_nothing(name, question_set):
    for depth in ("full", "short"):
        published, given, facts = told(name, question_set, depth)
        assert rules.outstanding(published, given, facts) == []
        assert outcomes.unmet(published, given, facts) == []
        assert contradictions.contradictions(published, given, facts) == []


def test_the_scribe_leaves_a_high_risk_and_open_requirements_behind():
    published, given, facts = told("letterwell", "dpia-1")
    assert [each.code for each in rules.outstanding(published, given, facts)] == ["dpia-1:DP7.3"]
    assert given["DP7.2"].value == "high"
    published, given, facts = told("letterwell", "dcb0160-3.2")
    assert len(rules.outstanding(published, given, facts)) > 10
    assert "dcb0160-3.2:R2.6.1" in [each.code for each in outcomes.unmet(published, given, facts)]


def test_a_device_is_what_its_triage_says():
    for name, story in (content.stories() | content.in_use()).items():
        if story.get("facts", {}).get("direct_care") == "yes":
            _, given, _ = told(name, "device-1")
            assert given["mhra_class"].value == story["facts"]["device"]


def test_every_file_stands_behind_questions_that_are_there():
    for piece in answering.pieces().values():
        for question_set, codes in (piece.get("supports", {}) | piece.get("always", {})).items():
            assert set(codes) <= set(loader.question_set(question_set).by_code)


def test_the_form_of_the_supplier_is_read_but_for_what_it_left_empty():
    filled = suppliers.form(content.story("chestwise"))
    read = reader.read_form(filled.data, kind=filled.kind, published=loader.question_set(suppliers.DTAC))
    assert read.unknown == ()
    assert {each.code for each in read.findings if each.status == reader.EMPTY} >= set(suppliers.LEFT_EMPTY)
    assert read.counts[reader.UNCLEAR] == 0
    assert read.counts[reader.READ] > 45


def test_files_of_the_demonstration_are_pdfs_of_one_page():
    data = content.paper("Manufacturer’s (clinical) safety case", "Northgate Imaging Ltd").data
    with pikepdf.open(io.BytesIO(data)) as opened:
        assert len(opened.pages) == 1


@pytest.mark.parametrize("days", [45, 100, 500, 900])
def test_every_file_is_issued_before_it_is_attached_and_has_not_ended_then(days):
    on = clock.today() - timedelta(days=days)
    for name in ("chestwise", "sortwell"):
        for piece in answering.pieces():
            issued, ends = answering.dates(piece, content.story(name), on)
            assert issued <= on, piece
            assert ends is None or ends >= on, piece
