"""`llm-config tenant ...`, and `whoami`."""

from typing import Annotated

import typer

from llm_config_client import calls
from llm_config_client.cli.app import app, tenant
from llm_config_client.cli.commands import Session, command
from llm_config_client.cli.screen import Printed

Name = Annotated[str, typer.Argument(metavar="NAME", show_default=False)]
NameOrId = Annotated[str, typer.Argument(metavar="NAME|ID", show_default=False)]
Tier = Annotated[str | None, typer.Option("--tier", metavar="T", help="free, standard, premium, enterprise")]


@command((tenant, "create"), examples=["llm-config tenant create acme --tier premium"])
def create(session: Session, *, name: Name, tier: Tier = None) -> Printed:
    """Create a tenant (platform administrators)."""
    from llm_config_client.cli import tables

    return session.show(session.send(calls.create_tenant(name, tier=tier)), tables.tenant)


@command((tenant, "get"), examples=["llm-config tenant get acme", "llm-config tenant get acme -o json"])
def get(session: Session, *, tenant: NameOrId) -> Printed:
    """Read a tenant by its name or its id."""
    from llm_config_client.cli import tables

    return session.show(session.send(calls.get_tenant(tenant)), tables.tenant)


@command((app, "whoami"), examples=["llm-config whoami", "llm-config whoami --profile work"])
def whoami(session: Session) -> Printed:
    """Say who the server takes you for, and your roles."""
    from llm_config_client.cli import tables

    return session.show(session.send(calls.whoami()), tables.whoami)
