"""An execution environment without LocalStack: a process that speaks the Runtime API, asked one thing after another."""

import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from llm_config_localstack_plugin.runtime_api import Invocation, Outcome
from llm_config_localstack_plugin.sandbox import InitFailed, Sandbox
from tests.support.processes import until

RUNTIME = """
import http.client, json, os, sys, time

def call(method, path, body=None, **more):
    connection = http.client.HTTPConnection(os.environ["AWS_LAMBDA_RUNTIME_API"])
    connection.request(method, "/2018-06-01/runtime" + path, body, **more)
    reply = connection.getresponse()
    return reply, reply.read()

if "BROKEN" in os.environ:
    call("POST", "/init/error", json.dumps({"errorType": "ImportError"}))
    sys.exit(1)
while True:
    reply, event = call("GET", "/invocation/next")
    if reply.status != 200:
        sys.exit(0)
    told, request = json.loads(event), "/invocation/" + reply.headers["Lambda-Runtime-Aws-Request-Id"]
    print("asked", told, flush=True)
    if told == "hang":
        time.sleep(60)
    if told == "end":
        os._exit(3)
    if told == "raise":
        call("POST", request + "/error", json.dumps({"errorType": "ValueError"}))
    elif told == "long":
        parts = iter([b"x" * 70_000, b"y" * 70_000])
        call("POST", request + "/response", parts, encode_chunked=True, headers={"Transfer-Encoding": "chunked"})
    else:
        call("POST", request + "/response", json.dumps([os.getpid(), told, sorted(os.environ)]))
"""


def invocation(event: str, number: int = 1) -> Invocation:
    return Invocation(f"request-{number}", f'"{event}"'.encode(), "arn:aws:lambda:::function:f", "Root=1", 0)


@pytest.fixture
def sandbox(tmp_path: Path) -> Iterator[Sandbox]:
    new = Sandbox([sys.executable, "-c", RUNTIME], tmp_path, {"TOLD": "1"})
    try:
        yield new
    finally:
        new.stop()


@pytest.fixture
def ask(sandbox: Sandbox) -> Callable[..., Outcome]:
    sandbox.start()
    return lambda event, seconds=20.0, number=1: sandbox.invoke(invocation(event, number), seconds)


def test_one_process_answers_one_question_after_another(ask: Callable[..., Outcome]) -> None:
    answers = [ask("hello", number=number) for number in (1, 2)]
    assert answers[0] == answers[1]
    assert b'"hello"' in answers[0].payload and not answers[0].is_error


def test_a_process_knows_what_it_is_told_and_nothing_of_its_parents(ask: Callable[..., Outcome]) -> None:
    known = ask("hello").payload
    assert b'"TOLD"' in known and b'"AWS_LAMBDA_RUNTIME_API"' in known
    assert b'"PATH"' not in known


def test_an_answer_in_chunks_comes_whole(ask: Callable[..., Outcome]) -> None:
    assert ask("long") == Outcome(b"x" * 70_000 + b"y" * 70_000)


def test_what_a_function_raises_is_its_outcome(ask: Callable[..., Outcome]) -> None:
    assert ask("raise") == Outcome(b'{"errorType": "ValueError"}', is_error=True)


@pytest.mark.parametrize(
    ("event", "said"),
    [
        pytest.param("hang", b"timed out after 0.50 seconds", id="one that takes too long"),
        pytest.param("end", b"exit status 3", id="one that ends"),
    ],
)
def test_a_process_that_fails_is_told_of_and_replaced(ask: Callable[..., Outcome], event: str, said: bytes) -> None:
    first = ask("hello").payload
    failed = ask(event, seconds=0.5 if event == "hang" else 20.0, number=2)
    assert failed.is_error and said in failed.payload
    again = ask("hello", number=3)
    assert not again.is_error and again.payload != first


def test_what_a_process_writes_is_told_once(sandbox: Sandbox, ask: Callable[..., Outcome]) -> None:
    ask("hello")
    said = ""

    def hears() -> bool:
        nonlocal said
        said += sandbox.said()
        return bool(said)

    until(hears, "it said nothing")
    assert (said, sandbox.said()) == ("asked hello\n", "")


def test_code_that_cannot_be_loaded_is_told_as_its_runtime_describes_it(tmp_path: Path) -> None:
    broken = Sandbox([sys.executable, "-c", RUNTIME], tmp_path, {"BROKEN": "1"})
    with pytest.raises(InitFailed) as refused:
        broken.start()
    assert refused.value.outcome == Outcome(b'{"errorType": "ImportError"}', is_error=True)


def test_a_stopped_environment_leaves_no_process_and_no_question_behind(sandbox: Sandbox) -> None:
    sandbox.start()
    with ThreadPoolExecutor(1) as pool:
        asked = pool.submit(sandbox.invoke, invocation("hang"), 20.0)
        time.sleep(0.2)
        sandbox.stop()
        assert b"exit status -9" in asked.result(timeout=10).payload
