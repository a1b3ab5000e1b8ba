"""The rows that watch the ends of secrets: one a version that has an end."""

import json

from llm_config.adapters.dynamodb import keys
from llm_config.adapters.dynamodb.items import Item, Put, unchanged
from llm_config_domain.names import Name
from llm_config_domain.secrets.entries import SecretVersion
from llm_config_domain.secrets.expiry import Watch, watch_of


def watch(item: Item) -> Watch:
    return Watch.from_record(json.loads(item["record"]))


def of_new(new: SecretVersion) -> list[Put]:
    """The row of a version that is written, if it has an end."""
    made = watch_of(new)
    return [put(new.name, made, None)] if made else []


def put(name: Name, new: Watch, was: Item | None) -> Put:
    """What nobody need look at stands in no index."""
    row = {"count": new.count, "record": json.dumps(new.to_record())}
    ending = new.ending(name)
    due = {**keys.ending_at(ending.at, f"{name.tenant}#{name.path}#{name.environment}#{new.version}")} if ending else {}
    told = {"due_record": json.dumps(ending.to_record())} if ending else {}
    return Put(keys.expiry(name, new.version), {**row, **due, **told}, unchanged(was, "count"))
