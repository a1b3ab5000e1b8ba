"""Secrets that go from one name to another, in DynamoDB."""

from collections.abc import Callable

from llm_config.adapters.dynamodb.contention import attempts
from llm_config.adapters.dynamodb.secrets import DynamoSecrets, head_of, relocation
from llm_config.adapters.dynamodb.store import Lost
from llm_config.adapters.dynamodb.versioned import Change, Standing, VersionedRows
from llm_config.ports.clock import Clock
from llm_config_domain.errors import Contended
from llm_config_domain.idempotency import Idempotency
from llm_config_domain.journal import JournalEntry
from llm_config_domain.secrets.entries import SecretMetadata, SecretVersion, next_version
from llm_config_domain.secrets.transfers import Transfer
from llm_config_domain.secrets.values import Sealed
from llm_config_domain.versions import Committed

Reseal = Callable[[SecretVersion, int], Sealed]


class DynamoSecretTransfers:
    """Implements `secret_transfers`."""

    def __init__(self, rows: VersionedRows, secrets: DynamoSecrets, clock: Clock) -> None:
        self._rows, self._secrets, self._clock = rows, secrets, clock

    def transfer(
        self,
        transfer: Transfer,
        reseal: Reseal,
        *,
        entry: JournalEntry,
        leaving: JournalEntry,
        idempotency: Idempotency | None,
    ) -> Committed[SecretMetadata]:
        for _ in attempts(self._clock):
            standing = self._rows.standing([transfer.target, transfer.source], idempotency)
            if standing.earlier is not None:
                return Committed(self._secrets.first_told(transfer.target, standing), replayed=True)
            new, arrival = self._arrival(transfer, standing, reseal, entry)
            changes = [arrival] if transfer.keep else [arrival, _departure(transfer, standing, leaving)]
            try:
                self._rows.commit(standing, changes, idempotency=idempotency, result=new.receipt)
            except Lost:
                continue
            return Committed(new.metadata)
        raise Contended

    def _arrival(
        self, transfer: Transfer, standing: Standing, reseal: Reseal, entry: JournalEntry
    ) -> tuple[SecretVersion, Change]:
        target, was = transfer.target, standing.heads.get(transfer.target)
        head, source = head_of(was), standing.heads.get(transfer.source)
        going = transfer.check(head_of(source), head)
        found = self._secrets.whole(transfer.source, source or {}, head_of(source))
        new = next_version(
            target,
            head,
            self._secrets.shown(target, was),
            transfer.draft(found),
            reseal(found, head.newest + 1),
            revision=standing.revision(target),
            at=standing.stamp(target),
        )
        told = transfer.told_at_target(new.told(entry), going)
        return new, self._secrets.addition(was, new, told)


def _departure(transfer: Transfer, standing: Standing, leaving: JournalEntry) -> Change:
    name, deletion = transfer.source, transfer.deletion
    was = standing.heads[name]
    head = head_of(was)
    after = deletion.after(head, {})
    told = deletion.told(leaving, head, at=standing.stamp(name), revision=standing.revision(name))
    return relocation(name, was, {}, {}, after.head if after else head, transfer.told_at_source(told))
