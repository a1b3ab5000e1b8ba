"""LocalStack as a process of ours: started, known by its pid, ended by its pid."""

import json
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.request import ProxyHandler, build_opener

from llm_config_localstack.listeners import check_free, check_own
from llm_config_localstack.places import LOCAL, NotHere

STATE = LOCAL / "localstack"
START_SECONDS, STOP_SECONDS = 60, 5
PAUSE = 0.1


@contextmanager
def running(python: Path, port: int) -> Iterator[str]:
    """The URL of a LocalStack that holds nothing yet and forgets everything at the end. Raises NotHere."""
    check_free(port)
    shutil.rmtree(STATE, ignore_errors=True)
    (STATE / "tmp").mkdir(parents=True)
    url = f"http://127.0.0.1:{port}"
    with (STATE / "log").open("wb") as log:
        process = subprocess.Popen(  # noqa: S603 - the interpreter of the environment that we made
            [python, "-m", "localstack.runtime.main"],
            env=_environment(port),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
        try:
            _wait(process, url)
            check_own(port, process.pid)
            yield url
        finally:
            _end(process)


def _environment(port: int) -> dict[str, str]:
    """Nothing of ours but where programs are found: no credential, no proxy, no setting for another LocalStack."""
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(STATE),
        "TMPDIR": str(STATE / "tmp"),
        "FILESYSTEM_ROOT": str(STATE),
        "GATEWAY_LISTEN": f"127.0.0.1:{port}",
        "LOCALSTACK_HOST": f"127.0.0.1:{port}",
        "LAMBDA_RUNTIME_EXECUTOR": "process",
        "PROVIDER_OVERRIDE_DYNAMODB": "moto",
        "PROVIDER_OVERRIDE_DYNAMODBSTREAMS": "moto",
        "DISABLE_EVENTS": "1",
        "SKIP_SSL_CERT_DOWNLOAD": "1",
        "DNS_ADDRESS": "0",
    }


def _wait(process: "subprocess.Popen[bytes]", url: str) -> None:
    end = time.monotonic() + START_SECONDS
    while not _is_ready(url):
        if process.poll() is not None or time.monotonic() > end:
            raise NotHere(f"LocalStack does not start; its log is {STATE / 'log'}")
        time.sleep(PAUSE)


def _is_ready(url: str) -> bool:
    directly = build_opener(ProxyHandler({}))
    try:
        with directly.open(f"{url}/_localstack/init/ready", timeout=2) as answer:
            return json.load(answer).get("completed") is True
    except (OSError, ValueError):
        return False


def _end(process: "subprocess.Popen[bytes]") -> None:
    """By its pid, with the functions' processes that it started; it may hang when it is asked politely."""
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
