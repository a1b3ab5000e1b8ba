"""When two secrets say the same."""

import pytest

from llm_config_domain.secrets.values import Plaintext


@pytest.mark.parametrize(
    ("other", "same"),
    [
        pytest.param(b'{"a": 1, "b": "x"}', True, id="spaces"),
        pytest.param(b'{"b":"\\u0078","a":1}', True, id="order and escapes"),
        pytest.param(b'{"a":1.0,"b":"x"}', False, id="another number, to the digit"),
        pytest.param(b'{"a":1,"b":"X"}', False, id="another text"),
        pytest.param(b'"x"', False, id="a part of it"),
    ],
)
def test_two_plaintexts_say_the_same_when_their_values_are_equal(other: bytes, same: bool) -> None:
    mine, theirs = Plaintext(b'{"a":1,"b":"x"}'), Plaintext(other)
    assert mine.says_as(theirs) is theirs.says_as(mine) is same
