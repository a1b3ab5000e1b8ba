"""A new version is known as what it is: what follows from its value, and when it ends, follow the rotation."""

from typing import Any

import pytest

from llm_config_domain import json_text, times
from llm_config_domain.secrets.recipes import reading as recipes
from llm_config_domain.secrets.values import Plaintext
from tests.rotation.running import SECRET, Running
from tests.rotation.test_runs import ZERO

CERTIFICATE = {"kind": "certificate", "common_name": "gateway.test", "seconds": 86400}


def made(run: Running, recipe: dict[str, Any]) -> Any:
    known = recipes.read(recipe, times.rfc3339(run.clock.now()))
    return json_text.read(run.kit.provide("secret_generator").generate(known, None).reveal.decode())


@pytest.mark.parametrize("kind", ["ssh_key", "jwt_signing_key", "certificate"])
def test_what_is_known_of_a_version_follows_from_its_own_value(run: Running, kind: str) -> None:
    run.use_real_targets()
    recipe = CERTIFICATE if kind == "certificate" else {"kind": kind}
    target = {"kind": kind, "recipe": recipe}
    run.ask("PUT", SECRET, {"type": kind, "value": made(run, recipe), "rotation": {"target": target}})
    before = run.ask("GET", SECRET)
    run.clock.step(3600)
    assert run.view(run.start(**ZERO))["status"] == "completed"
    after = run.ask("GET", SECRET)
    assert after["version"] == before["version"] + 1 and after["value"].keys() == before["value"].keys()
    assert after["computed"].keys() == before["computed"].keys() and after["computed"] != before["computed"]
    if kind == "certificate":
        assert after["expires_at"] > before["expires_at"]
    else:
        assert (before["expires_at"], after["expires_at"]) == (None, None)


def test_a_target_that_makes_no_secret_of_the_type_ends_the_rotation_and_the_old_one_stays(
    run: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = made(run, {"kind": "ssh_key"})
    run.ask("PUT", SECRET, {"type": "ssh_key", "value": key})
    monkeypatch.setattr(run.target, "create", lambda turn, current: Plaintext(b'"no key"'))
    assert run.view(run.start(**ZERO))["status"] == "failed"
    assert run.ask("GET", SECRET)["value"] == key
