"""Every operation of the product, and every task, in reading order. Routes, functions, OpenAPI, grants and the tests
loop over these."""

from llm_config.operations.access.create_api_key import CREATE_API_KEY
from llm_config.operations.access.create_service_token import CREATE_SERVICE_TOKEN
from llm_config.operations.access.delete_api_key import DELETE_API_KEY
from llm_config.operations.access.get_api_key import GET_API_KEY
from llm_config.operations.access.list_api_keys import LIST_API_KEYS
from llm_config.operations.access.whoami import WHOAMI
from llm_config.operations.audit.append_audit import APPEND_AUDIT
from llm_config.operations.audit.append_reads import APPEND_READS
from llm_config.operations.audit.erase_subject import ERASE_SUBJECT
from llm_config.operations.audit.export_audit import EXPORT_AUDIT
from llm_config.operations.audit.get_audit_checkpoint import GET_AUDIT_CHECKPOINT
from llm_config.operations.audit.get_audit_consistency import GET_AUDIT_CONSISTENCY
from llm_config.operations.audit.get_audit_proof import GET_AUDIT_PROOF
from llm_config.operations.audit.get_compliance_report import GET_COMPLIANCE_REPORT
from llm_config.operations.audit.list_audit_entries import LIST_AUDIT_ENTRIES
from llm_config.operations.audit.make_audit_export import MAKE_AUDIT_EXPORT
from llm_config.operations.audit.migrate_audit import MIGRATE_AUDIT
from llm_config.operations.audit.sweep_audit import SWEEP_AUDIT
from llm_config.operations.audit.verify_audit import VERIFY_AUDIT
from llm_config.operations.caches.purge_caches import PURGE_CACHES
from llm_config.operations.configs.batch_configs import BATCH_CONFIGS
from llm_config.operations.configs.create_config import CREATE_CONFIG
from llm_config.operations.configs.delete_config import DELETE_CONFIG
from llm_config.operations.configs.diff_config import DIFF_CONFIG
from llm_config.operations.configs.get_config import GET_CONFIG
from llm_config.operations.configs.list_changes import LIST_CHANGES
from llm_config.operations.configs.list_config_versions import LIST_CONFIG_VERSIONS
from llm_config.operations.configs.list_configs import LIST_CONFIGS
from llm_config.operations.configs.patch_config import PATCH_CONFIG
from llm_config.operations.configs.put_config import PUT_CONFIG
from llm_config.operations.configs.resolve_config import RESOLVE_CONFIG
from llm_config.operations.configs.resolve_namespace import RESOLVE_NAMESPACE
from llm_config.operations.configs.restore_config import RESTORE_CONFIG
from llm_config.operations.configs.rollback_config import ROLLBACK_CONFIG
from llm_config.operations.configs.validate_config import VALIDATE_CONFIG
from llm_config.operations.events.publish_changes import PUBLISH_CHANGES
from llm_config.operations.events.sweep_journal import SWEEP_JOURNAL
from llm_config.operations.fleet.get_fleet import GET_FLEET
from llm_config.operations.fleet.report_fleet import REPORT_FLEET
from llm_config.operations.health.check_live import CHECK_LIVE
from llm_config.operations.health.check_ready import CHECK_READY
from llm_config.operations.health.get_openapi import GET_OPENAPI
from llm_config.operations.names.project_names import PROJECT_NAMES
from llm_config.operations.names.search_names import SEARCH_NAMES
from llm_config.operations.names.sweep_names import SWEEP_NAMES
from llm_config.operations.namespaces.delete_namespace import DELETE_NAMESPACE
from llm_config.operations.namespaces.get_namespace import GET_NAMESPACE
from llm_config.operations.namespaces.list_namespaces import LIST_NAMESPACES
from llm_config.operations.namespaces.put_namespace import PUT_NAMESPACE
from llm_config.operations.operation import Operation, Task
from llm_config.operations.rotations.abort_rotation import ABORT_ROTATION
from llm_config.operations.rotations.acknowledge_rotation import ACKNOWLEDGE_ROTATION
from llm_config.operations.rotations.create_successor import CREATE_SUCCESSOR
from llm_config.operations.rotations.delete_rotation_schedule import DELETE_ROTATION_SCHEDULE
from llm_config.operations.rotations.gather_acknowledgements import GATHER_ACKNOWLEDGEMENTS
from llm_config.operations.rotations.get_rotation import GET_ROTATION
from llm_config.operations.rotations.get_rotation_schedule import GET_ROTATION_SCHEDULE
from llm_config.operations.rotations.give_up_step import GIVE_UP_STEP
from llm_config.operations.rotations.judge_grace import JUDGE_GRACE
from llm_config.operations.rotations.list_rotations import LIST_ROTATIONS
from llm_config.operations.rotations.notify_dependants import NOTIFY_DEPENDANTS
from llm_config.operations.rotations.preview_schedule import PREVIEW_SCHEDULE
from llm_config.operations.rotations.promote_successor import PROMOTE_SUCCESSOR
from llm_config.operations.rotations.prove_successor import PROVE_SUCCESSOR
from llm_config.operations.rotations.put_rotation_schedule import PUT_ROTATION_SCHEDULE
from llm_config.operations.rotations.report_usage import REPORT_USAGE
from llm_config.operations.rotations.resume_rotation import RESUME_ROTATION
from llm_config.operations.rotations.retire_predecessor import RETIRE_PREDECESSOR
from llm_config.operations.rotations.run_due_rotation import RUN_DUE_ROTATION
from llm_config.operations.rotations.start_rotation import START_ROTATION
from llm_config.operations.rotations.withdraw_successor import WITHDRAW_SUCCESSOR
from llm_config.operations.secrets.activate_secret import ACTIVATE_SECRET
from llm_config.operations.secrets.copy_secret import COPY_SECRET
from llm_config.operations.secrets.create_secret import CREATE_SECRET
from llm_config.operations.secrets.delete_secret import DELETE_SECRET
from llm_config.operations.secrets.destroy_secret import DESTROY_SECRET
from llm_config.operations.secrets.get_secret import GET_SECRET
from llm_config.operations.secrets.list_secret_versions import LIST_SECRET_VERSIONS
from llm_config.operations.secrets.list_secrets import LIST_SECRETS
from llm_config.operations.secrets.move_secret import MOVE_SECRET
from llm_config.operations.secrets.put_secret import PUT_SECRET
from llm_config.operations.secrets.restore_secret import RESTORE_SECRET
from llm_config.operations.secrets.revoke_secret import REVOKE_SECRET
from llm_config.operations.secrets.tell_expiry import TELL_EXPIRY
from llm_config.operations.subscriptions.create_subscription import CREATE_SUBSCRIPTION
from llm_config.operations.subscriptions.delete_subscription import DELETE_SUBSCRIPTION
from llm_config.operations.subscriptions.deliver_changes import DELIVER_CHANGES
from llm_config.operations.subscriptions.deliver_webhooks import DELIVER_WEBHOOKS
from llm_config.operations.subscriptions.get_subscription import GET_SUBSCRIPTION
from llm_config.operations.subscriptions.list_subscriptions import LIST_SUBSCRIPTIONS
from llm_config.operations.subscriptions.replay_subscription import REPLAY_SUBSCRIPTION
from llm_config.operations.tenants.create_tenant import CREATE_TENANT
from llm_config.operations.tenants.get_tenant import GET_TENANT
from llm_config.operations.watching.close_watch import CLOSE_WATCH
from llm_config.operations.watching.open_watch import OPEN_WATCH
from llm_config.operations.watching.push_changes import PUSH_CHANGES
from llm_config.operations.watching.push_heartbeats import PUSH_HEARTBEATS
from llm_config.operations.watching.subscribe_watch import SUBSCRIBE_WATCH

OPERATIONS: tuple[Operation, ...] = (
    PUT_CONFIG,
    CREATE_CONFIG,
    GET_CONFIG,
    PATCH_CONFIG,
    DELETE_CONFIG,
    LIST_CONFIGS,
    LIST_CONFIG_VERSIONS,
    DIFF_CONFIG,
    ROLLBACK_CONFIG,
    RESTORE_CONFIG,
    BATCH_CONFIGS,
    RESOLVE_CONFIG,
    RESOLVE_NAMESPACE,
    LIST_CHANGES,
    VALIDATE_CONFIG,
    PURGE_CACHES,
    PUT_SECRET,
    CREATE_SECRET,
    GET_SECRET,
    DELETE_SECRET,
    LIST_SECRETS,
    LIST_SECRET_VERSIONS,
    ACTIVATE_SECRET,
    REVOKE_SECRET,
    RESTORE_SECRET,
    DESTROY_SECRET,
    COPY_SECRET,
    MOVE_SECRET,
    START_ROTATION,
    LIST_ROTATIONS,
    GET_ROTATION,
    ACKNOWLEDGE_ROTATION,
    ABORT_ROTATION,
    RESUME_ROTATION,
    PUT_ROTATION_SCHEDULE,
    GET_ROTATION_SCHEDULE,
    DELETE_ROTATION_SCHEDULE,
    PREVIEW_SCHEDULE,
    REPORT_USAGE,
    CREATE_TENANT,
    GET_TENANT,
    WHOAMI,
    CHECK_LIVE,
    CHECK_READY,
    GET_OPENAPI,
    CREATE_API_KEY,
    LIST_API_KEYS,
    GET_API_KEY,
    DELETE_API_KEY,
    CREATE_SERVICE_TOKEN,
    PUT_NAMESPACE,
    GET_NAMESPACE,
    DELETE_NAMESPACE,
    LIST_NAMESPACES,
    SEARCH_NAMES,
    LIST_AUDIT_ENTRIES,
    GET_AUDIT_CHECKPOINT,
    GET_AUDIT_PROOF,
    GET_AUDIT_CONSISTENCY,
    VERIFY_AUDIT,
    EXPORT_AUDIT,
    ERASE_SUBJECT,
    GET_COMPLIANCE_REPORT,
    REPORT_FLEET,
    GET_FLEET,
    CREATE_SUBSCRIPTION,
    LIST_SUBSCRIPTIONS,
    GET_SUBSCRIPTION,
    DELETE_SUBSCRIPTION,
    REPLAY_SUBSCRIPTION,
)

TASKS: tuple[Task, ...] = (
    PUBLISH_CHANGES,
    APPEND_AUDIT,
    APPEND_READS,
    SWEEP_JOURNAL,
    SWEEP_AUDIT,
    PROJECT_NAMES,
    SWEEP_NAMES,
    DELIVER_WEBHOOKS,
    DELIVER_CHANGES,
    MAKE_AUDIT_EXPORT,
    MIGRATE_AUDIT,
    CREATE_SUCCESSOR,
    PROVE_SUCCESSOR,
    NOTIFY_DEPENDANTS,
    GATHER_ACKNOWLEDGEMENTS,
    PROMOTE_SUCCESSOR,
    JUDGE_GRACE,
    RETIRE_PREDECESSOR,
    WITHDRAW_SUCCESSOR,
    GIVE_UP_STEP,
    RUN_DUE_ROTATION,
    TELL_EXPIRY,
    OPEN_WATCH,
    SUBSCRIBE_WATCH,
    CLOSE_WATCH,
    PUSH_CHANGES,
    PUSH_HEARTBEATS,
)
"""What the product asks of itself."""
