"""What can be wrong with published content, and with an answer: one sentence each."""

from __future__ import annotations

from governance.errors import Fault


class ContentFault(Fault):
    """A data file cannot be used. `str()` names the file, the item and what is wrong with it."""

    def __init__(self, *, file: str, item: str, fault: str) -> None:
        super().__init__(file=file, item=item, fault=fault.rstrip(".") + ".")


class QuestionSetFault(ContentFault):
    """A question set cannot be used."""


class UnknownQuestionSet(LookupError):
    """No published question set has this code."""

    def __init__(self, code: str) -> None:
        super().__init__(f"There is no question set ‘{code}’.")


class AnswerFault(ValueError):
    """A value does not answer its question. `sentence` says what to do; it is fit for the error summary."""

    def __init__(self, code: str, sentence: str) -> None:
        self.code, self.sentence = code, sentence
        super().__init__(sentence)
