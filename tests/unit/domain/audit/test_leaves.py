"""One text for equal content: that of RFC 8785, whichever way it is made."""

import json
import random
from typing import Any

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from llm_config_domain.audit.leaves import canonical, record_of
from tests.unit.domain.audit.bundling import entry

JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**54), 2**54) | st.text() | st.floats(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(st.text(max_size=3), JSON, max_size=4))
def test_canonical_text_is_that_of_rfc_8785_whichever_way_it_is_made(record: dict[str, Any]) -> None:
    try:
        expected = rfc8785.dumps(record)
    except (ValueError, UnicodeError):
        with pytest.raises(ValueError):
            canonical(record)
        return
    assert canonical(record) == expected


def test_an_entry_is_the_same_leaf_whatever_the_order_of_its_members() -> None:
    record = record_of(entry(1))
    names = list(record)
    random.Random(7).shuffle(names)
    assert canonical({name: record[name] for name in names}) == canonical(record)
    assert json.loads(canonical(record)) == record
