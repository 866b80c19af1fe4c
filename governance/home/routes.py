"""The first screen of an organisation, by what the person holds there."""

from flask import Blueprint, render_template

from governance import clock
from governance.home import presenters
from governance.permissions import Permission
from governance.web.access import actor, requires

bp = Blueprint("home", __name__)


@bp.route("/<org:organisation>/")
@requires(Permission.READ_HOME)
def home(organisation: str) -> str:
    """What needs this person, what they wait for, and what falls due."""
    screen = presenters.first_screen(actor(), clock.now())
    return render_template("home/home.jinja", screen=screen)
