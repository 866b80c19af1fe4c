"""What the written policy says must be shown, in which sections of the pack it stands, and what stops a move."""

from datetime import date

from governance.lifecycle import Stage
from governance.permissions import Role
from governance.policy import rules
from governance.policy.schema import Depth
from tests.rules import policy_asking as ask
from tests.rules.policy_expectations import ALL, Expectation, _of

NEVER = "– – – – – – –"
CARE, DATA = "direct_care=yes", "personal_data=health"
SHEET_OF_TOOL = "digital_lead"
ROWS: dict[str, tuple[str, str, dict[str, str], tuple[str, ...]]] = {
    # question set: asked for this tool, at PoC Pilot Impl. BAU | to extend, step back, cease; not for these; whose, what
    "dtac": (ALL, "– ✓ ✓ – ✓ – –", {"": NEVER, CARE: "– ✓ ✓ – ✓ – –", "personal_data=personal": "– ✓ ✓ – ✓ – –", "patient_facing=yes": "– ✓ ✓ – ✓ – –"}, ("tool sheet dtac-2.0 from the supplier", "DTAC", "digital_lead", "ccio, ig_lead, ciso", "dtac.c1, dtac.c2, dtac.c3, dtac.c4, dtac.d", "")),
    "dcb0129": (CARE, "– ✓ ✓ – ✓ – –", {DATA: NEVER}, ("tool sheet dcb0129-4.2", "DCB0129 evidence check", "digital_lead", "cso", "dcb0129", "")),
    "risk_plan": (CARE, "– ✓ ✓ ✓ ✓ – –", {DATA: NEVER}, ("deployment plan", "Clinical risk management plan", "cso", "cso", "risk_plan", "")),
    "hazard_log": (CARE, "s ✓ ✓ ✓ ✓ – s", {DATA: NEVER}, ("deployment hazards", "Hazard log", "digital_lead, clinical_lead", "cso", "hazard_log", "")),
    "dcb0160": (CARE, "– ✓ ✓ ✓ ✓ – –", {DATA: NEVER}, ("deployment sheet dcb0160-3.2", "DCB0160 requirements", "digital_lead, clinical_lead", "cso", "hazard_log", "")),
    "not_safety_related": (DATA, "s ✓ ✓ ✓ ✓ – –", {CARE: NEVER}, ("deployment decision", "Clinical safety officer’s decision “not safety related”", "cso", "", "triage", "")),
    "dpia": (DATA, "s ✓ ✓ ✓ ✓ – –", {CARE: NEVER, "personal_data=personal": "s s s s s – –"}, ("deployment sheet dpia-1", "Data protection impact assessment", "ig_lead", "ig_lead", "dpia", "")),
    "device": (CARE, "– ✓ ✓ ✓ ✓ – –", {DATA: NEVER}, ("tool sheet device-1", "Medical device status", "digital_lead", "cso", "device", "")),
    "scribing": (f"kind=ambient_scribe {CARE}", "– ✓ ✓ – ✓ – –", {CARE: NEVER, "generative=summarises": "– ✓ ✓ – ✓ – –"}, ("tool sheet scribing-1", "Ambient scribing", "digital_lead", "cso", "scribing", "")),
    "cyber": ("hosting=supplier_uk", "– ✓ ✓ – ✓ – –", {"": NEVER, CARE: NEVER, DATA: "– ✓ ✓ – ✓ – –"}, ("tool sheet cyber-1 from the supplier", "Cyber and suppliers", "digital_lead", "ciso", "cyber", "")),
    "monitoring_plan": ("", "– s ✓ ✓ s – –", {CARE: "– s ✓ ✓ s – –"}, ("deployment plan", "Monitoring plan", "digital_lead, clinical_lead", "sro", "monitoring_plan", "success criteria, end date and stop rule")),
    "nice": (CARE, "– – ✓ – – – –", {DATA: NEVER, f"{CARE} as=low": NEVER}, ("tool sheet nice-esf-2022", "NICE evidence standards", "digital_lead", "ccio", "nice", "")),
    "equality": (CARE, "– s ✓ – s – –", {"": NEVER, "patient_facing=yes as=low": "– s ✓ – s – –"}, ("deployment sheet equality-1", "Equality and health inequalities", "digital_lead", "sro", "equality", "screening")),
    "ethics": ("device=class_iia", "– s ✓ – s – –", {"": NEVER, CARE: "– s s – s – –"}, ("deployment sheet ethics-1", "Ethics, patient and public involvement", "digital_lead", "sro", "ethics", "harm, oversight by people, and telling patients")),
    "rollout": ("", "– s ✓ – s – –", {}, ("deployment sheet rollout-1", "Rollout: training, communications, contract", "digital_lead", "sro", "rollout", "training, communications and support for the pilot")),
    "sustainability": (CARE, "– – s – – – –", {"": NEVER}, ("tool sheet sustainability-1", "Sustainability", "digital_lead", "sro", "sustainability", "")),
    "atrs": ("", "– – ✓ ✓ – – –", {}, ("deployment sheet atrs-1 voluntary", "Algorithmic transparency record", "digital_lead", "", "atrs", "")),
    "pilot_figures": ("", "– – – – ✓ – –", {}, ("deployment document", "Figures of the pilot so far", "digital_lead", "sro", "monitoring_plan", "")),
    "decommissioning": ("", "– – – – – – ✓", {}, ("deployment document", "Decommissioning and data return", "digital_lead", "sro", "decommissioning", "")),
}  # fmt: skip
FIRST_ASKED = {"nice": "implementation", "sustainability": "implementation", "atrs": "implementation"}
BY_KIND = {"pilot_figures": "extend_pilot", "decommissioning": "cease"}
SHORT_FORMS = {
    "hazard_log": (CARE, "proof_of_concept", "progress", "hazards are named, not scored"),
    "not_safety_related": ("", "proof_of_concept", "progress", "for the proof of concept only"),
    "dpia": (DATA, "proof_of_concept", "progress", "screening"),
}


def _row(p, code):
    words, _, others, _ = ROWS[code]
    whose = ask.row(p, code, words, FIRST_ASKED.get(code, "pilot"), BY_KIND.get(code, "progress"))
    return ask.columns(p, code, words), tuple(ask.columns(p, code, other) for other in others), whose


LEAD = "ai_lead"
SECTIONS = {
    "triage": ("Triage", "–", "", "cso, clinical_lead, sro", LEAD, ""),
    "tool": ("Tool (DTAC A and B)", "–", "", "cso, clinical_lead, sro", LEAD, ""),
    "dtac.c1": ("DTAC C1 (clinical safety)", "ccio", "cso", "cso", LEAD, ""),
    "dtac.c2": ("DTAC C2 (data protection)", "ig_lead", "dpo", "caldicott_guardian, siro", f"dpo, {LEAD}", ""),
    "dtac.c3": ("DTAC C3 (technical security)", "ciso", "", "siro", LEAD, ""),
    "dtac.c4": ("DTAC C4 (interoperability)", "ccio", "", "sro", LEAD, ""),
    "dtac.d": ("DTAC D (usability and accessibility)", "ccio", "", "sro", LEAD, "never stops"),
    "dcb0129": ("DCB0129 evidence", "cso", "", "cso", LEAD, ""),
    "risk_plan": ("Clinical risk management plan", "cso", "", "cso", LEAD, "own answers"),
    "hazard_log": ("Hazard log", "cso", "", "cso, clinical_lead", LEAD, ""),
    "device": ("Medical device status", "cso", "", "cso", LEAD, ""),
    "scribing": ("Ambient scribing", "cso", "ig_lead", "cso, clinical_lead", f"dpo, {LEAD}", ""),
    "cyber": ("Cyber and suppliers", "ciso", "", "siro", f"dpo, {LEAD}", ""),
    "dpia": ("Data protection impact assessment", "ig_lead", "", "caldicott_guardian, siro", f"dpo, {LEAD}", ""),
    "monitoring_plan": ("Monitoring plan", "cso", "", "cso, clinical_lead, sro", LEAD, ""),
    "nice": ("NICE evidence standards", "ccio", "", "clinical_lead, sro", LEAD, ""),
    "equality": ("Equality and health inequalities", "sro", "", "sro", LEAD, ""),
    "ethics": ("Ethics, patient and public involvement", "sro", "", "sro", LEAD, ""),
    "rollout": ("Rollout", "sro", "", "sro", LEAD, ""),
    "atrs": ("Algorithmic transparency record (voluntary)", "–", "", "sro", LEAD, "never stops"),
    "sustainability": ("Sustainability", "sro", "", "sro", LEAD, ""),
    "decommissioning": ("Decommissioning and data return", "sro", "", "cso, siro, sro", LEAD, ""),
    "conditions": ("Conditions carried over", "sro", "", "sro", LEAD, ""),
}
WITHOUT_CARE = {
    "hazard_log": ("Hazard log", "sro", "", "sro", "", ""),
    "triage": ("Triage", "–", "", "cso, sro", "", ""),
    "monitoring_plan": ("Monitoring plan", "sro", "", "sro", "", ""),
    "dpia": ("Data protection impact assessment", "ig_lead", "", "sro", "", ""),
    "dtac.c1": ("DTAC C1 (clinical safety)", "ccio", "cso", "sro", "", ""),
}
SHOWN = [
    *_of("requirements", _row, {c: (cols, tuple(o.values()), whose) for c, (_, cols, o, whose) in ROWS.items()}, "what must be shown: {}"),
    *_of("requirements", lambda p, c: ask.row(p, c, *SHORT_FORMS[c][:3])[-1], {c: a[-1] for c, a in SHORT_FORMS.items()}, "the short form of {}"),
    Expectation("the decision “not safety related” is its maker’s alone", "requirements/not_safety_related", lambda p: [str(role) for row in rules.requirements(p, facts=ask.MILD, tier="low", stage_asked=Stage.PILOT, stage_from=None) if row.question_set == "not_safety_related" for role in row.answerers], ["cso"]),
    Expectation("only these rows say what a short form holds", "requirements", lambda p: " ".join(row.question_set for row in p.requirements if row.short_says), "hazard_log not_safety_related dpia monitoring_plan equality ethics rollout"),
    *_of("documents", ask.document, {
        "pilot_figures": ("It: “Success criteria so far” is not answered.", "criteria_so_far text"),
        "decommissioning": ("It: “How data is returned or deleted” is not answered.", "It: “What staff do instead” is not answered.", "data_returned text, fallback text"),
    }, "what an empty document is missing: {}"),
    *_of("sections", lambda p, c: ask.section(p, c, ALL), SECTIONS, "who judges and signs {} where everything holds"),
    *_of("sections", lambda p, c: ask.section(p, c, "as=medium"), WITHOUT_CARE, "who judges and signs {} where nothing holds"),
    Expectation("triage and tool are in every pack", "sections/tool", lambda p: ask.always_there(p, carried=False), "triage, tool"),
    Expectation("conditions are in the pack where some are carried over", "sections/conditions", lambda p: ask.always_there(p, carried=True), "triage, tool, conditions"),
    Expectation("without direct care the CSO judges nothing", "role_limits/cso/judge", lambda p: [ask.section(p, c, "as=high first")[1] for c in ("dcb0129", "risk_plan", "device", "triage")], ["sro", "sro", "sro", "–"]),
    Expectation("without direct care the CSO signs the triage and nothing else", "role_limits/cso/sign", lambda p: [c for c in SECTIONS if "cso" in ask.section(p, c, "as=high first")[3]], ["triage"]),
]  # fmt: skip

FULL = {"dcb0129_basis": "safety_case", "monitoring_plan": Depth.FULL, "hazards": (rules.HazardFacts(1, 1),)}
HAZARD = rules.HazardFacts
ALL_THREE = "progress, re_assurance, extend_pilot"
STOPS = {
    "dcb0129": (CARE, {}, ("No DCB0129 safety case, device technical file, or out-of-scope reason that the clinical safety officer accepts.", "pilot", ALL_THREE, "There is no DCB0129 safety case, device technical file or out-of-scope reason."), DATA),
    "scribe_device": ("generative=summarises", {}, ("An ambient scribe that summarises, without at least a class I registration.", "pilot", ALL_THREE, "An ambient scribe that summarises must be registered as at least a class I medical device."), "kind=ambient_scribe"),
    "monitoring_plan": ("", {"monitoring_plan": Depth.SHORT}, ("No monitoring plan of the depth the stage asks for.", "implementation", ALL_THREE, "The monitoring plan is the short one. Business as usual needs the full one."), None),
    "hazard_unscored": (CARE, {"hazards": (HAZARD(3, None),)}, ("A hazard without a residual score.", "pilot", ALL_THREE, "Hazard 3 has no residual score."), DATA),
    "residual_unacceptable": (CARE, {"hazards": (HAZARD(1, 4, True), HAZARD(2, 5, True), HAZARD(3, 3, True))}, ("A hazard with a residual rating of 4 or 5.", "pilot", ALL_THREE, "Hazard 1 has a residual risk of 4, which cannot be accepted.", "Hazard 2 has a residual risk of 5, which cannot be accepted."), DATA),
    "residual_three": (CARE, {"hazards": (HAZARD(1, 3),), "agreeing": frozenset({Role.CSO, Role.SRO})}, ("A hazard with a residual rating of 3, without a recorded reason why it cannot be reduced, the clinical safety officer and the authorising executive.", "pilot", ALL_THREE, "Hazard 1 has a residual risk of 3. Record why it cannot be reduced further.", "Hazard 1 has a residual risk of 3. The authorising executive must agree and is not asked."), DATA),
    "residual_two": (CARE, {"hazards": (HAZARD(1, 2), HAZARD(2, 1))}, ("A hazard with a residual rating of 2, without a recorded reason.", "pilot", ALL_THREE, "Hazard 1 has a residual risk of 2. Record why it is acceptable."), DATA),
    "dpia_high": (DATA, {"dpia_residual": "high"}, ("A high residual risk in the data protection impact assessment, without consulting the ICO.", "proof_of_concept", ALL_THREE, "The data protection impact assessment leaves a high risk. Consult the ICO before starting."), CARE),
    "expired_evidence": ("", {"evidence": (rules.Evidence("Letter", "DTAC", date(2026, 11, 21)), rules.Evidence("New", "DTAC", date(2026, 11, 22)))}, ("Expired evidence behind a required answer.", "proof_of_concept", ALL_THREE, "“Letter” behind DTAC expired on 21 November 2026."), None),
    "condition_before": ("", {"open_before": (rules.Condition(2, "Train readers"),)}, ("An open condition marked “before”.", "proof_of_concept", ALL_THREE, "Condition 2 must be met before Business as usual: Train readers"), None),
    "go_live": ("", {"go_live": rules.GoLive(on=ask.TODAY, version="1", sites=1)}, ("No go-live record: date, version, sites, share of staff trained, and who confirmed it.", "business_as_usual", "progress", "The go-live record does not say the share of staff trained.", "The go-live record does not say who confirmed it."), None),
}  # fmt: skip


def _stop(p, code):
    words, facts_of_move, _, not_for = STOPS[code]
    elsewhere = () if not_for is None else ask.stop(p, code, not_for, **facts_of_move)[3:]
    return ask.stop(p, code, words, **facts_of_move), elsewhere


STOPPED = [
    *_of("stops", _stop, {code: (answer, ()) for code, (_, _, answer, _) in STOPS.items()}, "what stops a move: {}"),
    Expectation("a pilot needs a monitoring plan too", "stops/monitoring_plan", lambda p: (ask.stop(p, "monitoring_plan", "")[1], next(row.from_stage.value for row in p.stops if row.code == "monitoring_plan")), ("pilot", "pilot")),
    Expectation("nothing stops a full and quiet move to Implementation", "stops", lambda p: rules.move_blockers(p, rules.MoveFacts(facts=ask.facts(CARE), tier="medium", stage_asked=Stage.IMPLEMENTATION, stage_from=Stage.PILOT, on=ask.TODAY, **FULL)), []),
]  # fmt: skip
