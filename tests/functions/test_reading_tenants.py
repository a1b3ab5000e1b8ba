"""A tenant by its id or its name: two ways to say the same one."""

from llm_config_domain.names import PLATFORM
from tests.support.homes import EmbeddedKit


def test_a_tenant_answers_to_its_id_and_to_its_name_alike(home: EmbeddedKit) -> None:
    acme = home.tenant("acme")
    for token in (home.token(acme, "tenant-admin"), home.token(PLATFORM, "global-admin")):
        by_id, by_name = (home.call("GET", f"/api/v1/tenants/{said}", token=token) for said in (acme, "acme"))
        assert (by_id.status, by_id.json["id"], by_id.json["name"]) == (200, acme, "acme")
        assert by_name.text == by_id.text


def test_the_platform_is_told_of_an_id_that_nobody_has(home: EmbeddedKit) -> None:
    token = home.token(PLATFORM, "global-admin")
    for said in ("01ARZ3NDEKTSV4RRFFQ69G5FAV", "nobody"):
        assert home.call("GET", f"/api/v1/tenants/{said}", token=token).status == 404
