"""A tenant's key says itself who may use it: asked of the policy as IAM would ask."""

import json
from fnmatch import fnmatchcase
from typing import Any

import pytest

from llm_config.adapters.kms.key_policy import KeyRoles, key_policy
from llm_config_domain.names import TenantId

ACME, GLOBEX = TenantId("01ARZ3NDEKTSV4RRFFQ69G5FAV"), TenantId("01ARZ3NDEKTSV4RRFFQ69G5FAW")
ARN = "arn:aws:iam::123456789012:role/"
PUT, GET, ADMIN, OTHER = f"{ARN}put-secret", f"{ARN}get-secret", f"{ARN}admin", f"{ARN}get-config"
ACCOUNT = "arn:aws:iam::123456789012:root"
POLICY = json.loads(key_policy(ACME, KeyRoles([PUT], [GET], [ADMIN])))


def allowed(who: str, what: str, policy: dict[str, Any] = POLICY, **context: str) -> bool:
    """Does a statement name the principal and the action, with nothing unmet? Only two conditions are known here: the
    policy holds neither others nor a statement that takes something back."""
    return any(_says(statement, who, what, context) for statement in policy["Statement"])


def _says(statement: dict[str, Any], who: str, what: str, context: dict[str, str]) -> bool:
    assert set(statement) <= {"Sid", "Effect", "Principal", "Action", "Resource", "Condition"}
    assert statement["Effect"] == "Allow" and set(statement["Principal"]) == {"AWS"}
    assert not any("*" in text for text in [*statement["Principal"]["AWS"], *statement["Action"]])
    condition = statement.get("Condition", {})
    assert set(condition) <= {"StringEquals", "ArnLike"}
    held = {f"kms:EncryptionContext:{name}": value for name, value in context.items()}
    met = all(held.get(name) == value for name, value in condition.get("StringEquals", {}).items())
    return _names(statement, condition, who) and what in statement["Action"] and met


def _names(statement: dict[str, Any], condition: dict[str, Any], who: str) -> bool:
    """By itself, or as one of the account's that the condition means."""
    if "ArnLike" not in condition:
        return who in statement["Principal"]["AWS"]
    assert statement["Principal"]["AWS"] == [ACCOUNT]
    return any(fnmatchcase(who, pattern) for pattern in condition["ArnLike"]["aws:PrincipalArn"])


def test_a_sealing_role_has_data_keys_made_for_this_tenant_alone() -> None:
    assert allowed(PUT, "kms:GenerateDataKey", tenant=ACME)
    assert not allowed(PUT, "kms:GenerateDataKey", tenant=GLOBEX)
    assert not allowed(PUT, "kms:GenerateDataKey")
    assert not allowed(PUT, "kms:Decrypt", tenant=ACME)


def test_an_unsealing_role_opens_for_this_tenant_alone() -> None:
    assert allowed(GET, "kms:Decrypt", tenant=ACME)
    assert not allowed(GET, "kms:Decrypt", tenant=GLOBEX)
    assert not allowed(GET, "kms:Decrypt")
    assert not allowed(GET, "kms:GenerateDataKey", tenant=ACME)


@pytest.mark.parametrize("who", [ADMIN, ACCOUNT, OTHER])
@pytest.mark.parametrize(
    "what", ["kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey", "kms:ReEncryptFrom", "kms:CreateGrant"]
)
def test_nobody_else_uses_the_key_or_lends_it(who: str, what: str) -> None:
    assert not allowed(who, what, tenant=ACME)


def test_the_accounts_policies_may_manage_the_key_and_only_administrators_may_change_who_uses_it() -> None:
    for what in ("kms:ScheduleKeyDeletion", "kms:CreateAlias", "kms:EnableKeyRotation", "kms:DisableKey"):
        assert allowed(ACCOUNT, what) and allowed(ADMIN, what)
    assert allowed(ADMIN, "kms:PutKeyPolicy") and not allowed(ACCOUNT, "kms:PutKeyPolicy")


def test_a_pattern_of_roles_means_those_of_a_later_release_too_and_no_others() -> None:
    seals, unseals = f"{ARN}llm-config-dev/seals/*", f"{ARN}llm-config-dev/unseals/*"
    policy = json.loads(key_policy(ACME, KeyRoles([seals], [unseals], [ADMIN])))
    later = f"{ARN}llm-config-dev/unseals/export-secrets"
    assert allowed(later, "kms:Decrypt", policy, tenant=ACME)
    assert not allowed(later, "kms:Decrypt", policy, tenant=GLOBEX)
    assert not allowed(later, "kms:GenerateDataKey", policy, tenant=ACME)
    assert not allowed(f"{ARN}llm-config-staging/unseals/export-secrets", "kms:Decrypt", policy, tenant=ACME)


@pytest.mark.parametrize("roles", [([PUT], [GET], []), ([PUT], [], [ADMIN]), ([], [GET], [ADMIN])])
def test_all_three_are_named_or_none(roles: tuple[list[str], list[str], list[str]]) -> None:
    with pytest.raises(ValueError, match="key administrators"):
        KeyRoles(*roles)
