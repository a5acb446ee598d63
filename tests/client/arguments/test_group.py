"""Arguments of a call as a class: written once, checked one by one, seen in the signature."""

import inspect

import pytest

from airflow_provider_ee.client.arguments.group import Arguments, argument, name_first
from airflow_provider_ee.client.arguments.names import workload_tag
from airflow_provider_ee.client.arguments.scalars import finite, flag
from airflow_provider_ee.client.errors import InvalidArgument


class Scaled(Arguments):
    scale: float | None = argument(finite, above=0, default=30)
    tag: str | None = argument(name_first(workload_tag), default=None)


class Picture(Scaled):
    image: object
    size: float = argument(finite)
    smooth: bool = argument(flag, default=False)


def test_a_class_takes_the_arguments_of_its_bases_the_needed_ones_first():
    assert str(inspect.signature(Picture)).replace("'", "") == (
        "(*, image: object, size: float, smooth: bool = False, scale: float | None = 30, tag: str | None = None)"
    )
    assert Picture.needed == {"image": True, "size": True, "smooth": False, "scale": False, "tag": False}


def test_values_are_brought_to_the_form_of_the_api_when_an_instance_is_made():
    made = Picture(image="any", size="7", smooth="True")

    assert (made.image, made.size, made.smooth, made.scale, made.tag) == ("any", 7, True, 30, None)


def test_none_is_as_good_as_no_value():
    assert Picture(image=1, size=1, scale=None, smooth=None).scale == 30


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        ({"scale": 0}, "scale: 0 is out of bounds. Allowed: a finite number above 0."),
        ({"size": None}, "size: None is out of bounds"),
        ({"smooth": "perhaps"}, "smooth: 'perhaps' is neither true nor false"),
        ({"tag": "No"}, "tag: 'No' is not a valid workload tag"),
    ],
)
def test_a_wrong_value_is_refused_by_the_name_of_its_argument(arguments, problem):
    with pytest.raises(InvalidArgument) as caught:
        Picture(**{"image": 1, "size": 1, **arguments})
    assert str(caught.value).startswith(problem)


def test_an_argument_is_checked_by_itself_before_the_others_are_known():
    assert Picture.check("scale", "2.5") == 2.5
    with pytest.raises(InvalidArgument, match=r"^scale: -1 "):
        Picture.check("scale", -1)


def test_a_name_that_no_argument_has_is_answered_with_one_that_is_alike():
    with pytest.raises(
        InvalidArgument, match=r"^scael: there is no such argument; did you mean scale\?\. Allowed: image"
    ):
        Picture.check("scael", 1)


def test_an_argument_that_is_missing_or_unknown_is_pythons_own_error():
    with pytest.raises(TypeError, match="image"):
        Picture(size=1)
    with pytest.raises(TypeError, match="regoin"):
        Picture(image=1, size=1, regoin=[])
