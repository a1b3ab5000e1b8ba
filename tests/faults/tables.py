"""What must hold of the rows of the five tables, whatever happened to them: `invariants.py` for the AWS family."""

import json
from collections import defaultdict
from typing import Any

from tests.faults.invariants import WRITE_A_VERSION
from tests.support.aws import Account


def check_tables(account: Account) -> None:
    """Versions, heads, revisions, tenants and journal of the whole account agree."""
    recorded = _recorded(account)
    for table, line in (("configs", "N"), ("secrets", "S")):
        versions: dict[tuple[str, str], list[int]] = defaultdict(list)
        heads, counters, told = {}, {}, []
        for row in account.rows(table):
            pk, sk = row["pk"]["S"], row["sk"]["S"]
            if sk == "REVISION":
                counters[pk] = int(row["revision"]["N"])
            elif sk.startswith("C#"):
                heads[pk, sk.removeprefix("C#")] = int(row.get("newest", row["version"])["N"])
            elif sk.startswith("V#"):  # the others are of rotations
                name, _, version = sk.removeprefix("V#").rpartition("#")
                revision = _revision(row)
                versions[pk, name].append(int(version))
                told.append((pk, name, int(version), revision))
        for held in versions.values():
            assert sorted(held) == list(range(1, len(held) + 1)), "a gap in the versions"
        assert heads == {name: len(held) for name, held in versions.items()}, "a head that is not the last version"
        revisions: dict[str, set[int]] = defaultdict(set)
        for change in recorded[line]:
            revisions[change[0]].add(change[3])
        assert counters == {pk: len(held) for pk, held in revisions.items()}, "a revision that nothing was written at"
        written = [change[:4] for change in recorded[line] if change[4] in WRITE_A_VERSION[line]]
        assert sorted(written) == sorted(told), f"the journal and the {table} tell different changes"
    control = [row for row in account.rows("control") if row["sk"]["S"] == "TENANT"]
    assert sorted(recorded["C"]) == sorted(row["pk"]["S"] for row in control), "tenants and their records differ"


def _recorded(account: Account) -> dict[str, list[Any]]:
    """The changes that the journal tells, by line: (partition, key and environment, version, revision), or a tenant."""
    found: dict[str, list[Any]] = defaultdict(list)
    for row in account.rows("journal"):
        pk, entry = row["pk"]["S"], json.loads(row["entry"]["S"])
        line, metadata = pk.split("#")[2], entry["metadata"]
        if line == "C":
            found["C"] += [pk] if entry["resource"]["type"] == "tenants" else []
        elif line != "A":
            assert int(row["sk"]["S"].partition("#")[0]) == metadata["revision"]
            key = entry["resource"]["id"].rpartition("/")[2]
            name = f"{key}#E#{entry['resource']['environment']}"
            place = (pk.replace("#S#", "#N#", 1), name)
            found[line].append((*place, metadata["version"], metadata["revision"], metadata["change_type"]))
    return found


def _revision(row: dict[str, Any]) -> int:
    if "revision" in row:
        return int(row["revision"]["N"])
    return int(json.loads(row["record"]["S"])["revision"])
