"""Who may do what, as the policy's table says, and how an actor's dated holdings count."""

from datetime import date

import pytest

from governance.lifecycle import Stage
from governance.permissions import (
    OPERATOR,
    PEOPLE,
    PERMISSION_ROLES,
    PUBLIC,
    ROLE_PERMISSIONS,
    SYSTEM,
    Actor,
    Held,
    Permission,
    Role,
    RoleKind,
)

EVERYBODY = set(PEOPLE)
NOT_BOARD = EVERYBODY - {"board_member"}
LEAD = {"digital_lead"}
ACCOUNTABLE = {
    "cso", "clinical_lead", "caldicott_guardian", "siro", "dpo", "ccio", "ciso", "sro", "authorising_executive", "ai_lead",
}  # fmt: skip

# The policy's table "Permissions", row by row; then what its other tables give.
TABLE = {
    "read_register": NOT_BOARD,
    "read_submission": NOT_BOARD,
    "read_sheet": NOT_BOARD,
    "read_pack": NOT_BOARD,
    "read_audit": NOT_BOARD | {"operator"},
    "read_decided": EVERYBODY,
    "start_submission": LEAD,
    "propose": LEAD,
    "answer": {"digital_lead", "cso", "clinical_lead", "ig_lead"},
    "attach": {"digital_lead", "cso", "clinical_lead", "ig_lead"},
    "ask_supplier": LEAD,
    "answer_as_supplier": {"supplier_contact"},
    "move_set": LEAD,
    "submit": LEAD,
    "recall": LEAD,
    "hold": LEAD,
    "withdraw": LEAD,
    "record_go_live": LEAD,
    "add_hazard": {"digital_lead", "clinical_lead", "cso"},
    "add_control": {"digital_lead", "clinical_lead", "cso"},
    "score_hazard": {"digital_lead", "clinical_lead", "cso"},
    "approve_plan": {"cso"},
    "approve_log": {"cso"},
    "record_workshop": {"digital_lead", "clinical_lead", "cso"},
    "write_safety_case": {"cso"},
    "lower_tier": {"cso"},
    "decide_safety": {"cso"},
    "raise_tier": {"cso", "digital_lead"},
    "judge": {"cso", "ig_lead", "ccio", "ciso", "sro"},
    "sign": {"cso", "clinical_lead", "caldicott_guardian", "siro", "sro"},
    "advise": {"dpo", "ai_lead"},
    "authorise": {"authorising_executive", "sro"},
    "confirm_condition": {"cso", "clinical_lead", "caldicott_guardian", "siro", "sro", "authorising_executive"},
    "manage_people": {"organisation_administrator", "operator"},
    "declare": LEAD,
    "edit_register": LEAD,
    "act_on_condition": ACCOUNTABLE | {"digital_lead", "ig_lead"},
    "suspend": {"cso", "clinical_lead", "sro", "authorising_executive"},
    "resume": {"cso", "sro", "authorising_executive"},
    "issue_report": {"digital_lead", "cso", "sro", "authorising_executive"},
    "lapse": {"system"},
    "verify_audit": {"system", "operator"},
    "read_home": EVERYBODY,
    # our defaults for what is watched, asked and shared: the policy has no table of them
    "confirm_stopped": {"digital_lead", "clinical_lead"},
    "ask_to_suspend": {"ai_lead", "cso", "digital_lead"},
    "decide_interim": {"cso", "authorising_executive"},
    "manage_indicators": {"digital_lead", "clinical_lead", "cso"},
    "enter_readings": {"digital_lead", "clinical_lead"},
    "act_on_signal": {"digital_lead", "clinical_lead", "cso", "sro"},
    "end_use": LEAD,
    "finish_task": {"digital_lead", "cso", "clinical_lead", "sro", "ig_lead", "siro", "dpo", "ciso"},
    "ask_question": NOT_BOARD - {"organisation_administrator", "auditor"},
    "reply_to_question": NOT_BOARD - {"organisation_administrator", "auditor"},
    "assign": LEAD,
    "read_london": EVERYBODY,
    "read_system": {"ai_lead"},
    # part of approval: what is beyond policy, who acts for whom, what changed, committees
    "manage_additions": {"organisation_administrator"},
    "move_policy": LEAD,
    "delegate": ACCOUNTABLE,
    "recuse": ACCOUNTABLE | {"ig_lead"},
    "read_queue": ACCOUNTABLE | {"ig_lead"},
    "note_change": {"digital_lead", "clinical_lead", "cso"},
    "settle_change": {"cso", "sro"},
    "read_meeting": EVERYBODY,
    "manage_meeting": {"digital_lead", "organisation_administrator"},
    "comment_on_item": ACCOUNTABLE | {"ig_lead", "board_member"},
    "redact": {"operator"},
}
DAY = date(2027, 5, 3)


def person(*held: Held) -> Actor:
    return Actor(kind="person", person_id=1, name="Amara Bell", organisation_id=7, held=held, on=DAY)


@pytest.mark.parametrize("permission", list(Permission))
def test_each_permission_belongs_to_the_roles_of_its_row(permission):
    assert set(PERMISSION_ROLES[permission]) == TABLE[permission]


def test_a_board_member_reads_what_is_decided_and_what_partners_show_and_sits_on_committees():
    assert ROLE_PERMISSIONS[Role.BOARD_MEMBER] == {
        Permission.READ_HOME, Permission.READ_DECIDED, Permission.READ_LONDON,
        # as a member of a committee
        Permission.READ_MEETING, Permission.COMMENT_ON_ITEM,
    }  # fmt: skip


def test_an_auditor_changes_nothing():
    assert {p for p in ROLE_PERMISSIONS[Role.AUDITOR] if not p.startswith("read_")} == set()


@pytest.mark.parametrize("role", [Role.PUBLIC, Role.TOKEN])
def test_who_is_outside_may_nothing_yet(role):
    assert ROLE_PERMISSIONS[role] == frozenset()


def test_a_supplier_answers_behind_a_link_and_does_sits_on_committees():
    assert ROLE_PERMISSIONS[Role.SUPPLIER_CONTACT] == {Permission.ANSWER_AS_SUPPLIER}


@pytest.mark.parametrize(
    ("kind", "roles"),
    [
        (
            RoleKind.MEMBER,
            {"digital_lead", "ig_lead", "board_member", "organisation_administrator", "auditor"},
        ),
        (
            RoleKind.APPOINTED,
            {"cso", "caldicott_guardian", "siro", "dpo", "ccio", "ciso", "authorising_executive", "ai_lead"},
        ),
        (RoleKind.PER_DEPLOYMENT, {"clinical_lead", "sro"}),
        (RoleKind.NOT_A_PERSON, {"system", "operator", "token", "public", "supplier_contact"}),
    ],
)
def test_how_each_role_comes_to_be_held(kind, roles):
    assert {role for role in Role if role.kind is kind} == roles


@pytest.mark.parametrize(
    ("role", "title", "heading"),
    [
        ("cso", "clinical safety officer", "Clinical safety officer"),
        ("siro", "SIRO", "SIRO"),
        ("ai_lead", "AI coordination and advisory lead", "AI coordination and advisory lead"),
        ("caldicott_guardian", "Caldicott Guardian", "Caldicott Guardian"),
    ],
)
def test_roles_are_called_as_pages_call_them(role, title, heading):
    assert (Role(role).title, Role(role).heading) == (title, heading)


def test_every_role_says_what_it_is_for():
    assert all(role.description.endswith(".") for role in Role)


@pytest.mark.parametrize(
    ("starts_on", "ends_on", "held"),
    [
        (None, None, True),
        (DAY, None, True),
        (date(2027, 5, 4), None, False),
        (None, DAY, True),  # the last day counts
        (None, date(2027, 5, 2), False),
    ],
)
def test_a_role_counts_from_its_first_to_its_last_day(starts_on, ends_on, held):
    actor = person(Held(Role.CSO, appointment_id=1, starts_on=starts_on, ends_on=ends_on))
    assert actor.holds(Role.CSO) is held
    assert actor.may(Permission.APPROVE_PLAN) is held


@pytest.mark.parametrize(
    ("held", "deployment", "counts"),
    [
        (Held(Role.CSO), 5, True),
        (Held(Role.CSO, deployment_id=5), 5, True),
        (Held(Role.CSO, deployment_id=6), 5, False),
        (Held(Role.SRO, deployment_id=5), 5, True),
        (Held(Role.SRO, deployment_id=6), 5, False),
        (Held(Role.SRO), 5, False),  # appointed per deployment: never for all of them
    ],
)
def test_a_role_appointed_per_deployment_counts_for_that_deployment(held, deployment, counts):
    actor = person(held)
    assert actor.holds(held.role)
    assert actor.holds(held.role, deployment) is counts
    assert (actor.held_for(held.role, deployment) == held) is counts
    assert actor.may(Permission.SIGN, deployment_id=deployment) is counts


def test_the_holding_made_for_a_deployment_comes_before_the_general_one_and_an_own_before_an_agreement():
    general, special, agreed = Held(Role.CSO), Held(Role.CSO, deployment_id=5), Held(Role.CSO, agreement_id=2)
    assert person(general, special).held_for(Role.CSO, 5) == special
    assert person(agreed, general).held_for(Role.CSO, 5) == general


def test_somebody_with_two_roles_may_do_what_either_may():
    actor = person(Held(Role.AUDITOR, membership_id=1), Held(Role.DPO, appointment_id=2))
    assert actor.roles == {Role.AUDITOR, Role.DPO}
    assert actor.may(Permission.ADVISE)
    assert not actor.may(Permission.SIGN)


def test_those_who_are_not_people():
    assert SYSTEM.may(Permission.LAPSE)
    assert not SYSTEM.may(Permission.SIGN)
    assert OPERATOR.may(Permission.MANAGE_PEOPLE)
    assert not any(PUBLIC.may(permission) for permission in Permission)
    assert SYSTEM.may(Permission.LAPSE, deployment_id=5)


def test_a_person_without_roles_may_nothing():
    assert not any(person().may(permission) for permission in Permission)


def test_a_limit_is_kept_with_its_stage():
    held = Held(Role.AUTHORISING_EXECUTIVE, highest_tier="medium", highest_stage=Stage.PILOT, highest_residual=2)
    assert person(held).current == (held,)
