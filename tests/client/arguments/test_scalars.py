"""Single values: what is a number, a text, a truth value, and what only looks like one."""

from decimal import Decimal
from fractions import Fraction

import pytest

from airflow_provider_ee.client.arguments.scalars import finite, flag, items, number, text, texts, whole
from airflow_provider_ee.client.errors import InvalidArgument

NUMBERS = [30, 30.0, "30", " 30.0 ", "3e1", "+30", Decimal(30), Fraction(60, 2)]
NO_NUMBERS = [
    None, True, "", "3_0", "\u0663\u0660", "\uff13\uff10", "0x1e", "inf", "nan", "1e999", float("nan"), float("inf"), 10**400, Decimal("NaN"),
    b"30", [30], {30}, {"a": 1}, 3j, object(),
]  # fmt: skip


@pytest.mark.parametrize("value", NUMBERS, ids=repr)
def test_a_number_is_one_of_python_or_the_text_of_one(value):
    assert (finite("scale", value), whole("priority", value, 0, 9999)) == (30, 30)


@pytest.mark.parametrize("value", NO_NUMBERS, ids=lambda value: type(value).__name__)
def test_what_only_looks_like_a_number_is_refused(value):
    assert number(value) is None
    with pytest.raises(InvalidArgument, match=r"^scale: "):
        finite("scale", value)
    with pytest.raises(InvalidArgument, match=r"^priority: "):
        whole("priority", value, 0, 9999)


@pytest.mark.parametrize("kind", ["float16", "float32", "float64", "int8", "int64", "uint8"])
def test_a_number_may_be_one_of_numpy(kind):
    numpy = pytest.importorskip("numpy")

    for value in (numpy.dtype(kind).type(30), numpy.array(30, kind)):
        assert type(finite("scale", value)) is int
        assert whole("priority", value, 0, 9999) == 30


def test_a_truth_value_of_numpy_is_no_number_but_a_truth_value():
    numpy = pytest.importorskip("numpy")

    assert number(numpy.bool_(True)) is None
    assert flag("overwrite", numpy.bool_(True)) is True


def test_whole_numbers_of_64_bits_keep_all_their_digits():
    assert whole("max_pixels", str(2**63 - 1), 1, 2**63 - 1) == 2**63 - 1
    with pytest.raises(InvalidArgument):
        whole("max_pixels", str(2**63), 1, 2**63 - 1)


def test_arrays_are_lists_and_sets_texts_and_dicts_are_not():
    numpy = pytest.importorskip("numpy")

    assert items(numpy.array([[1, 2], [3, 4]])) == [[1, 2], [3, 4]]
    assert items((1, 2)) == [1, 2]
    for value in ("12", b"12", bytearray(b"12"), {1, 2}, {1: 2}, {1: 2}.keys(), 12, None, numpy.array(1)):
        assert items(value) is None


@pytest.mark.parametrize("value", ["", "a\x00b", "a\nb", "\x7f", "\ud800", 5, b"a"], ids=repr)
def test_a_text_has_no_control_codes_nor_half_characters(value):
    with pytest.raises(InvalidArgument, match=r"^description: "):
        text("description", value)
    with pytest.raises(InvalidArgument, match=r"^selectors: "):
        texts("selectors", [value])


@pytest.mark.parametrize("value", ["perhaps", "", 1, 0, b"true", [True], {}], ids=repr)
def test_a_truth_value_is_true_or_false_or_the_text_of_one(value):
    with pytest.raises(InvalidArgument, match=r"^overwrite: .* is neither true nor false"):
        flag("overwrite", value)


class Unprintable:
    """An object whose text cannot be made."""

    def __repr__(self):
        raise RuntimeError("no text")


@pytest.mark.parametrize(
    "value", [pytest.param(10**5000, id="5,000 digits"), pytest.param(Unprintable(), id="no text")]
)
def test_what_cannot_be_shown_is_refused_all_the_same(value):
    for check in (lambda: finite("scale", value), lambda: text("description", value), lambda: flag("append", value)):
        with pytest.raises(InvalidArgument):
            check()
