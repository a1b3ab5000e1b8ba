"""The change feed in DynamoDB: the journal's line of a namespace, and the versions that it tells of."""

import json
from collections.abc import Mapping, Sequence
from itertools import islice
from typing import Any

from llm_config.adapters.dynamodb import keys
from llm_config.adapters.dynamodb.contents import Contents
from llm_config.adapters.dynamodb.versioned import VersionedRows
from llm_config_domain.configs.entries import ConfigVersion
from llm_config_domain.errors import Broken
from llm_config_domain.journal import JournalEntry, whole_revisions
from llm_config_domain.names import Name, TenantId, glob_prefix, split_path

MAX_BATCH_GET = 100


class DynamoChangeFeed:
    """Implements `change_feed`."""

    def __init__(self, rows: VersionedRows, contents: Contents) -> None:
        self._rows, self._contents = rows, contents

    def lines(self, tenant: TenantId, glob: str, after: str, limit: int) -> Sequence[tuple[str, int]]:
        line, prefix = keys.revision("configs", tenant, glob), glob_prefix(glob)
        asked = [keys.tenant(tenant), *([line] if prefix is None else [])]
        found = self._rows.store.get_all(asked)
        self._rows.require_active(tenant, found)
        if prefix is None:
            return [(glob, found[line]["revision"])] if line in found and after < glob else []
        listed = self._rows.store.listing("configs", keys.listed_lines(tenant, prefix, after), page=limit)
        return [(item["listed"], item["revision"]) for item in islice(listed, limit)]

    def changes(self, tenant: TenantId, namespace: str, revision: int, limit: int) -> Sequence[ConfigVersion]:
        asked = keys.config_changes_after(tenant, namespace, revision)
        rows = self._rows.store.query("journal", asked, page=limit + 1)
        entries = whole_revisions((JournalEntry.from_record(json.loads(row["entry"])) for row in rows), limit)
        return self._versions(tenant, entries)

    def _versions(self, tenant: TenantId, entries: Sequence[JournalEntry]) -> list[ConfigVersion]:
        places = [
            (name := _name(tenant, entry), keys.version("configs", name, entry.metadata["version"]))
            for entry in entries
        ]
        found: dict[keys.Key, Mapping[str, Any]] = {}
        for first in range(0, len(places), MAX_BATCH_GET):
            found |= self._rows.store.get_all(key for _, key in places[first : first + MAX_BATCH_GET])
        if len(found) < len(places):
            raise Broken("a version that the journal tells of is gone")
        return [
            ConfigVersion.whole(name, json.loads(found[key]["record"]), self._contents.text(tenant, found[key]))
            for name, key in places
        ]


def _name(tenant: TenantId, entry: JournalEntry) -> Name:
    return Name(tenant, *split_path(entry.resource.id), str(entry.resource.environment))
