"""What the written policy says, row by row, in a person's own words: a change of any row breaks one that is named here.

Written from the policy as adopted ("Triage facts" to "Time"), not from the file that a program reads. Each names the rows
it stands for; `test_policy_expectations` asks them all, and takes every row of the file away to see that one is missed.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from governance.policy import Policy
from tests.rules import policy_asking as ask


@dataclass(frozen=True, slots=True)
class Expectation:
    """`name` is a sentence, `rows` what it stands for, `asks` the question and `answer` what policy must say."""

    name: str
    rows: str
    asks: Callable[[Policy], object]
    answer: object


def _of(table: str, question: Callable[..., object], answers: dict[str, object], name: str) -> list[Expectation]:
    """One expectation for each row of a table that is asked in the same way."""
    return [
        Expectation(name.format(code.replace("_", " ")), f"{table}/{code}", lambda p, c=code: question(p, c), answer)
        for code, answer in answers.items()
    ]


ALL = (
    "kind=ambient_scribe direct_care=yes oversight=acts_alone patient_facing=yes personal_data=confidential "
    "device=class_iia generative=summarises hosting=supplier_outside_uk people_a_year=over_100000 vulnerable=yes "
    "changes_itself=without_notice first"
)
"""A tool for which every condition holds."""

FACTS = {
    "kind": ("Kind of tool is not answered.", "imaging: Imaging; ambient_scribe: Ambient scribe; risk_prediction: Risk prediction; chatbot: Chatbot; administrative: Administrative; other: Other", "other"),
    "direct_care": ("Direct care is not answered.", "yes: Yes; no: No", "no"),
    "oversight": ("Oversight by a person is not answered.", "each_output: A person reviews each output; sampled: A person reviews a sample; acts_alone: It acts alone", "each_output"),
    "patient_facing": ("Patient-facing is not answered.", "yes: Yes; no: No", "no"),
    "personal_data": ("Personal data is not answered.", "none: No personal data; personal: Personal data; health: Health data (special category); confidential: Confidential patient information", "none"),
    "device": ("Medical device is not answered.", "not_a_device: Not a device; class_i: Class I; class_iia: Class IIa; class_iib: Class IIb; class_iii: Class III; in_house: Made in-house by a health institution; unsure: Not sure", "not_a_device"),
    "generative": ("Generative is not answered.", "no: No; writes: Writes text or makes images; summarises: Summarises consultations (ambient scribe)", "no"),
    "hosting": ("Hosting is not answered.", "supplier_uk: Supplier, in the UK; supplier_outside_uk: Supplier, outside the UK; own_organisation: Own organisation; aide: AIDE; secure_data_environment: Secure data environment", "own_organisation"),
    "people_a_year": ("People a year is not answered.", "under_1000: Under 1,000; 1000_to_100000: 1,000 to 100,000; over_100000: Over 100,000", "under_1000"),
    "vulnerable": ("Vulnerable people is not answered.", "yes: Yes; no: No", "no"),
    "changes_itself": ("How it changes is not answered.", "fixed: It is fixed; with_notice: The supplier updates it, with notice; without_notice: It updates without notice, or learns in use", "fixed"),
    "made_by": ("Made by is not answered.", "supplier: A supplier; in_house: In-house", "supplier"),
    "purpose": ("Purpose is not answered.", "care_or_operations: Care or operations; service_evaluation: Service evaluation; research: Research", "care_or_operations"),
}  # fmt: skip
CONDITIONS = {
    "direct_care": ("direct care", "direct_care=yes"),
    "not_direct_care": ("no direct care", "direct_care=no"),
    "patient_facing": ("patient-facing", "patient_facing=yes"),
    "personal_data": ("personal data", "personal_data=personal personal_data=health personal_data=confidential"),
    "health_data": ("health or confidential data", "personal_data=health personal_data=confidential"),
    "confidential": ("confidential patient information", "personal_data=confidential"),
    "acts_alone": ("acts alone", "oversight=acts_alone"),
    "not_each_reviewed": ("not every output is reviewed", "oversight=sampled oversight=acts_alone"),
    "vulnerable": ("vulnerable people", "vulnerable=yes"),
    "over_100000": ("over 100,000 people a year", "people_a_year=over_100000"),
    "without_notice": ("learns or updates without notice", "changes_itself=without_notice"),
    "device_iia_or_above": ("device class IIa or above", "device=class_iia device=class_iib device=class_iii"),
    "device_lower": ("device class I, in-house or unsure", "device=class_i device=in_house device=unsure"),
    "scribe_kind": ("an ambient scribe", "kind=ambient_scribe"),
    "summarises": ("summarises consultations", "generative=summarises"),
    "scribe": ("ambient scribe", "kind=ambient_scribe generative=summarises"),
    "supplier_hosting": ("supplier hosting", "hosting=supplier_uk hosting=supplier_outside_uk"),
    "outside_uk": ("hosted outside the UK", "hosting=supplier_outside_uk"),
    "research": ("research", "purpose=research"),
    "high": ("high tier", "high"),
    "low": ("low tier", "low"),
    "high_or_medium": ("high or medium tier", "high medium"),
    "first_of_kind": ("first of its kind", "first"),
    "dtac_applies": ("direct care, or personal data, or patient-facing", "direct_care=yes patient_facing=yes personal_data=personal personal_data=health personal_data=confidential"),
    "cyber_applies": ("personal data or supplier hosting", "personal_data=personal personal_data=health personal_data=confidential hosting=supplier_uk hosting=supplier_outside_uk"),
    "equality_applies": ("high or medium tier, or patient-facing", "patient_facing=yes high medium"),
    "ai_lead_asked": ("high tier, or first of its kind", "high first"),
}  # fmt: skip

HIGH, MEDIUM = "high: Full review (full)", "medium: Standard review (standard)"
IN_CARE = "Its output reaches someone who gives or decides about care."
TIERS = {
    "device_iia_or_above": ("device=class_iia", (HIGH, "It is a medical device of class IIa or above.")),
    "acts_alone_in_care": ("oversight=acts_alone direct_care=yes", (HIGH, "It acts alone in direct care.", IN_CARE)),
    "patients_without_review": ("oversight=sampled direct_care=yes patient_facing=yes", (HIGH, "Patients use it in direct care and not every output is reviewed.", IN_CARE, "Patients or the public use it themselves.")),
    "many_vulnerable": ("vulnerable=yes people_a_year=over_100000", (HIGH, "Vulnerable people are among over 100,000 people a year.")),
    "changes_in_care": ("changes_itself=without_notice direct_care=yes", (HIGH, "It learns or updates without notice in direct care.", IN_CARE)),
    "direct_care": ("direct_care=yes", (MEDIUM, IN_CARE)),
    "health_data": ("personal_data=health", (MEDIUM, "It uses health data or confidential patient information.")),
    "patient_facing": ("patient_facing=yes", (MEDIUM, "Patients or the public use it themselves.")),
    "scribe": ("kind=ambient_scribe", (MEDIUM, "It is an ambient scribe.")),
    "device_lower": ("device=unsure", (MEDIUM, "It is a class I or in-house medical device, or nobody is sure.")),
    "data_outside_uk": ("personal_data=personal hosting=supplier_outside_uk", (MEDIUM, "Personal data is hosted outside the UK.")),
}  # fmt: skip
NOT_YET = {
    "acts_alone_in_care": "oversight=acts_alone",
    "patients_without_review": "oversight=sampled direct_care=yes",
    "patients_who_are_not_in_care": "oversight=sampled patient_facing=yes",
    "patients_each_reviewed": "patient_facing=yes direct_care=yes",
    "vulnerable_but_few": "vulnerable=yes",
    "many_but_not_vulnerable": "people_a_year=over_100000",
    "changes_outside_care": "changes_itself=without_notice",
    "personal_data_in_the_uk": "personal_data=personal hosting=supplier_uk",
    "no_data_outside_the_uk": "hosting=supplier_outside_uk",
}
NOTHING = ("low: Registration (registration)", "Nothing asks for a medium or high tier.")
PATIENTS = "Patients or the public use it themselves."
STAYS = {
    "acts_alone_in_care": NOTHING, "patients_without_review": (MEDIUM, IN_CARE), "vulnerable_but_few": NOTHING,
    "patients_who_are_not_in_care": (MEDIUM, PATIENTS), "patients_each_reviewed": (MEDIUM, IN_CARE, PATIENTS),
    "many_but_not_vulnerable": NOTHING, "changes_outside_care": NOTHING, "personal_data_in_the_uk": NOTHING,
    "no_data_outside_the_uk": NOTHING,
}  # fmt: skip
ROUTES = {
    "high": ("device=class_iii", (HIGH, "It is a medical device of class IIa or above.")),
    "medium": ("device=class_i", (MEDIUM, "It is a class I or in-house medical device, or nobody is sure.")),
    "low": ("made_by=in_house", NOTHING),
}
RESEARCH = (
    "None: Register entry only (register_entry)",
    "It is research: the Health Research Authority route is recorded and the register entry is all.",
)
LADDER = {
    "pipeline": ("proof_of_concept, pilot", "", "never skipped"),
    "proof_of_concept": ("pilot", "", "may be skipped"),
    "pilot": ("implementation, business_as_usual", "", "never skipped"),
    "implementation": ("business_as_usual", "pilot", "may be skipped"),
    "business_as_usual": ("", "implementation, pilot", "never skipped"),
}
TRIAGE = [
    *_of("facts", ask.fact, FACTS, "the fact “{}” is asked with these values"),
    *_of("conditions", ask.holding, CONDITIONS, "“{}” holds for this and nothing else"),
    *_of("tier_rules", lambda p, code: ask.tier(p, TIERS[code][0]), {c: a for c, (_, a) in TIERS.items()}, "the tier by the rule “{}”"),
    Expectation("the rules of tier have these words", "tier_rules", lambda p: [row.code for row in p.tier_rules], list(TIERS)),
    *_of("tiers", lambda p, code: ask.tier(p, NOT_YET[code]), STAYS, "no higher tier by half a rule: {}"),
    *_of("routes", lambda p, code: ask.tier(p, ROUTES[code][0]), {c: a for c, (_, a) in ROUTES.items()}, "the route of {} tier"),
    Expectation("research has no tier", "no_tier_when", lambda p: ask.tier(p, "purpose=research direct_care=yes"), RESEARCH),
    *_of("ladder", ask.moves, LADDER, "where {} may go"),
]  # fmt: skip

OUTCOMES = {
    "sign": ("siro", "progress", (
        "approve: Approve", "approve_with_conditions: Approve with conditions +conditions",
        "return_for_information: Return for information +ends_round +reason", "not_approved: Not approved +ends_round +reason")),
    "advise/dpo": ("dpo", "progress", (
        "content: Content", "content_subject_to: Content, subject to … +reason",
        "advises_against: Advises against +against +reason", "consult_the_ico: Consult the ICO +against +reason")),
    "advise/ai_lead": ("ai_lead", "progress", (
        "advises_progress: Advises progress", "progress_subject_to: Progress, subject to … +reason",
        "advises_against: Advises against +against +reason", "advises_cease: Advises cease +against +reason")),
    "advise/ai_lead/cease": ("ai_lead", "cease", (
        "advises_cease: Advises cease", "cease_subject_to: Cease, subject to … +reason",
        "advises_against: Advises against +against +reason")),
    "authorise": ("authorising_executive", "progress", (
        "authorise: Authorise", "authorise_with_conditions: Authorise with conditions +conditions",
        "defer: Defer +pauses +reason", "not_authorised: Not authorised +ends_round +reason")),
}  # fmt: skip
KINDS = {
    "progress": ("Every row of the stage asked for and of any stage skipped, at the deepest form.", "rows of the stage", False, None, False),
    "re_assurance": ("The rows of the current stage; unchanged sections are re-confirmed.", "rows of the stage", False, None, False),
    "extend_pilot": ("Changed sections and the figures so far; the same people sign.", "rows of the stage", False, 3, True),
    "step_back": ("A reason.", "its own rows", True, None, False),
    "cease": ("A reason, the AI lead’s advice, hazards of decommissioning, and the return of data.", "its own rows", True, None, False),
}  # fmt: skip
TIMES = {
    "proof_of_concept_months": ("proof of concept ends within (months)", 3, 3, 3),
    "pilot_months": ("pilot ends within (months)", 6, 6, 6),
    "implementation_months": ("implementation ends within (months)", 6, 6, 6),
    "business_as_usual_months": ("approval lasts in business as usual (months)", 12, 24, 36),
    "early_months": ("first months of business as usual reviewed as a pilot is", 3, 3, 3),
    "early_review_months": ("review in pilot and early business as usual, every (months); none: at the end", 1, 1, None),
    "review_months": ("review after that, every (months)", 3, 6, 12),
    "sign_off_working_days": ("sign-off expected within (working days)", 10, 10, 5),
    "interim_working_days": ("interim decision on a declared tool within (working days)", 20, 20, 20),
    "declared_months": ("re-assurance of a declared tool asked for within (months of the interim decision)", 3, 3, 3),
}  # fmt: skip
EVIDENCE = {
    "dspt": ("Data Security and Protection Toolkit", 12, ""),
    "cyber_essentials": ("Cyber Essentials", 12, ""),
    "penetration_test": ("Penetration test", 12, ""),
    "dtac": ("DTAC form", None, "tool version and form version"),
    "earlier_approval": ("Earlier approval, not made here", None, "it assures nothing by itself"),
    "other": ("Other evidence", None, "its own dates"),
}
DRIFT = {
    "triage": ("submission", "Facts of triage, the use, the people or the hosting changed."),
    "tool": ("submission", "What the tool is changed."),
    "dtac.c1": ("submission", "An answer on clinical safety changed."),
    "dtac.c2": ("submission", "An answer on data protection changed."),
    "dtac.c3": ("submission", "An answer on technical security changed."),
    "dtac.c4": ("note", "An answer on interoperability changed."),
    "dtac.d": ("note", "An answer on usability changed; it is compared only."),
    "dcb0129": ("submission", "The manufacturer’s clinical safety evidence changed."),
    "risk_plan": ("note", "The clinical risk management plan changed."),
    "hazard_log": ("submission", "The hazard log changed."),
    "device": ("submission", "The medical device status changed."),
    "scribing": ("submission", "An answer on ambient scribing changed."),
    "cyber": ("submission", "An answer on cyber security or suppliers changed."),
    "dpia": ("submission", "The data protection impact assessment changed."),
    "monitoring_plan": ("note", "The monitoring plan changed."),
    "nice": ("note", "An answer on evidence changed."),
    "equality": ("note", "An answer on equality changed."),
    "ethics": ("note", "An answer on ethics or involvement changed."),
    "rollout": ("note", "An answer on the rollout changed."),
    "sustainability": ("note", "An answer on sustainability changed."),
}
CHANGES = {
    "version": ("The supplier brings a new version", "tool dtac.c1 dtac.c2 dtac.c3 dtac.c4 dtac.d dcb0129 hazard_log device scribing cyber monitoring_plan", "dtac.c2 dtac.c3 dtac.c4 dtac.d cyber", "device generative changes_itself hosting", "A new version is assessed on its own: DTAC, the manufacturer’s safety case, the device status and the hazards."),
    "use": ("It is used for something else, or in another way", "triage risk_plan hazard_log dpia monitoring_plan equality ethics rollout", "", "kind direct_care oversight patient_facing", "Another use brings other hazards and another purpose of the data."),
    "population": ("Other people are touched by it, or many more", "triage hazard_log dpia monitoring_plan equality ethics", "", "people_a_year vulnerable patient_facing", "How well it works, and for whom, was shown for other people."),
    "hosting": ("It is hosted elsewhere, or data goes to somebody else", "triage dtac.c2 dtac.c3 cyber dpia hazard_log", "", "hosting personal_data", "Where data lies and who holds it is part of the impact assessment and of security."),
    "certificate": ("A certificate or other evidence ended", "dtac.c3 cyber", "", "", "What stood on this evidence stands on nothing. The sections in which it is used are touched too."),
}  # fmt: skip
CONCERNS = {"red": "4 hours", "amber": "2 working days", "green": "the monthly review"}
AFTERWARDS = [
    *_of("outcomes", lambda p, c: ask.outcomes(p, *OUTCOMES[c][:2], ALL), {c: a for c, (_, _, a) in OUTCOMES.items()}, "what may be answered: {}"),
    *_of("kinds", ask.kind, KINDS, "what a submission of the kind {} asks"),
    *_of("times", ask.months, TIMES, "the time “{}”, by tier"),
    Expectation("a pilot of any tier ends within six months", "times/pilot_months", lambda p: ask.until(p, "high", "pilot"), "2027-05-22"),
    Expectation("a pilot is extended by three months", "kinds/extend_pilot", lambda p: ask.until(p, "low", "pilot", "extend_pilot"), "2027-02-22"),
    Expectation("a high tier tool is reviewed after a month of pilot", "times/early_review_months", lambda p: ask.review(p, "high", "pilot"), "2026-12-22"),
    Expectation("a medium tier tool is reviewed twice a year once settled", "times/review_months", lambda p: ask.review(p, "medium", "business_as_usual", date(2027, 3, 1)), "2027-09-01"),
    *_of("evidence_validity", ask.evidence, EVIDENCE, "how long evidence counts: {}"),
    *_of("drift", ask.drift, DRIFT, "what follows when {} drifts"),
    *_of("changes", ask.change, CHANGES, "what a change of {} touches"),
    Expectation("reminders come at 90, 60, 30 and 7 days, then to the AI lead", "reminders", ask.reminders, ((90, 60, 30, 7), "ai_lead", "cso, authorising_executive")),
    *_of("concerns", lambda p, c: next(row.within for row in p.concerns if row.level == c), CONCERNS, "how soon a {} concern is looked at"),
]  # fmt: skip
