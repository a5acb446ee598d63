"""The suite once more for each thing that nobody knows of the real Earth Engine, the other way round.

By default the emulator is as strict as public evidence says the service is. Whatever it turns out to be, the provider
has to work: here each switch is turned, and every test that talks to the emulator has to pass all the same, but for
those that are about that switch.
"""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.benchmarks.report import show

REPOSITORY = Path(__file__).parents[2]
#: Where the provider meets the emulator; real processes have tests of their own.
SUITE = ["tests/client", "tests/decorators", "tests/hooks", "tests/operators", "tests/sensors", "tests/testing"]
SUITE += ["tests/triggers", "tests/test_docs.py", "tests/test_secrets.py"]

#: A switch turned the other way, and the tests that say what happens the one way: nothing else may depend on it.
SWITCHES: dict[str, tuple[dict[str, object], str]] = {
    "descriptions may hold anything": ({"descriptions": "anything"}, ""),
    "descriptions of imports come back": ({"import_descriptions": "echoed"}, ""),
    "a duplicate is the same operation": ({"duplicate_request_id": "same-operation"}, ""),
    "a duplicate is a conflict": ({"duplicate_request_id": "already-exists"}, ""),
    "a duplicate is a field violation": ({"duplicate_request_id": "field-violation"}, ""),
    "a full queue is a bad request": ({"queue_full_status": 400}, ""),
    "a full queue keeps the request id": ({"queue_full_burns_request_id": False}, ""),
    "new operations are listed late": ({"list_lag": "looks=2"}, ""),
    "new operations are seen late": ({"get_lag": "looks=2"}, ""),
    "an asset that exists is refused at once": ({"cannot_overwrite": "submission"}, ""),
    "missing buckets fail": ({"missing_bucket": "fails"}, ""),
    "tables have the old file names": ({"table_file_names": "ee-export"}, ""),
    "missing assets of others are not found": ({"foreign_assets": "not-found"}, ""),
    "cancelling what is over is refused": ({"cancel_finished_status": 400}, ""),
    "unknown fields are ignored": ({"unknown_fields": "ignored"}, ""),
    "property keys may hold anything": ({"property_keys": "anything"}, ""),
    "names of assets may hold anything": ({"asset_ids": "anything"}, ""),
    "nobody has to be named to pay": ({"user_project": "optional"}, ""),
    "every request needs a bearer": ({"require_bearer": True}, ""),
    "the project is restricted": ({"restricted": True}, ""),
    "partial responses are refused": ({"partial_responses": "refused"}, ""),
    "partial responses are ignored": ({"partial_responses": "ignored"}, ""),
}


def run_suite(settings, left_out):
    """Run the tests with an emulator of these settings; return passed, failed and the names of those that failed."""
    command = [sys.executable, "-m", "pytest", "-q", "-n", "2", "--dist", "loadgroup", "-m", "not services", *SUITE]
    if left_out:
        command += ["-k", f"not ({left_out})"]
    environment = {**os.environ, "EMULATOR_SETTINGS": json.dumps(settings)}
    done = subprocess.run(command, cwd=REPOSITORY, env=environment, capture_output=True, text=True, check=False)
    counts = {word: int(number) for number, word in re.findall(r"(\d+) (passed|failed|error)", done.stdout)}
    failed = re.findall(r"^(?:FAILED|ERROR) (\S+)", done.stdout, re.MULTILINE)
    return counts.get("passed", 0), failed


@pytest.mark.parametrize("switch", SWITCHES)
def test_the_provider_works_whichever_way_it_turns_out(switch):
    settings, left_out = SWITCHES[switch]
    passed, failed = run_suite(settings, left_out)
    show(
        "switch", ("switch", "passed", "failed"), [[switch, passed, len(failed)], *([name, "", ""] for name in failed)]
    )
    assert passed > 500
    assert failed == []
