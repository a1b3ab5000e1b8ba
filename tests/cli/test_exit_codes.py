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

EXIT_CODES = {
    400: 7,
    401: 4,
    403: 4,
    404: 3,
    405: 8,
    406: 8,
    409: 6,
    412: 6,
    413: 7,
    415: 7,
    422: 7,
    429: 5,
    500: 8,
    503: 5,
}
TOKEN = "token-canary"


FIRST_PAGE = {"items": [], "next_cursor": "more", "environment": "edge", "revision": 1}


class _Refusing(BaseHTTPRequestHandler):
    """Refuses everything by the kind that is the first part of the path; an unknown part is a page of HTML. Of
    `later` only the second page of a listing is refused, and `unfinished` is a listing that ends too early."""

    def do_GET(self) -> None:
        kind = self.path.split("/")[1]
        if kind in ("later", "unfinished") and "cursor=" not in self.path:
            page = FIRST_PAGE if kind == "later" else {**FIRST_PAGE, "next_cursor": None}
            return self._answer(200, {"Content-Type": "application/json"}, json.dumps(page).encode())
        kind = "permission_denied" if kind == "later" else kind
        if kind not in STATUS:
            return self._answer(200, {"Content-Type": "text/html"}, b"<html>hello</html>")
        told = problem(KINDS[kind](violations=[Violation("/value/a", "rule", "message")]), "request-1")
        body = {**json.loads(told["body"]), "retry_after": 0}
        return self._answer(told["statusCode"], told["headers"], json.dumps(body).encode())

    def _with_a_body(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length", "0")))
        self.do_GET()

    do_POST = do_PUT = do_PATCH = do_DELETE = _with_a_body  # noqa: N815

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


def asked(url: str, *arguments: str, stdin: str = "", **more: str) -> Ended:
    variables = {"HOME": "/nowhere", "LLM_CONFIG_URL": url, "LLM_CONFIG_TOKEN": TOKEN, **more}
    return run(arguments or ("get", "app/database", "--env", "edge"), variables, stdin)


@pytest.mark.parametrize("kind", STATUS)
def test_a_refusal_has_its_exit_code_and_leaves_stdout_empty(kind: str, refusing: str) -> None:
    ended = asked(f"{refusing}/{kind}")
    assert (ended.exit_code, ended.stdout) == (EXIT_CODES[STATUS[kind]], "")
    assert ended.stderr.startswith("error: ")
    assert "  /value/a: message [rule]\n" in ended.stderr
    assert ended.stderr.endswith("request id: request-1\n")
    assert TOKEN not in ended.stderr
    assert "Traceback" not in ended.stderr


EVERYDAY = [
    "set app/x 1",
    "config create app/x 1",
    "config patch app/x {}",
    "config validate app/x 1",
    "config list",
    "config history app/x",
    "config diff app/x",
    "config diff app/x --from 1 --to 2",
    "config diff app/x --from 1 --to 2 --patch",
    "config rollback app/x --version 1",
    "config restore app/x",
    "config delete app/x",
    "config resolve app/x",
    "config resolve --namespace app",
    "config explain app/x",
    "config watch",
    "config watch --once",
    "secret list",
    "secret versions keys/x",
    "secret set keys/x -",
    "secret get keys/x",
    "secret activate keys/x --version 1",
    "secret revoke keys/x --version 1",
    "secret restore keys/x",
    "secret delete keys/x",
    "secret destroy keys/x --version 1 --yes",
    "run --namespace app -- true",
]


@pytest.mark.parametrize("command", EVERYDAY)
def test_every_command_ends_with_the_code_of_its_refusal(command: str, refusing: str) -> None:
    for kind, exit_code in (("permission_denied", 4), ("not_found", 3), ("conflict", 6)):
        ended = asked(f"{refusing}/{kind}", *command.split(), stdin="value", LLM_CONFIG_ENV="edge")
        assert (ended.exit_code, ended.stdout) == (exit_code, ""), ended.stderr


@pytest.mark.parametrize(
    "command",
    ["config list", "config history app/x", "secret list", "secret versions keys/x", "config resolve --namespace a"],
)
def test_a_listing_that_breaks_off_shows_nothing_of_itself(command: str, refusing: str) -> None:
    ended = asked(f"{refusing}/later", *command.split(), LLM_CONFIG_ENV="edge")
    assert (ended.exit_code, ended.stdout) == (4, "")


@pytest.mark.parametrize("output", ["table", "json", "yaml"])
def test_a_namespace_that_is_not_whole_is_not_shown(output: str, refusing: str) -> None:
    command = ["config", "resolve", "--namespace", "app", "--env", "edge", "-o", output]
    ended = asked(f"{refusing}/unfinished", *command)
    assert (ended.exit_code, ended.stdout) == (8, "")
    assert "it is not the whole namespace" in ended.stderr


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
