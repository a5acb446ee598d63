"""Tell whether an asset is not there yet. No I/O."""

from __future__ import annotations

from airflow_provider_ee.client.errors import EarthEngineError, NotFound, PermissionDenied

__all__ = ["is_missing"]


def is_missing(error: EarthEngineError, *, wait_if_forbidden: bool) -> bool:
    """Whether an error says that there is no such asset.

    Args:
        error: What Earth Engine has answered to `assets.get`.
        wait_if_forbidden: Whether a refusal that leaves that open counts as well. If not, it is given a hint.
    """
    if isinstance(error, NotFound):
        return True
    if not isinstance(error, PermissionDenied) or not error.may_not_exist:
        return False
    if not wait_if_forbidden:
        error.hint = f"{error.hint or ''} To wait through this answer: wait_if_forbidden=True.".strip()
    return wait_if_forbidden
