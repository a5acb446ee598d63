"""Values of every kind that a user may write by mistake, for tests that nothing but InvalidArgument comes of them.

`FUZZ=100 pytest tests/client/exports/test_any_input.py` tries a hundred times as many, and others each time.
"""

import os
from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction

from hypothesis import settings
from hypothesis import strategies as st

try:
    import numpy as np
except ImportError:  # numpy comes with an extra
    np = None

_FUZZ = int(os.environ.get("FUZZ", "1"))


_PLAIN = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=8)
    | st.text(st.characters(), max_size=4)  # half characters and control codes among them
    | st.binary(max_size=4)
    | st.sampled_from(
        [
            "3_0", "\u0663\u0660", "\uff13\uff10", "1e999", "nan", "inf", "10x20", "True", "none", "{}", "[]", '{"a": NaN}', "a" * 2000, "a\x00",
            "\ud800", "EPSG:4326", "EPSG:\u0663", "PROJCS[", "projects/p/assets/a", "gs://bucket/a", "p.d.t$20200101",
            "[7,46,8,47]", "[[1,1],[1,1],[1,1]]", '{"type":"Point","coordinates":[1,2]}',
            10**30, 10**400, 1e-320, -0.0, 1e308, 2**63, 3j, Decimal("1e5000"), Decimal("NaN"), Fraction(1, 3),
            date(2026, 1, 1), datetime(2026, 1, 1, tzinfo=UTC), {1, 2}, frozenset({"a"}), {1: 2}.keys(), range(6), object(), len,
            [1, 0, 0, 0, 1, 0], [48, 11.5, 48.1, 11.6], [[1, 1], [1, 1], [1, 1]], bytearray(b"123456"), memoryview(b"123456"),
        ]
    )
)  # fmt: skip
if np is not None:
    _PLAIN |= st.sampled_from(
        [
            np.float32(0.5), np.int64(7), np.bool_(True), np.array(5), np.array([1.0, 0, 0, 0, 1, 0]),
            np.array([7, 46, 8, 47]), np.array([[7, 46], [8, 46], [8, 47]]), np.array([]), np.float64("nan"),
            np.datetime64("2026-01-01"), np.array(["a", "b"]), np.array([1, None], object),
        ]
    )  # fmt: skip

#: Any value.
VALUES = st.recursive(
    _PLAIN,
    lambda inner: (
        st.lists(inner, max_size=6)
        | st.tuples(inner, inner)
        | st.dictionaries(st.text(max_size=8) | st.integers() | st.just("type"), inner, max_size=3)
        | st.sampled_from(["Polygon", "MultiPolygon", "Feature"]).flatmap(
            lambda kind: st.fixed_dictionaries({"type": st.just(kind), "coordinates": inner, "geometry": inner})
        )
    ),
    max_leaves=8,
)


def fuzzed(examples=100):
    """Say how many values are tried: so many, the same each time, or more and others if FUZZ is set."""
    return settings(max_examples=examples * _FUZZ, derandomize=_FUZZ == 1)
