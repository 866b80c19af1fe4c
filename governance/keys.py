"""The keyring: Ed25519 keys (RFC 8032) that seal signatures and receipts, each known by its key_id.

Keys come from SIGNING_KEYS for several workers (base64 seeds of 32 bytes, newest first, parted by commas),
or from `instance/keys/` by default. Old keys stay in the ring so that old seals still verify.
"""

import base64
import hashlib
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from governance.errors import Fault


@dataclass(frozen=True)
class Keyring:
    """Private keys by key_id; `current` seals."""

    current: str
    private: Mapping[str, Ed25519PrivateKey]

    def sign(self, data: bytes) -> tuple[str, str]:
        """Seal bytes with the current key. Returns (key_id, signature in base64)."""
        return self.current, base64.b64encode(self.private[self.current].sign(data)).decode()

    def verify(self, key_id: str, signature: str, data: bytes) -> bool:
        """True when `signature` (base64) is key `key_id`'s over `data`; an unknown key is False."""
        key = self.private.get(key_id)
        if key is None:
            return False
        try:
            key.public_key().verify(base64.b64decode(signature, validate=True), data)
        except (InvalidSignature, ValueError):
            return False
        return True

    def public(self) -> dict[str, str]:
        """Public keys in base64 by key_id, for a verifier outside."""
        return {name: base64.b64encode(_raw(key.public_key())).decode() for name, key in self.private.items()}


def _raw(key: Ed25519PublicKey) -> bytes:
    return key.public_bytes(Encoding.Raw, PublicFormat.Raw)


def key_id(key: Ed25519PublicKey) -> str:
    """First 16 hexadecimal characters of the SHA-256 of the raw public key."""
    return hashlib.sha256(_raw(key)).hexdigest()[:16]


def from_seeds(seeds: list[bytes]) -> Keyring:
    """A keyring from seeds of 32 bytes, the first of which seals. Raises ValueError for a wrong length."""
    keys = [Ed25519PrivateKey.from_private_bytes(seed) for seed in seeds]
    return Keyring(key_id(keys[0].public_key()), {key_id(key.public_key()): key for key in keys})


def load(text: str | None, folder: Path) -> Keyring:
    """The keyring from SIGNING_KEYS, else from `folder` (made there on first use, mode 0600)."""
    if text:
        try:
            return from_seeds([base64.b64decode(part.strip(), validate=True) for part in text.split(",")])
        except ValueError as wrong:
            raise Fault(file="SIGNING_KEYS", item="a key", fault="is not 32 bytes in base64") from wrong
    files = sorted(folder.glob("*.seed"), reverse=True) if folder.is_dir() else []
    if not files:
        files = [_make(folder)]
    return from_seeds([base64.b64decode(file.read_text()) for file in files])


def _make(folder: Path) -> Path:
    """Write the first key. Two processes that start together end with one file: the loser reads the winner's."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    file = folder / "0001.seed"
    try:
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return file
    with os.fdopen(handle, "w") as out:
        out.write(base64.b64encode(os.urandom(32)).decode())
    return file
