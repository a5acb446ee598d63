"""Every item is exported exactly once through a network that loses a third of all answers; `make chaos` does more."""

import random

import pytest

from tests.client.bulk.faults import WORDINGS, draw_earth, export_with_faults


@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize("duplicate", WORDINGS)
def test_each_item_is_exported_once_whatever_is_lost(emulator, duplicate, seed):
    chance = random.Random(f"{seed}/{duplicate}")  # noqa: S311  # to be drawn again is what it is for
    emulator.control.configure(duplicate_request_id=duplicate, **draw_earth(chance, items=30))

    outcome = export_with_faults(emulator, chance, items=30, share=0.3)

    assert outcome.faults
    assert (outcome.doubled, outcome.lost, outcome.operations) == ([], [], 30)
