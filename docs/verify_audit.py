"""Verify an export of the audit of LLM-Config-Manager, offline, trusting none of its code:

    python verify_audit.py BUNDLE.json KEY.pem [HELD.json]

BUNDLE is an export: {"entries": [...], "proofs": {"first_index", "hashes"}, "checkpoint": {...}, "actors": {...}}. KEY is
the audit's Ed25519 public key, which you have from elsewhere than the bundle. HELD is a checkpoint that you took earlier:
the export must extend it. Exits with 0 if all of this holds, else with 1 and what is wrong. Needs Python 3.11 and
`cryptography`.

How it works: each entry, in the one JSON text that RFC 8785 gives it, is a leaf of a Merkle tree (RFC 6962). The
operator signs the tree's size and root. If one character of one entry were another, or an entry were missing, added or
moved, the leaves would make another root, and the signature would be of something else. Who acted is told by a pseudonym,
an HMAC of the name; `actors` has the names that were not erased by then, and the signed note says that these are all.
"""

import base64
import hashlib
import hmac
import json
import sys

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization

KEY_NAME = "llm-config-audit"


def refuse(reason):
    raise ValueError(reason)


# -- JSON that means one thing only, and its canonical text (RFC 8785; the audit has no fractions and no large numbers)


def members(pairs):
    return dict(pairs) if len({name for name, _ in pairs}) == len(pairs) else refuse("a name stands twice in an object")


def whole(text):
    return int(text) if abs(int(text)) < 2**53 else refuse("a number is too large")


def read(path):
    with open(path, encoding="utf-8") as file:
        return json.load(
            file,
            object_pairs_hook=members,
            parse_int=whole,
            parse_float=lambda _: refuse("a number has a fraction"),
            parse_constant=lambda _: refuse("this is not a number"),
        )


def sorted_by_name(value):
    if isinstance(value, dict):
        names = sorted(value, key=lambda name: name.encode("utf-16-be"))
        return {name: sorted_by_name(value[name]) for name in names}
    return [sorted_by_name(member) for member in value] if isinstance(value, list) else value


def canonical(entry):
    return json.dumps(sorted_by_name(entry), ensure_ascii=False, separators=(",", ":")).encode("utf-8")


# -- the tree of RFC 6962 section 2.1


def leaf_hash(leaf):
    return hashlib.sha256(b"\0" + leaf).digest()


def node_hash(left, right):
    return hashlib.sha256(b"\1" + left + right).digest()


def split(size):
    """The largest power of two below `size`."""
    return 1 << (size - 1).bit_length() - 1


def root_of(leaves, first, size, hashes):
    """The root of `size` leaves, of which `leaves` stand from `first` on: `hashes` are those of the largest subtrees
    that hold none of them, from left to right."""
    last, beside = first + len(leaves), iter(hashes)

    def root(low, high):
        if high <= first or low >= last:
            return next(beside)
        if high - low == 1:
            return leaves[low - first]
        middle = low + split(high - low)
        return node_hash(root(low, middle), root(middle, high))

    try:
        made = root(0, size) if size else hashlib.sha256(b"").digest()
    except StopIteration:
        refuse("the proof has too few hashes")
    return made if next(beside, None) is None else refuse("the proof has too many hashes")


def earlier_root(leaves, first, hashes, size):
    """The root that the tree had at `size`: the first hashes of the proof are the whole subtrees before `first`."""
    peaks = [(1 << bit, hashed) for bit, hashed in zip(bits_of(first), hashes)]
    for leaf in leaves[: size - first]:
        peaks.append((1, leaf))
        while len(peaks) > 1 and peaks[-1][0] == peaks[-2][0]:
            (width, right), (_, left) = peaks.pop(), peaks.pop()
            peaks.append((2 * width, node_hash(left, right)))
    made = peaks.pop()[1]
    while peaks:
        made = node_hash(peaks.pop()[1], made)
    return made


def bits_of(number):
    return [bit for bit in reversed(range(number.bit_length())) if number >> bit & 1]


# -- the signed note (https://github.com/C2SP/C2SP/blob/main/signed-note.md)


def base64_bytes(text):
    raw = base64.b64decode(text, validate=True)
    return raw if base64.b64encode(raw).decode() == text else refuse("this is not base64 as it is written")


def checkpoint_of(told, key):
    """(origin, size, root, further lines) of a checkpoint, once its signature is verified."""
    if set(told) != {"tree_size", "root_hash", "signature", "public_key", "note"}:
        refuse("the checkpoint has other members than it was served with")
    raw = key.public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
    pem = key.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo).decode()
    key_id = hashlib.sha256(KEY_NAME.encode() + b"\n\x01" + raw).digest()[:4]
    text, _, signed = told["note"].rpartition("\n\n")
    lines = [line.split(" ") for line in signed.removesuffix("\n").split("\n")]
    if not signed.endswith("\n") or any(len(line) != 3 or line[0] != "\u2014" for line in lines):
        refuse("the checkpoint is not a signed note")
    found = [base64_bytes(line[2])[4:] for line in lines if line[1] == KEY_NAME and base64_bytes(line[2])[:4] == key_id]
    if not found:
        refuse("the checkpoint is not signed by this key")
    try:
        key.verify(found[0], f"{text}\n".encode())
    except InvalidSignature:
        refuse("the checkpoint's signature is not the key's")
    origin, size, root, *further = text.split("\n")
    said = (int(size), base64_bytes(root).hex(), found[0].hex(), pem)
    if type(told["tree_size"]) is not int or said != (
        told["tree_size"],
        told["root_hash"],
        told["signature"],
        told["public_key"],
    ):
        refuse("the checkpoint's members do not say what its note says")
    return origin, int(size), base64_bytes(root), further


# -- the bundle


def verify(bundle, key, held=None):
    """How many entries of how many; raises ValueError."""
    members = {"entries", "proofs", "checkpoint"}
    if set(bundle) not in (members, members | {"actors"}) or set(bundle["proofs"]) != {"first_index", "hashes"}:
        refuse("the bundle has other members than it was exported with")
    origin, size, root, lines = checkpoint_of(bundle["checkpoint"], key)
    first, hashes = bundle["proofs"]["first_index"], [bytes.fromhex(one) for one in bundle["proofs"]["hashes"]]
    if type(first) is not int or [one.hex() for one in hashes] != bundle["proofs"]["hashes"]:
        refuse("the proof is not written as it was exported")
    if any(entry["tenant"] != origin.rpartition("/")[2] for entry in bundle["entries"]):
        refuse("an entry is of another tenant")
    leaves = [leaf_hash(canonical(entry)) for entry in bundle["entries"]]
    if not lines or not lines[0].startswith(f"export {first} {first + len(leaves)} "):
        refuse("the signed range is another than that of these entries")
    if "actors" in bundle or lines[1:]:
        check_actors(bundle["actors"], bundle["entries"], lines[1:])
    if root_of(leaves, first, size, hashes) != root:
        refuse("the entries do not make the signed root")
    if held:
        check_extends(checkpoint_of(held.get("checkpoint", held), key), origin, size, root, leaves, first, hashes)
    return len(leaves), size


def check_actors(actors, entries, lines):
    """Exports from before there were pseudonyms have no actors, and no lines about them."""
    for pseudonym, told in actors.items():
        made = hmac.new(told["key"].encode(), told["name"].encode(), hashlib.sha256).hexdigest()
        if set(told) != {"name", "key"} or pseudonym != f"subject:{made}":
            refuse("a name is not the one that its pseudonym was made of")
    signed = hashlib.sha256(canonical(actors)).hexdigest()
    if len(lines) != 2 or lines[0] != f"actors {signed}" or not lines[1].startswith("asked "):
        refuse("the actors are others than those that were signed")
    if not set(actors) <= {entry["actor"]["id"] for entry in entries}:
        refuse("an actor is in none of the entries")


def check_extends(held, origin, size, root, leaves, first, hashes):
    held_origin, held_size, held_root, _ = held
    if held_origin != origin or held_size > size:
        refuse("the held checkpoint is of another tree, or newer than the bundle: it was rolled back")
    if held_size not in (0, size) and not first <= held_size <= first + len(leaves):
        refuse("the bundle cannot be compared with the held checkpoint: export from the beginning")
    known = root if held_size == size else earlier_root(leaves, first, hashes, held_size) if held_size else held_root
    if known != held_root:
        refuse("the tree was another when the held checkpoint was taken: it was forked")


def main(bundle, key, held=None):
    with open(key, "rb") as file:
        public = serialization.load_pem_public_key(file.read())
    try:
        count, size = verify(read(bundle), public, read(held) if held else None)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        print(f"NOT VALID: {error if isinstance(error, ValueError) else 'this is not an export'}")
        return 1
    print(f"valid: {count} of the {size} entries of the tree, unchanged and complete between the first and the last")
    return 0


if __name__ == "__main__":
    if len(sys.argv) not in (3, 4):
        sys.exit(__doc__)
    sys.exit(main(*sys.argv[1:]))
