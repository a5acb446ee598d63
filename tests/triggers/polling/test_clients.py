"""Which client a shared poller polls with while keys are rotated and connections edited, in virtual time."""

import asyncio

import pytest

from airflow_provider_ee.client.errors import NotFound, PermissionDenied, Transient, Unauthenticated
from airflow_provider_ee.triggers.polling.shared import SharedPoller, Subscriber
from tests.triggers.fakes import FakeClient
from tests.virtual_time import run_in_virtual_time

REFUSALS = [Unauthenticated("expired"), PermissionDenied("not yours")]


class Connection:
    """Opens clients, and notes when."""

    def __init__(self):
        self.clients = []
        self.opened_at = []
        self.broken = False
        self.stuck = False

    async def open(self):
        self.opened_at.append(asyncio.get_running_loop().time())
        if self.stuck:
            await asyncio.Event().wait()
        if self.broken:
            raise ConnectionError("the secrets backend is away")
        self.clients.append(FakeClient())
        return self.clients[-1]


class Refused(SharedPoller):
    """Notes which client each poll was sent with, and meets the error that is set."""

    def __init__(self, key, open_client):
        super().__init__(key, open_client)
        self.polled_with = []
        self.error = None

    async def _poll(self, client):
        self.polled_with.append(client)
        if self.error:
            self._note_failure(self.error)


def poll_for(seconds, act=lambda poller, connection: None, interval=10.0):
    """Poll for so long, doing something after the first 100 seconds; return the poller and its connection."""

    async def wait():
        connection = Connection()
        poller = Refused.shared("k", connection.open)
        subscriber = Subscriber(interval, 0.0)
        async with poller._subscribe(subscriber):
            await poller.client()
            await asyncio.sleep(100.0)
            act(poller, connection)
            await asyncio.sleep(seconds - 100.0)
            if not subscriber.updates.empty():
                raise AssertionError(subscriber.updates.get_nowait())
        return poller, connection

    return run_in_virtual_time(wait())


def be_refused(error):
    return lambda poller, _: setattr(poller, "error", error)


@pytest.mark.parametrize("error", REFUSALS, ids=lambda error: type(error).__name__)
def test_after_a_refusal_the_connection_is_read_anew(error):
    poller, connection = poll_for(130.0, be_refused(error))
    assert len(connection.clients) == 2
    assert poller.polled_with[-1] is connection.clients[1]


@pytest.mark.parametrize("error", [Transient("busy"), NotFound("gone")], ids=lambda error: type(error).__name__)
def test_after_other_trouble_it_is_not(error):
    _, connection = poll_for(1000.0, be_refused(error))
    assert len(connection.clients) == 1


def test_while_the_refusals_go_on_it_is_read_once_a_minute_and_not_at_each_poll():
    _, connection = poll_for(700.0, be_refused(REFUSALS[0]))
    assert 9 <= len(connection.clients) <= 11


def test_a_client_gets_no_older_than_an_hour():
    poller, connection = poll_for(4000.0)
    assert len(connection.clients) == 2
    assert poller.polled_with[-1] is connection.clients[1]


def break_connection(poller, connection):
    poller.error, connection.broken = REFUSALS[0], True


def test_a_connection_that_cannot_be_read_anew_ends_no_wait_and_is_read_again_a_minute_later():
    poller, connection = poll_for(400.0, break_connection)
    assert len(connection.clients) == 1
    assert 4 <= len(connection.opened_at) <= 6
    assert poller.polled_with[-1] is connection.clients[0]


def stall_connection(poller, connection):
    poller.error, connection.stuck = REFUSALS[0], True


def test_a_connection_that_cannot_be_read_at_all_holds_up_each_poll_for_ten_seconds_at_most():
    poller, _ = poll_for(1000.0, stall_connection)
    assert len(poller.polled_with) >= 900 / 20


def test_clients_that_were_replaced_are_closed_when_nobody_can_use_them_any_more():
    async def wait():
        connection = Connection()
        poller = Refused.shared("k", connection.open)
        async with poller._subscribe(Subscriber(10.0, 0.0)):
            await poller.client()
            await asyncio.sleep(3600.0 + 30.0)
            assert await poller.client() is connection.clients[1]
            assert not connection.clients[0].closed.is_set()
            await asyncio.sleep(1000.0)
            assert connection.clients[0].closed.is_set()
            assert not connection.clients[1].closed.is_set()
        await asyncio.sleep(100.0)
        assert connection.clients[1].closed.is_set()

    run_in_virtual_time(wait())


def test_all_clients_are_closed_when_the_event_loop_ends():
    _, connection = poll_for(130.0, be_refused(REFUSALS[0]))
    assert len(connection.clients) == 2
    assert all(client.closed.is_set() for client in connection.clients)


def test_who_joins_later_gets_the_new_client():
    async def wait():
        connection = Connection()
        poller = Refused.shared("k", connection.open)
        poller.error = REFUSALS[0]
        async with poller._subscribe(Subscriber(10.0, 0.0)):
            await poller.client()
            await asyncio.sleep(100.0)
            return await Refused.shared("k", connection.open).client() is connection.clients[-1]

    assert run_in_virtual_time(wait())
