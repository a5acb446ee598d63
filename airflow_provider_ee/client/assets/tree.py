"""Change the tree of assets, as flows: create, copy, move, delete.

Creating, copying and moving have no request id by which Earth Engine would know a request again. So when the answer
to one of them is lost, the flow looks whether it was done, and sends it again only if it was not.
https://developers.google.com/earth-engine/reference/rest/v1/projects.assets
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from airflow_provider_ee.client.assets.listing import CONTAINERS, Asset, find_asset, list_assets
from airflow_provider_ee.client.errors import AlreadyExists, InvalidRequest, NotFound, Transient
from airflow_provider_ee.client.rest import methods
from airflow_provider_ee.client.rest.flows import Flow, Pause
from airflow_provider_ee.client.rest.request import Request

__all__ = ["copy_asset", "create_asset", "delete_asset", "move_asset", "once"]

_LOG = logging.getLogger(__name__)

#: How many seconds to wait, each time that an answer was lost, before the next look and the next attempt.
_PAUSES = (2.0, 10.0, 30.0)
_LONGEST_PAUSE = 60.0


def create_asset(
    name: str,
    kind: str,
    fields: Mapping[str, Any] | None = None,
    *,
    parents: bool = False,
    if_exists: str = "fail",
) -> Flow[Asset]:
    """Create a folder or an image collection, and return it.

    Args:
        name: `projects/my-project/assets/path`.
        kind: `FOLDER` or `IMAGE_COLLECTION`.
        fields: The times and properties of a collection; a folder takes none.
        parents: Whether the folders above it are created as well.
        if_exists: `ignore` to be content with one of the same kind that is there already, or `fail`.

    Raises:
        AlreadyExists: It is there already.
    """
    present = yield from find_asset(name)
    if present is not None:
        return _kept(present, kind, if_exists)
    missing: list[str] = []
    for folder in _above(name) if parents else ():
        if (yield from find_asset(folder)) is not None:
            break
        missing.append(folder)
    for folder in reversed(missing):
        yield from _made(folder, "FOLDER", {}, "ignore")  # others may be creating the same folders just now
    return (yield from _made(name, kind, fields or {}, if_exists))


def copy_asset(source: str, destination: str, *, if_exists: str = "fail") -> Flow[Asset]:
    """Copy an asset and return the copy.

    Args:
        source: What to copy.
        destination: The name of the copy.
        if_exists: What becomes of an asset of this name: `fail`, `ignore` to leave it as it is, or `overwrite`.

    Raises:
        AlreadyExists: The destination is there already.
    """
    before = yield from find_asset(destination)
    if before is not None and if_exists != "overwrite":
        return _kept(before, None, if_exists)

    def copied() -> Flow[Asset | None]:
        now = yield from find_asset(destination)
        return None if now is None or _same_version(now, before) else now

    overwrite = {"overwrite": True} if if_exists == "overwrite" else {}
    body = {"destinationName": destination, **overwrite}
    return (yield from once(methods.assets_copy(source, body=body), copied))


def move_asset(source: str, destination: str, *, if_exists: str = "fail") -> Flow[Asset]:
    """Move an asset, with all that is in it, and return it.

    Args:
        source: What to move.
        destination: Its new name.
        if_exists: What becomes of an asset of this name: `fail`, or `ignore` to leave it and the source as they are.

    Raises:
        AlreadyExists: The destination is there already.
    """
    before = yield from find_asset(destination)
    if before is not None:
        return _kept(before, None, if_exists)

    def moved() -> Flow[Asset | None]:
        now = yield from find_asset(destination)
        return None if now is None or (yield from find_asset(source)) is not None else now

    return (yield from once(methods.assets_move(source, body={"destinationName": destination}), moved))


def delete_asset(
    name: str,
    *,
    recursive: bool = False,
    dry_run: bool = False,
    ignore_missing: bool = False,
    tell: Callable[[str], object] = _LOG.info,
) -> Flow[list[str]]:
    """Delete an asset, what is in it first, and return the names of all that is gone.

    Args:
        name: The asset.
        recursive: Whether a folder or collection that is not empty is deleted too.
        dry_run: Whether to delete nothing, and return what would be.
        ignore_missing: Whether an asset that does not exist is no error.
        tell: Told a line for each.

    Raises:
        NotFound: The asset does not exist.
        InvalidRequest: It is not empty, and is not to be deleted with all that is in it.
    """
    try:
        asset = yield methods.assets_get(name)
    except NotFound:
        if ignore_missing:
            return []
        raise
    inside: list[Asset] = []
    if asset.get("type") in CONTAINERS:
        inside = yield from list_assets(name, recursive=recursive, names_only=True, limit=None if recursive else 1)
    if inside and not recursive:
        raise InvalidRequest("It is not empty.", name=name, hint="Say recursive=True to delete what is in it too.")
    doomed = [*(child["name"] for child in reversed(inside)), name]
    for one in doomed:
        tell(f"{'Would delete' if dry_run else 'Deleting'} {one}.")
        if not dry_run:
            yield from _gone(one)
    return doomed


def _gone(name: str) -> Flow[None]:
    try:
        yield methods.assets_delete(name)
    except NotFound:
        _LOG.debug("%s was gone already: a request that is repeated finds nothing left.", name)


def _above(name: str) -> Iterator[str]:
    """The folders that an asset is in, from the innermost up; the top of the tree is always there."""
    while (name := name.rpartition("/")[0]).count("/") > 2:
        yield name


def _made(name: str, kind: str, fields: Mapping[str, Any], if_exists: str) -> Flow[Asset]:
    project, _, path = name.partition("/assets/")
    request = methods.assets_create(project, assetId=path, body={"type": kind, **fields})
    try:
        return (yield from once(request, lambda: find_asset(name)))
    except (AlreadyExists, InvalidRequest):
        # Somebody else was faster; which error says so is not documented. Looking tells.
        if if_exists == "ignore" and (present := (yield from find_asset(name))):
            return _kept(present, kind, if_exists)
        raise


def _kept(present: Asset, kind: str | None, if_exists: str) -> Asset:
    """Return what is there already if the caller is content with it."""
    name, found = present.get("name"), present.get("type")
    if kind is not None and found != kind:
        raise AlreadyExists(f"There is an asset of this name already, of type {found} instead of {kind}.", name=name)
    if if_exists != "ignore":
        raise AlreadyExists(
            "There is an asset of this name already.", name=name, hint="Say if_exists='ignore' to be content with it."
        )
    return present


def once(
    request: Request,
    done: Callable[[], Flow[Asset | None]],
    pauses: Sequence[float] = _PAUSES,
    lost: Transient | None = None,
) -> Flow[Asset]:
    """Send a request whose work must not be done twice, until it is known to be done.

    Args:
        request: The request.
        done: Looks whether the work is done, and returns what it made.
        pauses: Seconds to wait before a second look, for each attempt.
        lost: How the answer to an earlier attempt was lost.
    """
    try:
        return dict((yield request))
    except Transient as error:
        lost = error
    except (AlreadyExists, InvalidRequest, NotFound):
        # An earlier attempt may have arrived after all, and be what is in the way.
        if lost is None or (found := (yield from done())) is None:
            raise
        return found
    for seconds in (0.0, max(pauses[0], min(lost.retry_after or 0.0, _LONGEST_PAUSE))):
        yield Pause(seconds)
        if (found := (yield from done())) is not None:
            _LOG.info("The work is done, though its answer was lost: %s", lost)
            return found
    if len(pauses) == 1:
        raise lost
    return (yield from once(request, done, pauses[1:], lost))


def _same_version(now: Asset, before: Asset | None) -> bool:
    return before is not None and now.get("updateTime") == before.get("updateTime")
