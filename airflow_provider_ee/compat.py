"""Names of Airflow that have moved since 3.1, from where they are now.

Not from `airflow.providers.common.compat.sdk`: Airflow 3.1 is content with common-compat 1.7.4, which has no such
module, 1.12 knows no `determine_kwargs`, and no release yet `TaskDeferralTimeout`.
"""

from __future__ import annotations

try:
    from airflow.sdk.bases.decorator import determine_kwargs
    from airflow.sdk.configuration import conf
    from airflow.sdk.exceptions import (
        AirflowException,
        AirflowFailException,
        AirflowNotFoundException,
        AirflowSensorTimeout,
        AirflowSkipException,
        AirflowTaskTimeout,
        TaskDeferralTimeout,
    )
except ImportError:  # Airflow 3.1
    from airflow.configuration import conf
    from airflow.exceptions import (  # type: ignore[attr-defined,no-redef]  # the same, where 3.1 has them
        AirflowException,
        AirflowFailException,
        AirflowNotFoundException,
        AirflowSensorTimeout,
        AirflowSkipException,
        AirflowTaskTimeout,
        TaskDeferralTimeout,
    )
    from airflow.utils.operator_helpers import determine_kwargs  # type: ignore[attr-defined]  # the same

__all__ = [
    "AirflowException",
    "AirflowFailException",
    "AirflowNotFoundException",
    "AirflowSensorTimeout",
    "AirflowSkipException",
    "AirflowTaskTimeout",
    "TaskDeferralTimeout",
    "conf",
    "determine_kwargs",
]
