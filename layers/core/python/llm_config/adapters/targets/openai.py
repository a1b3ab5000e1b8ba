"""OpenAI: keys of service accounts of one project, by the administration API.

https://platform.openai.com/docs/api-reference/project-service-accounts and .../project-api-keys: a service account is made
with one key, whose value is answered once; a key of a service account ends with its account. Each turn makes an account
that bears its name, so what an earlier try left is found by it. The base URL is the deployment's: the admin key goes there
and nowhere else.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any

from llm_config.adapters.targets.https import Api
from llm_config.adapters.targets.turns import Credential, Turn, members, option, plain, read
from llm_config_domain import times
from llm_config_domain.errors import TargetRefused
from llm_config_domain.secrets.values import Plaintext

_PAGE = 100
_MAX_PAGES = 100


class OpenAiTarget:
    """Implements `rotation_target` for `api_key`: a text stays a text; an object keeps its members, and gets the account's
    and the key's ids."""

    def __init__(self, admin: Credential, api: Api) -> None:
        self._admin, self._api = admin, api

    def create(self, turn: Turn, current: Plaintext) -> Plaintext:
        told = read(current)
        self._clear(turn)
        made = self._ask(turn, "POST", "service_accounts", {"name": _account_name(turn)})
        key = made.get("api_key")
        if not isinstance(key, dict) or not isinstance(key.get("value"), str):
            raise TargetRefused("the API made an account, and told no key")
        if not isinstance(told, dict):
            return plain(key["value"])
        return plain(
            {**told, "key": key["value"], "key_id": key.get("id", ""), "service_account_id": made.get("id", "")}
        )

    def install(self, turn: Turn, pending: Plaintext) -> None:
        """It is valid as soon as it is made."""

    def test(self, turn: Turn, pending: Plaintext) -> None:
        if self._api.status(_key(pending), "models") != HTTPStatus.OK:
            raise TargetRefused("the API does not take the new key")

    def retire(self, turn: Turn, old: Plaintext) -> None:
        if not self._is_known(old):
            return
        found = self._found(turn, old)
        owner = found.get("owner") or {}
        account = owner.get("service_account") if owner.get("type") == "service_account" else None
        if account:
            self._ask(turn, "DELETE", f"service_accounts/{account['id']}")
        else:
            self._ask(turn, "DELETE", f"api_keys/{found['id']}")
        if self._is_known(old):
            raise TargetRefused("the API said yes, and still takes the old key")

    def withdraw(self, turn: Turn, pending: Plaintext) -> None:
        self._clear(turn)

    def last_used(self, turn: Turn, old: Plaintext) -> str | None:
        seen = self._found(turn, old).get("last_used_at")
        return times.rfc3339(datetime.fromtimestamp(seen, UTC)) if isinstance(seen, int) and seen > 0 else None

    def _clear(self, turn: Turn) -> None:
        for account in list(self._listed(turn, "service_accounts")):
            if account.get("name") == _account_name(turn):
                self._ask(turn, "DELETE", f"service_accounts/{account['id']}")

    def _is_known(self, value: Plaintext) -> bool:
        """403 is said of a key that is valid, and may not do this."""
        return self._api.status(_key(value), "models") != HTTPStatus.UNAUTHORIZED

    def _found(self, turn: Turn, old: Plaintext) -> dict[str, Any]:
        """The listed key that is this one: by its id where the secret has it, else by the ends that the list shows."""
        told, key = read(old), _key(old)
        by_id = told.get("key_id") if isinstance(told, dict) else None
        listed = list(self._listed(turn, "api_keys"))
        found = [one for one in listed if (one.get("id") == by_id if by_id else _shows(one, key))]
        if len(found) != 1:
            raise TargetRefused("the project's list does not tell this key from others: store it with its `key_id`")
        return found[0]

    def _listed(self, turn: Turn, what: str) -> Iterator[dict[str, Any]]:
        after = ""
        for _ in range(_MAX_PAGES):
            page = self._ask(turn, "GET", f"{what}?limit={_PAGE}{after}")
            yield from page.get("data", [])
            if not page.get("has_more"):
                return
            after = f"&after={page['last_id']}"
        raise TargetRefused("the project's list has no end")

    def _ask(self, turn: Turn, method: str, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        admin = _key(self._admin(turn))
        return self._api.ask(admin, method, f"organization/projects/{_project(turn)}/{path}", body)


def _project(turn: Turn) -> str:
    project = option(turn, "project")
    if not project.replace("_", "").replace("-", "").isalnum() or not project.isascii():
        raise TargetRefused("the option `project` is the id of a project")
    return project


def _account_name(turn: Turn) -> str:
    return f"llm-config {turn.rotation_id}"


def _key(value: Plaintext) -> str:
    told = read(value)
    return told if isinstance(told, str) else str(members(value, "key")["key"])


def _shows(listed: dict[str, Any], key: str) -> bool:
    """`redacted_value` has the beginning and the end of a key, and something between that is none of it."""
    shown = str(listed.get("redacted_value", ""))
    mark = next((mark for mark in ("...", "\u2026", "*") if mark in shown), None)
    if mark is None:
        return False
    begin, end = shown.split(mark, 1)[0], shown.rsplit(mark, 1)[1]
    return bool(begin and end) and key.startswith(begin) and key.endswith(end)
