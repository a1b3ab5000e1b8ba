"""Which key of a set a token means."""

from typing import Any

import pytest

from llm_config_domain.key_sets import choose_key

ONE, TWO, NAMELESS = {"kid": "one"}, {"kid": "two"}, {"kty": "EC"}


@pytest.mark.parametrize(
    ("published", "kid", "meant"),
    [
        pytest.param([ONE, TWO], "two", TWO, id="the one of its name"),
        pytest.param([ONE, TWO], "three", None, id="a name that no key has"),
        pytest.param([ONE, ONE], "one", None, id="two keys of one name are as good as none"),
        pytest.param([ONE], None, ONE, id="no name said, and there is only one key"),
        pytest.param([ONE, TWO], None, None, id="no name said, and there are two"),
        pytest.param([NAMELESS], "one", None, id="a name is said and the key has none"),
        pytest.param([], None, None, id="no keys"),
    ],
)
def test_a_token_means_exactly_one_key(published: list[Any], kid: str | None, meant: Any) -> None:
    assert choose_key(published, kid) == meant
