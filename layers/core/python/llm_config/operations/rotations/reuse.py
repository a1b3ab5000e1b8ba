"""A rotation never brings a credential back that the secret has had: whoever got hold of the old one would hold the new one."""

from contextlib import suppress

from llm_config.operations.rotations.engine import credential
from llm_config.ports.rotation_reader import RotationReader
from llm_config.ports.unsealer import Unsealer
from llm_config_domain.errors import NotFound, TargetRefused
from llm_config_domain.rotation.entries import Rotation
from llm_config_domain.secrets.values import Plaintext

LOOKED_AT = 5
"""The version in use, and those numbered before it, revoked ones among them; the bytes of a destroyed one are gone."""


def check_unused(
    pending: Plaintext, current: Plaintext, rotation: Rotation, reader: RotationReader, unsealer: Unsealer
) -> None:
    """Raises TargetRefused when `pending` says what `current` or one of the versions before it said."""
    newest = rotation.old_version
    earlier = range(newest - 1, max(newest - LOOKED_AT, 0), -1)
    if pending.says_as(current) or any(_said(pending, rotation, number, reader, unsealer) for number in earlier):
        raise TargetRefused(
            "the target gave a credential that this secret has had before: take what was used out of where it comes from"
        )


def _said(pending: Plaintext, rotation: Rotation, number: int, reader: RotationReader, unsealer: Unsealer) -> bool:
    with suppress(NotFound):
        return pending.says_as(credential(rotation, number, reader, unsealer))
    return False
