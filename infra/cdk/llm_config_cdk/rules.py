"""Where the stacks differ from the AWS Solutions rules, and why. A rule that is not named here holds everywhere."""

from collections.abc import Iterable, Mapping

from aws_cdk import Acknowledgment, Validations
from constructs import IConstruct

from llm_config_cdk.grants import Grant
from llm_config_cdk.places import Place

REASONS = {
    "APIG4": "Every function checks the credential itself: a refusal is problem+json and on record, and a revocation "
    "holds at once, with no cache of a gateway's between",
    "CFR1": "Tenants are wherever they are; the firewall limits addresses, not countries",
    "L1": "Layers and their wheels are built and tested for Python 3.13",
    "S1": "This bucket holds access logs itself",
    "SQS3": "What a stream's consumer gave up is put aside here: the mapping names this queue, and an alarm watches it",
    "SMG4": "One function alone logs in with the owner's password, to migrate; all others use IAM",
}
_CLUSTER = "A cluster is known by an id that no name tells; the user is the deployment's own"
WILDCARDS = {
    "audit-database": _CLUSTER,
    "names-database": _CLUSTER,
    "search-database": _CLUSTER,
    "audit-archive": "Objects are named by tenant and month; the bucket is the deployment's own",
    "audit-exports": "Objects are named by tenant and content; the bucket is the deployment's own",
    "audit-owner": "Secrets Manager ends a secret's ARN with six characters that no name tells",
    "checkpoints": "Objects are named by tenant and size; the bucket is the deployment's own, and keeps what it was given",
    "keys": "Tenants' keys are made at run time, so no policy can name them: each key's own policy names who seals and "
    "who unseals, and for which tenant",
    "log-group": "The streams of the function's own log group, which Lambda names",
    "no-resource": "These actions know no resource: traces of X-Ray, interfaces in a network, and the creation of a key, which "
    "has no name yet",
    "stream": "A stream is named by the moment it was made at; the table's own are all there are",
    "tenant-aliases": "Aliases of tenants' keys are made at run time, all under the deployment's own prefix",
    "watch-connections": "Connections are named when they are opened; the API is the deployment's own",
    "values": "Objects are named by tenant and content; the bucket is the deployment's own",
}

WATCH_API = "ExportsOutputRefapi65FDA924"
"""What the CDK calls the id of the WebSocket API where another stack is told it."""


def acknowledge(scope: IConstruct, *rules: str) -> None:
    """For `scope` and what is in it."""
    _note(scope, {f"AwsSolutions-{rule}": REASONS[rule] for rule in rules})


def acknowledge_wildcards(role: IConstruct, grants: Iterable[Grant], prefix: str) -> None:
    """The wildcards that policies.py gives this role, each by its own name: any other one is still found."""
    watch_api = f"{prefix}-watch-api:{WATCH_API}"
    place = Place(prefix, "<AWS::AccountId>", "<AWS::Region>", "<AWS::Partition>", watch_api=watch_api)
    found = dict.fromkeys(resource for grant in grants for resource in grant.resources)
    reasons = {resource: WILDCARDS[kind] for resource in found if (kind := resource.partition("/")[0]) in WILDCARDS}
    _note(role, {f"AwsSolutions-IAM5[Resource::{place.arn(resource)}]": why for resource, why in reasons.items()})


def _note(scope: IConstruct, reasons: Mapping[str, str]) -> None:
    if reasons:
        noted = [Acknowledgment(id=rule, reason=reason) for rule, reason in reasons.items()]
        Validations.of(scope).acknowledge(*noted)
