"""Every fault, met over a real connection by a real client, and seen as met."""

import json
from typing import Any

import httpx
import pytest

from airflow_provider_ee.emulator.envelope import ApiError
from airflow_provider_ee.emulator.server import Emulator
from tests.emulator.requests import to_cloud_storage

CONFIG = "/v1/projects/p/config"
EXPORT = "/v1/projects/p/image:export"


def test_a_status_comes_in_googles_envelope_with_retry_after(web: httpx.Client, emulator: Emulator) -> None:
    emulator.control.arm("status", status=429, message="Too Many Requests", retry_after="7")

    answer = web.get(CONFIG)

    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "7")
    assert answer.json()["error"] == {"code": 429, "message": "Too Many Requests", "status": "RESOURCE_EXHAUSTED"}
    assert web.get(CONFIG).status_code == 200
    assert [armed.spent for armed in emulator.control.faults()] == [True]


@pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 429, 500, 502, 503, 504])
def test_any_status_can_be_played(web: httpx.Client, emulator: Emulator, status: int) -> None:
    emulator.control.arm("status", status=status)
    answer = web.get(CONFIG)
    assert (answer.status_code, answer.json()["error"]["code"]) == (status, status)


def test_details_come_with_the_status(web: httpx.Client, emulator: Emulator) -> None:
    details = [{"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": "SERVICE_DISABLED"}]
    emulator.control.arm("status", status=403, details=details)
    assert web.get(CONFIG).json()["error"]["details"] == details


def test_an_error_page_of_a_proxy_is_html(web: httpx.Client, emulator: Emulator) -> None:
    emulator.control.arm("html", status=502)
    answer = web.get(CONFIG)
    assert (answer.status_code, answer.headers["Content-Type"]) == (502, "text/html; charset=utf-8")
    assert "<h1>502 Bad Gateway</h1>" in answer.text


def test_a_redirect_points_elsewhere(web: httpx.Client, emulator: Emulator) -> None:
    emulator.control.arm("redirect", location="https://elsewhere.example/")
    answer = web.get(CONFIG)
    assert (answer.status_code, answer.headers["Location"]) == (307, "https://elsewhere.example/")


def test_a_reset_before_the_work_leaves_nothing_done(web: httpx.Client, emulator: Emulator) -> None:
    emulator.control.arm("reset", "projects.image.export")

    with pytest.raises(httpx.ReadError):
        web.post(EXPORT, json=to_cloud_storage())

    assert emulator.control.operations() == []
    assert [armed.met for armed in emulator.control.faults()] == [1]


def test_an_answer_can_be_lost_after_the_work_was_started(web: httpx.Client, emulator: Emulator) -> None:
    emulator.control.configure(duplicate_request_id="same-operation")
    emulator.control.arm("reset", "projects.image.export", after_work=True)
    body = to_cloud_storage(requestId="once")

    with pytest.raises(httpx.ReadError):
        web.post(EXPORT, json=body)
    again = web.post(EXPORT, json=body)

    assert [operation.name for operation in emulator.control.operations()] == [again.json()["name"]]
    lost, told = emulator.control.ledger.entries("projects.image.export")
    assert (lost.fault, lost.status, lost.operation) == ("reset", None, told.operation)
    assert lost.body_digest == told.body_digest


def test_a_status_can_hide_work_that_was_started(web: httpx.Client, emulator: Emulator) -> None:
    emulator.control.arm("status", "projects.image.export", status=503, after_work=True)
    assert web.post(EXPORT, json=to_cloud_storage()).status_code == 503
    assert len(emulator.control.operations()) == 1


def test_a_truncated_answer_ends_in_the_middle(web: httpx.Client, emulator: Emulator) -> None:
    emulator.control.arm("truncated")
    with pytest.raises(httpx.RemoteProtocolError, match="without sending complete message body"):
        web.get(CONFIG)
    assert web.get(CONFIG).status_code == 200


def test_a_malformed_answer_is_no_json(web: httpx.Client, emulator: Emulator) -> None:
    emulator.control.arm("bad-json")
    answer = web.get(CONFIG)
    assert answer.headers["Content-Type"] == "application/json"
    with pytest.raises(json.JSONDecodeError):
        answer.json()


def test_a_stalled_answer_never_comes(web: httpx.Client, emulator: Emulator) -> None:
    emulator.control.arm("stall")
    with pytest.raises(httpx.ReadTimeout):
        web.get(CONFIG, timeout=0.2)
    assert web.get(CONFIG).status_code == 200


def test_a_delayed_answer_is_the_true_answer(web: httpx.Client, emulator: Emulator) -> None:
    emulator.control.arm("delay", seconds=0.2)
    with pytest.raises(httpx.ReadTimeout):
        web.get(CONFIG, timeout=0.05)
    emulator.control.arm("delay", seconds=0.05)
    assert web.get(CONFIG).json()["name"] == "projects/p/config"


def test_a_fault_waits_for_its_method_and_its_turn(web: httpx.Client, emulator: Emulator) -> None:
    emulator.control.arm("status", "projects.getConfig", skip=1, times=2)

    statuses = [web.get(path).status_code for path in ("/v1/projects/p/operations", CONFIG, CONFIG, CONFIG, CONFIG)]

    assert statuses == [200, 200, 503, 503, 200]


def test_faults_come_in_the_order_of_arming(web: httpx.Client, emulator: Emulator) -> None:
    emulator.control.arm("status", status=503)
    emulator.control.arm("status", status=429)
    assert [web.get(CONFIG).status_code for _ in range(3)] == [503, 429, 200]


def test_what_is_disarmed_is_not_met(web: httpx.Client, emulator: Emulator) -> None:
    emulator.control.arm("status")
    emulator.control.disarm()
    assert web.get(CONFIG).status_code == 200


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"kind": "explosion"}, "kind"),
        ({"kind": "status", "times": 0}, "times"),
        ({"kind": "status", "status": 200}, "status"),
        ({"kind": "status", "code": "OUCH"}, "code"),
        ({"kind": "status", "after_work": 1}, "after_work"),
        ({"kind": "delay", "seconds": "long"}, "seconds"),
        ({"kind": "status", "when": "now"}, 'name "when"'),
    ],
)
def test_a_fault_that_cannot_be_is_refused_and_the_field_named(
    emulator: Emulator, given: dict[str, Any], field: str
) -> None:
    with pytest.raises(ApiError, match=field):
        emulator.control.arm(**given)


@pytest.mark.anyio
@pytest.mark.parametrize(("kind", "raised"), [("reset", ConnectionResetError), ("stall", TimeoutError)])
async def test_in_process_a_broken_connection_is_an_exception(
    api: httpx.AsyncClient, inside: Emulator, kind: str, raised: type[Exception]
) -> None:
    inside.control.arm(kind)
    with pytest.raises(raised):
        await api.get(CONFIG)


@pytest.mark.anyio
async def test_in_process_a_truncated_answer_is_half(api: httpx.AsyncClient, inside: Emulator) -> None:
    inside.control.arm("truncated")
    answer = await api.get(CONFIG)
    assert len(answer.content) == int(answer.headers["Content-Length"]) // 2
