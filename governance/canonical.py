"""Canonical JSON (RFC 8785, June 2020) and the digests taken over it.

Values are limited so that a verifier written with a standard library alone gets the same bytes:
no floats, ASCII keys, integers below 2^53. Decimals and dates are carried as strings.
Under these limits the standard library's encoder, with sorted keys and no spaces, writes RFC 8785; a test holds it to that.
"""

import hashlib
import json
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any

MAX_INTEGER = 2**53 - 1


def plain(value: Any) -> Any:
    """Return `value` as canonical JSON may hold it; raises TypeError or ValueError where it cannot."""
    match value:
        case None | bool() | str() if not isinstance(value, Enum):
            return value
        case Enum():
            return plain(value.value)
        case int():
            if abs(value) > MAX_INTEGER:
                raise ValueError(f"integer {value} is beyond 2^53, which canonical JSON cannot hold")
            return value
        case Decimal():
            return str(value)
        case datetime():
            return value.isoformat()
        case date():
            return value.isoformat()
        case bytes():
            return value.hex()
        case dict():
            return {_key(key): plain(item) for key, item in value.items()}
        case list() | tuple():
            return [plain(item) for item in value]
        case _:
            raise TypeError(f"{type(value).__name__} has no canonical form")


def _key(key: Any) -> str:
    if not isinstance(key, str) or not key.isascii():
        raise ValueError(f"canonical JSON takes ASCII text as keys, not {key!r}")
    return str(key.value) if isinstance(key, Enum) else key


def dumps(value: Any) -> bytes:
    """Canonical JSON of `value`, as UTF-8 bytes."""
    return _encoded(plain(value))


def digest(value: Any) -> str:
    """SHA-256 over the canonical JSON of `value`, as 64 hexadecimal characters."""
    return hashlib.sha256(dumps(value)).hexdigest()


def digest_plain(value: Any) -> str:
    """As `digest`, of what `plain` gave back: a large content whose parts are digested again is walked once."""
    return hashlib.sha256(_encoded(value)).hexdigest()


def _encoded(value: Any) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def digest_bytes(data: bytes) -> str:
    """SHA-256 over bytes as they are, as 64 hexadecimal characters."""
    return hashlib.sha256(data).hexdigest()
