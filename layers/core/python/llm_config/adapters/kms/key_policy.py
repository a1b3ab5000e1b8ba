"""Who may do what with a tenant's key: said by the key itself, so that no IAM policy of the account can say more.

Only the sealing roles may have data keys made, only the unsealing roles may have them opened, each for this tenant's
encryption context alone, and each only if its own IAM policy says so too; nobody may make grants. What manages a key
without using it is left to the account's IAM policies; what changes this policy, to the administrators.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from llm_config_domain.names import TenantId

MANAGING = (
    *("kms:CancelKeyDeletion", "kms:CreateAlias", "kms:DeleteAlias", "kms:DescribeKey", "kms:DisableKey"),
    *("kms:EnableKey", "kms:EnableKeyRotation", "kms:GetKeyPolicy", "kms:GetKeyRotationStatus", "kms:ListResourceTags"),
    *("kms:ScheduleKeyDeletion", "kms:TagResource"),
)
ADMINISTERING = (*MANAGING, "kms:PutKeyPolicy", "kms:UntagResource", "kms:UpdateAlias", "kms:UpdateKeyDescription")
SEALING, UNSEALING = ("kms:GenerateDataKey",), ("kms:Decrypt",)
"""What the Encryption SDK asks for: it never calls kms:Encrypt for a message under one key."""


@dataclass(frozen=True, slots=True)
class KeyRoles:
    """ARNs of IAM roles; `*` stands for any part, so that a role of a later release is known to the keys of today.

    Raises ValueError unless all three are named: a key without administrators is nobody's.
    """

    sealing: Sequence[str]
    unsealing: Sequence[str]
    administrators: Sequence[str]

    def __post_init__(self) -> None:
        if not (self.sealing and self.unsealing and self.administrators):
            raise ValueError("name the sealing roles, the unsealing roles and the key administrators, or none of them")


def key_policy(tenant: TenantId, roles: KeyRoles) -> str:
    """The policy of the tenant's own key, as KMS takes it."""
    account = [_account(roles.administrators[0])]
    statements = [
        _allow("Administrators", account, ADMINISTERING, _as(roles.administrators)),
        _allow("ManagedThroughTheAccountsPolicies", account, MANAGING),
        _allow("SealingRoles", account, SEALING, _bound(tenant, roles.sealing)),
        _allow("UnsealingRoles", account, UNSEALING, _bound(tenant, roles.unsealing)),
    ]
    return json.dumps({"Version": "2012-10-17", "Statement": statements})


def _allow(sid: str, who: Sequence[str], what: Sequence[str], when: dict[str, Any] | None = None) -> dict[str, Any]:
    told = {"Sid": sid, "Effect": "Allow", "Principal": {"AWS": list(who)}, "Action": list(what), "Resource": "*"}
    return {**told, "Condition": when} if when else told


def _bound(tenant: TenantId, roles: Sequence[str]) -> dict[str, Any]:
    """The account may, as these roles and for this tenant: their own policies have to say so too."""
    return {**_as(roles), "StringEquals": {"kms:EncryptionContext:tenant": tenant}}


def _as(roles: Sequence[str]) -> dict[str, Any]:
    """By name and not as principals: a role that was deleted and made again is another principal, and would lose its keys."""
    return {"ArnLike": {"aws:PrincipalArn": sorted(roles)}}


def _account(role: str) -> str:
    """The principal that stands for the whole account of a role (`arn:<partition>:iam::<account>:role/...`)."""
    _, partition, _, _, account, _ = role.split(":", 5)
    return f"arn:{partition}:iam::{account}:root"
