"""The language of Image.expression: tokens, precedence climbing, and images as values.

Grammar, loosest first: `name = ...`, `a ? b : c`, `||`, `&&`, `== !=`, `< <= > >=`, `+ -`, `* / %`, unary `- + !`,
`**`, then numbers, variables, `b('band')`, `b(0)`, `b()`, `image.band`, `image[0]`, `image['band']` and calls.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from airflow_provider_ee.emulator.compute.errors import ComputeError, NotComputed
from airflow_provider_ee.emulator.compute.functions.arithmetic import BINARY, CASTS, UNARY, binary, to_type, unary
from airflow_provider_ee.emulator.compute.functions.bands import constant, rename, select
from airflow_provider_ee.emulator.compute.functions.masks import choose
from airflow_provider_ee.emulator.compute.images import Band, Image

__all__ = ["Formula", "parse_expression"]

_TOKEN = re.compile(
    r"\s*(?:(?P<number>\d+\.?\d*(?:[eE][-+]?\d+)?|\.\d+(?:[eE][-+]?\d+)?)|(?P<name>[A-Za-z_]\w*)"
    r"|(?P<text>'[^']*'|\"[^\"]*\")|(?P<sign>\*\*|\|\||&&|[=!<>]=|[-+*/%<>!?:(),.=\[\]]))",
    re.ASCII,
)

#: Loosest first; each sign with the function that it stands for.
_LEVELS: tuple[Mapping[str, str], ...] = (
    {"||": "or"},
    {"&&": "and"},
    {"==": "eq", "!=": "neq"},
    {"<": "lt", "<=": "lte", ">": "gt", ">=": "gte"},
    {"+": "add", "-": "subtract"},
    {"*": "multiply", "/": "divide", "%": "mod"},
)


@dataclass(frozen=True)
class Formula:
    """A parsed expression: call it with the images of its variables."""

    text: str
    default: str
    variables: tuple[str, ...]

    def __call__(self, arguments: Mapping[str, Any]) -> Image:
        """Compute the expression of these images."""
        return _Reader(self, arguments).read()

    @property
    def parameters(self) -> tuple[str, ...]:
        """The names of the arguments."""
        return self.variables


def parse_expression(text: str, default: str, variables: list[str], free: bool) -> Formula:
    """Return the expression as a function of its variables."""
    if free:
        raise NotComputed("mapFreeVarsToDefaultImageBands is not computed by the emulator; use b().")
    return Formula(text, default, tuple(variables))


def _tokens(text: str) -> list[tuple[str, str]]:
    tokens, position = [], 0
    stripped = text.rstrip()
    while position < len(stripped):
        match = _TOKEN.match(stripped, position)
        if match is None or match.lastgroup is None:
            raise ComputeError(f"Invalid expression: unexpected '{stripped[position:][:20].strip()}' at {position}.")
        tokens.append((match.lastgroup, match[match.lastgroup]))
        position = match.end()
    return [*tokens, ("end", "")]


class _Reader:
    """One pass over the tokens, computing as it reads."""

    def __init__(self, formula: Formula, arguments: Mapping[str, Any]) -> None:
        self._formula = formula
        self._arguments = arguments
        self._tokens = _tokens(formula.text)
        self._at = 0

    def read(self) -> Image:
        name = None
        if self._tokens[0][0] == "name" and self._tokens[1] == ("sign", "="):
            name = self._tokens[0][1]
            self._at = 2
        result = self._choice()
        if self._tokens[self._at][0] != "end":
            raise ComputeError(f"Invalid expression: unexpected '{self._tokens[self._at][1]}'.")
        return result if name is None else rename(result, [name])

    def _take(self, *signs: str) -> str | None:
        kind, text = self._tokens[self._at]
        if kind == "sign" and text in signs:
            self._at += 1
            return text
        return None

    def _need(self, sign: str) -> None:
        if self._take(sign) is None:
            found = self._tokens[self._at][1] or "the end"
            raise ComputeError(f"Invalid expression: expected '{sign}' but found '{found}'.")

    def _choice(self) -> Image:
        test = self._operation(0)
        if self._take("?") is None:
            return test
        first = self._choice()
        self._need(":")
        second = self._choice()
        for image in (test, first, second):
            if len(image.bands) != 1:
                raise ComputeError("Invalid expression: a choice with '?' needs images of one band.")
        bounded = next((image for image in (test, first, second) if image.footprint is not None), test)
        rasters = (image.bands[0].raster for image in (test, first, second))
        return replace(bounded, bands=(Band(first.bands[0].id, choose(*rasters)),))

    def _operation(self, level: int) -> Image:
        if level == len(_LEVELS):
            return self._signed()
        left = self._operation(level + 1)
        while (sign := self._take(*_LEVELS[level])) is not None:
            left = binary(_LEVELS[level][sign])(left, self._operation(level + 1))
        return left

    def _signed(self) -> Image:
        sign = self._take("-", "+", "!")
        if sign is None:
            return self._power()
        operand = self._signed()
        if sign == "-":
            return binary("multiply")(operand, constant(-1))
        return unary("not")(operand) if sign == "!" else operand

    def _power(self) -> Image:
        base = self._indexed()
        return base if self._take("**") is None else binary("pow")(base, self._signed())

    def _indexed(self) -> Image:
        image = self._atom()
        while (sign := self._take("[", ".")) is not None:
            if sign == "[":
                image = select(image, self._selectors("]"), None)
            else:
                kind, name = self._next()
                if kind != "name":
                    raise ComputeError("Invalid expression: a band name is needed after '.'.")
                image = select(image, [name], None)
        return image

    def _next(self) -> tuple[str, str]:
        token = self._tokens[self._at]
        self._at = min(self._at + 1, len(self._tokens) - 1)
        return token

    def _atom(self) -> Image:
        if self._take("(") is not None:
            inner = self._choice()
            self._need(")")
            return inner
        kind, text = self._next()
        if kind == "number":
            return constant(float(text) if any(mark in text for mark in ".eE") else int(text))
        if kind != "name":
            raise ComputeError(f"Invalid expression: unexpected '{text or 'end'}'.")
        if self._take("(") is not None:
            return self._call(text)
        return self._variable(text)

    def _variable(self, name: str) -> Image:
        value = self._arguments.get(name)
        if isinstance(value, Image):
            return value
        raise ComputeError(f"Invalid expression: no image was given for '{name}'.")

    def _call(self, name: str) -> Image:
        if name == "b":
            image = self._variable(self._formula.default)
            if self._take(")") is not None:
                return image
            return select(image, self._selectors(")"), None)
        arguments = [self._choice()]
        while self._take(",") is not None:
            arguments.append(self._choice())
        self._need(")")
        function = _FUNCTIONS.get((name, len(arguments)))
        if function is None:
            raise ComputeError(f"Invalid expression: there is no function {name}() of {len(arguments)} arguments.")
        return function(*arguments)

    def _selectors(self, closing: str) -> list[Any]:
        selectors: list[Any] = []
        while True:
            kind, text = self._next()
            if kind not in ("number", "text"):
                raise ComputeError("Invalid expression: bands are chosen by a number or a quoted name.")
            selectors.append(text[1:-1] if kind == "text" else float(text))
            if self._take(",") is None:
                self._need(closing)
                return selectors


_FUNCTIONS: dict[tuple[str, int], Callable[..., Image]] = {
    **{(name, 2): binary(name) for name in BINARY},
    **{(name, 1): unary(name) for name in UNARY},
    **{(name, 1): to_type(name) for name in CASTS},
}
