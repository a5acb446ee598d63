"""A person clears a task just after it let go of its worker: its old operation is gone before the new one starts."""

import time

from tests.airflow.polling import until
from tests.chaos.invariants import judge
from tests.chaos.pace import Pace
from tests.chaos.report import table
from tests.chaos.work import Work

SECONDS = (0.1, 10)
LASTING = (40, 60)


def overlapping(work):
    """The tasks whose operations were under way at the same time, or not cancelled for the next one."""
    found, before = [], {}
    for label, epoch, operation in work.operations():
        if old := before.get(label):
            gone = old.ended is not None and old.ended <= operation.created
            if not gone or str(old.state) != "CANCELLED":
                found.append(f"{label} in epoch {epoch}: {old.name} is {old.state}, ended {old.ended}")
        before[label] = operation
    return found


def clear_each(work, delays):
    """Clear each run as many seconds after its deferral as it is given."""
    due = {}

    def all_cleared():
        now = time.monotonic()
        deferred = {task.label.partition(":")[0] for task in work.tasks() if task.state == "deferred"}
        for name in deferred & delays.keys():
            due[name] = now + delays.pop(name)
        for name in [name for name, moment in due.items() if moment <= now]:
            del due[name]
            work.runs[name].clear("deferred")
        return not delays and not due

    until(all_cleared, timeout=600, waiting_for="every task to be deferred and cleared")


def test_a_cleared_task_has_one_operation_after_the_other(airflow, emulator, chance, amount):
    clears = amount(6, 30)
    work = Work(airflow, emulator.control)
    with Pace(emulator.control, chance, *LASTING):
        runs = work.start("one_export", clears)
        clear_each(work, {name: chance.uniform(*SECONDS) for name in runs})
        last_clear = time.monotonic()
        work.wait()
        seconds = time.monotonic() - last_clear
    judgement = judge(work, ended={task.label for task in work.tasks()})
    table("clears 0.1 to 10 s after a deferral", {"clears": clears}, judgement, seconds)
    assert not judgement.complaints, airflow.logs()
    assert not overlapping(work)
    assert judgement.operations == 2 * clears
