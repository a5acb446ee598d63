import asyncio

import pytest

from airflow_provider_ee.triggers.on_kill import outlive_cancellation

pytestmark = pytest.mark.anyio


async def test_the_work_is_done_however_often_the_caller_is_cancelled():
    begun, may_end, done = asyncio.Event(), asyncio.Event(), []

    async def work():
        begun.set()
        await may_end.wait()
        done.append("cancelled the operation")

    caller = asyncio.create_task(outlive_cancellation(work(), 60.0))
    await begun.wait()
    for _ in range(5):
        caller.cancel()
        await asyncio.sleep(0)
    may_end.set()
    await caller
    assert done == ["cancelled the operation"]


async def test_nobody_waits_for_ever():
    await outlive_cancellation(asyncio.sleep(3600), 0.01)


async def test_what_went_wrong_is_told():
    async def work():
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        await outlive_cancellation(work(), 60.0)
