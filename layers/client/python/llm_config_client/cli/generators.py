"""`llm-config secret generate`: a random password or token, made on this machine and shown to nobody."""

import secrets
from typing import Annotated

import typer

from llm_config_client import calls
from llm_config_client.cli import values
from llm_config_client.cli.app import secret
from llm_config_client.cli.commands import Create, Environment, IfMatch, Path, Reason, Session, Tag, command
from llm_config_client.cli.failures import Usage
from llm_config_client.cli.screen import Printed
from llm_config_domain.secrets.recipes.texts import ALPHANUMERIC, PasswordRecipe, TokenRecipe

Form = Annotated[str, typer.Option("--form", metavar="F", help="base64url, hex or password")]
Length = Annotated[
    int, typer.Option("--length", metavar="N", help="characters of a password, random bytes of the others")
]
Exclude = Annotated[str, typer.Option("--exclude", metavar="CHARS", help="characters that a password must not have")]
Symbols = Annotated[bool, typer.Option("--symbols", help="a password with punctuation too")]
Prefix = Annotated[str, typer.Option("--prefix", metavar="P", help="what a token begins with")]
Type = Annotated[str, typer.Option("--type", metavar="T", help="generic or api_key")]
Reveal = Annotated[bool, typer.Option("--reveal", help="print the value, and nothing else")]
SYMBOLS = "!#$%&()*+,-./:;<=>?@[]^_{|}~"
"""Without quotes and the backslash, which shells and files take for their own."""


@command(
    (secret, "generate"),
    examples=[
        "llm-config secret generate keys/webhook --env production",
        "llm-config secret generate keys/internal --prefix sk- --type api_key --env production",
        "llm-config secret generate db/admin --form password --length 40 --exclude O0l1 --env edge",
    ],
)
def generate(
    session: Session,
    *,
    path: Path,
    form: Form = "base64url",
    length: Length = 32,
    exclude: Exclude = "",
    symbols: Symbols = False,
    prefix: Prefix = "",
    type: Type = "generic",  # noqa: A002 (the option's name)
    env: Environment = None,
    reason: Reason = None,
    tag: Tag = None,
    if_match: IfMatch = None,
    create: Create = False,
    reveal: Reveal = False,
) -> Printed:
    """Make a random secret of at least 128 bits here, and store it. Nothing shows it but --reveal."""
    from llm_config_client.cli import tables

    environment = session.environment(env)
    made = _made(form, length, exclude, symbols=symbols, prefix=prefix)
    call = calls.put_secret(
        path,
        made,
        environment=environment,
        type=_type(type),
        reason=reason,
        tags=values.tags(tag),
        if_match=values.entity_tag(if_match),
        if_none_match="*" if create else None,
    )
    answer = session.send(call)
    return Printed(made + "\n") if reveal else session.show(answer, tables.metadata)


def _type(name: str) -> str:
    if name not in ("generic", "api_key"):
        raise Usage(
            "what is made here is a text: --type is generic or api_key", "keys and certificates come from a rotation"
        )
    return name


def _made(form: str, length: int, exclude: str, *, symbols: bool, prefix: str) -> str:
    """Raises Usage, and ValueRefused for what is weak."""
    if form == "password" and not prefix:
        alphabet = ALPHANUMERIC + (SYMBOLS if symbols else "")
        recipe = PasswordRecipe(length=length, alphabet=alphabet, excluded=exclude)
        return "".join(secrets.choice(recipe.characters) for _ in range(length))
    return prefix + _token(form, length, prefix=prefix, plain=not (exclude or symbols))


def _token(form: str, length: int, *, prefix: str, plain: bool) -> str:
    if form not in ("base64url", "hex") or not plain:
        raise Usage(
            "--form is base64url, hex or password",
            "--exclude and --symbols are for passwords, --prefix is for the others",
        )
    recipe = TokenRecipe(size=length, encoding="hex" if form == "hex" else "base64url", prefix=prefix)
    return secrets.token_hex(recipe.size) if form == "hex" else secrets.token_urlsafe(recipe.size)
