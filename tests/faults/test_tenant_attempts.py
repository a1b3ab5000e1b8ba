"""A tenant's creation dies at every call of AWS: made again, the tenant has one key, and none is left behind but one that
KMS made and never told its alias.
"""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from llm_config_domain.names import PLATFORM
from llm_config_local.adapters.faulty import Crashed
from tests.support.aws import Account, AwsKit, Fault, on_aws

CALLS = ("the read", "the attempt", "DescribeKey", "CreateKey", "EnableKeyRotation", "CreateAlias", "the transaction")
UNNAMED = {
    ("CreateKey", "after"),
    ("EnableKeyRotation", "before"),
    ("EnableKeyRotation", "after"),
    ("CreateAlias", "before"),
}
"""Between these a key has no alias yet: KMS takes no token that would make a repeated CreateKey the same key."""


@pytest.fixture
def kit(tmp_path: Path) -> Iterator[AwsKit]:
    with on_aws(tmp_path) as kit:
        yield kit


def dying_at(call_name: str, when: str) -> Fault:
    left = list(CALLS)

    def fault(call: Callable[[], Any]) -> Any:
        if left.pop(0) != call_name:
            return call()
        if when == "after":
            call()
        raise Crashed

    return fault


def keys(account: Account) -> tuple[set[str], set[str]]:
    """(aliases of tenants' keys, tenants' keys), by id."""
    kms = account.client("kms")
    aliases = {
        each["TargetKeyId"] for each in kms.list_aliases()["Aliases"] if each["AliasName"].startswith("alias/llm")
    }
    tagged = {each["KeyId"] for each in kms.list_keys()["Keys"] if kms.list_resource_tags(KeyId=each["KeyId"])["Tags"]}
    return aliases, tagged


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("headers", [{}, {"idempotency-key": "k"}], ids=["without a key", "with an idempotency key"])
def test_creation_made_again_after_a_crash_finds_its_key(
    kit: AwsKit, call: str, when: str, headers: dict[str, str]
) -> None:
    token = kit.token(PLATFORM, "global-admin")
    kit.account.faults["*"] = dying_at(call, when)
    with pytest.raises(Crashed):
        kit.call("POST", "/api/v1/tenants", {"name": "acme"}, token=token, headers=headers)
    kit.account.faults.clear()
    again = kit.another_container().call("POST", "/api/v1/tenants", {"name": "acme"}, token=token, headers=headers)
    done = (call, when) == ("the transaction", "after") and not headers
    assert again.status == (409 if done else 201), again.text
    rows = [row for row in kit.account.rows("control") if row["sk"]["S"] == "TENANT"]
    held = {json.loads(row["record"]["S"])["key_id"].rpartition("/")[2] for row in rows}
    aliases, made = keys(kit.account)
    assert (len(rows), aliases) == (2, held), "a tenant without its key, or a named key without its tenant"
    assert len(made - held) == int((call, when) in UNNAMED)
