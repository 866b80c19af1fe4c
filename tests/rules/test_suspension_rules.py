"""Who may suspend, resume, confirm and ask, and what they are told: as tables."""

from datetime import UTC, datetime

import pytest

from governance.lifecycle import Standing
from governance.monitoring.suspensions import rules
from governance.monitoring.suspensions.rules import LogState
from governance.permissions import Role
from governance.policy import Tier

S, R = Standing, Role
BEGAN = datetime(2026, 11, 2, 9, tzinfo=UTC)
BEFORE, SINCE = datetime(2026, 10, 1, 9, tzinfo=UTC), datetime(2026, 11, 3, 9, tzinfo=UTC)


def codes(found) -> list[str]:
    return [each.code for each in found]


@pytest.mark.parametrize(
    ("standing", "reason", "fallback", "expected"),
    [
        (S.ASSURED, "Seen", "Read all", []),
        (S.DECLARED, "Seen", "Read all", []),
        (S.LAPSED, "Seen", "Read all", []),
        (S.PROPOSED, "Seen", "Read all", ["standing"]),
        (S.CEASED, "Seen", "Read all", ["standing"]),
        (S.SUSPENDED, "Seen", "Read all", ["suspended"]),
        (S.ASSURED, " ", "", ["reason", "fallback"]),
        (S.ASSURED, "Seen", " ", ["fallback"]),
    ],
)
def test_what_is_in_use_is_suspended_with_a_reason_and_a_fallback(standing, reason, fallback, expected):
    assert codes(rules.suspend_blockers(standing=standing, reason=reason, fallback=fallback)) == expected


@pytest.mark.parametrize(
    ("direct_care", "log", "expected"),
    [
        (True, LogState(None, None, False), ["log.not_approved"]),
        (True, LogState(1, BEFORE, False), ["log.not_approved"]),
        (True, LogState(1, BEGAN, False), ["log.not_approved"]),
        (True, LogState(2, SINCE, False), []),
        (True, LogState(2, SINCE, True), ["log.changed"]),
        (False, LogState(None, None, False), []),
    ],
)
def test_in_direct_care_the_officer_signs_on_a_log_approved_since(direct_care, log, expected):
    said = {"standing": S.SUSPENDED, "direct_care": direct_care, "began": BEGAN, "log": log}
    assert codes(rules.safety_blockers(**said, reason="It is mended.")) == expected
    assert codes(rules.safety_blockers(**said, reason=" ")) == [*expected, "reason"]


def test_what_is_not_suspended_cannot_be_resumed():
    log = LogState(None, None, False)
    found = rules.safety_blockers(standing=S.ASSURED, direct_care=False, began=BEGAN, log=log, reason="x")
    assert codes(found) == ["not_suspended"]
    found = rules.resume_blockers(standing=S.LAPSED, signed=True, signed_stands=True, same_person=False)
    assert codes(found) == ["not_suspended"]


@pytest.mark.parametrize(
    ("signed", "stands", "same", "expected"),
    [
        (False, False, False, ["cso_first"]),
        (True, False, False, ["cso_again"]),
        (True, True, True, ["separation"]),
        (True, True, False, []),
    ],
)
def test_whoever_authorises_comes_after_the_officer(signed, stands, same, expected):
    said = {"signed": signed, "signed_stands": stands, "same_person": same}
    assert codes(rules.resume_blockers(standing=S.SUSPENDED, **said)) == expected


@pytest.mark.parametrize(
    ("tier", "role"),
    [(Tier.LOW, R.SRO), (Tier.MEDIUM, R.AUTHORISING_EXECUTIVE), (Tier.HIGH, R.AUTHORISING_EXECUTIVE)],
)
def test_at_low_tier_the_owner_resumes(tier, role):
    assert rules.authoriser(tier) is role


def test_a_tier_that_is_not_known_counts_as_high():
    assert rules.counted_tier(None) is Tier.HIGH and rules.counted_tier("low") is Tier.LOW


@pytest.mark.parametrize(
    ("is_open", "chosen", "awaited", "expected"),
    [
        (True, ["Main site"], ["Main site", "North site"], []),
        (True, [], ["Main site"], ["sites"]),
        (True, ["Main site"], ["North site"], ["sites"]),
        (False, ["Main site"], ["Main site"], ["not_suspended"]),
    ],
)
def test_a_site_is_confirmed_once_while_it_is_suspended(is_open, chosen, awaited, expected):
    assert codes(rules.confirm_blockers(is_open=is_open, chosen=chosen, awaited=awaited)) == expected


@pytest.mark.parametrize(
    ("roles", "is_its_icb", "expected"),
    [
        ({R.AI_LEAD}, False, []),
        ({R.AI_LEAD}, True, []),
        ({R.CSO}, True, []),
        ({R.DIGITAL_LEAD}, True, []),
        ({R.CSO}, False, ["asker"]),
        ({R.DIGITAL_LEAD}, False, ["asker"]),
        ({R.SIRO}, True, ["asker"]),
        (set(), True, ["asker"]),
    ],
)
def test_any_ai_lead_may_ask_and_the_own_board(roles, is_its_icb, expected):
    said = {"standing": S.ASSURED, "own": False, "asked_already": False, "reason": "Seen"}
    assert codes(rules.ask_blockers(roles=roles, is_its_icb=is_its_icb, **said)) == expected


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"own": True}, ["own"]),
        ({"standing": S.SUSPENDED}, ["suspended"]),
        ({"standing": S.PROPOSED}, ["standing"]),
        ({"standing": S.CEASED}, ["standing"]),
        ({"asked_already": True}, ["asked"]),
        ({"reason": " "}, ["reason"]),
    ],
)
def test_what_may_be_asked(changed, expected):
    said = {"standing": S.ASSURED, "own": False, "asked_already": False, "reason": "Seen"} | changed
    assert codes(rules.ask_blockers(roles={R.AI_LEAD}, is_its_icb=False, **said)) == expected


@pytest.mark.parametrize(
    ("status", "answer", "expected"),
    [("open", "It is safe.", []), ("open", " ", ["answer"]), ("declined", "x", ["answered"]), ("suspended", "x", ["answered"])],
)
def test_a_request_is_answered_once_with_a_reason(status, answer, expected):
    assert codes(rules.answer_blockers(status=status, answer=answer)) == expected
