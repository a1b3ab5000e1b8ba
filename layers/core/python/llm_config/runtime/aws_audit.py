"""The AWS family's adapters of the audit and of what else its database holds, imported at first use as all of them are."""

from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING, Any

from llm_config.runtime.settings import Settings

if TYPE_CHECKING:
    from llm_config.adapters.postgres.audit import PostgresAudit
    from llm_config.adapters.s3.audit_files import S3AuditFiles
    from llm_config.runtime.aws_family import AwsFamily


class AwsAudit:
    """What stands behind the ports of the audit, beside the rest of a family. `client` and `settings` are the family's."""

    def __init__(self, family: "AwsFamily", client: Callable[[str], Any], settings: Callable[[], Settings]) -> None:
        self._family, self._client, self._settings = family, client, settings

    def factories(self) -> dict[str, Callable[[], Any]]:
        return {
            "audit_appender": lambda: self._audit,
            "audit_reader": lambda: self._audit,
            "audit_signer": self._signer,
            "receipt_signer": self._receipt_signer,
            "witnesses": self._witnesses,
            "audit_checkpoints": self._checkpoints,
            "audit_keeper": self._keeper,
            "audit_exports": self._exports,
            "audit_subjects": self._subjects,
            "read_numbers": self._read_numbers,
            "name_index": self._name_index,
            "name_projector": self._name_projector,
        }

    @cached_property
    def _audit(self) -> "PostgresAudit":
        from llm_config.adapters.dynamodb.journal_tail import DynamoJournalTail
        from llm_config.adapters.postgres.audit import PostgresAudit
        from llm_config.adapters.system.identifiers import SystemIdentifiers

        tail = DynamoJournalTail(self._family.store, self._family.clock)
        return PostgresAudit(self._family.audit_database, tail, SystemIdentifiers().secret)

    def _subjects(self) -> Any:
        from llm_config.adapters.postgres.audit_subjects import PostgresAuditSubjects

        return PostgresAuditSubjects(self._family.audit_database)

    def _read_numbers(self) -> Any:
        from llm_config.adapters.postgres.read_numbers import PostgresReadNumbers

        return PostgresReadNumbers(self._family.audit_database)

    def _name_index(self) -> Any:
        from llm_config.adapters.postgres.address import SEARCH_USER
        from llm_config.adapters.postgres.names import PostgresNameIndex

        return PostgresNameIndex(self._family.database_as(SEARCH_USER))

    def _name_projector(self) -> Any:
        from llm_config.adapters.dynamodb.name_states import DynamoNameStates
        from llm_config.adapters.postgres.address import NAMES_USER
        from llm_config.adapters.postgres.names import PostgresNameProjector

        return PostgresNameProjector(self._family.database_as(NAMES_USER), DynamoNameStates(self._family.store))

    def _signer(self) -> Any:
        from llm_config.adapters.kms.audit_signer import KmsAuditSigner

        return KmsAuditSigner(self._client("kms"), self._settings().audit_key)

    def _receipt_signer(self) -> Any:
        from llm_config.adapters.kms.receipt_signer import KmsReceiptSigner

        return KmsReceiptSigner(self._client("kms"), self._settings().receipt_key)

    def _witnesses(self) -> Any:
        from llm_config.adapters.targets.witnesses import made_of

        return made_of(self._settings().witnesses)

    def _checkpoints(self) -> Any:
        from llm_config.adapters.s3.audit_checkpoints import S3AuditCheckpoints

        return S3AuditCheckpoints(self._client("s3"), self._settings().checkpoints_bucket)

    def _keeper(self) -> Any:
        from llm_config.adapters.postgres.keeper import PostgresAuditKeeper

        return PostgresAuditKeeper(self._family.audit_owner(), self._files.put)

    @cached_property
    def _files(self) -> "S3AuditFiles":
        from llm_config.adapters.s3.audit_files import S3AuditFiles

        return S3AuditFiles(self._client("s3"), self._settings().audit_bucket)

    def _exports(self) -> Any:
        from llm_config.adapters.s3.audit_exports import S3AuditExports

        told = self._settings()
        s3, sqs = self._client("s3"), self._client("sqs")
        return S3AuditExports(s3, sqs, told.audit_bucket, told.exports_queue, self._family.clock)
