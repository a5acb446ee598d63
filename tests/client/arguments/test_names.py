import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from airflow_provider_ee.client.arguments import names
from airflow_provider_ee.client.errors import InvalidArgument

ANYTHING = st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.binary() | st.lists(st.text())


@pytest.mark.parametrize(
    ("given_", "project"),
    [("my-project", "my-project"), ("projects/my-project", "my-project"), ("example.com:own", "example.com:own"), ("p", "p")],
)  # fmt: skip
def test_a_project_is_known_by_its_id(given_, project):
    assert names.project_id(given_) == project
    assert names.project_path(given_) == f"projects/{project}"


@pytest.mark.parametrize("wrong", ["", "My-Project", "a/b", "-a", "a-", "a" * 64, "projects/", None, 5, "a b", "ä"])
def test_what_is_no_project_id_is_refused_with_the_name_of_the_argument(wrong):
    with pytest.raises(InvalidArgument, match=r"^quota_project: .* is not a valid Google Cloud project id. Allowed:"):
        names.project_id(wrong, "quota_project")


@pytest.mark.parametrize("google_own", ["earthengine-legacy", "earthengine-public", "517222506229"])
def test_nobody_works_in_googles_own_projects(google_own):
    with pytest.raises(InvalidArgument, match="Google's own project"):
        names.project_id(google_own)


@pytest.mark.parametrize(
    ("given_", "name"),
    [
        ("projects/q/operations/ABC", "projects/q/operations/ABC"),
        ("operations/ABC", "projects/p/operations/ABC"),
        ("ABC", "projects/p/operations/ABC"),
    ],
)
def test_an_operation_is_known_by_its_name_or_its_id(given_, name):
    assert names.operation_name(given_, "p") == name


@pytest.mark.parametrize("wrong", ["", "projects/p", "projects/p/assets/a", "a/b", "../ABC", "A:cancel", None, ["ABC"]])
def test_what_is_no_operation_name_is_refused(wrong):
    with pytest.raises(InvalidArgument, match=r"^operation_name: .* is not a valid operation name"):
        names.operation_name(wrong, "p")


@pytest.mark.parametrize(
    ("given_", "name"),
    [
        pytest.param("projects/p/assets/a/b", "projects/p/assets/a/b", id="full"),
        pytest.param("COPERNICUS/S2_SR", "projects/earthengine-public/assets/COPERNICUS/S2_SR", id="public"),
        pytest.param("users/me/x", "projects/earthengine-legacy/assets/users/me/x", id="of a user"),
        pytest.param("projects/sat-io/open-data", "projects/earthengine-legacy/assets/projects/sat-io/open-data", id="legacy"),
    ],
)  # fmt: skip
def test_an_asset_is_found_in_each_form_that_users_know(given_, name):
    assert names.asset_name(given_) == name


@pytest.mark.parametrize("wrong", ["", "a b", "projects/p/assets/", "projects/p/assets/../x", "a/../b", "a?b", None, 3])
def test_what_is_no_asset_id_is_refused(wrong):
    with pytest.raises(InvalidArgument, match=r"^asset_id: .* is not a valid asset id"):
        names.asset_name(wrong)


@pytest.mark.parametrize(
    ("given_", "name"),
    [
        ("projects/p/assets/a", "projects/p/assets/a"),
        ("users/me/x", "projects/earthengine-legacy/assets/users/me/x"),
        ("projects/old/x", "projects/earthengine-legacy/assets/projects/old/x"),
    ],
)
def test_an_asset_is_made_where_a_caller_may_make_one(given_, name):
    assert names.destination_asset(given_) == name


@pytest.mark.parametrize(
    ("wrong", "problem"),
    [
        ("COPERNICUS/S2_SR", "is in the public catalogue, which is Google's"),
        ("projects/earthengine-public/assets/a", "is in the public catalogue"),
        ("users/me", "is a folder that is there already"),
        ("projects/earthengine-legacy/assets/users/me", "is a folder that is there already"),
        ("a b", "is not a valid asset id"),
        (None, "is not a valid asset id"),
    ],
)
def test_an_asset_that_nobody_can_make_is_refused(wrong, problem):
    with pytest.raises(InvalidArgument, match=rf"^target: .*{problem}"):
        names.destination_asset(wrong, "target")


@pytest.mark.parametrize("wrong", ["", "a_b", "a" * 61, "ä", None])
def test_a_request_id_has_letters_digits_and_hyphens(wrong):
    with pytest.raises(InvalidArgument, match=r"^request_id: "):
        names.request_id(wrong)


@pytest.mark.parametrize("wrong", ["", "-a", "a-", "A", "a" * 64, "a.b", None])
def test_a_workload_tag_is_what_the_official_client_allows(wrong):
    with pytest.raises(InvalidArgument, match=r"^workload_tag: "):
        names.workload_tag(wrong)


@settings(max_examples=2000)
@given(value=ANYTHING)
def test_no_name_whatever_makes_a_check_fall_over(value):
    checks = [names.project_id, names.asset_name, names.destination_asset, names.request_id, names.workload_tag]
    for check in [*checks, lambda name: names.operation_name(name, "p")]:
        try:
            assert isinstance(check(value), str)
        except InvalidArgument as error:
            assert error.argument in str(error)
