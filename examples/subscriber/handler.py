"""A subscriber of LLM-Config-Manager's events: a Lambda behind an SQS queue that a rule of EventBridge fills.

It keeps what it was told last of each thing. Events come at least once and in any order, so an event is applied when its
revision is above the one that is held, and then a repetition changes nothing either. The table named by TABLE has the key
`name` (text); without it, what is held is in memory.
"""

import json
import logging
import os
from typing import Any, Protocol


class Held(Protocol):
    def apply(self, name: str, data: dict[str, Any]) -> bool:
        """Hold `data` if its revision is above what is held: in one step, whoever else does the same now."""


class Memory(dict[str, dict[str, Any]]):
    def apply(self, name: str, data: dict[str, Any]) -> bool:
        newer = bool(data["revision"] > self.get(name, {"revision": 0})["revision"])
        if newer:
            self[name] = data
        return newer


class Table:
    def __init__(self, name: str) -> None:
        import boto3

        self._table = boto3.resource("dynamodb").Table(name)

    def apply(self, name: str, data: dict[str, Any]) -> bool:
        try:
            self._table.put_item(
                Item={"name": name, **data},
                ConditionExpression="attribute_not_exists(revision) OR revision < :revision",
                ExpressionAttributeValues={":revision": data["revision"]},
            )
        except self._table.meta.client.exceptions.ConditionalCheckFailedException:
            return False
        return True


def apply(event: dict[str, Any], held: Held) -> bool:
    """Take one CloudEvent. False for one that is no change, or not newer than what is held."""
    data = event["data"]
    if data["revision"] is None:
        return False
    return held.apply(f"{event['subject']}#{data['environment'] or ''}", data)


HELD: Held = Table(os.environ["TABLE"]) if "TABLE" in os.environ else Memory()


def lambda_handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """`detail` of what EventBridge sends is the CloudEvent. A message that fails comes again, and no other."""
    failed = []
    for message in event["Records"]:
        try:
            apply(json.loads(message["body"])["detail"], HELD)
        except Exception as error:  # whatever it was: this message comes again, and the others are done
            logging.getLogger().warning("message %s failed: %s", message["messageId"], type(error).__name__)
            failed.append({"itemIdentifier": message["messageId"]})
    return {"batchItemFailures": failed}
