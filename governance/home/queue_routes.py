"""The queue of one person over all their organisations. It belongs to none of them."""

from flask import Blueprint, render_template, request

from governance import clock
from governance.home.presenters import queue as shown
from governance.permissions import Permission
from governance.web.access import actor, requires_somewhere

bp = Blueprint("queue", __name__)


@bp.route("/me/queue")
@requires_somewhere(Permission.READ_QUEUE)
def queue() -> str:
    """What waits for this person's signature, oldest first."""
    page = request.args.get("page", 1, type=int)
    return render_template("home/queue.jinja", queue=shown.build(actor(), clock.now(), page))
