"""Rotations: from the request to the retired version, with the durations of a test."""

from typing import Any

import pytest

from llm_config_client import Client, calls
from llm_config_domain.errors import Conflict, NotFound, Refusal
from tests.e2e.deployments import settled

ZERO: dict[str, Any] = {"notice_seconds": 0, "acknowledgement_seconds": 0, "grace_seconds": 0, "quiet_seconds": 0}


@pytest.fixture
def at(client: Client, space: str) -> dict[str, Any]:
    where: dict[str, Any] = {"path": f"{space}/key", "environment": "production"}
    client.put_secret(value="one", **where)
    return where


def ends(client: Client, rotation_id: str, status: str) -> None:
    settled(lambda: client.get_rotation(rotation_id).status == status, f"it does not become {status}")


def test_a_secret_rotates_and_its_old_version_is_gone(client: Client, at: dict[str, Any]) -> None:
    old = client.get_secret(**at)
    client.report_usage("gateway", [{**at, "version_id": old.version_id, "uses": 3}])
    rotation_id = client.start_rotation(**ZERO, **at).rotation_id
    ends(client, rotation_id, "completed")
    new = client.get_secret(**at)
    assert (new.version, new.value != "one", len(new.value)) == (2, True, 43)
    with pytest.raises(NotFound):
        client.get_secret(version=1, **at)
    steps = [one.step for one in client.get_rotation(rotation_id).steps]
    assert steps == ["plan", "create", "test", "notify", "acknowledge", "promote", "grace", "retire"]
    assert [one.rotation_id for one in client.every(calls.list_rotations, secret=at["path"])] == [rotation_id]


def test_with_seconds_the_old_version_is_valid_until_its_grace_is_over(client: Client, at: dict[str, Any]) -> None:
    rotation_id = client.start_rotation(notice_seconds=1, grace_seconds=2, **at).rotation_id
    settled(lambda: client.get_rotation(rotation_id).step == "grace", "it is not promoted")
    assert [one.version for one in client.get_secret_stages(**at).versions] == [2, 1]
    ends(client, rotation_id, "completed")


def test_what_is_held_is_acknowledged_resumed_or_aborted(client: Client, at: dict[str, Any]) -> None:
    hold: dict[str, Any] = {**ZERO, "missing_acknowledgement": "hold"}
    rotation_id = client.start_rotation(**hold, **at).rotation_id
    ends(client, rotation_id, "held")
    with pytest.raises(Conflict):
        client.start_rotation(**at)
    assert list(client.acknowledge_rotation(rotation_id, "gateway").acknowledgements) == ["gateway"]
    client.resume_rotation(rotation_id, reason="they are ready")
    ends(client, rotation_id, "completed")
    second = client.start_rotation(**hold, **at).rotation_id
    ends(client, second, "held")
    client.abort_rotation(second, reason="not today")
    ends(client, second, "aborted")
    assert client.get_secret(**at).version == 2


def test_a_schedule_is_kept_previewed_and_taken_away(client: Client, at: dict[str, Any]) -> None:
    told = client.put_rotation_schedule(schedule="90d", grace_seconds=60, reason="policy", **at)
    assert (told.schedule, told.next_rotation_at is not None) == ("rate(90 days)", True)
    assert client.get_rotation_schedule(**at) == told
    client.delete_rotation_schedule(**at)
    with pytest.raises(NotFound):
        client.get_rotation_schedule(**at)
    found = client.preview_schedule("30 2 * * *", begin="2026-03-28T00:00:00Z", count=2, timezone="Europe/Zurich")
    assert found.times == ["2026-03-28T01:30:00.000Z", "2026-03-29T01:00:00.000Z"]
    with pytest.raises(Refusal):
        client.preview_schedule("every full moon")
