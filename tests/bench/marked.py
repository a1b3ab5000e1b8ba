"""Figures in documents stand between two marks, so that what measures them writes them."""


def between(text: str, begin: str, end: str, figures: str) -> str:
    """`text` with `figures` in the place of what stood between the marks."""
    before, _, rest = text.partition(begin)
    _, _, after = rest.partition(end)
    return f"{before}{begin}\n{figures}\n{end}{after}"
