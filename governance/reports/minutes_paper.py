"""The minutes as they are printed: what a committee decided, and clearly apart from it what was signed. Plain texts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC

from governance.approval.committees.presenters import HANDLED, POSITIONS, PRESENCES
from governance.approval.committees.rules import DECISIONS, STATUS
from governance.approval.rules import VEILED
from governance.approval.statements import sentence
from governance.lifecycle import SubmissionStatus
from governance.reports import words
from governance.reports.minutes_material import Asked, Item, MinutesMaterial, Standing
from governance.web.wording import listed, long_date, moment, plural, starting_small

MATTER = "Nothing to sign: a matter in words"
NOTHING_MOVES = (
    "A committee’s decision moves nothing by itself. Those whom policy names sign and authorise, each under their own name. "
    "A caveat becomes a condition only when one of them sets it."
)
NOT_MADE = {
    SubmissionStatus.OPENED: "Not authorised: taken back and being worked on",
    SubmissionStatus.RETURNED: "Not authorised: returned for information",
    SubmissionStatus.WITHDRAWN: "Not authorised: withdrawn",
    SubmissionStatus.HELD: "Not authorised yet: on hold",
    SubmissionStatus.DEFERRED: "Not authorised yet: the decision is deferred",
}
MOST = ((24, 200), (24, 160), (20, 120), (15, 90), (11, 60))
"""For each tightness of the front sheet: how many items it lists, and how many characters a text may have."""
LATER = {"apologies": 2, "remote": 1}


@dataclass(frozen=True)
class FrontLine:
    """One item on the front sheet: the committee's words, and apart from them those of who signs and authorises."""

    number: int
    title: str
    committee: str
    signers: str


@dataclass(frozen=True)
class Front:
    """Page one."""

    fit: int
    organisation: str
    title: str
    when: str
    quorum: str
    tone: str
    there: str
    items: tuple[FrontLine, ...]
    more: int
    actions: str


@dataclass(frozen=True)
class ItemPart:
    """One item in full. Tables are rows of texts; a digest is the last of a row."""

    number: str
    title: str
    facts: tuple[tuple[str, str], ...]
    description: str
    quorum: str
    papers: tuple[tuple[str, str, str], ...]
    opinion: str
    decision: str
    caveats: tuple[str, ...]
    comments: tuple[tuple[str, str, str, str, str], ...]
    comments_say: str
    signers: str
    signed: tuple[tuple[str, str, str, str, str, str], ...]
    pack: str
    newer: str
    actions: tuple[str, ...]


@dataclass(frozen=True)
class Minutes:
    """Everything that is printed; the first ten are what the base of each paper reads."""

    product: str
    title: str
    edition: str
    reference: str
    header: str
    digest: str
    check: str
    check_url: str
    issued: str
    created: str
    front: Front
    lede: str
    attended: tuple[tuple[str, str, str], ...]
    quorum: str
    interests: tuple[tuple[str, str, str, str], ...]
    previous: str
    notes: str
    items: tuple[ItemPart, ...]
    actions: tuple[tuple[int, str, str, str, str, str], ...]
    steps: tuple[tuple[str, str, str], ...]


def title(found: MinutesMaterial) -> str:
    """`AI assurance group, meeting 3`."""
    return f"{found.committee}, meeting {found.number}"


def minutes(found: MinutesMaterial, fit: int) -> Minutes:
    """The minutes with their front sheet at a tightness of 0 to 4."""
    url = found.public_url.rstrip("/")
    page = f"{url}/{found.organisation_code}/meetings/{found.meeting_id}/minutes"
    return Minutes(
        product=found.product,
        title=title(found),
        edition="minutes",
        reference=f"meeting {found.number}",
        header=words.shortened(f"{title(found)}, {long_date(found.held_on)}", 62),
        digest=found.digest,
        check=page.partition("://")[2] or page,
        check_url=page,
        issued=long_date(found.issued_at),
        created=found.issued_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        front=_front(found, fit),
        lede=_there(found),
        attended=_attended(found),
        quorum=_quorum(found),
        interests=tuple(
            (each.name, f"Item {each.item}" if each.item else "The whole meeting", each.interest, HANDLED[each.handled])
            for each in found.interests
        ),
        previous=found.previous,
        notes=found.notes,
        items=tuple(_item(each, found) for each in found.items),
        actions=tuple(_action(each) for each in found.actions),
        steps=tuple(
            (moment(each.at), STATUS[each.status], ". ".join(said for said in (each.by, each.reason) if said))
            for each in found.steps
        ),
    )


def committee_says(item: Item) -> str:
    """`Supported with 2 caveats`, as the committee decided; `Not decided` where it did not."""
    if item.decision == "supported_with_caveats":
        return f"Supported with {plural(len(item.caveats), 'caveat')}"
    return DECISIONS.get(item.decision, "Not decided")


def signers_say(standing: Standing | None) -> str:
    """Where those who sign and authorise stand, in words that no opinion of a committee changes."""
    if standing is None:
        return MATTER
    if standing.outcome:
        return standing.sentence.rstrip(".") if standing.outcome == "authorised" else "Not approved"
    status = SubmissionStatus(standing.status)
    if status in NOT_MADE:
        return NOT_MADE[status]
    if not standing.waiting:
        return "Not authorised yet"
    if len(standing.waiting) > 3:
        return f"Not authorised yet: with {len(standing.waiting)} roles"
    return f"Not authorised yet: with the {listed(role.title for role in standing.waiting)}"


def _front(found: MinutesMaterial, fit: int) -> Front:
    most, length = MOST[fit]
    shown = found.items[:most]
    return Front(
        fit=fit,
        organisation=found.organisation,
        title=words.shortened(title(found), 140 if fit < 3 else 100),
        when=", ".join(text for text in (long_date(found.held_on), found.starts_at, found.place) if text),
        quorum=words.shortened(found.quorum, length + 40),
        tone="" if found.quorate else "amber",
        there=_there(found),
        items=tuple(
            FrontLine(
                each.number,
                words.shortened(each.title, length),
                _committee(each, found),
                words.shortened(signers_say(each.standing), 130),
            )
            for each in shown
        ),
        more=len(found.items) - len(shown),
        actions=_actions_say(found),
    )


def _committee(each: Item, found: MinutesMaterial) -> str:
    said = committee_says(each)
    return said if each.is_quorate == found.quorate else f"{said}. {each.quorum.partition(':')[0]} for this item"


def _there(found: MinutesMaterial) -> str:
    """`4 people were there, 1 sent apologies.` and, where it was so, until when members could comment."""
    there = {each.name for each in found.attended if each.presence != "apologies"}
    away = {each.name for each in found.attended if each.presence == "apologies"} - there
    said = f"{plural(len(there), 'person was', 'people were')} there"
    said += f", {len(away)} sent apologies." if away else "."
    if found.comment_until is not None:
        said += f" Members could comment until {long_date(found.comment_until)}."
    return said


def _actions_say(found: MinutesMaterial) -> str:
    if not found.actions:
        return "No action was given."
    said = f"{plural(len(found.actions), 'action was', 'actions were')} given"
    left = [each.due_on for each in found.actions if each.done_on is None]
    return f"{said}; the next is due on {long_date(min(left))}." if left else f"{said}; all done."


def _attended(found: MinutesMaterial) -> tuple[tuple[str, str, str], ...]:
    """The chair first, then who was there, by video or telephone, and apologies."""
    rows = sorted(found.attended, key=lambda each: (not each.is_chair, LATER.get(each.presence, 0)))
    return tuple((f"{each.role}, chair" if each.is_chair else each.role, each.name, PRESENCES[each.presence]) for each in rows)


def _quorum(found: MinutesMaterial) -> str:
    if found.quorate:
        return f"{found.quorum}. It was counted when the meeting was held."
    if found.comment_until is None:
        return f"{found.quorum}. It was counted when the meeting was held."
    return (
        f"{found.quorum}. It was counted when the meeting was held. Members could comment out of the meeting until "
        f"{long_date(found.comment_until)}; what they said stands with each item."
    )


def _item(each: Item, found: MinutesMaterial) -> ItemPart:
    standing = each.standing
    pairs = (
        ("Why it was there", each.purpose),
        ("Presented by", each.presented_by),
        ("Submission", standing.reference if standing else ""),
    )
    return ItemPart(
        number=f"2.{each.number}",
        title=each.title,
        facts=tuple((name, said) for name, said in pairs if said),
        description=each.description,
        quorum="" if each.is_quorate == found.quorate else f"For this item: {starting_small(each.quorum)}.",
        papers=tuple((paper.name, paper.title, paper.digest) for paper in each.papers),
        opinion=each.opinion,
        decision=committee_says(each),
        caveats=each.caveats,
        comments=tuple(
            (said.name, said.role, POSITIONS[said.position], said.text, long_date(said.at)) for said in each.comments
        ),
        comments_say="No member commented on this item." if found.comment_until and not each.is_quorate else "",
        signers=signers_say(standing),
        signed=tuple(
            (row.role, row.person, "Signed, shown when all are in" if row.outcome == VEILED else words.done(row.outcome),
             *_apart(moment(row.at)), row.code)
            for row in (standing.signed if standing else ())
        ),
        pack=standing.pack if standing else "",
        newer="A newer pack was submitted after this meeting. Its signatures are not printed here."
        if standing and standing.newer_pack
        else "",
        actions=tuple(
            f"{row.number}. {row.text.rstrip('.')}: {row.owner}, by {long_date(row.due_on)}"
            for row in found.actions
            if row.item == each.number
        ),
    )


def _apart(at: str) -> tuple[str, str]:
    day, _, hour = at.partition(", ")
    return day, hour


def _action(each: Asked) -> tuple[int, str, str, str, str, str]:
    done = f"Done on {long_date(each.done_on)}. {sentence(each.done_words)}".rstrip() if each.done_on else "Open"
    return each.number, each.text, f"Item {each.item}" if each.item else "", each.owner, long_date(each.due_on), done
