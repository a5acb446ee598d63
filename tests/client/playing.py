"""Play a flow to its end with answers made up beforehand."""

from collections.abc import Iterable
from typing import Any

from airflow_provider_ee.client.rest.flows import Pause


def play(flow: Any, answers: Iterable[Any]) -> tuple[Any, list[Any]]:
    """Return the flow's result and all that it yielded. An answer that is an error is thrown into it."""
    left, asked, reply = iter(answers), [], None
    while True:
        try:
            wanted = flow.throw(reply) if isinstance(reply, Exception) else flow.send(reply)
        except StopIteration as end:
            assert list(left) == [], "The flow ended before it asked for all answers."
            return end.value, asked
        asked.append(wanted)
        reply = None if isinstance(wanted, Pause) else next(left)
