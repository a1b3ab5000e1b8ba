"""`python -m llm_config_localstack`: LocalStack, the stacks in it and HTTP before them, until SIGTERM or Ctrl-C."""

import argparse
import json
import os
import signal
import socket
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from time import perf_counter
from typing import Any, TypeVar

import boto3
from botocore.config import Config

from llm_config_local.adapters.key_file import write_durably
from llm_config_local.front import front
from llm_config_local.home import bound_socket
from llm_config_local.serve import serve_application
from llm_config_localstack import server, venv
from llm_config_localstack.deploy import credentials, deploy, first_token
from llm_config_localstack.functions import DeployedFunctions
from llm_config_localstack.listeners import check_free
from llm_config_localstack.places import LOCAL, STAGE, NotHere

T = TypeVar("T")
CONCURRENCY = 40
"""As many requests at once as the front has threads."""


def up(localstack: AbstractContextManager[str], listener: socket.socket, ready_file: Path | None) -> None:
    """Raises NotHere. `ready_file` appears when requests are answered, and says how to be somebody."""
    with localstack as url:
        _say(f"LocalStack listens at {url}")
        _timed("bootstrap and deployment", lambda: deploy(url))
        functions = DeployedFunctions(_client("lambda", url), STAGE.prefix)
        told = _told(url, listener.getsockname()[1])
        write_durably(LOCAL / "localstack-token", told["platform_token"].encode())

        def ready() -> None:
            if ready_file:
                write_durably(ready_file, json.dumps(told).encode())
            _say(f"the deployed API answers at {told['url']}; .local/localstack-token is its first administrator's")

        serve_application(front(functions.handler_of), listener, ready)


def _localstack(at: str, port: int) -> AbstractContextManager[str]:
    """One that runs already, as it is; else one of our own."""
    if at:
        return nullcontext(at)
    return server.running(_timed("virtual environment", venv.python), port)


def _told(url: str, port: int) -> dict[str, Any]:
    """Where the API is, and the deployment's own issuer, whose KMS key signs tokens that it takes."""
    function = _client("lambda", url).get_function_configuration(FunctionName=f"{STAGE.prefix}-create_service_token")
    settings = function["Environment"]["Variables"]
    issuer = settings["LLM_CONFIG_TOKEN_ISSUER"]
    return {
        "url": f"http://127.0.0.1:{port}",
        "pid": os.getpid(),
        "platform_token": first_token(url),
        "issuer": issuer,
        "key": json.loads(settings["LLM_CONFIG_ISSUERS"])[issuer].removeprefix("kms:"),
        "aws": credentials(url),
    }


def _client(service: str, url: str) -> Any:
    told = credentials(url)
    session: Any = boto3.Session(
        told["AWS_ACCESS_KEY_ID"], told["AWS_SECRET_ACCESS_KEY"], region_name=told["AWS_REGION"]
    )
    config = Config(max_pool_connections=CONCURRENCY, retries={"total_max_attempts": 1}, read_timeout=60)
    return session.client(service, endpoint_url=url, config=config)


def _timed(what: str, work: Callable[[], T]) -> T:
    began = perf_counter()
    done = work()
    _say(f"{what}: {perf_counter() - began:.1f} s")
    return done


def _say(line: str) -> None:
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()


def main() -> int:
    asked = argparse.ArgumentParser(prog="llm_config_localstack", description=__doc__)
    asked.add_argument("--at", default="", metavar="URL", help="a LocalStack that runs already; none is started")
    asked.add_argument("--port", type=int, default=4566, help="LocalStack's (default: 4566)")
    asked.add_argument("--front-port", type=int, default=8081, help="the API's; 0: any free port (default: 8081)")
    asked.add_argument("--ready-file", type=Path, help="appears, with the URL in it, once requests are answered")
    options = asked.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))  # so that LocalStack is ended on the way out, at any moment
    try:
        check_free(options.front_port)  # told before the minute's work
        listener = bound_socket(options.front_port, 0)
        up(_localstack(options.at, options.port), listener, options.ready_file)
    except NotHere as error:
        _say(f"error: {error}")
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
