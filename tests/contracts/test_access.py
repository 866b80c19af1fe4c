"""Every route × every role × own, foreign and no organisation. The permissions table says what each must answer.

All of it on SQLite. On PostgreSQL three roles of the trust, one stranger and everything else: which door a view has does
not depend on the database, that its queries run there does.
"""

from collections import Counter

import pytest
from flask import Flask
from flask.testing import FlaskClient

from governance import clock
from governance.database import db, transaction
from governance.identity import operations
from governance.permissions import OPERATOR, Role
from tests.contracts import places, sweep
from tests.world import APPOINTED, MEMBERS, PASSWORD, PER_DEPLOYMENT, World

ROLES = (*MEMBERS, *APPOINTED, *PER_DEPLOYMENT)
INSIDE = (Role.DIGITAL_LEAD, Role.CSO, Role.ORGANISATION_ADMINISTRATOR)


def on_both(some: tuple[Role, ...]) -> pytest.MarkDecorator:
    """Every role on SQLite, some on PostgreSQL."""
    cases = [("sqlite", role) for role in ROLES] + [("postgresql", role) for role in some]
    ids = [f"{backend}-{role.value}" for backend, role in cases]
    return pytest.mark.parametrize(("backend", "role"), cases, ids=ids, scope="session")


def ask(client: FlaskClient, place: sweep.Place) -> int:
    """The status of one request; whatever it wrote does not matter to the next, since nothing is sent."""
    if place.method == "GET":
        return client.get(place.url).status_code
    return client.post(place.url, data={}).status_code


def test_every_route_has_a_row_and_no_row_is_without_a_route(swept):
    assert {rule.endpoint for rule in swept.url_map.iter_rules()} == set(places.ROWS)


def test_every_view_is_marked_as_its_row_says(swept):
    for endpoint, row in places.ROWS.items():
        if endpoint != "static":
            marked = swept.view_functions[endpoint].access
            assert (marked.permissions or marked.kind) == row.access, endpoint
            assert (marked.kind == "somewhere") is row.somewhere, endpoint


@on_both(INSIDE)
def test_in_the_own_organisation_the_permissions_table_decides(swept, role):
    world, client = World(), swept.test_client()
    world.sign_in(client, role, "RTH01")
    held = world.actor(role, "RTH01").permissions
    db.session.rollback()
    wrong = []
    for place in sweep.everywhere(swept):
        if place.endpoint in ("identity.sign_out", "static"):
            continue
        allowed = sweep.is_let_in(place, held)
        status = ask(client, place)
        good = status == 403 if not allowed else status < 500 and (status != 404 or place.vague)
        good = good and not (allowed and status == 403 and not place.row.fine)
        if not good:
            wrong.append(f"{place.method} {place.url}: {status}, {'allowed' if allowed else 'refused'}")
    assert wrong == []


@on_both((Role.DIGITAL_LEAD,))
def test_in_a_foreign_organisation_there_is_no_such_page(swept, role):
    client = swept.test_client()
    World().sign_in(client, role, "QWE")
    assert wrong_for_strangers(swept, client) == []


def test_somebody_with_no_organisation_finds_no_page_of_any(swept):
    with transaction():
        person = operations.invite(
            email="nobody@home.example", name="Nobody", password_hash="none", by=OPERATOR, at=clock.now()
        )
        identity = f"{person.id}:1"
    client = swept.test_client()
    with client.session_transaction() as session:
        session["_user_id"] = identity
    assert wrong_for_strangers(swept, client) == []
    london = [place for place in sweep.everywhere(swept) if place.row.somewhere]
    assert london
    assert {ask(client, place) for place in london} == {403}


def wrong_for_strangers(app: Flask, client: FlaskClient) -> list[str]:
    """Places of the trust that answer a stranger with anything but 404."""
    answers = [
        (place, ask(client, place))
        for place in sweep.everywhere(app)
        if isinstance(place.row.access, tuple) and not place.row.somewhere
    ]
    assert len(answers) > 60
    return [f"{place.method} {place.url}: {status}" for place, status in answers if status != 404]


def test_nobody_signed_in_is_sent_to_sign_in(swept):
    client = swept.test_client()
    seen: Counter[int] = Counter()
    for place in sweep.everywhere(swept):
        if place.row.access != places.PUBLIC:
            answer = client.open(place.url, method=place.method)
            seen[answer.status_code] += 1
            assert answer.location.startswith("/sign-in"), place.url
    assert set(seen) == {302}


def test_a_wrong_password_and_an_unknown_address_answer_alike(swept):
    client = swept.test_client()
    wrong = client.post("/sign-in", data={"email": "cso@rth01.example", "password": "not the password"})
    unknown = client.post("/sign-in", data={"email": "who@rth01.example", "password": "not the password"})
    assert (wrong.status_code, unknown.status_code) == (422, 422)
    assert wrong.text.replace("cso@", "") == unknown.text.replace("who@", "")


def test_the_right_password_signs_in(swept):
    client = swept.test_client()
    answer = client.post("/sign-in", data={"email": "CSO@rth01.example", "password": PASSWORD})
    assert answer.location == "/me"


def test_no_role_is_left_out():
    assert set(ROLES) == {role for role in Role if role.is_person}
