"""Files kept by content: evidence, issued PDFs and receipts, in a folder or in S3-compatible storage.

Nothing is ever overwritten: `put_new` refuses a key that is there. `delete` is for redactions and retention alone.
"""

import hashlib
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlparse

import obstore
from obstore.exceptions import AlreadyExistsError, NotFoundError
from obstore.store import LocalStore, ObjectStore, from_url

from governance.errors import Fault


class Storage:
    """One store, opened from STORAGE_URL (`file:///…` or `s3://bucket/prefix`)."""

    def __init__(self, url: str) -> None:
        parts = urlparse(url)
        if parts.scheme == "file":
            folder = Path(parts.path)
            folder.mkdir(parents=True, exist_ok=True)
            self._store: ObjectStore = LocalStore(folder)
        elif parts.scheme == "s3":
            self._store = from_url(url)
        else:
            raise Fault(file="STORAGE_URL", item=parts.scheme or "(empty)", fault="must begin with file:// or s3://")

    def put_content(self, data: bytes) -> str:
        """Store bytes under their SHA-256 and return it. The same bytes twice is one file."""
        digest = hashlib.sha256(data).hexdigest()
        self.put_new(content_key(digest), data)
        return digest

    def content(self, digest: str) -> bytes:
        """Bytes by their SHA-256. Raises FileNotFoundError; raises ValueError when they have changed since."""
        data = self.get(content_key(digest))
        if hashlib.sha256(data).hexdigest() != digest:
            raise ValueError(f"the stored file {digest[:8]} is not what was stored")
        return data

    def put_new(self, key: str, data: bytes) -> bool:
        """Store bytes at a new key. False (and nothing written) when the key is there already."""
        try:
            obstore.put(self._store, key, data, mode="create")
        except AlreadyExistsError:
            return False
        return True

    def get(self, key: str) -> bytes:
        """Bytes at a key. Raises FileNotFoundError."""
        try:
            return bytes(obstore.get(self._store, key).bytes())
        except NotFoundError as missing:
            raise FileNotFoundError(key) from missing

    def delete(self, key: str) -> bool:
        """Delete the bytes at a key: what a redaction withholds or a retention rule ends. False when nothing is there."""
        try:
            self.get(key)
        except FileNotFoundError:
            return False
        obstore.delete(self._store, key)
        return True

    def keys(self, prefix: str) -> Iterator[str]:
        """Every key under a prefix."""
        for batch in obstore.list(self._store, prefix):
            for item in batch:
                yield item["path"]


def content_key(digest: str) -> str:
    """Where content lives: sha256/ab/abcdef…"""
    return f"sha256/{digest[:2]}/{digest}"
