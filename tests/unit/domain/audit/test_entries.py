"""What an entry is as a leaf, and what an export of leaves is called."""

import json
from dataclasses import replace
from typing import Any

import pytest

from llm_config_domain.audit.checkpoints import Checkpoint, origin_of, size_in
from llm_config_domain.audit.entries import Leaf, namespace_of, text_of
from llm_config_domain.audit.exports import ExportOrder, bundle_text
from llm_config_domain.audit.subjects import names_in, pseudonymous
from llm_config_domain.audit.tree import leaf_hash
from llm_config_domain.journal import Actor
from llm_config_domain.policy import Resource
from tests.support.entries import numbered
from tests.unit.domain.audit.bundling import ACME, ACTORS, BEGIN, END, GLOBEX, Signer, entry


@pytest.mark.parametrize(
    ("resource", "namespace"),
    [
        (Resource("configs", "app/deep/database", "production"), "app/deep"),
        (Resource("secrets", "app/key", "production"), "app"),
        (Resource("namespaces", "app/deep"), "app/deep"),
        (Resource("rotations", "app/key"), ""),
        (Resource("tenants", "acme"), ""),
    ],
    ids=lambda said: said.type if isinstance(said, Resource) else said or "none",
)
def test_an_entry_is_found_by_the_namespace_that_it_is_about(resource: Resource, namespace: str) -> None:
    assert namespace_of(numbered(ACME, 1, resource=resource)) == namespace


def test_a_leaf_is_its_text_byte_for_byte() -> None:
    text = text_of(numbered(ACME, 1))
    leaf = Leaf(3, text)
    assert (leaf.hash, leaf.record) == (leaf_hash(text.encode()), json.loads(text))
    assert leaf.record["metadata"] == {"reason": "més", "version": 2}


def test_the_product_and_nobody_stand_in_the_tree_under_their_own_names() -> None:
    product = numbered(ACME, 1, actor=Actor("system:rotation", "system", ()))
    ana = numbered(ACME, 2)
    assert pseudonymous(product, lambda name: "never asked") is product
    assert pseudonymous(ana, {"user:ana": "p-1"}.__getitem__) == replace(ana, actor=replace(ana.actor, id="p-1"))
    assert names_in([product, ana]) == {"user:ana"}


def export(**told: Any) -> ExportOrder:
    return ExportOrder(
        **{"tenant": ACME, "begin": BEGIN, "end": END, "first": 2, "last": 5, "size": 9, "at": END, **told}
    )


def test_who_asks_again_for_the_same_entries_asks_for_the_same_export() -> None:
    assert export().export_id == export(size=12, at="2027-01-01T00:00:00.000Z").export_id
    others = ({"tenant": GLOBEX}, {"begin": END}, {"end": BEGIN}, {"first": 1}, {"last": 6})
    ids = {export().export_id, *(export(**other).export_id for other in others)}
    assert len(ids) == 6 and all(len(one) == 32 for one in ids)
    assert ExportOrder(**json.loads(json.dumps(export().to_record()))) == export()


def test_an_export_holds_each_entry_as_it_was_hashed() -> None:
    leaves = [Leaf(number, text_of(entry(number))) for number in range(2)]
    signed = Signer().signed(Checkpoint(origin_of(ACME), 2, b"r" * 32))
    text = bundle_text(leaves, 0, [b"\x01" * 32], signed, ACTORS)
    told = json.loads(text)
    assert list(told) == ["entries", "proofs", "checkpoint", "actors"]
    assert all(leaf.text.encode() in text for leaf in leaves) and len(told["entries"]) == 2
    assert told["proofs"] == {"first_index": 0, "hashes": ["01" * 32]}
    assert (told["checkpoint"], told["actors"]) == (signed.to_record(), ACTORS)


def test_the_size_of_a_tree_is_read_from_its_note() -> None:
    note = Signer().signed(Checkpoint(origin_of(ACME), 1234, b"r" * 32)).to_record()["note"]
    assert size_in(note) == 1234
    with pytest.raises(ValueError, match=r".+"):
        size_in("no note\n\nat all")
