"""ports/witnesses.py: what is the same wherever the product runs; what witnesses say is tests/functions/test_witnesses.py."""

from llm_config_domain.audit.checkpoints import Checkpoint, origin_of
from llm_config_domain.names import TenantId
from tests.support.families import HomeUnderTest


def test_a_deployment_without_witnesses_has_its_checkpoints_as_they_are(home: HomeUnderTest, acme: TenantId) -> None:
    signed = home.provide("audit_signer").sign(Checkpoint(origin_of(acme), 1, b"r" * 32))
    assert home.provide("witnesses").cosign(signed, lambda old: ()) == signed
