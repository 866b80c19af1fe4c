"""The database: typed base, own-organisation keys, transactions, and the triggers that refuse.

`db` is the one Flask-SQLAlchemy object. Reads happen in transactions that cannot write; writes
only inside `transaction()`. A table that the audit chain protects says so in `Table.info["audit"]`:
`"grow-only"` (rows are never changed or deleted) or `"tracked"` (current values, each change an event).
"""

from governance.database.base import Model, TenantMixin, db, table_args, tenant_key
from governance.database.locks import one_at_a_time
from governance.database.once import read_once
from governance.database.transactions import after_commit, before_commit, read_only, transaction
from governance.database.types import DecimalText, Json, Text, UtcDateTime, enum_column

__all__ = [
    "DecimalText",
    "Json",
    "Model",
    "TenantMixin",
    "Text",
    "UtcDateTime",
    "after_commit",
    "before_commit",
    "db",
    "enum_column",
    "one_at_a_time",
    "read_once",
    "read_only",
    "table_args",
    "tenant_key",
    "transaction",
]
