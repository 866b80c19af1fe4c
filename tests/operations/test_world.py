from governance.audit import verify
from governance.database import read_only
from governance.extensions import house
from governance.permissions import Permission, Role


def test_the_world_is_in_the_chain(world):
    with read_only() as session:
        outcome = verify.verify(session, house().storage, house().keyring)
    assert outcome.findings == []
    assert outcome.events > 60


def test_people_of_an_icb_act_for_a_practice_under_an_agreement(world):
    lead = world.actor(Role.DIGITAL_LEAD, "QKK", acting_in="HLP01")
    assert lead.may(Permission.PROPOSE)
    assert lead.organisation_code == "HLP01"
