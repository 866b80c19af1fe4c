"""What the minutes of one meeting print, as plain values: read once, then drawn without the database."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date, datetime

from governance import canonical
from governance.permissions import Role


@dataclass(frozen=True)
class Attended:
    """One person in one role. presence: present, remote or apologies."""

    name: str
    role: str
    presence: str
    is_chair: bool


@dataclass(frozen=True)
class Interest:
    """An interest declared, about an item or everything (item 0), and how it was handled, by code."""

    name: str
    item: int
    interest: str
    handled: str


@dataclass(frozen=True)
class Paper:
    """An enclosure as it is called, and the digest of what was read."""

    name: str
    title: str
    digest: str


@dataclass(frozen=True)
class Commented:
    """What a member said out of the meeting."""

    name: str
    role: str
    position: str
    text: str
    at: datetime


@dataclass(frozen=True)
class SealedLine:
    """A signature on the item's pack: whose, what outcome (`veiled` where it may not be shown yet), when, its check code."""

    role: str
    person: str
    outcome: str
    at: datetime
    code: str


@dataclass(frozen=True)
class Standing:
    """Where those who sign and authorise stand: the status, the decision's sentence or whose turn it is."""

    reference: str
    pack: str
    status: str
    outcome: str
    sentence: str
    waiting: tuple[Role, ...]
    signed: tuple[SealedLine, ...]
    newer_pack: bool


@dataclass(frozen=True)
class Item:
    """One item with its papers, the committee's opinion and, apart, what was signed. `standing` is None for a matter in words."""

    number: int
    title: str
    purpose: str
    presented_by: str
    description: str
    opinion: str
    decision: str
    caveats: tuple[str, ...]
    is_quorate: bool
    quorum: str
    papers: tuple[Paper, ...]
    comments: tuple[Commented, ...]
    standing: Standing | None


@dataclass(frozen=True)
class Asked:
    """An action: what, who, by when, for which item (0 for none), and what was done."""

    number: int
    item: int
    text: str
    owner: str
    due_on: date
    done_on: date | None
    done_words: str


@dataclass(frozen=True)
class Moved:
    """A step of the meeting: what it became, when, by whom, why."""

    status: str
    at: datetime
    by: str
    reason: str


@dataclass(frozen=True)
class MinutesMaterial:
    """Everything that the minutes print."""

    product: str
    public_url: str
    organisation: str
    organisation_code: str
    meeting_id: int
    committee: str
    terms: str
    number: int
    held_on: date
    starts_at: str
    place: str
    quorate: bool
    quorum: str
    comment_until: date | None
    previous: str
    notes: str
    attended: tuple[Attended, ...]
    interests: tuple[Interest, ...]
    items: tuple[Item, ...]
    actions: tuple[Asked, ...]
    steps: tuple[Moved, ...]
    issued_at: datetime

    @property
    def digest(self) -> str:
        """SHA-256 over everything printed: its first eight characters are the check code on each page."""
        return canonical.digest(asdict(self))
