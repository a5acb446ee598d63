"""Every method of the API: its path, what it accepts, whose permission it needs, and who answers it."""

# ruff: noqa: E501 - a table is read in columns

from airflow_provider_ee.emulator.http.route import Route
from airflow_provider_ee.emulator.resources import (
    assets,
    classifiers,
    images,
    imports,
    maps,
    operations,
    projects,
    tables,
    videos,
)
from airflow_provider_ee.emulator.resources.refused import refuse
from airflow_provider_ee.emulator.schemas.assets import COPY_ASSET, CREATE_ASSET, MOVE_ASSET, UPDATE_ASSET
from airflow_provider_ee.emulator.schemas.computations import (
    COMPUTE_FEATURES,
    COMPUTE_IMAGES,
    COMPUTE_PIXELS,
    COMPUTE_VALUE,
    EMPTY,
    GET_PIXELS,
    WAIT,
)
from airflow_provider_ee.emulator.schemas.exports import (
    EXPORT_CLASSIFIER,
    EXPORT_IMAGE,
    EXPORT_MAP,
    EXPORT_VIDEO,
    EXPORT_VIDEO_MAP,
)
from airflow_provider_ee.emulator.schemas.iam import GET_POLICY, SET_POLICY, TEST_PERMISSIONS
from airflow_provider_ee.emulator.schemas.imports import IMPORT_EXTERNAL_IMAGE, IMPORT_IMAGE, IMPORT_TABLE
from airflow_provider_ee.emulator.schemas.kinds import Kind, Table
from airflow_provider_ee.emulator.schemas.tables import EXPORT_TABLE

__all__ = ["ROUTES", "find"]


def find(verb: str, path: str) -> tuple[Route, str] | None:
    """Return the method that a path without its version belongs to, and the resource named in the path."""
    for route in ROUTES:
        if route.verb == verb and (found := route.regex.fullmatch(path)):
            return route, next(iter(found.groupdict().values()), "")
    return None


_PROJECT = "projects/*"
_LOCATION = "projects/*/locations/*"
_ASSET = "projects/*/assets/**"
_OPERATION = "projects/*/operations/**"
_PAGE = ("pageSize", "pageToken")
_TAG = ("workloadTag",)
_COMPUTE = "earthengine.computations.create"
_EXPORT = "earthengine.exports.create"
_THUMBNAIL = "earthengine.thumbnails.create"
_ANY = Table()


def _refused(
    method: str, verb: str, path: str, body: Kind | None = None, permission: str = "", *, query: tuple[str, ...] = ()
) -> Route:
    """Return the route of a method that the emulator does not do."""
    return Route(method, verb, path, refuse, body, permission, query)


# A table is read in columns.
# fmt: off
ROUTES: tuple[Route, ...] = (
    Route("getCapabilities", "GET", "capabilities", projects.get_capabilities),
    Route("projects.getCapabilities", "GET", f"{{parent={_PROJECT}}}/capabilities", projects.get_capabilities),
    Route("projects.getConfig", "GET", "{name=projects/*/config}", projects.get_config, None, _COMPUTE),
    Route("projects.algorithms.list", "GET", f"{{parent={_PROJECT}}}/algorithms", projects.list_algorithms, None, _COMPUTE),
    Route("projects.listAssets", "GET", f"{{parent={_PROJECT}}}:listAssets", assets.listing, None, "earthengine.assets.list", (*_PAGE, "filter", "view")),

    Route("projects.operations.list", "GET", f"{{name={_PROJECT}}}/operations", operations.listing, None, "earthengine.operations.list", (*_PAGE, "filter", "returnPartialSuccess")),
    Route("projects.operations.get", "GET", f"{{name={_OPERATION}}}", operations.get, None, "earthengine.operations.get"),
    Route("projects.operations.delete", "DELETE", f"{{name={_OPERATION}}}", operations.delete, None, "earthengine.operations.delete"),
    Route("projects.operations.cancel", "POST", f"{{name={_OPERATION}}}:cancel", operations.cancel, EMPTY, "earthengine.operations.update"),
    Route("projects.operations.wait", "POST", f"{{name={_OPERATION}}}:wait", operations.wait, WAIT, "earthengine.operations.get"),

    Route("projects.image.export", "POST", f"{{project={_PROJECT}}}/image:export", images.export, EXPORT_IMAGE, _EXPORT),
    Route("projects.image.import", "POST", f"{{project={_PROJECT}}}/image:import", imports.import_image, IMPORT_IMAGE, "earthengine.imports.create"),
    Route("projects.image.importExternal", "POST", f"{{project={_PROJECT}}}/image:importExternal", imports.import_external_image, IMPORT_EXTERNAL_IMAGE, "earthengine.imports.create"),
    Route("projects.image.computePixels", "POST", f"{{project={_PROJECT}}}/image:computePixels", images.compute_pixels, COMPUTE_PIXELS, _COMPUTE),
    Route("projects.value.compute", "POST", f"{{project={_PROJECT}}}/value:compute", images.compute_value, COMPUTE_VALUE, _COMPUTE),
    Route("projects.video.export", "POST", f"{{project={_PROJECT}}}/video:export", videos.export, EXPORT_VIDEO, _EXPORT),
    Route("projects.map.export", "POST", f"{{project={_PROJECT}}}/map:export", maps.export, EXPORT_MAP, _EXPORT),
    Route("projects.videoMap.export", "POST", f"{{project={_PROJECT}}}/videoMap:export", videos.export_map, EXPORT_VIDEO_MAP, _EXPORT),
    Route("projects.classifier.export", "POST", f"{{project={_PROJECT}}}/classifier:export", classifiers.export, EXPORT_CLASSIFIER, _EXPORT),

    Route("projects.assets.create", "POST", f"{{parent={_PROJECT}}}/assets", assets.create, CREATE_ASSET, "earthengine.assets.create", ("assetId", "overwrite")),
    Route("projects.assets.get", "GET", f"{{name={_ASSET}}}", assets.get, None, "earthengine.assets.get"),
    Route("projects.assets.patch", "PATCH", f"{{name={_ASSET}}}", assets.patch, UPDATE_ASSET, "earthengine.assets.update"),
    Route("projects.assets.delete", "DELETE", f"{{name={_ASSET}}}", assets.delete, None, "earthengine.assets.delete"),
    Route("projects.assets.copy", "POST", f"{{sourceName={_ASSET}}}:copy", assets.copy, COPY_ASSET, "earthengine.assets.create"),
    Route("projects.assets.move", "POST", f"{{sourceName={_ASSET}}}:move", assets.move, MOVE_ASSET, "earthengine.assets.delete"),
    Route("projects.assets.listAssets", "GET", f"{{parent={_ASSET}}}:listAssets", assets.listing, None, "earthengine.assets.list", (*_PAGE, "filter", "view")),
    Route("projects.assets.listImages", "GET", f"{{parent={_ASSET}}}:listImages", assets.list_images, None, "earthengine.assets.get", (*_PAGE, "startTime", "endTime", "region", "filter", "view")),
    Route("projects.assets.getPixels", "POST", f"{{name={_ASSET}}}:getPixels", assets.get_pixels, GET_PIXELS, "earthengine.assets.get"),
    Route("projects.assets.getIamPolicy", "POST", f"{{resource={_ASSET}}}:getIamPolicy", assets.get_iam_policy, GET_POLICY, "earthengine.assets.getIamPolicy"),
    Route("projects.assets.setIamPolicy", "POST", f"{{resource={_ASSET}}}:setIamPolicy", assets.set_iam_policy, SET_POLICY, "earthengine.assets.setIamPolicy"),
    Route("projects.assets.testIamPermissions", "POST", f"{{resource={_ASSET}}}:testIamPermissions", assets.test_iam_permissions, TEST_PERMISSIONS),

    _refused("projects.updateConfig", "PATCH", "{name=projects/*/config}", _ANY, "earthengine.config.update", query=("updateMask",)),
    Route("projects.table.export", "POST", f"{{project={_PROJECT}}}/table:export", tables.export, EXPORT_TABLE, _EXPORT),
    Route("projects.table.import", "POST", f"{{project={_PROJECT}}}/table:import", tables.start_import, IMPORT_TABLE, "earthengine.imports.create"),
    Route("projects.table.computeFeatures", "POST", f"{{project={_PROJECT}}}/table:computeFeatures", tables.compute_features, COMPUTE_FEATURES, _COMPUTE),
    _refused("projects.imageCollection.computeImages", "POST", f"{{project={_PROJECT}}}/imageCollection:computeImages", COMPUTE_IMAGES, _COMPUTE),
    Route("projects.assets.listFeatures", "GET", f"{{asset={_ASSET}}}:listFeatures", tables.list_features, None, "earthengine.assets.get", (*_PAGE, "region", "filter")),
    _refused("projects.assets.link", "POST", f"{{sourceName={_ASSET}}}:link", _ANY),
    _refused("projects.assets.getLinked", "POST", f"{{name={_ASSET}}}:getLinked", _ANY),
    _refused("projects.assets.createInternal", "POST", f"{{parent={_PROJECT}}}/assets:createInternal", _ANY),
    _refused("projects.maps.create", "POST", f"{{parent={_PROJECT}}}/maps", _ANY, "earthengine.maps.create", query=_TAG),
    _refused("projects.maps.tiles.get", "GET", "{parent=projects/*/maps/*}/tiles/{zoom}/{x}/{y}"),
    _refused("projects.featureView.create", "POST", f"{{parent={_PROJECT}}}/featureView", _ANY, "earthengine.maps.create"),
    _refused("projects.featureViews.create", "POST", f"{{parent={_PROJECT}}}/featureViews", _ANY, "earthengine.maps.create"),
    _refused("projects.featureViews.tiles.get", "GET", "{parent=projects/*/featureViews/*}/tiles/{zoom}/{x}/{y}"),
    _refused("projects.thumbnails.create", "POST", f"{{parent={_PROJECT}}}/thumbnails", _ANY, _THUMBNAIL, query=_TAG),
    _refused("projects.thumbnails.getPixels", "GET", "{name=projects/*/thumbnails/*}:getPixels"),
    _refused("projects.videoThumbnails.create", "POST", f"{{parent={_PROJECT}}}/videoThumbnails", _ANY, "earthengine.videothumbnails.create", query=_TAG),
    _refused("projects.videoThumbnails.getPixels", "GET", "{name=projects/*/videoThumbnails/*}:getPixels"),
    _refused("projects.filmstripThumbnails.create", "POST", f"{{parent={_PROJECT}}}/filmstripThumbnails", _ANY, "earthengine.filmstripthumbnails.create", query=_TAG),
    _refused("projects.filmstripThumbnails.getPixels", "GET", "{name=projects/*/filmstripThumbnails/*}:getPixels"),
    _refused("projects.tables.create", "POST", f"{{parent={_PROJECT}}}/tables", _ANY, "earthengine.tables.create", query=_TAG),
    _refused("projects.tables.getFeatures", "GET", "{name=projects/*/tables/*}:getFeatures"),
    _refused("projects.locations.assets.create", "POST", f"{{parent={_LOCATION}}}/assets", _ANY),
    # The misspelling is Google's: so the method is called in its own client.
    _refused("projects.locations.assets.createInernal", "POST", f"{{parent={_LOCATION}}}/assets:createInernal", _ANY),
    _refused("projects.locations.maps.create", "POST", f"{{parent={_LOCATION}}}/maps", _ANY),
    _refused("projects.locations.tables.create", "POST", f"{{parent={_LOCATION}}}/tables", _ANY),
    _refused("projects.locations.thumbnails.create", "POST", f"{{parent={_LOCATION}}}/thumbnails", _ANY),
    _refused("projects.locations.videoThumbnails.create", "POST", f"{{parent={_LOCATION}}}/videoThumbnails", _ANY),
    _refused("projects.locations.filmstripThumbnails.create", "POST", f"{{parent={_LOCATION}}}/filmstripThumbnails", _ANY),
)
# fmt: on
