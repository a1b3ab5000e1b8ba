"""Who acted is told by a pseudonym, and beside a bundle by name, for as long as the name is known."""

from collections.abc import Callable
from typing import Any

import pytest

from llm_config_domain.audit.bundles import export_lines, verified
from llm_config_domain.audit.subjects import PREFIX, Subject, is_subject, names_in, pseudonymous
from llm_config_domain.callers import NOBODY, the_product
from llm_config_domain.journal import Actor
from tests.unit.domain.audit.bundling import ACME, ACTORS, ANA, ASKED, BEGIN, END, Log, Signer, entry, log, refused

EVE = Subject("user:eve", "6" * 64)


def test_a_pseudonym_is_of_one_name_under_one_key() -> None:
    """The figure is that of `printf user:ana | openssl dgst -sha256 -hmac KEY`."""
    assert ANA.pseudonym == PREFIX + "b9da91c50e92a812b21178fa298411d0133c443247cca6d7c844562bc1b23c8d"
    assert len({ANA.pseudonym, Subject(ANA.name, EVE.key).pseudonym, Subject(EVE.name, ANA.key).pseudonym}) == 3


def test_the_product_itself_and_nobody_have_no_pseudonym() -> None:
    for actor in (Actor.of(the_product(ACME, "rotation")), Actor.of(NOBODY), Actor("", "user", ())):
        assert not is_subject(actor)
    assert is_subject(Actor("api-key:1", "api_key", ()))


def test_of_an_entry_the_name_alone_is_another() -> None:
    one = entry(1)
    told = pseudonymous(one, {"user:ana": ANA.pseudonym}.__getitem__)
    assert told.actor == Actor(ANA.pseudonym, one.actor.type, one.actor.roles)
    assert names_in([one, one]) == {"user:ana"}


def test_a_bundle_says_when_it_was_asked_for_and_who_acted() -> None:
    bundle = log(5).bundle()
    assert bundle["actors"] == ACTORS and "user:ana" not in str(bundle["entries"])
    assert verified(bundle, Signer().key).asked_at == ASKED


def test_a_bundle_from_before_there_were_pseudonyms_is_valid_as_it_was() -> None:
    bundle = log(5).earlier_bundle()
    assert verified(bundle, Signer().key).asked_at is None
    bundle["actors"] = {}
    assert "signed" in refused(bundle)


def test_erased_names_are_in_no_bundle_and_nothing_else_is_another() -> None:
    recorded = log(5)
    lines = export_lines(0, 5, BEGIN, END, {}, ASKED)
    told = recorded.bundle() | {
        "actors": {},
        "checkpoint": recorded.signer.signed(recorded.checkpoint(5, lines)).to_record(),
    }
    assert len(verified(told, Signer().key).leaves) == 5


@pytest.mark.parametrize(
    ("change", "said"),
    [
        pytest.param(lambda b: b.pop("actors"), "was made of", id="all names taken away"),
        pytest.param(lambda b: b.update(actors={}), "that were signed", id="a name taken away"),
        pytest.param(lambda b: b.update(actors=[]), "was made of", id="actors that are a list"),
        pytest.param(
            lambda b: b["actors"].update({EVE.pseudonym: EVE.to_record()}), "that were signed", id="one added"
        ),
        pytest.param(lambda b: b["actors"].update({ANA.pseudonym: EVE.to_record()}), "was made of", id="another name"),
        pytest.param(lambda b: b["actors"].update({ANA.pseudonym: None}), "was made of", id="no name"),
        pytest.param(lambda b: b["actors"][ANA.pseudonym].update(name=1), "was made of", id="a number as a name"),
        pytest.param(lambda b: b["actors"][ANA.pseudonym].update(key=1), "was made of", id="a number as a key"),
        pytest.param(lambda b: b["actors"][ANA.pseudonym].update(name="\ud800"), "was made of", id="half a character"),
    ],
)
def test_no_name_beside_the_entries_can_be_changed(change: Callable[[Any], Any], said: str) -> None:
    bundle = log(5).bundle()
    change(bundle)
    assert said in refused(bundle)


def test_who_signs_names_that_are_in_no_entry_is_not_believed() -> None:
    recorded = Log([entry(number) for number in range(5)])
    for actors, shape in (({EVE.pseudonym: EVE.to_record()}, recorded.records), (ACTORS, [])):
        lines = export_lines(0, len(shape), BEGIN, END, actors, ASKED)
        told = Log([entry(number) for number in range(len(shape))])
        bundle = told.bundle() | {
            "actors": actors,
            "checkpoint": told.signer.signed(told.checkpoint(None, lines)).to_record(),
        }
        assert "in none of the entries" in refused(bundle)
