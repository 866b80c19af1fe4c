"""A frozen pack as a file: the very bytes whose digests are printed, so that anybody may take them again."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

from governance import canonical
from governance.assessment.packs import redacted
from governance.assessment.packs.models import AssurancePack, PackSection
from governance.intake.models import Submission

FORMAT = "assurance-pack/1"
SCHEMA = Path(__file__).parent / "pack.schema.json"


def whole(pack: AssurancePack, submission: Submission) -> bytes:
    """The pack as canonical JSON (RFC 8785). `index` is what the pack's digest covers; each section’s bytes lie in it whole."""
    return canonical.dumps(
        {
            "format": FORMAT,
            "reference": submission.reference,
            "round": pack.round,
            "frozen_at": pack.frozen_at.isoformat(),
            "digest": pack.digest,
            "index": [[each.code, each.digest] for each in pack.sections],
            "sections": [each.content for each in pack.sections],
            **_redactions(pack),
        }
    )


def section(row: PackSection) -> bytes:
    """One section as canonical JSON: the SHA-256 of these bytes is its digest, unless a text was removed from it since."""
    return canonical.dumps(row.content)


def _redactions(pack: AssurancePack) -> dict[str, Any]:
    """Sections whose content no longer gives the digest that was signed, because patient details were removed from them."""
    found = [(each, made) for each in pack.sections if (made := redacted.of_section(each)) is not None]
    said = [
        {
            "section": each.code,
            "redaction": made.id,
            "at": made.redacted_at.isoformat(),
            "digest": each.digest,
            "digest_now": made.content_after,
        }
        for each, made in found
    ]
    return {"redactions": said} if said else {}


@cache
def schema() -> dict[str, Any]:
    """The shape of `whole`, as JSON Schema (draft 2020-12)."""
    found: dict[str, Any] = json.loads(SCHEMA.read_text(encoding="utf-8"))
    return found
