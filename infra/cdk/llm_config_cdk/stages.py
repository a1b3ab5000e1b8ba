"""The deployments: what differs between them, and nothing else. This is the file to edit for an account of your own.

A stage says where it is reached, how much it takes, how long it keeps things and what it pays for. It holds no secret.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from llm_config_domain.audit.witnesses import MOST_WITNESSES, Witness


@dataclass(frozen=True, slots=True)
class Domain:
    """A name of one's own for the API. Its certificate is in ACM, in the region of the stage.

    With a `truststore` (`s3://bucket/key` of the CA certificates, PEM) only clients with a certificate of theirs come in.
    """

    name: str
    certificate_arn: str
    truststore: str = ""


@dataclass(frozen=True, slots=True)
class Edge:
    """CloudFront with a web firewall before the API. Both certificates are in ACM in us-east-1.

    The API's public domain is its origin. That domain asks for a client certificate which only the distribution has
    (`Domain.truststore` holds its CA), so nobody reaches the API around the firewall, and there is no shared header to leak.
    """

    domain: str
    certificate_arn: str
    client_certificate_arn: str
    requests_per_client: int = 2000
    """In five minutes, from one address."""


@dataclass(frozen=True, slots=True)
class AuditDatabase:
    """Aurora PostgreSQL Serverless v2, in capacity units. With a minimum of 0 it sleeps when nobody asks.

    `authorities` is a PEM file of those who sign its certificate; AWS publishes Amazon RDS's. `witnesses` are those who
    cosign the audit's checkpoints, key (`NAME+ID+KEY`) -> the prefix of its address: the network then has a way out, a
    NAT gateway, for the one function that asks them.
    """

    authorities: Path
    witnesses: Mapping[str, str] = field(default_factory=dict)
    min_capacity: float = 0.5
    max_capacity: float = 4.0
    backup_days: int = 30


@dataclass(frozen=True, slots=True)
class Network:
    """A VPC without a way out, but for who asks witnesses: what stands in it reaches AWS through endpoints only."""

    cidr: str = "10.40.0.0/16"
    zones: tuple[str, ...] = ("a", "b")
    audit_database: AuditDatabase | None = None
    shared_cache: bool = False


@dataclass(frozen=True, slots=True)
class TargetNetwork:
    """A network of yours, by the ids of what is in it, in which targets of rotations are that have no public address.

    The steps of a rotation that speak to a target then stand in these subnets and groups, all of them, so the network has to
    lead on to DynamoDB, KMS and S3, and to the public address of whatever other target you have: by endpoints or a NAT.
    """

    vpc: str
    subnets: tuple[str, ...]
    security_groups: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Stage:
    """`protected` keeps what holds data from being deleted, by CloudFormation and by hand."""

    name: str
    issuers: Mapping[str, str] = field(default_factory=dict)
    """Whose tokens are taken: issuer -> https URL of its JWK set. The deployment's own issuer is added to it."""
    public_domain: Domain | None = None
    mutual_domain: Domain | None = None
    edge: Edge | None = None
    network: Network | None = None
    target_network: TargetNetwork | None = None
    protected: bool = False
    log_days: int = 30
    archive_days: int = 30
    checkpoint_years: int = 1
    """How long a signed checkpoint of the audit cannot be deleted by anybody."""
    rate_limit: int = 200
    burst_limit: int = 400
    """The API's throttle: requests a second, and how far a burst may go beyond."""
    reserved_concurrency: Mapping[str, int] = field(default_factory=dict)
    """Operation -> containers that are kept for it, and no more than those."""
    memory_mb: int = 1024
    key_rotation_days: int = 365
    shared_key_tiers: tuple[str, ...] = ()
    """New tenants of these tiers share one key, with the weaker promise that docs/tenant-keys.md tells."""
    config_bound_seconds: float = 5.0
    token_issuer: str = ""
    """The name of the deployment's own issuer; left out, its public domain."""
    traced: bool = True
    collector: str = ""
    """The base URL of an OpenTelemetry collector; without one no trace leaves but Lambda's own."""
    alarms_email: str = ""

    @property
    def prefix(self) -> str:
        return f"llm-config-{self.name}"

    @property
    def audit_database(self) -> AuditDatabase | None:
        return self.network.audit_database if self.network else None

    @property
    def shares_cache(self) -> bool:
        return self.network is not None and self.network.shared_cache

    @property
    def own_issuer(self) -> str:
        if self.token_issuer:
            return self.token_issuer
        return f"https://{self.public_domain.name}" if self.public_domain else f"urn:{self.prefix}"


RDS_AUTHORITIES = "https://truststore.pki.rds.amazonaws.com/global/global-bundle.pem"
"""Amazon RDS User Guide, "Using SSL/TLS to encrypt a connection to a DB cluster"."""
LOG_DAYS = (1, 7, 30, 90, 365)
"""Those of CloudWatch's retentions that a stage may ask for."""


def check(stage: Stage, operations: Collection[str]) -> None:
    """Raises ValueError for settings that would deploy, and do something else than they say."""
    unknown = sorted(stage.reserved_concurrency.keys() - set(operations))
    if unknown:
        raise ValueError(f"{stage.name}: no operation is called {', '.join(unknown)}")
    if stage.log_days not in LOG_DAYS:
        raise ValueError(f"{stage.name}: logs are kept for one of {LOG_DAYS} days")
    if stage.audit_database and not _holds_certificates(stage.audit_database.authorities):
        raise ValueError(
            f"{stage.name}: the audit's database names a PEM file of its authorities, such as {RDS_AUTHORITIES}"
        )
    if stage.audit_database:
        _check_witnesses(stage.audit_database.witnesses)
    if stage.mutual_domain and not stage.mutual_domain.truststore:
        raise ValueError(f"{stage.name}: without a truststore the mutual domain asks nobody for a certificate")
    if stage.target_network and not (stage.target_network.subnets and stage.target_network.security_groups):
        raise ValueError(f"{stage.name}: functions stand in a subnet and in a security group of the target network")
    if stage.edge and not (stage.public_domain and stage.public_domain.truststore):
        raise ValueError(
            f"{stage.name}: behind an edge, the public domain has a truststore, or anybody walks around it"
        )


def _check_witnesses(told: Mapping[str, str]) -> None:
    if len(told) > MOST_WITNESSES:
        raise ValueError(f"a deployment has at most {MOST_WITNESSES} witnesses")
    for key, address in told.items():
        Witness.read(key)
        if not address.startswith("https://"):
            raise ValueError("witnesses are asked over https alone")


def _holds_certificates(file: Path) -> bool:
    return file.is_file() and b"-----BEGIN CERTIFICATE-----" in file.read_bytes()


DEV = Stage("dev", log_days=7, archive_days=7, rate_limit=50, burst_limit=100)
STAGING = Stage("staging", protected=True)
PRODUCTION = Stage(
    "production",
    protected=True,
    log_days=365,
    archive_days=365,
    checkpoint_years=7,
    rate_limit=2000,
    burst_limit=4000,
    key_rotation_days=90,
    reserved_concurrency={
        "list_changes": 100,  # who waits takes no container from who reads
        "append_reads": 10,  # each has a connection of its own to the audit's database
    },
)
STAGES: Mapping[str, Stage] = {stage.name: stage for stage in (DEV, STAGING, PRODUCTION)}
