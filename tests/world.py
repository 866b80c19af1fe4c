"""A small world for tests, built by real operations: four organisations, one person for each role in each.

QKK is an ICB, RTH01 a trust and HLP01 a practice that belong to it (the practice has an Agreement with the ICB and no CSO),
QWE another ICB whose people are strangers to all of these. All people, the trust and the practice are invented.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from functools import cache

from flask import g
from flask.testing import FlaskClient

from governance import clock
from governance.database import db, transaction
from governance.identity import actors, credentials, operations, queries
from governance.identity.models import Organisation, Person
from governance.lifecycle import Stage
from governance.permissions import OPERATOR, Actor, Role, RoleKind

PASSWORD = "three odd words together"
DIRECTORY = (
    ("QKK", "NHS South East London Integrated Care Board", "icb"),
    ("QWE", "NHS South West London Integrated Care Board", "icb"),
    ("RTH01", "Riverside Teaching Hospitals", "trust"),
    ("HLP01", "Harbour Lane Practice", "practice"),
)
STAFFED = ("QKK", "QWE", "RTH01")
MEMBERS = tuple(role for role in Role if role.kind is RoleKind.MEMBER)
APPOINTED = tuple(role for role in Role if role.kind is RoleKind.APPOINTED)
PER_DEPLOYMENT = tuple(role for role in Role if role.kind is RoleKind.PER_DEPLOYMENT)
LENT = (Role.DIGITAL_LEAD, Role.CSO, Role.IG_LEAD, Role.DPO, Role.SIRO)


@cache
def password_hash() -> str:
    return credentials.hash_password(PASSWORD)


class World:
    """Looks people up by role and organisation code."""

    TODAY = date(2026, 11, 2)
    START = datetime(2026, 10, 1, 9, tzinfo=UTC)

    @classmethod
    def build(cls) -> None:
        """Found the organisations and appoint everybody, as the operator."""
        with clock.fixed(cls.START), transaction():
            at = clock.now()
            rows = {
                code: operations.found_organisation(
                    code=code, name=name, kind=kind, started_on=date(2022, 7, 1), provenance="invented", by=OPERATOR, at=at
                )
                for code, name, kind in DIRECTORY
            }
            for child in ("RTH01", "HLP01"):
                operations.link(child=rows[child], parent=rows["QKK"], started_on=date(2022, 7, 1), by=OPERATOR, at=at)
            for code in STAFFED:
                for role in (*MEMBERS, *APPOINTED, *PER_DEPLOYMENT):
                    cls._employ(rows[code], role, at)
                admin = cls._actor(Role.ORGANISATION_ADMINISTRATOR, code, at)
                for name in ("Main site", "North site"):
                    operations.add_site(name=name, by=admin, at=at)
            operations.agree(
                organisation_id=rows["HLP01"].id,
                acting_id=rows["QKK"].id,
                roles=list(LENT),
                starts_on=date(2026, 4, 1),
                ends_on=date(2029, 3, 31),
                instrument="Agreement of 20 March 2026",
                by=OPERATOR,
                at=at,
            )

    @staticmethod
    def _employ(organisation: Organisation, role: Role, at: datetime) -> None:
        person = operations.invite(
            email=f"{role.value}@{organisation.code}.example",
            name=f"{role.value.replace('_', ' ').title()} of {organisation.code}",
            password_hash=password_hash(),
            by=OPERATOR,
            at=at,
        )
        if role in (Role.CSO, Role.CLINICAL_LEAD):
            operations.record_registration(
                person=person,
                body="GMC",
                number=f"000{person.id:04d}",
                expires_on=date(2027, 12, 31),
                trained_on=date(2025, 6, 12),
                by=OPERATOR,
                at=at,
            )
        if role.kind is RoleKind.MEMBER:
            operations.add_membership(
                person=person, organisation_id=organisation.id, role=role, started_on=date(2026, 1, 1), by=OPERATOR, at=at
            )
        elif role.kind is RoleKind.PER_DEPLOYMENT:
            # someone who will be appointed for a deployment: until then a digital lead's colleague with no more rights
            operations.add_membership(
                person=person,
                organisation_id=organisation.id,
                role=Role.AUDITOR,
                started_on=date(2026, 1, 1),
                by=OPERATOR,
                at=at,
            )
        else:
            executive = role is Role.AUTHORISING_EXECUTIVE
            operations.appoint(
                person=person,
                organisation_id=organisation.id,
                role=role,
                starts_on=date(2026, 1, 1),
                ends_on=date(2028, 12, 31),
                instrument="Letter of 5 January 2026",
                highest_tier="high" if executive else None,
                highest_stage=Stage.BUSINESS_AS_USUAL if executive else None,
                highest_residual=3 if executive else None,
                by=OPERATOR,
                at=at,
            )

    @staticmethod
    def _actor(role: Role, code: str, at: datetime) -> Actor:
        person = queries.person_by_email(f"{Role(role).value}@{code}.example")
        assert person is not None
        return actors.actor_for(person.id, code, at)

    def organisation(self, code: str) -> Organisation:
        """An organisation by code."""
        return queries.organisation_by_code(code)

    def person(self, role: Role | str, code: str) -> Person:
        """The one person with this role in this organisation."""
        found = queries.person_by_email(f"{Role(role).value}@{code}.example")
        assert found is not None
        return found

    def actor(self, role: Role | str, code: str, *, acting_in: str | None = None) -> Actor:
        """That person as they may act now, in their own organisation or, under an Agreement, in another."""
        return actors.actor_for(self.person(role, code).id, acting_in or code, clock.now())

    def appoint_for(self, deployment_id: int, code: str) -> None:
        """Appoint the organisation's clinical lead and SRO for one deployment. Inside a transaction."""
        admin = self.actor(Role.ORGANISATION_ADMINISTRATOR, code)
        for role in PER_DEPLOYMENT:
            operations.appoint(
                person=self.person(role, code),
                organisation_id=self.organisation(code).id,
                role=role,
                deployment_id=deployment_id,
                starts_on=date(2026, 1, 1),
                ends_on=date(2028, 12, 31),
                instrument="Programme board minute of 1 October 2026",
                by=admin,
                at=clock.now(),
            )

    def sign_in(self, client: FlaskClient, role: Role | str, code: str) -> None:
        """Give a test client the session that this person would have."""
        person = self.person(role, code)
        with client.session_transaction() as session:
            session["_user_id"] = f"{person.id}:{person.session_epoch}"
            session["_fresh"] = True
        # a test keeps one application context, where flask-login remembers whom it last saw
        g.pop("_login_user", None)
        db.session.rollback()
