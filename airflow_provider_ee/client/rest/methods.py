"""Every method of Earth Engine's REST API, in one table.

    image_export("projects/my-project", body={"expression": ...})
    operations_list("projects/my-project", pageSize=500)

Verbs, paths and scopes: https://developers.google.com/earth-engine/reference/rest
Permissions: https://developers.google.com/earth-engine/guides/audit_logging
Methods without a page are known from Google's own JavaScript client. The pages of v1, v1beta and v1alpha list the same
methods, but for those that say otherwise here.
"""

from __future__ import annotations

from types import MappingProxyType

from airflow_provider_ee.client.rest.request import Method, Repeat, Scopes

#: Query parameters of lists.
_PAGES = ("pageSize", "pageToken")
#: The only version in which Google's own clients call what has no page.
_V1 = ("v1",)

_READ, _WRITE, _EXPORT = Scopes.READ, Scopes.WRITE, Scopes.EXPORT
_ALWAYS, _WITH_ID, _NEVER = Repeat.ALWAYS, Repeat.WITH_REQUEST_ID, Repeat.NEVER


def _may(*permissions: str) -> tuple[str, ...]:
    return tuple(f"earthengine.{permission}" for permission in permissions)


# fmt: off
# Exports
image_export = Method("projects.image.export", "POST", "{project=projects/*}/image:export", _may("exports.create"), _EXPORT, _WITH_ID)
table_export = Method("projects.table.export", "POST", "{project=projects/*}/table:export", _may("exports.create"), _EXPORT, _WITH_ID)
video_export = Method("projects.video.export", "POST", "{project=projects/*}/video:export", _may("exports.create"), _EXPORT, _WITH_ID)
map_export = Method("projects.map.export", "POST", "{project=projects/*}/map:export", _may("exports.create"), _EXPORT, _WITH_ID)
classifier_export = Method("projects.classifier.export", "POST", "{project=projects/*}/classifier:export", _may("exports.create"), _WRITE, _WITH_ID, version="v1beta")
video_map_export = Method("projects.videoMap.export", "POST", "{project=projects/*}/videoMap:export", _may("exports.create"), _EXPORT, _WITH_ID, page_version=None, versions=_V1)

# Imports
image_import = Method("projects.image.import", "POST", "{project=projects/*}/image:import", _may("imports.create", "assets.create"), _WRITE, _WITH_ID, version="v1alpha", parameters=("overwrite", "mode"))
image_import_external = Method("projects.image.importExternal", "POST", "{project=projects/*}/image:importExternal", _may("imports.create", "assets.create"), _WRITE, _NEVER, page_version="v1alpha", versions=("v1", "v1alpha"))
table_import = Method("projects.table.import", "POST", "{project=projects/*}/table:import", _may("imports.create", "assets.create"), _WRITE, _WITH_ID)

# Operations
operations_get = Method("projects.operations.get", "GET", "{name=projects/*/operations/**}", _may("operations.get"), _WRITE, _ALWAYS)
operations_list = Method("projects.operations.list", "GET", "{name=projects/*}/operations", _may("operations.list"), _WRITE, _ALWAYS, parameters=(*_PAGES, "filter"))
operations_wait = Method("projects.operations.wait", "POST", "{name=projects/*/operations/**}:wait", _may("operations.get"), _WRITE, _ALWAYS)
operations_cancel = Method("projects.operations.cancel", "POST", "{name=projects/*/operations/**}:cancel", _may("operations.update"), _WRITE, _ALWAYS)
operations_delete = Method("projects.operations.delete", "DELETE", "{name=projects/*/operations/**}", _may("operations.delete"), _WRITE, _ALWAYS)

# Assets
assets_get = Method("projects.assets.get", "GET", "{name=projects/*/assets/**}", _may("assets.get"), _READ, _ALWAYS)
assets_create = Method("projects.assets.create", "POST", "{parent=projects/*}/assets", _may("assets.create"), _WRITE, _NEVER, parameters=("assetId", "overwrite"))
assets_create_in_location = Method("projects.locations.assets.create", "POST", "{parent=projects/*/locations/*}/assets", _may("assets.create"), _WRITE, _NEVER, page_version=None, versions=_V1, parameters=("assetId", "overwrite"))
assets_create_internal = Method("projects.assets.createInternal", "POST", "{parent=projects/*}/assets:createInternal", (), _WRITE, _NEVER, page_version=None, versions=_V1)
assets_create_internal_in_location = Method("projects.locations.assets.createInernal", "POST", "{parent=projects/*/locations/*}/assets:createInernal", (), _WRITE, _NEVER, page_version=None, versions=_V1)
assets_patch = Method("projects.assets.patch", "PATCH", "{name=projects/*/assets/**}", _may("assets.update"), _WRITE, _ALWAYS)
assets_copy = Method("projects.assets.copy", "POST", "{sourceName=projects/*/assets/**}:copy", _may("assets.get", "assets.create"), _WRITE, _NEVER)
assets_move = Method("projects.assets.move", "POST", "{sourceName=projects/*/assets/**}:move", _may("assets.get", "assets.delete", "assets.create"), _WRITE, _NEVER)
assets_delete = Method("projects.assets.delete", "DELETE", "{name=projects/*/assets/**}", _may("assets.delete"), _WRITE, _ALWAYS)
assets_link = Method("projects.assets.link", "POST", "{sourceName=projects/*/assets/**}:link", (), _WRITE, _NEVER, page_version=None, versions=_V1)
assets_get_linked = Method("projects.assets.getLinked", "POST", "{name=projects/*/assets/**}:getLinked", (), _READ, _ALWAYS, page_version=None, versions=_V1)
assets_list_roots = Method("projects.listAssets", "GET", "{parent=projects/*}:listAssets", _may("assets.get", "assets.list"), _READ, _ALWAYS, parameters=(*_PAGES, "filter", "view"))
assets_list = Method("projects.assets.listAssets", "GET", "{parent=projects/*/assets/**}:listAssets", _may("assets.get", "assets.list"), _READ, _ALWAYS, parameters=(*_PAGES, "filter", "view"))
assets_list_images = Method("projects.assets.listImages", "GET", "{parent=projects/*/assets/**}:listImages", _may("assets.get"), _READ, _ALWAYS, version="v1alpha", page_version="v1alpha", versions=("v1alpha",), parameters=(*_PAGES, "startTime", "endTime", "region", "filter", "view"))
assets_list_features = Method("projects.assets.listFeatures", "GET", "{asset=projects/*/assets/**}:listFeatures", _may("assets.get"), _READ, _ALWAYS, parameters=(*_PAGES, "region", "filter"))
assets_get_pixels = Method("projects.assets.getPixels", "POST", "{name=projects/*/assets/**}:getPixels", _may("assets.get"), _READ, _ALWAYS, version="v1alpha", answers_bytes=True)
assets_get_iam_policy = Method("projects.assets.getIamPolicy", "POST", "{resource=projects/*/assets/**}:getIamPolicy", _may("assets.getIamPolicy"), _READ, _ALWAYS)
assets_set_iam_policy = Method("projects.assets.setIamPolicy", "POST", "{resource=projects/*/assets/**}:setIamPolicy", _may("assets.setIamPolicy"), _WRITE, _ALWAYS)
assets_test_iam_permissions = Method("projects.assets.testIamPermissions", "POST", "{resource=projects/*/assets/**}:testIamPermissions", (), _READ, _ALWAYS)

# Computing at once
image_compute_pixels = Method("projects.image.computePixels", "POST", "{project=projects/*}/image:computePixels", _may("computations.create"), _READ, _ALWAYS, answers_bytes=True)
image_collection_compute_images = Method("projects.imageCollection.computeImages", "POST", "{project=projects/*}/imageCollection:computeImages", _may("computations.create"), _READ, _ALWAYS)
table_compute_features = Method("projects.table.computeFeatures", "POST", "{project=projects/*}/table:computeFeatures", _may("computations.create"), _READ, _ALWAYS)
value_compute = Method("projects.value.compute", "POST", "{project=projects/*}/value:compute", _may("computations.create"), _READ, _ALWAYS)

# Short-lived views: what they create is a handle for reading, gone after hours
thumbnails_create = Method("projects.thumbnails.create", "POST", "{parent=projects/*}/thumbnails", _may("thumbnails.create"), _READ, _ALWAYS)
thumbnails_create_in_location = Method("projects.locations.thumbnails.create", "POST", "{parent=projects/*/locations/*}/thumbnails", _may("thumbnails.create"), _READ, _ALWAYS, page_version=None, versions=_V1)
thumbnails_get_pixels = Method("projects.thumbnails.getPixels", "GET", "{name=projects/*/thumbnails/*}:getPixels", (), _READ, _ALWAYS, answers_bytes=True)
video_thumbnails_create = Method("projects.videoThumbnails.create", "POST", "{parent=projects/*}/videoThumbnails", _may("videothumbnails.create"), _READ, _ALWAYS)
video_thumbnails_create_in_location = Method("projects.locations.videoThumbnails.create", "POST", "{parent=projects/*/locations/*}/videoThumbnails", _may("videothumbnails.create"), _READ, _ALWAYS, page_version=None, versions=_V1)
video_thumbnails_get_pixels = Method("projects.videoThumbnails.getPixels", "GET", "{name=projects/*/videoThumbnails/*}:getPixels", (), _READ, _ALWAYS, answers_bytes=True)
filmstrip_thumbnails_create = Method("projects.filmstripThumbnails.create", "POST", "{parent=projects/*}/filmstripThumbnails", _may("filmstripthumbnails.create"), _READ, _ALWAYS)
filmstrip_thumbnails_create_in_location = Method("projects.locations.filmstripThumbnails.create", "POST", "{parent=projects/*/locations/*}/filmstripThumbnails", _may("filmstripthumbnails.create"), _READ, _ALWAYS, page_version=None, versions=_V1)
filmstrip_thumbnails_get_pixels = Method("projects.filmstripThumbnails.getPixels", "GET", "{name=projects/*/filmstripThumbnails/*}:getPixels", (), _READ, _ALWAYS, answers_bytes=True)
tables_create = Method("projects.tables.create", "POST", "{parent=projects/*}/tables", _may("tables.create"), _READ, _ALWAYS)
tables_create_in_location = Method("projects.locations.tables.create", "POST", "{parent=projects/*/locations/*}/tables", _may("tables.create"), _READ, _ALWAYS, page_version=None, versions=_V1)
tables_get_features = Method("projects.tables.getFeatures", "GET", "{name=projects/*/tables/*}:getFeatures", (), _READ, _ALWAYS, answers_bytes=True)
maps_create = Method("projects.maps.create", "POST", "{parent=projects/*}/maps", _may("maps.create"), _READ, _ALWAYS)
maps_create_in_location = Method("projects.locations.maps.create", "POST", "{parent=projects/*/locations/*}/maps", _may("maps.create"), _READ, _ALWAYS, page_version=None, versions=_V1)
maps_tiles_get = Method("projects.maps.tiles.get", "GET", "{parent=projects/*/maps/*}/tiles/{zoom}/{x}/{y}", (), _READ, _ALWAYS, answers_bytes=True)
feature_view_create = Method("projects.featureView.create", "POST", "{parent=projects/*}/featureView", _may("maps.create"), _READ, _ALWAYS)
feature_views_create = Method("projects.featureViews.create", "POST", "{parent=projects/*}/featureViews", _may("maps.create"), _READ, _ALWAYS)
feature_views_tiles_get = Method("projects.featureViews.tiles.get", "GET", "{parent=projects/*/featureViews/*}/tiles/{zoom}/{x}/{y}", (), _READ, _ALWAYS, answers_bytes=True)

# The project
get_config = Method("projects.getConfig", "GET", "{name=projects/*/config}", _may("computations.create"), _WRITE, _ALWAYS)
update_config = Method("projects.updateConfig", "PATCH", "{name=projects/*/config}", _may("config.update"), _WRITE, _ALWAYS, parameters=("updateMask",))
algorithms_list = Method("projects.algorithms.list", "GET", "{parent=projects/*}/algorithms", _may("computations.create"), _READ, _ALWAYS)
get_capabilities = Method("getCapabilities", "GET", "capabilities", (), _READ, _ALWAYS, page_version=None, versions=_V1)
get_project_capabilities = Method("projects.getCapabilities", "GET", "{parent=projects/*}/capabilities", (), _READ, _ALWAYS, page_version=None, versions=_V1)
# fmt: on

METHODS = MappingProxyType({method.id: method for method in list(globals().values()) if isinstance(method, Method)})
