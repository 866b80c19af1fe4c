"""A list of risks on both databases: typed on its page, stored row by row, read back, in the pack, and never hidden by the whole."""

import re

import pytest

from governance import clock
from governance.assessment.packs import queries as packs
from governance.assessment.packs import reading
from governance.assessment.question_sets.risks import Risk
from governance.assessment.sheets import operations, queries
from governance.audit import verify
from governance.database import db, read_only, transaction
from governance.errors import Refused
from governance.extensions import house
from tests import assessed, proposals

SHEET = "dpia-1"
HIGH = {
    "risk": "Staff abroad read a recording.", "likelihood": "possible", "severity": "severe", "overall": "high",
    "measures": "Remote support is switched off.", "effect": "reduced", "residual": "medium", "approved": "yes",
}  # fmt: skip


def boxes(*rows, **more):
    """What a browser sends for the groups of boxes, one empty group after them."""
    sent = {f"answer_DP5_1-{n}-{name}": value for n, row in enumerate([*rows, {}]) for name, value in row.items()}
    return sent | {f"answer_DP5_1-{len(rows)}-risk": "", "act": "another:DP5.1"} | more


def kept(submission):
    db.session.rollback()
    return queries.current_answers(queries.sheet_for(submission, SHEET))["DP5.1"]["organisation"]


def stops(submission):
    return [str(each) for each in packs.stopping(submission, clock.today())]


@pytest.fixture
def lead(client, world, ready):
    world.sign_in(client, "digital_lead", "RTH01")
    return client


@pytest.fixture
def page(ready):
    return f"/RTH01/submissions/{ready.reference}/sheets/{SHEET}/dpia.risks"


@pytest.fixture
def save(lead, page, ready):
    """Send the page as it stands, with these rows in its boxes."""
    def sent(*rows, **more):
        return lead.post(page, data=boxes(*rows, seen_DP5_1=str(kept(ready).revision), **more))

    return sent


def test_risks_are_typed_stored_read_back_and_in_the_pack(lead, page, save, ready):
    answer = save(assessed.RISK, HIGH)
    assert (answer.status_code, answer.location.partition("#")[2]) == (302, "answer_DP5_1")
    assert kept(ready).value == [assessed.RISK, HIGH]
    assert queries.as_value(kept(ready)).risks[1] == Risk(**HIGH)
    shown = lead.get(page).text
    assert re.search(r'name="answer_DP5_1-1-risk"[^>]*>\s*Staff abroad read a recording.</textarea>', shown)
    assert 'name="answer_DP5_1-2-risk"' in shown and 'name="answer_DP5_1-3-risk"' not in shown
    assert "1. A letter reaches the wrong patient. Likelihood of harm: possible." in shown  # its history
    section = next(each for each in packs.position(ready).sections if each.code == "dpia")
    (row,) = [each for block in reading.blocks(section.content["matter"]) for each in block.answers if each.risks]
    assert (row.said, [each.residual for each in row.risks]) == ("2 risks. The highest stands at medium.", ["low", "medium"])
    with read_only() as session:
        assert verify.verify(session, house().storage, house().keyring).findings == []


def test_the_whole_cannot_stay_lower_than_a_risk_that_was_added(lead, page, save, ready):
    assert not any("DP7.2" in each for each in stops(ready))
    save(assessed.RISK, HIGH)
    said = "DP7.2 says that the residual risk is low, but risk 2 stands at medium. It cannot be lower than the highest risk."
    assert said in stops(ready)
    assert said in lead.get(page.replace("dpia.risks", "dpia.outcome")).text


def test_a_risk_half_filled_is_kept_and_keeps_the_sheet_open(lead, page, save, ready):
    save(assessed.RISK, {"risk": "Somebody is recognised by voice."})
    assert kept(ready).value[1]["risk"] == "Somebody is recognised by voice."
    assert "Risk 2: select the likelihood of harm." in lead.get(page).text
    assert any(each.startswith("DPIA: 1 question is not answered: DP5.1") for each in stops(ready))


def test_what_cannot_be_kept_is_shown_again_as_it_was_typed(save, ready):
    before = kept(ready).revision
    answer = save(assessed.RISK | {"likelihood": "certain"}, {"risk": "x" * 2001})
    assert answer.status_code == 422
    assert "Likelihood of harm of risk 1 must be one of" in answer.text
    assert "x" * 2001 in answer.text and 'value="certain" selected' in answer.text
    assert kept(ready).revision == before


def test_a_risk_is_removed_by_its_box_or_by_emptying_it(save, ready):
    save(assessed.RISK, HIGH)
    save(assessed.RISK, HIGH, **{"answer_DP5_1-0-remove": "1"})
    assert kept(ready).value == [HIGH]
    save({"risk": " "})
    assert kept(ready).value is None


def test_a_set_that_is_only_read_is_never_opened(world):
    submission = proposals.proposed(world)
    with pytest.raises(Refused, match="DTAC 1.0 is kept to be read. Answer the version that took its place."), transaction():
        operations.open_sheet(
            submission=submission, question_set="dtac-1.0", by=world.actor("digital_lead", "RTH01"), at=clock.now()
        )
