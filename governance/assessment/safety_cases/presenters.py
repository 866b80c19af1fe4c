"""What the pages of a safety case report show, as plain values made from a frozen revision."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from governance.assessment.hazards import presenters as hazards
from governance.assessment.hazards.matrix import matrix
from governance.assessment.hazards.words import KIND_WORDS
from governance.assessment.plans import queries as plans
from governance.assessment.plans.models import RiskPlan
from governance.assessment.safety_cases import operations, queries, tables
from governance.assessment.safety_cases.models import SafetyCase
from governance.assessment.safety_cases.texts import FROM_PLAN, PHASE_WORDS, TEXTS
from governance.assessment.workshops import rules as workshops
from governance.permissions import Actor, Permission
from governance.register.models import Deployment
from governance.signing.models import SignOff
from governance.web.wording import listed, long_date, moment

Pairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Section:
    """One section of the report: what the safety officer wrote, and the clause its duty comes from."""

    code: str
    title: str
    source: str
    text: str
    optional: bool


@dataclass(frozen=True, slots=True)
class ControlLine:
    """One control with how it was verified; empty means not yet."""

    hazard: int
    kind: str
    text: str
    implementation: str
    effectiveness: str


@dataclass(frozen=True, slots=True)
class Report:
    """One revision, whole: prose and the tables frozen with it."""

    phase: str
    sections: tuple[Section, ...]
    tool: Pairs
    log: hazards.Log
    by_residual: tuple[Mapping[str, Any], ...]
    controls: tuple[ControlLine, ...]
    needs_action: tuple[Mapping[str, Any], ...]
    transferred: str
    workshops: Pairs
    decisions: Pairs
    configuration: Pairs


@dataclass(frozen=True, slots=True)
class Page:
    """A revision with where it stands: its approval, what changed since, and what may be done with it."""

    headline: str
    lede: str
    revision: int
    digest: str
    report: Report | None
    approval: SignOff | None
    changes: tuple[str, ...]
    stopping: tuple[str, ...]
    history: tuple[tuple[str, str, str, int], ...]
    superseded: bool
    may_write: bool
    may_approve: bool


def page(deployment: Deployment, by: Actor, number: int | None = None) -> Page:
    """The newest revision, or the one with this number. Raises NotVisible."""
    case = queries.revision(deployment, number) if number is not None else queries.newest(deployment)
    written = queries.history(deployment)
    own = by.organisation_id == deployment.organisation_id
    may_write = own and by.may(Permission.WRITE_SAFETY_CASE, deployment_id=deployment.id)
    if case is None:
        lede = "The clinical safety officer writes it, with the hazard log beside it, and approves each revision."
        return Page("No safety case report yet", lede, 0, "", None, None, (), (), (), False, may_write, False)
    now, _ = queries.current_tables(deployment)
    approval = next((signed for row, _, signed in written if row.id == case.id), None)
    superseded = bool(written) and written[0][0].id != case.id
    changes = () if superseded else tuple(tables.changes(case.tables, now))
    stopping = () if superseded or approval else tuple(each.sentence for each in operations.blockers(deployment, case, now))
    state = "approved" if approval else "superseded" if superseded else "not approved yet"
    return Page(
        headline=f"Safety case report, {state}",
        lede=_lede(case, approval, changes),
        revision=case.revision,
        digest=case.digest,
        report=report(case),
        approval=approval,
        changes=changes,
        stopping=stopping,
        history=tuple(_line(*each) for each in written),
        superseded=superseded,
        may_write=may_write,
        may_approve=may_write and approval is None and not superseded,
    )


def report(case: SafetyCase) -> Report:
    """A revision as it was written."""
    found = case.tables
    content = found["hazards"]
    scored = next((each["matrix_version"] for each in content if each["matrix_version"]), None)
    scheme = matrix(scored or (found["plan"] or {}).get("matrix_version") or plans.CURRENT_MATRIX)
    return Report(
        phase=PHASE_WORDS[case.phase],
        sections=tuple(
            Section(each.code, each.title, each.source, str(case.texts.get(each.code) or ""), not each.missing) for each in TEXTS
        ),
        tool=_tool(found["tool"]),
        log=hazards.log(content, scheme, ""),
        by_residual=tuple(found["by_residual"]),
        controls=tuple(_control(hazard["number"], each) for hazard in content for each in hazard["controls"]),
        needs_action=tuple(found["needs_action"]),
        transferred=listed(str(number) for number in found["transferred"]) if found["transferred"] else "",
        workshops=tuple((_workshop(each), workshops.present(each["attendance"])) for each in found["workshops"]),
        decisions=tuple((_day(each["at"]), each["sentence"]) for each in found["decisions"]),
        configuration=_configuration(case),
    )


def first_words(case: SafetyCase | None, plan: RiskPlan | None) -> dict[str, Any]:
    """What the form shows: the last revision; before there is one, what the risk management plan says already."""
    if case is not None:
        return {"revision": case.revision, "phase": case.phase} | case.texts
    said = plan.content if plan is not None else {}
    return {"revision": 0} | {
        code: "\n\n".join(text for name in names if (text := str(said.get(name) or "").strip()))
        for code, names in FROM_PLAN.items()
    }


def _lede(case: SafetyCase, approval: SignOff | None, changes: Sequence[str]) -> str:
    phase = f"For the {PHASE_WORDS[case.phase].lower()} phase."
    if approval is None:
        return f"{phase} Written on {long_date(case.written_at)}."
    signed = f"{phase} Approved by {approval.person_name} on {long_date(approval.signed_at)}."
    return f"{signed} Something changed since." if changes else signed


def _line(case: SafetyCase, name: str, approval: SignOff | None) -> tuple[str, str, str, int]:
    said = f"Approved by {approval.person_name} on {long_date(approval.signed_at)}" if approval else "Not approved"
    title = f"Revision {case.revision}, {PHASE_WORDS[case.phase].lower()}"
    return (title, f"{moment(case.written_at)} by {name}", said, case.revision)


def _tool(said: Mapping[str, Any]) -> Pairs:
    return (
        ("Tool", f"{said['name']}, version {said['version']}"),
        ("Manufacturer", said["manufacturer"]),
        ("Supplier", said["supplier"]),
        ("Used at", f"{said['organisation']}{': ' + listed(said['sites']) if said['sites'] else ''}"),
        ("Use", said["use_case"]),
        ("Reference", said["reference"]),
    )


def _configuration(case: SafetyCase) -> Pairs:
    log, plan, tool = case.tables["log"], case.tables["plan"], case.tables["tool"]
    version = f"Version {log['version']}" if log["version"] else "Not a frozen version"
    return (
        ("Tool version", tool["version"]),
        ("Hazard log", f"{version}, check code {log['digest'][:8]}"),
        ("Risk management plan", f"Revision {plan['revision']}" if plan else "None"),
        ("Risk matrix", plan["matrix_version"] if plan else "None adopted"),
        ("This report", f"Revision {case.revision}, check code {case.digest[:8]}"),
    )


def _control(number: int, each: Mapping[str, Any]) -> ControlLine:
    kind = KIND_WORDS.get(each["kind"], each["kind"])
    return ControlLine(number, kind, each["description"], each["implementation"], each["effectiveness"])


def _workshop(each: Mapping[str, Any]) -> str:
    held = f"Workshop {each['number']}, {long_date(date.fromisoformat(each['held_on']))}"
    return f"{held}, {each['technique']}" if each["technique"] else held


def _day(instant: str) -> str:
    return long_date(datetime.fromisoformat(instant))
