"""What ends soon is told in time, and what has ended when it has: each once."""

from llm_config.operations.operation import Answer, Context, Recorded, Task, Trigger
from llm_config.ports.secret_expiries import SecretExpiries
from llm_config_contract.secrets import ExpiryTold, TellExpiryRequest
from llm_config_domain.secrets.expiry import Ending


def tell_expiry(request: TellExpiryRequest, context: Context, *, secret_expiries: SecretExpiries) -> Answer:
    name = context.name(request.path, request.environment)
    ending = Ending(
        tenant=name.tenant, path=name.path, environment=name.environment, version=request.version, at=request.at
    )
    told = secret_expiries.look(ending, entry=context.entry)
    return Answer(ExpiryTold(told=told), unchanged=told is None, metadata={"version": request.version})


TELL_EXPIRY = Task(
    name="tell_expiry",
    summary="Tell of secrets that end soon, or have ended",
    action="secrets:list",
    trigger=Trigger.TICK,
    agenda="secret_expiries",
    request=TellExpiryRequest,
    run=tell_expiry,
    recorded=Recorded.WITH_CHANGE,
    event_type="secret.watched",
)
