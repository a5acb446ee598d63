"""The modules of the package, found by walking its folder, so that no test has to list them."""

from pathlib import Path

import airflow_provider_ee

__all__ = ["modules", "modules_of_dag_files"]

_FOLDER = Path(airflow_provider_ee.__file__).parent

#: What DAG files never import, or only in functions: they pay for it when a task runs, not whenever they are parsed.
_REACHED_LATER = frozenset({"client", "emulator", "hooks", "testing"})


def modules() -> list[str]:
    """Return the dotted names of all modules and packages."""
    return sorted(".".join([_FOLDER.name, *_path(file)]) for file in _FOLDER.rglob("*.py"))


def modules_of_dag_files() -> list[str]:
    """Return those that a DAG file may import: operators, sensors, triggers and all that stands beside them."""
    return [name for name in modules() if _room(name) not in _REACHED_LATER | {"provider_info"}]


def _path(file: Path) -> tuple[str, ...]:
    inside = file.relative_to(_FOLDER).with_suffix("").parts
    return inside[:-1] if inside[-1] == "__init__" else inside


def _room(name: str) -> str:
    return name.partition(".")[2].partition(".")[0]
