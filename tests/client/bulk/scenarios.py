"""Tasks on their way, each as a worker has left it, to be seen from a triggerer and from another worker."""

import httpx

from airflow_provider_ee.client.bulk.snapshot import take_snapshot
from airflow_provider_ee.client.bulk.tracker import ItemTracker, Remaining
from tests.client.bulk.visits import PROJECT, Task, client_of


class Scenario:
    """A task on its way: what a worker left, and what is to be seen of it from a triggerer and from a worker.

    Args:
        emulator: Where it is at work. Its operations stay as they are until somebody ends them.
        items: How many.
        options: Those of Task.
    """

    def __init__(self, emulator, items, **options):
        self.emulator = emulator
        emulator.control.configure(time="looks=1000000", max_running=2)
        self.task = Task(emulator, items, **options)
        self.left = Remaining()

    def visited(self):
        self.left = self.task.visit().remaining()
        return self

    def cleared(self):
        self.task.cleared()
        return self

    def ended(self, *ends):
        """End active operations, the oldest first: each succeeds, or fails by the code that is given for it."""
        active = [one for one in self.emulator.control.operations() if not one.state.terminal]
        for one, code in zip(active, ends, strict=False):
            if code:
                self.emulator.control.fail(one.name, code, "It broke.")
            else:
                self.emulator.control.finish(one.name)
        return self

    def seen(self):
        """Look; a look moves operations, so whatever is asked from now on is answered with what it showed."""
        listing = httpx.get(f"{self.emulator.url}/v1/{PROJECT}/operations").json()
        self.transport = httpx.MockTransport(lambda _: httpx.Response(200, json=listing))
        return self

    def snapshot(self):
        with client_of(self.emulator, transport=self.transport) as client:
            return client.run(take_snapshot(PROJECT, self.task.ticket))

    def tracker(self):
        """What a triggerer knows that begins now."""
        return ItemTracker(self.snapshot(), self.task.ticket, self.left)

    def worker(self):
        """How a worker sees it, who starts nothing."""
        with client_of(self.emulator, transport=self.transport) as client:
            run = self.task.run(client)
            run.look()
        return run.counts

    def tell(self, tracker):
        """Tell a tracker how the operations are that it waits for."""
        for history in self.snapshot().operations.values():
            for one in history:
                if one.name in tracker.names:
                    tracker.update(one)


def begun(emulator):
    return Scenario(emulator, 8, max_pending=4).visited()


def refused(emulator):
    emulator.control.arm("status", "projects.image.export", status=400, message="No such band.", times=2)
    return begun(emulator)


def failed(emulator):
    return begun(emulator).ended("INVALID_ARGUMENT").visited()


def retried(emulator):
    return Scenario(emulator, 8, max_pending=4, item_retries=1).visited().ended("UNAVAILABLE").visited()


def to_be_retried(emulator):
    scene = Scenario(emulator, 4, max_pending=4, item_retries=1).visited()
    emulator.control.seed_operations("my-project", 10)
    return scene.ended("UNAVAILABLE", "UNAVAILABLE", "INVALID_ARGUMENT").visited()


def tried_again(emulator):
    scene = Scenario(emulator, 4, max_pending=4).visited().ended("INVALID_ARGUMENT", None)
    scene.task.tried_again()
    emulator.control.seed_operations("my-project", 10)
    return scene.visited()


def cleared_at_work(emulator):
    return begun(emulator).cleared().visited()
