"""Headers on every answer, and which address a sign-in may lead to.

Nothing inline is allowed on a page: no script, no style. A view may set a header itself, such as a stricter policy on a
download or a Cache-Control on a public page; what it sets stands.
"""

from __future__ import annotations

from urllib.parse import unquote, urlsplit

from flask import Flask, Response, current_app, request
from werkzeug.exceptions import HTTPException

CONTENT_SECURITY_POLICY = (
    "default-src 'self'; img-src 'self' data:; object-src 'none'; "
    "base-uri 'none'; frame-ancestors 'none'; form-action 'self'"
)

HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
STRICT_TRANSPORT = "max-age=31536000; includeSubDomains"
NEVER_KEPT = "no-store"
KEPT_A_YEAR = "public, max-age=31536000, immutable"
KEPT_AN_HOUR = "public, max-age=3600"

LONGEST_ADDRESS = 2000


def init_app(app: Flask) -> None:
    """Put the headers on every answer."""
    app.after_request(_protect)


def _protect(response: Response) -> Response:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if request.is_secure:
        response.headers.setdefault("Strict-Transport-Security", STRICT_TRANSPORT)
    if request.endpoint == "static" and response.status_code in (200, 206, 304):
        response.headers["Cache-Control"] = KEPT_A_YEAR if "v" in request.args else KEPT_AN_HOUR
    elif response.headers.get("Cache-Control", "no-cache") == "no-cache":
        # a file made for this answer says "no-cache" of itself, which lets others keep it
        response.headers["Cache-Control"] = NEVER_KEPT
    return response


def safe_next(target: str | None) -> str | None:
    """The address to go on to after signing in, if it is a page of ours that can be opened; otherwise None.

    It must be a path this application answers with GET. Refused: a scheme or a host, `//`, a backslash, `.` and `..`,
    spaces, control and invisible characters, each also when percent-encoded, and anything no view answers.
    """
    if not target or len(target) > LONGEST_ADDRESS or not target.startswith("/"):
        return None
    path, _, query = target.partition("?")
    plain = unquote(path)
    if _hostile(path) or _hostile(plain) or _hostile(unquote(plain)) or _unprintable(unquote(query)):
        return None
    parts = urlsplit(target)
    if parts.scheme or parts.netloc or parts.fragment:
        return None
    root = request.script_root
    if root and not plain.startswith(root + "/"):
        return None
    return target if _answered(plain.removeprefix(root)) else None


def _unprintable(text: str) -> bool:
    return not text.isprintable() or "\\" in text or "\ufffd" in text


def _hostile(path: str) -> bool:
    segments = path.split("/")[1:]
    return _unprintable(path) or " " in path or "//" in path or "#" in path or "." in segments or ".." in segments


def _answered(path: str) -> bool:
    try:
        endpoint, _ = current_app.url_map.bind("localhost").match(path, method="GET")
    except HTTPException:
        return False
    return endpoint != "static"
