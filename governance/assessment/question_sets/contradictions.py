"""Answers of one set that cannot both hold: each is good by itself, together they say two things. Pure.

The residual risk of a data protection impact assessment is never lower than that of its highest risk: UK GDPR article 36
asks for the ICO to be consulted where it is high, so a lower word over the whole would hide it.
"""

from __future__ import annotations

from governance.assessment.question_sets import risks
from governance.assessment.question_sets.rules import Answers, Facts, state_of
from governance.assessment.question_sets.schema import QuestionSet, Response
from governance.errors import Blocker

RESIDUAL = "residual"
"""The fact that the answer over the whole gives."""


def contradictions(question_set: QuestionSet, answers: Answers, facts: Facts | None = None) -> list[Blocker]:
    """What contradicts what, in sentences; the code of each is that of the question to look at again."""
    states = state_of(question_set, answers, facts)
    lists = [each.code for each in question_set.questions if each.response is Response.RISKS and states[each.code].done]
    wholes = [each for each in question_set.questions if each.gives == RESIDUAL and states[each.code].done]
    found = []
    for whole in wholes:
        said = answers[whole.code].chosen[0]
        for code in lists:
            number, stands = risks.highest(answers[code].risks)
            if risks.level(said) < risks.level(stands):
                found.append(Blocker(whole.code, _sentence(whole.code, said, number, stands)))
    return found


def _sentence(code: str, said: str, number: int, stands: str) -> str:
    return (
        f"{code} says that the residual risk is {said}, but risk {number} stands at {stands}."
        " It cannot be lower than the highest risk."
    )
