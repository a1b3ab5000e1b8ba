"""The identity policy of each function's role, from the rows of `grants`, and the path of the role."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from llm_config.operations.needs import RECEIPT, needs_of
from llm_config.operations.operation import Row
from llm_config_cdk.grants import GRANTS, Grant
from llm_config_cdk.places import Place
from llm_config_cdk.reach import CACHE, asks_a_target, stands_inside
from llm_config_cdk.service_grants import INSIDE, TRACES, of_trigger


def grants_of(
    row: Row,
    grants: Mapping[str, tuple[Grant, ...]] = GRANTS,
    *,
    shared_cache: bool = True,
    target_network: bool = False,
    receipts: bool = True,
) -> tuple[Grant, ...]:
    """All that the function of `row` may do. Raises KeyError, naming the port, for one that has no row here."""
    own_log = Grant(("logs:CreateLogStream", "logs:PutLogEvents"), (f"log-group/{row.name}",))
    needs = needs_of(row) - (frozenset() if shared_cache else CACHE) - (frozenset() if receipts else RECEIPT)
    of_ports = (grant for need in sorted(needs) for grant in grants[need])
    at_targets = target_network and asks_a_target(row)
    inside = (INSIDE,) if at_targets or stands_inside(row, shared_cache=shared_cache) else ()
    return merged((own_log, TRACES, *inside, *of_trigger(row), *of_ports))


def merged(grants: Iterable[Grant]) -> tuple[Grant, ...]:
    """The same permissions in fewer statements: what is said of the same resources under the same conditions is said once."""
    actions: dict[str, list[str]] = {}
    kept: dict[str, Grant] = {}
    for grant in grants:
        for resource in grant.resources:
            key = json.dumps([resource, grant.conditions], sort_keys=True)
            kept[key] = Grant((), (resource,), grant.conditions)
            actions.setdefault(key, []).extend(action for action in grant.actions if action not in actions.get(key, []))
    return tuple(Grant(tuple(sorted(actions[key])), grant.resources, grant.conditions) for key, grant in kept.items())


def statements(row: Row, place: Place, grants: Mapping[str, tuple[Grant, ...]] = GRANTS) -> list[dict[str, Any]]:
    """The identity policy of a function's role, as IAM reads it."""
    told = grants_of(
        row,
        grants,
        shared_cache=place.shared_cache,
        target_network=place.target_network,
        receipts=bool(place.receipt_key_arn),
    )
    return [statement(grant, place) for grant in told]


def statement(grant: Grant, place: Place) -> dict[str, Any]:
    told: dict[str, Any] = {
        "Effect": "Allow",
        "Action": list(grant.actions),
        "Resource": [place.arn(name) for name in grant.resources],
    }
    if grant.conditions:
        told["Condition"] = {
            operator: {key: list(value) if isinstance(value, tuple) else value for key, value in keys.items()}
            for operator, keys in grant.conditions.items()
        }
    return told


def role_path(row: Row, place: Place) -> str:
    """A role's path never changes, so the tenants' keys can tell by it who seals and who unseals."""
    needs = needs_of(row)
    uses = [word for port, word in (("sealer", "seals"), ("unsealer", "unseals")) if port in needs]
    return "/".join(["", place.prefix, *uses, ""])


def key_roles(place: Place) -> tuple[list[str], list[str]]:
    """(who seals, who unseals), as the policies of tenants' keys name them: by path, whatever roles there will be."""
    return [place.role("seals/*")], [place.role("unseals/*"), place.role("seals/unseals/*")]
