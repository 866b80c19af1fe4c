"""Two boards and a practice: one board declares for the practice, the other reads what is shown, asks, and finds nothing else."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Browser

from tests.browser.accessibility import faults
from tests.browser.conftest import Start
from tests.browser.people import Somebody

Open = Callable[..., Somebody]
Template = tuple[str, Path]
DECLARED = {"tool_name": "Scribeline", "manufacturer": "Scribeline Ltd", "version": "3.1", "in_use_since": "spring 2024"}
SAYS = "Writes draft notes of consultations. The clinician checks and signs each note."


def declare_for_the_practice(lead: Somebody) -> None:
    """The ICB's digital lead, at the practice, on one page of ten questions."""
    lead.open("/HLP01/declare")
    lead.fill(**DECLARED, purpose=SAYS)
    say(lead)
    lead.page.locator("main form button").last.click()
    assert lead.page.url.endswith("/HLP01/tools/HLP01-2026-0001/declaration"), lead.text


def declare_for_many(lead: Somebody) -> None:
    """Another tool, at every practice for which the board acts, on one page."""
    lead.open("/QKK/declare/many")
    lead.fill(**DECLARED | {"tool_name": "Callwell", "manufacturer": "Callwell Ltd"}, purpose="Answers the telephone and books.")
    say(lead, kind="chatbot")
    lead.page.locator("input[name=tick_HLP01]").check()
    lead.page.locator("main form button").last.click()
    assert "/declare/many/" in lead.page.url, lead.text


def say(lead: Somebody, **changed: str) -> None:
    """What is chosen rather than typed."""
    chosen = {"kind": "ambient_scribe", "stage": "business_as_usual", "direct_care": "yes", "personal_data": "confidential"}
    for name, value in (chosen | changed).items():
        choice = lead.page.locator(f"input[name={name!r}][value={value!r}]")
        if choice.count():
            choice.check()
        else:
            lead.page.locator(f"select[name={name!r}]").select_option(value)


def test_what_one_board_declares_and_watches_the_other_sees_and_no_more(
    swept_template: Template, serve: Start, somebody: Open, chromium: Browser
) -> None:
    address, _ = serve(swept_template)

    # the board of the practice declares what the practice uses, and its safety officer recommends
    lead = somebody(address, "digital_lead", "QKK")
    declare_for_the_practice(lead)
    assert "spring 2024" in lead.text
    declare_for_many(lead)
    assert faults(lead.page) == []
    officer = somebody(address, "cso", "QKK")
    officer.open("/HLP01/tools/HLP01-2026-0001/declaration/decide")
    officer.choose(outcome="continue")
    officer.fill(reason="Every note is checked and signed.")
    officer.page.locator("main form button").last.click()
    assert faults(officer.page) == []
    officer.confirm()
    assert "/declaration" in officer.page.url, officer.text
    assert "authorising executive" in officer.text

    # the other board finds it on the London register, by what it is used for, as it is: declared
    other = somebody(address, "digital_lead", "QWE")
    other.open("/london/?q=draft+notes")
    assert "Scribeline" in other.text
    other.page.locator("main").get_by_role("link", name="Scribeline").first.click()
    assert "/london/tools/HLP01-2026-0001" in other.page.url
    assert "Declared" in other.text
    for hidden in ("Cso of QKK", "Digital Lead of QKK", "@", "Every note is checked"):
        assert hidden not in other.text, hidden

    # it reads the partner edition of what the trust has decided, and nothing of the trust itself
    other.open("/london/?q=Lungwatch")
    other.page.locator("main").get_by_role("link", name="Lungwatch").first.click()
    watched = other.page.url.rpartition("/")[2]
    other.page.locator("main").get_by_role("button", name="Read the edition for partners").click()
    assert "/london/packs/" in other.page.url
    assert "Cso of RTH01" not in other.text
    for path in (f"/RTH01/tools/{watched}", f"/RTH01/submissions/{watched}-S1", "/RTH01/evidence", "/HLP01/"):
        assert other.open(path) == 404, path

    # its AI lead asks the trust to suspend; the trust's officer does, with one signature, and says what staff do instead
    adviser = somebody(address, "ai_lead", "QWE")
    adviser.open(f"/london/tools/{watched}")
    adviser.page.locator("main").get_by_role("button", name="Ask them to suspend it").click()
    adviser.fill(reason="We found that it misses small nodules.")
    adviser.page.locator("main form button").last.click()
    assert adviser.page.url.endswith("/ask-to-suspend") or "/london/" in adviser.page.url
    trusts = somebody(address, "cso", "RTH01")
    trusts.open(f"/RTH01/tools/{watched}")
    assert "We found that it misses small nodules." in trusts.text
    trusts.open(f"/RTH01/tools/{watched}/suspend")
    trusts.fill(reason="A partner saw missed nodules; we saw one too.", fallback="Report every image in the order it was taken.")
    trusts.page.locator("main form button").last.click()
    trusts.confirm()
    trusts.open(f"/RTH01/tools/{watched}")
    assert "Report every image in the order it was taken." in trusts.text
    adviser.open(f"/london/tools/{watched}")
    assert "Suspended" in adviser.text
    assert "Report every image in the order it was taken." not in adviser.text

    # and anybody reads it on the public page, without signing in
    page = chromium.new_context(viewport={"width": 360, "height": 740}).new_page()
    page.goto(f"{address}/public/")
    said = page.locator("main").inner_text()
    assert "Lungwatch" in said and "Scribeline" in said
    assert "Chestwise" not in said  # only proposed
    page.goto(f"{address}/public/{watched}")
    assert "concern" in page.locator("main").inner_text()
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.context.close()
