"""The keyring: Ed25519 keys (RFC 8032) that seal signatures, receipts and checkpoints, each known by its key_id.

Keys come from SIGNING_KEYS for several workers (base64 seeds of 32 bytes, newest first, parted by commas),
or from `instance/keys/` by default (0001.seed, 0002.seed …; the highest number seals). Old keys stay in the ring so that
old seals still verify; of a retired one the public half is enough: PUBLIC_KEYS, or a `*.pub` file in place of the seed.
"""

import base64
import hashlib
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from governance.errors import Fault

LENGTH = 32


@dataclass(frozen=True)
class Keyring:
    """Private keys by key_id, of which `current` seals, and public halves of keys that only verify any more."""

    current: str
    private: Mapping[str, Ed25519PrivateKey]
    retired: Mapping[str, Ed25519PublicKey] = field(default_factory=dict)

    def sign(self, data: bytes) -> tuple[str, str]:
        """Seal bytes with the current key. Returns (key_id, signature in base64)."""
        return self.current, base64.b64encode(self.private[self.current].sign(data)).decode()

    def verify(self, key_id: str, signature: str, data: bytes) -> bool:
        """True when `signature` (base64) is key `key_id`'s over `data`; an unknown key is False."""
        key = self.keys().get(key_id)
        if key is None:
            return False
        try:
            key.verify(base64.b64decode(signature, validate=True), data)
        except (InvalidSignature, ValueError):
            return False
        return True

    def keys(self) -> dict[str, Ed25519PublicKey]:
        """Every public key, whether its private half is here or not, by key_id."""
        return {**self.retired, **{name: key.public_key() for name, key in self.private.items()}}

    def public(self) -> dict[str, str]:
        """Public keys in base64 by key_id, for a verifier outside."""
        return {name: base64.b64encode(_raw(key)).decode() for name, key in self.keys().items()}


def _raw(key: Ed25519PublicKey) -> bytes:
    return key.public_bytes(Encoding.Raw, PublicFormat.Raw)


def key_id(key: Ed25519PublicKey) -> str:
    """First 16 hexadecimal characters of the SHA-256 of the raw public key."""
    return hashlib.sha256(_raw(key)).hexdigest()[:16]


def from_seeds(seeds: list[bytes], public: list[bytes] | None = None) -> Keyring:
    """A keyring from seeds of 32 bytes, the first of which seals, and raw public keys. Raises ValueError for a wrong length."""
    keys = [Ed25519PrivateKey.from_private_bytes(seed) for seed in seeds]
    retired = [Ed25519PublicKey.from_public_bytes(raw) for raw in public or []]
    return Keyring(
        key_id(keys[0].public_key()),
        {key_id(key.public_key()): key for key in keys},
        {key_id(key): key for key in retired},
    )


def load(text: str | None, folder: Path, *, public: str | None = None) -> Keyring:
    """The keyring from SIGNING_KEYS, else from `folder` (made there on first use, mode 0600); retired ones from both places.

    Raises Fault for a key that is not 32 bytes in base64.
    """
    retired = _decoded("PUBLIC_KEYS", (public or "").split(",")) if public else []
    for file in sorted(folder.glob("*.pub")):
        retired += _decoded(file.name, [file.read_text()])
    if text:
        return from_seeds(_decoded("SIGNING_KEYS", text.split(",")), retired)
    files = seed_files(folder) or [_make(folder / "0001.seed")]
    return from_seeds([seed for file in files for seed in _decoded(file.name, [file.read_text()])], retired)


def seed_files(folder: Path) -> list[Path]:
    """Files of private keys, the one that seals first."""
    return sorted(folder.glob("*.seed"), reverse=True) if folder.is_dir() else []


def rotate(folder: Path) -> Keyring:
    """Make a new key in `folder`, which seals from the next start on; the older ones stay and verify."""
    numbers = [int(file.stem) for file in (*folder.glob("*.seed"), *folder.glob("*.pub")) if file.stem.isdecimal()]
    _make(folder / f"{max(numbers, default=0) + 1:04d}.seed")
    return load(None, folder)


def retire(folder: Path, ident: str) -> Path:
    """Keep of one key its public half alone and destroy the private one. Returns the file kept.

    Raises ValueError for the key that seals, and for one that has no file here.
    """
    for position, file in enumerate(seed_files(folder)):
        key = Ed25519PrivateKey.from_private_bytes(base64.b64decode(file.read_text())).public_key()
        if key_id(key) != ident:
            continue
        if position == 0:
            raise ValueError("This key seals now. Rotate first: `flask keys rotate`.")
        kept = file.with_suffix(".pub")
        _write(kept, base64.b64encode(_raw(key)).decode())
        file.unlink()
        return kept
    raise ValueError(f"There is no private key {ident} in {folder.name}/.")


def new_seed() -> str:
    """A fresh seed in base64, as SIGNING_KEYS takes it."""
    return base64.b64encode(os.urandom(LENGTH)).decode()


def _decoded(where: str, parts: list[str]) -> list[bytes]:
    try:
        found = [base64.b64decode(part.strip(), validate=True) for part in parts]
    except ValueError as wrong:
        raise Fault(file=where, item="a key", fault="is not 32 bytes in base64") from wrong
    if any(len(each) != LENGTH for each in found):
        raise Fault(file=where, item="a key", fault="is not 32 bytes in base64")
    return found


def _make(file: Path) -> Path:
    """Write a key. Two processes that start together end with one file: the loser reads the winner's."""
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    _write(file, new_seed())
    return file


def _write(file: Path, text: str) -> None:
    try:
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return
    with os.fdopen(handle, "w") as out:
        out.write(text)
