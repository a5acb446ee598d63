"""Thousands of exports as one piece of work.

exports.py     what can be exported in bulk, and the words of each
items.py       what a user wants exported: an Item each, with a key of its own
census.py      one listing of the project's operations, sorted by item
standings.py   how each item stands, and whether a new operation is to be started for it
memory.py      what has to be known from one visit to the next and no listing tells
course.py      all items together, on a worker: look, submit what there is room for
watch.py       all items together, on a triggerer: only looking
cancelling.py  all items together: cancelled
tally.py       how many items stand how, as a line for the log
report.py      what is said of them in the end

What was started for an item is found by the marker at the end of its description, which carries a digest of the item's
key. So nothing has to be kept of an item between two visits but what Earth Engine itself does not know.
"""
