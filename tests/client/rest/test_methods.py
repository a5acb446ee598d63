"""The table of methods, held against the contract of Google's own client."""

import json
import re
from pathlib import Path

import pytest

from airflow_provider_ee.client.errors import InvalidArgument
from airflow_provider_ee.client.rest import methods
from airflow_provider_ee.client.rest.methods import METHODS
from airflow_provider_ee.client.rest.request import Repeat

CONTRACT = json.loads((Path(__file__).parents[2] / "contract.json").read_text())["methods"]

#: In the REST reference of v1alpha, but unknown to Google's own client.
ONLY_IN_THE_REFERENCE = {"projects.assets.listImages"}

SEED_VERSIONS = {
    "projects.image.import": "v1alpha",
    "projects.classifier.export": "v1beta",
    "projects.assets.getPixels": "v1alpha",
    "projects.assets.listImages": "v1alpha",
}


def test_the_table_has_every_method_of_the_contract():
    assert set(METHODS) - ONLY_IN_THE_REFERENCE == set(CONTRACT)


@pytest.mark.parametrize("name", sorted(CONTRACT))
def test_verb_path_patterns_and_body_are_those_of_the_contract(name):
    method, contract = METHODS[name], CONTRACT[name]
    path = re.sub(r"\{(\w+)=[^}]+\}", r"{\1}", method.template)
    patterns = {variable: f"^{form}$" for variable, form in method.patterns.items() if form != "[^/]+"}
    assert (method.verb, f"/{{version}}/{path}") == (contract["http"], contract["path"])
    assert patterns == contract["params"]
    assert method.has_body == contract["hasBody"]
    assert method.answers_bytes == (contract["response"] == "HttpBody")


@pytest.mark.parametrize("name", sorted(METHODS))
def test_each_method_is_called_in_its_seed_version(name):
    assert METHODS[name].version == SEED_VERSIONS.get(name, "v1")


#: What is not in every version, by the reference; of what Google's own client alone knows, only its v1 is known.
VERSIONS = {"projects.assets.listImages": ("v1alpha",), "projects.image.importExternal": ("v1", "v1alpha")}


@pytest.mark.parametrize("name", sorted(METHODS))
def test_each_method_says_which_versions_have_it(name):
    method = METHODS[name]
    usual = ("v1", "v1beta", "v1alpha") if method.page else ("v1",)
    assert method.versions == VERSIONS.get(name, usual)
    assert method.version in method.versions


@pytest.mark.parametrize("method", [methods.image_import, methods.assets_get_pixels, methods.classifier_export])
@pytest.mark.parametrize("version", ["v1", "v1beta", "v1alpha"])
def test_a_method_can_be_called_in_each_of_its_versions(method, version):
    assert method.version_for(version) == version


def test_a_method_that_a_version_lacks_keeps_its_own():
    assert methods.assets_list_images.version_for("v1") == "v1alpha"
    assert methods.image_export.version_for(None) == "v1"


def test_a_query_parameter_that_there_is_not_is_refused_by_name():
    with pytest.raises(
        InvalidArgument, match=r"^pageSiz: projects\.operations\.list has no such .* pageSize, pageToken"
    ):
        methods.operations_list("projects/p", pageSiz=5)


@pytest.mark.parametrize("name", sorted(METHODS))
def test_a_partial_response_can_be_asked_of_every_method(name):
    names = [pattern.replace("[^/]+", "x").replace(".*", "x") for pattern in METHODS[name].patterns.values()]
    assert METHODS[name](*names, fields="name").params == {"fields": "name"}


def test_whatever_starts_an_operation_is_repeatable_only_with_a_request_id():
    starting = {name for name, contract in CONTRACT.items() if contract["response"] == "Operation"}
    starting -= {"projects.operations.get", "projects.operations.wait"}
    assert starting == {name for name, method in METHODS.items() if method.repeat is Repeat.WITH_REQUEST_ID}


def test_documented_methods_name_their_page_and_their_permissions():
    page = methods.image_export.page
    assert page == "https://developers.google.com/earth-engine/reference/rest/v1/projects.image/export"
    assert methods.image_export.permissions == ("earthengine.exports.create",)
    assert methods.video_map_export.page is None


@pytest.mark.parametrize(
    "name",
    [
        pytest.param("projects/p/assets/../../q", id="traversal"),
        pytest.param("projects/p/assets/./x", id="dot"),
        pytest.param("projects/p/assets/a//b", id="empty segment"),
        pytest.param("projects/p/assets/a/", id="trailing slash"),
        pytest.param("/projects/p/assets/a", id="leading slash"),
        pytest.param("projects/p", id="no asset"),
        pytest.param("", id="nothing"),
    ],
)
def test_a_name_that_would_lead_elsewhere_is_refused(name):
    with pytest.raises(
        InvalidArgument, match=r"name: projects\.assets\.get .* such as projects/<project>/assets/<path>"
    ):
        methods.assets_get(name)


@pytest.mark.parametrize("trick", ["a:setIamPolicy", "a?x=1", "a#b", "a%2fb", "a b"])
def test_a_name_cannot_smuggle_in_a_verb_or_a_query(trick):
    path = methods.assets_get(f"projects/p/assets/{trick}").path
    assert re.fullmatch(r"projects/p/assets/a%[0-9A-F]{2}\S*", path)
    assert not set(path) & set(":?# ")


def test_query_parameters_that_are_none_are_left_out():
    assert methods.operations_list("projects/p", pageSize=5, pageToken=None).params == {"pageSize": 5}


@pytest.mark.parametrize(
    ("request_", "repeatable"),
    [
        pytest.param(methods.operations_get("projects/p/operations/A"), True, id="a read"),
        pytest.param(methods.image_export("projects/p", body={"requestId": "a"}), True, id="an export with an id"),
        pytest.param(
            methods.image_export("projects/p", body={"requestId": ""}), False, id="an export with an empty id"
        ),
        pytest.param(methods.image_export("projects/p"), False, id="an export without an id"),
        pytest.param(methods.image_import_external("projects/p", body={"requestId": "a"}), False, id="has no id"),
        pytest.param(methods.assets_copy("projects/p/assets/a"), False, id="a copy"),
        pytest.param(methods.image_compute_pixels("projects/p"), True, id="a computation"),
        pytest.param(methods.operations_cancel("projects/p/operations/A"), True, id="a cancellation"),
    ],
)
def test_only_what_cannot_do_work_twice_is_repeatable(request_, repeatable):
    assert request_.repeatable is repeatable
