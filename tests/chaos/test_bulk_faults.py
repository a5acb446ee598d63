"""Three hundred items through a network that answers 10 to 30 % of all requests with one of twenty faults."""

import random
from collections import Counter

import pytest

from airflow_provider_ee.client.bulk import run
from tests.benchmarks.report import show
from tests.client.bulk.faults import FAULTS, WORDINGS, draw_earth, export_with_faults

ITEMS = 300
SHARES = (0.1, 0.2, 0.3)


@pytest.fixture
def earth_engine(shared_emulator, monkeypatch):
    """An Earth Engine on whose list nobody waits."""
    monkeypatch.setattr(run, "_SECONDS_BETWEEN_LOOKS", 0.0)  # ten
    return shared_emulator


def test_three_hundred_items_are_each_exported_once_whatever_is_lost(earth_engine, seed, amount):
    rows, met, wrong = [], Counter(), []
    for wording in WORDINGS:
        outcomes = []
        for number in range(amount(3, 20)):
            chance = random.Random(f"{seed}/{number}/{wording}")  # noqa: S311  # to be drawn again is what it is for
            earth_engine.control.reset()
            earth_engine.control.configure(duplicate_request_id=wording, **draw_earth(chance, items=ITEMS))
            outcome = export_with_faults(earth_engine, chance, items=ITEMS, share=chance.choice(SHARES))
            outcomes.append(outcome)
            met += outcome.met
            if outcome.doubled or outcome.lost:
                wrong.append((number, wording, outcome.doubled, outcome.lost))
        rows.append(
            [
                wording,
                len(outcomes),
                sum(outcome.operations for outcome in outcomes),
                sum(outcome.faults for outcome in outcomes),
                max(outcome.tries for outcome in outcomes),
                sum(len(outcome.doubled) for outcome in outcomes),
                sum(len(outcome.lost) for outcome in outcomes),
            ]
        )
    show(
        f"{ITEMS} items through a faulty network, SEED={seed}",
        ("a duplicate is answered", "seeds", "operations", "faults", "most tries", "doubled", "lost"),
        rows,
    )
    show("faults met", ("", "times"), [[name, met[name]] for name in FAULTS])
    assert not wrong
