"""Receipts: a signed line outside the database after each sign-off and decision.

A tail cut off together with its rows cannot be seen from inside a chain; a receipt that names a
position which is no longer there shows it. Kept by `storage` at receipts/<stream>/<position>.json.
"""

import json
from collections.abc import Iterator
from typing import Any

from governance import canonical
from governance.keys import Keyring
from governance.storage import Storage

KINDS = frozenset(
    {
        "sign_off.sealed",
        "advice.given",
        "authorisation.made",
        "submission.decided",
        "decision.made",
        "deployment.suspended",
    }
)


def key_of(stream: str, position: int) -> str:
    """Storage key of one receipt."""
    return f"receipts/{stream.replace(':', '-')}/{position:09d}.json"


def write(storage: Storage, keyring: Keyring, sealed: dict[str, Any]) -> None:
    """Sign and store the receipt of one sealed event (stream, position, kind, at, hash)."""
    body = canonical.dumps(sealed)
    key_id, signature = keyring.sign(body)
    line = {"event": sealed, "key_id": key_id, "signature": signature}
    storage.put_new(key_of(sealed["stream"], sealed["position"]), canonical.dumps(line))


def read_all(storage: Storage, keyring: Keyring) -> Iterator[tuple[dict[str, Any], bool]]:
    """Every receipt's event with whether its signature holds."""
    for key in sorted(storage.keys("receipts/")):
        try:
            line = json.loads(storage.get(key))
            event = line["event"]
            good = keyring.verify(line["key_id"], line["signature"], canonical.dumps(event))
            good = good and key == key_of(event["stream"], event["position"])
        except (ValueError, KeyError, TypeError):
            yield {"stream": key, "position": 0, "hash": ""}, False
            continue
        yield event, good
