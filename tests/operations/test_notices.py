"""Who is told what, once, and how they wanted to be told."""

import sqlalchemy as sa
from flask import Flask

from governance import clock
from governance.database import db, transaction
from governance.jobs.models import Job
from governance.notifications import operations, queries
from governance.notifications.models import Delivery, Notice, NoticePreference
from governance.permissions import Role
from tests.world import World


def tell(world: World, *people: int, key: str = "submission:1:1", **changed: str) -> int:
    given = {
        "kind": "submission.submitted",
        "subject": "Scribe asks for a pilot",
        "body": "It is with you.",
        "path": queries.path("register.tools", organisation="RTH01"),
    }
    with transaction():
        return operations.tell(
            person_ids=people, organisation_id=world.organisation("RTH01").id, key=key, at=clock.now(), **(given | changed)
        )


def test_a_person_is_told_once_for_a_key_however_often_it_is_said(app: Flask, world: World) -> None:
    cso, siro = world.person(Role.CSO, "RTH01").id, world.person(Role.SIRO, "RTH01").id
    assert tell(world, cso, cso) == 1
    assert tell(world, cso, siro) == 1
    assert tell(world, cso, siro, key="submission:1:2") == 2
    assert len(db.session.scalars(sa.select(Notice).where(Notice.kind == "submission.submitted")).all()) == 4


def test_a_notice_waits_for_the_digest_unless_the_person_chose_otherwise(app: Flask, world: World) -> None:
    app.config.update(SMTP_URL="smtp://127.0.0.1:1", MAIL_FROM="register@example.org")
    now, later, never = (world.person(role, "RTH01").id for role in (Role.CSO, Role.SIRO, Role.SRO))
    with transaction():
        for person, choice in ((now, "at_once"), (never, "page")):
            db.session.add(NoticePreference(person_id=person, delivery=choice, changed_at=clock.now()))
    tell(world, now, later, never)
    assert {each.person_id: each.delivery for each in db.session.scalars(sa.select(Notice).where(Notice.kind == "submission.submitted"))} == {
        now: "at_once", later: "digest", never: "page",
    }  # fmt: skip
    assert [row.person_id for row in db.session.scalars(sa.select(Delivery))] == [now]
    assert [row.kind for row in db.session.scalars(sa.select(Job))] == ["deliver"]
