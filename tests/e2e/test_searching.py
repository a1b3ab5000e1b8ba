"""Where something stands of which a part of the name is known."""

from llm_config_client import Client, calls
from tests.e2e.deployments import settled


def test_what_was_stored_is_found_by_a_part_of_its_name(client: Client, space: str) -> None:
    client.put_config(f"{space}/pinecone-index", {"top_k": 5}, environment="staging", tags={"team": "search"})
    client.put_secret(f"{space}/pinecone", "sk-1", type="api_key", environment="production")
    settled(lambda: len(client.search_names("pine cone", namespace=space).items) == 2, "it is not found")
    found = [(one.kind, one.path, one.environment) for one in client.every(calls.search_names, q=f"{space} pine")]
    assert found == [
        ("secret", f"{space}/pinecone", "production"),
        ("config", f"{space}/pinecone-index", "staging"),
    ]
    (tagged,) = client.search_names("pinecone", namespace=space, tag="team:search").items
    assert (tagged.kind, tagged.type) == ("config", None)
    client.delete_secret(f"{space}/pinecone", environment="production")
    settled(lambda: not client.search_names("pinecone", namespace=space, kind="secret").items, "it is still found")
