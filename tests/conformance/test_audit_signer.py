"""`audit_signer`: a checkpoint under the deployment's key, the same each time, that anybody can verify."""

from llm_config_client.audit import key_of
from llm_config_domain.audit.bundles import checkpoint_in
from llm_config_domain.audit.checkpoints import Checkpoint, opened, origin_of
from llm_config_domain.names import TenantId
from tests.support.families import HomeUnderTest


def test_a_signed_checkpoint_verifies_under_the_key_that_it_names(home: HomeUnderTest, acme: TenantId) -> None:
    checkpoint = Checkpoint(origin_of(acme), 7, b"r" * 32, ("export 0 7 a b",))
    signed = home.provide("audit_signer").sign(checkpoint)
    key = key_of(signed.pem)
    assert (key.raw, key.pem) == (signed.raw, signed.pem)
    assert opened(signed.note, key.raw, key.check) == (checkpoint, signed.signature)
    assert checkpoint_in(signed.to_record(), key) == checkpoint


def test_the_same_checkpoint_is_signed_the_same(home: HomeUnderTest, acme: TenantId) -> None:
    checkpoint, signer = Checkpoint(origin_of(acme), 1, b"s" * 32), home.provide("audit_signer")
    assert signer.sign(checkpoint) == signer.sign(checkpoint)
    home.kit.forget()
    assert home.provide("audit_signer").sign(checkpoint) == signer.sign(checkpoint)
