"""Where one deployment's things are: their names and ARNs, made of the stage, the account and the region alone.

Stacks name each other's things by these, so hardly one needs an export of another, and none waits for another in a ring.
"""

from collections.abc import Callable
from dataclasses import dataclass

WATCH = "v1"
"""The stage of the WebSocket API, which is in its address."""


@dataclass(frozen=True, slots=True)
class Place:
    """`prefix` stands before the names of all that is deployed."""

    prefix: str
    account: str
    region: str
    partition: str = "aws"
    token_key_arn: str = ""
    audit_key_arn: str = ""
    receipt_key_arn: str = ""
    watch_api: str = ""
    """The id of the WebSocket API."""
    shared_cache: bool = True
    """Whether containers share one."""
    target_network: bool = False
    """Whether the functions that speak to targets stand in a network."""

    @property
    def table_prefix(self) -> str:
        return f"{self.prefix}-"

    @property
    def alias_prefix(self) -> str:
        """Of the tenants' keys: two deployments in one account never share one."""
        return f"alias/{self.prefix}/tenants/"

    @property
    def values_bucket(self) -> str:
        return self.bucket("values")

    def bucket(self, name: str) -> str:
        """Names of buckets are one space for the whole world."""
        return f"{self.prefix}-{name}-{self.account}-{self.region}"

    @property
    def audit_owner(self) -> str:
        """The name of the secret with which the audit database's owner logs in."""
        return f"{self.prefix}/audit-owner"

    @property
    def shared_cache_name(self) -> str:
        """Of the cache, and of the user as which functions log in to it."""
        return f"{self.prefix}-cache"

    def function(self, operation: str) -> str:
        return f"{self.prefix}-{operation}"

    def queue(self, name: str) -> str:
        return f"{self.prefix}-{name}"

    @property
    def event_bus(self) -> str:
        return self.prefix

    def live(self, operation: str) -> str:
        """The ARN by which a function is called: its alias."""
        return self.regional("lambda", f"function:{self.function(operation)}:live")

    @property
    def rotation_machine(self) -> str:
        """The ARN of the state machine that runs rotations."""
        return self.regional("states", f"stateMachine:{self.rotation_machine_name}")

    @property
    def rotation_machine_name(self) -> str:
        return f"{self.prefix}-rotate-secret"

    @property
    def key_administrator(self) -> str:
        """A role's name is one in the account, whatever its path."""
        return f"{self.prefix}-key-administrator"

    def role(self, path: str) -> str:
        """The ARN of a role, or of all below a path, in this deployment."""
        return f"arn:{self.partition}:iam::{self.account}:role/{self.prefix}/{path}"

    def regional(self, service: str, rest: str) -> str:
        return f"arn:{self.partition}:{service}:{self.region}:{self.account}:{rest}"

    def arn(self, name: str) -> str:
        """`kind/name`, as the grants say it, to an ARN. Raises KeyError for a kind that nobody knows."""
        kind, _, rest = name.partition("/")
        return _ARNS[kind](self, rest)


_ARNS: dict[str, Callable[[Place, str], str]] = {
    "table": lambda place, name: place.regional("dynamodb", f"table/{place.table_prefix}{name}"),
    "listing": lambda place, name: place.regional("dynamodb", f"table/{place.table_prefix}{name}/index/listing"),
    "stream": lambda place, name: place.regional("dynamodb", f"table/{place.table_prefix}{name}/stream/*"),
    "queue": lambda place, name: place.regional("sqs", place.queue(name)),
    "bus": lambda place, _: place.regional("events", f"event-bus/{place.event_bus}"),
    "live": lambda place, name: place.live(name),
    "due": lambda place, name: place.regional("dynamodb", f"table/{place.table_prefix}{name}/index/due"),
    "rotations": lambda place, _: place.rotation_machine,
    "audit-key": lambda place, _: place.audit_key_arn,
    "receipt-key": lambda place, _: place.receipt_key_arn,
    "audit-database": lambda place, _: place.regional("rds-db", "dbuser:*/llm_config_audit"),
    "names-database": lambda place, _: place.regional("rds-db", "dbuser:*/llm_config_names"),
    "search-database": lambda place, _: place.regional("rds-db", "dbuser:*/llm_config_search"),
    "audit-owner": lambda place, _: place.regional("secretsmanager", f"secret:{place.audit_owner}-*"),
    "audit-archive": lambda place, _: f"arn:{place.partition}:s3:::{place.bucket('audit')}/archive/*",
    "audit-exports": lambda place, _: f"arn:{place.partition}:s3:::{place.bucket('audit')}/exports/*",
    "audit-bucket": lambda place, _: f"arn:{place.partition}:s3:::{place.bucket('audit')}",
    "shared-cache": lambda place, _: place.regional("elasticache", f"serverlesscache:{place.shared_cache_name}"),
    "shared-cache-user": lambda place, _: place.regional("elasticache", f"user:{place.shared_cache_name}"),
    "checkpoints-bucket": lambda place, _: f"arn:{place.partition}:s3:::{place.bucket('checkpoints')}",
    "checkpoints": lambda place, _: f"arn:{place.partition}:s3:::{place.bucket('checkpoints')}/*",
    "values-bucket": lambda place, _: f"arn:{place.partition}:s3:::{place.values_bucket}",
    "values": lambda place, _: f"arn:{place.partition}:s3:::{place.values_bucket}/*",
    "token-key": lambda place, _: place.token_key_arn,
    "keys": lambda place, _: place.regional("kms", "key/*"),
    "tenant-aliases": lambda place, _: place.regional("kms", f"{place.alias_prefix}*"),
    "watch-connections": lambda place, _: place.regional("execute-api", f"{place.watch_api}/{WATCH}/*/@connections/*"),
    "log-group": lambda place, name: place.regional("logs", f"log-group:/aws/lambda/{place.function(name)}:*"),
    "no-resource": lambda place, _: "*",
}
