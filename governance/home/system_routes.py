"""The AI coordination and advisory lead’s view of the integrated care system, and the same as a workbook."""

from __future__ import annotations

from datetime import date
from io import BytesIO

from flask import Blueprint, render_template, request, send_file
from werkzeug.wrappers import Response

from governance import clock
from governance.home.presenters import system as presenters
from governance.permissions import Permission
from governance.web.access import actor, requires

bp = Blueprint("system", __name__)
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@bp.route("/<org:organisation>/system")
@requires(Permission.READ_SYSTEM)
def system(organisation: str) -> str:
    """Stage and standing by organisation, what is due, what changed since a day, what ceased."""
    on = clock.today()
    return render_template("home/system.jinja", system=presenters.build(actor(), on, _since(on)), today=on)


@bp.route("/<org:organisation>/system.xlsx")
@requires(Permission.READ_SYSTEM)
def workbook(organisation: str) -> Response:
    """The same with every row."""
    on = clock.today()
    data = presenters.workbook(actor(), on, _since(on), clock.now())
    name = f"AI in the system, {on.isoformat()}.xlsx"
    return send_file(BytesIO(data), mimetype=XLSX, as_attachment=True, download_name=name)


def _since(on: date) -> date:
    """The day chosen; thirty days ago where none was, or none that can be."""
    try:
        given = date.fromisoformat(request.args.get("since", ""))
    except ValueError:
        return on - presenters.LATELY
    return min(max(given, date(2020, 1, 1)), on)
