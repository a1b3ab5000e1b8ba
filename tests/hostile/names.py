"""What people put where a name belongs: some forty texts, as they would stand in a URL.

Bytes beyond ASCII and control characters stand encoded: no HTTP server lets them into a request's first line as they
are (h11, which is before the front, refuses them).
"""

from urllib.parse import quote

RAW: dict[str, bytes] = {
    "a dot": b".",
    "two dots": b"..",
    "many dots": b"../../../../etc/passwd",
    "dots encoded": b"%2e%2e%2f%2e%2e%2fetc%2fpasswd",
    "dots encoded twice": b"%252e%252e%252f",
    "an overlong encoding": b"%c0%ae%c0%ae%c0%af",
    "half an encoding": b"%",
    "no hex": b"%zz",
    "a null": b"%00",
    "a null at the end": b"key%00.json",
    "a line break": b"a%0d%0aset-cookie:%20a=b",
    "a space": b"%20",
    "a tab": b"%09",
    "a backslash": b"..\\..\\windows",
    "bytes that are no text": b"%ff%fe%c3%28",
    "a surrogate encoded": b"%ed%a0%80",
    "nothing": b"",
    "a hash": b"T#01#N",
    "a hash encoded": b"T%2301%23N",
    "a semicolon": b"a;b=c",
    "a plus": b"a+b",
    "an at sign": b"a@b",
    "wildcards": b"*",
    "SQL wildcards": b"a%25_",
    "very long": b"a" * 100_000,
    "very deep": b"/".join([b"a"] * 10_000),
    "a number": b"99999999999999999999999999",
    "a minus": b"-1",
    "true": b"true",
    "null": b"null",
}
TEXTS: dict[str, str] = {
    "SQL": "' OR 1=1; DROP TABLE tenants; --",
    "a template": "{{7*7}}${jndi:ldap://127.0.0.1:9/a}<%= 7*7 %>",
    "a script": "<script>alert(1)</script>",
    "a format": "{0.__class__.__mro__}%s%n%x",
    "a shell": "$(touch x)`id`|cat",
    "a URL": "http://169.254.169.254/latest/meta-data",
    "cyrillic twins": "\u0430\u0441\u043c\u0435",
    "full width": "\uff41\uff43\uff4d\uff45\uff0f",
    "combining": "e\u0301\u0327" * 50,
    "right to left": "\u202eemca\u202c",
    "zero width": "ac\u200bme\ufeff",
    "emoji": "\U0001f469\u200d\U0001f4bb",
    "arabic": "\ufdfd",
    "a line separator": "\u2028",
}
HOSTILE: dict[str, bytes] = {
    **RAW,
    **{said: quote(text, safe="").encode() for said, text in TEXTS.items()},
}
