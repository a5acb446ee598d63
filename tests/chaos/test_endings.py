"""What a person ends at any moment is cancelled at Earth Engine, however slow that is, and nothing else is."""

import time
from collections import Counter
from dataclasses import dataclass

from tests.airflow.polling import until
from tests.airflow.rest import Run
from tests.chaos.invariants import judge
from tests.chaos.pace import ENDLESS
from tests.chaos.report import diary, table
from tests.chaos.work import Work

ONE_OF_TEN = "mark one of ten failed"
ACTIONS = (*["mark failed", "mark success", "clear", "fail the run"] * 2, ONE_OF_TEN)
CANCEL_TAKES = (0, 1, 5, 20)
MOMENTS = (0, 20)
SOON = 60
#: A task that is ended so soon after its submission may have no trigger yet that could hear of it.
UNHEARD = 10


@dataclass
class Ending:
    """A person's action upon a task, some seconds after it has started its operation."""

    action: str
    run: Run
    label: str
    after: float
    done_at: float = 0.0

    @property
    def task_is_given_up(self) -> bool:
        return self.action != "clear"

    def do(self) -> None:
        if self.action == ONE_OF_TEN:
            self.run.mark("deferred", "failed", map_index=int(self.label.rpartition(":")[2]))
        elif self.action == "fail the run":
            self.run.fail()
        elif self.action == "clear":
            self.run.clear("deferred")
        else:
            self.run.mark("deferred", self.action.removeprefix("mark "))
        self.done_at = time.time()


def planned(work, chance, actions):
    """Start a run for each action."""
    endings = []
    for action in actions:
        one_of_ten = action == ONE_OF_TEN
        [(name, run)] = work.start("ten_exports" if one_of_ten else "one_export").items()
        label = f"{name}:deferred:{chance.randrange(10) if one_of_ten else -1}"
        endings.append(Ending(action, run, label, after=chance.uniform(*MOMENTS)))
    return endings


def first_operations(work):
    """The first operation of each task."""
    return {label: operation for label, _, operation in reversed(work.operations())}


def do_all(work, endings, say):
    """Do each action at its moment."""
    left = list(endings)

    def none_left():
        operations = first_operations(work)
        for ending in [ending for ending in left if ending.label in operations]:
            if operations[ending.label].created + ending.after <= time.time():
                left.remove(ending)
                ending.do()
                say(
                    f"{ending.action} of {ending.label} after {ending.done_at - operations[ending.label].created:.1f} s"
                )
        return not left

    until(none_left, timeout=900, waiting_for="every task to have its operation and be ended")


def going_on(work, endings):
    """The endings whose operation is not over."""
    operations = first_operations(work)
    return [ending for ending in endings if not operations[ending.label].state.terminal]


def test_what_a_person_ends_is_cancelled_and_nothing_else(airflow, emulator, chance, amount):
    say = diary()
    count, without_triggerer = amount(12, 180), amount(3, 20)
    emulator.control.configure(time=ENDLESS)
    actions = [ACTIONS[number % len(ACTIONS)] for number in range(count + without_triggerer)]
    chance.shuffle(actions)
    for _ in range(count):
        seconds = chance.choice(CANCEL_TAKES)
        emulator.control.arm("delay", "projects.operations.cancel", seconds=seconds)
    work = Work(airflow, emulator.control)
    work.start("one_export", count // 4)
    endings = planned(work, chance, actions)
    heard, unheard = endings[:count], endings[count:]

    do_all(work, heard, say)
    until(
        lambda: all(time.time() > ending.done_at + SOON for ending in going_on(work, heard)),
        timeout=2 * SOON,
        waiting_for="every operation to be cancelled or late",
    )
    operations = first_operations(work)
    left = going_on(work, heard)
    ages = {ending.label: round(ending.done_at - operations[ending.label].created, 1) for ending in left}
    say(f"{len(left)} of {count} went on; they were ended so many seconds after their submission: {ages}")

    [triggerer] = airflow.triggerers
    triggerer.kill()
    do_all(work, unheard, say)
    airflow.start_triggerer()
    cleaning = airflow.trigger("orphans")
    assert cleaning.wait(timeout=300) == "success", cleaning.log("cancel")
    found = [orphan["name"] for orphan in cleaning.xcom("cancel")]
    until(lambda: not going_on(work, endings), timeout=SOON, waiting_for="the last operations to be cancelled")
    say(f"{len(found)} operations were found by EarthEngineCancelOrphansOperator")

    emulator.control.configure(time="at once")
    end = time.monotonic()
    work.wait()
    ended = {ending.label for ending in endings}
    judgement = judge(work, ended=ended, given_up={ending.label for ending in endings if ending.task_is_given_up})
    done = {
        **Counter(actions),
        "ended without a triggerer": without_triggerer,
        "found by the orphan operator": len(found),
    }
    table("a person's actions", done, judgement, time.monotonic() - end)
    late = {label: age for label, age in ages.items() if age > UNHEARD}
    assert not late, airflow.logs()
    assert {str(operation.state) for label, operation in operations.items() if label in ended} == {"CANCELLED"}
    assert not judgement.complaints, airflow.logs()
