"""The five tables: strong reads, single puts and transactions. The only module that speaks to the DynamoDB client."""

import random
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError

from llm_config.adapters.dynamodb.items import Item, Put, decoded, encoded
from llm_config.adapters.dynamodb.keys import DUE, LISTING, Key, Range, Table
from llm_config_domain.errors import Unavailable

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

MAX_TRANSACTION = 100
_ASK_AGAIN = 5
_LOST = frozenset({"None", "ConditionalCheckFailed", "TransactionConflict"})


class Lost(Exception):
    """A condition was false, or another transaction was in the way. Nothing was written."""


class OutcomeUnknown(Unavailable):
    """A transaction was sent and no answer came: it may have been written."""


class DynamoStore:
    """Raises Unavailable for everything that DynamoDB cannot do now."""

    def __init__(self, client: "DynamoDBClient", prefix: str) -> None:
        self._client, self._prefix = client, prefix

    def get(self, key: Key, *, strong: bool = True) -> Item | None:
        with _translated():
            answer = self._client.get_item(TableName=self._name(key.table), Key=_raw(key), ConsistentRead=strong)
        return decoded(answer["Item"]) if "Item" in answer else None

    def get_all(self, keys: Iterable[Key], *, only: Sequence[str] = ()) -> dict[Key, Item]:
        """Those of the rows that are there, each as it stood at one moment of the call, not all at the same one; `only`
        these attributes of them, or all."""
        found: dict[Key, Item] = {}
        asked = self._request(dict.fromkeys(keys), only)
        for attempt in range(_ASK_AGAIN):
            with _translated():
                answer = self._client.batch_get_item(RequestItems=asked)
            for table, items in answer["Responses"].items():
                found |= {self._key(table, item): decoded(item) for item in items}
            asked = answer.get("UnprocessedKeys", {})
            if not asked:
                return found
            time.sleep(random.uniform(0, 0.05 * 2**attempt))  # noqa: S311 - jitter
        raise Unavailable("the store is asked for more than it gives now")

    def query(self, table: Table, rows: Range, *, newest_first: bool = False, page: int = 1000) -> Iterator[Item]:
        """The rows of a range in the order of their sort keys, each with its `sk`. A strong read, a page at a time."""
        told = {"ExpressionAttributeNames": {"#pk": "pk", "#sk": "sk"}, "ConsistentRead": True}
        return self._query(table, rows, ScanIndexForward=not newest_first, Limit=page, **told)

    def listing(self, table: Table, rows: Range, *, page: int = 1000) -> Iterator[Item]:
        """The same of the index `listing`, where a write may show a moment later."""
        told = {"ExpressionAttributeNames": {"#pk": "listing", "#sk": "listed"}, "IndexName": LISTING}
        return self._query(table, rows, Limit=page, **told)

    def due(self, rows: Range, *, page: int) -> Iterator[Item]:
        """The same of the index `due` of `secrets`."""
        told = {"ExpressionAttributeNames": {"#pk": "due", "#sk": "due_at"}, "IndexName": DUE}
        return self._query("secrets", rows, Limit=page, **told)

    def _query(self, table: Table, rows: Range, **told: Any) -> Iterator[Item]:
        values = encoded({":pk": rows.pk, ":low": rows.low, ":high": rows.high})
        while True:
            with _translated():
                answer = self._client.query(
                    TableName=self._name(table),
                    KeyConditionExpression="#pk = :pk AND #sk BETWEEN :low AND :high",
                    ExpressionAttributeValues=values,
                    **told,
                )
            yield from ({**decoded(item), "sk": item["sk"]["S"]} for item in answer["Items"])
            if "LastEvaluatedKey" not in answer:
                return
            told["ExclusiveStartKey"] = answer["LastEvaluatedKey"]

    def put(self, put: Put) -> None:
        """Raises Lost when its condition is false."""
        with _translated():
            try:
                self._client.put_item(**self._told(put))
            except self._client.exceptions.ConditionalCheckFailedException as error:
                raise Lost from error

    def transact(self, puts: Sequence[Put]) -> None:
        """All or nothing, in this order. Raises Lost, OutcomeUnknown.

        botocore gives the request a token that its own repetitions keep, so a repetition does not write twice.
        """
        try:
            self._client.transact_write_items(TransactItems=[{"Put": self._told(put)} for put in puts])
        except self._client.exceptions.TransactionCanceledException as error:
            if _reasons(error) <= _LOST:
                raise Lost from error
            raise _unavailable() from error
        except (ClientError, BotoCoreError) as error:
            # Even a refusal: it may be of a repetition, and the first attempt may have been written.
            raise OutcomeUnknown(
                "the store did not answer, and the change may have been made: read, then try again"
            ) from error

    def _name(self, table: Table) -> str:
        return f"{self._prefix}{table}"

    def _key(self, table: str, item: Mapping[str, Any]) -> Key:
        return Key(table.removeprefix(self._prefix), item["pk"]["S"], item["sk"]["S"])  # type: ignore[arg-type]

    def _request(self, keys: Iterable[Key], only: Sequence[str]) -> dict[str, Any]:
        asked: dict[str, Any] = {}
        told = {"ConsistentRead": True, **_projected(only)}
        for key in keys:
            asked.setdefault(self._name(key.table), {"Keys": [], **told})["Keys"].append(_raw(key))
        return asked

    def _told(self, put: Put) -> Any:
        condition = put.condition
        told = {
            "TableName": self._name(put.key.table),
            "Item": {**_raw(put.key), **encoded(put.item)},
            "ConditionExpression": condition.expression,
        }
        if condition.names:
            told["ExpressionAttributeNames"] = dict(condition.names)
            told["ExpressionAttributeValues"] = encoded(condition.values)
        return told


def _projected(only: Sequence[str]) -> dict[str, Any]:
    """Under other names: some are words of DynamoDB's own."""
    if not only:
        return {}
    names = {f"#{number}": name for number, name in enumerate(("pk", "sk", *only))}
    return {"ProjectionExpression": ", ".join(names), "ExpressionAttributeNames": names}


def _raw(key: Key) -> dict[str, Any]:
    return encoded({"pk": key.pk, "sk": key.sk})


def _reasons(error: ClientError) -> set[str]:
    return {reason["Code"] for reason in error.response.get("CancellationReasons", [])}


def _unavailable() -> Unavailable:
    return Unavailable("the store does not answer")


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except (ClientError, BotoCoreError) as error:
        raise _unavailable() from error
