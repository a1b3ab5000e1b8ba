"""How a receipt is asked for and given over HTTP: a preference (RFC 7240), and a header that holds the note in base64."""

from collections.abc import Mapping

from llm_config_domain.audit.receipts import as_header

PREFERENCE = "audit-receipt"


def wants_receipt(headers: Mapping[str, str]) -> bool:
    return PREFERENCE in (part.strip().lower() for part in headers.get("prefer", "").split(","))


def receipt_headers(note: str) -> dict[str, str]:
    return {"Audit-Receipt": as_header(note), "Preference-Applied": PREFERENCE}
