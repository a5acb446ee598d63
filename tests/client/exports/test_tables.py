import pytest

from airflow_provider_ee.client.errors import InvalidArgument
from airflow_provider_ee.client.exports import (
    ExportTable,
    ExportTableToAsset,
    ExportTableToBigQuery,
    ExportTableToCloudStorage,
    ExportTableToDrive,
    ExportTableToFeatureView,
)

TABLE = {"result": "0", "values": {"0": {"constantValue": 1}}}
ASSET = "projects/p/assets/a"
PLACES = {
    "file_export_options": {"fileFormat": "CSV", "driveDestination": {}},
    "asset_export_options": {"earthEngineDestination": {"name": ASSET}},
    "feature_view_export_options": {"featureViewDestination": {"name": ASSET}},
    "bigquery_export_options": {"bigqueryDestination": {"table": "p.d.t"}},
}


def test_the_raw_fields_become_the_request_as_the_reference_names_them():
    body = ExportTable(
        expression=TABLE,
        asset_export_options=PLACES["asset_export_options"],
        selectors="a,b",
        max_error_meters="0.5",
        max_vertices=100,
        policy={"bindings": []},
    ).body()
    assert body == {
        "expression": TABLE,
        "assetExportOptions": PLACES["asset_export_options"],
        "selectors": ["a", "b"],
        "maxErrorMeters": 0.5,
        "maxVertices": 100,
        "policy": {"bindings": []},
    }


@pytest.mark.parametrize("place", PLACES)
def test_a_table_may_go_to_each_of_four_places(place):
    assert PLACES[place] in ExportTable(expression=TABLE, **{place: PLACES[place]}).body().values()


@pytest.mark.parametrize("places", [[], ["file_export_options", "bigquery_export_options"]], ids=["none", "two"])
def test_a_table_goes_to_exactly_one_place(places):
    with pytest.raises(InvalidArgument, match="file_export_options: an export has one destination, and this one has"):
        ExportTable(expression=TABLE, **{place: PLACES[place] for place in places}).body()


def test_files_of_a_table_are_csv_unless_something_else_is_asked():
    body = ExportTableToDrive(collection=TABLE, description="d").body()
    assert body["fileExportOptions"] == {"fileFormat": "CSV", "driveDestination": {"filenamePrefix": "d"}}


@pytest.mark.parametrize(
    ("name", "format_"),
    [("GeoJSON", "GEO_JSON"), ("geo_json", "GEO_JSON"), ("kmz", "KMZ"), ("TFRecord", "TF_RECORD_TABLE")],
)
def test_a_format_is_known_by_the_name_in_ee_and_by_that_of_the_api(name, format_):
    body = ExportTableToCloudStorage(collection=TABLE, description="d", bucket="my-bucket", file_format=name).body()
    assert body["fileExportOptions"]["fileFormat"] == format_


def test_an_asset_is_made_anew_only_if_asked():
    body = ExportTableToAsset(collection=TABLE, description="d", asset_id="users/me/a", overwrite="True").body()
    assert body["assetExportOptions"] == {
        "earthEngineDestination": {"name": "projects/earthengine-legacy/assets/users/me/a", "overwrite": True}
    }


def test_big_query_gets_a_table_by_its_three_names():
    body = ExportTableToBigQuery(collection=TABLE, description="d", table="p.d.t", append=True).body()
    assert body["bigqueryExportOptions"] == {"bigqueryDestination": {"table": "p.d.t", "append": True}}


def test_a_feature_view_is_thinned_and_ranked_by_rules():
    body = ExportTableToFeatureView(
        collection=TABLE,
        description="d",
        asset_id=ASSET,
        max_features_per_tile="200",
        thinning_strategy="HIGHER_DENSITY",
        thinning_ranking="my property DESC,.minZoomLevel ASC",
        z_order_ranking=[".geometryType ASC"],
    ).body()
    by_property = {"rankByAttributeRule": {"attributeName": "my property"}, "direction": "DESCENDING"}
    assert body["featureViewExportOptions"] == {
        "featureViewDestination": {"name": ASSET},
        "ingestionTimeParameters": {
            "thinningOptions": {"maxFeaturesPerTile": 200, "thinningStrategy": "HIGHER_DENSITY"},
            "rankingOptions": {
                "thinningRankingRule": {
                    "rankByOneThingRule": [by_property, {"rankByMinZoomLevelRule": {}, "direction": "ASCENDING"}]
                },
                "zOrderRankingRule": {"rankByOneThingRule": [{"rankByGeometryTypeRule": {}, "direction": "ASCENDING"}]},
            },
        },
    }


@pytest.mark.parametrize(
    ("build", "words", "problem"),
    [
        (ExportTableToDrive, {"file_format": "GeoTIFF"}, "file_format: 'GeoTIFF' is not a valid format for tables. Allowed: CSV, Geo"),
        (ExportTableToDrive, {"selectors": ["a", ""]}, "selectors: ['a', ''] is not a list of texts"),
        (ExportTableToDrive, {"selectors": []}, "selectors: [] is not a list of texts"),
        (ExportTableToDrive, {"max_vertices": -1}, "max_vertices: -1"),
        (ExportTableToDrive, {"collection": 5}, "collection: 5 is of type int"),
        (ExportTableToBigQuery, {"table": "d.t"}, "table: 'd.t' is not a valid BigQuery table. Allowed: project.dataset.table"),
        (ExportTableToBigQuery, {"table": "p.d-x.t"}, "table: 'p.d-x.t' is not a valid BigQuery table"),
        (ExportTableToBigQuery, {"table": "p.d.t$May"}, "is not a valid BigQuery table"),
        (ExportTableToBigQuery, {"table": None}, "table: None is not a valid BigQuery table"),
        (ExportTableToBigQuery, {"table": "p.d.t", "overwrite": True, "append": True}, "append: it contradicts overwrite"),
        (ExportTableToFeatureView, {"asset_id": ASSET, "overwrite": True}, "overwrite: a feature view is never overwritten"),
        (ExportTableToFeatureView, {"asset_id": ASSET, "thinning_strategy": "x"}, "thinning_strategy: 'x' is not a valid strategy"),
        (ExportTableToFeatureView, {"asset_id": ASSET, "z_order_ranking": "a"}, "z_order_ranking: 'a' is not a valid rule"),
        (ExportTableToFeatureView, {"asset_id": ASSET, "thinning_ranking": ["a desc"]}, "Allowed: a property, .geometryType"),
        (ExportTableToFeatureView, {"asset_id": ASSET, "max_features_per_tile": 0}, "max_features_per_tile: 0"),
    ],
)  # fmt: skip
def test_wrong_words_are_refused_before_any_request(build, words, problem):
    with pytest.raises(InvalidArgument) as caught:
        build(**{"collection": TABLE, "description": "d", **words}).body()
    assert problem in str(caught.value)
