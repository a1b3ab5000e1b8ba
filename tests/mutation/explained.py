"""The mutants of the domain that no test can see, each with its reason: (where, part of the changed line, why)."""

SAME = "says the same: "
EXPLAINED: tuple[tuple[str, str, str], ...] = (
    ("json_text.x_read", "allow_nan=None", SAME + "`parse_constant` refuses NaN and Infinity before"),
    ("json_text.x_read", "allow_nan=True", SAME + "`parse_constant` refuses NaN and Infinity before"),
    ("json_text.x_read", "parse_constant=_no_constant, )", SAME + "`parse_constant` refuses NaN and Infinity before"),
    ("json_text.x_write", "ensure_ascii=None", SAME + "None is as false as False"),
    ("json_text.x_canonical", "ensure_ascii=None", SAME + "None is as false as False"),
    ("json_text.x_write", "allow_nan=None", SAME + "None is as false as False"),
    ("json_text.x_canonical", "allow_nan=None", SAME + "None is as false as False"),
    ("json_text.x_write", "value, ensure_ascii", SAME + "`use_decimal` is on unless it is put off"),
    ("json_text.x_canonical", "value, ensure_ascii", SAME + "`use_decimal` is on unless it is put off"),
    ("json_text.x_write", 'separators=(",", ":"), )', SAME + "`allow_nan` is off unless it is put on"),
    ("json_text.x_canonical", '":"), sort_keys=True', SAME + "`allow_nan` is off unless it is put on"),
    ("json_text.x__check_surrogates", "UTF-8", SAME + "an encoding's name has no case"),
    (
        "policy.x__rule",
        "",
        "runs at import, before mutmut switches a mutant on; made by hand, test_policy.py sees each",
    ),
)


def why(mutant: str, changed: str) -> str | None:
    """The reason why nobody sees this one, or None: then a test is missing."""
    found = [told for where, part, told in EXPLAINED if f".{where}__mutmut_" in mutant and part in changed]
    return found[0] if found else None
