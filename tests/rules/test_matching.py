"""A tool that is on the register already is found however its name is typed, and others are left alone."""

import string

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from governance.register.matching import Candidate, Shelf, likely_matches, name_key


def found(name, other, maker="", other_maker=""):
    return bool(likely_matches(name, maker, [Candidate(1, other, other_maker)]))


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("ChestReader", "chestreader"),
        ("  Chest--Reader\u2122 ", "chest readertm"),
        ("Caf\u00e9 N\u00f8rd Stra\u00dfe", "cafe nørd strasse"),
        ("Acme Ltd", "acme"),
        ("Acme Ltd.", "acme"),
        ("ACME (Holdings) Limited", "acme holdings"),
        ("Acme, Inc.", "acme"),
        ("Acme P.L.C.", "acme"),
        ("Acme plc", "acme"),
        ("Acme GmbH", "acme"),
        ("Acme LLP", "acme"),
        ("ChestReader v2", "chestreader"),
        ("ChestReader V2.1", "chestreader"),
        ("ChestReader 2.3", "chestreader"),
        ("ChestReader version 3", "chestreader"),
        ("ChestReader (Version 3.0.1-rc1)", "chestreader"),
        ("ChestReader ver. 3", "chestreader"),
        ("ChestReader v2 Ltd", "chestreader"),
        ("v2.0 ChestReader", "chestreader"),
        ("Smith & Sons\u2019 Reader", "smith and sons reader"),
        ("COVID-19 triage", "covid 19 triage"),
        ("CAC-01", "cac 01"),
        ("GPT-4o notes", "gpt 4o notes"),
        ("Rev1ve", "rev1ve"),
        ("2.3", "2 3"),
        ("Ltd", "ltd"),
        ("Unlimited", "unlimited"),
        ("", ""),
        ("\u2014", ""),
    ],
)
def test_what_does_not_tell_names_apart_is_left_out(name, key):
    assert name_key(name) == key


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("ChestReader", "chestreader"),
        ("ChestReader", "Chest Reader"),
        ("ChestReader", "Chest-Reader Ltd"),
        ("ChestReader", "ChestReader 2.3"),
        ("ChestReader v3", "ChestReader version 4"),
        ("ChestReader", "ChestRaeder"),
        ("ChestReader", "ChestReade"),
        ("ChestReader", "ChestReaader"),
        ("ChestReader", "XhestReader"),
        ("Lung Nodule Finder", "Finder, Lung Nodule"),
        ("Lung Nodule Finder", "Finder, Zung Nodule"),
        ("Lung Nodule Finder", "LungNoduleFinder v2"),
        ("Caf\u00e9 Scribe", "CAFE SCRIBE"),
        ("Ada", "ADA Ltd"),
        ("BriefCase-Triage for Intracranial Hemorrhage (ICH)", "Briefcase triage for intracranial hemorrhage, ICH"),
    ],
)
def test_the_same_tool_is_found(name, other):
    assert found(name, other) and found(other, name)


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("Ada", "Adb"),
        ("Eye", "Ear"),
        ("AI", "AX"),
        ("Lung", "Lang"),
        ("ChestReader", "ChestWriter"),
        ("ChestReader", "HeadReader"),
        ("Chest Reader", "Chest"),
        ("Lung Nodule Finder", "Lung Nodule Tracker"),
        ("BriefCase CAC", "BriefCase ICH"),
        ("Scribe One", "Scribe Two"),
        ("", "ChestReader"),
        ("", ""),
        ("\u2014", "\u2026"),
    ],
)
def test_another_tool_is_left_alone(name, other):
    assert not found(name, other) and not found(other, name)


def test_the_manufacturers_name_in_front_does_not_hide_a_tool():
    assert found("Acme ChestReader", "ChestReader", "Acme Ltd", "ACME")
    assert found("ChestReader", "Acme ChestReader v2", "Acme", "Acme Limited")
    assert not found("Acme ChestReader", "Acme HeadReader", "Acme", "Acme")


def test_the_likeliest_comes_first_and_says_why():
    candidates = [
        Candidate(1, "ChestReadre", "Acme"),
        Candidate(2, "Chest Reader", "Zenith"),
        Candidate(3, "chestreader 2.0", "Acme Ltd"),
        Candidate(4, "ChestReader", ""),
        Candidate(5, "ChestReaders", "Zenith"),
        Candidate(6, "HeadReader", "Acme"),
    ]
    matches = likely_matches("ChestReader", "Acme Limited", candidates)
    assert [(match.id, match.reason) for match in matches] == [
        (3, "The name is the same and so is the manufacturer."),
        (4, "The name is the same."),
        (1, "The name differs by one letter; the manufacturer is the same."),
        (2, "The name is the same; the manufacturer is different."),
        (5, "The name differs by one letter; the manufacturer is different."),
    ]


words = st.text(alphabet=string.ascii_letters + "éüñ", min_size=3, max_size=10).filter(
    lambda word: word.casefold() not in {"ltd", "limited", "plc", "inc", "llp", "llc", "gmbh", "corp"}
)
names = st.lists(words, min_size=1, max_size=4).map(" ".join).filter(lambda name: len(name.replace(" ", "")) >= 6)
versions = st.one_of(
    st.integers(0, 99).map(lambda n: f"v{n}"),
    st.tuples(st.integers(0, 99), st.integers(0, 99)).map(lambda pair: f"{pair[0]}.{pair[1]}"),
    st.integers(0, 99).map(lambda n: f"version {n}"),
)


@st.composite
def slips(draw, name):
    """The name with one letter added, left out, changed, or swapped with the next."""
    at = draw(st.integers(0, len(name) - 2))
    letter = draw(st.sampled_from(string.ascii_lowercase))
    return draw(
        st.sampled_from(
            [
                name[:at] + letter + name[at:],
                name[:at] + name[at + 1 :],
                name[:at] + letter + name[at + 1 :],
                name[:at] + name[at + 1] + name[at] + name[at + 2 :],
            ]
        )
    )


def certainly_found(name, typed):
    assert found(typed, name) and found(name, typed)


@given(names, st.data())
def test_one_slip_always_finds_the_original(name, data):
    certainly_found(name, data.draw(slips(name)))


@given(names, st.sampled_from([str.upper, str.lower, str.title, str.swapcase]))
def test_another_case_always_finds_the_original(name, change):
    certainly_found(name, change(name))


@given(names, st.sampled_from(["Ltd", "Ltd.", "Limited", "plc", "Inc.", "GmbH", "LLP", "(Ltd)"]), st.booleans())
def test_a_legal_form_always_finds_the_original(name, form, with_comma):
    certainly_found(name, f"{name}{',' * with_comma} {form}")


@given(names, versions, st.booleans())
def test_a_version_always_finds_the_original(name, version, in_front):
    certainly_found(name, f"{version} {name}" if in_front else f"{name} {version}")


@given(names, st.permutations(range(4)), st.sampled_from(["-", ", ", "/", "  ", " \u2013 "]))
def test_another_order_and_other_punctuation_always_find_the_original(name, order, mark):
    parts = name.split(" ")
    certainly_found(name, mark.join(parts[n] for n in order if n < len(parts)))


@given(names, names, names, names)
def test_matching_goes_both_ways(name, other, maker, other_maker):
    assert found(name, other, maker, other_maker) == found(other, name, other_maker, maker)


@given(
    st.text(alphabet=string.ascii_lowercase, min_size=1, max_size=4),
    st.text(alphabet=string.ascii_lowercase, min_size=1, max_size=4),
)
def test_short_names_match_only_themselves(name, other):
    assume(name_key(name) != name_key(other))
    assert not found(name, other)


@given(st.text(max_size=60))
def test_any_text_has_a_key_and_the_key_is_its_own(name):
    key = name_key(name)
    assert len(key) <= 200 and key == " ".join(key.split())
    assert likely_matches(name, name, [Candidate(1, name, name)]) or not key


def test_a_long_name_has_a_key_that_fits_its_column():
    assert len(name_key("\ufb03" * 200)) <= 200


_NAMES = st.lists(
    st.one_of(
        st.sampled_from(["chest reader", "reader chest", "chestreader 2.3", "chets reader", "acme chest reader", "Chest-Readr Ltd", "queuewell"]),
        st.text("abcd e", max_size=8),
    ),
    max_size=12,
)  # fmt: skip


@given(names=_NAMES, asked=_NAMES, maker=st.sampled_from(["", "Acme", "Acmee Ltd", "Other"]))
def test_a_shelf_finds_what_comparing_with_all_finds(names, asked, maker):
    candidates = [Candidate(number, name, ("Acme", "")[number % 2]) for number, name in enumerate(names)]
    shelf = Shelf(candidates)
    for name in asked:
        assert shelf.likely_matches(name, maker) == likely_matches(name, maker, candidates)
