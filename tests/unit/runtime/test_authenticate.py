"""Who is calling: the claims of a token whose signature is good, and what the endpoint says to every other one."""

import json
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from llm_config.adapters.cached.verified_tokens import MemoryVerifiedTokens
from llm_config.runtime.authenticate import authenticate
from llm_config_domain.callers import Caller
from llm_config_domain.errors import Unauthenticated, Unavailable
from llm_config_domain.names import PLATFORM, TenantId
from tests.support.homes import EmbeddedKit
from tests.unit.runtime.forge import CANARY, ISSUER, NOW, TENANT, Forge, as_json, claims_with, compact
from tests.unit.runtime.forgeries import FORMAL, WRONG_CLAIMS, Make
from tests.unit.runtime.test_tokens import quotes

URL = "/api/v1/configs/gateway/primary?environment=production"


class FixedClock:
    """Implements `clock`: it is NOW."""

    def now(self) -> datetime:
        return datetime.fromtimestamp(NOW, UTC)

    def monotonic(self) -> float:
        return 0.0


class SilentIssuer:
    """Implements `issuer_keys` while nobody answers."""

    def find(self, issuer: str, kid: str | None) -> None:
        raise Unavailable("the issuer does not answer")


def caller_of(forge: Forge, token: str, scheme: str = "Bearer") -> Caller:
    ports: dict[str, Any] = {
        "issuer_keys": forge.keys,
        "clock": FixedClock(),
        "verified_tokens": MemoryVerifiedTokens(FixedClock()),
    }
    return authenticate({"authorization": f"{scheme} {token}"}, ports.__getitem__)


@pytest.fixture
def guarded(home: EmbeddedKit, forge: Forge) -> EmbeddedKit:
    """A home that believes the forge's issuer, at the moment NOW, with the tenant that its tokens name."""
    kit = EmbeddedKit(home.family, {**home.factories, "issuer_keys": lambda: forge.keys, "clock": FixedClock})
    kit.tenant("acme", TenantId(TENANT))
    return kit


def failures(home: EmbeddedKit) -> list[dict[str, Any]]:
    """The refused credentials on record, once everything noted is written."""
    home.family.access_log.close()
    with home.family.store.snapshot() as db:
        entries = [json.loads(text) for (text,) in db.execute("SELECT entry FROM journal")]
    return [entry for entry in entries if entry["event_type"] == "authentication.failed"]


@pytest.mark.parametrize("make", WRONG_CLAIMS)
def test_wrong_claims_are_refused_and_not_quoted(forge: Forge, make: Make) -> None:
    token = make(forge)
    with pytest.raises(Unauthenticated) as refused:
        caller_of(forge, token)
    assert not quotes(refused.value.detail, token)


@pytest.mark.parametrize("make", [*FORMAL, *WRONG_CLAIMS])
def test_the_endpoint_answers_401_and_the_platform_has_it_on_record(
    guarded: EmbeddedKit, forge: Forge, make: Make
) -> None:
    token = make(forge)
    reply = guarded.call("GET", URL, token=token)
    assert (reply.status, reply.headers["Content-Type"]) == (401, "application/problem+json")
    assert reply.headers["WWW-Authenticate"].startswith("Bearer")
    assert reply.json["kind"] == "unauthenticated"
    assert not quotes(reply.text, token)
    (entry,) = failures(guarded)
    assert (entry["tenant"], entry["result"]["status"]) == (PLATFORM, "denied")
    assert not quotes(json.dumps(entry), token)


@pytest.mark.parametrize(
    "make",
    [
        pytest.param(lambda f: f.token(), id="ES256"),
        pytest.param(lambda f: f.signed_by("RS256", "rsa", f.rs256), id="RS256"),
        pytest.param(lambda f: f.signed_by("EdDSA", "ed", f.ed.sign), id="EdDSA"),
    ],
)
def test_the_endpoint_lets_a_good_token_in_and_records_no_failure(
    guarded: EmbeddedKit, forge: Forge, make: Make
) -> None:
    reply = guarded.call("GET", "/api/v1/whoami", token=make(forge))
    assert (reply.status, reply.json["tenant_id"]) == (200, TENANT)
    assert failures(guarded) == []


def test_a_token_of_a_tenant_that_does_not_exist_is_worth_nothing(guarded: EmbeddedKit, forge: Forge) -> None:
    token = forge.with_claims(tenant_id="01HF000000000000000000000Z")
    read = guarded.call("GET", URL, token=token)
    written = guarded.call("PUT", URL, {"value": 1}, token=token)
    assert (read.status, written.status) == (401, 401)
    with guarded.family.store.snapshot() as db:
        assert db.execute("SELECT count(*) FROM config_versions").fetchone() == (0,)


def test_the_caller_is_what_the_claims_say(forge: Forge) -> None:
    caller = caller_of(forge, forge.with_claims(roles=["viewer", "viewer"], namespaces=["a", "b"], team=7))
    assert (caller.tenant, caller.subject) == (TENANT, f"user:{CANARY}")
    assert caller.roles == {"viewer"}
    assert dict(caller.attributes) == {"namespaces": ["a", "b"], "team": 7}


def test_a_token_without_roles_has_none(forge: Forge) -> None:
    assert caller_of(forge, forge.with_claims("roles")).roles == frozenset()


@pytest.mark.parametrize(
    "claims",
    [
        pytest.param({"exp": NOW - 59}, id="expired within the leeway"),
        pytest.param({"exp": NOW + 0.5}, id="an expiry with a fraction"),
        pytest.param({"exp": 253_402_300_799}, id="an expiry in the year 9999"),
        pytest.param({"nbf": NOW + 60}, id="not yet valid, at the edge of the leeway"),
        pytest.param({"iat": NOW + 60}, id="issued later, at the edge of the leeway"),
        pytest.param({"nbf": NOW - 10**9}, id="valid for long"),
    ],
)
def test_clocks_may_differ_by_a_minute(forge: Forge, claims: dict[str, float]) -> None:
    assert caller_of(forge, forge.with_claims(**claims)).tenant == TENANT


@pytest.mark.parametrize(
    ("claim", "moment", "accepted"),
    [
        pytest.param("exp", Decimal("-59.999"), True, id="a millisecond before the end of the leeway"),
        pytest.param("exp", Decimal(-60), False, id="expired at the end of the leeway"),
        pytest.param("nbf", Decimal(60), True, id="valid from the end of the leeway"),
        pytest.param("nbf", Decimal("60.001"), False, id="valid a millisecond after the leeway"),
    ],
)
def test_the_leeway_is_a_minute_to_the_digit(forge: Forge, claim: str, moment: Decimal, accepted: bool) -> None:
    payload = as_json(claims_with(claim))[:-1] + f', "{claim}": {NOW + moment}}}'.encode()
    token = compact(as_json({"alg": "ES256", "kid": "ec"}), payload, forge.es256)
    if accepted:
        assert caller_of(forge, token).tenant == TENANT
    else:
        with pytest.raises(Unauthenticated):
            caller_of(forge, token)


@pytest.mark.parametrize("scheme", ["Bearer", "bearer", "BEARER"])
def test_the_scheme_is_named_in_any_case(forge: Forge, scheme: str) -> None:
    assert caller_of(forge, forge.token(), scheme).tenant == TENANT


@pytest.mark.parametrize(
    "header",
    [
        pytest.param(None, id="no header"),
        pytest.param("", id="an empty header"),
        pytest.param("Bearer", id="no token"),
        pytest.param("Bearer ", id="an empty token"),
        pytest.param("Basic dXNlcjpwYXNz", id="another scheme"),
        pytest.param("Bearer\t{token}", id="a tab between"),
        pytest.param("Bearer  {token}", id="two spaces between"),
        pytest.param("{token}", id="no scheme"),
        pytest.param("Bearer {token},Bearer {token}", id="the header twice"),
    ],
)
def test_a_header_that_holds_no_one_bearer_token_is_refused(forge: Forge, header: str | None) -> None:
    headers = {} if header is None else {"authorization": header.replace("{token}", forge.token())}
    ports: dict[str, Any] = {
        "issuer_keys": forge.keys,
        "clock": FixedClock(),
        "verified_tokens": MemoryVerifiedTokens(FixedClock()),
    }
    with pytest.raises(Unauthenticated):
        authenticate(headers, ports.__getitem__)


def test_an_issuer_that_does_not_answer_is_an_outage_and_not_a_refusal(forge: Forge) -> None:
    ports: dict[str, Any] = {
        "issuer_keys": SilentIssuer(),
        "clock": FixedClock(),
        "verified_tokens": MemoryVerifiedTokens(FixedClock()),
    }
    with pytest.raises(Unavailable):
        authenticate({"authorization": f"Bearer {forge.token()}"}, ports.__getitem__)


def test_the_issuer_is_compared_as_it_stands(forge: Forge) -> None:
    with pytest.raises(Unauthenticated):
        caller_of(forge, forge.with_claims(iss=ISSUER.upper()))
