"""ports/layer_cache.py, promise by promise."""

from dataclasses import replace

import pytest

from llm_config.adapters.cached.layer_cache import MemoryLayerCache
from llm_config.ports.layer_cache import Level
from llm_config_domain.configs.entries import Layers
from llm_config_domain.errors import Unavailable
from llm_config_domain.names import TenantId
from tests.support.clocks import SteppedClock
from tests.support.families import HomeUnderTest
from tests.support.samples import name_of, put_config

KEY = (TenantId("01ARZ3NDEKTSV4RRFFQ69G5FAV"), "gateway", "primary")


def layers(revision: int, platform: int = 0) -> Layers:
    return Layers(revision, {}, {}, platform)


def test_what_was_kept_is_found_and_nothing_else(home: HomeUnderTest) -> None:
    cache = home.provide("layer_cache")
    cache.keep(KEY, layers(1), cache.now())
    assert cache.find(KEY).layers == layers(1)
    for other in ((TenantId("0" * 26), *KEY[1:]), (KEY[0], "gateway2", KEY[2]), (*KEY[:2], "primary2")):
        assert cache.find(other) is None


def test_age_is_counted_from_before_the_store_was_asked(home: HomeUnderTest) -> None:
    cache = home.provide("layer_cache")
    asked_at = cache.now()
    home.clock.step(2)
    cache.keep(KEY, layers(1), asked_at)
    home.clock.step(40)
    held = cache.find(KEY)
    assert (42 <= held.age_seconds < 43, held.fresh) == (True, False)


def test_a_slow_reader_does_not_put_an_old_value_back(home: HomeUnderTest) -> None:
    cache = home.provide("layer_cache")
    before = cache.now()
    for newer in (layers(2), layers(2, 5)):
        cache.keep(KEY, newer, cache.now())
        for older in (layers(1), layers(1, 5), layers(2)):
            assert cache.keep(KEY, older, before).layers == older, "whoever asked is told what was read"
            assert cache.find(KEY).layers == newer


def test_the_same_revisions_again_are_as_old_as_the_last_question(home: HomeUnderTest) -> None:
    cache = home.provide("layer_cache")
    cache.keep(KEY, layers(1), cache.now())
    home.clock.step(60)
    cache.keep(KEY, layers(1), cache.now())
    assert cache.find(KEY).age_seconds < 1


def test_what_a_question_says_is_told_and_kept(home: HomeUnderTest) -> None:
    cache = home.provide("layer_cache")
    told = cache.ask(KEY, lambda: (layers(3), "store"), 3)
    assert (told.layers, told.level, told.fresh, cache.find(KEY).layers) == (layers(3), "store", True, layers(3))


def test_what_a_question_raises_is_told_and_not_kept(home: HomeUnderTest) -> None:
    cache = home.provide("layer_cache")

    def fail() -> tuple[Layers, Level]:
        raise Unavailable("later")

    with pytest.raises(Unavailable):
        cache.ask(KEY, fail, 0)
    assert cache.find(KEY) is None
    assert cache.ask(KEY, lambda: (layers(1), "l2"), 0).level == "l2"


@pytest.mark.parametrize(("reached", "asked"), [(2, "l1"), (1, "store")])
def test_what_another_was_told_meanwhile_is_taken_if_it_has_come_so_far(
    home: HomeUnderTest, reached: int, asked: str
) -> None:
    cache = MemoryLayerCache(SteppedClock(), 5)
    cache.keep(KEY, layers(reached), cache.now())
    assert cache.ask(KEY, lambda: (layers(2), "store"), 2).level == asked


@pytest.mark.parametrize(("bound", "later", "fresh"), [(5, 4.9, True), (5, 5.1, False), (0, 0, False)])
def test_what_is_kept_is_fresh_within_its_bound(home: HomeUnderTest, bound: float, later: float, fresh: bool) -> None:
    clock = SteppedClock()
    cache = MemoryLayerCache(clock, bound)
    cache.keep(KEY, layers(1), cache.now())
    clock.step(later)
    held = cache.find(KEY)
    assert held is not None and held.fresh is fresh


@pytest.mark.parametrize(("said", "later", "fresh"), [(60, 59, True), (60, 61, False), (0, 0, False), (None, 4, True)])
def test_what_the_namespace_says_of_its_bound_is_held_to(
    home: HomeUnderTest, said: int | None, later: float, fresh: bool
) -> None:
    clock = SteppedClock()
    cache = MemoryLayerCache(clock, 5)
    cache.keep(KEY, replace(layers(1), bound_seconds=said), cache.now())
    clock.step(later)
    held = cache.find(KEY)
    assert held is not None and held.fresh is fresh


def test_a_bound_that_changed_is_kept_with_the_next_answer(home: HomeUnderTest) -> None:
    clock = SteppedClock()
    cache = MemoryLayerCache(clock, 5)
    cache.keep(KEY, layers(1), cache.now())
    cache.keep(KEY, replace(layers(1), bound_seconds=0), cache.now())
    held = cache.find(KEY)
    assert held is not None and not held.fresh


def test_the_least_recently_kept_go_when_there_are_too_many(home: HomeUnderTest) -> None:
    cache = MemoryLayerCache(SteppedClock(), 5, max_entries=2)
    keys = [(KEY[0], "gateway", name) for name in "abc"]
    for key in keys:
        cache.keep(key, layers(1), cache.now())
    assert [cache.find(key) is None for key in keys] == [True, False, False]


def test_what_is_larger_than_the_memory_given_is_not_kept(home: HomeUnderTest, acme: TenantId) -> None:
    put_config(home, name_of(acme), '"' + "x" * 100_000 + '"')
    large = home.provide("config_reader").layers(acme, "gateway", "primary")
    cache = MemoryLayerCache(SteppedClock(), 5, max_bytes=100_000)
    cache.keep(KEY, layers(1), cache.now())
    assert cache.keep((acme, "gateway", "primary"), large, cache.now()).layers == large
    assert cache.find((acme, "gateway", "primary")) is None
    cache.keep(KEY, layers(2), cache.now())
    assert cache.find(KEY) is not None, "and what it pushed out can be kept again"
