"""The first callers of a deployment on AWS: its platform tenant, a token for who will make the other tenants, and one for
the first administrator of each.

    python -m llm_config.runtime.first_steps llm-config-dev user:ada
    python -m llm_config.runtime.first_steps llm-config-dev user:ada demo

Run by whoever deployed it, with that person's AWS credentials. The settings are those that the deployment's own function
is told. A second run makes no second platform and gives another token; each one is on record before it is printed.
"""

import os
import sys
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from typing import Any

from llm_config.operations.perform import Provide
from llm_config_domain import times
from llm_config_domain.callers import AUDIENCE
from llm_config_domain.errors import Conflict
from llm_config_domain.journal import Actor, JournalEntry, Result
from llm_config_domain.names import PLATFORM, TenantId
from llm_config_domain.policy import Resource
from llm_config_domain.tenants import Status, Tenant, Tier

VALID = timedelta(hours=1)


def first_token(provide: Provide, subject: str, tenant: str = "") -> str:
    """A token for `subject`: of the platform, or of the tenant of that name. Raises NotFound; Unavailable, too where the
    deployment has no issuer of its own."""
    _make_platform(provide, subject)
    owner = provide("tenant_reader").by_name(tenant).id if tenant else PLATFORM
    role = "tenant-admin" if tenant else "global-admin"
    now = provide("clock").now().replace(microsecond=0)
    claims: dict[str, Any] = {
        "sub": subject,
        "aud": AUDIENCE,
        "tenant_id": owner,
        "roles": [role],
        "iat": int(now.timestamp()),
        "exp": int((now + VALID).timestamp()),
        "jti": provide("identifiers").ulid(),
    }
    token: str = provide("token_signer").sign(claims)
    given = _entry(provide, owner, subject, "access:write", Resource("access", "first-steps"))
    given = replace(given, event_type="service_token.given").with_metadata(jti=claims["jti"], roles=[role])
    provide("journal").append([given])
    return token


def _make_platform(provide: Provide, subject: str) -> None:
    at = times.rfc3339(provide("clock").now())
    platform = Tenant(PLATFORM, "platform", Tier.ENTERPRISE, Status.ACTIVE, "", at, subject)
    entry = _entry(provide, PLATFORM, subject, "tenants:admin", Resource("tenants", PLATFORM))
    with suppress(Conflict):  # it is there
        provide("tenant_writer").create(
            platform, lambda made: provide("tenant_keys").create(made, platform.tier), entry=entry, idempotency=None
        )


def _entry(provide: Provide, tenant: TenantId, subject: str, action: str, resource: Resource) -> JournalEntry:
    """Who has the keys of the account is no caller that a role could be held against: the record says `first-steps`."""
    return JournalEntry(
        id=provide("identifiers").ulid(),
        at=times.rfc3339(provide("clock").now()),
        tenant=tenant,
        event_type="",
        severity="warning",
        actor=Actor(subject, "user", ()),
        action=action,
        resource=resource,
        result=Result("success"),
        request_id="first-steps",
    )


def main(prefix: str, subject: str, tenant: str = "") -> None:
    import boto3

    from llm_config.runtime import wiring

    deployed = boto3.client("lambda").get_function_configuration(FunctionName=f"{prefix}-create_tenant")
    os.environ.update(deployed["Environment"]["Variables"])
    sys.stdout.write(first_token(wiring.provide, subject, tenant) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
