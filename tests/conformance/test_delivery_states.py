"""ports/delivery_states.py, promise by promise."""

from llm_config_domain.names import TenantId
from llm_config_domain.subscriptions import DeliveryState
from tests.support.families import HomeUnderTest

ID = "01J0ZZZZZZZZZZZZZZZZZZZZZA"


def test_nothing_is_known_before_it_is_kept_and_the_last_that_was_kept_stands(
    home: HomeUnderTest, acme: TenantId
) -> None:
    states = home.provide("delivery_states")
    assert states.of(acme, ID) == DeliveryState()
    failed = DeliveryState().failed(home.clock.now(), "status 500")
    for state in (failed, failed.succeeded(home.clock.now())):
        states.keep(acme, ID, state)
        assert states.of(acme, ID) == state
    assert states.of(home.tenant("globex"), ID) == DeliveryState()
