"""A witness's signature counts when it is its own, and of this very checkpoint."""

import base64
from dataclasses import replace

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from llm_config_domain.audit.bundles import checkpoint_in
from llm_config_domain.audit.witnesses import MAX_LINES, Witness, cosignature_in, is_cosigned, submission
from tests.support.witness import HonestWitness
from tests.unit.domain.audit.bundling import Signer, log

WITNESS = HonestWitness(Signer().key)
CHECKPOINT = log(5).checkpoint()


def check(message: bytes, signature: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(WITNESS.witness.raw).verify(signature, message)
    except InvalidSignature:
        return False
    return True


def cosigned(line: str) -> bool:
    signed = replace(Signer().signed(CHECKPOINT), cosignatures=(line,))
    return is_cosigned(signed.note, WITNESS.witness, check)


def test_a_checkpoint_with_cosignatures_is_one_all_the_same() -> None:
    signed = replace(Signer().signed(CHECKPOINT), cosignatures=(WITNESS.line(CHECKPOINT),))
    assert checkpoint_in(signed.to_record(), Signer().key) == CHECKPOINT
    assert is_cosigned(signed.note, WITNESS.witness, check)


def test_what_is_not_the_witnesss_word_of_this_checkpoint_does_not_count() -> None:
    line = WITNESS.line(CHECKPOINT)
    assert cosigned(line)
    for other in (
        WITNESS.line(log(4).checkpoint()),
        line.replace("w1", "w2"),
        HonestWitness(Signer().key, seed=8).line(CHECKPOINT),
        line[:-4],
        f"{line[:40]}A{line[41:]}",
        "\u2014 witness.example/w1 !",
        "nothing",
    ):
        assert not cosigned(other), other


def test_of_an_answer_some_lines_are_looked_at() -> None:
    line = WITNESS.line(CHECKPOINT)
    others = ["\u2014 somebody.else AAAA"]
    assert cosignature_in("\n".join([*others, line, ""]), CHECKPOINT.text, WITNESS.witness, check) == line
    assert cosignature_in("\n".join([*others * MAX_LINES, line]), CHECKPOINT.text, WITNESS.witness, check) is None


def test_what_a_witness_is_asked_is_as_it_is_specified() -> None:
    assert submission(0, (), "a\n\nb\n") == b"old 0\n\na\n\nb\n"
    assert submission(7, (b"h" * 3,), "a\n\nb\n") == b"old 7\naGho\n\na\n\nb\n"


def test_a_key_is_read_as_it_is_written() -> None:
    assert Witness.read(WITNESS.vkey) == WITNESS.witness


def vkey(key: bytes, key_id: str = "00000000") -> str:
    return f"witness.example/w1+{key_id}+{base64.b64encode(key).decode()}"


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ("witness.example/w1", "NAME"),
        (vkey(b"\x01" + b"k" * 32), "type 4"),
        (vkey(b"\x04" + b"k" * 31), "type 4"),
        (vkey(b"\x04" + b"k" * 32), "id"),
        ("witness.example/w1+00000000+!", "base64"),
    ],
)
def test_what_is_no_key_of_a_witness_is_refused(told: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        Witness.read(told)
