"""axe finds nothing on any page: WCAG 2.0, 2.1 and 2.2, levels A and AA. Every GET route is opened by somebody who may."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from governance.permissions import Role
from tests.browser.conftest import Start
from tests.browser.people import Somebody
from tests.contracts import sweep

Open = Callable[..., Somebody]
Template = tuple[str, Path]
ROLES = (
    Role.DIGITAL_LEAD, Role.CSO, Role.ORGANISATION_ADMINISTRATOR, Role.BOARD_MEMBER, Role.AUTHORISING_EXECUTIVE,
    Role.CLINICAL_LEAD,
)  # fmt: skip
RULES: dict[str, Any] = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"],
    "resultTypes": ["violations"],
}
NOT_PAGES = {
    "static": "files",
}
"""What the sweep of pages leaves out, each with its reason."""


def faults(page: Page) -> list[str]:
    """What axe finds: rule, what is wrong, and where first."""
    found = Axe().run(page, options=RULES).response["violations"]
    return [f"{page.url}: {each['id']}: {each['help']}: {each['nodes'][0]['html'][:200]}" for each in found]


@pytest.fixture(scope="module")
def shares(swept_template: Template, tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, str]]:
    """{role: {endpoint: address}}: each page with the first role that is shown it. Nobody's pages stand under ""."""
    from tests.contracts.conftest import opened

    given: dict[str, dict[str, str]] = {role.value: {} for role in ROLES} | {"": {}}
    for app in opened(swept_template, tmp_path_factory.mktemp("shares")):
        seen: set[str] = set()
        for role in ROLES:
            for place, answer in sweep.walk(app, role):
                is_page = answer.status_code == 200 and answer.mimetype == "text/html"
                if is_page and (place.endpoint not in seen or place.endpoint == "home.home"):
                    given[role.value][place.endpoint] = place.url
                    seen.add(place.endpoint)
        given[""] = {each.endpoint: each.url for each in sweep.everywhere(app) if each.method == "GET" and each.endpoint not in seen}
    return given


@pytest.mark.parametrize("role", ROLES)
def test_axe_finds_nothing(
    swept_template: Template, serve: Start, somebody: Open, shares: dict[str, dict[str, str]], role: Role
) -> None:
    address, _ = serve(swept_template)
    person = somebody(address, role.value, "RTH01")
    found: list[str] = []
    for path in shares[role.value].values():
        assert person.open(path) == 200, path
        found += faults(person.page)
    assert not found, "\n".join(found)
    assert shares[role.value]


def test_every_get_route_is_looked_at(shares: dict[str, dict[str, str]]) -> None:
    assert sorted(shares[""]) == sorted(NOT_PAGES), " ".join(sorted(shares[""]))
