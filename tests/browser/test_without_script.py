"""Everything works without JavaScript."""

from collections.abc import Callable
from pathlib import Path

from tests.browser import steps
from tests.browser.conftest import Start
from tests.browser.people import Somebody
from tests.browser.test_refusals import behind, nothing

Open = Callable[..., Somebody]
Template = tuple[str, Path]


def test_a_tool_is_proposed(template: Template, serve: Start, somebody: Open) -> None:
    address, _ = serve(template)
    lead = somebody(address, "digital_lead", "RTH01", java_script_enabled=False)
    steps.start_draft(lead)
    lead.page.get_by_role("link", name="Go on without a model card").click()
    steps.name_the_tool(lead)
    steps.fill_the_rest(lead)
    assert lead.heading.startswith("Medium tier")
    path = steps.propose(lead)
    assert "Chestwise Triage" in lead.heading
    lead.open(path.split("/submissions")[0] + "/tools")
    assert "Chestwise Triage" in lead.text


def test_a_safety_officer_signs(submitted_template: Template, serve: Start, somebody: Open) -> None:
    address, app = serve(submitted_template)
    path = behind(app, nothing)
    cso = somebody(address, "cso", "RTH01", java_script_enabled=False)
    steps.sign(cso, path, "cso")
    cso.open(path)
    assert "clinical lead" in cso.page.locator(".turn").first.inner_text()


def test_a_wrong_form_keeps_what_was_typed(template: Template, serve: Start, somebody: Open) -> None:
    address, _ = serve(template)
    lead = somebody(address, "digital_lead", "RTH01", java_script_enabled=False)
    steps.start_draft(lead)
    lead.page.get_by_role("link", name="Go on without a model card").click()
    lead.fill(name="Chestwise Triage")
    lead.press("Save and continue")
    assert "Enter the version you will use" in lead.page.locator(".nhsuk-error-summary").inner_text()
    assert lead.page.locator("[name=name]").input_value() == "Chestwise Triage"
