"""Body of table.export: to files, an asset, a feature view or BigQuery."""

from airflow_provider_ee.emulator.schemas.common import ASSET_NAME, EXPORT_FIELDS
from airflow_provider_ee.emulator.schemas.destinations import ASSET_ONLY, FILE_DESTINATIONS, ONE_FILE_DESTINATION
from airflow_provider_ee.emulator.schemas.iam import POLICY
from airflow_provider_ee.emulator.schemas.kinds import Choice, Flag, Float, Integer, Many, Message, OneOf, Text

__all__ = [
    "EXPORT_TABLE",
]

_RANKING_RULE = Message(
    {
        "pseudoRandomTiebreaking": Flag(),
        "rankByOneThingRule": Many(
            Message(
                {
                    "direction": Choice(("DIRECTION_UNSPECIFIED", "ASCENDING", "DESCENDING")),
                    "rankByAttributeRule": Message({"attributeName": Text()}),
                    "rankByMinVisibleLodRule": Message({}),
                    "rankByGeometryTypeRule": Message({}),
                    "rankByMinZoomLevelRule": Message({}),
                },
                unions=(
                    OneOf(
                        (
                            "rankByAttributeRule",
                            "rankByMinVisibleLodRule",
                            "rankByGeometryTypeRule",
                            "rankByMinZoomLevelRule",
                        )
                    ),
                ),
            )
        ),
    }
)
_FEATURE_VIEW = Message(
    {
        "featureViewDestination": Message(
            {
                "name": ASSET_NAME,
                "assetVersion": Text(),
                "permissions": Choice(("FEATURE_VIEW_ASSET_PERMISSIONS_UNSPECIFIED", "PUBLIC")),
            },
            required=("name",),
        ),
        "ingestionTimeParameters": Message(
            {
                "thinningOptions": Message(
                    {
                        "maxFeaturesPerTile": Integer(minimum=1, wrapped=True),
                        "thinningStrategy": Choice(
                            ("UNKNOWN_THINNING_STRATEGY", "GLOBALLY_CONSISTENT", "HIGHER_DENSITY")
                        ),
                    }
                ),
                "rankingOptions": Message({"zOrderRankingRule": _RANKING_RULE, "thinningRankingRule": _RANKING_RULE}),
                "prerenderingOptions": Message(
                    {
                        "prerenderTiles": Flag(),
                        "tileLimiting": Message(
                            {
                                name: Integer(minimum=0, wrapped=True)
                                for name in (
                                    "maxPrerenderZoom",
                                    "minFeaturesPerTile",
                                    "minVerticesPerTile",
                                    "neighborDepth",
                                )
                            }
                        ),
                    }
                ),
            }
        ),
    },
    required=("featureViewDestination",),
)
_BIG_QUERY = Message(
    {
        "bigqueryDestination": Message(
            {
                "table": Text(r"[^.\s]+\.[^.\s]+\.[^.\s]+", "a table of the form 'project.dataset.table'"),
                "overwrite": Flag(),
                "append": Flag(),
            },
            required=("table",),
            unions=(OneOf(("overwrite", "append")),),
        )
    },
    required=("bigqueryDestination",),
)

EXPORT_TABLE = Message(
    EXPORT_FIELDS
    | {
        "selectors": Many(Text()),
        "maxErrorMeters": Float(minimum=0, wrapped=True),
        "maxVertices": Integer(minimum=0, wrapped=True),
        "policy": POLICY,
        "fileExportOptions": Message(
            {"fileFormat": Choice(("CSV", "GEO_JSON", "KML", "KMZ", "SHP", "TF_RECORD_TABLE")), **FILE_DESTINATIONS},
            required=("fileFormat",),
            unions=(ONE_FILE_DESTINATION,),
        ),
        "assetExportOptions": ASSET_ONLY,
        "featureViewExportOptions": _FEATURE_VIEW,
        "bigqueryExportOptions": _BIG_QUERY,
    },
    required=("expression",),
    unions=(
        OneOf(
            ("fileExportOptions", "assetExportOptions", "featureViewExportOptions", "bigqueryExportOptions"),
            required=True,
        ),
    ),
)
