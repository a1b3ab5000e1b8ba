"""How old an answer about a namespace's configs may be is the namespace's to say."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from llm_config_domain.names import TenantId
from tests.support.aws import AwsKit, on_aws
from tests.support.aws_calls import BATCH_GET
from tests.support.homes import Reply

CONFIG = "/api/v1/configs/gateway/primary?environment=production"
RESOLVED = "/api/v1/resolved/gateway/primary?environment=production"


class Container:
    """One container, whose own bound is five seconds."""

    def __init__(self, kit: AwsKit) -> None:
        self.kit, self.acme = kit, kit.tenant("acme")
        self.put(1)

    def put(self, value: Any) -> None:
        assert self._call("PUT", CONFIG, {"value": value}).status < 300

    def say(self, seconds: int | None) -> Reply:
        told = {} if seconds is None else {"staleness_bound_seconds": seconds}
        return self._call("PUT", "/api/v1/namespaces/gateway", told)

    def read(self, more: str = "", headers: Mapping[str, str] | None = None) -> Reply:
        return self._call("GET", RESOLVED + more, headers=headers)

    def asked(self) -> tuple[Any, dict[str, int]]:
        """What is answered, and what was asked of AWS for it."""
        self.kit.account.calls.clear()
        return self.read().json["value"], dict(self.kit.account.calls)

    def _call(self, method: str, url: str, body: Any = None, headers: Mapping[str, str] | None = None) -> Reply:
        return self.kit.call(method, url, body, token=self.kit.token(TenantId(self.acme), "operator"), headers=headers)


@pytest.fixture
def container(tmp_path: Path) -> Iterator[Container]:
    with on_aws(tmp_path) as kit:
        yield Container(kit)


def test_a_longer_bound_is_believed_for_as_long(container: Container) -> None:
    container.say(60)
    container.read()
    container.kit.clock.step(59)
    assert container.asked() == (1, {})
    container.kit.clock.step(2)
    assert container.asked() == (1, {BATCH_GET: 1})


def test_a_bound_of_zero_is_asked_about_each_time_in_one_call(container: Container) -> None:
    container.say(0)
    container.read()
    container.put(2)
    container.read()
    assert [container.asked() for _ in range(2)] == [(2, {BATCH_GET: 1})] * 2


def test_a_bound_that_changes_holds_from_the_next_question_on(container: Container) -> None:
    container.say(60)
    container.read()
    container.say(0)
    assert container.asked() == (1, {}), "what was promised before may be believed to its end"
    container.kit.clock.step(61)
    assert [container.asked() for _ in range(2)] == [(1, {BATCH_GET: 1})] * 2
    container.say(None)
    assert [container.asked() for _ in range(2)] == [(1, {BATCH_GET: 1}), (1, {})]


def test_an_answer_says_how_long_its_reader_may_keep_it(container: Container) -> None:
    assert "Cache-Control" not in container.read().headers, "where nothing is said, it is the reader's to know"
    container.say(60)
    container.kit.clock.step(6)
    container.read()
    container.kit.clock.step(10)
    told = container.read()
    said = {name: told.headers.get(name) for name in ("Cache-Control", "Age", "Vary")}
    assert said == {"Cache-Control": "private, max-age=60", "Age": "10", "Vary": "Authorization, X-API-Key"}
    same = container.read(headers={"if-none-match": told.headers["ETag"]})
    assert (same.status, same.headers["Cache-Control"]) == (304, "private, max-age=60")


def test_an_answer_with_a_secret_is_kept_by_nobody_whatever_the_bound(container: Container) -> None:
    container.say(60)
    secret = {"type": "generic", "value": "hidden"}
    container._call("PUT", "/api/v1/secrets/keys/a?environment=production", secret)
    container.put({"key": {"$secret": "keys/a"}})
    told = container.read("&secrets=reveal", headers={"cache-control": "no-cache"})
    assert (told.json["value"], told.headers["Cache-Control"]) == ({"key": "hidden"}, "no-store")


def test_what_stood_at_another_time_says_nothing_of_now(container: Container) -> None:
    container.say(60)
    assert "Cache-Control" not in container.read("&as_of=1").headers


@pytest.mark.parametrize("seconds", [-1, 3601])
def test_a_bound_beyond_an_hour_is_refused(container: Container, seconds: int) -> None:
    assert container.say(seconds).status == 400


def test_what_a_namespace_says_of_it_is_shown(container: Container) -> None:
    assert container.say(0).json["staleness_bound_seconds"] == 0
    assert container.say(None).json["staleness_bound_seconds"] is None


def test_that_a_config_is_absent_is_believed_for_as_long_and_no_longer(container: Container) -> None:
    absent, made = RESOLVED.replace("primary", "later"), CONFIG.replace("primary", "later")
    kit, token = container.kit, container.kit.token(TenantId(container.acme), "operator")

    def asked(more: str = "") -> tuple[int, dict[str, int]]:
        kit.account.calls.clear()
        return kit.call("GET", absent + more, token=token).status, dict(kit.account.calls)

    assert asked()[0] == 404
    assert asked() == (404, {}), "nobody is asked again within the bound"
    written = kit.another_container().call("PUT", made, {"value": 1}, token=token)
    assert asked() == (404, {})
    assert asked(f"&min_revision={written.json['revision']}")[0] == 200, "who wrote it reads it"
    assert asked() == (200, {})
