"""`llm-config api-key ...` and `token ...`: credentials for machines. Each shows itself once, when it is made."""

from collections.abc import Callable, Sequence
from typing import Annotated, TypeVar

import typer
from pydantic import BaseModel

from llm_config_client import calls
from llm_config_client.cli import listings, questions, screen
from llm_config_client.cli.app import api_key, token
from llm_config_client.cli.commands import Limit, Session, Yes, command
from llm_config_client.cli.failures import Usage
from llm_config_client.cli.screen import Printed
from llm_config_client.core import Answer
from llm_config_client.errors import ClientFault

T = TypeVar("T", bound=BaseModel)

Name = Annotated[str, typer.Argument(metavar="NAME", help="what it is for, in your words", show_default=False)]
Id = Annotated[str, typer.Argument(metavar="ID", show_default=False)]
Subject = Annotated[str, typer.Argument(metavar="SERVICE", help="the service that it speaks for", show_default=False)]
Roles = Annotated[list[str] | None, typer.Option("--role", metavar="R", help="may be repeated; such as you may give")]
Reach = Annotated[
    list[str] | None,
    typer.Option("--namespace", metavar="GLOB", help="what a service-account may read; may be repeated"),
]
Expires = Annotated[
    str | None, typer.Option("--expires", metavar="TIME", help="when it ends: 2027-01-31T09:00:00Z; never if left out")
]
Networks = Annotated[
    list[str] | None, typer.Option("--cidr", metavar="NET", help="a network that it is good from; may be repeated")
]
Seconds = Annotated[
    int | None, typer.Option("--ttl", metavar="SECONDS", help="until it ends, 60 to 3600; 900 when left out")
]


@command(
    (api_key, "create"),
    examples=[
        "llm-config api-key create gateway --role service-account --namespace 'llm-gateway/*'",
        "LLM_CONFIG_KEY=$(llm-config api-key create ci --role developer --expires 2027-01-31T00:00:00Z)",
    ],
)
def create_key(
    session: Session,
    *,
    name: Name,
    role: Roles = None,
    namespace: Reach = None,
    expires: Expires = None,
    cidr: Networks = None,
) -> Printed:
    """Make an API key. It is shown this once: the bare key in a pipe."""
    from llm_config_client.cli import tables

    call = calls.create_api_key(name, _some(role), expires_at=expires, cidr=cidr, namespaces=namespace)
    answer = session.send(call)
    if answer.body.key is None:
        raise ClientFault("the key was made, but the answer that showed it was lost: delete it, and create another")
    return _shown_once(session, answer, answer.body.key, tables.created_api_key)


@command((api_key, "list"), examples=["llm-config api-key list", "llm-config api-key list -o json"])
def list_keys(session: Session, *, limit: Limit = None) -> Printed:
    """List API keys: whose they are and what they may do, never the keys."""
    from llm_config_client.cli import rows

    found = listings.gather(session, calls.list_api_keys, limit=limit)
    return listings.show(session, found, rows.api_keys, "no API keys")


@command((api_key, "get"), examples=["llm-config api-key get 01JQ7Z0V5S4W8K2N6M9T3R1XYB"])
def get_key(session: Session, *, id: Id) -> Printed:  # noqa: A002 (the argument's name)
    """Read what is known of an API key."""
    from llm_config_client.cli import tables

    return session.show(session.send(calls.get_api_key(id)), tables.api_key)


@command((api_key, "delete"), examples=["llm-config api-key delete 01JQ7Z0V5S4W8K2N6M9T3R1XYB --yes"])
def delete_key(session: Session, *, id: Id, yes: Yes = False) -> Printed:  # noqa: A002 (the argument's name)
    """End an API key, at once and for good."""
    from llm_config_client.cli import tables

    questions.sure_for_ever(f"end the API key {screen.shown(id)}, for good?", yes=yes)
    session.send(calls.delete_api_key(id))
    return session.show_document({"id": id}, lambda: tables.ended(id))


@command(
    (token, "create"),
    examples=[
        "llm-config token create search --namespace 'search/*'",
        "LLM_CONFIG_TOKEN=$(llm-config token create search --namespace search --ttl 300) serve",
    ],
)
def create_token(
    session: Session, *, service: Subject, role: Roles = None, namespace: Reach = None, ttl: Seconds = None
) -> Printed:
    """Make a token for a service, good for minutes. It is shown this once: the bare token in a pipe."""
    from llm_config_client.cli import tables

    answer = session.send(
        calls.create_service_token(service, role or ["service-account"], namespaces=namespace, ttl=ttl)
    )
    return _shown_once(session, answer, answer.body.token, tables.service_token)


def _some(roles: Sequence[str] | None) -> Sequence[str]:
    if not roles:
        raise Usage("say what it may do: --role R", "'llm-config whoami' shows the roles that you have")
    return roles


def _shown_once(session: Session, answer: Answer[T], secret: str, table: Callable[[T], Sequence[object]]) -> Printed:
    if session.output is None and not screen.is_terminal():
        return Printed(secret + "\n")
    return session.show(answer, table)
