"""`llm-config audit verify`: exports on disk, no server anywhere, and the same answer from the script for auditors."""

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from llm_config_domain.audit.receipts import receipt_for
from tests.cli.running import BIN, Ended, run
from tests.support.witness import HonestWitness
from tests.unit.domain.audit.bundling import GLOBEX, Log, Signer, entry, log

SCRIPT = Path(__file__).parents[2] / "docs" / "verify_audit.py"
NOWHERE = {**os.environ, "LLM_CONFIG_URL": "http://127.0.0.1:9", "LLM_CONFIG_TOKEN": "", "NO_COLOR": "1"}


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """What an auditor has: two exports, one that was touched, one of a forked tree, a checkpoint from earlier, the key."""
    monkeypatch.chdir(tmp_path)
    whole, touched = log(12).bundle(), log(12).bundle()
    touched["entries"][7]["actor"]["id"] = "user:eve"
    forked = Log([entry(number + (number == 9)) for number in range(15)]).bundle()
    told = {"whole": whole, "later": log(20).bundle(5), "touched": touched, "forked": forked,
            "held": log(8).signer.signed(log(8).checkpoint()).to_record()}  # fmt: skip
    for name, document in told.items():
        Path(f"{name}.json").write_text(json.dumps(document))
    Path("audit.pem").write_text(Signer().pem)
    Path("other.pem").write_text(Signer(2).pem)
    return tmp_path


def verify(*arguments: str) -> Ended:
    return run(["audit", "verify", *arguments], NOWHERE, "")


def verdicts(*arguments: str) -> list[dict[str, Any]]:
    ended = verify(*arguments, "-o", "json")
    told: list[dict[str, Any]] = json.loads(ended.stdout)
    assert ended.exit_code == (0 if all(one["valid"] for one in told) else 1)
    return told


@pytest.mark.usefixtures("files")
class TestVerify:
    def test_what_is_whole_is_valid_without_any_server(self) -> None:
        told = verdicts("whole.json", "later.json", "--key", "audit.pem", "--checkpoint", "held.json")
        assert told == [{"bundle": name, "valid": True, "reason": None} for name in ("whole.json", "later.json")]

    def test_what_was_touched_is_named_and_the_others_stay_valid(self) -> None:
        one, other = verdicts("whole.json", "touched.json", "--key", "audit.pem")
        assert one["valid"] and not other["valid"] and "signed root" in other["reason"]

    def test_two_that_contradict_each_other_are_both_not_valid(self) -> None:
        assert [one["valid"] for one in verdicts("whole.json", "forked.json", "--key", "audit.pem")] == [False, False]

    def test_a_checkpoint_that_is_newer_than_the_bundle_shows_that_it_was_rolled_back(self) -> None:
        (told,) = verdicts("whole.json", "--key", "audit.pem", "--checkpoint", "later.json")
        assert "rolled back" in told["reason"]

    def test_another_key_proves_nothing(self) -> None:
        (told,) = verdicts("whole.json", "--key", "other.pem")
        assert "not signed by this key" in told["reason"]

    def test_people_see_a_line_a_bundle(self) -> None:
        ended = verify("whole.json", "touched.json", "--key", "audit.pem")
        assert ended.exit_code == 1 and ended.stderr == ""
        first, second = ended.stdout.splitlines()
        assert first == "whole.json: valid: 12 of 12 entries" and second.startswith(
            "touched.json: not valid: the entries"
        )
        assert verify("whole.json", "--key", "audit.pem", "-o", "yaml").stdout.startswith("- bundle: whole.json\n")

    @pytest.mark.parametrize(
        ("arguments", "said"),
        [
            pytest.param(["whole.json"], "--key", id="no key"),
            pytest.param(["whole.json", "--key", "whole.json"], "Ed25519", id="a key that is none"),
            pytest.param(["none.json", "--key", "audit.pem"], "cannot be read", id="no such bundle"),
            pytest.param(["whole.json", "--key", "none.pem"], "cannot be read", id="no such key"),
            pytest.param(["whole.json", "--key", "audit.pem", "--checkpoint", "audit.pem"], "held", id="no checkpoint"),
        ],
    )
    def test_what_was_not_asked_right_is_said_and_nothing_is_printed(self, arguments: list[str], said: str) -> None:
        ended = verify(*arguments)
        assert (ended.exit_code, ended.stdout) == (2, "") and said in ended.stderr

    def test_what_is_no_json_is_not_valid(self) -> None:
        Path("broken.json").write_text('{"entries": [], "entries": []}')
        (told,) = verdicts("broken.json", "--key", "audit.pem")
        assert "JSON" in told["reason"]

    @pytest.mark.parametrize(
        ("arguments", "valid"),
        [
            (["whole.json", "audit.pem"], True),
            (["later.json", "audit.pem", "held.json"], True),
            (["touched.json", "audit.pem"], False),
            (["forked.json", "audit.pem", "whole.json"], False),
            (["audit.pem", "audit.pem"], False),
        ],
    )
    def test_the_script_for_auditors_says_the_same(self, arguments: list[str], *, valid: bool) -> None:
        done = subprocess.run([sys.executable, SCRIPT, *arguments], capture_output=True, text=True, check=False)
        assert (done.returncode, done.stdout.startswith("valid: ")) == (0 if valid else 1, valid), done.stderr
        assert done.stderr == ""


def test_help_says_what_it_does() -> None:
    told = subprocess.run([BIN / "llm-config", "audit", "verify", "--help"], capture_output=True, text=True, check=True)
    assert "offline" in told.stdout and "--checkpoint HELD" in told.stdout


@pytest.fixture
def receipts(files: Path) -> Path:
    """One that the bundle keeps, one that it breaks, one that it says nothing about; and the key that signed them."""
    signer = Signer(3)
    told = {"kept": entry(3), "broken": replace(entry(4), action="configs:read"), "open": entry(4, GLOBEX)}
    for name, one in told.items():
        receipt = receipt_for(one)
        Path(f"{name}.note").write_text(receipt.note(signer.raw, signer.sign(receipt.text.encode())))
    Path("receipts.pem").write_text(signer.pem)
    return files


@pytest.mark.usefixtures("receipts")
class TestReceipts:
    KEYS = ("--key", "audit.pem", "--receipt-key", "receipts.pem")

    def test_a_receipt_is_kept_broken_or_open(self) -> None:
        for name in ("kept", "broken", "open"):
            ended = verify("whole.json", *self.KEYS, "--receipt", f"{name}.note", "-o", "json")
            told = json.loads(ended.stdout)[1]
            assert (told["receipt"], told["standing"]) == (f"{name}.note", name)
            assert (told["reason"] is None) is (name == "kept") and ended.exit_code == (0 if name == "kept" else 1)

    def test_a_bundle_that_is_not_valid_keeps_nothing(self) -> None:
        ended = verify("touched.json", *self.KEYS, "--receipt", "kept.note", "-o", "json")
        assert json.loads(ended.stdout)[1]["standing"] == "open" and ended.exit_code == 1

    def test_people_see_a_line_a_receipt(self) -> None:
        ended = verify("whole.json", *self.KEYS, "--receipt", "kept.note", "--receipt", "broken.note")
        assert ended.stdout.splitlines()[1:] == [
            "kept.note: kept",
            "broken.note: broken: what was promised is not what the tree holds",
        ]

    def test_what_another_key_signed_proves_nothing(self) -> None:
        keys = ("--key", "audit.pem", "--receipt-key", "other.pem", "--receipt", "kept.note")
        told = json.loads(verify("whole.json", *keys, "-o", "json").stdout)[1]
        assert told["standing"] == "open" and "not signed by this key" in told["reason"]

    @pytest.mark.parametrize(
        ("arguments", "said"),
        [
            (["--receipt", "kept.note"], "--receipt-key"),
            (["--receipt", "kept.note", "--receipt-key", "kept.note"], "--receipt-key is a file"),
            (["--receipt", "none.note", "--receipt-key", "receipts.pem"], "cannot be read"),
        ],
    )
    def test_what_was_not_asked_right_is_said(self, arguments: list[str], said: str) -> None:
        ended = verify("whole.json", "--key", "audit.pem", *arguments)
        assert (ended.exit_code, ended.stdout) == (2, "") and said in ended.stderr


@pytest.mark.usefixtures("files")
class TestWitnesses:
    def test_a_held_checkpoint_is_cosigned_by_so_many_as_are_demanded(self) -> None:
        one, other = HonestWitness(Signer().key), HonestWitness(Signer().key, "witness.example/w2", seed=8)
        signed = log(8).signer.signed(log(8).checkpoint())
        Path("held.json").write_text(
            json.dumps(replace(signed, cosignatures=(one.line(signed.checkpoint),)).to_record())
        )
        asked = ("whole.json", "--key", "audit.pem", "--checkpoint", "held.json", "--witness", one.vkey)
        assert verify(*asked).exit_code == 0
        ended = verify(*asked, "--witness", other.vkey)
        assert ended.exit_code == 2 and "not cosigned by witness.example/w2" in ended.stderr
        assert verify(*asked, "--witness", other.vkey, "--witnesses", "1").exit_code == 0
        assert verify(*asked, "--witnesses", "2").exit_code == 2

    def test_what_was_not_asked_right_is_said(self) -> None:
        vkey = HonestWitness(Signer().key).vkey
        for arguments, said in (((vkey,), "--checkpoint"), (("x", "--checkpoint", "held.json"), "NAME+ID+KEY")):
            ended = verify("whole.json", "--key", "audit.pem", "--witness", *arguments)
            assert (ended.exit_code, ended.stdout) == (2, "") and said in ended.stderr
