"""Canonical JSON: what the encoder writes is RFC 8785, byte for byte, and what it cannot hold it refuses."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from governance import canonical
from governance.permissions import Role

KEYS = st.text(st.characters(max_codepoint=127), max_size=8)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-canonical.MAX_INTEGER, canonical.MAX_INTEGER) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=20,
)


@given(VALUES)
def test_it_writes_what_the_standard_says(value):
    assert canonical.dumps(value) == rfc8785.dumps(value)


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ({"b": 1, "a": [True, None]}, b'{"a":[true,null],"b":1}'),
        ("\x00\x1f\x7f\"\\/\b\f\n\r\t", b'"\\u0000\\u001f\x7f\\"\\\\/\\b\\f\\n\\r\\t"'),
        ("ŵ €  😀", '"ŵ €  😀"'.encode()),
        ({"on": date(2027, 5, 3), "at": datetime(2027, 5, 3, 9, tzinfo=UTC)}, b'{"at":"2027-05-03T09:00:00+00:00","on":"2027-05-03"}'),
        ([Decimal("1.10"), Role.CSO, b"\xff", (1, 2)], b'["1.10","cso","ff",[1,2]]'),
    ],
)  # fmt: skip
def test_each_kind_of_value_has_one_form(value, written):
    assert canonical.dumps(value) == written


@pytest.mark.parametrize("value", [1.5, float("nan"), object(), {1, 2}, {"é": 1}, {1: 2}, 2**53, -(2**53)])
def test_what_has_no_form_is_refused(value):
    with pytest.raises((TypeError, ValueError)):
        canonical.dumps(value)


@given(VALUES)
def test_what_was_made_plain_has_the_same_digest(value):
    assert canonical.digest_plain(canonical.plain(value)) == canonical.digest(value)
