from types import SimpleNamespace

import pytest

from airflow_provider_ee.links import EarthEngineOperationLink, EarthEngineResultLink, result_page

TASKS = "https://console.cloud.google.com/earth-engine/tasks?project=p"


@pytest.mark.parametrize(
    ("known", "page"),
    [
        ({"operation_name": "projects/p/operations/A"}, TASKS),
        ({"operation_name": ["projects/p/operations/A", "projects/q/operations/B"]}, TASKS),
        ({"operation_name": "A", "project_id": "p"}, TASKS),
        ({"operation_name": "A", "project_id": None}, ""),
        ({"operation_name": []}, ""),
        ({"operation_name": None}, ""),
        ({}, ""),
    ],
    ids=str,
)
def test_the_link_to_the_tasks_is_there_as_soon_as_the_operation_is_known(known, page):
    assert EarthEngineOperationLink().get_link(SimpleNamespace(**known), ti_key=None) == page


@pytest.mark.parametrize(
    ("destination", "page"),
    [
        ({"uri_prefix": "gs://b/a folder/x"}, "https://console.cloud.google.com/storage/browser/b/a%20folder"),
        ({"uri_prefix": "gs://b/x"}, "https://console.cloud.google.com/storage/browser/b"),
        ({"asset_id": "projects/p/assets/a"}, "https://code.earthengine.google.com/?asset=projects/p/assets/a"),
        ({"table": "p.d.t"}, "https://console.cloud.google.com/bigquery?page=table&p=p&d=d&t=t"),
        ({"folder": "f", "file_name_prefix": "x y"}, "https://drive.google.com/drive/search?q=x%20y"),
        ({"table": "wrong"}, ""),
        ({}, ""),
    ],
    ids=str,
)
def test_the_link_to_the_result_leads_where_it_is(destination, page):
    assert result_page(destination) == page
    assert EarthEngineResultLink().get_link(SimpleNamespace(destination_known=destination), ti_key=None) == page


def test_a_result_that_nobody_knows_has_no_page():
    assert EarthEngineResultLink().get_link(SimpleNamespace(), ti_key=None) == ""
