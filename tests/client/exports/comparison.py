"""The official client's requests and ours, side by side: `python -m tests.client.exports.comparison` prints them."""

import copy
import re
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from airflow_provider_ee.client import exports
from airflow_provider_ee.client.errors import InvalidArgument
from tests.client.exports.bodies import normal, touched
from tests.client.exports.cases import NEEDED, Case, cases
from tests.client.exports.official import DESCRIPTION, sent, thing

OURS: dict[str, type[exports.Export]] = {
    f"{what}.to{''.join(word.title() for word in where.split('_'))}": export
    for kind, export in exports.EXPORTS.items()
    for what, where in [kind.split("_to_")]
}
MESSAGES = {
    "image": "ExportImageRequest",
    "map": "ExportMapRequest",
    "table": "ExportTableRequest",
    "video": "ExportVideoRequest",
    "classifier": "ExportClassifierRequest",
}

#: Older spellings of the official client, and the one word that we have.
WORDS = {
    "driveFileNamePrefix": "file_name_prefix",
    "driveFolder": "folder",
    "endZoom": "max_zoom",
    "outputBucket": "bucket",
    "outputPrefix": "file_name_prefix",
    "skipEmpty": "skip_empty_tiles",
    "startZoom": "min_zoom",
    "tileSize": "shard_size",
}
#: Arguments that hold others.
OPENED = ("ingestionTimeParameters", "kwargs")


def snake(name: str) -> str:
    """Return a word of the official client as we write it."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower()


def destination_of(method: str, theirs: Mapping[str, Any]) -> str:
    """Return where an old form without a destination goes."""
    if "." in method:
        return method
    if method == "classifier":
        return "classifier.toAsset"
    return f"{method}.toCloudStorage" if "outputBucket" in theirs else f"{method}.toDrive"


def our_words(method: str, theirs: Mapping[str, Any]) -> dict[str, Any]:
    """Return the arguments of the official client in our words."""
    words: dict[str, Any] = {}
    for name, value in theirs.items():
        prefix = re.match(r"(tiff|tfrecord)(?=[A-Z])", name)
        if name in OPENED:
            words |= our_words(method, value)
        elif prefix:
            option = name[prefix.end() :]
            words.setdefault("format_options", {})[option[0].lower() + option[1:]] = value
        else:
            word = WORDS.get(name) or snake(name)
            words["path" if method.startswith("map.") and word == "file_name_prefix" else word] = value
    return words


def arguments(ee: Any, case: Case) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return what the official client is called with, and what we are."""
    theirs = {**NEEDED[case.method], **case.theirs}
    ours = {**our_words(case.method, theirs), **case.ours}
    return made(ee, theirs), made(ee, ours)


def made(ee: Any, values: Mapping[str, Any]) -> dict[str, Any]:
    """Make what only `ee` can make, and leave out what is not given."""
    given = {name: value(ee) if callable(value) else value for name, value in values.items() if value is not None}
    return {name: copy.deepcopy(value) if isinstance(value, dict) else value for name, value in given.items()}


def official(ee: Any, case: Case) -> dict[str, Any]:
    """Return the body that the official client sends."""
    theirs, _ = arguments(ee, case)
    return sent(ee, case.method, theirs)


def our_own(ee: Any, case: Case) -> dict[str, Any]:
    """Return the body that we send."""
    _, ours = arguments(ee, case)
    what = case.method.partition(".")[0]
    word = {"table": "collection", "video": "collection", "map": "image"}.get(what, what)
    build = OURS[destination_of(case.method, case.theirs)]
    return build(**{word: thing(ee, case.method), "description": DESCRIPTION, **ours}).body()


def covered(method: str = "") -> set[str]:
    """Return the names that the cases use, of arguments and inside of them; of one method or of all."""
    names: set[str] = set()
    for case in cases():
        if method in ("", case.method):
            given = {**NEEDED[case.method], **case.theirs}
            names |= set(given)
            names |= {key for value in given.values() if isinstance(value, dict) for key in value}
    return names


def verdict(ee: Any, case: Case) -> str:
    """Say how the two requests compare."""
    theirs = official(ee, case)
    try:
        ours = our_own(ee, case)
    except InvalidArgument as error:
        return f"refused: {case.why} ({error})" if case.refused else f"WRONG: {error}"
    if case.refused:
        return "WRONG: not refused"
    if normal(theirs) == normal(ours):
        return "same" if not case.why else "WRONG: there is no difference any more"
    if case.why and normal(theirs, case.apart_from) == normal(ours, case.apart_from):
        return f"different: {case.why}"
    return "WRONG: different"


def rows(ee: Any) -> Iterator[tuple[str, str, str, str, str]]:
    """Yield method, arguments, our words, fields of the request, and how they compare."""
    bases = {method: normal(our_own(ee, Case(method))) for method in NEEDED}
    for case in cases():
        words = {**our_words(case.method, case.theirs), **case.ours}
        judged = verdict(ee, case)
        fields = "" if case.refused else ", ".join(touched(normal(our_own(ee, case)), bases[case.method]))
        yield case.method, shown(case.theirs), shown(words, values=False), fields, judged


def shown(given: Mapping[str, Any], *, values: bool = True) -> str:
    """Return arguments as they are written in a call."""
    if not values:
        return ", ".join(given)
    texts = {name: value.__name__ if callable(value) else repr(value) for name, value in given.items()}
    return ", ".join(f"{name}={text}" for name, text in texts.items()) or "(what it needs)"


def main() -> None:
    """Print the table."""
    import ee
    from google.oauth2.credentials import Credentials

    from airflow_provider_ee.emulator.server import Emulator

    with tempfile.TemporaryDirectory() as root, Emulator(Path(root)) as emulator:
        ee.Initialize(credentials=Credentials("token"), url=emulator.url, project="my-project")
        sys.stdout.write("| ee.batch.Export. | called with | our words | fields of the request | compared |\n")
        sys.stdout.write("| --- | --- | --- | --- | --- |\n")
        for row in rows(ee):
            sys.stdout.write(f"| {' | '.join(cell.replace('|', '/') for cell in row)} |\n")


if __name__ == "__main__":
    main()
