"""Arguments of one call as a class: each is written once, with its name, type, default and check.

    class OnGrid(Arguments):
        scale: Number | None = argument(positive, default=None)

A subclass takes the arguments of all its bases by keyword. Editors, type checkers, `help` and `inspect.signature` see
every one of them in the signature of the class.
"""

from __future__ import annotations

import dataclasses
import difflib
import inspect
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, ClassVar, TypeVar, dataclass_transform

from airflow_provider_ee.client.errors import InvalidArgument

__all__ = ["Arguments", "argument", "name_first"]

T = TypeVar("T")


def argument(check: Callable[..., Any], *details: Any, default: Any = dataclasses.MISSING, **named: Any) -> Any:
    """Declare an argument of a group.

    Args:
        check: Called with the argument's name, its value and the details; returns the value in the form of the API.
        details: What else it is called with.
        default: The value if none is given, or None is; it is checked too, unless it is None itself.
        named: What else it is called with by name.
    """
    return dataclasses.field(default=default, metadata={"check": lambda *both: check(*both, *details, **named)})


def name_first(check: Callable[[object, str], T]) -> Callable[[str, object], T]:
    """Turn a check of a value, which may be told its name, into one that is told the name first."""
    return lambda name, value: check(value, name)


@dataclass_transform(kw_only_default=True, field_specifiers=(argument,))
class Arguments:
    """Arguments of a call, checked one by one when an instance is made.

    What has no check of its own, such as an image, is read when it is needed.

    Raises:
        InvalidArgument: A value is wrong.
    """

    #: The names of all arguments, and whether each must be given.
    needed: ClassVar[Mapping[str, bool]] = MappingProxyType({})
    #: The checks of those that are checked when an instance is made; the others are read when they are needed.
    checked: ClassVar[Mapping[str, Callable[[str, Any], Any]]] = MappingProxyType({})
    _defaults: ClassVar[Mapping[str, Any]] = MappingProxyType({})

    def __init_subclass__(cls, **kwargs: Any) -> None:
        """Collect the arguments of a class and its bases."""
        super().__init_subclass__(**kwargs)
        dataclasses.dataclass(kw_only=True, eq=False, repr=False)(cls)
        fields = _in_order(cls)
        cls.__init__.__signature__ = _signature(fields)  # type: ignore[attr-defined]  # inspect and help read it
        cls.needed = MappingProxyType({field.name: field.default is dataclasses.MISSING for field in fields})
        cls.checked = {field.name: field.metadata["check"] for field in fields if "check" in field.metadata}
        cls._defaults = {field.name: field.default for field in fields if not cls.needed[field.name]}

    def __post_init__(self) -> None:
        """Check what was given."""
        for name in self.needed:
            setattr(self, name, self.check(name, getattr(self, name)))

    @classmethod
    def check(cls, name: str, value: Any) -> Any:
        """Check one argument by itself, and return it in the form of the API.

        Raises:
            InvalidArgument: It is wrong, or there is no argument of this name.
        """
        if name not in cls.needed:
            alike = difflib.get_close_matches(str(name), cls.needed, n=1)
            question = f"; did you mean {alike[0]}?" if alike else ""
            raise InvalidArgument(str(name), f"there is no such argument{question}", ", ".join(cls.needed))
        if value is None and not cls.needed[name]:
            value = cls._defaults[name]
            if value is None:
                return None
        if name not in cls.checked:
            return value
        found = cls.checked[name](name, value)
        if found is None:
            raise InvalidArgument(name, "it is missing", "a value")
        return found


def _in_order(cls: type) -> list[dataclasses.Field[Any]]:
    """Return the arguments of a class: those that must be given first, then its own, then those of its bases."""
    places: dict[str, int] = {}
    for place, base in enumerate(cls.__mro__):
        for name in inspect.get_annotations(base):
            places.setdefault(name, place)
    return sorted(
        dataclasses.fields(cls), key=lambda field: (field.default is not dataclasses.MISSING, places[field.name])
    )


def _signature(fields: list[dataclasses.Field[Any]]) -> inspect.Signature:
    """Return the signature of a constructor that takes so many arguments, in this order."""
    parameters = [inspect.Parameter("self", inspect.Parameter.POSITIONAL_OR_KEYWORD)]
    for field in fields:
        default = inspect.Parameter.empty if field.default is dataclasses.MISSING else field.default
        kind = inspect.Parameter.KEYWORD_ONLY
        parameters.append(inspect.Parameter(field.name, kind, default=default, annotation=field.type))
    return inspect.Signature(parameters)
