from tests.client.operations.matrix import CASES, run


def test_one_operation_for_each_demand_whatever_is_lost_and_whoever_dies():
    tally = run(CASES[::83])
    assert not tally.wrong
    assert tally.outcomes["once"] > 0.75 * tally.outcomes.total()
