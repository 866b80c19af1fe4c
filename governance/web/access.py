"""Who reaches a view: deny by default. A view without a marker answers nobody.

Markers: `public`, `signed_in`, `requires(permission, …)`, `requires_somewhere(permission, …)`. The organisation comes from
the URL and is checked on every request; `acting()` opens the writing transaction and resolves the person again inside it.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TypeVar, cast

from flask import Flask, current_app, g, redirect, request, url_for
from flask_login import current_user
from werkzeug.exceptions import BadRequest
from werkzeug.routing import BaseConverter, IntegerConverter, Map
from werkzeug.wrappers import Response

from governance import clock
from governance.database import transaction
from governance.errors import Forbidden
from governance.extensions import house
from governance.permissions import PUBLIC, Actor, Permission

View = TypeVar("View", bound=Callable[..., Any])


@dataclass(frozen=True)
class Access:
    """How a view is reached. `permissions`: any one of them is enough at the door."""

    kind: str  # public, signed_in, permission, somewhere
    permissions: tuple[Permission, ...] = ()


class OrganisationConverter(BaseConverter):
    """An ODS code in a URL: two to ten capitals and digits, no fixed pattern (Z9B2Z is one)."""

    regex = "[A-Z0-9]{2,10}"


class RowNumberConverter(IntegerConverter):
    """A row's number in a URL. Both databases keep it in four bytes; a larger one names nothing, so there is no such page."""

    def __init__(self, map: Map, *args: Any, **given: Any) -> None:
        super().__init__(map, *args, **{"max": 2**31 - 1, **given})


def public(view: View) -> View:
    """Anyone may open this."""
    view.access = Access("public")  # type: ignore[attr-defined]
    return view


def signed_in(view: View) -> View:
    """Anyone who is signed in may open this; it shows only what is theirs."""
    view.access = Access("signed_in")  # type: ignore[attr-defined]
    return view


def requires(*permissions: Permission) -> Callable[[View], View]:
    """A person in the organisation of the URL whose roles there give one of these permissions."""

    def mark(view: View) -> View:
        view.access = Access("permission", permissions)  # type: ignore[attr-defined]
        return view

    return mark


def requires_somewhere(*permissions: Permission) -> Callable[[View], View]:
    """A person who holds one of these permissions in whatever organisation, for a page that belongs to none.

    The actor holds what they hold anywhere, and acts in an organisation only where they have a single one.
    """

    def mark(view: View) -> View:
        view.access = Access("somewhere", permissions)  # type: ignore[attr-defined]
        return view

    return mark


def access_of(endpoint: str) -> Access | None:
    """The marker of an endpoint, or None."""
    if endpoint == "static":
        return Access("public")
    return getattr(current_app.view_functions[endpoint], "access", None)


def actor() -> Actor:
    """Who makes this request."""
    return cast(Actor, g.actor)


@contextmanager
def acting() -> Iterator[Actor]:
    """The one writing transaction of a request. The actor is resolved again inside it and the door checked again."""
    with transaction():
        access = access_of(request.endpoint or "")
        g.actor = _resolve(access)
        _check(access, g.actor)
        yield g.actor


def init_app(app: Flask) -> None:
    """Put the door before every view."""
    app.url_map.converters["org"] = OrganisationConverter
    app.url_map.converters["int"] = RowNumberConverter
    app.before_request(_door)


def _door() -> Response | None:
    g.actor = PUBLIC
    if request.endpoint is None:
        return None
    if _holds_nul():
        raise BadRequest("A NUL character, which no keyboard types and PostgreSQL cannot keep.")
    access = access_of(request.endpoint)
    if access is None:
        raise Forbidden("This page has no rule that lets anyone in.")
    if access.kind == "public":
        if request.endpoint != "static" and current_user.is_authenticated:
            g.actor = house().actor_for(current_user.person_id, None, clock.now())
        return None
    if not current_user.is_authenticated:
        after = request.full_path.rstrip("?") if request.method == "GET" else None
        return redirect(url_for("identity.sign_in", next=after))
    g.actor = _resolve(access)
    _check(access, g.actor)
    return None


def _holds_nul() -> bool:
    """Whether the address holds a character that no text of a database may. Fields of a form drop it themselves."""
    asked = (value for pair in request.args.items(multi=True) for value in pair)
    return "\0" in request.path or any("\0" in value for value in asked)


def _resolve(access: Access | None) -> Actor:
    if access is not None and access.kind == "somewhere":
        return house().actor_anywhere(current_user.person_id, clock.now())
    code = (request.view_args or {}).get("organisation")
    return house().actor_for(current_user.person_id, code, clock.now())


def _check(access: Access | None, who: Actor) -> None:
    if access is None or (access.permissions and not any(who.may(each) for each in access.permissions)):
        raise Forbidden()
