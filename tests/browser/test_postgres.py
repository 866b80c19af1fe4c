"""The same pages on PostgreSQL: sign in, open a submission, sign it."""

from collections.abc import Callable
from pathlib import Path

import pytest

from governance.database import db
from tests.browser import steps
from tests.browser.conftest import Start
from tests.browser.people import Somebody
from tests.browser.test_refusals import behind, nothing

Open = Callable[..., Somebody]


@pytest.mark.parametrize("backend", ["postgresql"], scope="session")
def test_a_safety_officer_signs(submitted_template: tuple[str, Path], serve: Start, somebody: Open) -> None:
    address, app = serve(submitted_template)
    with app.app_context():
        assert db.engine.dialect.name == "postgresql"
    path = behind(app, nothing)
    cso = somebody(address, "cso", "RTH01")
    assert cso.open(path) == 200
    assert "Chestwise Triage" in cso.heading
    steps.sign(cso, path, "cso")
    cso.open(path)
    assert "clinical lead" in cso.page.locator(".turn").first.inner_text()
