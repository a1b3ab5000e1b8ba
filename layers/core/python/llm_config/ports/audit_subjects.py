from collections.abc import Mapping, Set
from typing import Protocol

from llm_config_domain.audit.subjects import Erased, Subject
from llm_config_domain.names import TenantId


class AuditSubjects(Protocol):
    """Who is behind the pseudonyms of a tenant's tree. The appender makes a pseudonym when somebody's first entry becomes
    a leaf, and every later entry has the same one, until it is erased. Raises Unavailable."""

    def named(self, tenant: TenantId, pseudonyms: Set[str]) -> Mapping[str, Subject]:
        """{pseudonym: subject} of those that are known; of an erased one, and of what is no pseudonym, nothing."""
        ...

    def erase(self, tenant: TenantId, subject: str, at: str) -> Erased:
        """Forget the name and the key of `subject`, told by name or by pseudonym. Who is erased already stays as erased
        as before. Whoever acts under that name later gets a new pseudonym. Raises NotFound for somebody who never acted,
        or a name that is not known any more."""
        ...
