"""Receipts: a signed line outside the database after each sign-off and decision.

A tail cut off together with its rows cannot be seen from inside a chain; a receipt that names a
position which is no longer there shows it. Kept by `storage` at receipts/<stream>/<position>.json.
"""

import json
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


def place_of(key: str) -> tuple[str, int] | None:
    """The (stream, position) that a key stands for; None for a file that is no receipt's."""
    _, _, rest = key.partition("receipts/")
    stream, _, name = rest.partition("/")
    number = name.removesuffix(".json")
    if not number.isdecimal() or key != key_of(stream, int(number)):
        return None
    return stream.replace("-", ":"), int(number)


def read(storage: Storage, keyring: Keyring, key: str) -> tuple[dict[str, Any], bool]:
    """One receipt's event with whether its signature holds and it lies where it belongs."""
    try:
        line = json.loads(storage.get(key))
        event = dict(line["event"])
        good = keyring.verify(line["key_id"], line["signature"], canonical.dumps(event))
        return event, good and key == key_of(event["stream"], event["position"])
    except (OSError, ValueError, LookupError, TypeError, AttributeError):
        return {"stream": key, "position": 0, "hash": ""}, False
