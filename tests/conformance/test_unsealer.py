"""ports/unsealer.py, promise by promise."""

from dataclasses import replace

import pytest

from llm_config_domain.errors import Broken, Unavailable
from llm_config_domain.names import Name, TenantId
from llm_config_domain.secrets.values import Plaintext, Sealed
from tests.support.families import HomeUnderTest
from tests.support.samples import name_of

PLAIN = Plaintext(b'"sk-1"')


@pytest.fixture
def sealed(home: HomeUnderTest, acme: TenantId) -> Sealed:
    """Of the third version of acme's gateway/primary in production."""
    sealed: Sealed = home.provide("sealer").seal(name_of(acme), 3, PLAIN)
    return sealed


def test_a_value_opens_for_exactly_its_name_and_version(home: HomeUnderTest, acme: TenantId, sealed: Sealed) -> None:
    for _ in range(2):  # from the key service, then from the kept data key
        assert home.provide("unsealer").unseal(name_of(acme), 3, sealed) == PLAIN


@pytest.mark.parametrize("opened_before", [False, True], ids=["never opened", "opened before"])
@pytest.mark.parametrize(
    ("changes", "version"),
    [
        pytest.param({"tenant": "globex"}, 3, id="tenant"),
        pytest.param({"namespace": "gateways"}, 3, id="namespace"),
        pytest.param({"key": "secondary"}, 3, id="key"),
        pytest.param({"environment": "staging"}, 3, id="environment"),
        pytest.param({}, 4, id="version"),
        pytest.param({"namespace": "gateway/primary", "key": "primary"}, 3, id="a boundary moved"),
    ],
)
def test_a_sealed_value_opens_under_no_other_name(
    home: HomeUnderTest, acme: TenantId, sealed: Sealed, changes: dict[str, str], version: int, opened_before: bool
) -> None:
    unsealer = home.provide("unsealer")
    if opened_before:
        unsealer.unseal(name_of(acme), 3, sealed)
    if "tenant" in changes:
        changes = {"tenant": home.tenant(changes["tenant"])}
    other: Name = replace(name_of(acme), **changes)  # type: ignore[arg-type]
    with pytest.raises(Broken):
        unsealer.unseal(other, version, sealed)


def test_a_changed_byte_anywhere_opens_nothing(home: HomeUnderTest, acme: TenantId, sealed: Sealed) -> None:
    """Inside the wrapped data key the refusal is the key service's own, and it may call the key unknown."""
    for place in range(0, len(sealed.blob), 7):
        with pytest.raises((Broken, Unavailable)):
            home.provide("unsealer").unseal(name_of(acme), 3, _flipped(sealed, place))


def test_a_changed_byte_of_header_or_body_is_broken(home: HomeUnderTest, acme: TenantId, sealed: Sealed) -> None:
    unsealer = home.provide("unsealer")
    for _ in range(2):
        for place in (0, 1, 2, 10, 60, 100, 150, -1, -16, -17, -24, -40):
            with pytest.raises(Broken):
                unsealer.unseal(name_of(acme), 3, _flipped(sealed, place))
        unsealer.unseal(name_of(acme), 3, sealed)  # the second time its data key is kept


def _flipped(sealed: Sealed, place: int) -> Sealed:
    changed = bytearray(sealed.blob)
    changed[place] ^= 1
    return Sealed(bytes(changed))


@pytest.mark.parametrize("blob", [b"", b"not a message", b"\x02\x05" + b"\x00" * 600], ids=["empty", "text", "zeros"])
def test_what_is_no_message_is_broken(home: HomeUnderTest, acme: TenantId, blob: bytes) -> None:
    with pytest.raises(Broken):
        home.provide("unsealer").unseal(name_of(acme), 3, Sealed(blob))


def test_a_truncated_message_is_broken(home: HomeUnderTest, acme: TenantId, sealed: Sealed) -> None:
    for length in range(0, len(sealed.blob), 41):
        with pytest.raises(Broken):
            home.provide("unsealer").unseal(name_of(acme), 3, Sealed(sealed.blob[:length]))


def test_a_tenant_without_a_key_is_unavailable(home: HomeUnderTest, sealed: Sealed) -> None:
    stranger = TenantId("01ARZ3NDEKTSV4RRFFQ69G5FAV")
    with pytest.raises(Unavailable):
        home.provide("unsealer").unseal(name_of(stranger), 3, sealed)
