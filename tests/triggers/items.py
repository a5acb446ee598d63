"""What tests of triggers that wait for many items share: the items' operations at the emulator."""

from airflow_provider_ee.client.operations.markers import Ticket
from airflow_provider_ee.triggers.bulk import EarthEngineBulkTrigger

__all__ = ["ANOTHER", "EARLIER", "TASK", "endless", "listings", "started", "trigger"]

TASK = Ticket("depl0", "dag0000", "task0000", "epoch1")
EARLIER = Ticket("depl0", "dag0000", "task0000", "epoch0")
ANOTHER = Ticket("depl0", "dag0000", "task0001", "epoch1")


def trigger(**changes):
    return EarthEngineBulkTrigger(TASK.marker, **{"project_id": "emulator", "poll_interval": 0.02, **changes})


def started(earth_engine, count, task=TASK):
    """Start an operation for each of some items, and return the names."""
    return [
        operation.name
        for number in range(count)
        for operation in earth_engine.control.seed_operations(
            "emulator", description=f"item-{number}{task.for_item(str(number)).marker}"
        )
    ]


def endless(earth_engine, **settings):
    """Let nothing end by itself."""
    earth_engine.control.configure(time="looks=9999", **settings)


def listings(earth_engine):
    return len(earth_engine.control.ledger.entries("projects.operations.list"))
