"""`llm-config config create | patch | validate`: a first version, a part of one, and a value on trial."""

from typing import Annotated, Literal

import typer

from llm_config_client import calls
from llm_config_client.cli import values
from llm_config_client.cli.app import config
from llm_config_client.cli.commands import (
    Classification,
    Environment,
    IfMatch,
    Path,
    Reason,
    Session,
    Tag,
    command,
)
from llm_config_client.cli.configs import File, Value
from llm_config_client.cli.failures import OK, REFUSED, Usage
from llm_config_client.cli.screen import Printed

Patch = Annotated[str | None, typer.Argument(metavar="JSON", help="the patch, or - for stdin", show_default=False)]
PatchFile = Annotated[str | None, typer.Option("--file", metavar="F", help="a file with the patch as JSON")]
PatchType = Annotated[
    Literal["json", "merge"] | None,
    typer.Option("--type", help="JSON Patch or merge patch; by its shape when left out: a list, an object"),
]
Schema = Annotated[str | None, typer.Option("--schema", metavar="F", help="a file with a JSON Schema to follow")]


@command(
    (config, "create"),
    examples=["""llm-config config create app/database '{"pool_size": 10}' --env production --reason first"""],
)
def create(
    session: Session,
    *,
    path: Path,
    value: Value = None,
    file: File = None,
    env: Environment = None,
    reason: Reason = None,
    tag: Tag = None,
    classification: Classification = None,
) -> Printed:
    """Store a config that is not there yet."""
    from llm_config_client.cli import tables

    call = calls.create_config(
        path,
        values.config_value(value, file),
        environment=session.environment(env),
        reason=reason,
        tags=values.tags(tag),
        classification=classification,
    )
    return session.show(session.send(call), tables.stored)


@command(
    (config, "patch"),
    examples=[
        """llm-config config patch app/database '{"pool_size": 20, "debug": null}' --env production""",
        """llm-config config patch app/database '[{"op": "remove", "path": "/debug"}]' --env production""",
        "llm-config config patch app/database --file undo.json --env production --if-match 7",
    ],
)
def patch(
    session: Session,
    *,
    path: Path,
    patch: Patch = None,
    file: PatchFile = None,
    type: PatchType = None,  # noqa: A002 (kubectl's word for it)
    env: Environment = None,
    reason: Reason = None,
    if_match: IfMatch = None,
) -> Printed:
    """Change a part of a config.

    A list is a JSON Patch (RFC 6902), an object a merge patch (RFC 7396).
    """
    from llm_config_client.cli import tables

    document = values.config_value(patch, file)
    if type is None and not isinstance(document, list | dict):
        raise Usage("a patch is a list or an object", "--type merge replaces the whole value by other JSON")
    call = calls.patch_config(
        path,
        document,
        environment=session.environment(env),
        type=type,
        reason=reason,
        if_match=values.entity_tag(if_match),
    )
    return session.show(session.send(call), tables.config)


@command(
    (config, "validate"),
    examples=[
        "llm-config config validate app/database --file database.json --env production",
        "llm-config config validate app/database --file database.json --schema database.schema.json --env production",
    ],
)
def validate(
    session: Session,
    *,
    path: Path,
    value: Value = None,
    file: File = None,
    schema: Schema = None,
    env: Environment = None,
) -> Printed:
    """Say whether a value could be stored; nothing is. Exit code 7 when it could not."""
    from llm_config_client.cli import rows

    call = calls.validate_config(
        path,
        values.config_value(value, file),
        environment=session.environment(env),
        schema=values.schema(schema),
    )
    answer = session.send(call)
    exit_code = OK if answer.body.valid else REFUSED
    return session.show_document(answer.document, lambda: rows.validation(answer.body), exit_code=exit_code)
