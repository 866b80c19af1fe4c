"""The roles people hold, and the few that are not people. Source: our policy, "Roles"."""

from __future__ import annotations

from enum import StrEnum
from typing import Self


class RoleKind(StrEnum):
    MEMBER = "member"
    APPOINTED = "appointed"
    PER_DEPLOYMENT = "appointed per deployment"
    NOT_A_PERSON = "not a person"


class Role(StrEnum):
    """A role, with its title as pages write it, what it is for, and how a person comes to hold it."""

    kind: RoleKind
    title: str
    description: str

    def __new__(cls, value: str, kind: RoleKind, title: str, description: str) -> Self:
        role = str.__new__(cls, value)
        role._value_ = value
        role.kind, role.title, role.description = kind, title, description
        return role

    DIGITAL_LEAD = (
        "digital_lead", RoleKind.MEMBER, "digital lead",
        "Brings a tool in: proposes it, gathers the evidence and submits it.",
    )
    IG_LEAD = (
        "ig_lead", RoleKind.MEMBER, "information governance lead",
        "Writes the data protection impact assessment and judges the data protection sections.",
    )
    BOARD_MEMBER = (
        "board_member", RoleKind.MEMBER, "board member",
        "Reads decided packs and the reports made from them.",
    )
    ORGANISATION_ADMINISTRATOR = (
        "organisation_administrator", RoleKind.MEMBER, "organisation administrator",
        "Invites people and records who is appointed to what, never for themselves.",
    )
    AUDITOR = ("auditor", RoleKind.MEMBER, "auditor", "Reads everything in the organisation and changes nothing.")
    CSO = (
        "cso", RoleKind.APPOINTED, "clinical safety officer",
        "Registered clinician, trained in clinical risk management, who leads clinical safety (DCB0160).",
    )
    CLINICAL_LEAD = (
        "clinical_lead", RoleKind.PER_DEPLOYMENT, "clinical lead",
        "Clinician who answers for how the tool is used in care.",
    )
    CALDICOTT_GUARDIAN = (
        "caldicott_guardian", RoleKind.APPOINTED, "Caldicott Guardian",
        "Protects the confidentiality of patient information.",
    )
    SIRO = ("siro", RoleKind.APPOINTED, "SIRO", "Senior information risk owner: accepts information risk.")
    DPO = (
        "dpo", RoleKind.APPOINTED, "data protection officer",
        "Advises on data protection law. Advises only; the controller decides.",
    )
    CCIO = (
        "ccio", RoleKind.APPOINTED, "chief clinical information officer",
        "Judges interoperability, usability and clinical evidence. A chief nursing information officer may hold this.",
    )
    CISO = (
        "ciso", RoleKind.APPOINTED, "chief information security officer",
        "Judges technical security. A chief technology officer may hold this.",
    )
    SRO = (
        "sro", RoleKind.PER_DEPLOYMENT, "senior responsible owner",
        "Answers for the deployment as a whole, and for what no other role covers.",
    )
    AUTHORISING_EXECUTIVE = (
        "authorising_executive", RoleKind.APPOINTED, "authorising executive",
        "Top management: authorises deployment and accepts residual clinical risk (DCB0160 2.2.2).",
    )
    AI_LEAD = (
        "ai_lead", RoleKind.APPOINTED, "AI coordination and advisory lead",
        "Advises on AI across an integrated care system (NHS AI Framework for London). Advises only.",
    )
    SYSTEM = ("system", RoleKind.NOT_A_PERSON, "system", "What the product does by itself when a date passes.")
    OPERATOR = ("operator", RoleKind.NOT_A_PERSON, "operator", "Whoever runs the command line on the server.")
    TOKEN = ("token", RoleKind.NOT_A_PERSON, "access token", "Another system that sends or reads data.")
    PUBLIC = ("public", RoleKind.NOT_A_PERSON, "member of the public", "Anyone who is not signed in.")
    SUPPLIER_CONTACT = (
        "supplier_contact", RoleKind.NOT_A_PERSON, "supplier contact",
        "Somebody at a supplier who answers a request; never a member of the organisation.",
    )  # fmt: skip

    @property
    def is_person(self) -> bool:
        return self.kind is not RoleKind.NOT_A_PERSON

    @property
    def is_appointed(self) -> bool:
        return self.kind in (RoleKind.APPOINTED, RoleKind.PER_DEPLOYMENT)

    @property
    def heading(self) -> str:
        """The title to begin a line or a cell: only its first letter changes."""
        return self.title[0].upper() + self.title[1:]
