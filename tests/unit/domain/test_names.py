"""Names: what is refused, and that nothing is normalised."""

import pytest

from llm_config_domain import environments, names
from llm_config_domain.errors import Malformed
from llm_config_domain.names import PLATFORM, TenantId

TENANT = TenantId("01M7XB2CPDX901Z538HPJ3CH8B")


@pytest.mark.parametrize(
    ("path", "parts"),
    [
        pytest.param("app/database", ("app", "database"), id="two segments"),
        pytest.param("llm-gateway/routing/primary-model", ("llm-gateway/routing", "primary-model"), id="a tree"),
        pytest.param("team/llm.model_config-v2", ("team", "llm.model_config-v2"), id="dots and underscores in a key"),
        pytest.param("-/a", ("-", "a"), id="a namespace may be a dash"),
        pytest.param(f"{'n' * 500}/{'k' * 255}", ("n" * 500, "k" * 255), id="the longest"),
    ],
)
def test_the_last_segment_of_a_path_is_the_key(path: str, parts: tuple[str, str]) -> None:
    assert names.split_path(path) == parts


@pytest.mark.parametrize(
    "path",
    [
        pytest.param("", id="nothing"),
        pytest.param("key", id="a key alone"),
        pytest.param("/key", id="no namespace"),
        pytest.param("team/", id="no key"),
        pytest.param("team//key", id="an empty segment"),
        pytest.param("../key", id="dots for a namespace"),
        pytest.param("team/..", id="dots for a key"),
        pytest.param("team/../key", id="dots in the middle"),
        pytest.param("Team/key", id="upper case namespace"),
        pytest.param("team/Key", id="upper case key"),
        pytest.param("tëam/key", id="unicode"),
        pytest.param("team/kéy", id="unicode key"),
        pytest.param("team/key\n", id="a newline at the end"),
        pytest.param("team/-key", id="a key beginning with a dash"),
        pytest.param("team/key.", id="a key ending with a dot"),
        pytest.param("team#x/key", id="the store's delimiter"),
        pytest.param("te%61m/key", id="a percent sign"),
        pytest.param("team/k y", id="a space"),
        pytest.param("team/k\x00y", id="a nul"),
        pytest.param(f"{'n' * 501}/key", id="501 characters of namespace"),
        pytest.param(f"team/{'k' * 256}", id="256 characters of key"),
    ],
)
def test_a_path_that_could_mean_something_else_is_refused(path: str) -> None:
    with pytest.raises(Malformed):
        names.split_path(path)


@pytest.mark.parametrize("name", ["", "Acme", "acme-", "-acme", "a" * 64, "acme corp", "acme/corp", "acme\n", "äcme"])
def test_a_tenant_name_is_a_dns_label_in_lower_case(name: str) -> None:
    with pytest.raises(Malformed):
        names.check_tenant_name(name)


@pytest.mark.parametrize(
    "text", ["", "acme", "81M7XB2CPDX901Z538HPJ3CH8B", "01m7xb2cpdx901z538hpj3ch8b", str(TENANT) + "\n"]
)
def test_a_tenant_id_is_a_canonical_ulid(text: str) -> None:
    assert not names.is_tenant_id(text)
    assert names.is_tenant_id(TENANT)
    assert names.is_tenant_id(PLATFORM)


@pytest.mark.parametrize(("alias", "name"), [("dev", "development"), ("stage", "staging"), ("prod", "production")])
def test_an_alias_is_its_long_name(alias: str, name: str) -> None:
    assert environments.canonical(alias) == environments.canonical(name) == name


@pytest.mark.parametrize("name", ["", "Production", "produktion", "global/x", "production ", "qa"])
def test_an_unknown_environment_is_refused(name: str) -> None:
    with pytest.raises(Malformed):
        environments.canonical(name)


@pytest.mark.parametrize(
    ("environment", "chain"),
    [
        ("global", ("global",)),
        ("development", ("global", "development")),
        ("staging", ("global", "development", "staging")),
        ("production", ("global", "development", "staging", "production")),
        ("edge", ("global", "edge")),
        ("system", ("system",)),
    ],
)
def test_the_chain_begins_at_global_and_ends_at_what_was_asked_for(environment: str, chain: tuple[str, ...]) -> None:
    assert environments.chain_to(environment) == chain


def test_only_the_platform_has_the_enforced_environment() -> None:
    environments.check_owner(PLATFORM, "system")
    environments.check_owner(TENANT, "production")
    with pytest.raises(Malformed):
        environments.check_owner(TENANT, "system")
