from typing import Protocol

from llm_config_domain.idempotency import Idempotency
from llm_config_domain.journal import JournalEntry
from llm_config_domain.names import TenantId
from llm_config_domain.namespaces import Namespace, NamespaceDraft
from llm_config_domain.versions import Committed, Preconditions


class NamespaceWriter(Protocol):
    """What is said about namespaces. Both methods write it, the next revision of the tenant's control line, the journal
    entry and the idempotency row in one transaction, durable when it returns.

    A repeated idempotency key answers as it did the first time and writes nothing. A lost race is repeated on the new
    state, at most 5 s. Both raise PreconditionFailed, IdempotencyMismatch, Contended, Unauthenticated (tenant not
    active) and Unavailable.
    """

    def put(
        self,
        tenant: TenantId,
        namespace: str,
        draft: NamespaceDraft,
        preconditions: Preconditions,
        *,
        entry: JournalEntry,
        idempotency: Idempotency | None,
    ) -> Committed[Namespace]:
        """Say what `draft` says, in place of what was said."""
        ...

    def delete(
        self,
        tenant: TenantId,
        namespace: str,
        draft: NamespaceDraft,
        preconditions: Preconditions,
        *,
        entry: JournalEntry,
        idempotency: Idempotency | None,
    ) -> Committed[Namespace]:
        """Say nothing any more; of `draft` only author and reason are used. What stands in the namespace is not touched.

        Raises NotFound when nothing is said, Conflict while it holds a config or a secret that is not deleted. Not
        promised on AWS: that one which is written at the same moment is seen.
        """
        ...
