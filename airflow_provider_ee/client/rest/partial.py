"""Ask for some fields of an answer only, where the server knows how to. No I/O."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from airflow_provider_ee.client.errors import InvalidRequest
from airflow_provider_ee.client.rest.flows import Flow
from airflow_provider_ee.client.rest.request import Request

__all__ = ["PartialResponses"]


class PartialResponses:
    """Asks for partial responses until the server refuses one, and for whole ones from then on.

    https://cloud.google.com/apis/docs/system-parameters

    Attributes:
        refused: Whether it has.
    """

    def __init__(self) -> None:
        self.refused = False

    def ask(self, request: Request, fields: str | None) -> Flow[Any]:
        """Send a request for some fields of its answer, and return that.

        Args:
            request: The request.
            fields: The fields, such as `nextPageToken,operations(name,done)`; all of them if None.
        """
        if fields is None or self.refused:
            return (yield request)
        try:
            return (yield replace(request, params={**request.params, "fields": fields}))
        except InvalidRequest:
            answer = yield request  # if this is refused as well, it was not for the fields
            self.refused = True
            return answer
