"""What the client sends."""

import base64
import inspect
from decimal import Decimal
from hashlib import sha256
from typing import Any, get_args

import httpx
import pytest
from pydantic import BaseModel, RootModel

import llm_config_client
from llm_config.operations.catalog import OPERATIONS
from llm_config_client import AsyncClient, Client, Misconfigured, calls, namespaces
from llm_config_client.calls import (
    access,
    audit,
    caches,
    config_reads,
    config_writes,
    fleet,
    names,
    rotations,
    secrets,
    service,
    subscriptions,
)
from llm_config_client.calls import namespaces as described
from llm_config_client.core import Route
from llm_config_client.errors import UnreadableAnswer
from llm_config_client.methods import Method, Methods
from llm_config_domain import json_text
from llm_config_domain.errors import Malformed
from tests.unit.client.answering import CONFIG, SECRET, TOKEN, WHOAMI, Answering, answered

NOT_OFFERED = {"get_openapi"}
"""Operations without a call of the SDK."""


def sent(call: Any, answer: Any = None) -> httpx.Request:
    """The one request that `call` makes of a client."""
    server = Answering(answered(answer or CONFIG))
    with server.client() as client:
        call(client)
    [request] = server.requests
    return request


OTHER_SHAPES = {"get_secret_stages": "get_secret"}
"""Calls of the same operation that ask for an answer of another shape."""


def test_every_operation_of_the_catalog_has_a_row_that_agrees_with_it() -> None:
    modules = (
        access,
        audit,
        caches,
        config_reads,
        config_writes,
        fleet,
        secrets,
        service,
        subscriptions,
        described,
        names,
        namespaces,
        rotations,
    )
    routes = [pair for module in modules for pair in vars(module).items() if isinstance(pair[1], Route)]
    rows = {name.lower(): row for name, row in routes}
    catalog = {row.name: row for row in OPERATIONS}
    assert set(catalog) - set(rows) == NOT_OFFERED, "give a new operation its call (CONTRIBUTING.md), or name it here"
    assert set(rows) <= set(catalog) | set(OTHER_SHAPES)
    for name, row in rows.items():
        theirs = catalog[OTHER_SHAPES.get(name, name)]
        assert (row.method, row.path) == (theirs.method, theirs.path.replace("+}", "}"))
        assert row.request is theirs.request
        assert row.response in (theirs.response, *shapes(theirs.response))


def shapes(response: type[BaseModel]) -> tuple[Any, ...]:
    """The models that an answer may be, and the one that is any of them."""
    told = get_args(response.model_fields["root"].annotation) if issubclass(response, RootModel) else ()
    return (response, *told)


def test_the_two_clients_offer_the_same_calls() -> None:
    offered = set(calls.__all__)
    assert offered == {name for name, offer in vars(Methods).items() if isinstance(offer, Method)}
    for client in (Client, AsyncClient):
        for name in offered:
            method, build = getattr(client, name), getattr(calls, name)
            assert list(inspect.signature(method).parameters)[1:] == list(inspect.signature(build).parameters)
            assert (method.__name__, method.__doc__) == (name, build.__doc__)
            assert inspect.signature(method).return_annotation is build.__annotations__["return"].__args__[0]
            assert inspect.iscoroutinefunction(method) == (client is AsyncClient)
    for name in ("every", "follow", "watch", "watch_answers", "resolve_namespace"):
        assert (
            inspect.signature(getattr(Client, name)).parameters
            == inspect.signature(getattr(AsyncClient, name)).parameters
        )


def test_what_is_promised_is_what_is_exported() -> None:
    public = {
        name
        for name, thing in vars(llm_config_client).items()
        if not name.startswith("_") and not inspect.ismodule(thing)
    }
    assert sorted(public) == llm_config_client.__all__


def test_a_write_carries_its_value_to_the_digit_and_its_options_where_the_contract_puts_them() -> None:
    request = sent(
        lambda client: client.put_config(
            "app/database",
            {"n": Decimal("1.10"), "big": 2**70},
            environment="prod",
            reason="more load",
            tags={"team": "core"},
            if_match='"3"',
            idempotency_key="mine",
        )
    )
    assert request.method == "PUT"
    assert str(request.url) == "https://config.example/api/v1/configs/app/database?environment=production"
    assert request.content == (
        b'{"value":{"n":1.10,"big":1180591620717411303424},"reason":"more load","tags":{"team":"core"}}'
    )
    assert request.headers["if-match"] == '"3"'
    assert request.headers["idempotency-key"] == "mine"
    assert request.headers["authorization"] == f"Bearer {TOKEN}"


def test_an_api_key_goes_in_its_own_header() -> None:
    server = Answering(answered(WHOAMI))
    with Client("https://config.example", "llmc_id_canary", transport=httpx.MockTransport(server)) as client:
        client.whoami()
    assert server.requests[0].headers["x-api-key"] == "llmc_id_canary"
    assert "authorization" not in server.requests[0].headers


def test_null_is_a_value() -> None:
    request = sent(lambda client: client.put_config("app/x", None, environment="global"))
    assert request.content == b'{"value":null}'


def test_a_resolve_asks_for_what_it_is_told_to() -> None:
    answer = {"value": 1, "environment": "edge", "version": 1, "revision": 1, "age_seconds": 0, "stale": False}
    document = {**answer, "etag": '"x"', "layers": []}
    request = sent(lambda c: c.resolve("app/x", environment="edge", explain=True, secrets="reveal"), document)
    assert request.url.query == b"environment=edge&explain=true&secrets=reveal"


def test_an_address_may_have_a_path() -> None:
    server = Answering(answered(WHOAMI))
    server.client("https://config.example/team/").whoami()
    assert str(server.requests[0].url) == "https://config.example/team/api/v1/whoami"


@pytest.mark.parametrize(
    ("path", "value"),
    [
        pytest.param("../../health", 1, id="a path that would leave its place"),
        pytest.param("app/x?environment=global", 1, id="a path with a query"),
        pytest.param("app/x%2f", 1, id="an encoded path"),
        pytest.param("app/x", float("nan"), id="a number that is not JSON"),
        pytest.param("app/x", object(), id="a thing that is not JSON"),
        pytest.param("app/x", "\ud800", id="half of a surrogate pair"),
    ],
)
def test_what_the_service_would_not_take_is_not_sent(path: str, value: Any) -> None:
    server = Answering(answered(CONFIG))
    with pytest.raises(Malformed):
        server.client().put_config(path, value, environment="production")
    assert server.requests == []


def test_an_option_that_is_not_one_is_named_and_its_value_is_not_quoted() -> None:
    with pytest.raises(Malformed) as refused:
        Answering(answered(SECRET)).client().put_secret("keys/x", "v", environment="edge", type="sk-canary")
    [violation] = refused.value.violations
    assert violation.path == "/type"
    assert "api_key" in violation.message
    assert "sk-canary" not in violation.message + str(refused.value)


def test_an_answer_keeps_numbers_to_the_digit() -> None:
    text = json_text.write({**CONFIG, "value": [Decimal("0.10"), 2**70]})
    entry = Answering(answered(text)).client().get_config("app/database", environment="production")
    assert json_text.write(entry.value) == "[0.10,1180591620717411303424]"


def digested(digest: str) -> httpx.Response:
    response = answered(json_text.write(CONFIG))
    response.headers["repr-digest"] = digest
    return response


def digest_of(text: str) -> str:
    return f"sha-256=:{base64.b64encode(sha256(text.encode()).digest()).decode()}:"


@pytest.mark.parametrize(
    "digest", [digest_of(json_text.write(CONFIG)), f"md5=:x=:, {digest_of(json_text.write(CONFIG))}", "md5=:x=:"]
)
def test_an_answer_that_is_what_its_digest_says_is_taken(digest: str) -> None:
    client = Answering(digested(digest)).client()
    assert client.get_config("app/database", environment="production").version == CONFIG["version"]


def test_an_answer_that_is_not_what_its_digest_says_is_refused() -> None:
    client = Answering(digested(digest_of("another"))).client()
    with pytest.raises(UnreadableAnswer):
        client.get_config("app/database", environment="production")


@pytest.mark.parametrize(
    "url",
    [
        pytest.param("http://config.example", id="plain http to another host"),
        pytest.param("http://127.0.0.1.example", id="a name that looks like this machine"),
        pytest.param("http://10.0.0.1:8080", id="plain http in a private network"),
        pytest.param("https://user:password@config.example", id="a password in the address"),
        pytest.param("https://config.example?x=1", id="a query"),
        pytest.param("ftp://config.example", id="another scheme"),
        pytest.param("config.example", id="no scheme"),
        pytest.param("https://config.example:x", id="no port"),
    ],
)
def test_an_address_that_is_not_safe_is_refused_and_not_quoted(url: str) -> None:
    with pytest.raises(Misconfigured) as refused:
        Client(url, TOKEN)
    assert url not in str(refused.value)
    assert "password" not in str(refused.value)


@pytest.mark.parametrize("url", ["http://127.0.0.1:8080", "http://[::1]:8080", "http://localhost", "https://a.example"])
def test_an_address_that_is_safe_is_taken(url: str) -> None:
    Client(url, TOKEN).close()


def test_plain_http_is_taken_when_the_danger_is_named() -> None:
    Client("http://config.example", TOKEN, danger_allow_plain_http=True).close()


def test_the_authorities_of_this_machine_are_read_where_a_certificate_is_met_and_nowhere_else(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    read = []
    monkeypatch.setattr("ssl.SSLContext.load_verify_locations", lambda *told, **named: read.append(named))
    Client("http://127.0.0.1:8080", TOKEN).close()
    assert read == []
    Client("https://config.example", TOKEN).close()
    assert len(read) == 1


@pytest.mark.parametrize("token", ["with\nnewline", "with space", "ünïcode", "x" * 8000])
def test_a_token_that_cannot_be_one_is_refused_and_not_quoted(token: str) -> None:
    with pytest.raises(Misconfigured) as refused:
        Client(token=token)
    assert token not in str(refused.value)


def test_a_client_does_not_show_its_token() -> None:
    with Client(token=TOKEN) as client:
        shown = f"{client!r} {client!s} {client._server!r} {calls.whoami()!r}"
    assert TOKEN not in shown


def test_a_client_comes_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("LLM_CONFIG_URL", raising=False)
    monkeypatch.setenv("LLM_CONFIG_TOKEN", TOKEN)
    with Client.from_environment() as client:
        assert repr(client) == "Client('http://127.0.0.1:8080')"
        assert client._server.token == TOKEN
