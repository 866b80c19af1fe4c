"""What the README claims can be checked."""

from pathlib import Path

from flask import Flask

from governance import lifecycle
from governance.identity import queries

README = (Path(__file__).resolve().parents[2] / "README.md").read_text()


def test_the_diagram_is_what_the_command_prints(app: Flask) -> None:
    printed = app.test_cli_runner().invoke(args=["lifecycle-diagram"]).output
    assert printed.strip() == lifecycle.diagram().strip()
    assert printed.strip() in README


def test_every_command_that_is_named_is_there(app: Flask) -> None:
    named = {line.split()[1] for line in README.splitlines() if line.startswith("flask ")}
    assert named
    assert named <= set(app.cli.commands) | {"db"}


def test_the_first_administrator_of_a_new_register(app: Flask) -> None:
    done = app.test_cli_runner().invoke(
        args=["people", "first", "QMF", "NHS North East London ICB", "Kit Prototype", "kit@qmf.example"]
    )
    assert done.exit_code == 0, done.output
    person = queries.person_by_email("kit@qmf.example")
    assert person is not None
    assert [each.code for each in queries.organisations_of(person.id, person.created_at.date())] == ["QMF"]


def test_a_second_administrator_with_the_same_address_is_refused_in_a_sentence(app: Flask) -> None:
    words = ["people", "first", "QMF", "NHS North East London ICB", "Kit Prototype", "cso@qkk.example"]
    done = app.test_cli_runner().invoke(args=words)
    assert done.exit_code == 1
    assert "has an account already" in done.output
