"""What every room finds on the application: Flask extensions, and the house (storage, keys, the scanner, the way to an Actor)."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from flask import current_app
from flask_login import LoginManager
from flask_migrate import Migrate
from flask_wtf.csrf import CSRFProtect

from governance.antivirus import Scanner
from governance.keys import Keyring
from governance.permissions import Actor
from governance.storage import Storage

login = LoginManager()
csrf = CSRFProtect()
migrate = Migrate()


@dataclass(frozen=True)
class House:
    """Made once in `create_app`. `actor_for(person_id, organisation_code, at)` raises NotVisible.

    `actor_anywhere(person_id, at)` holds what the person holds in any organisation. `scanner` is None where none is
    configured; `quarantine(filename, data, found, by)` keeps apart what it found, in a transaction of its own.
    """

    storage: Storage
    keyring: Keyring
    actor_for: Callable[[int, str | None, datetime], Actor]
    actor_anywhere: Callable[[int, datetime], Actor]
    quarantine: Callable[[str, bytes, str, Actor], None]
    scanner: Scanner | None = None


def house() -> House:
    """The house of the application in whose context we are."""
    return cast(House, current_app.extensions["house"])
