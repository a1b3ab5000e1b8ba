"""The functions of one area of the catalog, with the layers they stand on.

One stack an area, so that no stack comes near CloudFormation's 500 resources; each has layer versions of its own, for an
export of a layer's ARN would stop every later version of it. The content is uploaded once.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cached_property

from aws_cdk import Aws
from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from llm_config.operations.operation import Operation, Row, Task
from llm_config_cdk.layer_contents import LayerName
from llm_config_cdk.layers import AUTHORITIES, authorities_code
from llm_config_cdk.operation_function import ARM, PYTHON, OperationFunction
from llm_config_cdk.places import WATCH
from llm_config_cdk.policies import key_roles
from llm_config_cdk.reach import CACHE, asks_a_target, asks_the_audit, stands_inside
from llm_config_cdk.stack import StageStack
from llm_config_cdk.stacks.network_and_data import AUDIT_PORT, NetworkAndDataStack
from llm_config_cdk.stages import Stage
from llm_config_cdk.triggers import brought_to
from llm_config_cdk.whereabouts import Whereabouts, of_targets, of_the_product

LayerCode = Callable[[LayerName], lambda_.Code]
BENEATH: tuple[LayerName, ...] = ("deps", "core")


class FunctionsStack(StageStack):
    def __init__(
        self,
        scope: Construct,
        stage: Stage,
        area: str,
        rows: Sequence[Row],
        *,
        layer_code: LayerCode,
        token_key_arn: str,
        shared_key_arn: str = "",
        journal_stream_arn: str = "",
        audit_key_arn: str = "",
        receipt_key_arn: str = "",
        watch_api: str = "",
        network: NetworkAndDataStack | None = None,
    ) -> None:
        super().__init__(scope, stage, f"functions-{area}")
        self._shared_key_arn, self._network = shared_key_arn, network
        self.place = replace(
            self.place,
            token_key_arn=token_key_arn,
            audit_key_arn=audit_key_arn,
            receipt_key_arn=receipt_key_arn,
            watch_api=watch_api,
        )
        self._issuers = self.to_json_string({**stage.issuers, stage.own_issuer: f"kms:{token_key_arn}"})
        layers = [self._layer(name, layer_code(name)) for name in BENEATH]
        trusting = [*layers, *self._authorities(rows)]
        self.functions = {
            row.name: OperationFunction(
                self,
                row,
                trusting if asks_the_audit(row) else layers,
                self._environment(row),
                self._whereabouts(row),
            )
            for row in rows
        }
        for row in rows:
            if isinstance(row, Task):
                brought_to(self.functions[row.name], row, self.place, journal_stream_arn)

    def _whereabouts(self, row: Row) -> Whereabouts | None:
        if asks_a_target(row):
            return self._at_targets
        if not self._network or not stands_inside(row, shared_cache=self.stage.shares_cache):
            return None
        return of_the_product(self._network, outward=bool(self._witnesses_of(row)))

    @cached_property
    def _at_targets(self) -> Whereabouts | None:
        return of_targets(self, self.stage.target_network) if self.stage.target_network else None

    def _authorities(self, rows: Sequence[Row]) -> list[lambda_.LayerVersion]:
        """By whose signature functions know the audit's database."""
        if not self.stage.audit_database or not any(asks_the_audit(row) for row in rows):
            return []
        return [self._layer("authorities", authorities_code(self.stage.audit_database.authorities))]

    def _layer(self, name: str, code: lambda_.Code) -> lambda_.LayerVersion:
        return lambda_.LayerVersion(
            self,
            f"layer-{name}",
            code=code,
            description=f"{self.stage.prefix}: {name}",
            compatible_runtimes=[PYTHON],
            compatible_architectures=[ARM],
        )

    def _environment(self, row: Row) -> dict[str, str]:
        """What `runtime/settings.py` reads. Never a secret: whoever may see a function may see this."""
        told = {
            "LLM_CONFIG_TABLE_PREFIX": self.place.table_prefix,
            "LLM_CONFIG_VALUES_BUCKET": self.place.values_bucket,
            "LLM_CONFIG_ISSUERS": self._issuers,
            "LLM_CONFIG_TOKEN_ISSUER": self.stage.own_issuer,
            "LLM_CONFIG_BOUND_SECONDS": f"{self.stage.config_bound_seconds:g}",
            "LLM_CONFIG_METRICS": self.stage.prefix,
        }
        if self.stage.collector:
            told["OTEL_EXPORTER_OTLP_ENDPOINT"] = self.stage.collector
        told |= self._of_receipts(row) | self._witnesses_of(row)
        if asks_the_audit(row):
            told |= self._of_the_audit()
        if self._network and self.stage.shares_cache and not CACHE.isdisjoint(row.ports):
            told |= {
                "LLM_CONFIG_SHARED_CACHE": self._network.cache_host,
                "LLM_CONFIG_SHARED_CACHE_NAME": self.place.shared_cache_name,
            }
        if "audit_keeper" in row.ports:
            told["LLM_CONFIG_AUDIT_OWNER"] = self.place.audit_owner
        if "audit_exports" in row.ports:
            queue = self.place.queue("make_audit_export")
            told["LLM_CONFIG_EXPORTS_QUEUE"] = (
                f"https://sqs.{self.place.region}.{Aws.URL_SUFFIX}/{self.place.account}/{queue}"
            )
        named = {
            "event_bus": ("LLM_CONFIG_EVENT_BUS", self.place.event_bus),
            "rotation_engine": ("LLM_CONFIG_ROTATION_MACHINE", self.place.rotation_machine),
        }
        told |= dict(told_to for port, told_to in named.items() if port in row.ports)
        if "watcher_lines" in row.ports:
            told |= self._connections()
        return told | (self._rules_of_keys() if "tenant_keys" in row.ports else {})

    def _of_receipts(self, row: Row) -> dict[str, str]:
        promises, key = isinstance(row, Operation) and row.promises, self.place.receipt_key_arn
        return {"LLM_CONFIG_RECEIPT_KEY": key} if promises and key else {}

    def _witnesses_of(self, row: Row) -> dict[str, str]:
        database = self.stage.audit_database
        asked = database.witnesses if database and "witnesses" in row.ports else {}
        return {"LLM_CONFIG_WITNESSES": json.dumps(dict(asked))} if asked else {}

    def _connections(self) -> dict[str, str]:
        host = f"{self.place.watch_api}.execute-api.{self.place.region}.{Aws.URL_SUFFIX}"
        return {"LLM_CONFIG_WATCH_ENDPOINT": f"https://{host}/{WATCH}"}

    def _of_the_audit(self) -> dict[str, str]:
        return {
            "LLM_CONFIG_AUDIT_HOST": self._network.audit_host if self._network else "",
            "LLM_CONFIG_AUDIT_PORT": str(AUDIT_PORT),
            "LLM_CONFIG_AUDIT_AUTHORITIES": AUTHORITIES if self.stage.audit_database else "",
            "LLM_CONFIG_AUDIT_KEY": self.place.audit_key_arn,
            "LLM_CONFIG_CHECKPOINTS_BUCKET": self.place.bucket("checkpoints"),
            "LLM_CONFIG_AUDIT_BUCKET": self.place.bucket("audit"),
        }

    def _rules_of_keys(self) -> dict[str, str]:
        """How tenants' keys are made: only those who make them are told."""
        seal, unseal = key_roles(self.place)
        told = {
            "LLM_CONFIG_KEY_ALIASES": self.place.alias_prefix,
            "LLM_CONFIG_KEY_ROTATION_DAYS": str(self.stage.key_rotation_days),
            "LLM_CONFIG_SEALING_ROLES": ",".join(seal),
            "LLM_CONFIG_UNSEALING_ROLES": ",".join(unseal),
            "LLM_CONFIG_KEY_ADMINISTRATORS": self.place.role(self.place.key_administrator),
        }
        if self._shared_key_arn:
            told["LLM_CONFIG_SHARED_KEY"] = self._shared_key_arn
            told["LLM_CONFIG_SHARED_KEY_TIERS"] = ",".join(self.stage.shared_key_tiers)
        return told
