"""Keys of service accounts, against a server that answers as the public reference says."""

from collections.abc import Iterator
from typing import Any

import pytest

from llm_config.adapters.targets.https import Api
from llm_config.adapters.targets.openai import OpenAiTarget
from llm_config_domain.errors import TargetRefused, Unavailable
from llm_config_domain.secrets.values import Plaintext
from tests.support.openai_server import ADMIN, OpenAiServer, served_openai
from tests.support.turns import AskedTurn, opened, sealed

TURN = AskedTurn(target={"kind": "openai", "project": "proj_1", "admin": "keys/openai-admin"})


@pytest.fixture
def server() -> Iterator[OpenAiServer]:
    with served_openai() as state:
        yield state


@pytest.fixture
def target(server: OpenAiServer) -> OpenAiTarget:
    return OpenAiTarget(lambda turn: sealed(ADMIN), Api(server.url))


@pytest.fixture
def current(server: OpenAiServer) -> str:
    """Of five accounts, so that lists have pages."""
    for number in range(4):
        server.add(f"of somebody {number}")
    value: str = server.add("before llm-config")[1]["value"]
    return value


@pytest.mark.parametrize("as_object", [False, True], ids=["a text", "an object"])
def test_both_keys_work_until_the_old_one_is_retired(
    target: OpenAiTarget, server: OpenAiServer, current: str, as_object: bool
) -> None:
    old = sealed({"key": current, "provider": "openai"} if as_object else current)
    pending = target.create(TURN, old)
    target.install(TURN, pending)
    target.test(TURN, pending)
    new = opened(pending)
    assert isinstance(new, dict) == as_object
    key = new["key"] if isinstance(new, dict) else new
    assert {current, key} <= set(server.keys) and len(server.keys) == 6
    for _ in range(2):
        target.retire(TURN, old)
    assert key in server.keys and current not in server.keys and len(server.accounts) == 5
    if isinstance(new, dict):
        assert (new["provider"], new["key_id"]) == ("openai", server.keys[key]["id"])


def test_what_an_earlier_try_left_is_removed_first(target: OpenAiTarget, server: OpenAiServer, current: str) -> None:
    first = target.create(TURN, sealed(current))
    second = target.create(TURN, sealed(current))
    assert opened(first) not in server.keys and opened(second) in server.keys
    assert len(server.accounts) == 6


def test_what_is_withdrawn_is_as_if_it_had_never_been(target: OpenAiTarget, server: OpenAiServer, current: str) -> None:
    before = dict(server.keys)
    pending = target.create(TURN, sealed(current))
    for _ in range(2):
        target.withdraw(TURN, pending)
    assert server.keys == before


def test_it_is_told_when_a_key_was_used_last(target: OpenAiTarget, server: OpenAiServer, current: str) -> None:
    assert target.last_used(TURN, sealed(current)) == "2024-03-26T16:45:34.000Z"
    server.keys[current]["last_used_at"] = None
    assert target.last_used(TURN, sealed(current)) is None


def test_a_key_of_a_person_is_deleted_by_itself(target: OpenAiTarget, server: OpenAiServer, current: str) -> None:
    server.keys[current]["owner"] = {"type": "user", "user": {"id": "user_1"}}
    target.retire(TURN, sealed(current))
    assert current not in server.keys and len(server.accounts) == 5


def test_a_key_that_the_list_does_not_tell_apart_is_not_guessed_at(
    target: OpenAiTarget, server: OpenAiServer, current: str
) -> None:
    for listed in server.keys.values():
        listed["redacted_value"] = server.keys[current]["redacted_value"]
    with pytest.raises(TargetRefused, match="key_id"):
        target.retire(TURN, sealed(current))
    target.retire(TURN, sealed({"key": current, "key_id": server.keys[current]["id"]}))
    assert current not in server.keys


def test_a_yes_that_does_nothing_is_found_out(target: OpenAiTarget, server: OpenAiServer, current: str) -> None:
    server.deaf = True
    with pytest.raises(TargetRefused, match="still takes the old key"):
        target.retire(TURN, sealed(current))


def test_a_key_that_the_api_does_not_take_fails_its_test(target: OpenAiTarget, server: OpenAiServer) -> None:
    with pytest.raises(TargetRefused, match="does not take the new key"):
        target.test(TURN, sealed("sk-canary"))


@pytest.mark.parametrize(
    ("status", "kind"), [(400, TargetRefused), (302, TargetRefused), (429, Unavailable), (503, Unavailable)]
)
def test_a_no_is_told_by_its_status_and_quotes_nobody(
    target: OpenAiTarget, server: OpenAiServer, current: str, status: int, kind: type[Exception]
) -> None:
    server.status = status
    with pytest.raises(kind) as refused:
        target.create(TURN, sealed(current))
    assert "canary" not in repr((str(refused.value), refused.value.__cause__)) and str(status) in str(refused.value)


def test_nobody_there_is_unavailable(current: str) -> None:
    lost = OpenAiTarget(lambda turn: sealed(ADMIN), Api("http://127.0.0.1:1/v1"))
    with pytest.raises(Unavailable):
        lost.create(TURN, sealed(current))


@pytest.mark.parametrize("options", [{}, {"project": ""}, {"project": "../users"}, {"project": 7}])
def test_a_target_names_its_project(target: OpenAiTarget, current: str, options: dict[str, Any]) -> None:
    with pytest.raises(TargetRefused, match="project"):
        target.create(AskedTurn(target=options), sealed(current))


def test_a_value_without_a_key_is_refused(target: OpenAiTarget, server: OpenAiServer) -> None:
    for value in (b"{}", b"{", b"7"):
        with pytest.raises(TargetRefused):
            target.retire(TURN, Plaintext(value))


def test_an_admin_key_goes_over_https_alone() -> None:
    with pytest.raises(ValueError, match="https"):
        Api("http://api.openai.example/v1")
