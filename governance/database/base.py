"""The declarative base, and the key that ties every row to its own organisation."""

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """Base of every table; names of constraints are built from all their columns."""

    metadata = sa.MetaData(naming_convention=NAMING)


db = SQLAlchemy(model_class=Base, disable_autonaming=True)

if TYPE_CHECKING:
    Model = Base
else:
    Model = db.Model


class TenantMixin:
    """A row that belongs to the deploying organisation named by `organisation_id`.

    Composite keys make a row unable to point at another organisation's parent (design.md §5.4).
    """

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"), index=True)


def tenant_key(column: str, parent: str) -> sa.ForeignKeyConstraint:
    """A foreign key (organisation_id, column) to the parent's (organisation_id, id)."""
    return sa.ForeignKeyConstraint(["organisation_id", column], [f"{parent}.organisation_id", f"{parent}.id"])


def table_args(*items: Any, audit: str | None = None, parent: bool = False) -> tuple[Any, ...]:
    """`__table_args__` of a room's table.

    audit: "grow-only" or "tracked" when the chain protects it. parent: True where tenant rows point at it,
    which needs (organisation_id, id) to be unique.
    """
    found = list(items)
    if parent:
        found.append(sa.UniqueConstraint("organisation_id", "id"))
    return (*found, {"info": {"audit": audit} if audit else {}})
