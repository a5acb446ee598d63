"""Thousands of exports as one piece of work.

items.py        what a user wants exported: an Item each, with a key of its own
snapshot.py     one listing of the project's operations, sorted by item
item_states.py  the state of each item, and whether a new operation is to be started for it
saved_state.py  what has to be known from one visit to a worker to the next and no listing tells
run.py          all items together, on a worker: look, submit what there is room for
tracker.py      all items together, on a triggerer: only looking
cancel.py       all items together: cancelled
counts.py       how many items are in which state, as a line for the log
results.py      what the task returns and reports of the items

What was started for an item is found by the marker at the end of its description, which carries a digest of the item's
key. So nothing has to be kept of an item between two visits but what Earth Engine itself does not know.
"""
