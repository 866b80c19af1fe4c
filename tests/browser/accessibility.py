"""What axe finds on a page: WCAG 2.0, 2.1 and 2.2, levels A and AA."""

from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

RULES: dict[str, Any] = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"],
    "resultTypes": ["violations"],
}


def faults(page: Page) -> list[str]:
    """One line for each rule broken: where, which, and the first element."""
    found = Axe().run(page, options=RULES).response["violations"]
    return [f"{page.url}: {each['id']}: {each['help']}: {each['nodes'][0]['html'][:200]}" for each in found]
