"""Who may be appointed with what on record, and who may hand work over to whom."""

from datetime import date

import pytest

from governance.identity import rules
from governance.identity.rules import Days, Handed
from governance.lifecycle import Stage
from governance.permissions import Role

R = Role
TODAY = date(2027, 5, 3)
AWAY = Days(date(2027, 5, 3), date(2027, 5, 14))
YEARS = Days(date(2026, 1, 1), date(2028, 12, 31))
FULL = ("high", Stage.PILOT, 3)


def appointed(**changed):
    said = {
        "role": R.CSO, "is_self": False, "person_holds": (), "starts_on": date(2027, 1, 1), "ends_on": date(2028, 1, 1),
        "on": TODAY, "registered_until": date(2027, 12, 31), "deployment_named": False, "instrument": "Letter",
    }  # fmt: skip
    return [each.code for each in rules.appointment_blockers(**said | changed)]


@pytest.mark.parametrize(
    ("changed", "codes"),
    [
        ({}, []),
        ({"registered_until": None}, ["registration"]),
        ({"registered_until": date(2027, 5, 2)}, ["registration"]),
        ({"registered_until": date(2027, 5, 3)}, []),
        ({"registered_until": date(2027, 8, 31), "starts_on": date(2027, 9, 1)}, ["registration"]),
        ({"role": R.SIRO, "registered_until": None}, []),
        ({"limits": FULL}, ["limit.tier", "limit.stage", "limit.residual"]),
        ({"role": R.AUTHORISING_EXECUTIVE}, ["limit.tier", "limit.stage", "limit.residual"]),
        ({"role": R.AUTHORISING_EXECUTIVE, "limits": ("high", None, 3)}, ["limit.stage"]),
        ({"role": R.AUTHORISING_EXECUTIVE, "limits": ("high", Stage.PILOT, 4)}, ["limit.residual"]),
        ({"role": R.AUTHORISING_EXECUTIVE, "limits": FULL}, []),
        ({"instrument": " "}, ["instrument"]),
        ({"role": R.SRO, "registered_until": None}, ["deployment"]),
    ],
)
def test_each_thing_missing_is_a_reason(changed, codes):
    assert appointed(**changed) == codes


def handed(**changed):
    said = {
        "role": R.CSO, "from_person_id": 1, "to_person_id": 2, "to_name": "Dr B", "days": AWAY, "on": TODAY,
        "from_holds": [YEARS], "to_holds": [YEARS], "others": (), "registered_until": date(2027, 12, 31), "reason": "Leave",
    }  # fmt: skip
    return [each.code for each in rules.delegation_blockers(**said | changed)]


def other(giver, taker, first, last):
    return [Handed(giver, taker, Days(first, last))]


@pytest.mark.parametrize(
    ("changed", "codes"),
    [
        ({}, []),
        ({"to_person_id": 1}, ["self"]),
        ({"reason": "\n"}, ["reason"]),
        ({"role": R.DIGITAL_LEAD}, ["role"]),
        ({"days": Days(date(2027, 5, 9), date(2027, 5, 8))}, ["dates"]),
        ({"days": Days(date(2027, 5, 2), date(2027, 5, 8))}, ["past"]),
        ({"from_holds": [Days(date(2026, 1, 1), date(2027, 5, 13))]}, ["from"]),
        ({"to_holds": []}, ["to"]),
        ({"to_holds": [Days(date(2027, 5, 4), date(2027, 12, 31))]}, ["to"]),
        # one appointment that the next renews counts as one
        ({"to_holds": [Days(date(2027, 5, 9), date(2028, 5, 8)), Days(date(2026, 5, 9), date(2027, 5, 8))]}, []),
        ({"to_holds": [Days(date(2027, 5, 10), date(2028, 5, 8)), Days(date(2026, 5, 9), date(2027, 5, 8))]}, ["to"]),
        ({"registered_until": date(2027, 5, 13)}, ["registration"]),
        ({"registered_until": None}, []),
        ({"others": other(1, 3, date(2027, 5, 14), date(2027, 5, 20))}, ["twice"]),
        ({"others": other(1, 3, date(2027, 5, 15), date(2027, 5, 20))}, []),
        ({"others": other(3, 1, date(2027, 5, 1), date(2027, 5, 3))}, ["chain"]),
        ({"others": other(2, 3, date(2027, 5, 10), date(2027, 5, 10))}, ["chain"]),
        ({"others": other(3, 2, date(2027, 5, 1), date(2027, 5, 31))}, []),
    ],
)
def test_work_is_handed_only_to_another_holder_once_and_no_further(changed, codes):
    assert handed(**changed) == codes
