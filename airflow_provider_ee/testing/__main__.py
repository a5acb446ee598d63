"""`python -m airflow_provider_ee.testing`: compare an Earth Engine with what this provider assumes of it.

It submits about twenty exports of one pixel, waits for some of them, makes a few empty assets and deletes them again:
minutes, and far less than one EECU-hour. The report holds the raw answers and no secret; please send it with an issue.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

from airflow_provider_ee import __version__
from airflow_provider_ee.client.auth.credentials import load_credentials
from airflow_provider_ee.client.errors import EarthEngineError
from airflow_provider_ee.client.http.retry import RetryPolicy
from airflow_provider_ee.testing.conformance import SUBJECTS, run_checks
from airflow_provider_ee.testing.conformance.findings import Finding, format_line, summarise
from airflow_provider_ee.testing.conformance.session import RecordingClient, Session

__all__ = ["main"]


def main(arguments: list[str] | None = None) -> int:
    """Run the checks, print a line for each finding and write the report.

    Args:
        arguments: The command line; by default that of the process.

    Returns:
        0 if nothing was seen that contradicts an assumption, 1 if something was, 2 if nothing could be asked.
    """
    parser = _parser()
    given = parser.parse_args(arguments)
    with ExitStack() as stack:
        try:
            client = stack.enter_context(_open(given))
            session = Session(
                client,
                given.bucket,
                storage=stack.enter_context(_open(given, service="storage")) if given.bucket else None,
                unbilled=None if given.connection else stack.enter_context(_open(given, quota_project="none")),
                patience=given.patience,
                pause=given.pause,
            )
        except EarthEngineError as error:
            parser.error(str(error))
        findings: list[tuple[str, Finding]] = []
        for subject, finding in run_checks(session, given.only or SUBJECTS):
            findings.append((subject, finding))
            sys.stdout.write(f"{format_line(subject, finding)}\n")
            sys.stdout.flush()
    facts = {"version": __version__, "time": datetime.now(UTC).isoformat(), "endpoint": str(client.url)}
    report = json.dumps(summarise(findings, facts, session.replies), indent=1, ensure_ascii=False)
    given.output.write_text(report, encoding="utf-8")
    counts = Counter(finding.verdict for _, finding in findings)
    told = ", ".join(f"{number} {verdict}" for verdict, number in counts.items())
    sys.stdout.write(f"{told}; the raw answers are in {given.output}\n")
    return 1 if any(finding.holds is False for _, finding in findings) else 0


def _open(given: argparse.Namespace, service: str | None = None, quota_project: str | None = None) -> RecordingClient:
    once = RetryPolicy(attempts=1)
    if given.connection:
        from airflow_provider_ee.hooks.earthengine import EarthEngineHook

        hook = EarthEngineHook(given.connection, project_id=given.project, endpoint=given.endpoint)
        return hook.open_client(RecordingClient, once, service)
    return RecordingClient(
        given.project,
        credentials=load_credentials(key_path=given.key_file) if given.key_file else None,
        endpoint=given.endpoint or (f"https://{service}.googleapis.com" if service else "standard"),
        quota_project=quota_project,
        retry=once,
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m airflow_provider_ee.testing",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--project", required=True, help="the Google Cloud project, registered for Earth Engine")
    parser.add_argument("--bucket", help="a Cloud Storage bucket to export to; a few small files stay there")
    parser.add_argument(
        "--connection", help="an Airflow connection; by default Application Default Credentials are used"
    )
    parser.add_argument("--key-file", help="the key file of a service account, instead")
    parser.add_argument("--endpoint", help="high-volume, or the URL of an emulator")
    parser.add_argument("--only", nargs="+", choices=list(SUBJECTS), help="the subjects to check; by default all")
    parser.add_argument("--patience", type=float, default=900.0, help="seconds to wait for one operation")
    parser.add_argument("--pause", type=float, default=5.0, help="seconds between two looks at it")
    parser.add_argument(
        "--output", type=Path, default=Path("conformance.json"), help="the report (default: %(default)s)"
    )
    return parser


if __name__ == "__main__":
    sys.exit(main())
