"""The page of a row of policy that is met by the organisation's own document."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, url_for
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response

from governance import clock
from governance.assessment.evidence import operations as evidence
from governance.assessment.evidence import presenters as evidence_presenters
from governance.assessment.evidence import queries as evidence_queries
from governance.assessment.evidence import routes as evidence_routes
from governance.assessment.evidence.forms import label
from governance.assessment.sheets import asked, forms, operations, presenters, queries
from governance.assessment.sheets.forms import DocumentForm
from governance.errors import Blocker, Conflict, Refused, refuse_if
from governance.intake import queries as intake
from governance.intake.models import Submission
from governance.permissions import Actor, Permission
from governance.policy.rules import Requirement
from governance.web import access
from governance.web.uploads import Upload

bp = Blueprint("documents", __name__)
Page = str | Response | tuple[str, int]


DOCUMENT = "/<org:organisation>/submissions/<reference>/documents/<row>"


@bp.get(DOCUMENT)
@access.requires(Permission.READ_SHEET)
def document(organisation: str, reference: str, row: str) -> str:
    """A document with the facts policy reads from it, and every one given before."""
    by = access.actor()
    submission = intake.submission(reference, by)
    requirement = asked.document_row(submission, row)
    why_not = presenters.why_not(submission, requirement, by)
    return _page(submission, requirement, _form(submission, requirement, by), by, why_not)


@bp.post(DOCUMENT)
@access.requires(Permission.ATTACH)
def give(organisation: str, reference: str, row: str) -> Page:
    """Give a document, or a newer one."""
    by = access.actor()
    submission = intake.submission(reference, by)
    requirement = asked.document_row(submission, row)
    refuse_if(Blocker("answer", each) for each in presenters.why_not(submission, requirement, by))
    form = _form(submission, requirement, by)
    if not form.validate():
        return _page(submission, requirement, form, by, ()), 422
    try:
        _save(form, reference, row)
    except Refused as refused:
        form.refuse(refused, _fields(refused, requirement))
        return _page(submission, requirement, form, by, ()), 422
    except Conflict as conflict:
        return _overtaken(reference, row, form, conflict)
    return redirect(url_for("sheets.documents.document", organisation=organisation, reference=reference, row=row))


def _fields(refused: Refused, requirement: Requirement) -> dict[str, str]:
    """Which field each reason belongs to."""
    facts = requirement.document.fields if requirement.document else ()
    of_facts = {f"{requirement.question_set}.{each.name}": forms.fact_name(each.name) for each in facts}
    of_file = {code: "file" for code in refused.codes if code.startswith("upload.") or code == "file"}
    return of_facts | of_file | {"dated_on": "dated_on", "review_due_on": "review_due_on"}


def _form(submission: Submission, requirement: Requirement, by: Actor) -> DocumentForm:
    newest = queries.document_for(submission, requirement.question_set)
    form = forms.document_form(requirement)(data={"revision": str(newest.revision if newest else 0)})
    form.evidence.choices = [(item.id, label(item)) for item in evidence_queries.choices(by)]
    return form


def _save(form: DocumentForm, reference: str, row: str) -> None:
    """Receive the file, then write the item and the document in the one transaction."""
    sent = form.file.data
    there = isinstance(sent, FileStorage) and bool(sent.filename)
    if there == bool(form.evidence.data):
        said = "Choose one: evidence you hold, or a new file." if there else "Choose a file, or evidence you already hold."
        raise Refused.because(said, code="file")
    upload = evidence_routes.kept(sent) if there else None
    with access.acting() as by:
        submission = intake.submission(reference, by)
        requirement = asked.document_row(submission, row)
        refuse_if(
            Blocker("answer", each) for each in presenters.why_not(submission, requirement, by)
        )
        revision = str(form.revision.data or "0")
        operations.add_document(
            submission=submission, requirement=requirement, title=form.title.data,
            version_label=form.version_label.data, dated_on=form.dated_on.data, review_due_on=form.review_due_on.data,
            evidence=_item(form, upload, by), facts=forms.facts_of(form, requirement),
            expected_revision=int(revision) if revision.isascii() and revision.isdigit() else -1, by=by, at=clock.now(),
        )  # fmt: skip


def _item(form: DocumentForm, upload: Upload | None, by: Actor) -> evidence.Evidence:
    if upload is None:
        return evidence_queries.evidence(form.evidence.data, by)
    return evidence.attach(
        title=form.title.data, kind="other", upload=upload, issued_on=form.dated_on.data, by=by, at=clock.now()
    )


def _overtaken(reference: str, row: str, form: DocumentForm, conflict: Conflict) -> Page:
    """The fresh record with what this person typed: 409."""
    by = access.actor()
    submission = intake.submission(reference, by)
    requirement = asked.document_row(submission, row)
    newest = queries.document_for(submission, row)
    form.revision.data = str(newest.revision if newest else 0)
    form.add_error(conflict.sentences[0])
    return _page(submission, requirement, form, by, ()), 409


def _page(
    submission: Submission, requirement: Requirement, form: DocumentForm, by: Actor, why_not: tuple[str, ...]
) -> str:
    rows = queries.documents(submission, requirement.question_set)
    people = queries.names_of({row.added_by for row in rows})
    items = evidence_queries.by_ids({row.evidence_id for row in rows}, organisation_id=submission.organisation_id)
    shown = [
        presenters.document(
            row, requirement, by, people[row.added_by], evidence_presenters.line(items[row.evidence_id], by)
        )
        for row in rows
    ]
    asked_for = [forms.fact_name(each.name) for each in requirement.document.fields] if requirement.document else []
    return render_template(
        "sheets/document.jinja", submission=submission, requirement=requirement, form=form, documents=shown,
        fact_names=asked_for, why_not=why_not,
    )  # fmt: skip
