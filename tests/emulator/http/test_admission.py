"""Who may call: bearers, the project that pays, and registration."""

import httpx
import pytest

from airflow_provider_ee.emulator.server import Emulator

pytestmark = pytest.mark.anyio

LIST = "/v1/projects/p/operations"
BEARER = {"Authorization": "Bearer token"}
FOR_P = {**BEARER, "X-Goog-User-Project": "p"}


async def test_a_caller_with_a_token_has_to_name_the_project_that_pays(
    api: httpx.AsyncClient, inside: Emulator
) -> None:
    inside.control.configure(user_project="required")

    refused = (await api.get(LIST, headers=BEARER)).json()["error"]

    assert (refused["status"], refused["details"][1]["reason"]) == ("PERMISSION_DENIED", "SERVICE_DISABLED")
    assert "has not been used in project" in refused["message"]
    assert (await api.get(LIST, headers=FOR_P)).status_code == 200
    assert (await api.get(LIST)).status_code == 200


async def test_without_the_switch_nobody_has_to_name_it(api: httpx.AsyncClient, inside: Emulator) -> None:
    inside.control.configure(user_project="optional")
    assert (await api.get(LIST, headers=BEARER)).status_code == 200


async def test_the_project_of_known_credentials_pays_unless_another_is_named(
    api: httpx.AsyncClient, inside: Emulator
) -> None:
    inside.control.configure(user_project="optional")
    inside.control.accept_token("token", user="robot", project="its-own")

    refused = (await api.get(LIST, headers=BEARER)).json()["error"]

    assert "has not been used in project its-own before or it is disabled" in refused["message"]
    assert refused["details"][1]["metadata"]["consumer"] == "projects/its-own"
    assert (await api.get("/v1/projects/its-own/operations", headers=BEARER)).status_code == 200
    assert (await api.get(LIST, headers=FOR_P)).status_code == 200


async def test_a_project_that_the_caller_may_not_use_is_refused_with_the_role(
    api: httpx.AsyncClient, inside: Emulator
) -> None:
    inside.control.accept_token("token", user="robot", missing=["serviceusage.services.use"])

    refused = (await api.get(LIST, headers=FOR_P)).json()["error"]

    assert "Caller does not have required permission to use project p. Grant the caller the" in refused["message"]
    assert "roles/serviceusage.serviceUsageConsumer" in refused["message"]
    helping, info = refused["details"]
    assert (info["reason"], helping["@type"]) == ("USER_PROJECT_DENIED", "type.googleapis.com/google.rpc.Help")


async def test_a_project_that_is_not_registered_can_do_nothing_but_say_so(
    api: httpx.AsyncClient, inside: Emulator
) -> None:
    inside.control.configure(registration="NOT_REGISTERED")

    refused = await api.get(LIST)

    assert refused.status_code == 403
    assert refused.json()["error"]["message"] == (
        "Project p is not registered to use Earth Engine. Visit "
        "https://console.cloud.google.com/earth-engine/configuration?project=p to register your project."
    )
    config = (await api.get("/v1/projects/p/config")).json()
    assert config["registrationState"] == "NOT_REGISTERED"


async def test_a_request_without_a_bearer_can_be_refused(api: httpx.AsyncClient, inside: Emulator) -> None:
    inside.control.configure(require_bearer=True, user_project="optional")

    refused = (await api.get(LIST)).json()["error"]

    assert (refused["code"], refused["details"][0]["reason"]) == (401, "CREDENTIALS_MISSING")
    assert (await api.get(LIST, headers=BEARER)).status_code == 200


async def test_an_expiry_of_the_registration_is_shown(api: httpx.AsyncClient, inside: Emulator) -> None:
    assert "registration" not in (await api.get("/v1/projects/p/config")).json()
    inside.control.configure(registration_expiry="2027-01-31T00:00:00Z")
    config = (await api.get("/v1/projects/p/config")).json()
    assert config["registration"] == {"expiryTime": "2027-01-31T00:00:00Z"}


async def test_a_project_over_its_quota_is_told_so_with_every_answer(api: httpx.AsyncClient, inside: Emulator) -> None:
    header = "x-earth-engine-quota-status"
    assert header not in (await api.get(LIST)).headers
    inside.control.configure(restricted=True)
    assert (await api.get(LIST)).headers[header] == "parallelism_restricted=true"
    assert (await api.get("/v1/projects/p/nothing")).headers[header] == "parallelism_restricted=true"


async def test_a_missing_asset_of_somebody_else_is_forbidden(api: httpx.AsyncClient, inside: Emulator) -> None:
    inside.control.configure(foreign_assets="forbidden")
    theirs, ours = "projects/theirs/assets/a", "projects/p/assets/a"

    refused = await api.get(f"/v1/{theirs}", headers=FOR_P)

    assert (refused.status_code, refused.json()["error"]["message"]) == (
        403,
        f"Permission 'earthengine.assets.get' denied on resource '{theirs}' (or it may not exist).",
    )
    assert (await api.get(f"/v1/{ours}", headers=FOR_P)).status_code == 404
    inside.control.seed_asset(f"{theirs}bc")
    assert (await api.get(f"/v1/{theirs}", headers=FOR_P)).status_code == 404
    assert (await api.get("/v1/projects/earthengine-public/assets/X", headers=FOR_P)).status_code == 404


async def test_a_missing_asset_of_somebody_else_can_be_not_found(api: httpx.AsyncClient, inside: Emulator) -> None:
    inside.control.configure(foreign_assets="not-found")
    assert (await api.get("/v1/projects/theirs/assets/a", headers=FOR_P)).status_code == 404
