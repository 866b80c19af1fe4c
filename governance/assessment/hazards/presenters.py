"""What the pages of the hazard log show, as plain values made from a log's content, live or frozen."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from governance.assessment.hazards import findings, queries, rules, words
from governance.assessment.hazards.matrix import Matrix
from governance.assessment.hazards.models import Hazard, HazardLogVersion
from governance.assessment.plans import presenters as plans
from governance.permissions import Actor, Permission
from governance.pictures.matrix import HazardMark
from governance.policy.schema import Depth
from governance.register.models import Deployment
from governance.signing.models import SignOff
from governance.web.wording import long_date, moment

ACCEPTANCE_WORDS = dict(words.ACCEPTANCES)


@dataclass(frozen=True, slots=True)
class Score:
    """One score: in words, its rating, what the severity means for that many patients."""

    words: str
    rating: int
    patients: str
    means: str


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the log. `note` is what stands out; `status` the standard's word."""

    number: int
    name: str
    controls: str
    initial: Score | None
    residual: Score | None
    status: str
    note: str
    review: str = ""
    overdue: bool = False
    supplier: str = ""


@dataclass(frozen=True, slots=True)
class Beside:
    """What stands beside our own scores and status: a local review, and what the supplier says in its own scheme."""

    review: str
    overdue: bool
    scheme: str
    supplier: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Picture:
    """What the risk matrix is drawn from; `ratings[likelihood][severity]`, words in ascending order."""

    ratings: tuple[tuple[int, ...], ...]
    marks: tuple[HazardMark, ...]
    severities: tuple[str, ...]
    likelihoods: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Log:
    """A whole log, live or frozen."""

    headline: str
    lede: str
    rows: tuple[Row, ...]
    picture: Picture
    asks: tuple[plans.RatingRow, ...]
    source: str


@dataclass(frozen=True, slots=True)
class Version:
    """A frozen version with who froze it, when, and its approval."""

    number: int
    made: str
    digest: str
    digest_now: str  # of its content as it stands: another one where a text was removed from it
    approval: SignOff | None


@dataclass(frozen=True, slots=True)
class Standing:
    """Where the live log stands: its versions, what stops it, and what may be done with it."""

    versions: tuple[Version, ...]
    changed: bool
    digest: str
    stopping: tuple[str, ...]
    scoring: tuple[str, ...]
    next_number: int
    may_add: bool
    may_freeze: bool
    may_approve: bool


def log(content: findings.Content, matrix: Matrix, adopted: str, on: date | None = None) -> Log:
    """The finding, the picture and the table of a log. `adopted` says where the matrix was adopted.

    `on`: the day on which a local review may be overdue; a frozen log has none.
    """
    return Log(
        headline=findings.headline(content),
        lede=findings.lede(content, matrix),
        rows=tuple(row(each, matrix, on) for each in content),
        picture=picture(content, matrix),
        asks=plans.ratings(matrix),
        source=f"Ratings are looked up, not multiplied. Matrix from {_article(matrix.source.title)}{adopted}.",
    )


def row(each: dict[str, Any], matrix: Matrix, on: date | None = None) -> Row:
    """One hazard's line."""
    aside = beside(each, on)
    return Row(
        number=each["number"],
        name=each["name"],
        controls="; ".join(findings.first_line(control["description"]) for control in each["controls"]),
        initial=score(each["initial"], matrix),
        residual=score(each["residual"], matrix),
        status=words.STATUS_WORDS[each["status"]],
        note=_note(each, matrix),
        review=aside.review,
        overdue=aside.overdue,
        supplier=findings.supplier_line(each),
    )


def beside(each: dict[str, Any], on: date | None = None) -> Beside:
    """What stands beside our scores and status. A review is overdue after its day."""
    due, said = each.get("review_on"), each.get("supplier") or {}
    day = date.fromisoformat(due) if due else None
    pairs = ((words.SUPPLIER_SAYS[key], said[key]) for key in words.SUPPLIER_SAYS if key != "scheme" and said.get(key))
    overdue = day is not None and on is not None and day < on
    return Beside(long_date(day) if day else "", overdue, str(said.get("scheme") or ""), tuple(pairs))


def score(found: dict[str, Any] | None, matrix: Matrix) -> Score | None:
    """A score in words."""
    if found is None:
        return None
    means = matrix.descriptor(found["severity"], found["patients"])
    patients = words.PATIENT_WORDS[found["patients"]]
    return Score(findings.in_words(found, matrix), found["rating"], patients, means)


def picture(content: findings.Content, matrix: Matrix) -> Picture:
    """What the matrix is drawn from."""
    severities = [level.code for level in matrix.severities]
    likelihoods = [level.code for level in matrix.likelihoods]

    def cell(found: dict[str, Any] | None) -> tuple[int, int] | None:
        return (severities.index(found["severity"]), likelihoods.index(found["likelihood"])) if found else None

    return Picture(
        ratings=tuple(matrix.ratings[code] for code in likelihoods),
        marks=tuple(HazardMark(each["number"], cell(each["initial"]), cell(each["residual"])) for each in content),
        severities=tuple(level.words for level in matrix.severities),
        likelihoods=tuple(level.words for level in matrix.likelihoods),
    )


def standing(
    deployment: Deployment,
    hazards: Sequence[Hazard],
    content: list[dict[str, Any]],
    *,
    depth: Depth | None,
    matrix: Matrix,
    scoring: tuple[str, ...],
    by: Actor,
) -> Standing:
    """Where the live log stands, with its versions."""
    versions = [_version(*each) for each in queries.versions(deployment)]
    digest, newest = queries.log_digest(content), versions[0] if versions else None
    approved = next((each for each in versions if each.approval is not None), None)
    stopping = []
    if depth is not None:
        stopping = rules.hazard_blockers(hazards, depth, matrix) + rules.log_blockers(
            digest, latest=newest.number if newest else None, approved=approved.number if approved else None,
            approved_digest=approved.digest_now if approved else None, depth=depth,
        )  # fmt: skip
    changed = newest is None or newest.digest_now != digest
    own = by.organisation_id == deployment.organisation_id
    may_add = own and by.may(Permission.ADD_HAZARD, deployment_id=deployment.id)
    return Standing(
        versions=tuple(versions),
        changed=changed,
        digest=digest,
        stopping=tuple(blocker.sentence for blocker in stopping),
        scoring=scoring,
        next_number=newest.number + 1 if newest else 1,
        may_add=may_add,
        may_freeze=may_add and changed and bool(content),
        may_approve=bool(
            own and newest and newest.approval is None and by.may(Permission.APPROVE_LOG, deployment_id=deployment.id)
        ),
    )


def history(hazard: Hazard, matrix: Matrix) -> tuple[plans.Happening, ...]:
    """Every change of a hazard in words, newest first."""
    revisions = queries.history(hazard)
    before = [revision.content for revision, _ in revisions[1:]]
    return tuple(
        (
            moment(revision.changed_at),
            "; ".join(findings.change(was, revision.content, matrix)),
            f"{name}: {revision.reason}" if revision.reason else name,
        )
        for (revision, name), was in zip(revisions, [*before, None], strict=True)
    )


def _version(version: HazardLogVersion, name: str, approval: SignOff | None) -> Version:
    made = f"{moment(version.made_at)} by {name}"
    return Version(version.number, made, version.digest, queries.standing_digest(version), approval)


def _note(each: dict[str, Any], matrix: Matrix) -> str:
    if each["residual"] is None:
        return ""
    asked = matrix.acceptability(each["residual"]["rating"])
    if asked.residual == "never":
        return "Cannot stay: remove the hazard or add a control"
    if asked.residual == "with_reason" and not (
        each["acceptance"] in asked.reasons and each["acceptance_reason"].strip()
    ):
        return "No reason recorded why it stays"
    return ""


def _article(title: str) -> str:
    return title if title.startswith("the ") else f"the {title}"
