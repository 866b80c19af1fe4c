"""What those before somebody said in a round, as the page on which they sign shows it: never what is not to be seen yet."""

from __future__ import annotations

from governance.approval import outcomes, presenters, rules
from governance.approval import words as approval
from governance.approval.queries import Position
from governance.approval.rules import TurnState
from governance.permissions import Role
from governance.web.wording import listed, long_date


def panel(state: TurnState) -> str:
    """How many must agree; nothing where one person acts for the role."""
    if not state.of_panel:
        return ""
    needs, title = state.turn.needs, f"{state.turn.role.title}s"
    return f"{rules.NUMBERS[needs].capitalize()} {title} must agree, each with a signature of their own."


def blind(here: Position, role: Role) -> str:
    """That a role signs without seeing what others said, and why; or that it is not shown yet."""
    turns = [turn for turn in here.turns if turn.independent]
    if not here.veiled:
        return ""
    if here.line(role).turn.independent:
        return (
            "You sign without seeing what the others said, and they do not see what you say. So nobody follows the first to "
            "speak. All of it is shown when all are in. A return or “not approved” counts from then."
        )
    who = listed(f"the {turn.role.title}" for turn in turns)
    return f"Independent of each other: {who}. What they said is shown when all are in."


def others(here: Position, role: Role) -> tuple[tuple[str, str, bool], ...]:
    """(role, what it said or is awaited, whether it has spoken) of everybody else, each seat of a panel on its own."""
    found = []
    own = here.line(role)
    for line in here.lines:
        panel = f", {line.of_panel}" if line.of_panel else ""
        if line.turn.role is role and not panel:
            continue
        for each in line.seats:
            who = f"{line.turn.role.heading}{f', {each.name}' if panel else ''}"
            found.append((who, presenters.said(each, here), True))
        if line.turn.role is role or line.state == "done":
            continue
        words = "Awaited"
        if line.state == "open":
            words = "Awaited, in parallel with you" if own.state == "open" else f"Awaited since {long_date(line.since)}"
        elif role in line.turn.after:
            words = "Acts after you"
        elif line.turn.after:
            waits = [other.title for other in line.turn.after if other not in here.done]
            words = f"Acts after the {listed(waits)}" if waits else "Awaited"
        found.append((line.turn.role.heading, f"{words}{panel}", False))
    return tuple(found)


def proposed(here: Position) -> tuple[tuple[str, str], ...]:
    """Conditions set in this round so far: (what, by whom set, who meets it and when)."""
    return tuple(
        (
            row.text,
            f"{Role(row.owner_role).heading}, {approval.counts(row.kind, row.before_stage, row.due_on)}. "
            f"Set by the {row.set_by_role.title}.",
        )
        for row in outcomes.conditions_of(here.submission)
        if row.status == "proposed"
    )
