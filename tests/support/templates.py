"""Synthesised templates, read as CloudFormation would: references become names, and what stands behind a role is found."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from llm_config_cdk.places import Place

Resource = dict[str, Any]
ACCOUNT, REGION = "123456789012", "eu-central-1"
_PSEUDO = {"AWS::AccountId": ACCOUNT, "AWS::Region": REGION, "AWS::Partition": "aws", "AWS::URLSuffix": "amazonaws.com"}
TOKEN_KEY = "<token key>"
AUDIT_KEY = "<audit key>"
RECEIPT_KEY = "<receipt key>"
WATCH_API = "<watch api>"
_IMPORTED = {
    "watch-api": WATCH_API,
    "tokens": TOKEN_KEY,
    "shared": "<shared key>",
    "FnGetAttaudit": AUDIT_KEY,
    "FnGetAttreceipts": RECEIPT_KEY,
}


@dataclass(frozen=True)
class Templates:
    """Those of one stage, by stack (`state`, `functions-configs`, ...), with every reference resolved."""

    prefix: str
    stacks: dict[str, dict[str, Resource]]

    @classmethod
    def read(cls, assembly: Path, prefix: str) -> "Templates":
        found = {
            path.name.removeprefix(f"{prefix}-").removesuffix(".template.json"): json.loads(path.read_text())
            for path in sorted(assembly.glob(f"{prefix}-*.template.json"))
        }
        return cls(prefix, {name: resolved(template["Resources"]) for name, template in found.items()})

    @property
    def place(self) -> Place:
        shared = bool(self.all("AWS::ElastiCache::ServerlessCache"))
        aliases = [alias["AliasName"] for alias in self.properties("AWS::KMS::Alias")]
        return Place(
            self.prefix,
            ACCOUNT,
            REGION,
            token_key_arn=TOKEN_KEY,
            audit_key_arn=AUDIT_KEY,
            watch_api=WATCH_API,
            receipt_key_arn=RECEIPT_KEY if f"alias/{self.prefix}/receipts" in aliases else "",
            shared_cache=shared,
            target_network="VpcConfig" in self.functions().get("prove_successor", {}),
        )

    def all(self, kind: str) -> dict[str, Resource]:
        """Every resource of a type, by stack and logical id."""
        return {
            f"{stack}/{name}": resource
            for stack, resources in self.stacks.items()
            for name, resource in resources.items()
            if resource["Type"] == kind
        }

    def properties(self, kind: str) -> list[dict[str, Any]]:
        return [resource.get("Properties", {}) for resource in self.all(kind).values()]

    def functions(self) -> dict[str, dict[str, Any]]:
        """The properties of each operation's function, by the operation's name."""
        found = {
            told["FunctionName"]: told for told in self.properties("AWS::Lambda::Function") if "FunctionName" in told
        }
        return {name.removeprefix(f"{self.prefix}-"): told for name, told in found.items()}

    def environment(self, function: str) -> dict[str, str]:
        told: dict[str, str] = self.functions()[function]["Environment"]["Variables"]
        return told

    def alias_of(self, function: str) -> str:
        """As other resources of the stack name it."""
        logical = (place.partition("/")[2] for place in self.all("AWS::Lambda::Alias"))
        (found,) = [one for one in logical if one.startswith(function.replace("_", ""))]
        return f"<{found}>"

    def role_of(self, operation: str) -> dict[str, Any]:
        arn: str = self.functions()[operation]["Role"]
        logical = arn.strip("<>").removesuffix(".Arn")
        return next(resources[logical]["Properties"] for resources in self.stacks.values() if logical in resources)

    def statements_of(self, operation: str) -> list[dict[str, Any]]:
        policies = self.role_of(operation).get("Policies", [])
        return [statement for policy in policies for statement in policy["PolicyDocument"]["Statement"]]

    def identity_statements(self) -> Iterator[tuple[str, dict[str, Any]]]:
        """Every statement that a role or a user of any stack holds, with where it stands."""
        for place, role in self.all("AWS::IAM::Role").items():
            for policy in role["Properties"].get("Policies", []):
                yield from ((place, statement) for statement in policy["PolicyDocument"]["Statement"])
        for kind in ("AWS::IAM::Policy", "AWS::IAM::ManagedPolicy"):
            for place, policy in self.all(kind).items():
                yield from ((place, statement) for statement in policy["Properties"]["PolicyDocument"]["Statement"])


def listed(value: Any) -> list[Any]:
    """IAM takes one for a list of one."""
    return value if isinstance(value, list) else [value]


def resolved(value: Any) -> Any:
    """Intrinsic functions as text; what only a deployment knows stands between angle brackets."""
    if isinstance(value, list):
        return [resolved(member) for member in value]
    if not isinstance(value, dict):
        return value
    if len(value) == 1:
        ((name, argument),) = value.items()
        if name in _INTRINSICS:
            return _INTRINSICS[name](resolved(argument))
    return {name: resolved(member) for name, member in value.items()}


_INTRINSICS: dict[str, Callable[[Any], Any]] = {
    "Ref": lambda name: _PSEUDO.get(name, f"<{name}>"),
    "Fn::Join": lambda told: told[0].join(map(str, told[1])),
    "Fn::GetAtt": lambda told: f"<{'.'.join(told)}>",
    "Fn::ImportValue": lambda name: next((key for word, key in _IMPORTED.items() if word in name), f"<{name}>"),
}
