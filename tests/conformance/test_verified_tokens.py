"""ports/verified_tokens.py, promise by promise."""

from llm_config.adapters.cached.verified_tokens import MemoryVerifiedTokens
from tests.support.clocks import SteppedClock
from tests.support.families import HomeUnderTest


def test_the_claims_of_exactly_this_token_are_found(home: HomeUnderTest) -> None:
    tokens = home.provide("verified_tokens")
    tokens.keep("a.b.c", {"sub": "user:ana"})
    assert tokens.find("a.b.c") == {"sub": "user:ana"}
    for other in ("a.b.d", "a.b.c ", "a.b", ""):
        assert tokens.find(other) is None


def test_a_token_is_verified_again_after_a_minute(home: HomeUnderTest) -> None:
    tokens = home.provide("verified_tokens")
    tokens.keep("a.b.c", {"sub": "user:ana"})
    home.clock.step(59)
    assert tokens.find("a.b.c") is not None
    home.clock.step(2)
    assert tokens.find("a.b.c") is None


def test_who_kept_claims_cannot_change_them_afterwards(home: HomeUnderTest) -> None:
    tokens, claims = home.provide("verified_tokens"), {"roles": "viewer"}
    tokens.keep("a.b.c", claims)
    claims["roles"] = "global-admin"
    assert tokens.find("a.b.c") == {"roles": "viewer"}


def test_the_oldest_go_when_there_are_too_many_and_no_token_is_held(home: HomeUnderTest) -> None:
    tokens = MemoryVerifiedTokens(SteppedClock(), max_entries=2)
    for token in ("secret-token-1", "secret-token-2", "secret-token-3"):
        tokens.keep(token, {})
    assert [tokens.find(f"secret-token-{number}") is None for number in (1, 2, 3)] == [True, False, False]
    assert "secret-token" not in repr(vars(tokens))
