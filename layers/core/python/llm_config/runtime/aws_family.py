"""The AWS family: which adapter stands behind which port in a Lambda function.

Nothing is imported, read or opened before a port is first used, so a function loads the drivers of its own ports.
"""

import json
from collections.abc import Callable, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any

from llm_config.runtime.aws_audit import AwsAudit
from llm_config.runtime.aws_caches import AwsCaches
from llm_config.runtime.aws_clients import client, quiet_drivers, tell_waits
from llm_config.runtime.aws_delivery import AwsDelivery
from llm_config.runtime.aws_rotation import AwsRotation
from llm_config.runtime.observability import waited_for_keys
from llm_config.runtime.settings import Settings, settings

if TYPE_CHECKING:
    from llm_config.adapters.dynamodb.api_keys import DynamoApiKeys
    from llm_config.adapters.dynamodb.configs import DynamoConfigs
    from llm_config.adapters.dynamodb.contents import Contents
    from llm_config.adapters.dynamodb.control import ControlRows
    from llm_config.adapters.dynamodb.fleet import DynamoFleet
    from llm_config.adapters.dynamodb.key_ids import TenantKeyIds
    from llm_config.adapters.dynamodb.namespaces import DynamoNamespaces
    from llm_config.adapters.dynamodb.secrets import DynamoSecrets
    from llm_config.adapters.dynamodb.store import DynamoStore
    from llm_config.adapters.dynamodb.tenants import DynamoTenants
    from llm_config.adapters.dynamodb.versioned import VersionedRows
    from llm_config.adapters.log_stream.lines import LogStreamLines
    from llm_config.adapters.postgres.connection import Database
    from llm_config.ports.clock import Clock


class AwsFamily:
    """The adapters of one deployment. `settings` and `client` are asked at first use."""

    def __init__(self, settings: Callable[[], Settings], client: Callable[[str], Any]) -> None:
        self._settings, self._new_client = settings, client

    def _client(self, service: str) -> Any:
        quiet_drivers()
        made = self._new_client(service)
        if service == "kms":
            tell_waits(made, waited_for_keys)
        return made

    @cached_property
    def clock(self) -> "Clock":
        from llm_config.adapters.system.clock import SystemClock

        return SystemClock()

    @cached_property
    def lines(self) -> "LogStreamLines":
        from llm_config.adapters.log_stream.lines import LogStreamLines

        return LogStreamLines(self._identifiers().ulid(), metrics=self._settings().metrics)

    @cached_property
    def store(self) -> "DynamoStore":
        from llm_config.adapters.dynamodb.store import DynamoStore

        return DynamoStore(self._client("dynamodb"), self._settings().table_prefix)

    @cached_property
    def key_ids(self) -> "TenantKeyIds":
        from llm_config.adapters.dynamodb.key_ids import TenantKeyIds

        return TenantKeyIds(self.store)

    @cached_property
    def contents(self) -> "Contents":
        from llm_config.adapters.dynamodb.contents import Contents

        return Contents(self.large_values())

    @cached_property
    def config_rows(self) -> "VersionedRows":
        from llm_config.adapters.dynamodb import keys
        from llm_config.adapters.dynamodb.versioned import VersionedRows

        return VersionedRows(self.store, "configs", keys.config_change, clock=self.clock, key_ids=self.key_ids)

    @cached_property
    def configs(self) -> "DynamoConfigs":
        from llm_config.adapters.dynamodb.configs import DynamoConfigs

        return DynamoConfigs(self.config_rows, self.contents, self.clock)

    @cached_property
    def secret_rows(self) -> "VersionedRows":
        from llm_config.adapters.dynamodb import keys
        from llm_config.adapters.dynamodb.versioned import VersionedRows

        return VersionedRows(self.store, "secrets", keys.secret_change, clock=self.clock, key_ids=self.key_ids)

    @cached_property
    def secrets(self) -> "DynamoSecrets":
        from llm_config.adapters.dynamodb.secrets import DynamoSecrets

        return DynamoSecrets(self.secret_rows, self.contents, self.clock)

    @cached_property
    def tenants(self) -> "DynamoTenants":
        from llm_config.adapters.dynamodb.tenants import DynamoTenants

        return DynamoTenants(self.store, self.clock)

    @cached_property
    def control_rows(self) -> "ControlRows":
        from llm_config.adapters.dynamodb.control import ControlRows

        return ControlRows(self.store, self.clock)

    @cached_property
    def api_keys(self) -> "DynamoApiKeys":
        from llm_config.adapters.dynamodb.api_keys import DynamoApiKeys

        return DynamoApiKeys(self.control_rows)

    @cached_property
    def namespaces(self) -> "DynamoNamespaces":
        from llm_config.adapters.dynamodb.namespaces import DynamoNamespaces

        return DynamoNamespaces(self.control_rows)

    @cached_property
    def audit_database(self) -> "Database":
        from llm_config.adapters.postgres.address import USER

        return self.database_as(USER)

    def database_as(self, user: str) -> "Database":
        """The audit's database, as a role of it sees it."""
        from llm_config.adapters.postgres.address import IamAddress
        from llm_config.adapters.postgres.connection import Database

        told = self._settings()
        where = (told.audit_host, told.audit_port, told.audit_authorities)
        return Database(IamAddress(self._client("rds"), *where, user))

    def audit_owner(self) -> Callable[[], str]:
        """Where the audit's database is for its owner."""
        from llm_config.adapters.postgres.address import OwnerAddress

        told = self._settings()
        return OwnerAddress(self._client("secretsmanager"), told.audit_owner, told.audit_authorities)

    @cached_property
    def fleet(self) -> "DynamoFleet":
        from llm_config.adapters.dynamodb.fleet import DynamoFleet

        return DynamoFleet(self.control_rows)

    def factories(self) -> dict[str, Callable[[], Any]]:
        return {
            "config_reader": lambda: self.configs,
            "config_writer": lambda: self.configs,
            "change_feed": self._change_feed,
            "change_signal": self._change_signal,
            "secret_reader": lambda: self.secrets,
            "secret_writer": lambda: self.secrets,
            "secret_transfers": self._secret_transfers,
            "tenant_reader": lambda: self.tenants,
            "tenant_writer": lambda: self.tenants,
            "health_probe": lambda: self.tenants,
            "tenant_keys": self._tenant_keys,
            "sealer": self._sealer,
            "unsealer": self._unsealer,
            "journal": self._journal,
            "access_log": lambda: self.lines,
            "request_log": lambda: self.lines,
            "clock": lambda: self.clock,
            "identifiers": self._identifiers,
            "issuer_keys": self._issuer_keys,
            "large_values": self.large_values,
            "schema_checker": self._schema_checker,
            "key_inspector": self._key_inspector,
            "secret_generator": self._secret_generator,
            "token_signer": self._token_signer,
            "namespace_reader": lambda: self.namespaces,
            "namespace_writer": lambda: self.namespaces,
            "api_key_reader": lambda: self.api_keys,
            "api_key_writer": lambda: self.api_keys,
            **AwsDelivery(self, self._client, self._settings).factories(),
            **AwsAudit(self, self._client, self._settings).factories(),
            **AwsRotation(self, self._client, self._settings).factories(),
            **AwsCaches(self, self._settings).factories(),
            "fleet_reader": lambda: self.fleet,
            "fleet_writer": lambda: self.fleet,
        }

    def large_values(self) -> Any:
        from llm_config.adapters.s3.large_values import S3LargeValues

        return S3LargeValues(lambda: self._client("s3"), self._settings().bucket)

    def _secret_transfers(self) -> Any:
        from llm_config.adapters.dynamodb.secret_transfers import DynamoSecretTransfers

        return DynamoSecretTransfers(self.secret_rows, self.secrets, self.clock)

    def _change_feed(self) -> Any:
        from llm_config.adapters.dynamodb.change_feed import DynamoChangeFeed

        return DynamoChangeFeed(self.config_rows, self.contents)

    def _change_signal(self) -> Any:
        from llm_config.adapters.dynamodb.change_signal import DynamoChangeSignal

        return DynamoChangeSignal(self._change_feed(), self.clock)

    def _tenant_keys(self) -> Any:
        from llm_config.adapters.kms.key_policy import KeyRoles
        from llm_config.adapters.kms.tenant_keys import KeyRules, KmsTenantKeys

        told = self._settings()
        roles = (told.sealing_roles, told.unsealing_roles, told.key_administrators)
        rules = KeyRules(
            told.key_aliases,
            told.key_rotation_days,
            KeyRoles(*roles) if any(roles) else None,
            told.shared_key,
            frozenset(told.shared_key_tiers),
        )
        return KmsTenantKeys(self._client("kms"), rules)

    def _sealer(self) -> Any:
        from llm_config.adapters.envelope.sealer import EnvelopeSealer

        return EnvelopeSealer(self._master_keys)

    def _unsealer(self) -> Any:
        from llm_config.adapters.envelope.unsealer import EnvelopeUnsealer

        return EnvelopeUnsealer(self._master_keys)

    @cached_property
    def _master_keys(self) -> Any:
        from llm_config.adapters.kms.master_keys import master_keys

        return master_keys(self._client("kms"), self.key_ids.of)

    def _journal(self) -> Any:
        from llm_config.adapters.dynamodb.journal import DynamoJournal

        return DynamoJournal(self.store)

    def _identifiers(self) -> Any:
        from llm_config.adapters.system.identifiers import SystemIdentifiers

        return SystemIdentifiers()

    def _schema_checker(self) -> Any:
        from llm_config.adapters.json_schema.checker import JsonSchemaChecker

        return JsonSchemaChecker()

    def _key_inspector(self) -> Any:
        from llm_config.adapters.pyca.key_inspector import PycaKeyInspector

        return PycaKeyInspector()

    def _secret_generator(self) -> Any:
        from llm_config.adapters.pyca.secret_generator import PycaSecretGenerator

        return PycaSecretGenerator()

    def _issuer_keys(self) -> Any:
        from llm_config.adapters.oidc.issuer_keys import OidcIssuerKeys

        return OidcIssuerKeys(json.loads(self._settings().issuers), self.clock, self._published_at)

    def _published_at(self, place: str) -> bytes:
        """The JWK set at an issuer's https URL, or of a KMS key."""
        if place.startswith("kms:"):
            from llm_config.adapters.kms.token_keys import key_set

            return key_set(self._client("kms"), place)
        from llm_config.adapters.oidc.https import fetch

        return fetch(place)

    def _token_signer(self) -> Any:
        from llm_config.adapters.kms.token_keys import KmsTokenSigner

        told = self._settings()
        return KmsTokenSigner(
            self._client("kms"), told.token_issuer, json.loads(told.issuers).get(told.token_issuer, "")
        )


FACTORIES: Mapping[str, Callable[[], Any]] = AwsFamily(settings, client).factories()
