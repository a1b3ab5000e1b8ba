"""Secrets in DynamoDB: sealed values and what is known about them."""

import json
from collections.abc import Callable

from llm_config.adapters.dynamodb.contention import attempts
from llm_config.adapters.dynamodb.contents import Contents
from llm_config.adapters.dynamodb.items import Item
from llm_config.adapters.dynamodb.store import Lost
from llm_config.adapters.dynamodb.versioned import Standing, VersionedRows
from llm_config.ports.clock import Clock
from llm_config_domain.errors import Contended, NotFound
from llm_config_domain.idempotency import Idempotency
from llm_config_domain.journal import JournalEntry
from llm_config_domain.names import Name
from llm_config_domain.secrets.entries import SecretDraft, SecretVersion, Stage, next_version, stage_of
from llm_config_domain.secrets.values import Sealed
from llm_config_domain.versions import Committed, Preconditions, head_of


class DynamoSecrets:
    """Implements `secret_reader` and `secret_writer`."""

    def __init__(self, rows: VersionedRows, contents: Contents, clock: Clock) -> None:
        self._rows, self._contents, self._clock = rows, contents, clock

    def entry(self, name: Name, version: int | None = None) -> SecretVersion:
        head, row = self._rows.read(name, version)
        item = head if version is None else row
        if head is None or item is None or (version is None and _bare(name, head).head.deleted):
            raise NotFound("there is no such secret in this environment")
        # The two rows are read at two moments: a version that is newer than the head was current when it was read.
        return self._whole(name, item, stage_of(item["version"], max(head["version"], item["version"])))

    def put(
        self,
        name: Name,
        draft: SecretDraft,
        seal: Callable[[int], Sealed],
        preconditions: Preconditions,
        *,
        entry: JournalEntry,
        idempotency: Idempotency | None,
    ) -> Committed[SecretVersion]:
        sealed: dict[int, Sealed] = {}
        for _ in attempts(self._clock):
            standing = self._rows.standing(name, idempotency)
            if standing.earlier is not None:
                return Committed(self._written(name, standing), replayed=True)
            current = _bare(name, standing.head) if standing.head else None
            preconditions.check(head_of(current))
            version = head_of(current).version + 1
            if version not in sealed:  # the same version again: only the namespace's revision was lost
                sealed[version] = seal(version)
            new = next_version(name, current, draft, sealed[version], revision=standing.revision, at=standing.stamp)
            try:
                self._rows.commit(standing, name, self._row(new), entry=new.told(entry), idempotency=idempotency)
            except Lost:
                continue
            return Committed(new)
        raise Contended

    def _row(self, new: SecretVersion) -> Item:
        kept = self._contents.kept(new.name.tenant, new.sealed.blob)
        return {"version": new.version, "record": json.dumps(new.to_record()), **kept}

    def _whole(self, name: Name, item: Item, stage: Stage) -> SecretVersion:
        sealed = Sealed(self._contents.blob(name.tenant, item))
        return SecretVersion.from_record(name, json.loads(item["record"]), sealed, stage)

    def _written(self, name: Name, standing: Standing) -> SecretVersion:
        """The version that the idempotency key wrote, answered as it was then: current."""
        version, head = standing.earlier["version"], standing.head  # type: ignore[index]  # the caller looked
        item = head if head and head["version"] == version else self._rows.version(name, version)
        if item is None:
            raise NotFound("the version that this key wrote is gone")
        return self._whole(name, item, Stage.CURRENT)


def _bare(name: Name, item: Item) -> SecretVersion:
    """Without its sealed value, which a next version does not need and which may be far away."""
    return SecretVersion.from_record(name, json.loads(item["record"]), Sealed(b""), Stage.CURRENT)
