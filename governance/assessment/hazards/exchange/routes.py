"""A hazard log as a file: the live log, a frozen version, and an empty workbook to fill in."""

from io import BytesIO
from typing import Any

from flask import Blueprint, send_file
from werkzeug.wrappers import Response

from governance import clock
from governance.assessment.hazards import pages, queries
from governance.assessment.hazards.exchange import sheets
from governance.assessment.hazards.matrix import Matrix, matrix
from governance.assessment.hazards.pages import LOG
from governance.assessment.hazards.version_routes import VERSION
from governance.assessment.plans import door
from governance.assessment.plans import queries as plans
from governance.permissions import Permission
from governance.register.models import Deployment
from governance.web import access
from governance.web.wording import check_code, moment

bp = Blueprint("exchange", __name__)
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
KIND = "<any(xlsx, csv):kind>"


@bp.route(f"{LOG}/log.{KIND}")
@access.requires(Permission.READ_SHEET)
def live(organisation: str, reference: str, kind: str) -> Response:
    """The log as it stands."""
    deployment = pages.found(reference)
    content = queries.log_content(deployment)
    scheme = plans.adopted_matrix(plans.risk_plan(deployment))
    about = [("State", "The live log, not frozen"), ("Check code of its content", check_code(queries.log_digest(content)))]
    return _file(deployment, content, scheme, about, kind, clock.now().date().isoformat())


@bp.route(f"{VERSION}/log.{KIND}")
@access.requires(Permission.READ_SHEET)
def frozen(organisation: str, reference: str, number: int, kind: str) -> Response:
    """A version as it was frozen."""
    deployment = pages.found(reference)
    version = queries.version(deployment, number)
    approval = queries.approval_of(version)
    scored = next((each["matrix_version"] for each in version.content if each["matrix_version"]), None)
    scheme = matrix(scored) if scored else plans.adopted_matrix(plans.risk_plan(deployment))
    about = [
        ("State", f"Version {number}, frozen {moment(version.made_at)}"), ("Check code", check_code(version.digest)),
        ("Approved", f"{moment(approval.signed_at)} by {approval.person_name}" if approval else "Not approved"),
    ]  # fmt: skip
    return _file(deployment, version.content, scheme, about, kind, f"version {number}")


@bp.route(f"{LOG}/imports/template.xlsx")
@access.requires(Permission.ADD_HAZARD)
def template(organisation: str, reference: str) -> Response:
    """An empty log with the columns that are known here."""
    deployment = pages.found(reference)
    scheme = plans.adopted_matrix(plans.risk_plan(deployment))
    return _file(deployment, [], scheme, [("State", "Empty, to be filled in")], "xlsx", "to fill in")


def _file(
    deployment: Deployment, content: list[Any], scheme: Matrix, about: list[tuple[str, str]], kind: str, which: str
) -> Response:
    at = clock.now()
    facts = [("Tool", deployment.tool.name), ("Where", deployment.organisation.name), ("Reference", deployment.reference), *about]
    facts += [("Made", moment(at)), ("Several controls in one cell", "Each begins with its number: 1. and so on.")]
    title = f"Hazard log of {door.where(deployment)}"
    book = kind == "xlsx"
    data = sheets.workbook(content, scheme, facts, title=title, made_at=at) if book else sheets.delimited(content, scheme)
    return send_file(
        BytesIO(data), mimetype=XLSX if book else "text/csv", as_attachment=True,
        download_name=f"Hazard log {deployment.reference}, {which}.{kind}",
    )  # fmt: skip
