"""A manifest of each kind with every field that Google's own client knows."""

IMAGE = {
    "name": "projects/my-project/assets/image",
    "uriPrefix": "gs://bucket/",
    "tilesets": [
        {
            "id": "optical",
            "sources": [
                {
                    "uris": ["a.tif", "a.tfw"],
                    "affineTransform": {
                        "scaleX": 10, "shearX": 0, "translateX": 1.5, "shearY": 0, "scaleY": -10, "translateY": 2,
                    },
                    "dimensions": {"width": 256, "height": 128},
                }
            ],
            "dataType": "UINT16",
            "crs": "EPSG:32632",
            "subdatasetPrefix": "",
            "subdatasetSuffix": "/data",
        },
        {"id": "mask", "sources": [{"uris": ["b.tif"]}]},
    ],
    "bands": [
        {
            "id": "red",
            "tilesetId": "optical",
            "tilesetBandIndex": 0,
            "missingData": {"values": [0]},
            "pyramidingPolicy": "MEDIAN",
        },
        {"id": "nir", "tilesetId": "optical", "tilesetBandIndex": 1},
    ],
    "maskBands": [{"tilesetId": "mask", "bandIds": ["red"]}],
    "footprint": {"points": [{"x": 0, "y": 0}, {"x": 9.5, "y": 0}, {"x": 9, "y": 9}, {"x": 0, "y": 0}], "bandId": "red"},
    "missingData": {"values": [-9999.5]},
    "pyramidingPolicy": "MEAN",
    "startTime": "2026-01-02T00:00:00Z",
    "endTime": "2026-01-03T00:00:00Z",
    "properties": {"season": "wet", "cloud": 12.5, "orbit": 7},
    "skipMetadataRead": True,
    "memo": "a note",
    "minTileAreaRatio": 0.01,
}  # fmt: skip
TABLE = {
    "name": "projects/my-project/assets/table",
    "uriPrefix": "gs://bucket/",
    "sources": [
        {
            "uris": ["a.csv"],
            "charset": "UTF-8",
            "maxErrorMeters": 1,
            "maxVertices": 1000,
            "crs": "EPSG:4326",
            "geodesic": False,
            "primaryGeometryColumn": "geo",
            "xColumn": "",
            "yColumn": "lat",
            "dateFormat": "yyyy-MM-dd",
            "csvDelimiter": ";",
            "csvQualifier": "'",
            "simplifyErrorMeters": 2.5,
        },
        {"uris": ["b.csv"]},
    ],
    "startTime": "2026-01-02T00:00:00Z",
    "endTime": "2026-01-02T00:00:00Z",
    "properties": {"season": "wet"},
    "columnDataTypeOverrides": {"id": "COLUMN_DATA_TYPE_STRING"},
    "csvColumnDataTypeOverrides": {"n": "CSV_COLUMN_DATA_TYPE_NUMERIC"},
    "memo": "a note",
    "policy": {"bindings": [{"role": "roles/viewer", "members": ["allUsers"]}]},
}
