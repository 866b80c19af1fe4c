"""What the written policy says of people: who must agree and in which order, who cannot, and which rows name a source."""

from datetime import date

from tests.rules import policy_asking as ask
from tests.rules.policy_expectations import ALL, Expectation

CARE, DATA = "direct_care=yes", "personal_data=health"
BAU, POC = "business_as_usual", "proof_of_concept"


def none(title: str) -> str:
    return f"The {title} is not among those who must agree to this submission."


CSO, GUARDIAN, SIRO, DPO = "clinical safety officer", "Caldicott Guardian", "SIRO", "data protection officer"
BEFORE_SRO = "cso, clinical_lead, caldicott_guardian, siro, ai_lead"


def part(name: str, turn: str, role: str, *answers: tuple[str, ...]) -> Expectation:
    """What one role does in several situations: each is words of facts, stage, kind, then the answer."""
    return Expectation(
        name, f"agreements/{turn}", lambda p: [ask.part(p, role, *each[:-1]) for each in answers], [each[-1] for each in answers]
    )


PARTS = [
    part("the CSO signs at every tier, with or without direct care", "standard/cso/sign", "cso", (ALL, "pilot", "cso signs"), ("", BAU, "cso signs"), (CARE, "implementation", "cso signs")),
    part("the clinical lead signs where there is direct care", "standard/clinical_lead/sign", "clinical_lead", (CARE, "pilot", "clinical_lead signs"), (DATA, "pilot", none("clinical lead"))),
    part("the Caldicott Guardian signs where information is confidential", "standard/caldicott_guardian/sign", "caldicott_guardian", ("personal_data=confidential", "pilot", "caldicott_guardian signs"), (DATA, "pilot", none(GUARDIAN))),
    part("the DPO advises where there is personal data", "standard/dpo/advise", "dpo", (DATA, "pilot", "dpo advises"), (CARE, "pilot", none(DPO))),
    part("the SIRO signs after the DPO’s advice", "standard/siro/sign", "siro", ("personal_data=personal", "pilot", "siro signs after dpo"), (CARE, "pilot", none(SIRO))),
    part("the AI lead advises on high tier and on the first of a kind", "standard/ai_lead/advise", "ai_lead", ("device=class_iia", "pilot", "ai_lead advises"), ("first", "pilot", "ai_lead advises"), (CARE, "pilot", none("AI coordination and advisory lead"))),
    part("the SRO signs after everybody else at high and medium tier", "standard/sro/sign", "sro", (ALL, "pilot", f"sro signs after {BEFORE_SRO}"), (CARE, "pilot", "sro signs after cso, clinical_lead")),
    part("the SRO authorises last at low tier", "standard/sro/authorise", "sro", ("personal_data=confidential first direct_care=yes as=low", "pilot", f"sro authorises after {BEFORE_SRO}"), ("", "pilot", "sro authorises after cso")),
    part("the executive authorises after the SRO at high and medium tier", "standard/authorising_executive/authorise", "authorising_executive", (ALL, "pilot", "authorising_executive authorises after sro"), (CARE, BAU, "authorising_executive authorises after sro"), ("", BAU, none("authorising executive"))),
    part("before a proof of concept the CSO gives the safety decision", f"{POC}/cso/sign", "cso", (ALL, POC, "cso signs"), ("", POC, "cso signs")),
    part("before a proof of concept the DPO advises on personal data", f"{POC}/dpo/advise", "dpo", (DATA, POC, "dpo advises"), (CARE, POC, none(DPO))),
    part("before a proof of concept the SIRO signs for personal data", f"{POC}/siro/sign", "siro", (DATA, POC, "siro signs after dpo"), (CARE, POC, none(SIRO))),
    part("the SRO authorises a proof of concept, whatever the tier", f"{POC}/sro/authorise", "sro", (ALL, POC, "sro authorises after cso, siro"), ("", POC, "sro authorises after cso")),
    part("nobody else is asked before a proof of concept", f"{POC}/sro/authorise", "clinical_lead", (ALL, POC, none("clinical lead"))),
    part("to step back the CSO signs where there is direct care", "step_back/cso/sign", "cso", (CARE, "pilot", "step_back", "cso signs"), (DATA, "pilot", "step_back", none(CSO))),
    part("the SRO authorises a step back", "step_back/sro/authorise", "sro", (CARE, "pilot", "step_back", "sro authorises after cso"), (DATA, "implementation", "step_back", "sro authorises")),
    part("the AI lead always advises on ceasing", "cease/ai_lead/advise", "ai_lead", ("", BAU, "cease", "ai_lead advises")),
    part("to cease the CSO signs where there is direct care", "cease/cso/sign", "cso", (CARE, "pilot", "cease", "cso signs"), (DATA, "pilot", "cease", none(CSO))),
    part("to cease the SIRO signs where there is personal data", "cease/siro/sign", "siro", (DATA, "pilot", "cease", "siro signs"), (CARE, "pilot", "cease", none(SIRO))),
    part("the SRO authorises ceasing, at every tier", "cease/sro/authorise", "sro", (ALL, "pilot", "cease", "sro authorises after ai_lead, cso, siro"), ("", "pipeline", "cease", "sro authorises after ai_lead")),
]  # fmt: skip
LINES = [
    Expectation("everybody who agrees to a pilot of a tool for which everything holds, in order", "agreements/standard/authorising_executive/authorise", lambda p: ask.who(p, ALL), (
        "cso signs", "clinical_lead signs", "caldicott_guardian signs", "dpo advises", "siro signs after dpo", "ai_lead advises", f"sro signs after {BEFORE_SRO}", "authorising_executive authorises after sro")),
    Expectation("no role signs as a panel, and nobody signs unseen", "agreements", lambda p: [(name, row.needs, row.independent) for name, row in ask.rows(p) if name.startswith("agreements/") and (row.needs, row.independent) != (1, False)], []),
    Expectation("nobody agrees where there is no tier", "no_tier_when", lambda p: ask.who(p, "purpose=research direct_care=yes"), ()),
    Expectation("which people a progress asks, by stage", "agreements/standard", lambda p: ask.grid(p, "progress"), "– proof_of_concept standard standard standard"),
    Expectation("which people a re-assurance asks, by stage", "agreements/proof_of_concept", lambda p: ask.grid(p, "re_assurance"), "– proof_of_concept standard standard standard"),
    Expectation("which people an extension asks, by stage", "agreements/standard", lambda p: ask.grid(p, "extend_pilot"), "– – standard standard standard"),
    Expectation("which people a step back asks, by stage", "agreements/step_back", lambda p: ask.grid(p, "step_back"), "– – step_back step_back –"),
    Expectation("which people ceasing asks, by stage", "agreements/cease", lambda p: ask.grid(p, "cease"), "cease cease cease cease cease"),
]  # fmt: skip
TWO_PARTS = "One person cannot {} on a submission."
OWN = "Whoever started, proposed or submitted a submission cannot sign, advise on or authorise it."
EXPIRED = "The clinical safety officer’s registration expired on 21 November 2026."
SEPARATE = [
    Expectation("one person is not both DPO and SIRO of an organisation", "separation/dpo_and_siro", lambda p: (ask.appointed_both(p, "dpo", "siro"), ask.clash(p, "dpo", "siro")), (("One person cannot be appointed both data protection officer and SIRO.",) * 2, ())),
    Expectation("one person is not both SIRO and Caldicott Guardian of a submission", "separation/siro_and_caldicott", lambda p: (ask.clash(p, "siro", "caldicott_guardian"), ask.appointed_both(p, "siro", "caldicott_guardian")), ((TWO_PARTS.format("act as both SIRO and Caldicott Guardian"),) * 2, ())),
    Expectation("one person is not both CSO and executive of a submission", "separation/cso_and_executive", lambda p: (ask.clash(p, "cso", "authorising_executive"), ask.appointed_both(p, "cso", "authorising_executive")), ((TWO_PARTS.format("act as both clinical safety officer and authorising executive"),) * 2, ())),
    Expectation("whoever started, proposed or submitted neither signs, advises nor authorises", "separation/submitter_and_signer", lambda p: {ask.clash(p, did, role) for did in ("started", "proposed", "submitted") for role in ("sro", "dpo", "authorising_executive")}, {(OWN, OWN)}),
    Expectation("one person may be both clinical lead and SRO of a submission", "separation", lambda p: ask.clash(p, "clinical_lead", "sro"), ()),
    Expectation("there are four separations, each with a word of its own", "separation", lambda p: " ".join(row.code for row in p.separation), "dpo_and_siro siro_and_caldicott cso_and_executive submitter_and_signer"),
    Expectation("one person may start and submit", "separation/submitter_and_signer", lambda p: ask.clash(p, "started", "submitted"), ()),
    Expectation("a CSO’s registration counts, and training for three years", "registration", lambda p: (ask.registered(p, "cso", trained_on=date(2023, 11, 21)), ask.registered(p, "cso", trained_on=date(2023, 11, 22)), ask.registered(p, "siro", trained_on=date(2000, 1, 1))), ((EXPIRED, "The clinical safety officer’s safety training is more than 3 years old: 21 November 2023."), (EXPIRED,), ())),
]  # fmt: skip
PEOPLE = [
    *PARTS,
    *LINES,
    *SEPARATE,
    Expectation("only these rows are named official", "provenance", lambda p: ask.sources(p, "official"), (
        "requirements/dcb0129 requirements/risk_plan requirements/hazard_log requirements/dcb0160 requirements/dpia requirements/decommissioning "
        "documents/decommissioning sections/dtac.c1 sections/dtac.c2 sections/dtac.c3 sections/dtac.d sections/risk_plan sections/hazard_log "
        "agreements/standard/authorising_executive/authorise stops/scribe_device stops/hazard_unscored stops/residual_unacceptable "
        "stops/residual_three stops/residual_two stops/dpia_high drift/dtac.c1 drift/dtac.c2 drift/dtac.c3 drift/dcb0129 drift/hazard_log "
        "drift/dpia changes/version changes/use changes/hosting changes/certificate registration")),
    Expectation("only the times of concerns come from a third party", "provenance", lambda p: ask.sources(p, "third-party"), "concerns/red concerns/amber concerns/green"),
    Expectation("nothing in the policy is from memory", "provenance", lambda p: ask.sources(p, "recalled"), ""),
]  # fmt: skip
