"""What the client makes of an answer."""

import subprocess
import sys

import httpx
import pytest

from llm_config_client import NotModified, UnreadableAnswer, request_id
from llm_config_client.core import KINDS
from llm_config_contract.problems import STATUS
from llm_config_domain import errors
from llm_config_domain.errors import Refusal, Violation
from tests.unit.client.answering import CONFIG, SECRET, WHOAMI, Answering, answered, refused


@pytest.mark.parametrize("kind", STATUS)
def test_every_refusal_comes_back_as_its_own_class(kind: str) -> None:
    violation = Violation("/value/a", "rule", "message", "warning")
    told = KINDS[kind]("what happened", violations=[violation], limit=10, current=11, retry_after=7)
    with pytest.raises(Refusal) as raised:
        Answering(refused(told)).client(attempts=1).whoami()
    heard = raised.value
    assert type(heard) is type(told)
    assert (heard.kind, heard.retryable, heard.detail) == (kind, told.retryable, "what happened")
    assert (heard.violations, heard.limit, heard.current, heard.retry_after) == ((violation,), 10, 11, 7)
    assert request_id(heard) == "request-1"
    assert heard.__notes__ == ["request id: request-1"]


def test_a_kind_of_a_newer_service_keeps_its_word() -> None:
    answer = refused(errors.Broken("frozen until Monday"), kind="frozen", title="new", unheard_of=True)
    with pytest.raises(Refusal, match="frozen until Monday") as raised:
        Answering(answer).client().whoami()
    assert (type(raised.value), raised.value.kind) == (Refusal, "frozen")


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        pytest.param(401, errors.Unauthenticated, id="a gateway that knows no credential"),
        pytest.param(403, errors.PermissionDenied, id="a gateway that lets nobody through"),
        pytest.param(503, errors.Unavailable, id="a gateway without a service"),
        pytest.param(404, UnreadableAnswer, id="another server, where nothing is here must not mean absent"),
        pytest.param(500, UnreadableAnswer, id="a broken proxy"),
        pytest.param(302, UnreadableAnswer, id="a redirect"),
        pytest.param(204, UnreadableAnswer, id="a success that this API does not know"),
    ],
)
def test_an_answer_that_is_not_the_services_own(status: int, expected: type[Exception]) -> None:
    with pytest.raises(expected):
        Answering(httpx.Response(status, content=b"<html>")).client().whoami()


@pytest.mark.parametrize("text", ["<html>", "{}", "[]", '{"a": NaN}', "\udcff"])
def test_a_success_that_is_not_the_promised_shape(text: str) -> None:
    answer = httpx.Response(200, content=text.encode("utf-8", "surrogateescape"))
    with pytest.raises(UnreadableAnswer):
        Answering(answer).client().whoami()


def test_what_a_newer_service_says_besides_is_kept_in_the_text_and_ignored_in_the_body() -> None:
    from llm_config_client import calls

    answer = Answering(answered({**WHOAMI, "unheard_of": 1})).client().send(calls.whoami())
    assert answer.body.tenant == "acme"
    assert answer.document["unheard_of"] == 1


def test_not_modified_is_said_by_its_own_class() -> None:
    server = Answering(httpx.Response(304))
    with pytest.raises(NotModified):
        server.client().get_config("app/database", environment="production", if_none_match='"3"')
    assert server.requests[0].headers["if-none-match"] == '"3"'


def test_a_redirect_does_not_take_the_token_elsewhere() -> None:
    server = Answering(httpx.Response(302, headers={"location": "https://elsewhere.example/"}), answered(WHOAMI))
    with pytest.raises(UnreadableAnswer, match="redirect"):
        server.client().whoami()
    assert [request.url.host for request in server.requests] == ["config.example"]


def test_a_secret_does_not_print_itself() -> None:
    from llm_config_client import calls

    answer = Answering(answered(SECRET)).client().send(calls.get_secret("keys/anthropic", environment="production"))
    assert answer.body.value == "sk-canary"
    assert "sk-canary" not in f"{answer!r} {answer.body!r} {answer.body!s}"
    assert "sk-canary" not in repr(calls.put_secret("keys/x", "sk-canary", environment="edge"))


def test_the_etag_and_the_replay_are_in_the_headers_of_the_whole_answer() -> None:
    from llm_config_client import calls

    answer = Answering(answered(CONFIG, 201, **{"Idempotency-Replayed": "true"})).client().send(
        calls.put_config("app/database", 1, environment="production")
    )  # fmt: skip
    assert answer.headers["idempotency-replayed"] == "true"


def test_the_sdk_loads_nothing_of_the_command_line() -> None:
    # httpx has a command line of its own, and loads rich for it where click is installed too: here it is not.
    found = "[m for m in ('typer', 'rich', 'yaml', 'llm_config_client.cli') if m in sys.modules]"
    code = f"import sys; sys.modules['click'] = None; import llm_config_client; print({found})"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
