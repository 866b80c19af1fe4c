"""When a hazard may be scored, accepted, transferred and closed, and what keeps a log from being relied on. Pure.

Source: DCB0129 v4.2 and DCB0160 v3.2, clauses 3.3 (hazard log), 4.4 (estimate), 5.1 (evaluate), 6.1 to 6.4 (control,
verify); implementation guidance v3.2, tables 5 to 10 (kinds of control, status words, matrix, acceptability).
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Protocol, cast

from governance.assessment.hazards.matrix import Acceptability, Matrix, Patients
from governance.assessment.hazards.words import EXISTING, PATIENT_WORDS, STATUS_WORDS, SUPPLIER_SAYS, TEXT_LIMITS
from governance.errors import Blocker
from governance.policy.schema import Depth


class ControlFacts(Protocol):
    """What rules ask of a control."""

    kind: Any
    description: Any
    implementation: Any
    effectiveness: Any
    removed_at: Any


class HazardFacts(Protocol):
    """What rules ask of a hazard: a row of the table, or anything shaped like it."""

    number: Any
    status: Any
    initial_rating: Any
    residual_rating: Any
    matrix_version: Any
    acceptance: Any
    acceptance_reason: Any

    @property
    def controls(self) -> Sequence[Any]: ...


def in_place(hazard: HazardFacts) -> list[ControlFacts]:
    """The controls that have not been removed."""
    return [control for control in hazard.controls if control.removed_at is None]


def added_controls(hazard: HazardFacts) -> list[ControlFacts]:
    """The controls that lower the initial risk to the residual one: all but those that were there before."""
    return [control for control in in_place(hazard) if control.kind != EXISTING]


def text_blockers(values: Mapping[str, Any]) -> list[Blocker]:
    """Why what a hazard says cannot be kept: no name, or a text longer than its place. `values` by name of column."""
    found = []
    if "name" in values and not str(values["name"] or "").strip():
        found.append(Blocker("hazard.name", "Name the hazard."))
    for name, (label, limit) in TEXT_LIMITS.items():
        if len(str(values.get(name) or "").strip()) > limit:
            found.append(Blocker(f"hazard.{name}", f"{label} must be {limit} characters or fewer."))
    return found


def rate_blockers(matrix: Matrix, *, severity: str, likelihood: str, patients: str) -> list[Blocker]:
    """Why severity and likelihood cannot be looked up. One death is Major; Catastrophic needs several patients."""
    if patients not in PATIENT_WORDS:
        return [Blocker("rate.patients", "Choose whether one patient or several could be harmed.")]
    try:
        matrix.descriptor(severity, cast(Patients, patients))
        matrix.rating(severity, likelihood)
    except ValueError as fault:
        return [Blocker("rate.level", str(fault))]
    return []


def residual_blockers(hazard: HazardFacts, rating: int) -> list[Blocker]:
    """Why a residual score cannot be given: no initial one, a higher one, or a lower one that no control explains."""
    if hazard.initial_rating is None:
        return [Blocker("residual.no_initial", "Score the initial risk first, with the existing controls counted.")]
    if rating > hazard.initial_rating:
        was = f"With controls the rating cannot be {rating}: before them it was {hazard.initial_rating}."
        said = f"{was} Score the initial risk again."
        return [Blocker("residual.higher", said)]
    if rating < hazard.initial_rating and not added_controls(hazard):
        return [Blocker("residual.no_control", "No control explains a lower rating. Add the control first.")]
    return []


def accept_blockers(rating: int | None, acceptance: str, reason: str, matrix: Matrix) -> list[Blocker]:
    """Why a residual rating cannot be accepted with this reason (guidance, table 10)."""
    if rating is None:
        return [Blocker("accept.unscored", "Score the residual risk first.")]
    asked = matrix.acceptability(rating)
    if asked.residual == "never":
        said = f"A residual rating of {rating} cannot be accepted: remove the hazard or add a control."
        return [Blocker("accept.never", said)]
    if asked.residual == "accepted":
        return [Blocker("accept.unneeded", f"A residual rating of {rating} needs no reason.")]
    found = []
    if acceptance not in asked.reasons:
        only = f"A residual rating of {rating} is accepted only when more control is impractical."
        found.append(Blocker("accept.ground", only if len(asked.reasons) == 1 else "Choose why it is accepted."))
    if not reason.strip():
        found.append(Blocker("accept.reason", "Say why, in a sentence or two."))
    return found


def status_blockers(hazard: HazardFacts, status: str, matrix: Matrix) -> list[Blocker]:
    """Why a hazard cannot take a status; it may always be opened. The words are the guidance's, the tests ours."""
    n = hazard.number
    if status not in STATUS_WORDS:
        return [Blocker("status.unknown", "Choose one of the options listed.")]
    if status == hazard.status:
        return [Blocker("status.same", f"Hazard {n} is {STATUS_WORDS[status].lower()} already.")]
    if status == "open":
        return []
    if status == "transferred":
        done = [control for control in in_place(hazard) if control.kind in ("design", "test")]
        return [_unverified(n, control, "implementation") for control in done if not control.implementation.strip()]
    return close_blockers(hazard, matrix)


def close_blockers(hazard: HazardFacts, matrix: Matrix) -> list[Blocker]:
    """Why not all is done: no acceptable residual rating, or a control whose verification is not written down."""
    return [*_residual_blockers(hazard, matrix), *_verify_blockers(hazard)]


def score_again_blockers(had: int | None, reason: str) -> list[Blocker]:
    """Why a score cannot be replaced: nobody says why. A first score needs no reason."""
    return [] if had is None or reason.strip() else [Blocker("score.reason", "Say why the score changes.")]


def hazard_blockers(hazards: Iterable[HazardFacts], depth: Depth, matrix: Matrix) -> list[Blocker]:
    """Why a submission cannot rely on the hazards. Short: they are named. Full: they are scored and acceptable."""
    found = list(hazards)
    if not found:
        return [Blocker("hazard.none", "No hazard is named yet.")]
    if depth is Depth.SHORT:
        return []
    return [blocker for hazard in found for blocker in _one(hazard, matrix)]


def log_blockers(
    digest: str, *, latest: int | None, approved: int | None, approved_digest: str | None, depth: Depth
) -> list[Blocker]:
    """Why a submission cannot rely on the log: the CSO approves each version (3.3.2), and it has not changed since.

    `digest` is the live log's. `latest` and `approved` are numbers of versions, None where there is none.
    """
    if depth is Depth.SHORT:
        return []
    if approved is None:
        if latest is None:
            said = "No version of the hazard log is frozen for the clinical safety officer to approve."
            return [Blocker("hazard_log.none", said)]
        said = f"Version {latest} of the hazard log is not approved by the clinical safety officer."
        return [Blocker("hazard_log.unapproved", said)]
    if digest != approved_digest:
        said = f"The hazard log changed since version {approved} was approved: freeze it again, and have it approved."
        return [Blocker("hazard_log.changed", said)]
    return []


def make_version_blockers(hazards: int, digest: str, latest: int | None, latest_digest: str | None) -> list[Blocker]:
    """Why the log cannot be frozen: nothing in it, or nothing new."""
    if hazards == 0:
        return [Blocker("version.empty", "There is nothing to freeze: add a hazard first.")]
    if digest == latest_digest:
        return [Blocker("version.unchanged", f"Nothing changed since version {latest} was frozen.")]
    return []


def approve_version_blockers(*, newest: bool, approved: bool) -> list[Blocker]:
    """Why the CSO cannot approve a version: a newer one is frozen, or it is approved already."""
    if approved:
        return [Blocker("version.approved", "This version is approved already.")]
    if not newest:
        return [Blocker("version.superseded", "A newer version was frozen since. Read and approve that one.")]
    return []


def cleared(*, was: str | None, now: str | None) -> tuple[str, ...]:
    """Which scores no longer hold when a control's kind goes from `was` to `now` (None: not there).

    The initial score counts every existing control, the residual one every control: a score is not kept where what
    it counted has gone, or where an existing control was not counted.
    """
    if was == now:
        return ()
    if EXISTING in (was, now):
        return ("initial", "residual")
    return ("residual",) if now is None else ()


def hazard_content(hazard: Any) -> dict[str, Any]:
    """A hazard with its controls in place, as history, versions and packs hold it."""
    return {
        "number": hazard.number,
        "name": hazard.name,
        "description": hazard.description,
        "impact": hazard.impact,
        "causes": hazard.causes,
        "initial": _score(hazard.patients, hazard.initial_severity, hazard.initial_likelihood, hazard.initial_rating),
        "residual": _score(
            hazard.residual_patients, hazard.residual_severity, hazard.residual_likelihood, hazard.residual_rating
        ),
        "matrix_version": hazard.matrix_version,
        "acceptance": hazard.acceptance,
        "acceptance_reason": hazard.acceptance_reason,
        "owner": hazard.owner,
        "actions": hazard.actions,
        "status": hazard.status,
        "controls": [
            {
                "kind": control.kind,
                "description": control.description,
                "implementation": control.implementation,
                "effectiveness": control.effectiveness,
            }
            for control in in_place(hazard)
        ],
        **_beside(hazard),
    }


def _beside(hazard: Any) -> dict[str, Any]:
    """What only some hazards say: a local review, where it came from, and what the supplier says in its own scheme.

    A key is there only where something is said, so that what was frozen before there were such keys keeps its digest.
    The supplier's words stay words: another scheme is shown beside ours and never mapped to it (DTAC C1.2.4).
    """
    supplier = {name: said for name in SUPPLIER_SAYS if (said := getattr(hazard, f"supplier_{name}", None))}
    found: dict[str, Any] = {}
    if getattr(hazard, "review_on", None):
        found["review_on"] = hazard.review_on.isoformat()
    if getattr(hazard, "source", None):
        found["source"] = hazard.source
    if supplier:
        found["supplier"] = supplier
    return found


def highest_residual(hazards: Iterable[HazardFacts]) -> int | None:
    """The highest residual rating, 1 to 5; None where none is scored."""
    return max((hazard.residual_rating for hazard in hazards if hazard.residual_rating is not None), default=None)


def acceptable(hazard: HazardFacts, matrix: Matrix) -> Acceptability | None:
    """What the residual rating asks; None where there is none."""
    return None if hazard.residual_rating is None else matrix.acceptability(hazard.residual_rating)


def reason_missing(hazard: HazardFacts, matrix: Matrix) -> bool:
    """Whether the residual rating asks for a recorded reason and has none that fits."""
    asked = acceptable(hazard, matrix)
    if asked is None or asked.residual != "with_reason":
        return False
    return hazard.acceptance not in asked.reasons or not hazard.acceptance_reason.strip()


def _one(hazard: HazardFacts, matrix: Matrix) -> list[Blocker]:
    n = hazard.number
    if hazard.matrix_version is not None and hazard.matrix_version != matrix.code:
        said = f"Hazard {n} was scored with another matrix than the plan adopts: score it again."
        return [Blocker(f"hazard.{n}.matrix", said)]
    found = []
    if hazard.initial_rating is None:
        found.append(Blocker(f"hazard.{n}.initial", f"Hazard {n} has no initial score."))
    found += _residual_blockers(hazard, matrix)
    if not found and hazard.residual_rating < hazard.initial_rating and not added_controls(hazard):
        falls = f"Hazard {n} falls from {hazard.initial_rating} to {hazard.residual_rating}"
        said = f"{falls} and has no control that explains it."
        found.append(Blocker(f"hazard.{n}.control", said))
    return found


def _residual_blockers(hazard: HazardFacts, matrix: Matrix) -> list[Blocker]:
    n, asked = hazard.number, acceptable(hazard, matrix)
    if asked is None:
        return [Blocker(f"hazard.{n}.residual", f"Hazard {n} has no residual score.")]
    if asked.residual == "never":
        said = f"Hazard {n} has a residual rating of {asked.rating}: remove it or add a control."
        return [Blocker(f"hazard.{n}.unacceptable", said)]
    if not reason_missing(hazard, matrix):
        return []
    why = "why more control is impractical" if asked.reasons == ("impractical",) else "why that is accepted"
    return [Blocker(f"hazard.{n}.reason", f"Hazard {n} stays at {asked.rating} and has no recorded reason {why}.")]


def _verify_blockers(hazard: HazardFacts) -> list[Blocker]:
    """Implementation and effectiveness are verified apart (6.3.2, 6.3.3)."""
    return [
        _unverified(hazard.number, control, what)
        for control in added_controls(hazard)
        for what in ("implementation", "effectiveness")
        if not getattr(control, what).strip()
    ]


def _unverified(number: int, control: ControlFacts, what: str) -> Blocker:
    said = f"Hazard {number}: nothing says how the {what} of “{_short(control.description)}” was verified."
    return Blocker(f"hazard.{number}.{what}", said)


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 60 else line[:59].rstrip() + "…"


def _score(
    patients: str | None, severity: str | None, likelihood: str | None, rating: int | None
) -> dict[str, Any] | None:
    if rating is None:
        return None
    return {"patients": patients, "severity": severity, "likelihood": likelihood, "rating": rating}
