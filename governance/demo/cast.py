"""The invented people of the demonstration, and acting as them at a moment."""

import secrets
from dataclasses import dataclass
from datetime import date, datetime

from governance import clock
from governance.demo.directory import FOUNDED
from governance.identity import actors, credentials, operations, queries
from governance.identity.models import Person
from governance.lifecycle import Stage
from governance.permissions import OPERATOR, Actor, Role, RoleKind

R = Role


@dataclass(frozen=True)
class Part:
    """One person in one organisation with the roles they hold there."""

    organisation: str
    name: str
    roles: tuple[Role, ...]
    registration: tuple[str, str] | None = None


CAST = (
    Part("QKK", "Morgan Example", (R.DIGITAL_LEAD,)),
    Part("QKK", "Dr Asha Specimen", (R.CSO,), ("GMC", "0000001")),
    Part("QKK", "Felix Template", (R.DPO,)),
    Part("QKK", "Carol Sampleton", (R.SIRO,)),
    Part("QKK", "Ines Mockridge", (R.IG_LEAD,)),
    Part("QKK", "Dr Noor Placeman", (R.CCIO,)),
    Part("QKK", "Theo Standin", (R.CISO,)),
    Part("QKK", "Dr Wren Facsimile", (R.CALDICOTT_GUARDIAN,)),
    Part("QKK", "Edith Placeholder", (R.AUTHORISING_EXECUTIVE,)),
    Part("QKK", "Priya Advisor-Sample", (R.AI_LEAD,)),
    Part("QKK", "Bea Boardman-Trial", (R.BOARD_MEMBER,)),
    Part("QKK", "Amos Ledger-Demo", (R.AUDITOR,)),
    Part("QKK", "Olive Register", (R.ORGANISATION_ADMINISTRATOR,)),
    Part("QKK", "Dana Instance", (R.SRO,)),
    Part("QKK", "Dr Boris Exemplar", (R.CLINICAL_LEAD,), ("GMC", "0000002")),
    Part("QKK", "Dr Vera Standby", (R.CSO,), ("GMC", "0000014")),
    Part("DEM01", "Rowan Proforma", (R.DIGITAL_LEAD,)),
    Part("DEM01", "Dr Alice Sample", (R.CSO,), ("GMC", "0000003")),
    Part("DEM01", "Fay Templeton-Demo", (R.DPO,)),
    Part("DEM01", "Cyril Sampler", (R.SIRO,)),
    Part("DEM01", "Iris Mockup", (R.IG_LEAD,)),
    Part("DEM01", "Dr Nils Placer", (R.CCIO,)),
    Part("DEM01", "Tara Standing-In", (R.CISO,)),
    Part("DEM01", "Dr Wilf Replica", (R.CALDICOTT_GUARDIAN,)),
    Part("DEM01", "Esme Stopgap", (R.AUTHORISING_EXECUTIVE,)),
    Part("DEM01", "Bram Trialist", (R.BOARD_MEMBER,)),
    Part("DEM01", "Otto Filing", (R.ORGANISATION_ADMINISTRATOR,)),
    Part("DEM01", "Della Instanton", (R.SRO,)),
    Part("DEM01", "Dr Bea Specimann", (R.CLINICAL_LEAD,), ("GMC", "0000004")),
    Part("DEM01", "Paul Advisory-Demo", (R.AI_LEAD,)),
    Part("DEM01", "Dr Idris Placekeep", (R.CSO,), ("GMC", "0000015")),
    Part("DEM01", "Sunita Counsel-Sample", (R.AI_LEAD,)),
    Part("DEM02", "Robin Duplicate", (R.DIGITAL_LEAD,)),
    Part("DEM02", "Sister Ada Modell", (R.CSO,), ("NMC", "00A0005E")),
    Part("DEM02", "Dan Instancer", (R.SRO,)),
    Part("DEM02", "Cy Counselman", (R.AI_LEAD,)),
    Part("DEM02", "Ola Fileman", (R.ORGANISATION_ADMINISTRATOR,)),
    Part("DEM02", "Enid Understudy", (R.AUTHORISING_EXECUTIVE,)),
    Part("DEM03", "Remy Outline", (R.DIGITAL_LEAD,)),
    Part("DEM03", "Dr Ana Mimic", (R.CSO,), ("GMC", "0000006")),
    Part("DEM03", "Dot Instantia", (R.SRO,)),
    Part("DEM03", "Dov Counsel-Trial", (R.AI_LEAD,)),
    Part("DEM03", "Ora Fileson", (R.ORGANISATION_ADMINISTRATOR,)),
    Part("DEM03", "Esau Surrogate", (R.AUTHORISING_EXECUTIVE,)),
    Part("DEM03", "Dr Mo Simulacrum", (R.CLINICAL_LEAD,), ("GMC", "0000011")),
    Part("DEM04", "Dr Gail Practice-Demo", (R.SRO, R.CLINICAL_LEAD), ("GMC", "0000007")),
    Part("DEM04", "Otis Frontdesk", (R.ORGANISATION_ADMINISTRATOR,)),
    Part("DEM05", "Dr Ivo Practice-Sample", (R.SRO, R.CLINICAL_LEAD), ("GMC", "0000012")),
    Part("DEM05", "Olga Deskwell-Demo", (R.ORGANISATION_ADMINISTRATOR,)),
    Part("DEM06", "Dr Una Practice-Trial", (R.SRO, R.CLINICAL_LEAD), ("GMC", "0000013")),
    Part("DEM06", "Oz Deskman-Demo", (R.ORGANISATION_ADMINISTRATOR,)),
    Part("QWE", "Sandy Pattern", (R.DIGITAL_LEAD,)),
    Part("QWE", "Dr Cleo Imitation", (R.CSO,), ("GMC", "0000008")),
    Part("QWE", "Bo Boardwell-Demo", (R.BOARD_MEMBER,)),
    Part("QMF", "Kit Prototype", (R.DIGITAL_LEAD,)),
    Part("QMF", "Bay Boardley-Demo", (R.BOARD_MEMBER,)),
    Part("Z9B2Z", "Lee Blueprint", (R.DIGITAL_LEAD,)),
    Part("Z9B2Z", "Dr Zoe Likeness", (R.CSO,), ("GMC", "0000009")),
    Part("Z9B2Z", "Bix Boardfold-Demo", (R.BOARD_MEMBER,)),
    Part("QMJ", "Nell Carbon", (R.DIGITAL_LEAD,)),
    Part("QMJ", "Dr Ned Tracing", (R.CSO,), ("GMC", "0000010")),
    Part("QMJ", "Nan Stencil", (R.SRO,)),
    Part("QMJ", "Nia Counsel-Demo", (R.AI_LEAD,)),
    Part("QMJ", "Nat Fileby", (R.ORGANISATION_ADMINISTRATOR,)),
)
LENT = (R.DIGITAL_LEAD, R.CSO, R.DPO, R.SIRO, R.IG_LEAD, R.CCIO, R.CISO, R.CALDICOTT_GUARDIAN, R.AUTHORISING_EXECUTIVE, R.AI_LEAD)
"""Roles that the practices' agreements let the board's people use there."""
LENDER = {"DEM04": "QKK", "DEM05": "QKK", "DEM06": "QKK"}


def email_of(name: str, organisation: str) -> str:
    """An address under the reserved name .example, which nobody can own."""
    plain = name.lower().replace("dr ", "").replace("sister ", "").replace(" ", ".").replace("’", "")
    return f"{plain}@{organisation.lower()}.example"


def secret() -> tuple[str, str]:
    """A random password with its hash."""
    password = "-".join(secrets.token_hex(2) for _ in range(3))
    return password, credentials.hash_password(password)


def employ(part: Part, password_hash: str, at: datetime) -> Person:
    """Make the account and everything the person holds for the whole organisation."""
    organisation = queries.organisation_by_code(part.organisation)
    person = operations.invite(
        email=email_of(part.name, part.organisation),
        name=part.name,
        password_hash=password_hash,
        by=OPERATOR,
        at=at,
    )
    if part.registration:
        operations.record_registration(
            person=person,
            body=part.registration[0],
            number=part.registration[1],
            expires_on=clock.add_months(clock.london_date(at), 46),
            trained_on=clock.add_months(clock.london_date(at), -2),
            by=OPERATOR,
            at=at,
        )
    for role in part.roles:
        _give(person, organisation.id, role, clock.london_date(at), at)
    return person


def _give(person: Person, organisation_id: int, role: Role, on: date, at: datetime) -> None:
    if role.kind is RoleKind.MEMBER:
        operations.add_membership(
            person=person, organisation_id=organisation_id, role=role, started_on=FOUNDED, by=OPERATOR, at=at
        )
    elif role.kind is RoleKind.APPOINTED:
        executive = role is R.AUTHORISING_EXECUTIVE
        operations.appoint(
            person=person,
            organisation_id=organisation_id,
            role=role,
            starts_on=FOUNDED,
            ends_on=clock.add_months(on, 60),
            instrument="Letter of the chief executive (invented)",
            highest_tier="high" if executive else None,
            highest_stage=Stage.BUSINESS_AS_USUAL if executive else None,
            highest_residual=3 if executive else None,
            by=OPERATOR,
            at=at,
        )


def appoint_for(deployment_id: int, organisation: str, at: datetime) -> None:
    """Appoint the organisation's clinical lead and senior responsible owner for one deployment."""
    admin = actor(R.ORGANISATION_ADMINISTRATOR, organisation)
    for part in CAST:
        for role in part.roles:
            if part.organisation == organisation and role.kind is RoleKind.PER_DEPLOYMENT:
                person = queries.person_by_email(email_of(part.name, organisation))
                assert person is not None
                operations.appoint(
                    person=person,
                    organisation_id=queries.organisation_by_code(organisation).id,
                    deployment_id=deployment_id,
                    role=role,
                    starts_on=clock.london_date(at),
                    ends_on=clock.add_months(clock.london_date(at), 36),
                    instrument="Digital programme board (invented)",
                    by=admin,
                    at=at,
                )


def actor(role: Role, organisation: str) -> Actor:
    """Whoever holds a role in an organisation, acting there now: one of its own people, or one lent by agreement."""
    for home in dict.fromkeys((organisation, LENDER.get(organisation, organisation))):
        for part in CAST:
            if part.organisation == home and role in part.roles:
                person = queries.person_by_email(email_of(part.name, home))
                assert person is not None
                return actors.actor_for(person.id, organisation, clock.now())
    raise LookupError(f"nobody is {role.title} for {organisation}")


def named(role: Role, organisation: str) -> str:
    """The name of whoever holds a role in an organisation or is lent by agreement; empty where nobody does."""
    for home in dict.fromkeys((organisation, LENDER.get(organisation, organisation))):
        for part in CAST:
            if part.organisation == home and role in part.roles:
                return part.name
    return ""
