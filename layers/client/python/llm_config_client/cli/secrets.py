"""`llm-config secret ...`. A value shows itself when it is piped on, or when it is asked for by --reveal."""

from typing import Annotated

import typer

from llm_config_client import calls
from llm_config_client.cli import values
from llm_config_client.cli.app import secret
from llm_config_client.cli.commands import (
    Classification,
    Create,
    Environment,
    IfMatch,
    Path,
    Reason,
    Session,
    Tag,
    Version,
    command,
)
from llm_config_client.cli.screen import Printed, escaped, is_terminal
from llm_config_client.core import Answer
from llm_config_contract.secrets import GetSecretResponse
from llm_config_domain import json_text

Source = Annotated[str | None, typer.Argument(metavar="-", help="reads stdin, less one newline at its end")]
File = Annotated[str | None, typer.Option("--file", metavar="F", help="a file with the value, taken as it is")]
InTheOpen = Annotated[str | None, typer.Option("--value", metavar="V", help="the value, for all to see: prefer -")]
Type = Annotated[str, typer.Option("--type", metavar="T", help="generic, api_key, certificate, ssh_key, ...")]
AsJson = Annotated[bool, typer.Option("--json", help="the value is JSON, not text")]
Reveal = Annotated[bool, typer.Option("--reveal", help="show the value on a terminal too")]
ExpiresAt = Annotated[
    str | None, typer.Option("--expires-at", metavar="T", help="when it ends (RFC 3339); a certificate says it itself")
]
Waiting = Annotated[bool, typer.Option("--no-activate", help="store it, but use it only after 'secret activate'")]


@command(
    (secret, "set"),
    examples=[
        "pbpaste | llm-config secret set keys/anthropic - --type api_key --env production",
        "llm-config secret set keys/anthropic --env production          (asks, unseen)",
        "llm-config secret set tls/gateway --file gateway.pem --type certificate --env edge",
    ],
)
def put(
    session: Session,
    *,
    path: Path,
    source: Source = None,
    file: File = None,
    value: InTheOpen = None,
    type: Type = "generic",  # noqa: A002 (the option's name)
    as_json: AsJson = False,
    env: Environment = None,
    reason: Reason = None,
    tag: Tag = None,
    classification: Classification = None,
    if_match: IfMatch = None,
    create: Create = False,
    no_activate: Waiting = False,
    expires_at: ExpiresAt = None,
) -> Printed:
    """Store a secret from stdin, a file or a hidden prompt."""
    from llm_config_client.cli import tables

    environment = session.environment(env)  # asked first: nobody likes to type a secret for nothing
    call = calls.put_secret(
        path,
        values.secret_value(source, file=file, value=value, as_json=as_json),
        environment=environment,
        type=type,
        reason=reason,
        tags=values.tags(tag),
        classification=classification,
        if_match=values.entity_tag(if_match),
        if_none_match="*" if create else None,
        activate=False if no_activate else None,
        expires_at=expires_at,
    )
    return session.show(session.send(call), tables.metadata)


@command(
    (secret, "get"),
    examples=[
        "llm-config secret get keys/anthropic --env production                  (masked)",
        "llm-config secret get keys/anthropic --env production --reveal",
        "ANTHROPIC_API_KEY=$(llm-config secret get keys/anthropic --env production) serve",
    ],
)
def get(
    session: Session, *, path: Path, env: Environment = None, version: Version = None, reveal: Reveal = False
) -> Printed:
    """Read a secret: masked on a terminal, the bare value in a pipe."""
    call = calls.get_secret(path, environment=session.environment(env), version=version)
    return _shown(session, session.send(call), reveal)


def _shown(session: Session, answer: Answer[GetSecretResponse], reveal: bool) -> Printed:  # noqa: FBT001
    from llm_config_client.cli import tables

    found, may_show = answer.body, reveal or not is_terminal()
    if session.output is None and may_show:
        return Printed(_bare(found) + "\n")
    if session.output in ("json", "yaml"):
        if may_show:
            return session.show(answer, lambda _: [])
        return session.show_document(answer.document | tables.masked(found), list)
    return session.show(answer, lambda found: tables.secret(found, reveal=reveal))


def _bare(found: GetSecretResponse) -> str:
    text = found.value if isinstance(found.value, str) else json_text.write(found.value)
    return escaped(text) if is_terminal() else text
