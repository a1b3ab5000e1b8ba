"""AWS IAM: access keys of one user, of which IAM allows two (its quota): the one in use and the one that comes.

The calls are made with the admin's credentials where the target names some, else with the key's own: a user that may
manage its own keys needs nobody else. A new key is not known everywhere at once: until then it is `Unavailable`.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from llm_config.adapters.targets.turns import Credential, Turn, members, plain
from llm_config_domain import times
from llm_config_domain.errors import TargetRefused, Unavailable
from llm_config_domain.secrets.values import Plaintext

_BOUNDS = Config(connect_timeout=5, read_timeout=10, retries={"total_max_attempts": 3, "mode": "standard"})
_LATER = frozenset(
    {"InvalidClientTokenId", "Throttling", "ThrottlingException", "ServiceFailure", "ServiceUnavailable", "InternalFailure",
     "ConcurrentModification"}
)  # fmt: skip
Clients = Callable[[str, Mapping[str, Any]], Any]


def clients(service: str, credential: Mapping[str, Any]) -> Any:
    """A client of `service` for these credentials and no others: none of this process's own are ever used."""
    session = boto3.Session(
        aws_access_key_id=credential["access_key_id"],
        aws_secret_access_key=credential["secret_access_key"],
        aws_session_token=credential.get("session_token"),
        region_name=credential.get("region", "us-east-1"),
    )
    return session.client(service, config=_BOUNDS)  # type: ignore[call-overload]


class AwsIamTarget:
    """Implements `rotation_target` for `cloud_credentials` of AWS. `admin` is asked where the target's options say
    `admin`."""

    def __init__(self, admin: Credential, make: Clients = clients) -> None:
        self._admin, self._make = admin, make

    def create(self, turn: Turn, current: Plaintext) -> Plaintext:
        told = _credential(current)
        with _answered():
            iam = self._iam(turn, current)
            user = _user(iam, told)
            self._clear(iam, user, told["access_key_id"])
            made = iam.create_access_key(UserName=user)["AccessKey"]
        told.pop("session_token", None)
        new = {"access_key_id": made["AccessKeyId"], "secret_access_key": made["SecretAccessKey"]}
        return plain({**told, **new})

    def install(self, turn: Turn, pending: Plaintext) -> None:
        """It is valid as soon as it is made."""

    def test(self, turn: Turn, pending: Plaintext) -> None:
        with _answered():
            self._make("sts", _credential(pending)).get_caller_identity()

    def retire(self, turn: Turn, old: Plaintext) -> None:
        """Inactive first: when the deletion fails, it is refused all the same."""
        key = _credential(old)["access_key_id"]
        with _answered():
            iam = self._iam(turn, old)
            user = _user_of(iam, key)
            if user is None:
                return
            iam.update_access_key(UserName=user, AccessKeyId=key, Status="Inactive")
            iam.delete_access_key(UserName=user, AccessKeyId=key)
            if turn.target.get("admin") and _user_of(iam, key) is not None:
                raise TargetRefused("AWS said yes, and still has the old key")

    def withdraw(self, turn: Turn, pending: Plaintext) -> None:
        self.retire(turn, pending)

    def last_used(self, turn: Turn, old: Plaintext) -> str | None:
        with _answered():
            found = self._iam(turn, old).get_access_key_last_used(AccessKeyId=_credential(old)["access_key_id"])
        seen: datetime | None = found["AccessKeyLastUsed"].get("LastUsedDate")
        return times.rfc3339(seen) if seen else None

    def _iam(self, turn: Turn, own: Plaintext) -> Any:
        return self._make("iam", _credential(self._admin(turn) if turn.target.get("admin") else own))

    def _clear(self, iam: Any, user: str, current: str) -> None:
        """What an earlier try left: the other key, unless somebody uses it."""
        for key in iam.list_access_keys(UserName=user)["AccessKeyMetadata"]:
            other = key["AccessKeyId"]
            if other == current:
                continue
            used = iam.get_access_key_last_used(AccessKeyId=other)["AccessKeyLastUsed"].get("LastUsedDate")
            if used is not None and key["Status"] == "Active":
                raise TargetRefused("the user has a second key that was used: delete that one first")
            iam.delete_access_key(UserName=user, AccessKeyId=other)


def _credential(value: Plaintext) -> dict[str, Any]:
    return members(value, "access_key_id", "secret_access_key")


def _user(iam: Any, current: Mapping[str, Any]) -> str:
    user = _user_of(iam, current["access_key_id"])
    if user is None:
        raise TargetRefused("IAM does not know the current key: was it made for a user?")
    return user


def _user_of(iam: Any, key: str) -> str | None:
    """Whose key it is; None when there is none such (any more)."""
    try:
        found = iam.get_access_key_last_used(AccessKeyId=key)
    except ClientError as error:
        if error.response["Error"]["Code"] in ("NoSuchEntity", "AccessDenied", "ValidationError"):
            return None
        raise
    name: str | None = found.get("UserName")
    return name if name and name != "None" else None


@contextmanager
def _answered() -> Iterator[None]:
    """AWS's refusals by their code alone."""
    try:
        yield
    except ClientError as error:
        code = error.response.get("Error", {}).get("Code", "unknown")
        if code in _LATER:
            raise Unavailable("AWS cannot do this now, or does not know the key yet") from None
        raise TargetRefused(f"AWS refused {error.operation_name}: {code}") from None
    except BotoCoreError:
        raise Unavailable("AWS did not answer") from None
