"""`llm-config namespace ...`: which there are, and what is said about each: whose it is, and whom to ask."""

from typing import Annotated

import typer

from llm_config_client import calls
from llm_config_client.cli import listings, questions, screen, values
from llm_config_client.cli.app import namespace
from llm_config_client.cli.commands import IfMatch, Limit, Reason, Session, Tag, Yes, command
from llm_config_client.cli.screen import Printed

Namespace = Annotated[str, typer.Argument(metavar="NAMESPACE", show_default=False)]
Description = Annotated[str | None, typer.Option("--description", metavar="TEXT", help="what it holds")]
Team = Annotated[str | None, typer.Option("--team", metavar="TEXT", help="whose it is")]
Bound = Annotated[
    int | None,
    typer.Option("--bound", metavar="SECONDS", help="how old an answer about its configs may be; 0: asked each time"),
]
Contacts = Annotated[list[str] | None, typer.Option("--contact", metavar="TEXT", help="whom to ask; may be repeated")]


@command((namespace, "list"), examples=["llm-config namespace list", "llm-config namespace list -o json"])
def list_(session: Session, *, limit: Limit = None) -> Printed:
    """List the namespaces that you may see."""
    from llm_config_client.cli import rows

    found = listings.gather(session, calls.list_namespaces, limit=limit)
    return listings.show(session, found, rows.namespaces, "no namespaces yet: the first config or secret makes one")


@command((namespace, "get"), examples=["llm-config namespace get llm-gateway/routing"])
def get(session: Session, *, namespace: Namespace) -> Printed:
    """Read what is said about a namespace."""
    from llm_config_client.cli import tables

    return session.show(session.send(calls.get_namespace(namespace)), tables.about_namespace)


@command(
    (namespace, "describe"),
    examples=["llm-config namespace describe search --team retrieval --contact '#search-oncall' --reason 'new owner'"],
)
def describe(
    session: Session,
    *,
    namespace: Namespace,
    description: Description = None,
    team: Team = None,
    contact: Contacts = None,
    tag: Tag = None,
    bound: Bound = None,
    reason: Reason = None,
    if_match: IfMatch = None,
) -> Printed:
    """Say everything about a namespace: what is left out is not said any more."""
    from llm_config_client.cli import tables

    call = calls.put_namespace(
        namespace,
        description=description,
        owner_team=team,
        contacts=contact,
        tags=values.tags(tag),
        staleness_bound_seconds=bound,
        reason=reason,
        if_match=values.entity_tag(if_match),
    )
    return session.show(session.send(call), tables.about_namespace)


@command((namespace, "delete"), examples=["llm-config namespace delete search/old --reason 'moved' --yes"])
def delete(session: Session, *, namespace: Namespace, reason: Reason = None, yes: Yes = False) -> Printed:
    """Say nothing about an empty namespace any more."""
    from llm_config_client.cli import tables

    questions.sure(f"delete the namespace {screen.shown(namespace)}?", yes=yes)
    session.send(calls.delete_namespace(namespace, reason=reason))
    return session.show_document({"namespace": namespace}, lambda: tables.ended(namespace))
