"""`audit_checkpoints`: published notes stay as they are, and the largest is found."""

from llm_config_domain.audit.checkpoints import Checkpoint, Signed, origin_of, size_in
from llm_config_domain.names import TenantId
from tests.support.families import HomeUnderTest


def signed(home: HomeUnderTest, tenant: TenantId, size: int, root: bytes = b"r" * 32) -> Signed:
    found: Signed = home.provide("audit_signer").sign(Checkpoint(origin_of(tenant), size, root))
    return found


def test_the_largest_that_was_published_is_found(home: HomeUnderTest, acme: TenantId) -> None:
    checkpoints = home.provide("audit_checkpoints")
    assert checkpoints.latest(acme) is None
    for size in (5, 120, 99):
        checkpoints.publish(acme, signed(home, acme, size))
    assert checkpoints.latest(acme) == signed(home, acme, 120).note and size_in(checkpoints.latest(acme)) == 120


def test_what_was_published_is_never_changed(home: HomeUnderTest, acme: TenantId) -> None:
    checkpoints = home.provide("audit_checkpoints")
    for root in (b"a" * 32, b"a" * 32, b"b" * 32):
        checkpoints.publish(acme, signed(home, acme, 7, root))
    assert checkpoints.latest(acme) == signed(home, acme, 7, b"a" * 32).note


def test_each_tenant_has_its_own(home: HomeUnderTest, acme: TenantId) -> None:
    globex, checkpoints = home.tenant("globex"), home.provide("audit_checkpoints")
    checkpoints.publish(acme, signed(home, acme, 7))
    assert checkpoints.latest(globex) is None
