"""Let a verified caller watch over a connection, as many at once as its tenant may have."""

from llm_config.operations.needs import OPENING
from llm_config.operations.operation import Answer, Context, Recorded, Task, Trigger
from llm_config.operations.own_tenant import own_tenant
from llm_config.ports.tenant_reader import TenantReader
from llm_config.ports.watchers import Watchers
from llm_config_contract.watching import OpenWatch
from llm_config_domain.watchers import Watcher


def open_watch(request: OpenWatch, context: Context, *, tenant_reader: TenantReader, watchers: Watchers) -> Answer:
    own_tenant(context.caller, tenant_reader)
    watchers.open(
        Watcher(
            connection=request.connection,
            caller=context.caller,
            opened_at=context.entry.at,
            credential_ends=request.credential_ends,
            api_key=request.api_key,
        )
    )
    return Answer(None)


OPEN_WATCH = Task(
    name="open_watch",
    summary="Let a caller watch over a WebSocket",
    action="access:read",
    request=OpenWatch,
    run=open_watch,
    recorded=Recorded.BEHIND,
    event_type="access.whoami",
    trigger=Trigger.SOCKET,
    route=OPENING,
)
