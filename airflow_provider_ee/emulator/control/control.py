"""The other side of the emulator: what tests set, arm, seed and read. Python here, HTTP in `control_api`."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from airflow_provider_ee.emulator.envelope import CODES
from airflow_provider_ee.emulator.state.asset import Asset
from airflow_provider_ee.emulator.state.faults import Armed, Fault
from airflow_provider_ee.emulator.state.identities import Identity
from airflow_provider_ee.emulator.state.operation import Operation, Outcome, Submission
from airflow_provider_ee.emulator.state.settings import Settings
from airflow_provider_ee.emulator.state.world import World
from airflow_provider_ee.emulator.storage.own_data import load_catalogue, put_collection, put_image, put_table

__all__ = ["Control"]


class Control:
    """Steers an emulator, from any thread.

    Args:
        world: What is steered.
        catalogue: A folder of a user's own data, which are there from the start.
    """

    def __init__(self, world: World, catalogue: Path | None = None) -> None:
        self.world = world
        self._catalogue = catalogue
        self.ledger = world.ledger
        self.limits = world.limits

    def reset(self) -> None:
        """Begin anew: no operations, assets, faults, tokens and ledger; settings as at the start. Files stay."""
        self.world.reset()
        self.load_catalogue()

    def load_catalogue(self) -> None:
        """Put the user's own data in, those of the folder that was given at the start.

        Raises:
            ApiError: A file of it is neither an image nor a table.
        """
        if self._catalogue is not None:
            load_catalogue(self.world, self._catalogue)

    @property
    def settings(self) -> Settings:
        """The settings of this moment."""
        return self.world.settings

    def configure(self, **changes: Any) -> Settings:
        """Change settings, by the names of `Settings`, such as `time="looks=3"`.

        Raises:
            ValueError: A name is unknown, or a value is not of its kind.
        """
        self.world.settings = self.world.settings.changed(changes)
        self.world.operations.grant()
        return self.world.settings

    def arm(self, kind: str, method: str = "*", **more: Any) -> Armed:
        """Arm a fault, by the fields of `Fault`.

        Raises:
            ApiError: A field is unknown, or a value is not of its kind.
        """
        return self.world.faults.arm(Fault.parse({"kind": kind, "method": method, **more}))

    def faults(self) -> list[Armed]:
        """Return every fault that was armed, with how often it was met."""
        return self.world.faults.all()

    def disarm(self) -> None:
        """Take all faults away."""
        self.world.faults.clear()

    def accept_token(
        self, token: str, *, user: str, missing: Sequence[str] = (), expired: bool = False, project: str = ""
    ) -> Identity:
        """Make a bearer token known.

        Args:
            token: The token; only a digest of it is kept.
            user: Whose it is. A requestId belongs to a user, whatever the token.
            missing: The permissions that the user lacks.
            expired: Whether it is refused as expired.
            project: The project that owns the credentials, which pays unless a request names another.
        """
        return self.world.identities.learn(token, user=user, missing=missing, expired=expired, project=project)

    def pass_time(self, seconds: float) -> None:
        """Put the clock forward, such as by ten days, after which operations are forgotten.

        Raises:
            ValueError: The number is negative or too large.
        """
        self.world.clock.put_forward(seconds)
        self.world.operations.advance()

    def make_bucket(self, name: str) -> Path:
        """Make a bucket, and return its folder."""
        folder = self.world.root / "gs" / name
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    def plan(self, *, attempts: int = 1, code: str | None = None, message: str = "", times: int = 1) -> None:
        """Decide how the next operations will end.

        Args:
            attempts: How often Earth Engine tries by itself; the progress starts again with each.
            code: The name of the error's code; None for success at the last attempt.
            message: The error's text.
            times: For how many operations.

        Raises:
            ValueError: There is no such code.
        """
        self.world.operations.plan(_outcome(attempts, code, message), times)

    def operations(self) -> list[Operation]:
        """Return all operations, oldest first, without looking at them."""
        return self.world.operations.everything()

    def seed_operations(self, project: str, count: int = 1, **asked: Any) -> list[Operation]:
        """Make operations up, as other users of a project would have started them: no work is done for them.

        Args:
            project: The id of the project.
            count: How many.
            asked: Fields of `Submission`, such as `description`.
        """
        submission = Submission(project=project, kind=asked.pop("kind", "EXPORT_IMAGE"))
        return self.world.operations.seed(replace(submission, **asked), count)

    def finish(self, name: str) -> None:
        """Bring an operation to its end now."""
        self.world.operations.end(name)

    def fail(self, name: str, code: str = "INTERNAL", message: str = "Internal error.") -> None:
        """Make an operation fail now.

        Raises:
            ValueError: There is no such code.
        """
        self.world.operations.end(name, _outcome(1, code, message))

    def distort(self, name: str, changes: Mapping[str, Any] | None = None, dropped: Sequence[str] = ()) -> None:
        """Show an operation differently from what it is.

        Args:
            name: The operation.
            changes: New values by dotted path, such as `{"metadata.state": "PAUSED"}`.
            dropped: Paths to leave out, such as `["metadata"]`.
        """
        operation = self.world.operations.find(name)
        operation.distortion, operation.dropped = dict(changes or {}), tuple(dropped)

    def forget(self, name: str) -> None:
        """Make an operation vanish, as an old one does."""
        self.world.operations.delete(name)

    def put_image(self, asset_id: str, path: Path | str, **fields: Any) -> Asset:
        """Put a GeoTIFF under any id, such as `USGS/SRTMGL1_003`.

        Args:
            asset_id: The id, or a full name.
            path: The file, which is copied.
            fields: Fields of an image manifest, such as `startTime` and `properties`.

        Raises:
            ApiError: The id cannot be one, or the file is no image.
        """
        return put_image(self.world, asset_id, Path(path), fields)

    def put_table(self, asset_id: str, path: Path | str, **properties: Any) -> Asset:
        """Put a CSV or GeoJSON file under any id, such as `FAO/GAUL/2015/level0`.

        Raises:
            ApiError: The id cannot be one, or the file is no table.
        """
        return put_table(self.world, asset_id, Path(path), properties)

    def put_collection(self, asset_id: str, folder: Path | str) -> Asset:
        """Put the GeoTIFFs of a folder under any id, as a collection.

        A file `collection.json` among them gives each image, by its file's name without suffix, fields of an image
        manifest.

        Raises:
            ApiError: The id cannot be one, or a file is no image.
        """
        return put_collection(self.world, asset_id, Path(folder))

    def seed_asset(self, name: str, kind: str = "FOLDER", **fields: Any) -> Asset:
        """Make an asset without pixels, of any type, with the fields of an EarthEngineAsset."""
        return self.world.assets.create(name, kind, fields)


def _outcome(attempts: int, code: str | None, message: str) -> Outcome:
    if code is not None and code not in CODES:
        raise ValueError(f"code cannot be {code!r}: it has to be one of {', '.join(CODES)}.")
    return Outcome(attempts, code, message)
