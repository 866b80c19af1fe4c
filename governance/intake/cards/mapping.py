"""Where each element of a model card goes: one row per element of either schema that holds text.

A row names the fields of ours it fills, or says why it fills none. `tool.…` describes the tool itself; `facts.…` are the
questions of the tool sheet, `tool-facts-1` and `tool-facts-2`. Where several elements fill one field, each stands under its
heading; the row without a heading is what the field is about. A field that one element fills needs none.
A test walks both published schemas and fails for an element without a row.
"""

from __future__ import annotations

from dataclasses import dataclass

BOTH = ("v0.1", "v0.2")


@dataclass(frozen=True, slots=True)
class Row:
    """One element. `path` is below the root; `required` and `many` as the schema says, counting the elements around it."""

    path: str
    fills: tuple[str, ...] = ()
    heading: str = ""
    not_used: str = ""
    versions: tuple[str, ...] = BOTH
    required: bool = True
    many: bool = False


PEOPLE = "Contact details of the maker’s people are entered by hand, by someone who has checked them."
OWN_TESTS = "The maker’s own test results are judged with the evidence, not copied into an answer."
AS_EVIDENCE = "Attach the publication or trial report as evidence, where its issuer and date are recorded."

_FACTS = "TrustIngredients/AISystemFacts/"
_OPEN = "TrustIngredients/TransparencyInformation/"

ROWS = [
    Row("BasicInfo/ModelName", fills=("tool.name",)),
    Row("BasicInfo/ModelDeveloper", fills=("tool.manufacturer",)),
    Row("BasicInfo/DeveloperContact", not_used=PEOPLE),
    Row("ReleaseInfo/ReleaseStage", fills=("facts.regulatory_statements",), heading="Release stage"),
    Row("ReleaseInfo/ReleaseDate", not_used="Written in no fixed form; the version says which release this is."),
    Row("ReleaseInfo/ReleaseVersion", fills=("tool.version",)),
    Row("ReleaseInfo/GlobalAvailability", fills=("facts.regulatory_statements",), heading="Where it is available"),
    Row(
        "ReleaseInfo/EHRCompatibility/EHR",
        fills=("facts.how_used",),
        heading="Record systems it works with",
        versions=("v0.2",),
        required=False,
        many=True,
    ),
    Row("ReleaseInfo/RegulatoryApproval", fills=("facts.regulatory_statements",), required=False),
    Row("ModelSummary/Summary", fills=("tool.summary", "facts.intended_use"), heading="Summary"),
    Row(
        "ModelSummary/Keywords/Keyword",
        not_used="Search words of the maker’s; the register groups tools by its own kinds.",
        required=False,
        many=True,
    ),
    Row("UsesAndDirections/IntendedUseAndWorkflow", fills=("facts.intended_use",)),
    Row("UsesAndDirections/PrimaryIntendedUsers", fills=("facts.primary_users",)),
    Row("UsesAndDirections/HowToUse", fills=("facts.how_used",)),
    Row("UsesAndDirections/TargetedPatientPopulation", fills=("facts.patient_population",)),
    Row("UsesAndDirections/CautionedOutOfScopeSettings", fills=("facts.out_of_scope",)),
    Row("Warnings/KnownRisksAndLimitations", fills=("facts.known_risks",)),
    Row("Warnings/KnownBiasesOrEthicalConsiderations", fills=("facts.known_biases",)),
    Row("Warnings/ClinicalRiskLevel", fills=("facts.clinical_risk_level",)),
    Row(_FACTS + "OutcomesAndOutputs", fills=("facts.output",)),
    Row(_FACTS + "ModelType", fills=("facts.model_type",)),
    Row(_FACTS + "FoundationModels", fills=("facts.model_type",), heading="Foundation models", required=False),
    Row(_FACTS + "InputDataSource", fills=("facts.input_data",)),
    Row(_FACTS + "OutputAndInputDataTypes", fills=("facts.input_data",), heading="Types of data in and out"),
    Row(
        _FACTS + "DevelopmentDataCharacterization",
        fills=("facts.input_data", "facts.development_data"),
        heading="Data it was developed with",
    ),
    Row(
        _FACTS + "BiasMitigationApproaches",
        fills=("facts.known_biases", "facts.bias_mitigation"),
        heading="How bias is reduced",
    ),
    Row(_FACTS + "OngoingMaintenance", fills=("facts.ongoing_maintenance",)),
    Row(_FACTS + "Security", fills=("facts.security",), required=False),
    Row(_FACTS + "Transparency", fills=("facts.transparency",), required=False),
    Row(_OPEN + "FundingSource", fills=("facts.transparency",), heading="Who paid for its development"),
    Row(_OPEN + "ThirdPartyInformation", fills=("facts.transparency",), heading="Third parties", required=False),
    Row(_OPEN + "StakeholdersConsulted", fills=("facts.transparency",), heading="Who was consulted"),
    *(
        Row(f"KeyMetrics/{group}/{element}", not_used=OWN_TESTS, versions=versions, many=many)
        for group in ("UsefulnessUsabilityEfficacy", "FairnessEquity", "SafetyReliability")
        for element, versions, many in (
            ("MetricGoal", BOTH, False),
            ("Result", ("v0.1",), False),
            ("Results/MetricResult/Label", ("v0.2",), True),
            ("Results/MetricResult/ValueJson", ("v0.2",), True),
            ("Interpretation", BOTH, False),
            ("TestType", BOTH, False),
            ("TestingDataDescription", BOTH, False),
            ("ValidationProcessAndJustification", BOTH, False),
        )
    ),
    Row("Resources/EvaluationReferences", not_used=AS_EVIDENCE, required=False),
    Row("Resources/ClinicalTrial", not_used=AS_EVIDENCE, required=False),
    Row("Resources/PeerReviewedPublications", not_used=AS_EVIDENCE),
    Row("Resources/ReimbursementStatus", not_used="Payment in other health systems.", required=False),
    Row("Resources/PatientConsentOrDisclosure", fills=("facts.transparency",), heading="Patient consent or disclosure"),
    Row("Bibliography", not_used=AS_EVIDENCE),
    Row(
        "Signature",
        not_used="A signature inside the card is not checked. The file is kept with its SHA-256 and who uploaded it.",
        required=False,
    ),
]

UNKNOWN = "Not used. It is not part of the published schema."


def rows(version: str) -> dict[str, Row]:
    """The rows of one schema version by path, in the schema's order."""
    return {row.path: row for row in ROWS if version in row.versions}


def destination(version: str, path: str) -> str:
    """Where an element goes, for people: the fields it fills, or why it fills none."""
    row = rows(version).get(path)
    return UNKNOWN if row is None else ", ".join(row.fills) or f"Not used. {row.not_used}"


def fields(version: str, elements: list[tuple[str, str]]) -> dict[str, str]:
    """Our field to its text, from the elements read. A field that nothing fills is left out."""
    said: dict[str, list[tuple[str, str]]] = {}
    for path, row in rows(version).items():
        texts = [text for at, text in elements if at == path and text]
        for field in row.fills:
            if texts:
                said.setdefault(field, []).append((row.heading, ", ".join(texts)))
    return {field: _joined(field, parts) for field, parts in said.items()}


def _joined(field: str, parts: list[tuple[str, str]]) -> str:
    if field.startswith("tool.") or sum(field in row.fills for row in ROWS) == 1:
        return parts[0][1]
    parts = sorted(parts, key=lambda part: part[0] != "")
    return "\n\n".join(f"{heading}:\n{text}" if heading else text for heading, text in parts)
