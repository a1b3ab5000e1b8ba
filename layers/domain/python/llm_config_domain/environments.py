"""Environments: their names, their aliases, and the chain that a resolve walks.

Aliases are accepted where a request comes in and are unknown further inside, so a rule about `development` can never
miss a request that said `dev`.
"""

from llm_config_domain.errors import Malformed
from llm_config_domain.names import PLATFORM, TenantId

ALIASES = {"dev": "development", "stage": "staging", "prod": "production"}
PARENTS: dict[str, str | None] = {
    "global": None,
    "development": "global",
    "staging": "development",
    "production": "staging",
    "edge": "global",
}
SYSTEM = "system"
"""The platform's enforced layer: it lies over every tenant's chain, and only the platform has it."""


def canonical(name: str) -> str:
    """The one long name of an environment. Raises Malformed for a name that is not one."""
    name = ALIASES.get(name, name)
    if name not in PARENTS and name != SYSTEM:
        raise Malformed(f"unknown environment: use one of {', '.join(PARENTS)} (or dev, stage, prod)")
    return name


def check_owner(tenant: TenantId, environment: str) -> None:
    """Raises Malformed when this tenant has no such environment."""
    if environment == SYSTEM and tenant != PLATFORM:
        raise Malformed(f"unknown environment: use one of {', '.join(PARENTS)} (or dev, stage, prod)")


def chain_to(environment: str) -> tuple[str, ...]:
    """The environments that `environment` inherits from, lowest first, itself last."""
    chain: list[str] = []
    step: str | None = environment
    while step is not None:
        chain.append(step)
        step = PARENTS.get(step)
    return tuple(reversed(chain))
