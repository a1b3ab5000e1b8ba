"""Requests are built at their first use, and any number of threads may have it together."""

import subprocess
import sys

FIRST_USE = """
import sys
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

sys.setswitchinterval(1e-6)
from llm_config_contract.configs import BatchConfigsRequest

assert not BatchConfigsRequest.__pydantic_complete__
together = Barrier(16)
BODY = '{"operations": [{"operation": "put", "path": "app/db", "environment": "production", "value": 1}], "atomic": true}'

def first_use(_):
    together.wait()
    return BatchConfigsRequest.model_validate_json(BODY).model_dump_json()

with ThreadPoolExecutor(16) as threads:
    (told,) = set(threads.map(first_use, range(16)))
assert "production" in told
"""


def test_threads_that_meet_a_request_first_are_all_told_the_same() -> None:
    done = subprocess.run([sys.executable, "-c", FIRST_USE], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
