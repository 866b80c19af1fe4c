"""The roles people hold, and the few that are not people. Source: our policy, "Roles"."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType


class RoleKind(StrEnum):
    MEMBER = "member"
    APPOINTED = "appointed"
    PER_DEPLOYMENT = "appointed per deployment"
    NOT_A_PERSON = "not a person"


class Role(StrEnum):
    """A role. Its title is written as pages write it, in the middle of a sentence; `heading` begins one."""

    DIGITAL_LEAD = "digital_lead"
    IG_LEAD = "ig_lead"
    BOARD_MEMBER = "board_member"
    ORGANISATION_ADMINISTRATOR = "organisation_administrator"
    AUDITOR = "auditor"
    CSO = "cso"
    CLINICAL_LEAD = "clinical_lead"
    CALDICOTT_GUARDIAN = "caldicott_guardian"
    SIRO = "siro"
    DPO = "dpo"
    CCIO = "ccio"
    CISO = "ciso"
    SRO = "sro"
    AUTHORISING_EXECUTIVE = "authorising_executive"
    AI_LEAD = "ai_lead"
    SYSTEM = "system"
    OPERATOR = "operator"
    TOKEN = "token"  # noqa: S105  no password
    PUBLIC = "public"
    SUPPLIER_CONTACT = "supplier_contact"

    @property
    def kind(self) -> RoleKind:
        return ROLES[self].kind

    @property
    def title(self) -> str:  # type: ignore[override]
        return ROLES[self].title

    @property
    def description(self) -> str:
        return ROLES[self].description

    @property
    def heading(self) -> str:
        """The title to begin a line or a cell: only its first letter changes."""
        return self.title[0].upper() + self.title[1:]

    @property
    def is_person(self) -> bool:
        return self.kind is not RoleKind.NOT_A_PERSON

    @property
    def is_appointed(self) -> bool:
        return self.kind in (RoleKind.APPOINTED, RoleKind.PER_DEPLOYMENT)


@dataclass(frozen=True, slots=True)
class RoleFacts:
    """How a person comes to hold a role, what pages call it, and what it is for."""

    kind: RoleKind
    title: str
    description: str


ROLES: MappingProxyType[Role, RoleFacts] = MappingProxyType(
    {
        Role.DIGITAL_LEAD: RoleFacts(
            RoleKind.MEMBER,
            "digital lead",
            "Brings a tool in: proposes it, gathers the evidence and submits it.",
        ),
        Role.IG_LEAD: RoleFacts(
            RoleKind.MEMBER,
            "information governance lead",
            "Writes the data protection impact assessment and judges the data protection sections.",
        ),
        Role.BOARD_MEMBER: RoleFacts(
            RoleKind.MEMBER,
            "board member",
            "Reads decided packs and the reports made from them.",
        ),
        Role.ORGANISATION_ADMINISTRATOR: RoleFacts(
            RoleKind.MEMBER,
            "organisation administrator",
            "Invites people and records who is appointed to what, never for themselves.",
        ),
        Role.AUDITOR: RoleFacts(
            RoleKind.MEMBER,
            "auditor",
            "Reads everything in the organisation and changes nothing.",
        ),
        Role.CSO: RoleFacts(
            RoleKind.APPOINTED,
            "clinical safety officer",
            "Registered clinician, trained in clinical risk management, who leads clinical safety (DCB0160).",
        ),
        Role.CLINICAL_LEAD: RoleFacts(
            RoleKind.PER_DEPLOYMENT,
            "clinical lead",
            "Clinician who answers for how the tool is used in care.",
        ),
        Role.CALDICOTT_GUARDIAN: RoleFacts(
            RoleKind.APPOINTED,
            "Caldicott Guardian",
            "Protects the confidentiality of patient information.",
        ),
        Role.SIRO: RoleFacts(
            RoleKind.APPOINTED,
            "SIRO",
            "Senior information risk owner: accepts information risk.",
        ),
        Role.DPO: RoleFacts(
            RoleKind.APPOINTED,
            "data protection officer",
            "Advises on data protection law. Advises only; the controller decides.",
        ),
        Role.CCIO: RoleFacts(
            RoleKind.APPOINTED,
            "chief clinical information officer",
            "Judges interoperability, usability and clinical evidence. A chief nursing information officer may hold this.",
        ),
        Role.CISO: RoleFacts(
            RoleKind.APPOINTED,
            "chief information security officer",
            "Judges technical security. A chief technology officer may hold this.",
        ),
        Role.SRO: RoleFacts(
            RoleKind.PER_DEPLOYMENT,
            "senior responsible owner",
            "Answers for the deployment as a whole, and for what no other role covers.",
        ),
        Role.AUTHORISING_EXECUTIVE: RoleFacts(
            RoleKind.APPOINTED,
            "authorising executive",
            "Top management: authorises deployment and accepts residual clinical risk (DCB0160 2.2.2).",
        ),
        Role.AI_LEAD: RoleFacts(
            RoleKind.APPOINTED,
            "AI coordination and advisory lead",
            "Advises on AI across an integrated care system (NHS AI Framework for London). Advises only.",
        ),
        Role.SYSTEM: RoleFacts(
            RoleKind.NOT_A_PERSON,
            "system",
            "What the product does by itself when a date passes.",
        ),
        Role.OPERATOR: RoleFacts(
            RoleKind.NOT_A_PERSON,
            "operator",
            "Whoever runs the command line on the server.",
        ),
        Role.TOKEN: RoleFacts(
            RoleKind.NOT_A_PERSON,
            "access token",
            "Another system that sends or reads data.",
        ),
        Role.PUBLIC: RoleFacts(
            RoleKind.NOT_A_PERSON,
            "member of the public",
            "Anyone who is not signed in.",
        ),
        Role.SUPPLIER_CONTACT: RoleFacts(
            RoleKind.NOT_A_PERSON,
            "supplier contact",
            "Somebody at a supplier who answers a request; never a member of the organisation.",
        ),
    }
)
