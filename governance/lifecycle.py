"""The arrows: what a submission's status and a deployment's standing may become, and by whom.

Two tables, `SUBMISSION_ARROWS` and `STANDING_ARROWS`, exactly as the policy's "Submission" and "Standing and ladder".
Verbs: `submission_arrow`, `standing_arrow`, `diagram`. Which stage may follow which is the ladder, and the policy's.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from governance.errors import Refused


class Stage(StrEnum):
    """Where a deployment stands on the ladder. The labels are the words of the NHS AI Framework for London (2025)."""

    PIPELINE = "pipeline"
    PROOF_OF_CONCEPT = "proof_of_concept"
    PILOT = "pilot"
    IMPLEMENTATION = "implementation"
    BUSINESS_AS_USUAL = "business_as_usual"

    @property
    def label(self) -> str:
        return self.value.replace("_", " ").capitalize()

    @property
    def position(self) -> int:
        """Nought for Pipeline, four for Business as usual."""
        return list(Stage).index(self)


class Standing(StrEnum):
    """Whether a deployment is in good order at its stage."""

    PROPOSED = "proposed"
    DECLARED = "declared"
    ASSURED = "assured"
    LAPSED = "lapsed"
    SUSPENDED = "suspended"
    CEASED = "ceased"

    @property
    def label(self) -> str:
        return self.value.capitalize()


class SubmissionStatus(StrEnum):
    DRAFTED = "drafted"
    OPENED = "opened"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    DEFERRED = "deferred"
    HELD = "held"
    AUTHORISED = "authorised"
    NOT_APPROVED = "not_approved"
    WITHDRAWN = "withdrawn"

    @property
    def label(self) -> str:
        return _STATUS_LABELS.get(self, self.value.replace("_", " ").capitalize())


_STATUS_LABELS = {SubmissionStatus.RETURNED: "Returned for information", SubmissionStatus.HELD: "On hold"}


class SubmissionKind(StrEnum):
    """What a submission asks for about a deployment."""

    PROGRESS = "progress"
    RE_ASSURANCE = "re_assurance"
    EXTEND_PILOT = "extend_pilot"
    STEP_BACK = "step_back"
    CEASE = "cease"

    @property
    def label(self) -> str:
        return "Re-assurance" if self is SubmissionKind.RE_ASSURANCE else self.value.replace("_", " ").capitalize()


S, D = SubmissionStatus, Standing

OPEN_STATUSES: frozenset[SubmissionStatus] = frozenset(
    {S.DRAFTED, S.OPENED, S.SUBMITTED, S.RETURNED, S.DEFERRED, S.HELD}
)
CLOSED_STATUSES: frozenset[SubmissionStatus] = frozenset(S) - OPEN_STATUSES

BEFORE = "before"
"""A target that says: back to the status or standing held before."""
SIGNER_IN_TURN = "signer_in_turn"
AUTHORISER = "authoriser"
SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Arrow:
    """One row of a table.

    `sources` is empty for an arrow that begins something. `target` is a value of the table's enum, or `BEFORE`. `by` names
    roles, or `SIGNER_IN_TURN`, `AUTHORISER`, `SYSTEM`; where several must act in order, `in_order` is true. `done` is the
    word for a sentence ("cannot be … now").
    """

    name: str
    sources: tuple[str, ...]
    target: str
    by: tuple[str, ...]
    done: str
    reason_needed: bool = False
    in_order: bool = False
    effect: str = ""


_LEAD = ("digital_lead",)
_ARROWS = (
    Arrow("start", (), S.DRAFTED, _LEAD, "started"),
    Arrow("propose", (S.DRAFTED,), S.OPENED, _LEAD, "proposed", effect="the policy is pinned"),
    Arrow("submit", (S.OPENED, S.RETURNED), S.SUBMITTED, _LEAD, "submitted", effect="freezes the pack; round + 1"),
    Arrow("recall", (S.SUBMITTED,), S.OPENED, _LEAD, "recalled", reason_needed=True, effect="ends the round"),
    Arrow(
        "return_for_information", (S.SUBMITTED,), S.RETURNED, (SIGNER_IN_TURN,), "returned for information",
        reason_needed=True, effect="ends the round",
    ),
    Arrow(
        "refuse", (S.SUBMITTED,), S.NOT_APPROVED, (SIGNER_IN_TURN, AUTHORISER), "refused",
        reason_needed=True, effect="closes; standing unchanged",
    ),
    Arrow("defer", (S.SUBMITTED,), S.DEFERRED, (AUTHORISER,), "deferred", effect="until a date"),
    Arrow("resume_decision", (S.DEFERRED,), S.SUBMITTED, (AUTHORISER,), "taken up again", effect="pack re-compared"),
    Arrow(
        "authorise", (S.SUBMITTED,), S.AUTHORISED, (AUTHORISER,), "authorised",
        effect="closes; takes effect at once, or when the last “before” condition is confirmed",
    ),
    Arrow("hold", (S.DRAFTED, S.OPENED, S.RETURNED), S.HELD, _LEAD, "put on hold", reason_needed=True),
    Arrow("release", (S.HELD,), BEFORE, _LEAD, "released", reason_needed=True),
    Arrow(
        "withdraw", tuple(status for status in S if status in OPEN_STATUSES), S.WITHDRAWN, _LEAD, "withdrawn",
        reason_needed=True, effect="closes",
    ),
)  # fmt: skip
_STANDING = (
    Arrow("propose", (), D.PROPOSED, _LEAD, "proposed"),
    Arrow("declare", (), D.DECLARED, _LEAD, "declared"),
    Arrow("take_effect", (D.PROPOSED, D.DECLARED, D.ASSURED, D.LAPSED), D.ASSURED, (AUTHORISER,), "assured"),
    Arrow("lapse", (D.ASSURED,), D.LAPSED, (SYSTEM,), "lapsed"),
    Arrow(
        "suspend", (D.DECLARED, D.ASSURED, D.LAPSED), D.SUSPENDED,
        ("cso", "clinical_lead", "sro", "authorising_executive"), "suspended", reason_needed=True,
    ),
    Arrow(
        "resume", (D.SUSPENDED,), BEFORE, ("cso", AUTHORISER), "resumed",
        in_order=True, effect="the standing before; lapsed if it ended meanwhile",
    ),
    Arrow(
        "cease", tuple(standing for standing in D if standing is not D.CEASED), D.CEASED, (AUTHORISER,), "ceased",
        reason_needed=True, effect="the stage is kept",
    ),
)  # fmt: skip

SUBMISSION_ARROWS = MappingProxyType({arrow.name: arrow for arrow in _ARROWS})
STANDING_ARROWS = MappingProxyType({arrow.name: arrow for arrow in _STANDING})


def submission_arrow(
    status: SubmissionStatus | None, arrow: str, *, before: SubmissionStatus | None = None
) -> SubmissionStatus:
    """The status after `arrow`. `status` is None for `start`; `before` is the status a hold began from, for `release`.

    Raises `Refused` with a sentence when the table has no such arrow from here, `KeyError` for a word that is no arrow.
    """
    row = SUBMISSION_ARROWS[arrow]
    if (status is None) != (not row.sources) or (status is not None and status not in row.sources):
        now = "there is no submission yet" if status is None else f"this submission is {status.label.lower()}"
        raise Refused.because(f"It cannot be {row.done} now: {now}.", code="submission.arrow")
    if row.target == BEFORE:
        if before is None or before not in SUBMISSION_ARROWS["hold"].sources:
            raise Refused.because("It cannot be released: what it was before is not known.", code="submission.before")
        return before
    return SubmissionStatus(row.target)


def standing_arrow(
    standing: Standing | None, arrow: str, *, before: Standing | None = None, ended_meanwhile: bool = False
) -> Standing:
    """The standing after `arrow`. `standing` is None for a new deployment.

    For `resume`, `before` is the standing that was suspended, and `ended_meanwhile` says its approval has since ended.
    Raises `Refused` with a sentence when the table has no such arrow from here, `KeyError` for a word that is no arrow.
    """
    row = STANDING_ARROWS[arrow]
    if (standing is None) != (not row.sources) or (standing is not None and standing not in row.sources):
        now = "there is no deployment yet" if standing is None else f"this deployment is {standing.label.lower()}"
        raise Refused.because(f"It cannot be {row.done} now: {now}.", code="standing.arrow")
    if row.target == BEFORE:
        if before is None or before not in STANDING_ARROWS["suspend"].sources:
            raise Refused.because("It cannot be resumed: what it was before is not known.", code="standing.before")
        return Standing.LAPSED if ended_meanwhile and before is Standing.ASSURED else before
    return Standing(row.target)


def _lines(arrows: tuple[Arrow, ...], back_to: tuple[str, ...]) -> list[str]:
    lines = []
    for arrow in arrows:
        for source in arrow.sources or ("[*]",):
            for target in back_to if arrow.target == BEFORE else (arrow.target,):
                lines.append(f"        {source} --> {target}: {arrow.name}")
    return lines


def diagram() -> str:
    """Both tables as one Mermaid state diagram; the README holds this text."""
    ends = [f"        {status} --> [*]" for status in S if status in CLOSED_STATUSES]
    return "\n".join(
        [
            "stateDiagram-v2",
            '    state "Status of a submission" as submission {',
            *_lines(_ARROWS, SUBMISSION_ARROWS["hold"].sources),
            *ends,
            "    }",
            '    state "Standing of a deployment" as standing {',
            *_lines(_STANDING, STANDING_ARROWS["suspend"].sources),
            f"        {D.CEASED} --> [*]",
            "    }",
            "",
        ]
    )
