"""Assets by name and by the folder or collection that they are in."""

from collections import defaultdict
from collections.abc import Iterable, Iterator

from airflow_provider_ee.emulator.state.asset import Asset, parent_of

__all__ = ["AssetTree"]


class AssetTree:
    """A tree of assets, in which a folder of a hundred thousand is listed as fast as a small one.

    Args:
        assets: What is in it at the start.
    """

    def __init__(self, assets: Iterable[Asset] = ()) -> None:
        self._assets: dict[str, Asset] = {}
        self._in: defaultdict[str, set[str]] = defaultdict(set)
        self._sorted: dict[str, list[Asset]] = {}
        for asset in assets:
            self.put(asset)

    def __iter__(self) -> Iterator[str]:
        """Give the names, the oldest first."""
        return iter(self._assets)

    def get(self, name: str) -> Asset | None:
        """Return an asset, if it is there."""
        return self._assets.get(name)

    def put(self, asset: Asset) -> None:
        """Add an asset, in the place of one of its name."""
        parent = parent_of(asset.name)
        self._assets[asset.name] = asset
        self._in[parent].add(asset.name)
        self._sorted.pop(parent, None)

    def remove(self, name: str) -> Asset:
        """Take an asset out."""
        parent = parent_of(name)
        self._in[parent].discard(name)
        self._sorted.pop(parent, None)
        return self._assets.pop(name)

    def children(self, parent: str) -> list[Asset]:
        """Return what is directly in a folder or collection, by name."""
        if parent not in self._sorted:
            self._sorted[parent] = [self._assets[name] for name in sorted(self._in.get(parent, ()))]
        return self._sorted[parent]

    def any_of(self, project: str) -> bool:
        """Return whether a project has assets."""
        return bool(self._in.get(f"projects/{project}/assets"))

    def clear(self) -> None:
        """Take everything out."""
        for kept in (self._assets, self._in, self._sorted):
            kept.clear()
