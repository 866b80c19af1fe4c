"""Error pages: sentences that say what to do next, the right status, and nothing lost to a traceback."""

import logging
import re
import secrets

from flask import Flask, current_app, render_template, request
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException

from governance.database import db
from governance.errors import Conflict, GovernanceError

log = logging.getLogger(__name__)

TITLES = {
    400: "We could not read that request",
    403: "You cannot do this",
    404: "Page not found",
    405: "That page does not take this kind of request",
    409: "Somebody else got there first",
    413: "That file is too large",
    422: "This cannot be done yet",
    429: "Wait before you try again",
    500: "Something went wrong",
}

SENTENCES = {
    400: "Go back, reload the page and try again.",
    404: "There is no such page, or it is not yours to see.",
    405: "Go back and use the buttons on the page.",
    413: "Files can be up to {limit} MB. Send a smaller file, or a link to where it is kept.",
}


def init_app(app: Flask) -> None:
    """Answer every exception with a page."""
    app.register_error_handler(GovernanceError, _governance)
    app.register_error_handler(StaleDataError, _stale)
    app.register_error_handler(IntegrityError, _stale)
    app.register_error_handler(CSRFError, _csrf)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _unexpected)


def page(status: int, sentences: tuple[str, ...], reference: str = "") -> tuple[str, int]:
    """One error page."""
    db.session.rollback()
    title = TITLES.get(status, TITLES[500])
    return render_template("errors/page.jinja", title=title, sentences=sentences, reference=reference), status


def logged(path: str) -> str:
    """An address as a log may hold it: the secret in that of a supplier's link is left out."""
    return re.sub(r"^/supplier/[^/]{20,}", "/supplier/…", path)


def _governance(error: GovernanceError) -> tuple[str, int]:
    if error.status >= 500:
        return _unexpected(error)
    return page(error.status, error.sentences)


def _stale(error: Exception) -> tuple[str, int]:
    log.info("conflict on %s: %s", logged(request.path), error)
    return page(409, Conflict().sentences)


def _csrf(error: CSRFError) -> tuple[str, int]:
    return page(400, ("This page was open for too long, or was not ours. Go back, reload it and send it again.",))


def _http(error: HTTPException) -> tuple[str, int]:
    status = error.code or 500
    if status < 400:
        return error  # type: ignore[return-value]  # a redirect raised by routing
    sentence = SENTENCES.get(status, "Go back and try again.")
    return page(status, (sentence.format(limit=current_app.config["UPLOAD_LIMIT"] // 1024 // 1024),))


def _unexpected(error: Exception) -> tuple[str, int]:
    reference = secrets.token_hex(4)
    log.exception("error %s on %s %s", reference, request.method, logged(request.path), exc_info=error)
    return page(
        500, ("Nothing you entered was saved. Try again. If it happens again, tell your administrator.",), reference
    )
