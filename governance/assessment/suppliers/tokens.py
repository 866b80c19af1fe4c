"""The secret in a link's address. The database keeps only its SHA-256.

It is made from the instance's own key and the link's row, so that a reminder can hold the address again without any copy of
it: whoever reads the database alone cannot make it. When the key was changed, old links still open, and letters say to use
the address that was sent first.
"""

from __future__ import annotations

import base64
import hashlib
import hmac

from flask import current_app

from governance.assessment.sheets.models import SupplierLink
from governance.notifications import queries as notifications


def digest(token: str) -> str:
    """What is kept of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def token_of(link: SupplierLink) -> str:
    """The 32 bytes of a link that has its number, as they stand in an address: 43 characters."""
    said = f"supplier-link:{link.id}:{link.organisation_id}:{link.sent_at.isoformat()}"
    made = hmac.new(str(current_app.config["SECRET_KEY"]).encode(), said.encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(made).rstrip(b"=").decode()


def address(link: SupplierLink) -> str | None:
    """Where the contact goes; None when the instance's key is no longer the one it was made with."""
    token = token_of(link)
    if not hmac.compare_digest(digest(token), link.token_sha256):
        return None
    return current_app.config["PUBLIC_URL"].rstrip("/") + notifications.path("supplier.start", token=token)
