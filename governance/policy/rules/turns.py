"""Whose turn it is in a round, who is not shown yet, and what an outcome still needs. Source: our policy, "Who must agree".

Where a panel signs, a turn has several seats. Independent turns do not see each other's outcomes before all are in.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from governance.errors import Blocker
from governance.permissions import Role
from governance.policy.rules.agreement import Turn
from governance.policy.schema import Act, Outcome

Given = Mapping[Role, str | tuple[str, ...]]
"""Outcomes by role in one round: one code, or, of a panel, the code of each seat taken."""


def _outcome(turn: Turn, code: str) -> Outcome | None:
    return next((outcome for outcome in turn.outcomes if outcome.code == code), None)


def answers(done: Given, role: Role) -> tuple[str, ...]:
    """What the holders of a role said in this round, in the order of their seats."""
    found = done.get(role, ())
    return (found,) if isinstance(found, str) else tuple(found)


def is_in(turn: Turn, done: Given) -> bool:
    """Whether a turn is over: each seat is taken, or one of them ended the round. An independent one waits for each seat."""
    said = answers(done, turn.role)
    return len(said) >= turn.needs or (not turn.independent and _stops(turn, said))


def veiled(turns: Iterable[Turn], done: Given) -> frozenset[Role]:
    """Independent roles whose outcomes nobody is shown or affected by yet: until all of them are in, or the round ended."""
    turns = tuple(turns)
    apart = [turn for turn in turns if turn.independent]
    if all(is_in(turn, done) for turn in apart):
        return frozenset()
    if any(_stops(turn, answers(done, turn.role)) for turn in turns if not turn.independent):
        return frozenset()
    return frozenset(turn.role for turn in apart)


def settled(turns: Iterable[Turn], done: Given) -> frozenset[Role]:
    """Roles whose turn is over and may be seen: what others wait for."""
    turns = tuple(turns)
    hidden = veiled(turns, done)
    return frozenset(turn.role for turn in turns if is_in(turn, done) and turn.role not in hidden)


def turns_open(turns: Iterable[Turn], done: Given) -> tuple[Turn, ...]:
    """Whose turn it is now, given the outcomes of those who acted in this round.

    Nobody's, once an outcome has ended the round (return, not approved) or paused it (deferred). An outcome of an
    independent role ends the round only when all of them are in, and nobody decides before that.
    """
    turns = tuple(turns)
    hidden, over = veiled(turns, done), settled(turns, done)
    if any(_stops(turn, answers(done, turn.role)) for turn in turns if turn.role not in hidden):
        return ()
    return tuple(
        turn
        for turn in turns
        if not is_in(turn, done) and over.issuperset(turn.after) and not (hidden and turn.act is Act.AUTHORISE)
    )


def _stops(turn: Turn, said: Iterable[str]) -> bool:
    chosen = [_outcome(turn, code) for code in said]
    return any(outcome is not None and (outcome.ends_round or outcome.pauses) for outcome in chosen)


def turn_blockers(turns: Iterable[Turn], done: Given, role: Role) -> list[Blocker]:
    """Why a role may not act now: no part in this, acted already, round over, or others come first."""
    turns = tuple(turns)
    turn = next((turn for turn in turns if turn.role is role), None)
    if turn is None:
        return [Blocker("turn.none", f"The {role.title} is not among those who must agree to this submission.")]
    if is_in(turn, done):
        if turn.needs > 1:
            return [Blocker("turn.done", f"As many {role.title}s as must agree have acted in this round.")]
        return [Blocker("turn.done", f"The {role.title} has already acted in this round.")]
    if turn in turns_open(turns, done):
        return []
    over, hidden = settled(turns, done), veiled(turns, done)
    first = [*turn.after, *(hidden if turn.act is Act.AUTHORISE else ())]
    waiting = [other.role.title for other in turns if other.role in first and other.role not in over]
    if not waiting:
        return [Blocker("turn.closed", "This round has ended or is deferred.")]
    return [Blocker("turn.waiting", f"The {role.title} acts after the {_listed(waiting)}.")]


def _listed(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def decision_reason_blockers(
    turns: Iterable[Turn], done: Given, *, role: Role, outcome: str, reason: str, conditions: int = 0
) -> list[Blocker]:
    """What an outcome still needs: its reason, its conditions, and a reason for deciding against advice.

    Whoever authorises answers to all advice given; others to the advice their turn waits for (the SIRO to the DPO's).
    `conditions` counts those set with this outcome.
    """
    turns = tuple(turns)
    own = next((turn for turn in turns if turn.role is role), None)
    chosen = _outcome(own, outcome) if own else None
    if own is None or chosen is None:
        return [Blocker("outcome.unknown", f"The {role.title} cannot answer “{outcome}”.")]
    given = bool(reason.strip())
    blockers = []
    if chosen.reason and not given:
        blockers.append(Blocker("outcome.reason", f"“{chosen.label}” needs a reason."))
    if chosen.conditions and not conditions:
        blockers.append(Blocker("outcome.conditions", f"“{chosen.label}” needs at least one condition."))
    if own.act is Act.ADVISE or chosen.ends_round or chosen.pauses or given:
        return blockers
    for turn in turns:
        heeded = turn.act is Act.ADVISE and (own.act is Act.AUTHORISE or turn.role in own.after)
        said = answers(done, turn.role)
        advice = _outcome(turn, said[0]) if heeded and said else None
        if advice is not None and advice.against:
            sentence = f"The {turn.role.title} said “{advice.label}”. Deciding against advice needs a reason."
            blockers.append(Blocker("outcome.against_advice", sentence))
    return blockers
