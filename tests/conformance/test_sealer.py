"""ports/sealer.py, promise by promise."""

import pytest

from llm_config_domain.errors import Unavailable
from llm_config_domain.names import TenantId
from llm_config_domain.secrets.values import Plaintext
from tests.support.families import HomeUnderTest
from tests.support.samples import name_of

PLAIN = Plaintext(b'"a secret that is long enough to be found"')


def test_nothing_of_the_plaintext_is_in_what_is_sealed(home: HomeUnderTest, acme: TenantId) -> None:
    assert PLAIN.reveal[:8] not in home.provide("sealer").seal(name_of(acme), 1, PLAIN).blob


def test_equal_values_are_sealed_differently(home: HomeUnderTest, acme: TenantId) -> None:
    sealer = home.provide("sealer")
    assert sealer.seal(name_of(acme), 1, PLAIN) != sealer.seal(name_of(acme), 1, PLAIN)


def test_a_key_that_cannot_be_used_is_unavailable(home: HomeUnderTest) -> None:
    with pytest.raises(Unavailable):
        home.provide("sealer").seal(name_of(TenantId("01ARZ3NDEKTSV4RRFFQ69G5FAV")), 1, PLAIN)
