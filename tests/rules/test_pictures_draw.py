"""Drawings as SVG: each says its finding, holds nothing that a content policy forbids, and escapes every name."""

import re
from xml.etree import ElementTree

import pytest
from markupsafe import Markup

from governance.pictures import draw
from governance.pictures.draw import HazardMark, Station

HOSTILE = '"><script>alert(1)</script>&<b style="x">'
RATINGS = ((1, 1, 2, 2, 3), (1, 2, 2, 3, 4), (2, 2, 3, 3, 4), (2, 3, 3, 4, 5), (3, 4, 4, 5, 5))
WORDS = ("a", "b", "c", HOSTILE, "e")
MANY = [HazardMark(n, (n % 5, 4), (n % 5, n % 4)) for n in range(60)]
SVG = "{http://www.w3.org/2000/svg}"


def _matrix(hazards: list[HazardMark], **form: bool) -> Markup:
    return draw.matrix(RATINGS, hazards, severities=WORDS, likelihoods=WORDS, ident="m", **form)


DRAWN = {
    "ladder": draw.ladder(
        [Station(HOSTILE, "now", HOSTILE), Station("Pilot", "asked"), Station("x", "ahead")], ident="l"
    ),
    "upright": draw.ladder([Station(HOSTILE, "passed"), Station("x", "now")], ident="u", upright=True),
    "matrix": _matrix([HazardMark(1, (3, 3), (3, 1)), HazardMark(2, (0, 0), (0, 0))]),
    "compact": _matrix(MANY, compact=True),
    "printed": _matrix(MANY, printed=True),
    "qr": draw.qr("https://register.example/check/82402b55", ident="q"),
    "check code": draw.check_code("82402b55"),
    "turn": draw.turn(11, 10),
    **{f"standing {value}": draw.standing(value) for value in sorted(draw.STANDINGS)},
}
NAMED = ("ladder", "upright", "matrix", "compact", "printed", "qr")


@pytest.mark.parametrize("drawn", DRAWN.values(), ids=DRAWN.keys())
def test_a_drawing_is_well_formed_and_holds_nothing_inline(drawn: Markup) -> None:
    root = ElementTree.fromstring(drawn)
    for element in root.iter():
        assert element.tag not in {f"{SVG}script", f"{SVG}style", f"{SVG}b"}
        assert not {"style", "class", "onload"} & set(element.attrib)


@pytest.mark.parametrize("name", NAMED)
def test_a_picture_names_itself_and_says_its_finding(name: str) -> None:
    root = ElementTree.fromstring(DRAWN[name])
    ids = {element.attrib["id"]: element.text for element in root.iter() if "id" in element.attrib}
    assert root.attrib["role"] == "img"
    assert all(ids[each] for each in root.attrib["aria-labelledby"].split())


@pytest.mark.parametrize("name", [name for name in DRAWN if name not in NAMED])
def test_a_mark_beside_its_words_is_hidden_from_screen_readers(name: str) -> None:
    assert ElementTree.fromstring(DRAWN[name]).attrib["aria-hidden"] == "true"


def test_two_drawings_on_a_page_share_no_id() -> None:
    both = draw.ladder([Station("a", "now")], ident="one") + draw.ladder([Station("a", "now")], ident="two")
    ids = re.findall(r'\bid="([^"]+)"', both)
    assert len(ids) == len(set(ids)) == 4


def test_a_standing_nobody_knows_is_drawn_as_not_yet_in_use() -> None:
    assert draw.standing("whatever") == draw.standing("proposed")


def test_the_matrix_of_many_says_on_the_drawing_that_discs_are_counts() -> None:
    assert "Discs say how many hazards lie there" in DRAWN["compact"]
    assert "Discs count hazards" in DRAWN["printed"]
