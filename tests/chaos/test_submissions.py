"""All of the ways to lose an answer that tests/client/operations plays some of: no processes, no time."""

from tests.benchmarks.report import show
from tests.client.operations.matrix import CASES, run


def test_one_operation_for_each_demand_in_every_case():
    tally = run(CASES)
    show("Submissions", ["outcome", "cases"], tally.outcomes.most_common())
    assert len(CASES) >= 5000
    assert not tally.wrong
