"""A policy file with a fault stops the start with a sentence that names file, item and fault."""

from importlib import resources

import pytest

from governance.policy import PolicyFault, loader, policy, versions

TEXT = resources.files("governance.policy").joinpath("london-1.yaml").read_text(encoding="utf-8")


@pytest.mark.parametrize("version", ["london-1", "london-2"])
def test_each_version_loads_and_is_kept(version):
    assert version in versions()
    assert policy(version) is policy(version)


def test_an_unknown_version_is_a_fault():
    with pytest.raises(PolicyFault, match=r"^london-9\.yaml, the file: there is no such policy version$"):
        policy("london-9")


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        (
            'answered_by: ["ig_lead"]',
            'answered_by: ["ig_leed"]',
            "requirements, “dpia”, answered_by, “ig_leed”: no role is called “ig_leed”",
        ),
        (
            '{pilot: "full", implementation: "full"}\n    provenance: "default"\n  - question_set: "dcb0129"',
            '{pilots: "full"}\n    provenance: "default"\n  - question_set: "dcb0129"',
            "requirements, “dtac”, depth, pilots: no stage is called “pilots”",
        ),
        ('sections: ["dpia"]', 'sections: ["dpja"]', "requirements, “dpia”: no section is called “dpja”"),
        ('when: ["scribe"]\n', 'when: ["scribes"]\n', "requirements, “scribing”: no condition is called “scribes”"),
        (
            'fact: "hosting", among: ["supplier_outside_uk"]',
            'fact: "hosting", among: ["abroad"]',
            "conditions, “outside_uk”: the fact “hosting” has no value “abroad”",
        ),
        (
            'any_of: ["scribe_kind", "summarises"]',
            'any_of: ["scribe_kind", "dtac_applies"]',
            "conditions, “scribe”: no condition above it is called “dtac_applies”",
        ),
        (
            ('{role: "siro", act: "sign", when: ["personal_data"], after: ["dpo"], provenance: "default"}\n'
            '      - {role: "ai_lead"'),
            ('{role: "siro", act: "sign", when: ["personal_data"], after: ["sro"], provenance: "default"}\n'
            '      - {role: "ai_lead"'),
            "agreements, “standard”: “siro” comes after “sro”, which has no turn above it",
        ),
        ('{code: "go_live", when', '{code: "go_dead", when', "stops: the row “go_live” is missing"),
        (
            ('after: ["sro"], provenance: "official", basis: "DCB0160 v3.2, 2.2.2: top management authorises deployment '
            'and accepts residual clinical risk"'),
            'after: ["sro"], provenance: "official"',
            "agreements, “standard”, turns, “authorising_executive”: its provenance is official, but no basis is named",
        ),
        ('version: "london-1"\n', 'version: "london-1"\nversion: "x"\n', "line 8: “version” is given twice"),
        ('mildest: "fixed"', 'mildest: "still"', "facts, “changes_itself”: its mildest value “still” is not among its values"),
        ('title: "NHS AI', 'heading: "x"\ntitle: "NHS AI', "heading: there is no such key in a policy"),
        ('{code: "no", label: "No", consequence: "The clinical', '{code: no, label: "No", consequence: "The clinical', "facts, “direct_care”, values, “No”, code: it must be text in quotes"),
        ('title: "NHS AI assurance in London, first version"\n', "", "title: it is missing"),
        ('one: ["siro"]', 'one: ["sirro"]', "separation, “siro_and_caldicott”: no role is called “sirro”"),
    ],
)  # fmt: skip
def test_a_fault_is_named_with_its_file_and_row(old, new, sentence):
    assert TEXT.count(old) >= 1, "the case must change the file"
    with pytest.raises(PolicyFault) as caught:
        loader.read(TEXT.replace(old, new, 1), file="london-1.yaml")
    assert str(caught.value) == f"london-1.yaml, {sentence}"
    assert caught.value.file == "london-1.yaml"


def test_what_is_no_yaml_at_all_is_named_by_its_line():
    with pytest.raises(PolicyFault, match=r"^broken\.yaml, line 2: "):
        loader.read('version: "x"\n  title: [', file="broken.yaml")


@pytest.mark.parametrize("text", ["", "[]", "7"])
def test_what_is_no_policy_at_all_is_a_fault(text):
    with pytest.raises(PolicyFault):
        loader.read(text, file="broken.yaml")


def test_every_row_says_where_it_comes_from_and_none_claims_to_be_the_frameworks_text():
    found = policy()
    rows = [
        *found.facts, *found.routes, *found.tier_rules, *found.ladder, *found.requirements, *found.documents,
        *found.sections, *found.outcomes, *found.kinds, *found.separation, *found.stops, *found.times,
        *found.evidence_validity, *found.concerns, *(turn for a in found.agreements for turn in a.turns),
    ]  # fmt: skip
    assert all(row.provenance for row in rows)
    assert not any("Framework for London" in (row.basis or "") and row.provenance == "official" for row in rows)
