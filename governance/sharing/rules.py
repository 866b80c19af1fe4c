"""What of a pack is in the edition for partners, and what of a deployment the public may see. Pure.

Source: design, "Own organisation by construction": no contact details, no commercial terms, no local evidence; and
"PDFs": security detail and names stay back too. Everything is on a list: a field that nobody thought of stays back.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from governance.lifecycle import Stage, Standing

Content = Mapping[str, Any]
Edited = dict[str, Any]

KEPT_BACK = "Kept back in this edition"
IN_USE = (Stage.PILOT, Stage.IMPLEMENTATION, Stage.BUSINESS_AS_USUAL)

JUDGEMENT = ("outcome", "role", "at")
TRIAGE = (
    "reference", "organisation", "submitted_by", "controller", "sites", "purpose", "policy", "tier", "route",
)  # fmt: skip
USE_CASE = ("name", "kind", "setting", "pathway", "population")
ASKS = ("kind", "kind_label", "stage_from", "stage_from_label", "stage_asked", "stage_asked_label")
FACT = ("code", "label", "value", "words")
REASON = ("code", "sentence")
LOCAL_REASONS = frozenset({"research_route"})  # its sentence quotes what somebody typed
TOOL = ("name", "version", "manufacturer", "supplier", "tool_kind", "summary")
PART = ("kind", "title", "depth", "short_says")
ANSWERS = ("kind", "question_set", "title", "file_sha256", "source", "layer", "depth")
ANSWER_SECTION = ("code", "label", "title")
QUESTION = ("code", "words", "criterion", "provenance", "state", "finding")
ANSWERED = ("value", "words_chosen", "finding_says")
EVIDENCE = ("title", "kind", "issuer", "standard", "issued_on", "expires_on", "sha256", "url")
DOCUMENT = ("version", "dated_on", "review_due_on")
DOCUMENT_FACTS: Mapping[str, tuple[str, ...]] = {
    "dcb0129": ("basis", "standard_version"),
    "dpia": ("residual", "ico_consulted_on"),
    "device": ("mhra_class", "registration_number", "mark", "certificate_expires_on"),
    "scribing": ("output_reviewed", "on_national_registry"),
    "cyber": ("dspt_status", "cyber_essentials", "cyber_essentials_expires_on"),
    "nice": ("tier",),
}
DOCUMENT_FACT = ("name", "label", "type", "value", "words")
HAZARD = ("number", "name", "description", "impact", "causes", "matrix_version", "acceptance", "status")
SCORE = ("severity", "likelihood", "rating", "patients")
CONTROL = ("kind", "description")
VERSION = ("number", "digest")
APPROVAL = ("role", "at", "check_code")
INDICATOR = ("name", "target", "direction", "frequency")
CONDITION = ("number", "due_on")


def is_public(*, stage: Stage, standing: Standing, declared: bool) -> bool:
    """Whether the public is told of it: in use from Pilot on, or declared as in use. What has ceased is said to have."""
    return declared or (stage in IN_USE and standing is not Standing.PROPOSED)


def partner_edition(content: Content) -> Edited:
    """One section's content as partners may read it, in the same shape. What stays back is empty, None or `KEPT_BACK`."""
    judgement = content.get("judgement")
    parts = [KINDS[part["kind"]](part) for part in content["matter"]["parts"] if part["kind"] in KINDS]
    return {
        "matter": {"parts": parts},
        "judgement": _kept(judgement, JUDGEMENT) | {"by": "", "reason": ""} if judgement else None,
    }


def _kept(source: Content, names: tuple[str, ...]) -> Edited:
    return {name: source[name] for name in names if name in source}


def _triage(part: Content) -> Edited:
    reasons = [each for each in part["reasons"] if each["code"] not in LOCAL_REASONS]
    return _kept(part, TRIAGE) | {
        "kind": "triage",
        "use_case": _kept(part["use_case"], USE_CASE),
        "asks": _kept(part["asks"], ASKS),
        "facts": [_kept(each, FACT) for each in part["facts"]],
        "reasons": [_kept(each, REASON) for each in reasons],
        "tier_changes": [],
        "same_as": "",
    }


def _tool(part: Content) -> Edited:
    return {"kind": "tool"} | _kept(part, TOOL)


def _answers(part: Content) -> Edited:
    return _kept(part, ANSWERS) | {
        "sections": [
            _kept(each, ANSWER_SECTION) | {"questions": [_question(one) for one in each["questions"]]}
            for each in part["sections"]
        ]
    }


def _question(question: Content) -> Edited:
    """An answer withheld from anybody is kept back, and what it came to stays; so is the reason why one does not apply."""
    said = _kept(question, QUESTION) | {"state_says": "", "withheld_from": [], "finding_says": "", "note": "", "evidence": []}
    if question["state"] == "skipped":
        said["state_says"] = question["state_says"]
    if question["state"] != "answered":
        return said
    if question["withheld_from"]:
        return said | {"value": None, "words_chosen": [KEPT_BACK]}
    return said | _kept(question, ANSWERED) | {"evidence": _shareable(question["evidence"])}


def _shareable(items: Any) -> list[Edited]:
    """Evidence that its organisation marked as shareable; local evidence is not named."""
    return [_kept(each, EVIDENCE) | {"filename": ""} for each in items if each.get("shareable") is True]


def _document(part: Content) -> Edited:
    given = part["document"]
    return _kept(part, (*PART, "row")) | {"document": _given(part["row"], given) if given else None}


def _given(row: str, given: Content) -> Edited:
    names = DOCUMENT_FACTS.get(row, ())
    evidence = _shareable([given["evidence"]]) if given["evidence"] else []
    return _kept(given, DOCUMENT) | {
        "title": "",
        "facts": [_kept(each, DOCUMENT_FACT) for each in given["facts"] if each["name"] in names],
        "evidence": evidence[0] if evidence else None,
        "added_by": "",
        "added_at": None,
    }


def _risk_plan(part: Content) -> Edited:
    plan = part["content"]
    return _kept(part, PART) | {
        "content": plan
        and _kept(plan, ("revision", "matrix_version", "digest")) | {"texts": {}, "approval": _approval(plan["approval"])}
    }


def _monitoring_plan(part: Content) -> Edited:
    plan = part["content"]
    if plan is None:
        return _kept(part, PART) | {"content": None}
    watched = [_kept(each, INDICATOR) for each in plan["texts"].get("indicators") or ()]
    texts = _kept(plan["texts"], ("ends_on",)) | {"indicators": watched}
    return _kept(part, PART) | {"content": _kept(plan, ("revision", "depth", "digest")) | {"texts": texts}}


def _safety_decision(part: Content) -> Edited:
    said = part["content"]
    kept = said and _kept(said, ("safety_related", "at")) | {"reason": "", "by": "", "registration": ""}
    return _kept(part, PART) | {"content": kept}


def _hazard_log(part: Content) -> Edited:
    version = part["version"]
    return _kept(part, PART) | {
        "hazards": [_hazard(each) for each in part["hazards"]],
        "version": version and _kept(version, VERSION) | {"approval": _approval(version["approval"])},
    }


def _hazard(each: Content) -> Edited:
    scores = {which: each[which] and _kept(each[which], SCORE) for which in ("initial", "residual")}
    controls = [_kept(one, CONTROL) | {"implementation": "", "effectiveness": ""} for one in each["controls"]]
    stays_back = {"acceptance_reason": "", "owner": None, "actions": ""}
    return _kept(each, HAZARD) | scores | {"controls": controls} | stays_back


def _approval(said: Content | None) -> Edited | None:
    return _kept(said, APPROVAL) | {"by": "", "registration": ""} if said else None


def _conditions(part: Content) -> Edited:
    return {
        "kind": "conditions",
        "conditions": [_kept(each, CONDITION) | {"text": f"{KEPT_BACK}."} for each in part["conditions"]],
    }


KINDS: Mapping[str, Callable[[Content], Edited]] = {
    "triage": _triage,
    "tool": _tool,
    "answers": _answers,
    "document": _document,
    "risk_plan": _risk_plan,
    "monitoring_plan": _monitoring_plan,
    "safety_decision": _safety_decision,
    "hazard_log": _hazard_log,
    "conditions": _conditions,
}
