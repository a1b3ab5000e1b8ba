"""Give a service a token of the caller's own tenant that soon ends. It leaves when it is on record that it was given."""

import json
from datetime import timedelta
from typing import Any

from llm_config.operations.operation import Answer, Context, Operation, Recorded
from llm_config.operations.own_tenant import own_tenant
from llm_config.ports.clock import Clock
from llm_config.ports.identifiers import Identifiers
from llm_config.ports.tenant_reader import TenantReader
from llm_config.ports.token_signer import TokenSigner
from llm_config_contract.access import CreateServiceTokenRequest, ServiceToken
from llm_config_domain import times
from llm_config_domain.callers import AUDIENCE
from llm_config_domain.errors import TooLarge

MAX_CLAIMS_BYTES = 2500
"""Of a token that any signer can sign at once and any header can hold."""


def create_service_token(
    request: CreateServiceTokenRequest,
    context: Context,
    *,
    tenant_reader: TenantReader,
    token_signer: TokenSigner,
    identifiers: Identifiers,
    clock: Clock,
) -> Answer:
    tenant = own_tenant(context.caller, tenant_reader)
    now = clock.now().replace(microsecond=0)
    ends = now + timedelta(seconds=request.ttl)
    claims: dict[str, Any] = {
        "sub": f"service:{request.subject.removeprefix('service:')}",
        "aud": AUDIENCE,
        "tenant_id": tenant.id,
        "roles": sorted({*request.roles, "service-account"}),
        "iat": int(now.timestamp()),
        "exp": int(ends.timestamp()),
        "jti": identifiers.ulid(),
        **({} if request.namespaces is None else {"namespaces": request.namespaces}),
    }
    if (size := len(json.dumps(claims))) > MAX_CLAIMS_BYTES:
        raise TooLarge("a token holds no more: name fewer namespaces", limit=MAX_CLAIMS_BYTES, current=size)
    expires_at = times.rfc3339(ends)
    told = {"subject": claims["sub"], "roles": claims["roles"], "jti": claims["jti"], "expires_at": expires_at}
    return Answer(ServiceToken(token=token_signer.sign(claims), expires_at=expires_at), created=True, metadata=told)


CREATE_SERVICE_TOKEN = Operation(
    name="create_service_token",
    summary="Give a service a token that soon ends",
    action="access:write",
    method="POST",
    path="/api/v1/service-tokens",
    request=CreateServiceTokenRequest,
    response=ServiceToken,
    run=create_service_token,
    recorded=Recorded.BEFORE_RELEASE,
    event_type="service_token.given",
    success=(201,),
    holds_secret=True,
)
