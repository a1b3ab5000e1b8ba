"""`llm-config fleet ...`: who is on which revision, and waiting until everybody is."""

import time
from collections.abc import Callable
from typing import Annotated, NoReturn

import typer

from llm_config_client import calls
from llm_config_client.cli.app import fleet
from llm_config_client.cli.commands import Glob, Limit, Only, Session, command
from llm_config_client.cli.failures import Usage
from llm_config_client.cli.screen import Printed
from llm_config_client.core import Answer
from llm_config_client.errors import NotConverged
from llm_config_contract.fleet import FleetPage

PAUSE_SECONDS = 1.0
Converged = Annotated[bool, typer.Option("--converged", help="until everybody who reports holds what stands")]
Timeout = Annotated[float, typer.Option("--timeout", metavar="S", help="seconds, 0 to 86400")]
Instances = Annotated[int, typer.Option("--instances", metavar="N", help="and at least so many report")]


@command((fleet, "status"), examples=["llm-config fleet status --namespace llm-gateway/routing --env production"])
def status(session: Session, *, namespace: Glob = None, env: Only = None, limit: Limit = None) -> Printed:
    """Show who is on which revision: current, behind, or stale for who has not reported for three minutes."""
    from llm_config_client.cli import rows

    answer = session.send(calls.get_fleet(namespace=namespace, environment=env, limit=limit or 1000))
    return session.show(answer, rows.fleet)


@command(
    (fleet, "wait"),
    examples=["llm-config fleet wait --converged --namespace llm-gateway/routing --env production --timeout 120"],
)
def wait(
    session: Session,
    *,
    namespace: Glob = None,
    env: Only = None,
    converged: Converged = True,
    timeout: Timeout = 300.0,
    instances: Instances = 1,
) -> Printed:
    """Wait until everybody who reports holds what stands; 6 when the time is over before that."""
    from llm_config_client.cli import rows

    if not 0 <= timeout <= 86_400 or instances < 1:
        raise Usage("--timeout is seconds, 0 to 86400, and --instances is at least 1")
    call = calls.get_fleet(namespace=namespace, environment=env, limit=1000)
    return session.show(_awaited(lambda: session.send(call), timeout, instances), rows.fleet)


def _awaited(ask: Callable[[], Answer[FleetPage]], timeout: float, instances: int) -> Answer[FleetPage]:
    end = time.monotonic() + timeout
    while not ((answer := ask()).body.converged and answer.body.total >= instances):
        if time.monotonic() + PAUSE_SECONDS > end:
            _give_up(answer.body, instances)
        time.sleep(PAUSE_SECONDS)
    return answer


def _give_up(last: FleetPage, instances: int) -> NoReturn:
    told = f"{last.current} of {last.total} current, {last.behind} behind, {last.stale} stale"
    raise NotConverged(f"the fleet has not converged: {told}; {instances} or more were awaited")
