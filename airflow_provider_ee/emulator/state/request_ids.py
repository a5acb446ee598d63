"""Which requestIds are taken, and what a second request with the same one is answered."""

from airflow_provider_ee.emulator.envelope import ApiError, field_violation
from airflow_provider_ee.emulator.state.operation import Operation, Submission
from airflow_provider_ee.emulator.state.switches import Duplicate

__all__ = ["RequestIds"]


class RequestIds:
    """The requestIds of all users. An id belongs to a user: another user's is another one."""

    def __init__(self) -> None:
        self._taken: dict[tuple[str, str], Operation | None] = {}

    def clear(self) -> None:
        """Forget all ids."""
        self._taken.clear()

    def take(self, asked: Submission, operation: Operation | None) -> None:
        """Note that an id has started an operation, or None: that it is used up without one."""
        if asked.request_id:
            self._taken[asked.user, asked.request_id] = operation

    def forget(self, operation: Operation) -> None:
        """Forget the id of an operation that is forgotten."""
        key = (operation.asked.user, operation.asked.request_id)
        if self._taken.get(key) is operation:
            del self._taken[key]

    def earlier(self, user: str, request_id: str, fingerprint: str, mode: Duplicate) -> Operation | None:
        """Return the operation that answers for a repeated request; None where the request is a new one.

        Args:
            user: Who asks.
            request_id: The id; empty for none.
            fingerprint: A digest of the request's body.
            mode: What a repetition is answered.

        Raises:
            ApiError: The id is taken, and nothing else is said.
        """
        if not request_id or (user, request_id) not in self._taken or mode is Duplicate.NEW_OPERATION:
            return None
        operation = self._taken[user, request_id]
        if mode is Duplicate.ALREADY_EXISTS:
            raise ApiError("ALREADY_EXISTS", f"An operation with request_id '{request_id}' already exists.")
        if mode is Duplicate.FIELD_VIOLATION:
            raise field_violation("request_id", f"Duplicate request_id '{request_id}'")
        # Seen in public code for an identical repetition too, although Google's JavaScript client says otherwise.
        if operation is None or mode is Duplicate.INVALID or operation.asked.fingerprint != fingerprint:
            raise ApiError("INVALID_ARGUMENT", "A different Operation was already started with the given request_id")
        return operation
