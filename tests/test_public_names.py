import importlib
import inspect

import pytest

from tests.package import modules


def defined_in(module):
    """Return the names of the classes and functions that a module makes and shows."""
    return {
        name
        for name, thing in vars(module).items()
        if (inspect.isclass(thing) or inspect.isfunction(thing))
        and thing.__module__ == module.__name__
        and not name.startswith("_")
    }


@pytest.mark.parametrize("name", modules())
def test_what_a_module_makes_for_others_is_in_its_all(name):
    module = importlib.import_module(name)

    assert defined_in(module) - set(getattr(module, "__all__", ())) == set()


@pytest.mark.parametrize("name", modules())
def test_what_a_module_promises_in_its_all_is_there(name):
    module = importlib.import_module(name)

    assert [promised for promised in getattr(module, "__all__", ()) if not hasattr(module, promised)] == []
