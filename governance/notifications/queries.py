"""Finding what people were told, and how they want to be."""

from collections.abc import Collection
from typing import Any

import sqlalchemy as sa
from flask import current_app

from governance.database import db
from governance.notifications import rules
from governance.notifications.models import Notice, NoticePreference
from governance.notifications.rules import Preference


def mail_is_set_up() -> bool:
    """Whether this instance can send e-mail at all (SMTP_URL). Without it notices stay on pages."""
    return bool(current_app.config["SMTP_URL"])


def path(endpoint: str, **values: Any) -> str:
    """The path of a page from the root of the product, in commands and jobs too, where there is no request."""
    return current_app.url_map.bind("").build(endpoint, values)


def told(person_ids: Collection[int], key: str) -> set[int]:
    """Which of these people were told what has this key."""
    query = sa.select(Notice.person_id).where(Notice.key == key, Notice.person_id.in_(person_ids))
    return set(db.session.scalars(query))


def preferences(person_ids: Collection[int]) -> dict[int, Preference]:
    """How people chose to be told; who never chose is not in it."""
    query = sa.select(NoticePreference.person_id, NoticePreference.delivery)
    rows = db.session.execute(query.where(NoticePreference.person_id.in_(person_ids)))
    return {each.person_id: each.delivery for each in rows}


def preference(person_id: int) -> Preference:
    """How one person wants to be told."""
    return preferences([person_id]).get(person_id, rules.DEFAULT)
