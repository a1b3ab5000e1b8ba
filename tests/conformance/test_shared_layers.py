"""ports/shared_layers.py, promise by promise: of whatever a home shares, and of a real Valkey."""

import zlib
from collections.abc import Iterator
from dataclasses import replace

import pytest
from redis import Redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from llm_config.adapters.cached.no_shared_layers import NoSharedLayers
from llm_config.adapters.valkey.breaker import REST_SECONDS
from llm_config.adapters.valkey.client import client
from llm_config.adapters.valkey.shared_layers import MAX_BYTES, ValkeySharedLayers
from llm_config.ports.layer_cache import ConfigKey
from llm_config.ports.shared_layers import SharedLayers
from llm_config_domain.configs.entries import Layers, Pins
from llm_config_domain.names import PLATFORM, TenantId
from tests.support.clocks import SteppedClock
from tests.support.families import HomeUnderTest
from tests.support.samples import name_of, put_config
from tests.support.valkey import address, connected, new_prefix

ACME = TenantId("01ARZ3NDEKTSV4RRFFQ69G5FAV")
KEY: ConfigKey = (ACME, "gateway", "primary")
OTHERS: tuple[ConfigKey, ...] = (
    (TenantId("0" * 26), "gateway", "primary"),
    (ACME, "gateway/primary", "primary"),
    (ACME, "gateway", "primary2"),
)


class Valkey:
    """What several containers of one deployment share."""

    def __init__(self) -> None:
        self.clock, self.prefix, self.server = SteppedClock(), new_prefix(), connected()

    def container(self) -> ValkeySharedLayers:
        return ValkeySharedLayers(connected(), self.clock, self.prefix)

    @property
    def place(self) -> str:
        return ":".join((self.prefix, "layers", *KEY))


@pytest.fixture(params=["redis"])
def valkey() -> Valkey:
    """The name of the family is that of the protocol."""
    return Valkey()


@pytest.fixture(params=["none", "shared"])
def shared(request: pytest.FixtureRequest, valkey: Valkey) -> Iterator[SharedLayers]:
    yield NoSharedLayers() if request.param == "none" else valkey.container()


def layers(revision: int, platform: int = 0, generation: int = 0) -> Layers:
    return Layers(revision, {}, {}, platform, generation)


def written(home: HomeUnderTest, tenant: TenantId) -> Layers:
    """What a home says of a key with entries of its own and of the platform's, their numbers beyond any float."""
    put_config(home, name_of(tenant), "123456789012345678901234567890.10")
    put_config(home, name_of(tenant, environment="staging"), '{"\u00e9": "\\u2028"}')
    put_config(home, name_of(PLATFORM, environment="system"), '"enforced"')
    found: Layers = home.provide("config_reader").layers(tenant, "gateway", "primary")
    return found


def test_a_home_shares_what_it_was_given_or_nothing(home: HomeUnderTest, acme: TenantId) -> None:
    mine, said = home.provide("shared_layers"), written(home, acme)
    key = (acme, "gateway", "primary")
    mine.keep(key, said)
    assert mine.find(key, said.pins) in (said, None)


def test_what_is_found_is_what_was_kept_or_nothing(shared: SharedLayers, home: HomeUnderTest, acme: TenantId) -> None:
    said, key = written(home, acme), (acme, "gateway", "primary")
    assert shared.find(key, said.pins) is None
    shared.keep(key, said)
    assert shared.find(key, said.pins) == (said if shared.state() == "closed" else None)


def test_every_container_finds_it_and_under_no_other_name(valkey: Valkey) -> None:
    valkey.container().keep(KEY, layers(3))
    other = valkey.container()
    assert other.find(KEY, Pins(3, 0)) == layers(3)
    assert [other.find(key, Pins(3, 0)) for key in OTHERS] == [None, None, None]
    assert ValkeySharedLayers(connected(), valkey.clock, new_prefix()).find(KEY, Pins(3, 0)) is None


@pytest.mark.parametrize("asked", [Pins(2, 5), Pins(4, 5), Pins(3, 4), Pins(3, 6), Pins(3, 5, 1)])
def test_it_is_found_at_exactly_its_revisions(valkey: Valkey, asked: Pins) -> None:
    valkey.container().keep(KEY, layers(3, 5))
    assert valkey.container().find(KEY, asked) is None


@pytest.mark.parametrize("older", [layers(2, 5), layers(3, 4), layers(9, 4), layers(2, 9), layers(9, 9)])
def test_a_slow_reader_does_not_put_an_old_value_back(valkey: Valkey, older: Layers) -> None:
    newer = layers(3, 5, 1)
    assert newer.pins.may_follow(older.pins) and not older.pins.may_follow(newer.pins)
    valkey.container().keep(KEY, newer)
    valkey.container().keep(KEY, older)
    assert valkey.container().find(KEY, newer.pins) == newer
    within = Layers(older.revision, {}, {}, older.platform_revision, 1)
    valkey.container().keep(KEY, within)
    assert (valkey.container().find(KEY, newer.pins) == newer) is not within.pins.may_follow(newer.pins)


def test_after_a_purge_lower_revisions_stand(valkey: Valkey) -> None:
    valkey.container().keep(KEY, layers(9, 9))
    valkey.container().keep(KEY, layers(1, 1, 1))
    assert valkey.container().find(KEY, Pins(1, 1, 1)) == layers(1, 1, 1)


def test_what_is_kept_ends_by_itself(valkey: Valkey) -> None:
    valkey.container().keep(KEY, layers(1))
    assert 0 < int(str(valkey.server.ttl(valkey.place))) <= 24 * 3600


def test_what_is_too_large_is_not_kept(valkey: Valkey, home: HomeUnderTest, acme: TenantId) -> None:
    put_config(home, name_of(acme), '"' + "x" * (MAX_BYTES - 100) + '"')
    said = home.provide("config_reader").layers(acme, "gateway", "primary")
    valkey.container().keep((acme, "gateway", "primary"), said)
    assert valkey.container().find((acme, "gateway", "primary"), said.pins) is None


@pytest.mark.parametrize(
    "spoilt",
    [
        pytest.param({"layers": b"no zlib"}, id="not compressed"),
        pytest.param({"layers": zlib.compress(b"{}")}, id="another shape"),
        pytest.param({"layers": zlib.compress(b'[{"production": [{}, "1"]}, {}]')}, id="a version that lacks fields"),
        pytest.param({"layers": zlib.compress(b"[" + b"0," * MAX_BYTES + b"0]")}, id="a bomb"),
        pytest.param({"tenant": b"one"}, id="a revision that is no number"),
    ],
)
def test_what_nobody_of_ours_wrote_is_not_found(valkey: Valkey, spoilt: dict[str, bytes]) -> None:
    valkey.container().keep(KEY, layers(1))
    valkey.server.hset(valkey.place, mapping=spoilt)  # type: ignore[arg-type]
    assert valkey.container().find(KEY, Pins(1, 0)) is None


class CountedRedis(Redis):
    asked = 0

    def execute_command(self, *args: object, **options: object) -> object:
        self.asked += 1
        return super().execute_command(*args, **options)  # type: ignore[no-untyped-call]


def test_a_server_that_is_down_is_left_alone_for_a_while_and_then_tried_once() -> None:
    clock, down = SteppedClock(), CountedRedis(host="127.0.0.1", port=1, retry=Retry(NoBackoff(), 1))
    shared = ValkeySharedLayers(down, clock, new_prefix())
    for _ in range(100):
        assert shared.find(KEY, Pins(1, 0)) is None
        shared.keep(KEY, layers(1))
    assert (down.asked, shared.state()) == (1, "open")
    clock.step(REST_SECONDS + 0.1)
    assert shared.state() == "closed"
    for _ in range(100):
        shared.keep(KEY, layers(1))
    assert down.asked == 2


def test_a_server_that_came_back_is_used_again(valkey: Valkey) -> None:
    shared = valkey.container()
    shared._breaker.failed()
    shared.keep(KEY, layers(1))
    assert shared.find(KEY, Pins(1, 0)) is None
    valkey.clock.step(REST_SECONDS + 0.1)
    shared.keep(KEY, layers(1))
    assert shared.find(KEY, Pins(1, 0)) == layers(1)


def test_four_commands_on_its_own_keys_are_all_that_it_asks(valkey: Valkey) -> None:
    """As the deployment's user may: what else it would do, a real one refuses."""
    about = f"on >word resetkeys ~{valkey.prefix}* -@all +hmget +hset +expire +eval"
    valkey.server.execute_command("ACL", "SETUSER", valkey.prefix, *about.split())  # type: ignore[no-untyped-call]
    own = client(**address(), username=valkey.prefix, password="word")
    ValkeySharedLayers(own, valkey.clock, valkey.prefix).keep(KEY, layers(1))
    assert ValkeySharedLayers(own, valkey.clock, valkey.prefix).find(KEY, Pins(1, 0)) == layers(1)
    ValkeySharedLayers(own, valkey.clock, "another").keep(KEY, layers(1))
    assert ValkeySharedLayers(connected(), valkey.clock, "another").find(KEY, Pins(1, 0)) is None


def test_every_call_is_bounded_in_time() -> None:
    told = client().connection_pool.connection_kwargs
    assert (told["socket_connect_timeout"], told["socket_timeout"]) == (0.25, 0.1)


def test_how_long_they_may_be_believed_is_what_the_store_said_a_moment_ago(valkey: Valkey) -> None:
    valkey.container().keep(KEY, replace(layers(1), bound_seconds=60))
    found = valkey.container().find(KEY, Pins(1, 0, bound_seconds=0))
    assert found is not None and found.bound_seconds == 0
