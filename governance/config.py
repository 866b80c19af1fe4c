"""Settings, from the environment alone; every default is safe for one machine and public reading.

DATABASE_URL, SECRET_KEY, SIGNING_KEYS, PUBLIC_KEYS (of retired keys), STORAGE_URL, JOBS_URL, SMTP_URL, MAIL_FROM,
UPLOAD_LIMIT_MB, PRODUCT_NAME, PUBLIC_URL, BEHIND_PROXY, CLAMD_ADDRESS (ClamAV's daemon: unix:/path or tcp://host:port).
"""

import os
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Any


def settings(instance: Path, environ: Mapping[str, str]) -> dict[str, Any]:
    """Flask configuration for an instance folder and an environment."""
    instance.mkdir(parents=True, exist_ok=True)
    url = environ.get("DATABASE_URL") or f"sqlite:///{instance / 'governance.db'}"
    secure = environ.get("PUBLIC_URL", "").startswith("https://")
    return {
        "SQLALCHEMY_DATABASE_URI": url.replace("postgres://", "postgresql://", 1),
        "SECRET_KEY": environ.get("SECRET_KEY") or _secret(instance / "secret-key"),
        "SIGNING_KEYS": environ.get("SIGNING_KEYS"),
        "PUBLIC_KEYS": environ.get("PUBLIC_KEYS"),
        "STORAGE_URL": environ.get("STORAGE_URL") or f"file://{instance / 'files'}",
        "JOBS_URL": environ.get("JOBS_URL") or f"sqlite:///{instance / 'jobs.db'}",
        "SMTP_URL": environ.get("SMTP_URL") or "",
        "MAIL_FROM": environ.get("MAIL_FROM") or "",
        "PRODUCT_NAME": environ.get("PRODUCT_NAME") or "AI assurance register",
        "DEMONSTRATION": (instance / "demo-people.txt").exists(),
        "PUBLIC_URL": environ.get("PUBLIC_URL") or "http://127.0.0.1:8000",
        "BEHIND_PROXY": environ.get("BEHIND_PROXY") == "1",
        "CLAMD_ADDRESS": environ.get("CLAMD_ADDRESS") or "",
        "UPLOAD_LIMIT": int(environ.get("UPLOAD_LIMIT_MB") or 20) * 1024 * 1024,
        "MAX_CONTENT_LENGTH": (int(environ.get("UPLOAD_LIMIT_MB") or 20) + 1) * 1024 * 1024,
        "MAX_FORM_MEMORY_SIZE": 2 * 1024 * 1024,
        "MAX_FORM_PARTS": 2_000,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_SECURE": secure,
        "SESSION_COOKIE_NAME": "__Host-session" if secure else "session",
        "PERMANENT_SESSION_LIFETIME": 12 * 60 * 60,
        "WTF_CSRF_TIME_LIMIT": 12 * 60 * 60,
    }


def _secret(file: Path) -> str:
    """The cookie key of this instance, made once (mode 0600)."""
    try:
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return file.read_text()
    with os.fdopen(handle, "w") as out:
        text = secrets.token_urlsafe(48)
        out.write(text)
    return text
