"""`llm-config-local`: run the embedded home, and look into it."""

import logging
import os
import sys
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from llm_config_domain.errors import Refusal
from llm_config_domain.names import PLATFORM
from llm_config_local.home import Home, HomeError

if TYPE_CHECKING:
    from llm_config_local.adapters.faulty import Fault

app = typer.Typer(
    help="The embedded home of LLM-Config-Manager, on one machine.", no_args_is_help=True, add_completion=False
)
DataDir = Annotated[Path, typer.Option(help="where the store, the keys and the issuer lie")]
ClockOffset = Annotated[float, typer.Option(metavar="SECONDS", help="set the home's clock off by this much")]
PLATFORM_TTL = 24 * 3600


class What(StrEnum):
    STORE = "store"
    EVENTS = "events"
    JOURNAL = "journal"
    ROTATIONS = "rotations"


@app.command()
def serve(
    data_dir: DataDir,
    port: Annotated[
        int, typer.Option(min=0, max=65535, help="0: any free port, the same as last time if it is still free")
    ] = 0,
    ready_file: Annotated[Path | None, typer.Option(help="appears, with the URL in it, once the home serves")] = None,
    clock_offset: ClockOffset = 0,
) -> None:
    """Run the home in the foreground on 127.0.0.1 until SIGTERM or Ctrl-C."""
    from llm_config_local.serve import serve as run
    from llm_config_local.serve import write_ready_file

    faults = _faults()
    home = _home(data_dir, port, clock_offset)
    _arm(home, faults)

    def ready() -> None:
        if ready_file:
            token = home.token(PLATFORM, ["global-admin"], subject="system:platform", ttl=PLATFORM_TTL)
            write_ready_file(home, ready_file, token)
        typer.echo(f"serving {home.url} from {data_dir}", err=True)

    if ready_file:
        ready_file.unlink(missing_ok=True)
    run(home, ready)


@app.command()
def up(
    data_dir: DataDir = Path(".local"),
    port: Annotated[int, typer.Option(min=0, max=65535)] = 8080,
) -> None:
    """Run the home with a first tenant, and say what to try."""
    from llm_config_local.adapters.key_file import write_durably
    from llm_config_local.serve import serve as run

    faults = _faults()
    home = _home(data_dir, port, 0)
    demo = home.create_tenant("demo")
    token = home.token(demo, ["tenant-admin"], subject="user:demo", ttl=PLATFORM_TTL)
    write_durably(data_dir / "token", token.encode())
    write_durably(data_dir / "url", home.url.encode())
    _arm(home, faults)
    run(home, lambda: typer.echo(_welcome(home.url, data_dir)))


def _welcome(url: str, data_dir: Path) -> str:
    return f"""
LLM-Config-Manager serves {url}
A token of the tenant 'demo' lies in {data_dir}/token (valid for a day). In another terminal:

  export LLM_CONFIG_URL={url} LLM_CONFIG_TOKEN=$(cat {data_dir}/token)
  .venv/bin/llm-config config put app/database '{{"pool_size": 10, "timeout": "30s"}}' --env global --reason "first"
  .venv/bin/llm-config config put app/database '{{"pool_size": 50, "ssl": true}}' --env production --reason "more load"
  .venv/bin/llm-config config explain app/database --env production

Ctrl-C stops it; nothing is lost."""


@app.command()
def token(
    data_dir: DataDir,
    tenant: Annotated[str, typer.Option(help="name or id; 'platform' for platform administrators")],
    role: Annotated[list[str], typer.Option(help="may be repeated")],
    subject: Annotated[str, typer.Option()] = "user:local",
    attribute: Annotated[list[str] | None, typer.Option(metavar="K=V", help="a further claim; may be repeated")] = None,
    ttl: Annotated[int, typer.Option(metavar="SECONDS", help="negative: already expired")] = 3600,
) -> None:
    """Print a token (JWT) of the local issuer."""
    from llm_config.adapters.system.clock import SystemClock
    from llm_config_local.adapters.issuer import LocalIssuer
    from llm_config_local.dump import tenant_id
    from llm_config_local.home import HomeState, signed_token

    state = HomeState.read(data_dir)
    if state is None:
        raise HomeError(f"{data_dir} was never served: start it with 'llm-config-local serve'")
    now = SystemClock(state.clock_offset).now().timestamp()
    issuer = LocalIssuer(data_dir, state.issuer)
    attributes = dict(_pair(text) for text in attribute or [])
    typer.echo(
        signed_token(issuer, now, tenant_id(data_dir, tenant), role, subject=subject, ttl=ttl, attributes=attributes)
    )


@app.command()
def dump(data_dir: DataDir, what: Annotated[What, typer.Option()]) -> None:
    """Print what the home holds, one JSON object a line."""
    import json

    from llm_config_local.dump import dump as rows

    for row in rows(data_dir, what.value):
        typer.echo(json.dumps(row, ensure_ascii=False))


@app.command("rotate-master-key")
def rotate_master_key(data_dir: DataDir) -> None:
    """Wrap the tenants' keys anew under a new master key. The home must not run; nothing that they sealed is touched."""
    from llm_config_local.master_keys import rotate_master_key as rotate

    count = rotate(data_dir)
    typer.echo(f"keys wrapped anew under a new master key: {count}")
    typer.echo("an earlier backup of tenant-keys.json opens with an earlier backup of master.key alone", err=True)


@app.command("verify-jws")
def verify_jws(jwks: Annotated[Path, typer.Option(help="a JWKS file (RFC 7517)")]) -> None:
    """Read tokens on stdin; print 'valid' or 'invalid: reason' for each, by the service's own check."""
    from llm_config_local.verify import key_set, verdict

    keys = key_set(jwks)
    for line in sys.stdin.buffer:
        typer.echo(verdict(line.decode("utf-8", "replace").rstrip("\n"), keys))


def _pair(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals or not name:
        raise HomeError("an attribute is written name=value")
    return name, value


def _faults() -> "list[Fault]":
    from llm_config_local.faults import faults_of

    return faults_of(os.environ)


def _arm(home: Home, faults: "list[Fault]") -> None:
    """Put the faults that were asked for behind the ports, and say so: nobody serves with faults unknowingly."""
    from llm_config_local.adapters.faulty import Faults

    if faults:
        typer.echo(f"faults are active: {', '.join(map(str, faults))}", err=True)
        home.arm(Faults(faults))


def _home(data_dir: Path, port: int, clock_offset: float) -> Home:
    try:
        logging.basicConfig(level=os.environ.get("LOG_LEVEL", "WARNING").upper())
    except ValueError as error:
        raise HomeError("LOG_LEVEL is one of DEBUG, INFO, WARNING, ERROR, CRITICAL") from error
    try:
        return Home(data_dir, port, clock_offset)
    except OSError as error:
        raise HomeError(f"{data_dir} cannot be used: {error.strerror}") from error


def main() -> None:
    """The console script: what a person must know is one line on stderr, and the exit status is 1."""
    run: Callable[[], Any] = app
    try:
        run()
    except (HomeError, Refusal) as error:
        typer.echo(f"error: {error}", err=True)
        sys.exit(1)
