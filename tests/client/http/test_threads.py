import asyncio
import signal
import threading

import pytest

from airflow_provider_ee.client.http.threads import in_thread, run_in_own_loop


def test_what_a_thread_returns_or_raises_comes_back():
    assert asyncio.run(in_thread(max, 1, 2)) == 2
    with pytest.raises(ValueError, match="invalid literal"):
        asyncio.run(in_thread(int, "x"))


def test_who_is_cancelled_goes_on_only_when_the_thread_is_done():
    begun, may_end, events = threading.Event(), threading.Event(), []

    def work():
        begun.set()
        may_end.wait()
        events.append("done")

    async def wait():
        try:
            await in_thread(work)
        finally:
            events.append("went on")

    async def main():
        task = asyncio.create_task(wait())
        await asyncio.to_thread(begun.wait)
        task.cancel()
        asyncio.get_running_loop().call_later(0.05, may_end.set)
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(main())
    assert events == ["done", "went on"]


def test_a_coroutine_runs_apart_from_the_event_loop_that_waits_for_it():
    async def inner():
        return threading.current_thread()

    async def outer():
        return run_in_own_loop(inner())

    assert asyncio.run(outer()) is not threading.current_thread()


def test_what_a_coroutine_raises_apart_comes_back():
    async def inner():
        raise LookupError("gone")

    with pytest.raises(LookupError, match="gone"):
        run_in_own_loop(inner())


def test_who_is_interrupted_while_a_coroutine_runs_apart_stops_it():
    events = []

    async def inner():
        try:
            signal.pthread_kill(threading.main_thread().ident, signal.SIGUSR1)
            await asyncio.sleep(60)
        finally:
            events.append("stopped")

    def interrupt(*_):
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGUSR1, interrupt)
    try:
        with pytest.raises(KeyboardInterrupt):
            run_in_own_loop(inner())
    finally:
        signal.signal(signal.SIGUSR1, before)
    assert events == ["stopped"]
