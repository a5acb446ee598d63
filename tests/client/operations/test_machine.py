"""A task instance to which anything happens in any order: one operation per demand, and results that speak of it."""

from collections import Counter

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from airflow_provider_ee.client.operations.markers import Ticket
from tests.client.operations.earth import Earth, Task

LOSSES = st.sampled_from(["none", "before", "after", "empty", "nameless", "empty without work"])


class TaskAtWork(RuleBasedStateMachine):
    """Airflow, a person, and an Earth Engine that loses, lags and is full."""

    @initialize(
        duplicate=st.sampled_from(["already-exists", "same-operation", "strange words"]),
        burns=st.booleans(),
        full_first=st.booleans(),
        keeps_notes=st.booleans(),
        deferrable=st.booleans(),
    )
    def begin(self, duplicate, burns, full_first, keeps_notes, deferrable):
        self.losses = []
        self.earth = Earth(duplicate, burns=burns, full_first=full_first, losses=iter(self._next_loss, None))
        self.task = Task(self.earth, keeps_notes=keeps_notes, deferrable=deferrable)
        self.waits_for = None
        self.done = False

    def _next_loss(self):
        return self.losses.pop(0) if self.losses else "none"

    @rule(losses=st.lists(LOSSES, max_size=5))
    def lose_answers(self, losses):
        self.losses[:] = losses

    @rule(list_lag=st.sampled_from([0.0, 30.0, 250.0]), get_lag=st.sampled_from([0.0, 30.0]))
    def lag(self, list_lag, get_lag):
        self.earth.list_lag, self.earth.get_lag = list_lag, get_lag

    @rule(submissions=st.integers(0, 3))
    def fill_the_queue(self, submissions):
        self.earth.full_for = submissions

    @rule(step=st.integers(0, 12))
    def kill_the_next_try(self, step):
        self.task.death = step

    @rule()
    def forget_the_note(self):
        self.task.note = None

    @rule(asks=st.sampled_from("abc"))
    def ask_for_something_else(self, asks):
        self.task.asks = asks

    @precondition(lambda self: self.waits_for is None and not self.done and self.task.permanent is None)
    @rule()
    def try_once(self):
        if self.task.attempt() == "started":
            started = self.task.started
            [work] = [one for one in self.earth.operations if one.name == started.operation.name]
            self.waits_for = work
            assert Ticket.read(work.description) == self.task.ticket
            assert started.destination in ({"place": work.destination}, None)
            assert not started.as_asked or work.destination == self.task.asks
            self._settle()

    @precondition(lambda self: self.waits_for is not None)
    @rule(state=st.sampled_from(["SUCCEEDED", "FAILED", "CANCELLED"]))
    def end_the_operation(self, state):
        self.waits_for.state = state
        self._settle()

    @precondition(lambda self: self.waits_for is not None)
    @rule()
    def end_the_wait(self):
        """Let whatever waits for the operation die: Airflow tries the task again."""
        self.waits_for = None

    def _settle(self):
        if not self.waits_for.active:
            self.done, self.waits_for = self.waits_for.state == "SUCCEEDED", None

    @rule()
    def clear(self):
        self.task.clear()
        self.waits_for, self.done = None, False

    @rule()
    def delete_the_run_and_make_it_again(self):
        self.task.delete_and_make_again()
        self.waits_for, self.done = None, False

    @rule()
    def let_time_pass(self):
        self.earth.now += 600.0

    @invariant()
    def no_demand_has_two_operations_that_work_or_have_worked(self):
        if not hasattr(self, "earth"):
            return
        wanted = Counter(
            Ticket.read(one.description) for one in self.earth.operations if one.active or one.state == "SUCCEEDED"
        )
        assert all(count == 1 for count in wanted.values())

    @invariant()
    def what_is_done_was_done_for_this_demand(self):
        if hasattr(self, "earth") and self.done:
            assert [one.state for one in self.task.own()].count("SUCCEEDED") == 1


TestTaskAtWork = TaskAtWork.TestCase
TestTaskAtWork.settings = settings(max_examples=150, stateful_step_count=30)
