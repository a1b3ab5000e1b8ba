"""ports/identifiers.py, promise by promise."""

import re

from llm_config_domain.names import is_tenant_id
from tests.support.families import HomeUnderTest


def test_a_ulid_is_26_characters_and_unique(home: HomeUnderTest) -> None:
    made = [home.provide("identifiers").ulid() for _ in range(1000)]
    assert all(is_tenant_id(one) for one in made)
    assert len(set(made)) == 1000


def test_a_salt_is_32_hex_digits_and_unique(home: HomeUnderTest) -> None:
    made = [home.provide("identifiers").salt() for _ in range(1000)]
    assert all(re.fullmatch("[0-9a-f]{32}", one) for one in made)
    assert len(set(made)) == 1000


def test_a_secret_is_64_hex_digits_and_unique(home: HomeUnderTest) -> None:
    made = [home.provide("identifiers").secret() for _ in range(1000)]
    assert all(re.fullmatch("[0-9a-f]{64}", one) for one in made)
    assert len(set(made)) == 1000
