"""`llm-config search TEXT...`: where something stands of which only a part of the name is known."""

import sys
from typing import Annotated, Literal

import typer

from llm_config_client import calls
from llm_config_client.cli import listings
from llm_config_client.cli.app import app
from llm_config_client.cli.commands import Glob, Limit, Only, Session, command
from llm_config_client.cli.screen import Printed

Words = Annotated[
    list[str], typer.Argument(metavar="TEXT", help="parts of its path; each must stand in it", show_default=False)
]
Kinds = Annotated[Literal["config", "secret"] | None, typer.Option("--kind", help="only these; both when left out")]
Tagged = Annotated[str | None, typer.Option("--tag", metavar="K[:V]", help="only what has this tag")]
BEING_MADE = "note: what is searched is made for the first time just now; there may be more\n"


@command(
    (app, "search"),
    examples=[
        "llm-config search pinecone",
        "llm-config search pinecone eu --kind secret --env production",
        "llm-config search limits --namespace 'services/*' --tag team:core -o json",
    ],
)
def search(
    session: Session,
    *,
    text: Words,
    kind: Kinds = None,
    namespace: Glob = None,
    env: Only = None,
    tag: Tagged = None,
    limit: Limit = None,
) -> Printed:
    """Look for configs and secrets by a part of their names."""
    from llm_config_client.cli import rows

    query = {"kind": kind, "namespace": namespace, "environment": env, "tag": tag}
    found = listings.gather(session, calls.search_names, q=" ".join(text), limit=limit, **query)
    if found.document["as_of"] is None and session.output not in ("json", "yaml"):
        sys.stderr.write(BEING_MADE)
    nothing = (
        f"nothing is called like that{listings.place(namespace, env)}: fewer or shorter parts of its path may find it"
    )
    return listings.show(session, found, rows.names, nothing)
