"""Passwords and tokens of every recipe: the alphabet, the length, the strength."""

import math
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from llm_config.adapters.pyca.secret_generator import PycaSecretGenerator
from llm_config_domain import json_text
from llm_config_domain.errors import ValueRefused
from llm_config_domain.secrets.recipes.texts import PRINTABLE, PasswordRecipe, TokenRecipe

GENERATOR = PycaSecretGenerator()
CHARACTERS = st.text(sorted(PRINTABLE), max_size=120)


@given(length=st.integers(1, 1024), alphabet=CHARACTERS, excluded=CHARACTERS)
def test_a_password_is_of_its_alphabet_and_never_below_128_bits(length: int, alphabet: str, excluded: str) -> None:
    left = set(alphabet) - set(excluded)
    if not left or length * math.log2(len(left)) < 128:
        with pytest.raises(ValueRefused):
            PasswordRecipe(length=length, alphabet=alphabet, excluded=excluded)
        return
    recipe = PasswordRecipe(length=length, alphabet=alphabet, excluded=excluded)
    made = json_text.read(GENERATOR.generate(recipe).reveal.decode())
    assert (len(made), set(made) <= left) == (length, True)


def test_every_character_of_an_alphabet_comes_up() -> None:
    """10,240 draws of 94: one that never came up would be one in 10^45."""
    recipe = PasswordRecipe(length=1024, alphabet="".join(sorted(PRINTABLE)))
    made = "".join(json_text.read(GENERATOR.generate(recipe).reveal.decode()) for _ in range(10))
    assert set(made) == PRINTABLE


@given(size=st.integers(16, 1024), prefix=st.text(string.ascii_letters + "-_", max_size=64))
def test_a_token_holds_all_its_bytes_behind_its_prefix(size: int, prefix: str) -> None:
    made = json_text.read(GENERATOR.generate(TokenRecipe(size=size, encoding="hex", prefix=prefix)).reveal.decode())
    assert made.startswith(prefix) and len(bytes.fromhex(made[len(prefix) :])) == size
