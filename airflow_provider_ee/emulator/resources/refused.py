"""Methods that are checked and then refused, because the emulator does not do them."""

from typing import Any

from airflow_provider_ee.emulator.envelope import ApiError
from airflow_provider_ee.emulator.http.call import Call

__all__ = ["refuse"]


async def refuse(call: Call) -> dict[str, Any]:
    """Refuse a method, naming it.

    Raises:
        ApiError: Always.
    """
    raise ApiError("UNIMPLEMENTED", f"The emulator does not do {call.entry.method}.")
