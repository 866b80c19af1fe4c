"""Digests of a pack and its sections, when a judgement still stands, and which sections differ. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from governance import canonical
from governance.errors import Blocker

LATER = ("version", "safety_case")
"""What the safety officer approves over a hazard log, before or after judging it."""
OUTCOMES: Mapping[str, str] = {"met": "Met", "not_met": "Not met", "query": "Query"}


@dataclass(frozen=True, slots=True)
class BuiltSection:
    """One section: what it is about, the judgement on that, and the digest over both. `matter_digest` is what is judged."""

    code: str
    title: str
    content: dict[str, Any]
    digest: str
    matter_digest: str

    @property
    def matter(self) -> dict[str, Any]:
        return dict(self.content["matter"])

    @property
    def judgement(self) -> dict[str, Any] | None:
        """The newest judgement given, whether or not the matter has changed since."""
        found: dict[str, Any] | None = self.content["judgement"]
        return found

    @property
    def outcome(self) -> str | None:
        """met, not_met or query, where a judgement was given on the matter as it is now."""
        said = self.judgement
        return str(said["outcome"]) if said is not None and said["digest"] == self.matter_digest else None

    @property
    def is_stale(self) -> bool:
        """Whether it was judged, and has changed since."""
        return self.judgement is not None and self.outcome is None


def built(code: str, title: str, matter: Mapping[str, Any], judgement: Mapping[str, Any] | None) -> BuiltSection:
    """Put a section together and take its digests."""
    content = canonical.plain(
        {"code": code, "title": title, "matter": dict(matter), "judgement": dict(judgement) if judgement else None}
    )
    return BuiltSection(code, title, content, canonical.digest_plain(content), canonical.digest_plain(judged(content["matter"])))


def judged(matter: Mapping[str, Any]) -> dict[str, Any]:
    """The part of a matter that a judgement is about: without the approvals that may come before or after it."""
    return {"parts": [_unapproved(part) for part in matter["parts"]]}


def _unapproved(part: Mapping[str, Any]) -> dict[str, Any]:
    bare = {name: value for name, value in part.items() if not (part["kind"] == "hazard_log" and name in LATER)}
    if part["kind"] == "risk_plan" and part["content"]:
        bare["content"] = {name: value for name, value in part["content"].items() if name != "approval"}
    return bare


def pack_digest(sections: Iterable[tuple[str, str]]) -> str:
    """The digest over a whole pack: its section codes and digests, in the pack's order."""
    return canonical.digest([[code, digest] for code, digest in sections])


def changed_sections(frozen: Mapping[str, str], now: Mapping[str, str]) -> tuple[str, ...]:
    """Codes of sections whose digest differs, or that are in one only; in the order of the first, then of the second."""
    return tuple(code for code in dict.fromkeys([*frozen, *now]) if frozen.get(code) != now.get(code))


def difference_blockers(frozen: Mapping[str, tuple[str, str]], now: Mapping[str, tuple[str, str]]) -> list[Blocker]:
    """Why a frozen pack may no longer be signed: each section that is not what it was. Values are (title, digest)."""
    blockers = []
    for code in changed_sections({c: d for c, (_, d) in frozen.items()}, {c: d for c, (_, d) in now.items()}):
        if code not in now:
            said = f"{frozen[code][0]} is no longer asked for."
        elif code not in frozen:
            said = f"{now[code][0]} is asked for now and is not in the pack."
        else:
            said = f"{frozen[code][0]} has changed since the pack was frozen."
        blockers.append(Blocker(f"difference.{code}", said))
    return blockers


def stale_blockers(sections: Iterable[BuiltSection]) -> list[Blocker]:
    """Sections judged before they changed."""
    return [
        Blocker(f"judgement.{each.code}", f"{each.title} changed after it was judged. Judge it again.")
        for each in sections
        if each.is_stale
    ]


def outcome_blockers(outcome: str, reason: str) -> list[Blocker]:
    """What is missing from a judgement. Every one needs its reason: an assessor who reads it later was not there."""
    blockers = []
    if outcome not in OUTCOMES:
        blockers.append(Blocker("outcome", "Choose met, not met or query."))
    if not reason.strip():
        blockers.append(Blocker("reason", "Say why, in a sentence or two."))
    return blockers
