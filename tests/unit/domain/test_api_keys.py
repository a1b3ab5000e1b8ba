"""The text form of an API key, and when one proves its caller."""

import contextlib
import hashlib
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from llm_config_domain.api_keys import ApiKey, HeldKey, KeyRefused, Presented, verified
from llm_config_domain.errors import Malformed, Unauthenticated
from llm_config_domain.names import TenantId
from llm_config_domain.networks import holds_address, normal

TENANT = TenantId("01ARZ3NDEKTSV4RRFFQ69G5FAV")
ID, SECRET, NOW = "01HZZZZZZZZZZZZZZZZZZZZZZZ", "5a" * 32, "2026-01-02T03:04:05.678Z"
KEY = ApiKey(
    id=ID,
    tenant=TENANT,
    name="billing",
    roles=("viewer",),
    namespaces=None,
    cidr=(),
    expires_at=None,
    created_at="2026-01-01T00:00:00.000Z",
    created_by="user:ana",
)
SENT = Presented(ID, SECRET)
IDS = st.from_regex(r"[0-7][0-9A-HJKMNP-TV-Z]{25}", fullmatch=True)
SECRETS = st.binary(min_size=32, max_size=32).map(bytes.hex)


def refusal(key: ApiKey, sent: Presented = SENT, source_ip: str = "192.0.2.7", now: str = NOW) -> KeyRefused:
    with pytest.raises(KeyRefused) as refused:
        verified(sent, HeldKey(key, SENT.digest), now=now, source_ip=source_ip)
    return refused.value


@given(IDS, SECRETS)
def test_a_key_is_read_back_from_its_text(key_id: str, secret: str) -> None:
    made = Presented(key_id, secret)
    assert Presented.read(made.text) == made
    assert made.text == f"llmc_{key_id}_{secret}"


@given(st.text())
def test_any_other_text_is_refused_and_not_quoted(text: str) -> None:
    with pytest.raises(Unauthenticated) as refused:
        Presented.read(text)
    assert refused.value.detail == "an API key is llmc_<id>_<secret>, as the answer to its creation said it"


@given(IDS, SECRETS, st.data())
def test_no_text_but_one_is_a_key(key_id: str, secret: str, data: st.DataObject) -> None:
    """One character changed, taken away or added makes it another key or none."""
    made = Presented(key_id, secret)
    at = data.draw(st.integers(0, len(made.text) - 1))
    other = data.draw(st.characters().filter(lambda letter: letter != made.text[at]))
    for text in (
        made.text[:at] + other + made.text[at + 1 :],
        made.text[:at] + made.text[at + 1 :],
        made.text[:at] + other + made.text[at:],
    ):
        with contextlib.suppress(Unauthenticated):
            assert Presented.read(text) != made


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="nothing"),
        pytest.param(f"llmc_{ID}_{SECRET} ", id="a space behind"),
        pytest.param(f"llmc_{ID}_{SECRET}\n", id="a newline behind"),
        pytest.param(f"LLMC_{ID}_{SECRET}", id="capitals before"),
        pytest.param(f"llmc_{ID.lower()}_{SECRET}", id="a small id"),
        pytest.param(f"llmc_{ID}_{SECRET.upper()}", id="a capital secret"),
        pytest.param(f"llmc_{ID}_{SECRET[:-1]}", id="a short secret"),
        pytest.param(f"llmc_{ID}_{SECRET}0", id="a long secret"),
        pytest.param(f"llmc_8{ID[1:]}_{SECRET}", id="an id beyond the last ULID"),
        pytest.param(f"llmc_{ID}_{SECRET},llmc_{ID}_{SECRET}", id="the header twice"),
        pytest.param(f"llmc_{ID}_{'٣' * 64}", id="digits of another script"),
    ],
)
def test_what_is_almost_a_key_is_none(text: str) -> None:
    with pytest.raises(Unauthenticated):
        Presented.read(text)


def test_what_is_kept_of_a_secret_is_its_sha_256() -> None:
    assert SENT.digest == hashlib.sha256(bytes.fromhex(SECRET)).hexdigest()


def test_neither_a_secret_nor_its_digest_prints() -> None:
    shown = repr(SENT) + repr(HeldKey(KEY, SENT.digest)) + str(refusal(KEY, replace(SENT, secret="00" * 32)))
    assert SECRET not in shown
    assert SENT.digest not in shown


def test_the_right_secret_proves_its_key() -> None:
    assert verified(SENT, HeldKey(KEY, SENT.digest), now=NOW, source_ip="") == KEY


@pytest.mark.parametrize(
    ("key", "why"),
    [
        pytest.param(KEY.revoked(NOW), "revoked", id="revoked"),
        pytest.param(replace(KEY, expires_at=NOW), "expired", id="expired this moment"),
        pytest.param(replace(KEY, cidr=("198.51.100.0/24", "2001:db8::/32")), "another network", id="another network"),
    ],
)
def test_a_key_that_is_not_good_now_is_refused_and_the_record_says_why(key: ApiKey, why: str) -> None:
    assert (refusal(key).why, refusal(key).key) == (why, key)


def test_every_refusal_reads_the_same() -> None:
    wrong = replace(SENT, secret="00" * 32)
    with pytest.raises(KeyRefused) as unknown:
        verified(SENT, None, now=NOW, source_ip="192.0.2.7")
    details = {
        unknown.value.detail,
        refusal(KEY, wrong).detail,
        refusal(KEY.revoked(NOW)).detail,
        refusal(replace(KEY, expires_at=NOW)).detail,
        refusal(replace(KEY, cidr=("198.51.100.0/24",))).detail,
    }
    assert details == {"the API key is not valid: use another one"}
    assert (unknown.value.why, unknown.value.key) == ("unknown key", None)


def test_nothing_is_told_of_a_key_before_its_secret_is_right() -> None:
    wrong = replace(SENT, secret="00" * 32)
    for key in (KEY, KEY.revoked(NOW), replace(KEY, expires_at=NOW), replace(KEY, cidr=("198.51.100.0/24",))):
        assert refusal(key, wrong).why == "wrong secret"


def test_a_key_is_good_until_the_moment_it_expires() -> None:
    key = replace(KEY, expires_at="2026-01-02T03:04:05.679Z")
    assert verified(SENT, HeldKey(key, SENT.digest), now=NOW, source_ip="") == key


def test_a_key_is_what_its_record_says() -> None:
    key = replace(KEY, namespaces=("a/*", "b"), cidr=("192.0.2.0/24",)).revoked(NOW)
    assert ApiKey.from_record(key.to_record()) == key
    assert ApiKey.from_record(KEY.to_record()) == KEY
    assert (KEY.version, key.version) == (1, 2)


def test_who_comes_with_a_key_is_of_its_tenant_with_its_roles() -> None:
    caller = KEY.caller
    assert (caller.tenant, caller.subject, caller.roles) == (TENANT, f"api-key:{ID}", frozenset({"viewer"}))
    assert (caller.credential, caller.actor_type, dict(caller.attributes)) == ("api_key", "api_key", {})


def test_a_service_accounts_key_reaches_its_namespaces() -> None:
    caller = replace(KEY, roles=("service-account",), namespaces=("team/*",)).caller
    assert (caller.actor_type, dict(caller.attributes)) == ("service_account", {"namespaces": ("team/*",)})


@pytest.mark.parametrize(
    ("network", "address", "inside"),
    [
        ("192.0.2.0/24", "192.0.2.255", True),
        ("192.0.2.0/24", "192.0.3.0", False),
        ("192.0.2.0/24", "::ffff:192.0.2.1", True),
        ("192.0.2.7/32", "192.0.2.7", True),
        ("2001:db8::/32", "2001:db8:ffff::1", True),
        ("2001:db8::/32", "2001:db9::1", False),
        ("2001:db8::/32", "192.0.2.1", False),
        ("0.0.0.0/0", "2001:db8::1", False),
        ("0.0.0.0/0", "", False),
        ("0.0.0.0/0", "not an address", False),
        ("0.0.0.0/0", "192.0.2.1, 10.0.0.1", False),
    ],
)
def test_an_address_is_in_a_network_or_not(network: str, address: str, inside: bool) -> None:
    assert holds_address(network, address) is inside


@pytest.mark.parametrize(
    ("text", "kept"),
    [("192.0.2.0/24", "192.0.2.0/24"), ("192.0.2.1", "192.0.2.1/32"), ("2001:DB8::/32", "2001:db8::/32")],
)
def test_a_network_has_one_spelling(text: str, kept: str) -> None:
    assert normal(text) == kept


@pytest.mark.parametrize(
    "text", ["192.0.2.1/24", "192.0.2.0/33", "example", "", "fe80::%eth0/64", "192.0.2.0/24 ", "1"]
)
def test_what_is_no_network_is_refused(text: str) -> None:
    with pytest.raises(Malformed):
        normal(text)


def test_a_key_of_some_networks_is_good_from_there_alone() -> None:
    key = replace(KEY, cidr=("198.51.100.0/24", "192.0.2.0/24"))
    held = HeldKey(key, SENT.digest)
    assert verified(SENT, held, now=NOW, source_ip="192.0.2.7") == key
    assert refusal(key, source_ip="203.0.113.7").why == "another network"


def test_the_record_of_a_wrong_secret_names_the_key_and_that_of_an_unknown_key_none() -> None:
    assert refusal(KEY, Presented(ID, "00" * 32)).key == KEY
    with pytest.raises(KeyRefused) as unknown:
        verified(SENT, None, now=NOW, source_ip="192.0.2.7")
    assert (unknown.value.why, unknown.value.key) == ("unknown key", None)


def test_a_network_that_is_none_is_told_how_one_is_written() -> None:
    with pytest.raises(Malformed) as refused:
        normal("192.0.2.1/24")
    told = "a network is written as 192.0.2.0/24 or 2001:db8::/32, with no bits beyond its length"
    assert refused.value.detail == told


def test_the_record_of_a_key_says_what_it_may_and_not_its_secret() -> None:
    key = replace(KEY, cidr=("192.0.2.0/24",))
    told = {"name": key.name, "roles": ["viewer"], "expires_at": key.expires_at, "cidr": ["192.0.2.0/24"]}
    assert key.told == told
