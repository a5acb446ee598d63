"""Imports: from a manifest, or from the arguments of `earthengine upload`, to the body of a request.

https://developers.google.com/earth-engine/reference/rest/v1/projects.table/import
"""

from __future__ import annotations

from abc import abstractmethod
from typing import Any, ClassVar, TypeAlias

from airflow_provider_ee.client.arguments.group import argument
from airflow_provider_ee.client.arguments.scalars import choice, flag, text, without_none
from airflow_provider_ee.client.arguments.types import Fields, Flag
from airflow_provider_ee.client.errors import InvalidArgument
from airflow_provider_ee.client.imports.images import IMAGE, image_manifest
from airflow_provider_ee.client.imports.tables import TABLE, table_manifest
from airflow_provider_ee.client.imports.uploads import ImageUpload, TableUpload, Upload
from airflow_provider_ee.client.rest import methods
from airflow_provider_ee.client.rest.request import Method, Request

__all__ = ["Import", "ImportExternalImage", "ImportImage", "ImportTable"]

Body: TypeAlias = dict[str, Any]

_MODES = {name: name for name in ("INGEST", "VIRTUAL", "IMPORT_MODE_UNSPECIFIED")}


class Import(Upload):
    """An import, from arguments that have been checked.

    Args:
        manifest: The manifest as a dict or JSON text, instead of the arguments of which one is made.
        overwrite: Whether an asset of this name is replaced. Earth Engine does not keep its sharing: who may read it
            must be said again.
    """

    #: The method that starts it.
    method: ClassVar[Method]
    #: The field of the request with the manifest.
    field: ClassVar[str]

    manifest: Fields | str | None = None
    overwrite: Flag = argument(flag, default=False)

    @abstractmethod
    def read_manifest(self, manifest: Fields | str) -> Body:
        """Check a manifest field by field."""

    def full_manifest(self) -> Body:
        """Return the manifest: the one that was given, or one made of the other arguments.

        Raises:
            InvalidArgument: Both were given, or neither, or one is wrong.
        """
        upload = {name: getattr(self, name) for name in self.needed if name not in self.beside_upload()}
        given = sorted(without_none(**upload))
        if self.manifest is not None and given:
            raise InvalidArgument("manifest", f"it stands beside {', '.join(given)}", "one of the two forms")
        for name in ("asset_id", "uris"):
            if self.manifest is None and upload[name] is None:
                raise InvalidArgument(name, "there is neither that nor a manifest", "a manifest, or asset_id and uris")
        return self.read_manifest(self.short_manifest() if self.manifest is None else self.manifest)

    @classmethod
    def beside_upload(cls) -> set[str]:
        """Return the names of the arguments that do not describe the asset."""
        return {"manifest", "overwrite", "description", "mode", "use_latest_object_version"}

    def body(self) -> Body:
        """Return the body of the request, without a request id.

        Raises:
            InvalidArgument: A field is wrong, or there is not exactly one of a manifest and the other arguments.
        """
        return {self.field: self.full_manifest(), **({"overwrite": True} if self.overwrite else {})}

    def request(self, project: str) -> Request:
        """Return the request that starts it in `projects/my-project`, without a request id."""
        return self.method(project, body=self.body())

    def destination(self) -> dict[str, Any]:
        """Return what names the result, for those who go on with it."""
        return {"asset_id": self.full_manifest()["name"]}


class _Operation(Import):
    """An import that is an operation.

    Args:
        description: What the operation is called.
    """

    description: str | None = argument(text, default=None)

    def body(self) -> Body:
        """Return the body of the request, without a request id."""
        return {**super().body(), **without_none(description=self.description)}


class ImportImage(_Operation, ImageUpload):
    """An import of an image.

    Args:
        mode: `INGEST` copies the files, `VIRTUAL` leaves them where they are.
    """

    method = methods.image_import
    field = IMAGE

    mode: str | None = argument(choice, _MODES, "mode of an import", default=None)

    def read_manifest(self, manifest: Fields | str) -> Body:
        """Check the manifest of an image."""
        return image_manifest(manifest)

    def body(self) -> Body:
        """Return the body of the request, without a request id."""
        return {**super().body(), **without_none(mode=self.mode)}


class ImportTable(_Operation, TableUpload):
    """An import of a table."""

    method = methods.table_import
    field = TABLE

    def read_manifest(self, manifest: Fields | str) -> Body:
        """Check the manifest of a table."""
        return table_manifest(manifest)


class ImportExternalImage(Import, ImageUpload):
    """An asset of files that stay where they are.

    Args:
        use_latest_object_version: Whether the asset follows its files when they are replaced.
    """

    method = methods.image_import_external
    field = IMAGE

    use_latest_object_version: Flag | None = argument(flag, default=None)

    def read_manifest(self, manifest: Fields | str) -> Body:
        """Check the manifest of an image, of which each tileset is one file."""
        found = image_manifest(manifest)
        for index, tileset in enumerate(found["tilesets"]):
            if len(tileset["sources"]) > 1:
                # https://developers.google.com/earth-engine/Earth_Engine_asset_from_cloud_geotiff
                path = f"{IMAGE}.tilesets[{index}].sources" if self.manifest is not None else "uris"
                problem = f"{len(tileset['sources'])} files cannot be one tileset of an image that stays where it is"
                raise InvalidArgument(path, problem, "one file in each tileset")
        return found

    def body(self) -> Body:
        """Return the body of the request."""
        return {**super().body(), **without_none(useLatestObjectVersion=self.use_latest_object_version or None)}
