"""Cold starts: a new interpreter each time, from nothing to the first answer."""

import base64
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tests.bench.measure import Contest, Row, Side
from tests.bench.recording import CONFIG, SECRET, SECRET_VALUE, VALUE, recorded
from tests.bench.replay import ENVIRONMENT

PEER = """
import time
began = time.process_time()
import boto3
client = boto3.client("dynamodb", region_name="us-east-1")
taken = time.process_time() - began
import json
print(json.dumps({"seconds": taken, "answer": client.meta.service_model.service_name}))
"""
HOW = (
    "CPU time inside a new interpreter (its own start not counted): import the handler, open its ports, answer one "
    "request over a cut wire; the peer imports boto3 and makes a DynamoDB client"
)


def rows() -> list[Row]:
    config = _cold("configs.get_config", CONFIG, {"value": VALUE}, VALUE)
    secret = _cold("secrets.get_secret", SECRET, {"type": "generic", "value": SECRET_VALUE}, SECRET_VALUE)
    return [
        Row("cold_config_read", "cold start of a config read, to the first answer", "ms", HOW, config),
        Row("cold_secret_read", "cold start of a secret read, to the first answer", "ms", HOW, secret),
    ]


def _cold(function: str, url: str, body: Any, value: Any) -> Callable[[], AbstractContextManager[Contest]]:
    @contextmanager
    def contest() -> Iterator[Contest]:
        recording = recorded([(url, body)], url)
        told = {
            "function": function,
            "event": recording.event,
            "key_set": recording.key_set.decode(),
            "heard": {name: base64.b64encode(answer).decode() for name, answer in recording.heard.items()},
        }
        with TemporaryDirectory() as directory:
            file = Path(directory, "recording.json")
            file.write_text(json.dumps(told))
            module = ("-m", "tests.bench.cold_start", str(file))
            yield Contest(
                _child("product", *module, right=lambda answer: answer == value),
                _child("import boto3 + DynamoDB client", "-c", PEER, right=lambda answer: answer == "dynamodb"),
                [_child("import of the handler alone", *module, "import", right=lambda answer: answer == function)],
            )

    return contest


def _child(name: str, *arguments: str, right: Callable[[Any], bool]) -> Side:
    def run() -> Any:
        environment = {**os.environ, **ENVIRONMENT}
        command = [sys.executable, *arguments]
        done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, check=True)
        return json.loads(done.stdout.splitlines()[-1])

    def cost(times: int) -> float:
        return float(sum(run()["seconds"] for _ in range(times)))

    return Side(name, lambda: run()["answer"], right, cost)
