"""What an officer reads of each check: what was seen, what to do about it, and by which evidence."""

import pytest

from llm_config_domain.compliance.checks import Facts, looked
from llm_config_domain.compliance.controls import Check, Evidence, Found
from tests.unit.domain.test_compliance import (
    CHANGE,
    DENIED,
    FAIL,
    NOBODY,
    NOT_ASSESSED,
    PASS,
    PCI,
    READ,
    SILENT,
    facts,
    key,
    secret,
)

TREE = "a signed tree of 5 entries"
LONGER = "ask for a longer time"
FEWER = Found(NOT_ASSESSED, "there are too many to look at together", "ask for a namespace at a time")
NO_SECRET = Found(NOT_ASSESSED, "there is no secret", "ask again when there are secrets")
SECRETS = (Evidence("count", "secrets", "1 secrets"),)
INVESTIGATE = (
    "compare with a checkpoint that you hold (`llm-config audit verify`), and find out who could write to the store"
)
END = "make keys that end (`expires_at`), and revoke these"


def entry(number: int, told: str) -> tuple[Evidence, ...]:
    return (Evidence("entry", f"01M7XB2CPDX901Z538H000000{number}", f"2026-11-01T10:00:0{number}.000Z {told}", number),)


UPDATED = entry(3, "config.updated by user:ana: success")


@pytest.mark.parametrize(
    ("check", "seen", "found"),
    [
        (
            Check.INTEGRITY,
            facts(checked=4, tree_size=5),
            Found(
                PASS,
                "the newest 4 entries, hashed anew, make the signed tree",
                evidence=(Evidence("checkpoint", "5", TREE),),
            ),
        ),
        (
            Check.INTEGRITY,
            facts(wrong="forked", tree_size=5),
            Found(FAIL, "the audit does not verify: forked", INVESTIGATE, (Evidence("checkpoint", "5", TREE),)),
        ),
        (
            Check.INTEGRITY,
            facts(tree_size=5),
            Found(
                NOT_ASSESSED, "nothing was recorded in this time", LONGER, (Evidence("checkpoint", "5", TREE),)
            ),
        ),
        (
            Check.RECORDING,
            facts(leaves=[READ, CHANGE]),
            Found(
                PASS,
                "1 changes and 1 reads of secrets are on record",
                evidence=(*entry(2, "secret.accessed by user:ana: success"), *UPDATED),
            ),
        ),
        (
            Check.RECORDING,
            facts(),
            Found(NOT_ASSESSED, "no secret was read and nothing was changed in this time", LONGER),
        ),
        (
            Check.REFUSALS,
            facts(leaves=[DENIED]),
            Found(PASS, "1 refusals are on record", evidence=entry(1, "access.denied by user:ana: denied")),
        ),
        (Check.REFUSALS, facts(), Found(NOT_ASSESSED, "nothing was refused in this time", LONGER)),
        (Check.ATTRIBUTION, facts(leaves=[CHANGE]), Found(PASS, "each of 1 changes names who made it", evidence=UPDATED)),
        (
            Check.ATTRIBUTION,
            facts(leaves=[CHANGE, NOBODY]),
            Found(
                FAIL,
                "1 of 2 changes name nobody",
                "find out which credential these requests came with",
                entry(4, "config.updated by nobody: success"),
            ),
        ),
        (Check.ATTRIBUTION, facts(), Found(NOT_ASSESSED, "nothing was changed in this time", LONGER)),
        (Check.REASONS, facts(leaves=[CHANGE]), Found(PASS, "each of 1 changes gives its reason", evidence=UPDATED)),
        (
            Check.REASONS,
            facts(leaves=[CHANGE, SILENT]),
            Found(
                FAIL,
                "1 of 2 changes of configs and secrets give no reason",
                "ask for a `reason` with every change, in your pipelines first",
                entry(5, "config.updated by user:ana: success"),
            ),
        ),
        (Check.REASONS, facts(), Found(NOT_ASSESSED, "no config and no secret was changed in this time", LONGER)),
        (Check.ROTATION, facts(secrets=[secret(1)]), Found(PASS, "no secret is older than 90 days", evidence=SECRETS)),
        (
            Check.ROTATION,
            facts(secrets=[secret(1), secret(91)]),
            Found(
                FAIL,
                "1 of 2 secrets are older than 90 days",
                "rotate them, and give them a rotation schedule",
                (Evidence("secret", "keys/main (production)", "version 2 of 2026-08-22T00:00:00.000Z"),),
            ),
        ),
        (Check.ROTATION, facts(secrets=[secret(1)], complete=False), FEWER),
        (Check.ROTATION, facts(), NO_SECRET),
        (Check.EXPIRY, facts(secrets=[secret(1)]), Found(PASS, "no secret in use has expired", evidence=SECRETS)),
        (
            Check.EXPIRY,
            facts(secrets=[secret(1, expires_at="2026-11-20T00:00:00.000Z")]),
            Found(
                FAIL,
                "1 secrets in use have expired",
                "rotate or delete them",
                (Evidence("secret", "keys/main (production)", "version 2 of 2026-11-20T00:00:00.000Z"),),
            ),
        ),
        (Check.KEY_LIFETIMES, facts(api_keys=[key(365)]), Found(PASS, "each of 1 API keys ends within 365 days")),
        (
            Check.KEY_LIFETIMES,
            facts(api_keys=[key(1), key(366, 2), key(None, 3)]),
            Found(
                FAIL,
                "2 of 3 API keys are valid for more than 365 days from now",
                END,
                (
                    Evidence("api_key", "key-2", "ends 2027-11-22T00:00:00.000Z"),
                    Evidence("api_key", "key-3", "ends never"),
                ),
            ),
        ),
        (Check.KEY_LIFETIMES, facts(api_keys=[key(1)], complete=False), FEWER),
        (
            Check.KEY_LIFETIMES,
            facts(),
            Found(NOT_ASSESSED, "there is no API key", "ask again when there are API keys"),
        ),
        (
            Check.SEALING,
            facts(secrets=[secret(1)]),
            Found(
                PASS,
                "every secret is sealed under its tenant's key before it is stored; no other form can be stored",
                evidence=SECRETS,
            ),
        ),
        (Check.SEALING, facts(), NO_SECRET),
    ],
)  # fmt: skip
def test_each_finding_says_what_was_seen_and_what_to_do(check: Check, seen: Facts, found: Found) -> None:
    assert looked(seen, PCI)[check] == found
