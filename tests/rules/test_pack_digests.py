"""The pack is a function of what was said, not of when it was said or in what order."""

from datetime import UTC, datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from governance.assessment.evidence import queries as evidence
from governance.assessment.evidence.models import Evidence
from governance.assessment.packs import rules
from governance.assessment.packs.asked import Asked
from governance.assessment.packs.matter import Live, matter
from governance.assessment.question_sets import loader
from governance.assessment.question_sets.rules import state_of
from governance.assessment.sheets.models import Answer, AnswerSheet
from governance.assessment.sheets.queries import SheetView, as_value
from governance.intake.models import Submission
from governance.lifecycle import Stage, SubmissionKind
from governance.policy import Tier, policy
from governance.policy.rules import requirements, sections_for
from governance.register.models import Deployment
from tests import assessed, proposals

DTAC = loader.question_set("dtac-2.0")
SHEET = AnswerSheet(id=1, question_set="dtac-2.0")
AT = datetime(2026, 11, 2, 9, tzinfo=UTC)
ORDER = list(DTAC.by_code)


def asked() -> Asked:
    london, facts = policy("london-1"), dict(proposals.FACTS)
    about = {"facts": facts, "tier": Tier.MEDIUM, "stage_asked": Stage.PILOT}
    needed = requirements(london, stage_from=Stage.PIPELINE, **about)
    sections = sections_for(london, needed, **about)
    sheets = {"tool-facts-1": None, "dtac-2.0": next(each for each in needed if each.question_set == "dtac")}
    return Asked(
        Submission(kind=SubmissionKind.PROGRESS), Deployment(), london, facts, Tier.MEDIUM, Stage.PILOT, needed, sheets,
        sections, (), False,
    )  # fmt: skip


ASKED = asked()


def row(code: str, note: str = "As described.") -> Answer:
    value = assessed.passing(DTAC.by_code[code])
    return Answer(
        code=code, layer="supplier", revision=1, value=value.value, note=note, source="typed", confirmed=True,
        not_applicable=value.is_not_applicable, answered_by=7, answered_at=AT,
    )  # fmt: skip


def view(code: str, answers: dict[str, Answer]) -> SheetView:
    published = loader.question_set(code)
    said = {each: as_value(answer) for each, answer in answers.items()}
    return SheetView(published, SHEET, "supplier", answers, state_of(published, said, {}), {})


def digests(answers: dict[str, Answer], support: dict[str, list[Evidence]] | None = None) -> dict[str, str]:
    found = {code: [evidence.content(item, {}) for item in items] for code, items in (support or {}).items()}
    live = Live(
        sheets={"tool-facts-1": view("tool-facts-1", {}), "dtac-2.0": view("dtac-2.0", answers)},
        documents={}, support={("answer_sheet", 1): found}, files={}, names={7: "Invented person"},
        givers={each.id: "Invented person" for each in answers.values()},
        plans={"risk_plan": None, "monitoring_plan": None, "safety_decision": None},
        hazards=[], log_version=None, triage={}, tool={},
    )  # fmt: skip
    return {each.code: rules.built(each.code, each.title, matter(each.code, ASKED, live), None).digest for each in ASKED.sections}


WHOLE = {code: row(code) for code in ORDER}
USUAL = digests(WHOLE)


@settings(max_examples=25, deadline=None)
@given(st.permutations(ORDER))
def test_the_pack_is_the_same_however_answers_were_ordered(order):
    assert digests({code: WHOLE[code] for code in order}) == USUAL


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(ORDER), st.text(min_size=1, max_size=30).map(str.strip).filter(bool))
def test_a_changed_answer_changes_exactly_its_sections_digest(code, note):
    states = state_of(DTAC, {each: as_value(answer) for each, answer in WHOLE.items()}, {})
    after = digests(WHOLE | {code: row(code, note=f"{note} and more")})
    changed = [section for section in USUAL if USUAL[section] != after[section]]
    assert changed == ([DTAC.section_of[code].pack_section] if states[code].asked else [])


def test_what_was_answered_to_a_question_that_is_skipped_is_not_in_the_pack():
    assert state_of(DTAC, {each: as_value(answer) for each, answer in WHOLE.items()}, {})["C3.6"].state == "skipped"
    assert digests({code: answer for code, answer in WHOLE.items() if code != "C3.6"}) == USUAL


def test_evidence_behind_an_answer_changes_its_section_alone():
    item = Evidence(title="Certificate", kind="other", issuer="", standard="", filename="", shareable=False, url="https://x")
    after = digests(WHOLE, {"C3.1": [item]})
    assert [section for section in USUAL if USUAL[section] != after[section]] == ["dtac.c3"]


def test_the_packs_digest_covers_the_order_and_every_section():
    pairs = list(USUAL.items())
    whole = rules.pack_digest(pairs)
    assert rules.pack_digest(pairs[::-1]) != whole
    assert rules.pack_digest(pairs[:-1]) != whole
    assert rules.pack_digest(list(USUAL.items())) == whole


def test_sections_that_differ_are_named_in_the_packs_order():
    now = {"a": "1", "b": "changed", "d": "4"}
    assert rules.changed_sections({"a": "1", "b": "2", "c": "3"}, now) == ("b", "c", "d")
