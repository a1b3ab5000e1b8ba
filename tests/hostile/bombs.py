"""Bodies that ask too much of whoever reads them."""

MEBIBYTE = 1024 * 1024


def valued(value: bytes) -> bytes:
    return b'{"type": "generic", "name": "hostile", "value": ' + value + b"}"


BOMBS: dict[str, bytes] = {
    "no JSON": b"\x00\x01\x02",
    "nothing": b"",
    "white space": b" " * MEBIBYTE,
    "half an object": b'{"value": ',
    "deep lists": b"[" * MEBIBYTE,
    "deep objects": b'{"a":' * 200_000,
    "a deep value": valued(b"[" * 100_000 + b"]" * 100_000),
    "a value one too deep": valued(b"[" * 64 + b"]" * 64),
    "a deep object for a value": valued(b'{"a":' * 10_000 + b"1" + b"}" * 10_000),
    "a wide list": valued(b"[" + b",".join([b"0"] * 300_000) + b"]"),
    "a wide object": valued(b"{" + b",".join(b'"%d":0' % n for n in range(60_000)) + b"}"),
    "many unknown fields": b"{" + b",".join(b'"f%d":0' % n for n in range(60_000)) + b"}",
    "digits": valued(b"9" * 500_000),
    "digits after the point": valued(b"0." + b"1" * 500_000),
    "a huge exponent": valued(b"1e999999999"),
    "a tiny exponent": valued(b"-1E-999999999"),
    "an exponent of many digits": valued(b"1e" + b"9" * 5000),
    "a string of 10 MB": valued(b'"' + b"x" * 10_000_000 + b'"'),
    "a string of 1.5 MB": valued(b'"' + b"x" * 1_500_000 + b'"'),
    "a name of 1 MB": valued(b'{"' + b"x" * 1_000_000 + b'": 1}'),
    "many escapes": valued(b'"' + b"\\u0000" * 100_000 + b'"'),
    "a name twice": b'{"value": 1, "value": 2, "type": "generic", "name": "hostile"}',
    "a name twice within": valued(b'{"a": 1, "\\u0061": 2}'),
    "a lone surrogate": valued(b'"\\ud800"'),
    "a lone surrogate for a name": valued(b'{"\\udfff": 1}'),
    "surrogates in the wrong order": valued(b'"\\udc00\\ud800"'),
    "a surrogate in UTF-8": valued(b'"\xed\xa0\x80"'),
    "not UTF-8": valued(b'"\xff"'),
    "UTF-16": valued(b"1").decode().encode("utf-16"),
    "a byte order mark": b"\xef\xbb\xbf" + valued(b"1"),
    "NaN": valued(b"NaN"),
    "Infinity": valued(b"-Infinity"),
    "a list": b"[1]",
    "null": b"null",
    "a text": b'"value"',
    "prototypes": valued(b'{"__proto__": {"a": 1}, "constructor": 1, "__class__": 1}'),
    "every special name": valued(b'{"$secret": {"$secret": []}, "$ref": {}, "$template": 0, "$unset": 1}'),
    "references without end": valued(b'{"a": [' + b",".join([b'{"$secret": "a/b"}'] * 20_000) + b"]}"),
    "a form": b"value=1&type=generic",
    "many parts": b"--x\r\ncontent-disposition: form-data; name=value\r\n\r\n1\r\n--x--",
    "XML": b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>',
}
