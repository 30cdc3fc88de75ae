"""Secrets that Stook hands out: recognisable, random, and stored only as a hash."""

from __future__ import annotations

import hashlib
import secrets
import string
import zlib

PREFIX = "stook_"
RANDOM_BYTES = 32
_ALPHABET = string.digits + string.ascii_uppercase + string.ascii_lowercase
_RANDOM_DIGITS = 43  # 62 ** 43 > 2 ** 256
_CHECK_DIGITS = 6  # 62 ** 6 > 2 ** 32


def new_secret() -> str:
    """``stook_``, 256 random bits in base 62, and their CRC-32 in base 62.

    The checksum lets a scanner for leaked secrets tell a real one from a look-alike.
    """
    random = _base62(int.from_bytes(secrets.token_bytes(RANDOM_BYTES), "big"), _RANDOM_DIGITS)
    return PREFIX + random + _checksum(random)


def is_well_formed(secret: str) -> bool:
    """Whether this could have come from ``new_secret``."""
    body = secret.removeprefix(PREFIX)
    expected_length = len(PREFIX) + _RANDOM_DIGITS + _CHECK_DIGITS
    if not secret.startswith(PREFIX) or len(secret) != expected_length or not body.isascii():
        return False
    return body[_RANDOM_DIGITS:] == _checksum(body[:_RANDOM_DIGITS])


def hash_secret(secret: str) -> str:
    """SHA-256 in hexadecimal; enough for 256 random bits, which nobody can guess one by one."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def new_id(kind: str) -> str:
    """A public identifier, ``kind`` and 80 random bits."""
    return f"{kind}_{secrets.token_hex(10)}"


def _checksum(random: str) -> str:
    return _base62(zlib.crc32(random.encode()), _CHECK_DIGITS)


def _base62(number: int, digits: int) -> str:
    text = ""
    for _ in range(digits):
        number, digit = divmod(number, len(_ALPHABET))
        text = _ALPHABET[digit] + text
    return text
