"""Witnesses cosign a home's checkpoints, refuse a fork, and keep nobody waiting."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from llm_config.adapters.targets.witnesses import made_of, witnesses_in
from llm_config_client.audit import key_of, not_witnessed
from llm_config_domain.audit.checkpoints import Checkpoint, origin_of
from llm_config_domain.names import TenantId
from tests.support.homes import EmbeddedKit
from tests.support.witness import HonestWitness, served

CHECKPOINT = "/api/v1/audit-checkpoints/latest"


@pytest.fixture
def acme(home: EmbeddedKit) -> TenantId:
    return home.tenant("acme")


@pytest.fixture
def witness(home: EmbeddedKit, acme: TenantId) -> Iterator[HonestWitness]:
    """The home's."""
    signed = home.provide("audit_signer").sign(Checkpoint("any", 0, b"r" * 32))
    honest = HonestWitness(key_of(signed.pem))
    with served(honest) as address:
        home.factories["witnesses"] = lambda: made_of(json.dumps({honest.vkey: address}), local=True)
        yield honest


def taken(home: EmbeddedKit, acme: TenantId) -> Any:
    reply = home.call("GET", CHECKPOINT, token=home.token(acme, "tenant-admin"))
    assert reply.status == 200, reply.text
    return reply.json


def missing(told: Any, witness: HonestWitness, tmp_path: Path) -> list[str]:
    path = tmp_path / "held.json"
    path.write_text(json.dumps(told))
    return not_witnessed(path, [witness.vkey])


def test_each_checkpoint_is_cosigned_as_the_tree_grows(
    home: EmbeddedKit, acme: TenantId, witness: HonestWitness, tmp_path: Path
) -> None:
    sizes = []
    for _ in range(3):
        told = taken(home, acme)
        assert missing(told, witness, tmp_path) == []
        sizes.append(witness.seen[origin_of(acme)].size)
    assert sizes == sorted(set(sizes))
    body = {"from": "2020-01-01T00:00:00Z", "to": "2100-01-01T00:00:00Z"}
    verified = home.call("POST", "/api/v1/audit-verifications", body, token=home.token(acme, "tenant-admin"))
    assert verified.json["valid"]


def test_a_fork_is_cosigned_by_no_witness_and_told_all_the_same(
    home: EmbeddedKit, acme: TenantId, witness: HonestWitness, tmp_path: Path
) -> None:
    for other in (
        Checkpoint(origin_of(acme), 1, b"another" + b"\0" * 25),
        Checkpoint(origin_of(acme), 10**6, b"r" * 32),
    ):
        witness.seen[origin_of(acme)] = other
        assert missing(taken(home, acme), witness, tmp_path) == [witness.witness.name]
        assert witness.seen[origin_of(acme)] == other


def test_who_trusts_another_log_or_is_not_there_is_left_out(home: EmbeddedKit, acme: TenantId, tmp_path: Path) -> None:
    signed = home.provide("audit_signer").sign(Checkpoint(origin_of(acme), 1, b"r" * 32))
    stranger = HonestWitness(key_of(signed.pem).__class__(signed.pem, b"k" * 32, lambda *_: False))
    with served(stranger) as address:
        asked = made_of(json.dumps({stranger.vkey: address}), local=True)
        assert asked.cosign(signed, lambda old: ()).cosignatures == ()
    assert asked.cosign(signed, lambda old: ()).cosignatures == ()


def test_a_deployment_reaches_no_witness_in_a_private_network(
    home: EmbeddedKit, acme: TenantId, witness: HonestWitness
) -> None:
    signed = home.provide("audit_signer").sign(Checkpoint(origin_of(acme), 1, b"r" * 32))
    for address in ("https://127.0.0.1/w", "http://witness.example/w", "https://169.254.169.254/w"):
        asked = made_of(json.dumps({witness.vkey: address}))
        assert asked.cosign(signed, lambda old: ()).cosignatures == () and not witness.seen


def test_a_setting_names_a_few_witnesses_and_their_keys() -> None:
    assert witnesses_in("") == ()
    for setting in (
        json.dumps({str(number): "https://w.example" for number in range(9)}),
        '{"x": "https://w.example"}',
    ):
        with pytest.raises(ValueError, match="witness"):
            witnesses_in(setting)
