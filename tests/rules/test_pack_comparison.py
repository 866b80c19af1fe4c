"""What differs between two packs, said in whole sentences that a person can check."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance import canonical
from governance.assessment.packs import rules
from governance.assessment.packs.comparison import answers, evidence, parts, renewals, whole
from governance.assessment.packs.comparison.hazards import hazard_log
from governance.assessment.packs.comparison.items import WORSE, reworded


def score(severity, likelihood, rating):
    return {"patients": "single", "severity": severity, "likelihood": likelihood, "rating": rating}


TWO, THREE = score("considerable", "low", 2), score("considerable", "medium", 3)


def hazard(number, *, residual=TWO, **changed):
    return {
        "number": number, "name": f"Name of {number}", "description": "", "impact": "", "causes": "", "owner": "", "actions": "",
        "status": "open", "initial": None, "residual": residual, "acceptance": "", "acceptance_reason": "",
        "matrix_version": "dcb-1", "controls": [],
    } | changed  # fmt: skip


def control(text, **changed):
    return {"kind": "training", "description": text, "implementation": "", "effectiveness": ""} | changed


def log(*hazards, version=None):
    return {"kind": "hazard_log", "title": "Hazard log", "depth": "full", "hazards": list(hazards), "version": version}


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        (hazard(3), hazard(3, residual=THREE), "Residual risk of H3 rose from 2 to 3. Likelihood was low and is now medium."),
        (hazard(3, residual=THREE), hazard(3), "Residual risk of H3 fell from 3 to 2. Likelihood was medium and is now low."),
        (hazard(3), hazard(3, residual=score("considerable", "very_low", 2)),
         "Residual risk of H3 stays 2: likelihood was low and is now very low."),
        (hazard(3, residual=None), hazard(3), "Residual risk of H3 is scored now: 2."),
        (hazard(3), hazard(3, residual=None), "Residual risk of H3 is no longer scored; it was 2."),
        (hazard(3), hazard(3, initial=THREE), "Initial risk of H3 is scored now: 3."),
        (hazard(2), hazard(2, status="closed"), "H2 was closed."),
        (hazard(2, status="closed"), hazard(2), "H2 is open again."),
        (hazard(2), hazard(2, status="transferred"), "H2 was transferred."),
        (hazard(2), hazard(2, controls=[control("Read twice.")]), "H2 has a new control, training: Read twice."),
        (hazard(2, controls=[control("Read twice")]), hazard(2), "A control of H2 is gone: Read twice."),
        (hazard(2, controls=[control("Read twice")]), hazard(2, controls=[control("Read twice", kind="existing")]),
         "A control of H2 counts as existing now, no longer as training: Read twice."),
        (hazard(2, acceptance="impractical"), hazard(2, acceptance="cost_outweighs_benefit"),
         "The ground on which H2 is accepted was “More control is impractical” and is now “More control would cost more than it"
         " gains”."),
        (hazard(2, owner="Dr A"), hazard(2, owner="Dr B"), "The owner of H2 was “Dr A” and is now “Dr B”."),
        (hazard(2), hazard(2, review_on="2027-05-03"), "The local review of H2 is new: “3 May 2027”."),
        (hazard(2), hazard(2, supplier={"residual": "6"}), "Residual rating in that scheme for H2 is new: “6”."),
    ],
)  # fmt: skip
def test_a_hazard_that_changed_is_one_sentence(before, after, said):
    (found,) = hazard_log(log(before), log(after))
    assert found.said == said


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        (["Each image is read twice."], ["Each image is read twice by two people."],
         ["A control of H2 was “Each image is read twice” and is now “Each image is read twice by two people”."]),
        (["Read twice.", "Phone the ward."], ["Phone the ward at once.", "Read twice."],
         ["A control of H2 was “Phone the ward” and is now “Phone the ward at once”."]),
        (["Read twice."], ["Phone the ward."],
         ["H2 has a new control, training: Phone the ward.", "A control of H2 is gone: Read twice."]),
        (["Read twice.", "Read twice."], ["Read twice."], ["A control of H2 is gone: Read twice."]),
    ],
)  # fmt: skip
def test_a_reworded_control_is_changed_and_not_one_gone_and_one_new(before, after, said):
    was, now = (log(hazard(2, controls=list(map(control, side)))) for side in (before, after))
    assert [each.said for each in hazard_log(was, now)] == said


def test_a_control_rewritten_throughout_is_known_by_the_evidence_of_its_checks():
    was = log(hazard(2, controls=[control("Read twice.", implementation="Training record, 3 May")]))
    now = log(hazard(2, controls=[control("A second reader confirms.", implementation="Training record, 3 May")]))
    assert [each.kind for each in hazard_log(was, now)] == ["control.text"]


def test_hazards_that_come_and_go_are_named_with_their_rating():
    found = list(hazard_log(log(hazard(1)), log(hazard(7), hazard(8, residual=None))))
    assert [each.said for each in found] == [
        "H7 is new, residual 2: Name of 7.", "H8 is new and not scored: Name of 8.", "H1 is no longer in the log: Name of 1.",
    ]  # fmt: skip


def test_a_newly_approved_version_of_the_log_is_said():
    (found,) = hazard_log(log(version={"number": 3}), log(version={"number": 4}))
    assert found.said == "Version 4 of the log is approved; it was version 3."


def question(code="C3.1", said="Provided", *, state="answered", finding="met", papers=(), **changed):
    return {
        "code": code, "words": f"Words of {code}?", "criterion": "", "state": state, "state_says": "", "evidence": list(papers),
        "finding": finding, "finding_says": "", "provenance": "",
    } | ({"words_chosen": [said], "note": "", "answered_by": "A Person", "answered_at": "2027-05-03T09:00:00+00:00"} if said else {}) | changed  # fmt: skip


def sheet(*questions, code="dtac-2.0"):
    sections = [{"code": "dtac.c3", "label": "C3", "title": "Security", "questions": list(questions)}]
    return {"kind": "answers", "question_set": code, "title": "DTAC", "depth": "full", "sections": sections}


NOT = question(said="Not provided", finding="not_met")
LONG = "The supplier keeps each image for thirty days in one data centre in London and then deletes it."


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        (question(), NOT, ["C3.1 was “Provided” and is now “Not provided”.", "C3.1 no longer meets its criterion."]),
        (NOT, question(), ["C3.1 was “Not provided” and is now “Provided”.", "C3.1 meets its criterion now."]),
        (question(said="", state="unanswered", finding="open"), question(), ["C3.1 is answered now: “Provided”."]),
        (question(), question(said="", state="skipped", finding="not_asked"), ["C3.1 is no longer asked; it said “Provided”."]),
        (question(), question(said="", state="unanswered", finding="open"), ["C3.1 has no answer any more; it said “Provided”."]),
        (question(), question(answered_at="2027-06-01T09:00:00+00:00", answered_by="B Person"),
         ["C3.1 was given again by B Person and says the same."]),
        (question(said=LONG), question(said=LONG.replace("thirty", "ninety")), ["C3.1 was rewritten."]),
        (question("sites", said="2"), question("sites", said="3"), ["“Words of sites” was “2” and is now “3”."]),
    ],
)  # fmt: skip
def test_an_answer_that_changed_is_said_by_its_code(before, after, said):
    assert [each.said for each in answers.answers(sheet(before), sheet(after))] == said


def test_what_is_asked_anew_is_said_in_the_order_of_the_form():
    codes = [f"C3.{number}" for number in range(1, 10)]
    found = answers.answers(sheet(), sheet(*map(question, codes)))
    assert [each.said.split()[0] for each in found] == codes


def test_a_long_answer_shows_the_words_struck_out_and_put_in():
    (found,) = answers.answers(sheet(question(said=LONG)), sheet(question(said=LONG.replace("thirty", "ninety"))))
    assert ("out", "thirty") in found.lines[0] and ("in", "ninety") in found.lines[0]


def rights(*rows):
    value = [{"risk": risk, "likelihood": "possible", "severity": "severe", "overall": overall} for risk, overall in rows]
    return question("R1", value=value)


def test_risks_to_rights_are_told_apart_by_what_they_are_and_never_mixed_with_hazards():
    before = section(sheet(rights(("Shared too widely.", "medium"), ("Kept too long.", "low")), code="dpia-1"), code="dpia", title="DPIA")
    after = section(sheet(rights(("Shared too widely.", "high"), ("Read by all.", "low")), code="dpia-1"), code="dpia", title="DPIA")
    found = whole.compare([before], [after])
    assert said(found) == [
        "The risk “Shared too widely” in R1 rose from medium to high.", "The risk “Kept too long” in R1 is no longer listed.",
        "The risk “Read by all” in R1 is new: Likelihood of harm: possible. Severity of harm: severe. Overall risk: low.",
    ]  # fmt: skip
    assert found.summary == ("Risks to people’s rights: 1 rose, 1 new and 1 no longer listed.",)


def paper(title="Cyber Essentials", expires="2027-05-03", sha="a" * 64, **changed):
    return {
        "title": title, "kind": "cyber_essentials", "issuer": "Body", "standard": "Cyber Essentials", "issued_on": None,
        "expires_on": expires, "shareable": False, "filename": "c.pdf", "sha256": sha, "url": None,
    } | changed  # fmt: skip


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ([], [paper()], "Cyber Essentials, until 3 May 2027, is new (behind C3.1)."),
        ([paper()], [], "Cyber Essentials is gone (behind C3.1)."),
        ([paper()], [paper(expires="2028-05-03", sha="b" * 64)],
         "Cyber Essentials was renewed and now counts until 3 May 2028; it was until 3 May 2027 (behind C3.1)."),
        ([paper()], [paper(expires="2027-01-01")],
         "Cyber Essentials now ends earlier, on 1 January 2027; it counted until 3 May 2027 (behind C3.1)."),
        ([paper(expires=None)], [paper()], "Cyber Essentials now ends earlier, on 3 May 2027; it counted without an end (behind C3.1)."),
        ([paper()], [paper(sha="b" * 64)], "Cyber Essentials, until 3 May 2027, takes the place of another file (behind C3.1)."),
        ([paper()], [paper(shareable=True)], "Cyber Essentials is described otherwise: being shared or kept here (behind C3.1)."),
    ],
)  # fmt: skip
def test_evidence_is_new_gone_renewed_or_ends_earlier(before, after, said):
    (found,) = evidence.compared({"C3.1": before}, {"C3.1": after})
    assert found.said == said


RENEWED = paper(expires="2028-05-03", sha="b" * 64)


@pytest.mark.parametrize(
    ("before", "after", "alike"),
    [
        (question(papers=[paper()]), question(papers=[RENEWED]), True),
        (question(papers=[paper()]), question(papers=[RENEWED | {"title": "Cyber Essentials 2028"}]), True),
        (question(papers=[paper(), paper("Test", sha="c" * 64)]), question(papers=[RENEWED, paper("Test", sha="c" * 64)]), True),
        (question(papers=[paper(expires=None)]), question(papers=[paper(expires=None, issued_on="2027-05-03", sha="b" * 64)]), True),
        (question(papers=[paper()]), question(papers=[paper()]), False),
        (question(papers=[paper()]), question(papers=[RENEWED | {"standard_version": "3.2"}]), False),
        (question(papers=[paper()]), question(papers=[RENEWED | {"standard": "Cyber Essentials Plus"}]), False),
        (question(papers=[paper()]), question(papers=[RENEWED | {"issuer": "Another body"}]), False),
        (question(papers=[paper()]), question(papers=[paper(expires="2027-01-01", sha="b" * 64)]), False),
        (question(papers=[paper()]), question(papers=[RENEWED, paper("Test", sha="c" * 64)]), False),
        (question(papers=[paper()]), question(papers=[]), False),
        (question(papers=[paper()]), question(said="Otherwise", papers=[RENEWED]), False),
    ],
)
def test_evidence_alone_with_newer_dates_is_a_like_for_like_renewal(before, after, alike):
    was, now = ({"parts": [sheet(each)]} for each in (before, after))
    assert renewals.only_renewed(was, now) is alike


def test_one_item_behind_many_answers_is_one_sentence():
    (found,) = evidence.compared({}, {"C3.1": [paper()], "C3.4": [paper()], "C2.1": [paper()]})
    assert found.said == "Cyber Essentials, until 3 May 2027, is new (behind C3.1, C3.4 and C2.1)."


def section(*held, judgement=None, code="hazard_log", title="Hazard log"):
    matter = {"parts": list(held)}
    if judgement:
        stands = canonical.digest(rules.judged(matter))
        judgement = {"reason": "Read.", "role": "cso", "by": "Dr A", "at": "2027-05-03T09:00:00+00:00", "digest": stands} | judgement
    return rules.built(code, title, matter, judgement)


def said(comparison) -> list[str]:
    return [item.said for each in comparison.changed for item in each.items]


def test_sections_that_did_not_change_are_listed_and_not_looked_into():
    found = whole.compare([section(log()), section(code="dpia", title="DPIA")], [section(log(hazard(1))), section(code="dpia", title="DPIA")])
    assert (found.unchanged, [each.code for each in found.changed]) == (("DPIA",), ["hazard_log"])


def test_a_section_new_or_no_longer_asked_is_said_once():
    found = whole.compare([section(code="a", title="Ethics")], [section(sheet(question()), code="b", title="DTAC C3")])
    assert said(found) == ["DTAC C3 was not in the first.", "DTAC is new: 1 question, 1 answered.", "Ethics is no longer asked for."]
    assert found.summary == ("1 section is new: DTAC C3.",)


def test_a_newer_version_of_a_set_is_counted_never_joined_by_code():
    before, after = (section(sheet(question(), code=code)) for code in ("dtac-1.0", "dtac-2.0"))
    assert said(whole.compare([before], [after])) == [
        "DTAC is new: 1 question, 1 answered.", "DTAC is no longer asked: 1 question, 1 answered.",
    ]  # fmt: skip


def test_a_judgement_turned_is_said_and_one_left_behind_too():
    before = section(log(hazard(1)), judgement={"outcome": "met"})
    turned = section(log(hazard(1)), judgement={"outcome": "query", "at": "2027-06-01T09:00:00+00:00"})
    assert said(whole.compare([before], [turned])) == ["Judged again: query, by Dr A, clinical safety officer. It was met."]
    stale = rules.built("hazard_log", "Hazard log", log_matter(hazard(1, residual=THREE)), before.judgement)
    assert said(whole.compare([before], [stale]))[-1] == "The judgement, met, was given before these changes."


def log_matter(*hazards) -> dict[str, Any]:
    return {"parts": [log(*hazards)]}


def test_the_summary_says_first_what_rose_and_fell():
    before = [section(log(hazard(1), hazard(2, residual=THREE), hazard(4))), section(sheet(question()), code="dtac.c3", title="C3")]
    after = [
        section(log(hazard(1, residual=THREE), hazard(2), hazard(3), hazard(4, status="closed"))),
        section(sheet(question(said="Not provided", finding="not_met", papers=[paper()])), code="dtac.c3", title="C3"),
    ]  # fmt: skip
    assert whole.compare(before, after).summary == (
        "Residual risk rose for H1 and fell for H2.",
        "H3 is new and H4 is closed.",
        "1 answer changed; C3.1 does not meet its criterion.",
        "1 piece of evidence is new.",
    )


def document(**changed):
    given = {
        "title": "DPIA of the trust", "version": "1.0", "dated_on": "2027-01-04", "review_due_on": None, "evidence": paper(),
        "facts": [{"name": "residual", "label": "Residual risk", "type": "choice", "value": "low", "words": "Low"}],
        "added_by": "A Person", "added_at": "2027-01-04T09:00:00+00:00",
    } | changed  # fmt: skip
    return {"kind": "document", "row": "dpia", "title": "DPIA", "depth": "full", "short_says": "", "document": given}


def test_a_newer_document_says_its_version_and_the_facts_that_policy_reads():
    high = [{"name": "residual", "label": "Residual risk", "type": "choice", "value": "high", "words": "High"}]
    found = parts.part(document(), document(version="2.0", dated_on="2027-05-03", facts=high))
    assert [each.said for each in found] == [
        "DPIA is now version 2.0 of “DPIA of the trust”, dated 3 May 2027; it was version 1.0, dated 4 January 2027.",
        "Residual risk was “Low” and is now “High”.",
    ]


def test_conditions_are_new_no_longer_open_or_due_on_another_day():
    def held(*rows):
        return {"kind": "conditions", "conditions": [{"number": n, "text": text, "due_on": due} for n, text, due in rows]}

    before = held((1, "Train staff.", "2027-05-03"), (2, "Test again.", "2027-06-01"))
    after = held((2, "Test again.", "2027-07-01"), (3, "Report it.", "2027-08-01"))
    assert [each.said for each in parts.part(before, after)] == [
        "Condition 1 is no longer open: Train staff.",
        "The day by which condition 2 is due was “1 June 2027” and is now “1 July 2027”.",
        "Condition 3 is new, due 1 August 2027: Report it.",
    ]


TEXTS = st.text(st.characters(codec="ascii", categories=["L", "N", "Zs"]), max_size=90)


@given(TEXTS, TEXTS)
def test_a_text_is_said_to_change_exactly_where_it_does(before, after):
    found = list(reworded("It", before, after))
    assert bool(found) == (before.strip() != after.strip())


@given(st.integers(1, 5), st.integers(1, 5))
def test_a_rating_that_rises_is_always_said_to_rise(before, after):
    found = list(hazard_log(log(hazard(1, residual=score("major", "low", before))), log(hazard(1, residual=score("major", "low", after)))))
    assert any(each.tone == WORSE and f"rose from {before} to {after}" in each.said for each in found) == (after > before)
    assert any(f"fell from {before} to {after}" in each.said for each in found) == (after < before)
