"""What the wire says of a namespace."""

from llm_config.operations.operation import Answer
from llm_config_contract.namespaces import NamespaceView
from llm_config_domain.namespaces import Namespace


def namespace_view(namespace: Namespace) -> NamespaceView:
    said = namespace.said
    return NamespaceView(
        namespace=namespace.name,
        description=said.description if said else None,
        owner_team=said.owner_team if said else None,
        contacts=list(said.contacts) if said else [],
        tags=dict(said.tags) if said else {},
        staleness_bound_seconds=said.staleness_bound_seconds if said else None,
        created_at=said.created_at if said else None,
        created_by=said.created_by if said else None,
        updated_at=said.updated_at if said else None,
        updated_by=said.updated_by if said else None,
        etag=namespace.etag,
        configs_revision=namespace.configs_revision,
        secrets_revision=namespace.secrets_revision,
    )


def namespace_answer(namespace: Namespace) -> Answer:
    return Answer(namespace_view(namespace), etag=namespace.etag)
