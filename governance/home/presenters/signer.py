"""The part of those who judge, approve, sign, advise and authorise: over every organisation in which they may act."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from governance import clock
from governance.home import queries, turns
from governance.home.looked import Looks
from governance.home.presenters import coming, matters, safety, standing_of
from governance.home.presenters.everywhere import duties
from governance.home.presenters.matters import Matter
from governance.home.presenters.words import asks, short
from governance.home.turns import Before
from governance.lifecycle import SubmissionStatus
from governance.permissions import Actor, Role
from governance.web.wording import plural

JUDGES_ONLY = frozenset({Role.CCIO, Role.CISO, Role.IG_LEAD})
ASSESSED = (SubmissionStatus.OPENED, SubmissionStatus.RETURNED)
SHOWN = 20
LONG_PROPOSED_DAYS = 180


@dataclass(frozen=True, slots=True)
class Ready:
    """One submission that waits for this person's signature, advice or decision."""

    tool: str
    href: str
    under: str
    residual: int | None
    since_last: str
    since: str
    gone: int
    expected: int
    verb: str
    role: str


@dataclass(frozen=True, slots=True)
class Approval:
    """One thing besides a submission that waits for this person: a record, a condition, a decision, a change."""

    text: str
    href: str
    tool: str
    about: str


@dataclass(frozen=True, slots=True)
class Signer:
    """Everything on a signer's part."""

    title: str
    lede: str
    signs: bool
    ready: tuple[Ready, ...]
    more_ready: int
    approvals: tuple[Approval, ...]
    coming: tuple[coming.OnItsWay, ...]
    more_coming: int
    without: tuple[standing_of.Without, ...]
    may_sign: standing_of.MaySign
    safety: safety.SafetyNow | None


def build(actors: Mapping[int, Actor], organisations: Mapping[int, str], by: Actor, on: date, looks: Looks) -> Signer:
    """What one person has to sign and judge. `actors`: who they are in each organisation of `organisations`, by id."""
    scope = set(actors)
    mine = matters.of_person(actors, duties(by.person_id, on), on)
    packs = [each for each in mine if each.pack is not None]
    approvals = tuple(_approval(each, organisations) for each in mine if each.pack is None)
    assessed = queries.submissions(scope, *ASSESSED)
    under_way = coming.on_their_way(assessed, looks.into(assessed, actors), actors, on)
    judging = sum(len(each.yours) for each in under_way)
    roles = frozenset[Role]().union(*(actor.roles for actor in actors.values())) & matters.ROLES
    now = safety.now(actors, organisations, on)
    said = _said(packs, len(approvals), judging, *((now.red, now.asked) if now else (0, 0)))
    dated = queries.dated(scope, until=on, proposed_before=on - timedelta(days=LONG_PROPOSED_DAYS))
    return Signer(
        title=matters.title(len(mine)) if mine else said[0].rstrip(".") if said else "Nothing is open for you today",
        lede=" ".join(said if mine else said[1:]) or ("" if said else "You are told here as soon as something waits for you."),
        signs=bool(roles - JUDGES_ONLY),
        ready=_ready(packs[:SHOWN], by.person_id, on),
        more_ready=max(len(packs) - SHOWN, 0),
        approvals=approvals,
        coming=under_way,
        more_coming=len(assessed) - len(under_way),
        without=tuple(standing_of.without(dated, actors, on)),
        may_sign=standing_of.may_sign(actors, organisations, by, on),
        safety=now,
    )


def _approval(each: Matter, organisations: Mapping[int, str]) -> Approval:
    where = each.organisation or organisations.get(each.by.organisation_id or 0, "")
    return Approval(each.asked, each.href, each.tool, " · ".join(said for said in (where, each.said) if said))


def _ready(shown: Sequence[Matter], person_id: int | None, on: date) -> tuple[Ready, ...]:
    residuals = queries.residuals({each.deployment_id for each in shown})
    packs = [each.pack for each in shown if each.pack is not None]
    before = turns.since_last([(item, line.turn.role) for item, line in packs], person_id)
    return tuple(
        Ready(
            tool=each.tool,
            href=each.href,
            under=asks(item.submission, organisation=True),
            residual=residuals.get(each.deployment_id),
            since_last=_since_last(
                before.get((item.submission.id, each.role)),
                item.submission.tool_version.version if item.submission.tool_version else "",
            ),
            since=short(clock.london_date(each.since), on) if each.since else "",
            gone=line.gone,
            expected=each.expected,
            verb=each.verb,
            role=each.role.title,
        )
        for each, (item, line) in zip(shown, packs, strict=True)
    )


def _since_last(before: Before | None, version: str) -> str:
    if before is None:
        return "First time you sign this tool"
    moved = f"Version {before.version} to {version}" if before.version and before.version != version else ""
    changed = f"{plural(before.changed, 'section')} changed" if before.changed else "nothing changed"
    said = [*([moved] if moved else []), changed, f"{before.unchanged} unchanged"]
    text = ", ".join(said)
    return text[:1].upper() + text[1:]


def _said(packs: Sequence[Matter], approvals: int, judging: int, red: int, to_stop: int) -> list[str]:
    """What waits, the most urgent first, a sentence for each kind."""
    over = sum(each.pack is not None and each.pack[1].gone > each.expected for each in packs)
    said = [f"{plural(red, 'red signal')} {'asks' if red == 1 else 'ask'} for your look."] if red else []
    if to_stop:
        said.append(f"{plural(to_stop, 'request')} to suspend {'waits' if to_stop == 1 else 'wait'} for your answer.")
    if packs:
        said.append(f"{plural(len(packs), 'submission')} {'is' if len(packs) == 1 else 'are'} ready for you.")
    if over:
        said.append(f"{over} {'waits' if over == 1 else 'wait'} longer than expected.")
    if judging:
        said.append(f"{plural(judging, 'section')} {'waits' if judging == 1 else 'wait'} for your judgement.")
    if approvals:
        said.append(f"{plural(approvals, 'thing')} {'needs' if approvals == 1 else 'need'} your approval or word.")
    return said
