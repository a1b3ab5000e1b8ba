"""The embedded family: which adapter stands behind which port on one machine."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from llm_config.adapters.cached.layer_cache import MemoryLayerCache
from llm_config.adapters.cached.no_shared_layers import NoSharedLayers
from llm_config.adapters.cached.verified_tokens import MemoryVerifiedTokens
from llm_config.adapters.system.clock import SystemClock
from llm_config.adapters.system.identifiers import SystemIdentifiers
from llm_config_local.adapters.api_keys import SqliteApiKeys
from llm_config_local.adapters.audit import SqliteAudit
from llm_config_local.adapters.audit_exports import FileAuditExports
from llm_config_local.adapters.audit_keeper import StoreAuditKeeper
from llm_config_local.adapters.audit_signer import FileAuditCheckpoints, FileAuditSigner, FileReceiptSigner
from llm_config_local.adapters.audit_subjects import SqliteAuditSubjects
from llm_config_local.adapters.cache_purges import SqliteCachePurges
from llm_config_local.adapters.change_feed import SqliteChangeFeed
from llm_config_local.adapters.change_signal import SqliteChangeSignal
from llm_config_local.adapters.configs import SqliteConfigs
from llm_config_local.adapters.engine import EmbeddedEngine
from llm_config_local.adapters.event_bus import LocalBus
from llm_config_local.adapters.fleet import SqliteFleet
from llm_config_local.adapters.issuer import LocalIssuer
from llm_config_local.adapters.journal import SqliteAccessLog, SqliteJournal
from llm_config_local.adapters.journal_lines import SqliteJournalLines
from llm_config_local.adapters.journal_marks import SqliteJournalMarks
from llm_config_local.adapters.key_file import KeyFile, master_key_provider
from llm_config_local.adapters.names import SqliteNames
from llm_config_local.adapters.namespaces import SqliteNamespaces
from llm_config_local.adapters.read_numbers import SqliteReadNumbers
from llm_config_local.adapters.request_log import StderrRequestLog
from llm_config_local.adapters.rotation_agenda import SqliteRotationAgenda
from llm_config_local.adapters.rotations import SqliteRotations
from llm_config_local.adapters.secret_expiries import SqliteSecretExpiries
from llm_config_local.adapters.secret_transfers import SqliteSecretTransfers
from llm_config_local.adapters.secrets import SqliteSecrets
from llm_config_local.adapters.store import SqliteStore
from llm_config_local.adapters.subscriptions import SqliteDeliveryStates, SqliteSubscriptions
from llm_config_local.adapters.tenants import SqliteTenants
from llm_config_local.adapters.usage_reports import SqliteUsageReports
from llm_config_local.adapters.watchers import NoWatcherLines, SqliteWatchers


@dataclass(frozen=True)
class EmbeddedFamily:
    """The adapters over one data directory. `issuer` is the base URL that its tokens are issued under."""

    directory: Path
    issuer: str
    clock_offset: float = 0

    @cached_property
    def store(self) -> SqliteStore:
        return SqliteStore(self.directory / "store.sqlite")

    @cached_property
    def clock(self) -> SystemClock:
        return SystemClock(self.clock_offset)

    @cached_property
    def keys(self) -> KeyFile:
        return KeyFile(self.directory, self.clock)

    @cached_property
    def tokens(self) -> LocalIssuer:
        return LocalIssuer(self.directory, self.issuer)

    @cached_property
    def access_log(self) -> SqliteAccessLog:
        return SqliteAccessLog(self.store, SystemIdentifiers())

    @cached_property
    def change_signal(self) -> SqliteChangeSignal:
        return SqliteChangeSignal(self.store)

    @cached_property
    def event_bus(self) -> LocalBus:
        return LocalBus()

    @cached_property
    def audit_exports(self) -> FileAuditExports:
        return FileAuditExports(self.directory, self.issuer, self.clock)

    @cached_property
    def new_subject_key(self) -> Callable[[], str]:
        return SystemIdentifiers().secret

    @cached_property
    def engine(self) -> EmbeddedEngine:
        return EmbeddedEngine()

    def factories(self) -> dict[str, Callable[[], Any]]:
        configs = SqliteConfigs(self.store, self.clock)
        secrets = SqliteSecrets(self.store, self.clock)
        tenants = SqliteTenants(self.store, self.clock)
        api_keys = SqliteApiKeys(self.store, self.clock)
        namespaces = SqliteNamespaces(self.store, self.clock)
        subscriptions = SqliteSubscriptions(self.store, self.clock)
        rotations = SqliteRotations(self.store, self.clock)
        audit = SqliteAudit(self.store, self.access_log.flush, self.new_subject_key)
        fleet = SqliteFleet(self.store, self.clock)
        names = SqliteNames(self.store, self.clock)
        change_signal = self.change_signal
        access_log = self.access_log  # made here: two first requests at once must not start two of them
        return {
            "config_reader": lambda: configs,
            "config_writer": lambda: configs,
            # One process sees every write: what is kept is asked about each time, and that costs no call.
            "layer_cache": lambda: MemoryLayerCache(self.clock, 0),
            "shared_layers": NoSharedLayers,
            "cache_purger": lambda: SqliteCachePurges(self.store, self.clock),
            "verified_tokens": lambda: MemoryVerifiedTokens(self.clock),
            "change_feed": lambda: SqliteChangeFeed(self.store),
            "change_signal": lambda: change_signal,
            "secret_reader": lambda: secrets,
            "secret_writer": lambda: secrets,
            "secret_transfers": lambda: SqliteSecretTransfers(self.store, self.clock),
            "secret_expiries": lambda: SqliteSecretExpiries(self.store, self.clock),
            "rotation_reader": lambda: rotations,
            "rotation_writer": lambda: rotations,
            "rotation_agenda": lambda: SqliteRotationAgenda(self.store),
            "rotation_engine": lambda: self.engine,
            "rotation_target": self._rotation_target,
            "usage_reader": lambda: SqliteUsageReports(self.store),
            "usage_writer": lambda: SqliteUsageReports(self.store),
            "tenant_reader": lambda: tenants,
            "tenant_writer": lambda: tenants,
            "health_probe": lambda: tenants,
            "tenant_keys": lambda: self.keys,
            "sealer": self._sealer,
            "unsealer": self._unsealer,
            "journal": lambda: SqliteJournal(self.store),
            "subscription_reader": lambda: subscriptions,
            "subscription_writer": lambda: subscriptions,
            "delivery_states": lambda: SqliteDeliveryStates(self.store),
            "webhook_sender": self._webhook_sender,
            "journal_lines": lambda: SqliteJournalLines(self.store),
            "journal_marks": lambda: SqliteJournalMarks(self.store),
            "access_log": lambda: access_log,
            "request_log": lambda: StderrRequestLog(self.clock.now),
            "clock": lambda: self.clock,
            "identifiers": SystemIdentifiers,
            "issuer_keys": lambda: self.tokens,
            "schema_checker": self._schema_checker,
            "key_inspector": self._key_inspector,
            "secret_generator": self._secret_generator,
            "token_signer": lambda: self.tokens,
            "namespace_reader": lambda: namespaces,
            "namespace_writer": lambda: namespaces,
            "name_index": lambda: names,
            "name_projector": lambda: names,
            "audit_appender": lambda: audit,
            "audit_reader": lambda: audit,
            "receipt_signer": lambda: FileReceiptSigner(self.directory),
            "witnesses": self._witnesses,
            "audit_signer": lambda: FileAuditSigner(self.directory),
            "audit_checkpoints": lambda: FileAuditCheckpoints(self.directory),
            "audit_exports": lambda: self.audit_exports,
            "audit_keeper": StoreAuditKeeper,
            "audit_subjects": lambda: SqliteAuditSubjects(self.store),
            "read_numbers": lambda: SqliteReadNumbers(self.store),
            "api_key_reader": lambda: api_keys,
            "api_key_writer": lambda: api_keys,
            "event_bus": lambda: self.event_bus,
            "fleet_reader": lambda: fleet,
            "fleet_writer": lambda: fleet,
            "watchers": lambda: SqliteWatchers(self.store, self.clock),
            "watcher_lines": NoWatcherLines,
        }

    def close(self) -> None:
        """Write what waits, then close. Nothing accepted is lost."""
        self.access_log.close()
        self.change_signal.close()
        self.store.close()

    def _sealer(self) -> Any:
        from llm_config.adapters.envelope.sealer import EnvelopeSealer

        return EnvelopeSealer(master_key_provider(self.keys))

    def _unsealer(self) -> Any:
        from llm_config.adapters.envelope.unsealer import EnvelopeUnsealer

        return EnvelopeUnsealer(master_key_provider(self.keys))

    def _witnesses(self) -> Any:
        from llm_config.adapters.targets.witnesses import made_of

        return made_of(os.environ.get("LLM_CONFIG_WITNESSES", ""), local=True)

    def _rotation_target(self) -> Any:
        from llm_config.adapters.system.targets_by_kind import TargetsByKind
        from llm_config.adapters.targets.by_kind import factories

        return TargetsByKind(factories(cache(lambda port: self.factories()[port]()), local=True))

    def _webhook_sender(self) -> Any:
        from llm_config.adapters.targets.posts import Posts
        from llm_config.adapters.targets.webhook_sender import HttpWebhookSender

        return HttpWebhookSender(Posts(local=True), self.clock)

    def _schema_checker(self) -> Any:
        from llm_config.adapters.json_schema.checker import JsonSchemaChecker

        return JsonSchemaChecker()

    def _key_inspector(self) -> Any:
        from llm_config.adapters.pyca.key_inspector import PycaKeyInspector

        return PycaKeyInspector()

    def _secret_generator(self) -> Any:
        from llm_config.adapters.pyca.secret_generator import PycaSecretGenerator

        return PycaSecretGenerator()
