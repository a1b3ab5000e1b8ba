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

START_SECONDS, STOP_SECONDS = 60, 5
PAUSE = 0.1


@contextmanager
def running(python: Path, port: int) -> Iterator[str]:
    """The URL of a LocalStack that holds nothing yet and forgets everything at the end. Raises NotHere."""
    check_free(port)
    state = LOCAL / "localstack" / str(port)
    shutil.rmtree(state, ignore_errors=True)
    (state / "tmp").mkdir(parents=True)
    url, log_file = f"http://127.0.0.1:{port}", state.with_suffix(".log")
    with log_file.open("wb") as log:
        process = subprocess.Popen(  # noqa: S603 - the interpreter of the environment that we made
            [python, "-m", "localstack.runtime.main"],
            env=_environment(port, state),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    try:
        _wait(process, url, log_file)
        check_own(port, process.pid)
        yield url
    finally:
        _end(process)
        shutil.rmtree(state, ignore_errors=True)


def _environment(port: int, state: Path) -> dict[str, str]:
    """Nothing of ours but where programs are found: no credential, no proxy, no setting for another LocalStack."""
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(state),
        "TMPDIR": str(state / "tmp"),
        "FILESYSTEM_ROOT": str(state),
        "GATEWAY_LISTEN": f"127.0.0.1:{port}",
        "LOCALSTACK_HOST": f"127.0.0.1:{port}",
        "LAMBDA_RUNTIME_EXECUTOR": "process",
        "PROVIDER_OVERRIDE_DYNAMODB": "moto",
        "PROVIDER_OVERRIDE_DYNAMODBSTREAMS": "moto",
        "DISABLE_EVENTS": "1",
        "SKIP_SSL_CERT_DOWNLOAD": "1",
        "DNS_ADDRESS": "0",
    }


def _wait(process: "subprocess.Popen[bytes]", url: str, log: Path) -> None:
    end = time.monotonic() + START_SECONDS
    while not _is_ready(url):
        if process.poll() is not None or time.monotonic() > end:
            raise NotHere(f"LocalStack does not start; {log} says why")
        time.sleep(PAUSE)


def _is_ready(url: str) -> bool:
    directly = build_opener(ProxyHandler({}))
    try:
        with directly.open(f"{url}/_localstack/init/ready", timeout=2) as answer:
            return json.load(answer).get("completed") is True
    except (OSError, ValueError):
        return False


def _end(process: "subprocess.Popen[bytes]") -> None:
    """By its pid, for it may hang when it is asked politely. Its functions' processes end when nobody answers them."""
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
