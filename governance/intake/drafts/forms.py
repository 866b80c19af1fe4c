"""One form for each page of a draft, made with what the draft holds and what may be chosen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from governance.identity import queries as identity
from governance.intake import proposals, queries, rules
from governance.intake.forms import triage_form
from governance.intake.models import Submission
from governance.lifecycle import Stage, SubmissionKind
from governance.permissions import Actor
from governance.policy import Tier, policy
from governance.policy.rules.times import stages_askable
from governance.register import presenters
from governance.register.queries import Match
from governance.web.fields import (
    CheckboxesField,
    FileField,
    HiddenField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from governance.web.forms import Form, VersionedForm
from governance.web.uploads import MODEL_CARDS, accept

ABOUT_STAGES = {
    Stage.PROOF_OF_CONCEPT: "A short trial that decides nothing about care. At most {months} months.",
    Stage.PILOT: "Real use, watched closely, for at most {months} months.",
}


class CardForm(Form):
    """A model card to upload."""

    file = FileField(
        "Model card file",
        accept=accept(MODEL_CARDS),
        hint="A CHAI Applied Model Card, version 0.1 or 0.2, as XML. 1 MB at most.",
    )


class ProposeForm(VersionedForm):
    """Nothing but the draft as it was read."""


class ToolForm(VersionedForm):
    """The tool, who makes it and who sells it."""

    name = StringField(
        "Name of the tool", required="Enter the tool’s name", hint="As its maker writes it, without the version."
    )
    version = StringField(
        "Version", required="Enter the version you will use", max_length=60, width=10, hint="For example, 2.3"
    )
    manufacturer = StringField(
        "Manufacturer", required="Enter who makes it", hint="Who makes it, and answers for its safety."
    )
    supplier = StringField(
        "Supplier", required="Enter who supplies it", hint="Who sells it to you. Often not the manufacturer."
    )
    kind = RadioField("What kind of tool is it?", required="Choose what kind of tool it is")
    summary = TextAreaField("What it does, in a few sentences", called="What it does", max_length=6000, rows=6)


class SameForm(VersionedForm):
    """Is it one of these, or why is it another?"""

    shown = HiddenField()
    choice = RadioField("Is it one of these?", required="Say if it is one of these tools", divider="or", size="m")
    why = TextAreaField(
        "How does it differ?",
        required="Say how this tool differs",
        required_when=("choice", rules.DIFFERS),
        max_length=1000,
        rows=3,
    )


class UseCaseForm(VersionedForm):
    """What the tool is used for, and what it does here."""

    name = StringField(
        "Short title of the use",
        required="Enter a short title for what it is used for",
        hint="For example, Urgent chest X-rays first",
    )
    setting = StringField(
        "Setting", required="Enter the setting", hint="Where in care it is used. For example, Radiology department"
    )
    pathway = StringField("Pathway", hint="Leave empty if it belongs to no pathway. For example, Suspected lung cancer")
    population = StringField(
        "Who it is used for", required="Enter whom it is used for", hint="For example, Adults referred by their GP"
    )
    purpose = TextAreaField(
        "What it will do here",
        required="Say in one or two sentences what it will do here",
        hint="One or two plain sentences: what it does, and who checks it. This heads every page and report about it.",
        max_length=400,
        rows=3,
    )


class WhereForm(VersionedForm):
    """Sites, data controller, and the stage asked for."""

    site_ids = CheckboxesField("At which sites?", size="m")
    new_site = StringField("Add a site that is not listed", max_length=200)
    controller_id = SelectField(
        "Who is the data controller?",
        required="Choose the data controller",
        hint="Who decides why and how personal data is used.",
        size="m",
    )
    stage = RadioField("Which stage do you ask for?", required="Choose the stage you ask for", size="m")


class AskForm(VersionedForm):
    """The next request about a deployment."""

    ask = RadioField("What do you ask for?", required="Choose what you ask for", size="m")
    version = StringField(
        "Version of the tool",
        hint="The one in use. Re-assurance and progress may name a new one.",
        required="Enter the version you will use",
        max_length=60,
        width=10,
    )
    reason = TextAreaField(
        "Reason", hint="What changed, or why now. Needed to step back and to cease.", max_length=1000, rows=3
    )


def form_for(
    page: str,
    submission: Submission,
    by: Actor,
    matches: Sequence[Match] = (),
    *,
    like: Mapping[str, str] | None = None,
    fresh: bool = False,
) -> Any:
    """The form of a page, holding what the draft holds or the words of `like`. `fresh` forgets what was just sent."""
    draft = submission.draft
    held: dict[str, Any] = {**rules.values(draft, page), **(like or {}), "version_id": submission.version_id}
    given: dict[str, Any] = {"formdata": None} if fresh else {}
    if page == "triage":
        without = () if submission.deployment_id else ("kind",)
        return triage_form(policy().version, without)(data=held, **given)
    if page == "same":
        held["shown"] = ",".join(str(match.tool_id) for match in matches)
    if page == "ask" and held.get("stage"):
        held["ask"] = f"{held['kind']}:{held['stage']}"
    form = FORMS[page](data=held, **given)
    CHOICES.get(page, lambda form, submission, by: None)(form, submission, by)
    if page == "same":
        form.choice.choices = [(str(match.tool_id), f"{match.name}, by {match.manufacturer}") for match in matches]
        form.choice.hints = {
            str(match.tool_id): f"{match.reason} {presenters.uses_in_words(match.uses)}" for match in matches
        }
        form.choice.choices += [(rules.DIFFERS, "None of these: it is another tool")]
    return form


def _tool(form: Any, submission: Submission, by: Actor) -> None:
    form.kind.choices = [(value.code, value.label) for value in policy().fact("kind").values]


def _where(form: Any, submission: Submission, by: Actor) -> None:
    form.site_ids.choices = [(site.id, site.name) for site in identity.sites_of(by)]
    form.controller_id.choices = list(proposals.controllers(by, by.on).items())
    if form.controller_id.data is None and not form.is_submitted():
        form.controller_id.data = by.organisation_id
    stages = stages_askable(policy(), Stage.PIPELINE, SubmissionKind.PROGRESS)
    form.stage.choices = [(stage.value, stage.label) for stage in stages]
    form.stage.hints = {
        stage.value: ABOUT_STAGES[stage].format(months=policy().time(f"{stage}_months", Tier.HIGH))
        for stage in stages
        if stage in ABOUT_STAGES
    }


def _ask(form: Any, submission: Submission, by: Actor) -> None:
    assert submission.deployment is not None
    found = rules.offered(policy(), queries.known(submission.deployment))
    form.ask.choices = [(f"{kind}:{stage}", rules.asked_in_words(kind, stage)) for kind, stage in found]
    form.ask.hints = {f"{kind}:{stage}": rules.about(policy(), kind, stage) for kind, stage in found}


def values_of(page: str, form: Any, matches: Sequence[Match] = ()) -> Mapping[str, Any]:
    """What a page that was sent says, in the words a draft is kept in."""
    left_out = {"csrf_token", "version_id", "ask", "shown"}
    found = {field.name: field.data for field in form if field.name not in left_out}
    found = {name: value if value is not None else "" for name, value in found.items()}
    if page == "ask":
        kind, _, stage = form.ask.data.partition(":")
        return {**found, "kind": kind, "stage": stage}
    if page == "same":
        seen = {part for part in (form.shown.data or "").split(",") if part}
        return {**found, "shown": sorted(match.tool_id for match in matches if str(match.tool_id) in seen)}
    return found


FORMS = {"tool": ToolForm, "same": SameForm, "use_case": UseCaseForm, "where": WhereForm, "ask": AskForm}
CHOICES = {"tool": _tool, "where": _where, "ask": _ask}
