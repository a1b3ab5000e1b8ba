"""Every refusal of the service as the shell sees it: the exit code, nothing on stdout, the request's id on stderr."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from llm_config.runtime.problems import problem
from llm_config_client.core import KINDS
from llm_config_contract.problems import STATUS
from llm_config_domain.errors import Violation
from tests.cli.running import Ended, ServedHome, run

EXIT_CODES = {400: 7, 401: 4, 403: 4, 404: 3, 405: 8, 406: 8, 409: 6, 412: 6, 413: 7, 415: 7, 422: 7, 500: 8, 503: 5}
TOKEN = "token-canary"


class _Refusing(BaseHTTPRequestHandler):
    """Refuses everything by the kind that is the first part of the path; an unknown part is a page of HTML."""

    def do_GET(self) -> None:
        kind = self.path.split("/")[1]
        if kind not in STATUS:
            return self._answer(200, {"Content-Type": "text/html"}, b"<html>hello</html>")
        told = problem(KINDS[kind](violations=[Violation("/value/a", "rule", "message")]), "request-1")
        body = {**json.loads(told["body"]), "retry_after": 0}
        return self._answer(told["statusCode"], told["headers"], json.dumps(body).encode())

    def _answer(self, status: int, headers: dict[str, str], body: bytes) -> None:
        self.send_response(status)
        for name, text in {**headers, "Content-Length": str(len(body))}.items():
            self.send_header(name, text)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="module")
def refusing() -> Iterator[str]:
    """The URL of a server that refuses."""
    with ThreadingHTTPServer(("127.0.0.1", 0), _Refusing) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def asked(url: str, *arguments: str) -> Ended:
    variables = {"HOME": "/nowhere", "LLM_CONFIG_URL": url, "LLM_CONFIG_TOKEN": TOKEN}
    return run(arguments or ("get", "app/database", "--env", "edge"), variables)


@pytest.mark.parametrize("kind", STATUS)
def test_a_refusal_has_its_exit_code_and_leaves_stdout_empty(kind: str, refusing: str) -> None:
    ended = asked(f"{refusing}/{kind}")
    assert (ended.exit_code, ended.stdout) == (EXIT_CODES[STATUS[kind]], "")
    assert ended.stderr.startswith("error: ")
    assert "  /value/a: message [rule]\n" in ended.stderr
    assert ended.stderr.endswith("request id: request-1\n")
    assert TOKEN not in ended.stderr
    assert "Traceback" not in ended.stderr


def test_an_answer_of_another_server_is_not_taken_for_one(refusing: str) -> None:
    ended = asked(f"{refusing}/another")
    assert (ended.exit_code, ended.stdout) == (8, "")
    assert "not this API's" in ended.stderr


@pytest.mark.parametrize("output", ["table", "json", "yaml"])
def test_doctor_says_what_is_wrong_and_ends_with_its_code(output: str, refusing: str) -> None:
    ended = asked(f"{refusing}/unauthenticated", "doctor", "-o", output)
    assert ended.exit_code == 4
    assert "start the server" in ended.stdout


def test_secrets_do_not_come_back_in_what_goes_wrong(served_home: ServedHome) -> None:
    served_home.tenant("canaries")
    canary = "canary-in-the-coal-mine"
    commands = [
        ["secret", "set", "keys/x", canary, "--env", "edge"],
        ["secret", "set", "keys/x", "-", "--env", canary],
        ["secret", "set", "keys/x", "-", "--env", "edge", "--type", canary],
        ["secret", "set", "keys/x", "-", "--env", "edge", "--json"],
        ["secret", "set", "keys/x", "-", "--env", "edge", "--classification", canary],
        ["secret", "set", "keys/x", "-", "--env", "edge", "--if-match", '"99"'],
        ["secret", "set", canary, "-", "--env", "edge"],
        ["secret", "set", f"keys/{canary}!", "-", "--env", "edge"],
        ["secret", "set", "keys/x", "-", "--env", "edge", f"--{canary}"],
        ["secret", "set", "keys/x", "-", "--env", "edge", "-o", canary],
        ["secret", canary],
        [canary],
    ]
    for command in commands:
        for debug in ([], ["--debug"]):
            ended = served_home.run([*command, *debug], tenant="canaries", stdin="{" + canary)
            assert ended.exit_code != 0, command
            assert (ended.stdout, canary in ended.stderr) == ("", False), (command, ended)
