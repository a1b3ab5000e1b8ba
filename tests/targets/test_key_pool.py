"""Keys that were bought ahead, each given out once."""

from typing import Any

import pytest

from llm_config.adapters.targets.key_pool import KeyPoolTarget
from llm_config_domain.errors import TargetRefused
from tests.support.turns import AskedTurn, opened, sealed

TURN = AskedTurn(target={"kind": "key_pool", "pool": "keys/bought"})


def of(*keys: Any) -> KeyPoolTarget:
    return KeyPoolTarget(lambda turn: sealed(list(keys)))


def test_each_key_is_given_out_once_and_in_order() -> None:
    target, value, given = of("a", "b", "c"), "before", []
    for _ in range(3):
        pending = target.create(TURN, sealed(value))
        assert opened(target.create(TURN, sealed(value))) == opened(pending), "the same in every try"
        target.install(TURN, pending)
        target.test(TURN, pending)
        target.retire(TURN, sealed(value))
        given.append(value := opened(pending))
    assert given == ["a", "b", "c"]
    with pytest.raises(TargetRefused, match="no unused key"):
        target.create(TURN, sealed(value))


def test_what_is_withdrawn_is_given_out_at_the_next_turn() -> None:
    target = of("a", "b")
    pending = target.create(TURN, sealed("a"))
    target.withdraw(TURN, pending)
    assert opened(target.create(TURN, sealed("a"))) == opened(pending) == "b"
    assert target.last_used(TURN, sealed("a")) is None


def test_an_object_keeps_what_else_it_says() -> None:
    assert opened(of("a", "b").create(TURN, sealed({"key": "a", "provider": "p"}))) == {"key": "b", "provider": "p"}


def test_a_key_that_was_taken_out_of_the_pool_fails_its_test() -> None:
    with pytest.raises(TargetRefused, match="not in the pool"):
        of("a").test(TURN, sealed("b"))


@pytest.mark.parametrize("keys", [("a", "a"), ("a", 7), ("",)], ids=["twice", "a number", "nothing"])
def test_what_is_no_pool_is_refused(keys: tuple[Any, ...]) -> None:
    with pytest.raises(TargetRefused):
        of(*keys).create(TURN, sealed("x"))
    with pytest.raises(TargetRefused):
        of("a").create(TURN, sealed({"no": "key"}))
