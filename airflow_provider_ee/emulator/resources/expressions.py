"""What a request's expression gives, for the methods whose operation works on it."""

from collections.abc import Awaitable, Callable
from typing import Any

from airflow_provider_ee.emulator.compute import evaluate
from airflow_provider_ee.emulator.computing import computed
from airflow_provider_ee.emulator.envelope import ApiError
from airflow_provider_ee.emulator.http.call import Call
from airflow_provider_ee.emulator.resources.submitting import failing
from airflow_provider_ee.emulator.state.operation import Work
from airflow_provider_ee.emulator.state.switches import Finding

__all__ = ["work_on"]


async def work_on(call: Call, prepare: Callable[[Any], Awaitable[Work]]) -> Work:
    """Return the work on the value of a request's expression.

    What the emulator does not compute is refused now. What is wrong with the expression is refused now or becomes the
    failure of the operation, as the settings say.

    Args:
        call: The request.
        prepare: Checks the value as far as it can be checked now, and returns the work.
    """
    try:
        value = await computed(evaluate, call.body["expression"], call.world.stored)
    except ApiError as refused:
        if refused.code == "UNIMPLEMENTED" or call.world.settings.expression_errors is Finding.SUBMISSION:
            raise
        return failing(refused)
    return await prepare(value)
