"""A draft as its task list and its last page show it: what is filled in, what will be asked, who will have to agree."""

from __future__ import annotations

from dataclasses import dataclass

from flask import url_for

from governance.identity import queries as identity
from governance.intake import proposals, queries, rules
from governance.intake.cards import mapping
from governance.intake.models import Submission
from governance.lifecycle import Stage, SubmissionKind, SubmissionStatus
from governance.permissions import Actor
from governance.policy import Policy, policy
from governance.register import queries as register
from governance.register.models import UseCase
from governance.web.wording import listed, starting_small


@dataclass(frozen=True, slots=True)
class Task:
    """One line of a task list."""

    title: str
    href: str
    about: str
    state: str
    tone: str
    who: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """One page of the draft, read back: pairs of a question and its answer."""

    title: str
    href: str
    pairs: tuple[tuple[str, str], ...]


def name_of(submission: Submission) -> str:
    """What a draft is called while it has no reference."""
    if submission.deployment is not None:
        return submission.deployment.tool.name
    return str(rules.values(submission.draft, "tool").get("name") or "") or "A new tool"


def slug(page: str) -> str:
    """A page's name in an address."""
    return page.replace("_", "-")


def tasks(submission: Submission, by: Actor) -> list[Task]:
    """The pages of a draft, with how far each is."""
    draft, found = submission.draft, []
    for page in rules.pages_of(has_deployment=submission.deployment_id is not None):
        marks = draft.get("from_card", {}).get(page)
        saved = rules.is_saved(draft, page)
        state, tone = ("Done", "") if saved else ("To confirm", "amber") if marks else ("To do", "link")
        about = "Partly filled from the model card. Check it, then continue." if marks and not saved else ABOUT[page]
        href = url_for("intake.page", organisation=by.organisation_code, draft=submission.id, page=slug(page))
        found.append(Task(rules.PAGES[page], href, about, state, tone))
    return found


ABOUT = {
    "tool": "Name, version, who makes it and who supplies it.",
    "same": "We look through every organisation’s tools.",
    "use_case": "The use, the setting, and what it will do here.",
    "where": "Sites, data controller, and the stage you ask for.",
    "triage": "The facts that decide how much is asked.",
    "ask": "The next stage, and the version.",
}


def parts(submission: Submission, by: Actor) -> list[Part]:
    """Everything typed, read back page by page."""
    pages = rules.pages_of(has_deployment=submission.deployment_id is not None)
    return [
        Part(
            rules.PAGES[page],
            url_for("intake.page", organisation=by.organisation_code, draft=submission.id, page=slug(page)),
            tuple((name, value or "Not given") for name, value in _pairs(page, submission.draft, by)),
        )
        for page in pages
    ]


def _pairs(page: str, draft: rules.Draft, by: Actor) -> list[tuple[str, str]]:
    held = rules.values(draft, page)
    if page == "triage":
        return facts_in_words(policy(), rules.facts_of(draft)) + (
            [("Research reference", str(held["research_route"]))] if held.get("research_route") else []
        )
    if page == "same":
        return [("Your answer", _same(held))]
    if page == "where":
        return _where(held, by)
    if page == "ask":
        asked = rules.asked_in_words(SubmissionKind(held["kind"]), Stage(held["stage"])) if held.get("stage") else ""
        return [
            ("You ask for", asked),
            ("Version", str(held.get("version") or "")),
            ("Reason", str(held.get("reason") or "")),
        ]
    labels = TOOL if page == "tool" else USE
    return [(label, _text(policy(), name, held)) for name, label in labels.items()]


TOOL = {
    "name": "Tool", "version": "Version", "manufacturer": "Manufacturer", "supplier": "Supplier", "kind": "Kind",
    "summary": "What it does",
}  # fmt: skip
USE = {
    "name": "Use", "setting": "Setting", "pathway": "Pathway", "population": "Used for",
    "purpose": "What it will do here",
}  # fmt: skip


def _text(asked: Policy, name: str, held: rules.Draft) -> str:
    value = str(held.get(name) or "")
    return asked.fact_label("kind", value) if name == "kind" and value else value


def _same(held: rules.Draft) -> str:
    choice = held.get("choice")
    if choice == rules.NO_MATCH:
        return "No tool on the register looks like it"
    if choice == rules.DIFFERS:
        return f"Another tool: {held.get('why')}"
    if not choice:
        return ""
    tool = register.tool(int(choice))
    return f"The same as {tool.name}, by {tool.manufacturer.name}"


def _where(held: rules.Draft, by: Actor) -> list[tuple[str, str]]:
    names = [site.name for site in identity.sites_of(by) if site.id in held.get("site_ids", ())]
    names += [f"{held['new_site']} (new)"] if held.get("new_site") else []
    controller = proposals.controllers(by, by.on).get(int(held.get("controller_id") or 0), "")
    return [
        ("Deployed by", identity.organisation(by.organisation_id or 0).name),
        ("Submitted by", identity.organisation(queries.submitting_organisation(by)).name),
        ("Sites", listed(names) if names else ""),
        ("Data controller", controller),
        ("Stage asked for", Stage(held["stage"]).label if held.get("stage") else ""),
    ]


def facts_in_words(asked: Policy, facts: rules.Draft) -> list[tuple[str, str]]:
    """Triage facts as the policy words them."""
    return [
        (row.label, asked.fact_label(row.code, str(facts[row.code])) if facts.get(row.code) else "")
        for row in asked.facts
    ]


def left(submission: Submission) -> list[str]:
    """What is still to be filled in, as sentences."""
    pages = rules.pages_of(has_deployment=submission.deployment_id is not None)
    return [f"“{rules.PAGES[page]}” is not filled in." for page in pages if not rules.is_saved(submission.draft, page)]


def uses_elsewhere(submission: Submission) -> list[UseCase]:
    """What the tool picked as the same is used for anywhere, so that one use has one name."""
    choice = rules.values(submission.draft, "same").get("choice")
    if choice in (None, "", rules.DIFFERS, rules.NO_MATCH) or not rules.is_saved(submission.draft, "same"):
        return []
    return list(register.use_cases_of(int(choice)))


def goes_to(version: str, path: str) -> str:
    """Where an element of a model card went, for people."""
    row = mapping.rows(version).get(path)
    filled = [FILLS.get(field, "Tool facts") for field in row.fills] if row else []
    return listed(dict.fromkeys(filled)) if filled else mapping.destination(version, path)


FILLS = {
    "tool.name": "Name of the tool", "tool.manufacturer": "Manufacturer", "tool.version": "Version",
    "tool.summary": "What it does", "facts.patient_population": "Who it is used for, and tool facts",
}  # fmt: skip


def heading(submission: Submission) -> str:
    """The first line of a draft's task list: what is still to do."""
    if submission.status is SubmissionStatus.HELD:
        return "This draft is on hold"
    if submission.status is SubmissionStatus.WITHDRAWN:
        return "This draft was withdrawn"
    pages = rules.pages_of(has_deployment=submission.deployment_id is not None)
    left = [page for page in pages if not rules.is_saved(submission.draft, page)]
    if not left:
        return "Ready to check and propose"
    if len(left) == 1:
        return f"1 thing left to fill in: {starting_small(rules.PAGES[left[0]])}"
    return f"{len(left)} things left to fill in"
