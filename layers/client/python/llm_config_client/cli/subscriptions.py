"""`llm-config subscription ...`: who is told of changes by webhook."""

from collections.abc import Sequence
from typing import Annotated

import typer
from rich.console import RenderableType
from rich.text import Text

from llm_config_client import calls
from llm_config_client.cli import listings, questions, screen
from llm_config_client.cli.app import subscription
from llm_config_client.cli.commands import Limit, Session, Yes, command
from llm_config_client.cli.screen import Printed, shown
from llm_config_client.errors import ClientFault
from llm_config_contract.subscriptions import CreatedSubscription, SubscriptionState, SubscriptionView

Address = Annotated[str, typer.Argument(metavar="URL", help="an https address of yours", show_default=False)]
Id = Annotated[str, typer.Argument(metavar="ID", show_default=False)]
About = Annotated[
    list[str] | None,
    typer.Option("--namespace", metavar="GLOB", help="whose changes; may be repeated; all when left out"),
]
Types = Annotated[
    list[str] | None, typer.Option("--type", metavar="TYPE", help="an event type; may be repeated; all when left out")
]
Words = Annotated[str | None, typer.Option("--description", metavar="TEXT", help="what it is for")]
OneNamespace = Annotated[str, typer.Option("--namespace", metavar="N", help="whose configs", show_default=False)]
Revision = Annotated[int, typer.Option("--from", metavar="REVISION", help="the first to be told", show_default=False)]


@command(
    (subscription, "create"),
    examples=[
        "llm-config subscription create https://hooks.example.com/config --namespace 'llm-gateway/*'",
        "WEBHOOK_SECRET=$(llm-config subscription create https://hooks.example.com/config)",
    ],
)
def create(
    session: Session,
    *,
    address: Address,
    namespace: About = None,
    types: Types = None,
    description: Words = None,
) -> Printed:
    """Have changes told by webhook. The signing secret is shown this once: bare in a pipe."""
    answer = session.send(calls.create_subscription(address, namespace or ["*"], types=types, description=description))
    if answer.body.secret is None:
        raise ClientFault("it was made, but the answer that showed its secret was lost: delete it, and create another")
    if session.output is None and not screen.is_terminal():
        return Printed(answer.body.secret + "\n")
    return session.show(answer, _created)


@command((subscription, "list"), examples=["llm-config subscription list"])
def list_all(session: Session, *, limit: Limit = None) -> Printed:
    """List subscriptions, without their secrets."""
    found = listings.gather(session, calls.list_subscriptions, limit=limit)
    return listings.show(session, found, _rows, "no subscriptions")


@command((subscription, "show"), examples=["llm-config subscription show 01JQ7Z0V5S4W8K2N6M9T3R1XYB"])
def show(session: Session, *, id: Id) -> Printed:  # noqa: A002 (the argument's name)
    """See a subscription and how its deliveries go."""
    return session.show(session.send(calls.get_subscription(id)), _state)


@command((subscription, "delete"), examples=["llm-config subscription delete 01JQ7Z0V5S4W8K2N6M9T3R1XYB --yes"])
def delete(session: Session, *, id: Id, yes: Yes = False) -> Printed:  # noqa: A002 (the argument's name)
    """End a subscription, at once and for good."""
    questions.sure_for_ever(f"end the subscription {screen.shown(id)}, for good?", yes=yes)
    session.send(calls.delete_subscription(id))
    return session.show_document({"id": id}, lambda: [Text(f"ended {shown(id)}")])


@command(
    (subscription, "replay"),
    examples=["llm-config subscription replay 01JQ7Z0V5S4W8K2N6M9T3R1XYB --namespace llm-gateway/routing --from 41"],
)
def replay(session: Session, *, id: Id, namespace: OneNamespace, revision: Revision) -> Printed:  # noqa: A002
    """Have the changes of a namespace's configs told anew, from a revision on."""
    return session.show(
        session.send(calls.replay_subscription(id, namespace, revision)),
        lambda told: [Text(f"{shown(told.namespace)} is told anew from revision {told.from_revision}")],
    )


def _rows(found: Sequence[SubscriptionView]) -> Sequence[RenderableType]:
    from llm_config_client.cli import drawing

    rows = [(one.id, shown(one.url), shown(", ".join(one.namespaces)), one.status) for one in found]
    return [drawing.table("ID", "URL", "NAMESPACES", "STATUS", rows=rows)]


def _facts(found: SubscriptionView, **more: str) -> Sequence[RenderableType]:
    from llm_config_client.cli import drawing

    told = {
        "id": found.id,
        "namespaces": ", ".join(found.namespaces),
        "types": ", ".join(found.types) or "all",
        "status": found.status,
        "created": drawing.by(found.created_at, found.created_by),
        **more,
    }
    return [Text(shown(found.url), style="bold"), drawing.facts(told)]


def _state(found: SubscriptionState) -> Sequence[RenderableType]:
    failure = f"{found.last_failure_at} ({found.last_failure})" if found.last_failure_at else "never"
    told = {"last success": found.last_success_at or "never", "last failure": failure, "pending": str(found.pending)}
    if found.next_attempt_at:
        told["next attempt"] = found.next_attempt_at
    return _facts(found, **told)


def _created(found: CreatedSubscription) -> Sequence[RenderableType]:
    once = Text("this secret is not shown again", style="dim")
    return [*_facts(found), Text(), Text(shown(found.secret or "")), once]
