"""A download in a process of its own, as `python -m tests.client.pixels.child` runs it.

It prints its result and the most memory that it ever had, in bytes, as JSON.
"""

import json
import subprocess
import sys
from dataclasses import asdict
from typing import Any

from airflow_provider_ee.client import Client
from tests.benchmarks.memory import most_memory


def download(url: str, *, output: Any, **arguments: Any) -> subprocess.Popen[str]:
    """Start a download from an emulator."""
    command = [
        sys.executable,
        "-m",
        "tests.client.pixels.child",
        json.dumps({**arguments, "output_path": output}, default=str),
    ]
    environment = {"EARTHENGINE_EMULATOR_HOST": url}
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def finished(child: subprocess.Popen[str]) -> dict[str, Any]:
    """Wait for a download and return what it printed."""
    printed, said = child.communicate()
    assert child.returncode == 0, said
    return dict(json.loads(printed))


if __name__ == "__main__":
    with Client("my-project") as client:
        result = client.download_pixels(**json.loads(sys.argv[1]))
    sys.stdout.write(json.dumps({**asdict(result), "memory": most_memory()}))  # type: ignore[call-overload]
