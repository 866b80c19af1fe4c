"""Materials made by hand, in the shapes a frozen pack has: the reference picture's case, and the extremes. All invented."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from governance import canonical
from governance.lifecycle import Stage, SubmissionKind, SubmissionStatus
from governance.permissions import Role
from governance.reports.material import Authorised, Conditioned, Decided, Event, Material, Section, Signed, Step, Trail

MATRIX = "dcb0129-ig-3.2"


def at(month: int, day: int, hour: int = 9, minute: int = 0) -> datetime:
    return datetime(2027, month, day, hour, minute, tzinfo=UTC)


def score(severity: str, likelihood: str, rating: int) -> dict[str, Any]:
    return {"patients": "single", "severity": severity, "likelihood": likelihood, "rating": rating}


def hazard(
    number: int, name: str, cause: str, control: str, *scores: Any, reason: str = "", owner: str = "Clinical lead"
) -> dict[str, Any]:
    initial, residual = scores
    return {
        "number": number, "name": name, "description": "", "impact": "", "causes": cause, "initial": initial,
        "residual": residual, "matrix_version": MATRIX, "acceptance": "impractical" if reason else "",
        "acceptance_reason": reason, "owner": owner, "actions": "", "status": "closed",
        "controls": [{"kind": "business_process", "description": control, "implementation": "", "effectiveness": ""}] if control else [],
    }  # fmt: skip


HAZARDS = [
    hazard(1, "Urgent finding missed", "Faint sign, image left low in the list", "Every image read within 24 hours. Weekly audit of 50 unflagged images. Stop rule.",
           score("major", "high", 4), score("major", "low", 3), reason="A lower threshold flags 4 in 10 images"),
    hazard(2, "Reader looks less at the rest", "Trust in the list", "Training. No colour on unflagged images.",
           score("considerable", "high", 3), score("considerable", "low", 2), reason="Cost outweighs benefit"),
    hazard(3, "Image matched to the wrong patient", "Identifier missing", "Match on three identifiers. Unmatched images are not flagged.",
           score("catastrophic", "low", 4), score("major", "very_low", 2), reason="More control impractical", owner="Imaging systems lead"),
    hazard(4, "List order lost", "Service stops", "Time order at once. Alert to the duty lead.",
           score("significant", "high", 3), score("significant", "very_low", 1), owner="Imaging systems lead"),
    hazard(5, "Less accurate on portable images", "Few in the training data", "Portable images labelled. Checked each month.",
           score("considerable", "medium", 3), score("considerable", "low", 2), reason="Cost outweighs benefit"),
]  # fmt: skip


def judgement(role: str, by: str, reason: str = "Read against the criterion.", outcome: str = "met") -> dict[str, Any]:
    return {"outcome": outcome, "reason": reason, "role": role, "by": by, "at": at(3, 10, 15, 20).isoformat(), "digest": ""}


def section(code: str, title: str, *parts: dict[str, Any], judged: dict[str, Any] | None = None) -> Section:
    content = {"code": code, "title": title, "matter": {"parts": list(parts)}, "judgement": judged}
    return Section(code, title, content, canonical.digest(content))


def paper(title: str, **said: Any) -> dict[str, Any]:
    return {
        "title": title, "kind": "other", "issuer": "Northgate Imaging Ltd", "standard": "", "issued_on": "2027-01-12",
        "expires_on": "2028-01-12", "shareable": True, "filename": "file.pdf", "url": "",
        "sha256": canonical.digest(title),
    } | said  # fmt: skip


def question(code: str, words: str, state: str = "answered", said: str = "", **more: Any) -> dict[str, Any]:
    answered = state == "answered"
    found = {
        "code": code, "words": words, "criterion": "", "provenance": "third-party", "state": state, "state_says": "",
        "withheld_from": [], "evidence": [], "finding": "met" if answered else "not_asked", "finding_says": "",
    }  # fmt: skip
    if answered:
        found |= {
            "value": said, "words_chosen": [said], "note": "", "source": "typed", "answered_by": "G. Placeholder",
            "answered_at": at(2, 24, 10, 5).isoformat(),
        }  # fmt: skip
    return found | more


def answers(label: str, title: str, questions: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "kind": "answers", "question_set": "dtac-2.0", "title": "DTAC 2.0", "file_sha256": "0" * 64, "layer": "supplier",
        "depth": "full", "source": "Third-party: two public transcriptions of DTAC 2.0, summarised in our own words.",
        "sections": [{"code": "dtac.c1", "label": label, "title": title, "questions": questions}],
    }  # fmt: skip


TRIAGE = {
    "kind": "triage",
    "reference": "QKK-2026-0014",
    "organisation": "Riverside Teaching Hospitals",
    "submitted_by": "South East London Integrated Care Board",
    "controller": "Riverside Teaching Hospitals",
    "sites": ["Main site", "North site", "Harbour clinic"],
    "purpose": "Puts chest X-rays which look urgent at the top of the reporting list. A radiologist reads every image.",
    "use_case": {"name": "Urgent chest X-rays first", "kind": "imaging", "setting": "Radiology reporting room", "pathway": "Suspected lung cancer", "population": "Adults referred by their GP"},
    "asks": {"kind": "progress", "kind_label": "Progress", "stage_from": "pipeline", "stage_from_label": "Pipeline", "stage_asked": "pilot", "stage_asked_label": "Pilot"},
    "policy": "london-1",
    "facts": [
        {"code": "kind", "label": "What kind of tool is it?", "value": "imaging", "words": "Imaging"},
        {"code": "direct_care", "label": "Does any output reach someone who gives care?", "value": "yes", "words": "Yes"},
        {"code": "personal_data", "label": "What personal data does it use?", "value": "health", "words": "Health data (special category)"},
        {"code": "device", "label": "Is it a medical device?", "value": "class_iia", "words": "Class IIa"},
    ],
    "tier": "high",
    "route": "full",
    "reasons": [{"code": "device", "sentence": "It is a medical device of class IIa or above."}],
    "tier_changes": [],
    "same_as": "",
}  # fmt: skip
TOOL = {"kind": "tool", "name": "Chestwise Triage", "version": "2.3", "manufacturer": "Northgate Imaging Ltd", "supplier": "Thameslink Clinical Systems", "tool_kind": "imaging", "summary": "Triage of chest X-rays by a trained model."}  # fmt: skip
C1 = [
    question("C1.1", "Does the product fall under DCB0129?", said="Yes", evidence=[paper("Clinical safety case report")]),
    question("C1.2", "Who is the manufacturer’s clinical safety officer?", said="Dr I. Invented, GMC 0000009", source="model_card"),
    question("C1.3", "When was the hazard log last reviewed?", said="2027-01-12", note="After the change of threshold."),
    question("C1.4.1", "Which parts rely on a third party?", "not_applicable", state_says="Not applicable: no part relies on a third party."),
    question("C1.5.1", "Which exemption is claimed?", "skipped", state_says="Skipped: C1.1 is Yes."),
    question("C1.5.2", "What is the reason for the exemption?", "skipped", state_says="Skipped: C1.1 is Yes."),
    question("C1.6", "When is the next safety case report due?", "unanswered", finding="open"),
]  # fmt: skip
DPIA = {
    "kind": "document", "row": "dpia", "title": "Data protection impact assessment", "depth": "full", "short_says": "",
    "document": {
        "title": "DPIA for Chestwise Triage", "version": "1.2", "dated_on": "2027-02-05", "review_due_on": "2028-02-05",
        "facts": [{"name": "residual", "label": "Residual risk to people’s rights", "type": "choice", "value": "low", "words": "Low"}],
        "evidence": paper("DPIA for Chestwise Triage"), "added_by": "H. Specimen", "added_at": at(2, 6).isoformat(),
    },
}  # fmt: skip
APPROVAL = {
    "by": "Dr A. Example",
    "role": "cso",
    "registration": "GMC 0000000, to 31 December 2027",
    "at": at(2, 10).isoformat(),
    "check_code": "9d02ac41",
}
PLAN = {
    "kind": "risk_plan", "title": "Clinical risk management plan", "depth": "full", "short_says": "",
    "content": {
        "revision": 2, "matrix_version": MATRIX, "digest": "0" * 64, "approval": APPROVAL,
        "texts": {"scope": "Chestwise Triage 2.3 in three reporting rooms. Referral and follow-up are left out.", "environment": "Reporting rooms at three sites, in hours and at night.", "team": "Clinical safety officer, clinical lead, imaging systems lead.", "activities": "Workshop before pilot, report before each stage.", "criteria": "A residual 3 needs a reason, the safety officer and the executive.", "identification": "Structured what-if workshop with readers.", "review": "A new version, an incident or a change of use.", "review_on": "2027-09-01"},
    },
}  # fmt: skip
WATCH = {
    "kind": "monitoring_plan", "title": "Monitoring plan", "depth": "short", "short_says": "",
    "content": {
        "revision": 1, "depth": "short", "digest": "0" * 64,
        "texts": {"success_criteria": "Urgent images are read within 60 minutes in 9 weeks of 10.", "stop_rule": "Two urgent findings missed in a month.", "ends_on": "2027-09-30", "indicators": [{"name": "Urgent images read within 60 minutes", "target": "90 per cent", "direction": "up", "frequency": "weekly", "owner": "Clinical lead", "source": "Reporting system"}]},
    },
}  # fmt: skip


BESIDE = {
    "workshops": [{
        "number": 1, "held_on": "2027-01-20", "technique": "SWIFT", "minutes": "Twelve what-ifs.\n\nOne new hazard.",
        "attendance": [["Clinical safety officer", "Dr A. Example"], ["Operations", ""]],
    }],
    "safety_case": {
        "revision": 2, "phase": "deployment", "digest": "0" * 64, "approval": APPROVAL | {"check_code": "77aa01f3"},
        "texts": {
            "introduction": "Before the pilot in three reporting rooms.",
            "argument": "Claim 1. No urgent finding waits longer than before.\n\nIt rests on the second read within 24 hours.",
            "summary": "In my judgement it may be used in the three rooms while the weekly audit goes on.",
        },
        "tables": {
            "tool": {"name": "Chestwise Triage", "version": "2.3"}, "plan": {"revision": 2, "matrix_version": MATRIX},
            "log": {"version": 6, "digest": "51" * 32}, "transferred": [2],
            "by_residual": [{"rating": 3, "open": 1, "transferred": 0, "closed": 0}, {"rating": 2, "open": 3, "transferred": 1, "closed": 1}],
            "needs_action": [{"number": 1, "name": "Urgent finding missed", "says": ["Nothing says how the effectiveness was verified."]}],
            "decisions": [{"at": at(2, 1).isoformat(), "sentence": "Approved for Proof of concept."}],
        },
    },
}  # fmt: skip
"""A workshop and an approved safety case report, as a pack holds them beside the log."""


def log(hazards: list[dict[str, Any]]) -> dict[str, Any]:
    version = {"number": 6, "digest": "0" * 64, "approval": APPROVAL | {"check_code": "51c07ee2"}}
    return {
        "kind": "hazard_log",
        "title": "Hazard log",
        "depth": "full",
        "short_says": "",
        "hazards": hazards,
        "version": version,
        **(BESIDE if hazards is HAZARDS else {}),
    }


def sections(
    triage: dict[str, Any] = TRIAGE,
    tool: dict[str, Any] = TOOL,
    hazards: list[dict[str, Any]] = HAZARDS,
    c1: list[dict[str, Any]] = C1,
    dpia: dict[str, Any] = DPIA,
) -> tuple[Section, ...]:
    return (
        section("triage", "Triage", triage),
        section("tool", "Tool (DTAC A and B)", tool),
        section("dtac.c1", "DTAC C1 (clinical safety)", answers("C1", "Clinical safety", c1), judged=judgement("ccio", "K. Invented")),
        section("risk_plan", "Clinical risk management plan", PLAN, judged=judgement("cso", "Dr A. Example", "Complete and current.")),
        section("hazard_log", "Hazard log", log(hazards), judged=judgement("cso", "Dr A. Example", "Controls are in place and seen to work.")),
        section("dpia", "Data protection impact assessment", dpia, judged=judgement("ig_lead", "H. Specimen", "Read with the data protection officer.")),
        section("monitoring_plan", "Monitoring plan", WATCH, judged=judgement("cso", "Dr A. Example")),
    )  # fmt: skip


SIGNED = (
    Signed(Role.CLINICAL_LEAD, "sign", "approve", "I have read 4 sections of this pack that are mine, in the light of the whole. The clinical use of using Chestwise Triage 2.3 as described is acceptable.", "Dr B. Specimen", "Appointed to 31 March 2028", "GMC 0000001, to 1 June 2028", at(3, 19, 14, 2), "e1d40aa6"),
    Signed(Role.DPO, "advise", "content", "My advice is recorded beside the decision.", "F. Template", "Appointed to 31 March 2028", "", at(3, 22, 11, 30), "77b09c31", "The lawful basis is sound and patients are told."),
    Signed(Role.CSO, "sign", "approve_with_conditions", "I have read 7 sections of this pack that are mine, in the light of the whole. The clinical risk is acceptable, provided 2 conditions of mine are met. I accept hazard 1 at rating 3 for the reason recorded.", "Dr A. Example", "Appointed to 31 December 2028", "GMC 0000000, to 31 December 2027", at(3, 24, 9, 41), "12cf73be"),
    Signed(Role.SIRO, "sign", "approve", "I have read 3 sections of this pack that are mine, in the light of the whole. The information risk is acceptable.", "C. Sampleton", "Appointed to 31 March 2028", "", at(3, 26, 16, 20), "6547d41b"),
    Signed(Role.SRO, "sign", "approve", "I have read 5 sections of this pack that are mine, in the light of the whole. The need, the resources and the readiness are acceptable.", "D. Instance", "Appointed to 31 March 2029", "", at(3, 29, 11, 15), "07fab88d"),
    Signed(Role.AUTHORISING_EXECUTIVE, "authorise", "authorise", "I have read the whole pack, 7 sections. I authorise using Chestwise Triage 2.3 for Pilot until 30 September 2027. I accept the residual clinical risk for the organisation (DCB0160 2.2.2).", "E. Placeholder", "Appointed to 31 March 2028; accepts a residual rating of up to 3", "", at(3, 31, 10, 30), "f2c95621"),
)  # fmt: skip
CONDITIONS = (
    Conditioned(1, "A second reader for images flagged at night.", "The night rota of the first four weeks.", "after", "clinical_lead", date(2027, 5, 31), "open", Role.CSO),
    Conditioned(2, "Train 90 in 100 reporting staff.", "", "after", "digital_lead", date(2027, 4, 30), "met", Role.CSO),
)  # fmt: skip


def trail(count: int = 26) -> Trail:
    kinds: list[tuple[str, dict[str, Any], str]] = [
        ("deployment.proposed", {"reference": "QKK-2026-0014"}, "G. Placeholder"),
        ("submission.proposed", {"reference": "QKK-2026-0014-S2"}, "G. Placeholder"),
        ("risk_plan.written", {"revision": 1}, "Dr A. Example"),
        *[("hazard.added", {"hazard": n}, "G. Placeholder") for n in range(1, 6)],
        *[("hazard.scored", {"hazard": n, "which": "initial", "rating": 3}, "Dr B. Specimen") for n in range(1, 6)],
        ("hazard_log_version.made", {"number": 6}, "G. Placeholder"),
        ("pack.frozen", {"round": 1}, "G. Placeholder"),
        ("submission.submitted", {}, "G. Placeholder"),
        *[("sign_off.sealed", {"act": s.act, "role": s.role.value, "outcome": s.outcome}, s.person) for s in SIGNED],
        ("condition.open", {"number": 1}, "E. Placeholder"),
        ("authorisation.made", {"stage": "pilot", "until": "2027-09-30"}, "E. Placeholder"),
        (
            "decision.made",
            {"sentence": "Approved for Pilot, version 2.3, until 30 September 2027, 2 conditions"},
            "E. Placeholder",
        ),
        ("deployment.assured", {"stage": "pilot"}, "E. Placeholder"),
    ]
    events = tuple(
        Event(n, at(1, 12) + timedelta(days=3 * n), who, kind, payload, canonical.digest([kind, n]))
        for n, (kind, payload, who) in enumerate(kinds[:count], 1)
    )
    return Trail("deployment:14", len(events), events[-1].hash, events)


def normal(**changed: Any) -> Material:
    """The case of the reference picture: approved for Pilot with two conditions."""
    said: dict[str, Any] = {
        "product": "AI assurance register", "public_url": "https://register.example", "edition": "full",
        "reference": "QKK-2026-0014-S2", "kind": SubmissionKind.PROGRESS, "status": SubmissionStatus.AUTHORISED, "round": 1,
        "stage_from": Stage.PIPELINE, "stage_asked": Stage.PILOT, "digest": "82402b55" + "0f" * 28,
        "frozen_at": at(3, 15, 12), "frozen_by": "G. Placeholder", "sections": sections(), "signed": SIGNED, "waiting": (),
        "authorised": Authorised(Role.AUTHORISING_EXECUTIVE, Stage.PILOT, "2.3", date(2027, 9, 30), 3, "", at(3, 31, 10, 30)),
        "decided": Decided("authorised", "Approved for Pilot, version 2.3, until 30 September 2027, 2 conditions", "E. Placeholder", Role.AUTHORISING_EXECUTIVE, at(3, 31, 10, 30)),
        "conditions": CONDITIONS, "steps": (Step(date(2026, 1, 12), Stage.PIPELINE), Step(date(2027, 3, 31), Stage.PILOT)),
        "trail": trail(), "issued_at": at(4, 1, 8, 0),
    }  # fmt: skip
    return Material(**(said | changed))


def refused() -> Material:
    """Not approved by the clinical safety officer, with a reason."""
    because = "Hazard 1 stays at 3 and no reading of night images was shown. A second reader at night is needed first."
    row = replace(
        SIGNED[2], outcome="not_approved", reason=because, statement="I do not agree to using Chestwise Triage 2.3 as described."
    )
    decided = Decided("not_approved", f"Not approved: {because}", "Dr A. Example", Role.CSO, at(3, 24, 9, 41))
    return normal(
        status=SubmissionStatus.NOT_APPROVED, signed=(SIGNED[0], row), authorised=None, decided=decided, conditions=(),
        steps=(Step(date(2026, 1, 12), Stage.PIPELINE),),
    )  # fmt: skip


def undecided() -> Material:
    """Two have signed; the clinical safety officer and the data protection officer have it."""
    return normal(
        edition="interim-2", status=SubmissionStatus.SUBMITTED, signed=SIGNED[:1], waiting=(Role.CSO, Role.DPO),
        authorised=None, decided=None, conditions=(), steps=(Step(date(2026, 1, 12), Stage.PIPELINE),),
    )  # fmt: skip


def extreme() -> Material:
    """100 hazards, a tool name of 120 characters, 12 long conditions, every role, long names everywhere."""
    name = ("Chestwise Integrated Radiograph Prioritisation and Worklist Triage Assistant for Acute and Community Imaging " * 2)[
        :120
    ]
    grid = [
        ("minor", "very_low", 1),
        ("significant", "low", 2),
        ("considerable", "medium", 3),
        ("major", "low", 3),
        ("considerable", "low", 2),
    ]
    many = [
        hazard(n, f"Hazard number {n} with a name that takes more than one line in its column", "A cause told at some length, as people do when a workshop has gone well. " * 2,
               "A control told at some length, with who does it and when. " * 2, score(*grid[n % 4]), score(*grid[(n + 1) % 5]), reason="More control is impractical in a reporting room")
        for n in range(1, 101)
    ]  # fmt: skip
    triage = TRIAGE | {
        "organisation": "Riverside and Harbour Teaching Hospitals and Community Services NHS Foundation Trust",
        "purpose": "Puts chest X-rays which look urgent at the top of the reporting list, in and out of hours, at all sites. "
        * 5,
        "sites": [f"Site {n}" for n in range(1, 31)],
    }
    conditions = tuple(
        Conditioned(n, f"Condition {n}: " + "show that each reader has been trained, and that the night rota has a second reader. " * 3, "The signed register of attendance.", "after", "clinical_lead", date(2027, 5, n), "open", Role.CSO if n < 9 else Role.SIRO)
        for n in range(1, 13)
    )  # fmt: skip
    extra = (
        replace(
            SIGNED[0],
            role=Role.CALDICOTT_GUARDIAN,
            person="Professor Dr Bartholomew Featherstonehaugh-Cholmondeley",
            code="aa00bb11",
        ),
        replace(
            SIGNED[1],
            role=Role.AI_LEAD,
            outcome="progress_subject_to",
            reason="Subject to a second reader. " * 12,
            code="cc22dd33",
        ),
    )
    signed = (*SIGNED[:3], *extra, *SIGNED[3:])
    return normal(
        sections=sections(triage, TOOL | {"name": name, "version": "2027.04.1-enterprise"}, many), signed=signed, conditions=conditions,
        decided=Decided("authorised", "Approved for Business as usual, version 2027.04.1-enterprise, until 30 September 2029, 12 conditions", "E. Placeholder", Role.AUTHORISING_EXECUTIVE, at(3, 31, 10, 30)),
        authorised=Authorised(Role.AUTHORISING_EXECUTIVE, Stage.BUSINESS_AS_USUAL, "2027.04.1-enterprise", date(2029, 9, 30), 3, "The advice asks for a second reader at all sites, which is not possible before May. " * 4, at(3, 31, 10, 30)),
    )  # fmt: skip


def bare() -> Material:
    """Nothing but a triage: no answer, no evidence, no hazard, nobody signed but one."""
    no_dpia = DPIA | {"document": None}
    c1 = [question(each["code"], each["words"], "unanswered", finding="open") for each in C1]
    return normal(
        sections=(
            section("triage", "Triage", TRIAGE | {"sites": [], "reasons": [], "tier": "low", "route": "registration"}),
            section("tool", "Tool (DTAC A and B)", TOOL | {"summary": ""}),
            section("dtac.c1", "DTAC C1 (clinical safety)", answers("C1", "Clinical safety", c1)),
            section("dpia", "Data protection impact assessment", no_dpia),
        ),
        signed=SIGNED[4:5], conditions=(), trail=trail(3),
        decided=Decided("authorised", "Approved for Pilot, version 2.3, until 30 September 2027, no conditions", "D. Instance", Role.SRO, at(3, 31, 10, 30)),
        authorised=Authorised(Role.SRO, Stage.PILOT, "2.3", date(2027, 9, 30), None, "", at(3, 31, 10, 30)),
    )  # fmt: skip


def hostile() -> Material:
    """Text that tries to reach a file, the network or the page's own markup."""
    bad = '<script>alert(1)</script><img src="file:///etc/passwd"><link rel="attachment" href="file:///etc/passwd">'
    triage = TRIAGE | {"purpose": bad, "organisation": "Trust</title><b>"}
    hazards = [hazard(1, bad, "url(file:///etc/hostname)", bad, score("minor", "low", 1), score("minor", "low", 1))]
    return normal(sections=sections(triage, TOOL | {"name": bad[:120]}, hazards))
