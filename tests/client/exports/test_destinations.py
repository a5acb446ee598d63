import pytest

from airflow_provider_ee.client.errors import InvalidArgument
from airflow_provider_ee.client.exports import (
    ExportImageToAsset,
    ExportImageToCloudStorage,
    ExportImageToDrive,
    ExportMapToCloudStorage,
    ExportTable,
    ExportTableToBigQuery,
    ExportTableToFeatureView,
)
from airflow_provider_ee.client.exports.raw import (
    ASSET,
    BIG_QUERY,
    FEATURE_VIEW,
    FILES,
    destination_options,
    file_options,
)

NAME = "projects/p/assets/a"
THING = {"result": "0", "values": {"0": {"constantValue": 1}}}


def to_bucket(bucket="my-bucket", prefix="a"):
    return ExportImageToCloudStorage(image=THING, bucket=bucket, file_name_prefix=prefix).destination()


def to_drive(folder="f", file_name_prefix="b"):
    return ExportImageToDrive(image=THING, folder=folder, file_name_prefix=file_name_prefix).destination()


@pytest.mark.parametrize(
    ("destination", "names"),
    [
        pytest.param(
            to_bucket(prefix="a/b"),
            {"bucket": "my-bucket", "file_name_prefix": "a/b", "uri_prefix": "gs://my-bucket/a/b"},
            id="Cloud Storage",
        ),
        pytest.param(to_drive(), {"folder": "f", "file_name_prefix": "b"}, id="Drive"),
        pytest.param(to_drive(folder=None), {"folder": None, "file_name_prefix": "b"}, id="top of the Drive"),
        pytest.param(ExportImageToAsset(image=THING, asset_id=NAME).destination(), {"asset_id": NAME}, id="asset"),
        pytest.param(
            ExportTableToFeatureView(collection=THING, asset_id=NAME).destination(),
            {"asset_id": NAME},
            id="feature view",
        ),
        pytest.param(
            ExportTableToBigQuery(collection=THING, table="p.d.t").destination(), {"table": "p.d.t"}, id="BigQuery"
        ),
        pytest.param(
            ExportTable(
                expression=THING, file_export_options={"fileFormat": "CSV", "driveDestination": {"folder": "f"}}
            ).destination(),
            {"folder": "f", "file_name_prefix": None},
            id="raw options",
        ),
    ],
)
def test_a_destination_is_named_for_those_who_go_on_with_the_result(destination, names):
    assert destination == names


def test_a_destination_is_known_before_what_is_exported_is_read():
    assert ExportImageToDrive(image=object(), description="d", region="nowhere").destination() == {
        "folder": None,
        "file_name_prefix": "d",
    }


@pytest.mark.parametrize("export", [ExportImageToCloudStorage, ExportImageToDrive])
def test_files_without_any_name_are_refused(export):
    needed = {"bucket": "my-bucket"} if "bucket" in export.needed else {}
    with pytest.raises(InvalidArgument, match=r"^file_name_prefix: neither it nor a description is given\."):
        export(image=THING, **needed).body()


@pytest.mark.parametrize(
    "bucket",
    ["", "B", "ab", "gs://bucket", "bucket/path", "-bucket", "bucket-", "a..b", "a" * 64, "192.168.1.1", "a b c", None, 5],
)  # fmt: skip
def test_what_is_not_a_bucket_is_refused(bucket):
    with pytest.raises(
        InvalidArgument, match=r"^bucket: .* is not a valid bucket name. Allowed: the bare name, without gs://"
    ):
        to_bucket(bucket)


@pytest.mark.parametrize("bucket", ["my-bucket", "my_bucket.example.com", "abc", f"{'a' * 63}.{'b' * 63}"])
def test_a_bucket_has_letters_digits_and_few_signs(bucket):
    assert to_bucket(bucket)["bucket"] == bucket


@pytest.mark.parametrize("path", ["", "/a", "a\nb", "a\x7fb", "a" * 1025, "ä" * 513, "\ud800", 5])
def test_what_is_not_the_beginning_of_an_objects_name_is_refused(path):
    with pytest.raises(InvalidArgument, match=r"^path: .* is not a valid object name"):
        ExportMapToCloudStorage(image=THING, bucket="my-bucket", path=path)


@pytest.mark.parametrize("prefix", ["a/", "a b", "täglich/é", "a\u00a0b"])
def test_the_name_of_an_object_may_begin_with_any_text(prefix):
    assert to_bucket(prefix=prefix)["file_name_prefix"] == prefix


@pytest.mark.parametrize("argument", ["folder", "file_name_prefix"])
@pytest.mark.parametrize("name", ["", " ", "a\tb", 5])
def test_what_is_not_a_name_in_drive_is_refused(argument, name):
    with pytest.raises(InvalidArgument, match=rf"^{argument}: .* is not a valid name in Drive"):
        to_drive(**{argument: name})


def test_a_slash_is_a_letter_in_drive():
    assert to_drive(folder="a/b")["folder"] == "a/b"


@pytest.mark.parametrize(
    ("options", "kinds"),
    [
        ({"cloudStorageDestination": {"bucket": "my-bucket", "permissions": "PUBLIC"}, "fileFormat": "CSV"}, FILES),
        ({"driveDestination": {}, "fileFormat": "CSV"}, FILES),
        ({"earthEngineDestination": {"name": NAME}, "tileSize": 64}, ASSET),
        ({"featureViewDestination": {"name": NAME, "assetVersion": 1}}, FEATURE_VIEW),
        ({"bigqueryDestination": {"table": "p.d.t", "append": True}}, BIG_QUERY),
    ],
)
def test_raw_options_are_passed_on_as_they_are(options, kinds):
    assert destination_options("o", options, kinds) == options


def test_a_legacy_asset_in_raw_options_gets_its_full_name():
    options = destination_options("o", {"earthEngineDestination": {"name": "users/me/a"}}, ASSET)
    assert options == {"earthEngineDestination": {"name": "projects/earthengine-legacy/assets/users/me/a"}}


@pytest.mark.parametrize(
    ("options", "kinds", "problem"),
    [
        ("x", ASSET, "o: 'x' is not a dict of fields"),
        ({"tileSize": 5}, ASSET, "o: it has no destination. Allowed: one earthEngineDestination."),
        ({"driveDestination": {}}, ASSET, "o: it has driveDestination"),
        ({"driveDestination": {}, "cloudStorageDestination": {}}, FILES, "cloudStorageDestination and driveDestination"),
        ({"driveDestination": 5}, FILES, "o.driveDestination: 5 is not a dict of fields"),
        ({"driveDestination": {"folder": ""}}, FILES, "o.driveDestination.folder: ''"),
        ({"cloudStorageDestination": {}}, FILES, "o.cloudStorageDestination.bucket: it is missing"),
        ({"cloudStorageDestination": {"bucket": "abc", "filenamePrefix": "/"}}, FILES, "cloudStorageDestination.filenamePrefix"),
        ({"earthEngineDestination": {"name": "USGS/x"}}, ASSET, "o.earthEngineDestination.name: 'USGS/x' is in the public"),
        ({"bigqueryDestination": {"table": "t"}}, BIG_QUERY, "o.bigqueryDestination.table: 't'"),
        ({"bigqueryDestination": {"table": "p.d.t", "append": True, "overwrite": True}}, BIG_QUERY, "o.bigqueryDestination.append"),
    ],
)  # fmt: skip
def test_wrong_raw_options_are_refused_by_the_path_of_the_field(options, kinds, problem):
    with pytest.raises(InvalidArgument) as caught:
        destination_options("o", options, kinds)
    assert problem in str(caught.value)


@pytest.mark.parametrize("format_", [None, "PNG"])
def test_raw_files_have_a_format_that_the_export_can_take(format_):
    with pytest.raises(InvalidArgument, match=r"^o.fileFormat: .* is not a format of this export. Allowed: CSV, KML."):
        file_options("o", {"fileFormat": format_, "driveDestination": {}}, ["CSV", "KML"])
