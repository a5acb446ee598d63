"""Write the signatures and the `Args:` of classes that users write, from the table in `arguments`; and a stub.

python -m tools.spell_out           # write
python -m tools.spell_out --check   # fail if something would be written
"""

from __future__ import annotations

import ast
import subprocess
import sys
import textwrap
from pathlib import Path

from tools import stubs
from tools.arguments import CLASSES, Argument

ROOT = Path(__file__).parent.parent
_WIDTH = 120


def main() -> int:
    """Write what is stale, or complain of it."""
    stale = {path: text for path, text in texts().items() if not path.exists() or path.read_text() != text}
    if "--check" in sys.argv:
        for path in stale:
            sys.stderr.write(f"{path.relative_to(ROOT)} is stale: run `make signatures`.\n")
        return bool(stale)
    for path, text in stale.items():
        path.write_text(text)
    if stale:  # the stub is made of the classes, which have been imported as they were
        return subprocess.run([sys.executable, "-m", "tools.spell_out"], cwd=ROOT, check=False).returncode
    return 0


def texts() -> dict[Path, str]:
    """Return what the files have to hold."""
    package = ROOT / "airflow_provider_ee"
    written = {package / file: spelled_out((package / file).read_text(), classes) for file, classes in CLASSES.items()}
    return {**written, package / "decorators" / "__init__.pyi": stubs.text()}


def spelled_out(source: str, classes: dict[str, list[Argument]]) -> str:
    """Return the source of a module with the arguments of its classes in their signatures and docstrings."""
    lines = source.splitlines()
    found = {node.name: node for node in ast.parse(source).body if isinstance(node, ast.ClassDef)}
    if missing := classes.keys() - found.keys():
        raise LookupError(f"There are no classes {missing}")
    for name in sorted(classes, key=lambda name: -found[name].lineno):  # from the end, so that line numbers stay
        node, arguments = found[name], classes[name]
        [init] = [one for one in node.body if isinstance(one, ast.FunctionDef) and one.name == "__init__"]
        lines[init.lineno - 1 : init.body[0].lineno - 1] = signature(arguments)
        docstring = node.body[0]
        lines[docstring.lineno - 1 : docstring.end_lineno] = _docstring(
            lines[docstring.lineno - 1 : docstring.end_lineno], arguments
        )
    return "\n".join(lines) + "\n"


def signature(arguments: list[Argument], indent: str = "    ") -> list[str]:
    """Return the lines of a constructor's signature."""
    inner = [f"{indent}    {argument.name}: {argument.type}{_default(argument)}," for argument in arguments]
    return [
        f"{indent}def __init__(",
        f"{indent}    self,",
        f"{indent}    *,",
        *inner,
        f"{indent}    **kwargs: Unpack[OperatorArguments],",
        f"{indent}) -> None:",
    ]


def described(arguments: list[Argument], indent: str = "    ") -> list[str]:
    """Return the lines of the `Args:` of a docstring."""
    lines = [f"{indent}Args:"]
    for argument in arguments:
        lines += textwrap.wrap(
            f"{argument.name}: {argument.doc}",
            _WIDTH,
            initial_indent=f"{indent}    ",
            subsequent_indent=f"{indent}        ",
            break_long_words=False,
            break_on_hyphens=False,
        )
    return [*lines, f"{indent}    **kwargs: What every operator of Airflow takes, such as `task_id` and `retries`."]


def _docstring(lines: list[str], arguments: list[Argument]) -> list[str]:
    if len(lines) == 1:
        return [lines[0].removesuffix('"""'), "", *described(arguments), '    """']
    begin = lines.index("    Args:") if "    Args:" in lines else len(lines) - 1
    end = next(
        (number for number in range(begin + 1, len(lines)) if lines[number][:5].strip()),
        len(lines) - 1,
    )
    before = lines[:begin]
    while before and not before[-1].strip():
        before.pop()
    after = lines[end:] if lines[begin] == "    Args:" else lines[begin:]
    gap = [""] if after[0].strip() != '"""' else []
    return [*before, "", *described(arguments), *gap, *after]


def _default(argument: Argument) -> str:
    return f" = {argument.default}" if argument.default is not None else ""


if __name__ == "__main__":
    sys.exit(main())
