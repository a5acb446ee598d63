import pytest

from airflow_provider_ee.client.errors import InvalidArgument
from airflow_provider_ee.client.exports import destinations
from airflow_provider_ee.client.exports.options import (
    ASSET,
    BIG_QUERY,
    FEATURE_VIEW,
    FILES,
    checked_files,
    checked_options,
)

NAME = "projects/p/assets/a"


@pytest.mark.parametrize(
    ("options", "names"),
    [
        pytest.param(
            destinations.cloud_storage("my-bucket", "a/b"),
            {"bucket": "my-bucket", "file_name_prefix": "a/b", "uri_prefix": "gs://my-bucket/a/b"},
            id="Cloud Storage",
        ),
        pytest.param(destinations.drive("f", "b"), {"folder": "f", "file_name_prefix": "b"}, id="Drive"),
        pytest.param(destinations.drive(None, "b"), {"folder": None, "file_name_prefix": "b"}, id="top of the Drive"),
        pytest.param(destinations.asset(NAME), {"asset_id": NAME}, id="asset"),
        pytest.param(destinations.feature_view(NAME), {"asset_id": NAME}, id="feature view"),
        pytest.param(destinations.big_query("p.d.t"), {"table": "p.d.t"}, id="BigQuery"),
        pytest.param({}, {}, id="nowhere"),
    ],
)
def test_a_destination_is_read_back_for_those_who_go_on_with_the_result(options, names):
    assert destinations.destination(options) == names
    assert destinations.destination({"fileFormat": "CSV", **options}) == names


@pytest.mark.parametrize(
    "bucket",
    ["", "B", "ab", "gs://bucket", "bucket/path", "-bucket", "bucket-", "a..b", "a" * 64, "192.168.1.1", "a b c", None, 5],
)  # fmt: skip
def test_what_is_no_bucket_is_refused(bucket):
    with pytest.raises(InvalidArgument, match=r"^bucket: .* is no bucket name. Allowed: the bare name, without gs://"):
        destinations.cloud_storage(bucket, "a")


@pytest.mark.parametrize("bucket", ["my-bucket", "my_bucket.example.com", "abc", f"{'a' * 63}.{'b' * 63}"])
def test_a_bucket_has_letters_digits_and_few_signs(bucket):
    assert destinations.destination(destinations.cloud_storage(bucket, "a"))["bucket"] == bucket


@pytest.mark.parametrize("prefix", ["", "/a", "a\nb", "a\x7fb", "a" * 1025, "ä" * 513, "\ud800", None, 5])
def test_what_is_no_beginning_of_an_objects_name_is_refused(prefix):
    with pytest.raises(InvalidArgument, match=r"^path: .* is no object name"):
        destinations.cloud_storage("my-bucket", prefix, "path")


@pytest.mark.parametrize("prefix", ["a/", "a b", "täglich/é", "a\u00a0b"])
def test_the_name_of_an_object_may_begin_with_any_text(prefix):
    assert destinations.destination(destinations.cloud_storage("my-bucket", prefix))["file_name_prefix"] == prefix


@pytest.mark.parametrize("argument", ["folder", "file_name_prefix"])
@pytest.mark.parametrize("name", ["", " ", "a\tb", 5])
def test_what_is_no_name_in_drive_is_refused(argument, name):
    with pytest.raises(InvalidArgument, match=rf"^{argument}: .* is no name in Drive"):
        destinations.drive(**{"folder": "f", "prefix": "b"} | {argument.removeprefix("file_name_"): name})


def test_a_slash_is_a_letter_in_drive():
    assert destinations.drive("a/b", "c")["driveDestination"]["folder"] == "a/b"


@pytest.mark.parametrize(
    ("options", "kinds"),
    [
        ({"cloudStorageDestination": {"bucket": "my-bucket", "permissions": "PUBLIC"}, "fileFormat": "CSV"}, FILES),
        ({"driveDestination": {}, "fileFormat": "CSV"}, FILES),
        ({"earthEngineDestination": {"name": NAME}, "tileSize": 64}, ASSET),
        ({"featureViewDestination": {"name": NAME, "assetVersion": "1"}}, FEATURE_VIEW),
        ({"bigqueryDestination": {"table": "p.d.t", "append": True}}, BIG_QUERY),
    ],
)
def test_raw_options_are_passed_on_as_they_are(options, kinds):
    assert checked_options("o", options, kinds) == options


def test_a_legacy_asset_in_raw_options_gets_its_full_name():
    options = checked_options("o", {"earthEngineDestination": {"name": "users/me/a"}}, ASSET)
    assert options == {"earthEngineDestination": {"name": "projects/earthengine-legacy/assets/users/me/a"}}


@pytest.mark.parametrize(
    ("options", "kinds", "problem"),
    [
        ("x", ASSET, "o: 'x' holds no fields"),
        ({"tileSize": 5}, ASSET, "o: it has no destination. Allowed: one earthEngineDestination."),
        ({"driveDestination": {}}, ASSET, "o: it has driveDestination"),
        ({"driveDestination": {}, "cloudStorageDestination": {}}, FILES, "cloudStorageDestination and driveDestination"),
        ({"driveDestination": 5}, FILES, "o.driveDestination: 5 holds no fields"),
        ({"driveDestination": {"folder": ""}}, FILES, "o.driveDestination.folder: ''"),
        ({"cloudStorageDestination": {}}, FILES, "o.cloudStorageDestination.bucket: None"),
        ({"cloudStorageDestination": {"bucket": "abc", "filenamePrefix": "/"}}, FILES, "cloudStorageDestination.filenamePrefix"),
        ({"earthEngineDestination": {"name": "USGS/x"}}, ASSET, "o.earthEngineDestination.name: 'USGS/x' is in the public"),
        ({"bigqueryDestination": {"table": "t"}}, BIG_QUERY, "o.bigqueryDestination.table: 't'"),
        ({"bigqueryDestination": {"table": "p.d.t", "append": True, "overwrite": True}}, BIG_QUERY, "o.bigqueryDestination.append"),
    ],
)  # fmt: skip
def test_wrong_raw_options_are_refused_by_the_path_of_the_field(options, kinds, problem):
    with pytest.raises(InvalidArgument) as caught:
        checked_options("o", options, kinds)
    assert problem in str(caught.value)


@pytest.mark.parametrize("format_", [None, "PNG"])
def test_raw_files_have_a_format_that_the_export_can_take(format_):
    with pytest.raises(InvalidArgument, match=r"^o.fileFormat: .* is no format here. Allowed: CSV, KML."):
        checked_files("o", {"fileFormat": format_, "driveDestination": {}}, ["CSV", "KML"])
