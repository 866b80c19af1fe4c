"""The signed-in person of a session. A session carries the epoch of its person, and ends when that rises."""

from dataclasses import dataclass, field
from typing import cast

from flask import session
from flask_login import UserMixin, current_user, login_user, logout_user

from governance.database import db
from governance.extensions import login
from governance.identity.models import Person


@dataclass(frozen=True)
class SignedIn(UserMixin):
    """Who is signed in, as Flask-Login wants to know them."""

    person_id: int
    epoch: int
    name: str
    # held on to, so that the request finds the row it has read already
    row: Person | None = field(default=None, compare=False, repr=False)

    def get_id(self) -> str:
        return f"{self.person_id}:{self.epoch}"


@login.user_loader
def load(text: str) -> SignedIn | None:
    """The person of a session cookie, unless disabled or their password has changed since."""
    try:
        person_id, epoch = (int(part) for part in text.split(":"))
    except ValueError:
        return None
    person = db.session.get(Person, person_id)
    if person is None or person.disabled_at is not None or person.session_epoch != epoch:
        return None
    return SignedIn(person.id, person.session_epoch, person.name, person)


def begin(person: Person) -> None:
    """Start a session afresh: nothing of an earlier one stays."""
    session.clear()
    login_user(SignedIn(person.id, person.session_epoch, person.name))
    session.permanent = True


def end() -> None:
    """End the session."""
    logout_user()
    session.clear()


def person_id() -> int:
    """The id of who is signed in."""
    return cast(int, current_user.person_id)
