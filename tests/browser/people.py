"""Somebody at a browser: signs in, goes to pages, fills forms, signs with a password."""

from __future__ import annotations

from playwright.sync_api import Page

from tests.world import PASSWORD


class Somebody:
    """One person of the small world in a page of their own."""

    def __init__(self, page: Page, address: str, role: str, code: str) -> None:
        self.page, self.address, self.role, self.code = page, address, role, code

    def sign_in(self) -> None:
        """Sign in with e-mail and password."""
        self.page.goto(f"{self.address}/sign-in")
        self.page.get_by_label("E-mail address").fill(f"{self.role}@{self.code.lower()}.example")
        self.page.locator("input[name=password]").fill(PASSWORD)
        self.page.get_by_role("button", name="Sign in").click()
        assert "/sign-in" not in self.page.url, self.page.locator("main").inner_text()

    def open(self, path: str) -> int:
        """Go to a path; gives the status."""
        answer = self.page.goto(self.address + path)
        assert answer is not None
        return answer.status

    def press(self, name: str) -> None:
        """Press a button or follow a link that looks like one."""
        self.page.locator("main").get_by_role("button", name=name, exact=True).click()

    def fill(self, **values: str) -> None:
        """Fill fields by their names."""
        for name, value in values.items():
            self.page.locator(f"[name={name!r}]").first.fill(value)

    def choose(self, **values: str) -> None:
        """Choose radios or tick checkboxes by name and value."""
        for name, value in values.items():
            self.page.locator(f"input[name={name!r}][value={value!r}]").check()

    def date(self, name: str, day: int, month: int, year: int) -> None:
        """Fill a date in its three boxes."""
        for part, value in (("day", day), ("month", month), ("year", year)):
            self.page.locator(f"[name='{name}-{part}']").fill(str(value))

    @property
    def heading(self) -> str:
        """The h1 of the page."""
        return self.page.locator("h1").inner_text()

    @property
    def text(self) -> str:
        """What the main part of the page says."""
        return self.page.locator("main").inner_text()

    def confirm(self) -> None:
        """The second step of a signature: the password, then the one button."""
        self.page.locator("main input[name=password]").fill(PASSWORD)
        self.page.locator("main form button[type=submit], main form button:not([type])").last.click()
