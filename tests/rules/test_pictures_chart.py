"""The control chart as a picture: every point in its place, words that never meet, figures a person can read."""

import datetime as dt
import re
from decimal import Decimal
from itertools import combinations, pairwise
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance.monitoring import charting, spc
from governance.pictures import axis, captions, chart, draw
from governance.pictures.chart import COMPACT, WIDE, ChartNote, ChartPoint
from governance.reports.render import environment

HOSTILE = '"><script>alert(1)</script>&<b style="x">'
FORMS = pytest.mark.parametrize("size", [WIDE, COMPACT], ids=["wide", "compact"])
SVG = "{http://www.w3.org/2000/svg}"
STEADY = [44, 41, 47, 43, 39, 45, 42, 48, 40, 44, 46, 62, 58, 45, 41, 43, 46, 40, 44, 42]
LATELY = [46, 41, 47, 43, 44, 48, 40, 35, 34, 30, 29]


def months(count, year=2026, month=4):
    return [dt.date(year + (month - 1 + n) // 12, (month - 1 + n) % 12 + 1, 1) for n in range(count)]


def points(values, days=None, *, mean=None, width=10.0, kind="common_cause", segments=None):
    middle = sum(values) / len(values) if mean is None else mean
    return [
        ChartPoint(day, value, kind, middle, middle - width, middle + width, segment)
        for day, value, segment in zip(days or months(len(values)), values, segments or [0] * len(values), strict=True)
    ]


def drawing(values=(*STEADY, *LATELY), improvement="decrease", notes=(), unit="minutes", **rest):
    days = [dt.date(2026, 10, 5) + dt.timedelta(weeks=n) for n in range(len(values))]
    made = spc.control_chart(values, days, improvement=improvement, **rest)
    return charting.drawing(made, title="Minutes to first read", unit=unit, notes=notes)


# the picture


@FORMS
@pytest.mark.parametrize("count", [1, 2, 12, 24, 60, 400])
def test_points_go_from_left_to_right_inside_the_plot(size, count):
    laid = chart.lay_out(points([n % 7 for n in range(count)], months(count, 1999)), size)
    xs = [mark.x for mark in laid.marks]
    assert xs == sorted(xs) and len(set(xs)) == count
    for mark in laid.marks:
        assert laid.left < mark.x - mark.radius and mark.x + mark.radius < laid.right
        assert laid.top <= mark.y <= laid.foot


@FORMS
def test_heights_follow_the_values_and_limits_stand_where_their_values_do(size):
    laid = chart.lay_out(points([0, 5, 10], mean=5, width=5), size, target=10)
    low, middle, high = (mark.y for mark in laid.marks)
    assert low > middle > high and middle - high == pytest.approx(low - middle)
    line = laid.stretches[0]
    assert (line.lower, line.mean, line.upper) == pytest.approx((low, middle, high))
    assert laid.target == pytest.approx(high)


def test_time_is_to_scale_and_a_missing_month_is_bridged():
    days = [day for n, day in enumerate(months(12)) if n != 5]
    laid = chart.lay_out(points(list(range(11)), days))
    steps = [after.x - before.x for before, after in pairwise(laid.marks)]
    assert max(steps) == steps[4] and steps[4] > 1.8 * steps[0]
    assert laid.bridges == ((laid.marks[4], laid.marks[5]),)
    assert laid.path.count("M") == 2


def test_without_a_gap_the_path_is_one_line_and_months_of_different_length_are_none():
    laid = chart.lay_out(points(list(range(14))))
    assert laid.path.count("M") == 1 and laid.path.count("L") == 13 and not laid.bridges


@FORMS
def test_a_rebase_breaks_the_lines_half_way_and_says_from_when(size):
    given_ = points([1] * 6 + [9] * 6, segments=[0] * 6 + [1] * 6, mean=5)
    laid = chart.lay_out(given_, size)
    before, after = laid.stretches
    half = (laid.marks[5].x + laid.marks[6].x) / 2
    assert before.x1 == laid.left and after.x2 == laid.right
    assert before.x2 < half < after.x1
    (flag,) = laid.flags
    assert (flag.x, flag.kind) == (pytest.approx(half), "rebase")
    assert flag.text == ("New limits, Oct 2026" if size.compact else "New limits from 1 Oct 2026")


def test_a_note_stands_on_its_day_and_one_outside_stands_at_the_edge():
    days = months(3)
    notes = [ChartNote(dt.date(2026, 4, 16), "a"), ChartNote(dt.date(2020, 1, 1), "b"), ChartNote(dt.date(2030, 1, 1), "c")]
    laid = chart.lay_out(points([1, 2, 3], days), notes=notes)
    at = {flag.text: flag.x for flag in laid.flags}
    assert laid.marks[0].x < at["a"] < laid.marks[1].x
    assert (at["b"], at["c"]) == (laid.marks[0].x, laid.marks[-1].x)


def test_a_point_without_limits_draws_a_mean_alone():
    laid = chart.lay_out([ChartPoint(day, 5, "common_cause", 5.0) for day in months(4)])
    assert (laid.stretches[0].upper, laid.stretches[0].lower) == (None, None)
    assert [label.text for label in laid.labels] == ["mean 5.0"]


def test_no_points_are_no_picture():
    with pytest.raises(ValueError):
        chart.lay_out([])


numbers = st.floats(-1e9, 1e9, allow_nan=False).map(lambda n: round(n, 6))
wide_numbers = st.one_of(numbers, st.integers(-5, 5).map(float), st.floats(-1e-6, 1e-6, allow_nan=False))


@given(
    st.lists(wide_numbers, min_size=1, max_size=30),
    st.floats(0, 1e6),
    st.none() | wide_numbers,
    st.lists(st.tuples(st.integers(0, 900), st.text("abc W", min_size=1, max_size=30)), max_size=6),
    st.sampled_from([WIDE, COMPACT]),
)
def test_whatever_the_figures_nothing_leaves_the_drawing_and_no_words_meet(values, spread, target, happened, size):
    notes = [ChartNote(months(1)[0] + dt.timedelta(days=day), words) for day, words in happened]
    laid = chart.lay_out(points(values, width=spread), size, target=target, target_note="or less", notes=notes)
    for mark in laid.marks:
        assert laid.top - 1 <= mark.y <= laid.foot + 1
    for label in (*laid.ticks, *laid.labels):
        assert laid.top - 1 <= label.y <= laid.foot + 1
    assert len({tick.text for tick in laid.ticks}) == len(laid.ticks) >= 1
    for above, below in pairwise(sorted(laid.labels, key=lambda label: label.y)):
        assert below.y - above.y >= captions.APART - 0.01
    for label in laid.labels:
        assert label.x + axis.width(label.text, size.text) <= size.width + 0.01
    for one, other in combinations(laid.flags, 2):
        if one.top == other.top and not one.ring:
            assert _apart(_box(one), _box(other))
        assert one.ring or not (other.top <= one.top and _box(one)[0] < other.x < _box(one)[1]) or one.x == other.x
    assert len(laid.flags) == len(notes)
    assert laid.finding.endswith(".")


def _box(flag):
    return (flag.x - 7 - flag.width, flag.x) if flag.left else (flag.x, flag.x + 7 + flag.width)


def _apart(one, other):
    return one[1] <= other[0] or other[1] <= one[0]


def test_words_without_room_become_numbers_with_a_key_below():
    notes = [ChartNote(day, f"Version 2.{n} in use at every site") for n, day in enumerate(months(12)[2:8])]
    plain, laid = chart.lay_out(points(list(range(12)))), chart.lay_out(points(list(range(12))), notes=notes)
    assert [flag.text for flag in laid.flags] == ["1", "2", "3", "4", "5", "6"]
    assert laid.key == tuple(note.text for note in notes)
    assert laid.height >= plain.height + 6 * captions.ROW


# its axes


@pytest.mark.parametrize(
    ("values", "ticks"),
    [
        ([29, 62, 31, 59], ["30", "40", "50", "60"]),
        ([0, 3], ["0", "1", "2", "3"]),
        ([5, 5], ["3", "4", "5", "6", "7"]),
        ([0, 0], ["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"]),
        ([-1.1, 0.9], ["−1.0", "−0.5", "0.0", "0.5", "1.0"]),
        ([-20, -2], ["−20", "−15", "−10", "−5", "0"]),
        ([12e6, 19e6], ["12m", "14m", "16m", "18m"]),
        ([1e14, 3e14], ["100tn", "150tn", "200tn", "250tn", "300tn"]),
        ([800_000, 2_400_000], ["1.0m", "1.5m", "2.0m", "2.5m"]),
        ([2500, 3500], ["2,400", "2,600", "2,800", "3,000", "3,200", "3,400"]),
        ([0.0001, 0.0003], ["0.00010", "0.00015", "0.00020", "0.00025", "0.00030"]),
    ],
)
def test_ticks_are_round_and_readable(values, ticks):
    scale = axis.scale(values)
    assert [axis.tick(value, scale.step) for value in scale.ticks] == ticks


@pytest.mark.parametrize(
    ("value", "step", "expected"),
    [
        (59, 10, "59.0"),
        (-0.1302, 0.5, "−0.13"),
        (3048.2, 500, "3,048"),
        (15_221_987, 5e6, "15.2m"),
        (0, 10, "0.0"),
        (-0.001, 10, "0.0"),
        (4.84e-7, 5e-7, "4.84×10⁻⁷"),
    ],
)
def test_a_limit_has_one_place_more_than_the_ticks(value, step, expected):
    assert axis.fine(value, step) == expected


@pytest.mark.parametrize(
    ("value", "step", "expected"),
    [
        (50, 10, "50"),
        (2.5, 1, "2.5"),
        (-1, 0.5, "−1"),
        (0, 1, "0"),
        (3e7, 5e6, "30m"),
        (99.95, 1, "99.95"),
        (2e-6, 5e-7, "2×10⁻⁶"),
    ],
)
def test_a_target_is_written_as_it_was_set(value, step, expected):
    assert axis.plain(value, step) == expected


@pytest.mark.parametrize("values", [[], [float("nan")], [1, float("inf")]])
def test_a_scale_refuses_what_is_no_number(values):
    with pytest.raises(ValueError):
        axis.scale(values)


def _dates(days, room):
    return [text for _, text in axis.dates(days, [n * room for n in range(len(days))], size=14)]


@pytest.mark.parametrize(
    ("days", "room", "expected"),
    [
        (months(4), 80, ["Apr 2026", "May", "Jun", "Jul"]),
        (months(12, 2026, 5), 40, ["May 2026", "Jul", "Sep", "Nov", "Jan 2027", "Mar"]),
        (months(36, 2021, 1), 5, ["2021", "2022", "2023"]),
        (
            [dt.date(2026, 10, 5) + dt.timedelta(weeks=n) for n in range(5)],
            90,
            ["5 Oct 2026", "12 Oct", "19 Oct", "26 Oct", "2 Nov"],
        ),
        ([dt.date(2026, 12, 28), dt.date(2027, 1, 4)], 90, ["28 Dec 2026", "4 Jan 2027"]),
        ([dt.date(2026, 2, 1), dt.date(2026, 5, 1), dt.date(2026, 8, 1)], 100, ["Feb 2026", "May", "Aug"]),
        ([dt.date(2026, 2, 1)], 0, ["1 Feb 2026"]),
    ],
)
def test_dates_are_named_by_month_with_the_year_where_it_changes(days, room, expected):
    assert _dates(days, room) == expected


@given(st.integers(1, 200), st.floats(0.5, 100))
def test_labels_of_dates_never_meet(count, room):
    named = axis.dates(months(count), [n * room for n in range(count)], size=14)
    for (a, first), (b, second) in pairwise(named):
        assert (b - a) * room >= (axis.width(first, 14) + axis.width(second, 14)) / 2


# as SVG


@pytest.mark.parametrize("compact", [False, True])
def test_the_svg_is_well_formed_escaped_and_names_itself(compact):
    kinds = [ChartPoint(day, n, chart.KINDS[n % 4], 5.0, 1.0, 9.0, n // 6) for n, day in enumerate(months(12))]
    notes = [ChartNote(months(12)[n], HOSTILE) for n in (2, 3, 9)]
    drawn = draw.chart(kinds, title=HOSTILE, ident="c", target=4, target_note=HOSTILE, unit="%", notes=notes, compact=compact)
    root = ElementTree.fromstring(drawn)
    for element in root.iter():
        assert element.tag not in {f"{SVG}script", f"{SVG}style", f"{SVG}b"}
        assert not {"style", "class", "onload"} & set(element.attrib)
    ids = {element.attrib["id"]: element.text for element in root.iter() if "id" in element.attrib}
    assert root.attrib["role"] == "img"
    assert [bool(ids[each]) for each in root.attrib["aria-labelledby"].split()] == [True, True]
    assert HOSTILE in ids["c-t"]


def test_each_kind_differs_by_shape_as_well_as_colour():
    shapes = set()
    for kind in chart.KINDS:
        root = ElementTree.fromstring(draw.point(kind))
        drawn = [element for element in root if element.tag != f"{SVG}title"]
        shapes.add((len(drawn), drawn[0].tag, drawn[0].attrib.get("r")))
    assert len(shapes) == 4


@pytest.mark.parametrize("kind", chart.KINDS)
@pytest.mark.parametrize("letter", ["", "H", "L"])
def test_the_variation_icon_shows_its_letter_in_its_colour(kind, letter):
    icon = draw.icons(variation=kind, letter=letter).variation
    root = ElementTree.fromstring(icon)
    assert root.attrib["aria-hidden"] == "true"
    assert [text.text for text in root.iter(f"{SVG}text")] == ([letter] if letter else [])
    colour = {"common_cause": "#a6a6a6", "improvement": "#00b0f0", "concern": "#e46c0a", "neutral": "#490092"}[kind]
    assert root.find(f"{SVG}circle").attrib["stroke"] == colour


@pytest.mark.parametrize(
    ("assurance", "improvement", "letter", "side"),
    [
        ("pass", "increase", "P", -1),
        ("pass", "decrease", "P", 1),
        ("fail", "increase", "F", 1),
        ("fail", "decrease", "F", -1),
        ("hit_and_miss", "increase", "?", 0),
    ],
)
def test_the_assurance_icon_puts_the_wave_where_the_values_lie(assurance, improvement, letter, side):
    icon = draw.icons(assurance=assurance, improvement=improvement).assurance
    root = ElementTree.fromstring(icon)
    assert [text.text for text in root.iter(f"{SVG}text")] == [letter]
    wave, line = (float(re.match(r"M\S+ (\S+?)[cH]", path.attrib["d"]).group(1)) for path in root.iter(f"{SVG}path"))
    assert (wave > line) - (wave < line) == side


def test_no_icon_is_drawn_where_none_is_due():
    assert draw.icons(variation="", assurance="none") == ("", "")


# with its words


def test_the_reference_series_reads_as_it_should():
    said = drawing(target=50, baseline=20)
    assert said.variation_words == ("Improving", "last 4 values unusually low")
    assert said.assurance_words == ("May or may not meet the target", "the target lies between the limits")
    assert said.remark == "Limits are from the first 20 values."
    assert said.kinds == ("common_cause", "improvement", "concern")
    laid = chart.lay_out(said.points, target=said.target, target_note=said.target_note, unit=said.unit)
    top_down = sorted(laid.labels, key=lambda label: label.y)
    assert [label.text for label in top_down] == ["upper limit 59.0", "target 50 or less", "mean 45.0", "lower limit 31.0"]
    assert laid.finding == (
        "31 values, 5 Oct 2026 to 3 May 2027. The last is 29 minutes, an improvement. Mean 45.0, limits 31.0 to 59.0. "
        "Target 50 or less."
    )


@pytest.mark.parametrize(
    ("tail", "improvement", "words"),
    [
        ([62], "decrease", ("Getting worse", "last value unusually high")),
        ([62, 63], "increase", ("Improving", "last 2 values unusually high")),
        ([44], "decrease", ("Usual variation", "nothing unusual in the last value")),
        ([20], "neutral", ("Changed", "last value unusually low")),
        ([44, 45, 46, 47, 48, 49, 50], "decrease", ("Getting worse", "last 7 values rising")),
    ],
)
def test_the_variation_words_say_which_way_and_how_many(tail, improvement, words):
    assert drawing([*([41, 47] * 10), *tail], improvement, baseline=20).variation_words == words


@pytest.mark.parametrize(
    ("target", "improvement", "words"),
    [
        (None, "decrease", None),
        (50, "neutral", None),
        (500, "decrease", "Meets the target"),
        (500, "increase", "Does not meet the target"),
        (45, "increase", "May or may not meet the target"),
    ],
)
def test_the_assurance_words_are_there_where_a_target_and_a_way_are(target, improvement, words):
    said = drawing([41, 47] * 10, improvement, target=target).assurance_words
    assert (said and said[0]) == words


def test_a_short_series_has_no_icons_and_says_from_when():
    said = drawing([1, 2, 3], target=2)
    assert (said.variation_words, said.assurance_words) == (None, None)
    assert said.remark == "3 values. Limits and icons are shown from 13."
    assert said.rows[0].limits == ""


def test_the_table_tells_each_figure_newest_first_and_what_happened():
    days = [dt.date(2026, 10, 5) + dt.timedelta(weeks=n) for n in range(14)]
    notes = [ChartNote(dt.date(2026, 10, 13), "Version 2.4 in use"), ChartNote(dt.date(2030, 1, 1), "Later")]
    values = [Decimal("41.50"), *([47, -41] * 6), 1250]
    said = drawing(values, unit="%", notes=notes, rebase_on=[days[2]])
    assert [row.date for row in said.rows] == days[::-1]
    assert (said.rows[-1].value, said.rows[0].value, said.rows[1].value) == ("41.50%", "1,250%", "−41%")
    assert said.rows[-3].happened == "Version 2.4 in use; limits start anew"
    assert said.rows[0].happened == "Later"


def _shown(said, **form):
    source = '{% import "macros/chart.jinja" as charts %}{{ charts.chart_with_table(said, **form) }}'
    return environment().from_string(source).render(said=said, form=form)


def test_on_a_page_the_chart_stands_with_icons_legend_and_a_folded_table():
    notes = [ChartNote(dt.date(2027, 4, 1), HOSTILE)]
    shown = _shown(drawing(target=50, baseline=20, notes=notes), ident="waits")
    assert shown.count("<svg") == 2 + 2 + 3
    ids = re.findall(r'\bid="([^"]+)"', shown)
    assert sorted(ids) == ["waits-d", "waits-narrow-d", "waits-narrow-t", "waits-t"]
    assert "<b>Improving</b>" in shown and "<details" in shown and shown.count("<tr>") == 32
    assert "<script>" not in shown and ' style="' not in shown
    assert shown.count('data-label="Limits">31.0 to 59.0') == 31


def test_on_paper_there_is_one_picture_and_the_table_lies_open():
    shown = _shown(drawing(target=50), printed=True)
    assert "<details" not in shown and "<table" in shown and "chart__narrow" not in shown
    assert "<table" not in _shown(drawing(target=50), printed=True, table=False)
