"""Private keys: reading one without doing the work that a hostile one would ask for, and letting it sign."""

import warnings

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.hazmat.primitives.serialization import load_pem_private_key, load_ssh_private_key

PrivateKey = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey
MAX_RSA_BITS = 8192
CURVES = ("secp256r1", "secp384r1", "secp521r1")
_PROBE = b"llm-config: does this key sign for its public half?"


def read_private_key(text: str) -> PrivateKey:
    """Raises ValueError, TypeError (it is locked: no passphrase is ever tried), UnsupportedAlgorithm.

    The library's own validation of an RSA key tests its primes, which takes seconds for a large one: `check_pair`
    stands in its place.
    """
    load = load_ssh_private_key if "BEGIN OPENSSH" in text else load_pem_private_key
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of kinds that are refused here
        key = load(text.encode(), None, unsafe_skip_rsa_key_validation=True)
    if isinstance(key, rsa.RSAPrivateKey) and key.key_size > MAX_RSA_BITS:
        raise ValueError("too large")
    if isinstance(key, ec.EllipticCurvePrivateKey) and key.curve.name not in CURVES:
        raise ValueError("another curve")
    if not isinstance(key, rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey):
        raise ValueError("another kind")
    return key


def check_pair(key: PrivateKey) -> None:
    """Raises InvalidSignature, ValueError."""
    if isinstance(key, rsa.RSAPrivateKey):
        _check_numbers(key)
        signature = key.sign(_PROBE, padding.PKCS1v15(), hashes.SHA256())
        key.public_key().verify(signature, _PROBE, padding.PKCS1v15(), hashes.SHA256())
    elif isinstance(key, ec.EllipticCurvePrivateKey):
        key.public_key().verify(key.sign(_PROBE, ec.ECDSA(hashes.SHA256())), _PROBE, ec.ECDSA(hashes.SHA256()))
    else:
        key.public_key().verify(key.sign(_PROBE), _PROBE)


def _check_numbers(key: rsa.RSAPrivateKey) -> None:
    numbers = key.private_numbers()
    public = numbers.public_numbers
    if numbers.p * numbers.q != public.n or public.e < 3 or public.e % 2 == 0:
        raise ValueError("no RSA key")
