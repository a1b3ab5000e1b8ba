"""Hypothesis strategies for names, small enough that two of them often meet."""

from hypothesis import strategies as st

from llm_config_domain.names import Name, TenantId

_TENANTS = [TenantId("01ARZ3NDEKTSV4RRFFQ69G5FAV"), TenantId("01ARZ3NDEKTSV4RRFFQ69G5FAW")]


def names() -> st.SearchStrategy[Name]:
    namespaces = st.from_regex(r"[ab-]{1,2}(/[ab]{1,2})?", fullmatch=True)
    return st.builds(
        Name,
        st.sampled_from(_TENANTS),
        namespaces,
        st.from_regex(r"a([e._-]{0,2}b)?", fullmatch=True),
        st.sampled_from(["e", "global", "production"]),
    )
