"""What new secrets are made of, and how strong that is."""

import math
from typing import Any

import pytest

from llm_config_domain.errors import ValueRefused
from llm_config_domain.json_text import Json
from llm_config_domain.secrets.recipes.keys import CertificateRecipe, SigningKeyRecipe, SshKeyRecipe
from llm_config_domain.secrets.recipes.reading import Recipe, read
from llm_config_domain.secrets.recipes.texts import PasswordRecipe, TokenRecipe

NOW = "2026-01-02T03:04:05.000Z"
CERTIFICATE = {"kind": "certificate", "common_name": "gateway", "seconds": 3600}


def broken(said: Json) -> list[tuple[str, str]]:
    with pytest.raises(ValueRefused) as refused:
        read(said, NOW)
    assert "canary" not in repr((refused.value.detail, refused.value.violations))
    return [(violation.path, violation.rule) for violation in refused.value.violations]


@pytest.mark.parametrize(
    ("said", "recipe", "bits"),
    [
        ({"kind": "password"}, PasswordRecipe(), 32 * math.log2(62)),
        (
            {"kind": "password", "length": 128, "alphabet": "0123", "excluded": "23"},
            PasswordRecipe(length=128, alphabet="0123", excluded="23"),
            128,
        ),
        ({"kind": "token"}, TokenRecipe(), 256),
        (
            {"kind": "token", "size": 16, "encoding": "hex", "prefix": "sk-"},
            TokenRecipe(size=16, encoding="hex", prefix="sk-"),
            128,
        ),
        ({"kind": "ssh_key"}, SshKeyRecipe(), 128),
        ({"kind": "ssh_key", "algorithm": "rsa-2048"}, SshKeyRecipe(algorithm="rsa-2048"), 112),
        ({"kind": "jwt_signing_key"}, SigningKeyRecipe(), 128),
        ({"kind": "jwt_signing_key", "algorithm": "HS512"}, SigningKeyRecipe(algorithm="HS512"), 512),
        ({"kind": "jwt_signing_key", "algorithm": "RS256"}, SigningKeyRecipe(algorithm="RS256"), 128),
        ({"kind": "jwt_signing_key", "algorithm": "ES512"}, SigningKeyRecipe(algorithm="ES512"), 256),
        (CERTIFICATE, CertificateRecipe(common_name="gateway", begins_at=NOW, seconds=3600), 128),
        (
            CERTIFICATE | {"names": ["a.example", "::1"], "algorithm": "P-384", "is_authority": True},
            CertificateRecipe(
                common_name="gateway", begins_at=NOW, seconds=3600, names=("a.example", "::1"), algorithm="P-384",
                is_authority=True,
            ),
            192,
        ),
    ],
)  # fmt: skip
def test_settings_are_read_as_a_recipe_that_says_its_strength(
    said: dict[str, Any], recipe: Recipe, bits: float
) -> None:
    assert (read(said, NOW), read(said, NOW).bits) == (recipe, bits)


@pytest.mark.parametrize(
    ("said", "found"),
    [
        pytest.param("canary", [("/kind", "enum")], id="a text"),
        pytest.param({}, [("/kind", "enum")], id="no kind"),
        pytest.param({"kind": "canary"}, [("/kind", "enum")], id="another kind"),
        pytest.param({"kind": ["password"]}, [("/kind", "enum")], id="kinds in a list"),
        pytest.param({"kind": "password", "canary": 1}, [("", "members")], id="another member"),
        pytest.param({"kind": "password", "length": "canary"}, [("/length", "range")], id="a length of text"),
        pytest.param({"kind": "password", "length": 1025}, [("/length", "range")], id="1,025 characters"),
        pytest.param({"kind": "password", "length": 21}, [("/length", "weak")], id="125 bits"),
        pytest.param({"kind": "password", "alphabet": "aaaa"}, [("/length", "weak")], id="an alphabet of one"),
        pytest.param({"kind": "password", "alphabet": "ab", "excluded": "ab"}, [("/length", "weak")], id="of none"),
        pytest.param({"kind": "password", "alphabet": "a é"}, [("/alphabet", "format")], id="beyond ASCII"),
        pytest.param({"kind": "token", "size": 15}, [("/size", "weak")], id="120 bits"),
        pytest.param({"kind": "token", "size": 1025}, [("/size", "weak")], id="1,025 bytes"),
        pytest.param({"kind": "token", "encoding": "canary"}, [("/encoding", "enum")], id="another encoding"),
        pytest.param({"kind": "token", "prefix": "a b"}, [("/prefix", "length")], id="a prefix with a space"),
        pytest.param({"kind": "token", "prefix": "a" * 65}, [("/prefix", "length")], id="a long prefix"),
        pytest.param({"kind": "ssh_key", "algorithm": "dsa"}, [("/algorithm", "enum")], id="DSA"),
        pytest.param({"kind": "jwt_signing_key", "algorithm": "none"}, [("/algorithm", "enum")], id="none"),
        pytest.param({"kind": "certificate"}, [("/common_name", "required"), ("/seconds", "required")], id="no name"),
        pytest.param(CERTIFICATE | {"common_name": "c" * 65}, [("/common_name", "length")], id="a long name"),
        pytest.param(CERTIFICATE | {"seconds": 10**9}, [("/seconds", "range")], id="thirty years"),
        pytest.param(CERTIFICATE | {"algorithm": "dsa"}, [("/algorithm", "enum")], id="DSA again"),
        pytest.param(CERTIFICATE | {"is_authority": 1}, [("/is_authority", "type")], id="a flag of 1"),
        pytest.param(CERTIFICATE | {"names": ["a..b"]}, [("/names", "format")], id="a label of nothing"),
        pytest.param(CERTIFICATE | {"names": ["a b"]}, [("/names", "format")], id="a name with a space"),
        pytest.param(CERTIFICATE | {"names": ["é.example"]}, [("/names", "format")], id="a name beyond ASCII"),
        pytest.param(CERTIFICATE | {"names": ["a." * 127 + "a"]}, [("/names", "format")], id="a name of 255"),
        pytest.param(CERTIFICATE | {"names": ["a" * 64]}, [("/names", "format")], id="a label of 64"),
        pytest.param(CERTIFICATE | {"names": ["a"] * 101}, [("/names", "format")], id="101 names"),
    ],
)
def test_what_is_no_recipe_is_told_by_place(said: Json, found: list[tuple[str, str]]) -> None:
    assert broken(said) == found


def test_a_token_of_another_encoding_is_never_made() -> None:
    with pytest.raises(ValueRefused):
        TokenRecipe(encoding="ascii")  # type: ignore[arg-type]


def test_a_certificate_ends_after_its_seconds() -> None:
    recipe = CertificateRecipe(common_name="g", begins_at=NOW, seconds=86400, names=("*.example.com", "10.0.0.1"))
    assert recipe.ends_at == "2026-01-03T03:04:05.000Z"
