"""Operations of different lengths: the emulator itself knows one length, or no end, for all."""

import random
import threading
from typing import TYPE_CHECKING, Self

from tests.chaos.work import label_and_epoch

if TYPE_CHECKING:
    from airflow_provider_ee.emulator.control.control import Control
    from airflow_provider_ee.emulator.state.operation import Operation

ENDLESS = "seconds=100000"
_TICK = 0.2


class Pace:
    """Lets each operation last between `shortest` and `longest` seconds, for as long as a `with` block lasts.

    What was started before counts from the beginning of the block. With the same seed an operation lasts as long as
    the last time.

    Args:
        control: The Earth Engine.
        chance: What the lengths are drawn from.
        shortest: In seconds.
        longest: In seconds.

    Attributes:
        at_least: So many operations go on in any case, however slow Airflow is to start others.
    """

    at_least = 0

    def __init__(self, control: "Control", chance: random.Random, shortest: float, longest: float) -> None:
        self._control = control
        self._clock = control.world.clock
        self._seed = chance.random()
        self._range = (shortest, longest)
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, name="pace", daemon=True)

    def __enter__(self) -> Self:
        self._control.configure(time=ENDLESS)
        self._begun = self._clock()
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._over.wait(_TICK):
            active = [operation for operation in self._control.operations() if not operation.state.terminal]
            due = [operation for operation in active if self._end(operation) <= self._clock()]
            for operation in due[: max(0, len(active) - self.at_least)]:
                self._control.finish(operation.name)

    def _end(self, operation: "Operation") -> float:
        return max(operation.created, self._begun) + self._length(operation)

    def _length(self, operation: "Operation") -> float:
        chance = random.Random(f"{self._seed}/{label_and_epoch(operation)}")  # noqa: S311  # guards nothing
        return chance.uniform(*self._range)
