"""Google's own client, the module `ee`, as a connection describes it.

There is one `ee` in a process, for one caller and one project at a time:
https://developers.google.com/earth-engine/guides/python_install
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import httpx
from google.auth.credentials import AnonymousCredentials, Credentials  # noqa: TID253  # loaded when `ee` is, by a task

from airflow_provider_ee.client.arguments.names import project_path
from airflow_provider_ee.client.auth.bearer import GoogleAuth
from airflow_provider_ee.client.errors import EarthEngineError, Transient
from airflow_provider_ee.client.http.endpoints import EMULATOR_TOKEN, emulator_url
from airflow_provider_ee.client.rest.methods import algorithms_list
from airflow_provider_ee.client.rest.responses import Answer, read
from airflow_provider_ee.client.transport import is_loopback
from airflow_provider_ee.hooks.access import Access
from airflow_provider_ee.hooks.masking import mask_token

__all__ = ["initialize"]

_ONE_AT_A_TIME = threading.Lock()
_BILLED = "X-Goog-User-Project"


def initialize(access: Access) -> Any:
    """Return `ee`, initialised for this access: anew, unless that is how it is.

    Raises:
        EarthEngineError: It is not installed, or Earth Engine does not let it in.
    """
    ee = _imported()
    with _ONE_AT_A_TIME:
        if not _is_initialized(ee, access):
            # Without it, an API key or the functions of another endpoint would stay.
            ee.Reset()
            if access.retries is not None:
                ee.data.setMaxRetries(access.retries)
            if is_loopback(httpx.URL(access.url).host):
                _use_no_proxy(ee)
            try:
                with _explained(access.project):
                    ee.Initialize(credentials=_Credentials(access), url=access.url, project=access.project)
            except BaseException:
                ee.Reset()  # it would call itself initialised
                raise
    return ee


class _Credentials(Credentials):
    """What `ee` takes for credentials: the tokens of this package, and its rules about where they go."""

    def __init__(self, access: Access) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # google-auth is typed in part
        self.way = access.way
        self._url = access.url
        self._quota_project = access.quota_project
        self._auth = GoogleAuth(access.credentials or AnonymousCredentials(), origin=access.url, on_token=mask_token)

    def before_request(self, request: object, method: str, url: str, headers: dict[str, str]) -> None:  # noqa: ARG002  # google-auth's signature
        """Put a token on a request, and the project that pays where `ee` names one: it does not for its discovery."""
        asked = httpx.Request(method, url)
        by_itself = set(asked.headers)
        next(self._auth.sync_auth_flow(asked))
        headers.update({name: value for name, value in asked.headers.items() if name not in by_itself})
        if headers.pop(_BILLED, None) and self._quota_project:
            headers[_BILLED] = self._quota_project
        if emulator_url():
            headers["authorization"] = f"Bearer {EMULATOR_TOKEN}"

    def refresh(self, request: object) -> None:  # noqa: ARG002  # google-auth's signature
        """Get another token: Earth Engine refused the one that there is."""
        flow = self._auth.sync_auth_flow(httpx.Request("GET", self._url))
        next(flow)
        with suppress(StopIteration):  # there is none without credentials
            flow.send(httpx.Response(401))


def _imported() -> Any:
    try:
        import ee
    except ModuleNotFoundError as error:
        if error.name != "ee":
            raise
        raise EarthEngineError(
            "Google's own client, the module ee, is not installed.",
            hint="Install it where tasks run: pip install 'airflow-provider-ee[ee]'",
        ) from None
    return ee


def _use_no_proxy(ee: Any) -> None:
    """Keep a proxy of the environment from seeing what `ee` sends to this machine itself."""
    state = getattr(ee.data, "_get_state", None)
    if state:  # before 1.7, ee makes its connections elsewhere
        import requests

        state().requests_session = requests.Session()
        state().requests_session.trust_env = False


def _is_initialized(ee: Any, access: Access) -> bool:
    """Whether it is initialised for this access, and was not initialised for another one since."""
    # Nothing public shows it. 1.7 keeps it in a state of its own, 1.4 in the module.
    state = getattr(ee.data, "_get_state", None)
    credentials = state().credentials if state else getattr(ee.data, "_credentials", None)
    return bool(ee.data.is_initialized()) and isinstance(credentials, _Credentials) and credentials.way == access.way


@contextmanager
def _explained(project: str) -> Iterator[None]:
    """Turn the errors of `ee`, of which only the text is public, into those of this package."""
    from ee import EEException
    from googleapiclient.errors import Error, HttpError  # type: ignore[import-untyped]  # ships no types

    try:
        yield
    except (EEException, Error) as error:
        answer = error if isinstance(error, HttpError) else error.__context__
        request = algorithms_list(project_path(project))
        if isinstance(answer, HttpError):
            read(request, Answer(answer.resp.status, answer.resp, answer.content))
        raise EarthEngineError(f"ee cannot be initialised: {error}", method=request.method.id) from error
    except OSError as error:
        raise Transient(f"ee cannot be initialised: {type(error).__name__} {error}") from error
