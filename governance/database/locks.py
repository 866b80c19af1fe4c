"""One writer at a time for something that has no row yet to lock."""

import sqlalchemy as sa

from governance.database.base import db


def one_at_a_time(name: str) -> None:
    """Hold a lock called `name` until this transaction ends, so that two do not both find nothing and both create it.

    On SQLite the writing transaction is alone already.
    """
    if db.session.get_bind().dialect.name == "postgresql":
        db.session.execute(sa.select(sa.func.pg_advisory_xact_lock(sa.func.hashtextextended(name, 0))))
