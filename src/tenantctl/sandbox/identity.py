"""Ids, secrets and times as Auth0 writes them.

Formats are those of recorded traffic: a prefix and 16 or 22 base62 characters, 32 alphanumeric
characters for clients and themes, an ObjectId for resource servers, UUIDs for actions.
"""

import secrets
import string
import time
import uuid
from collections.abc import Callable
from datetime import UTC, datetime

_BASE62 = string.digits + string.ascii_letters
_BASE58 = "".join(letter for letter in _BASE62 if letter not in "0OIl")
_BASE32 = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def base62(length: int) -> str:
    return "".join(secrets.choice(_BASE62) for _ in range(length))


def prefixed(prefix: str, length: int) -> Callable[[], str]:
    """Mints `con_` and 16 characters, and the like."""
    return lambda: prefix + base62(length)


def compact(prefix: str) -> Callable[[], str]:
    """Mints `seg_` and 22 characters none of which looks like another, and the like."""
    return lambda: prefix + "".join(secrets.choice(_BASE58) for _ in range(22))


def ulid() -> str:
    """26 characters that sort by the time they were made, as hooks have."""
    value = int(time.time() * 1000) << 80 | secrets.randbits(80)
    return "".join(_BASE32[value >> shift & 31] for shift in range(125, -1, -5))


def alphanumeric() -> str:
    """32 characters with at least one digit and one letter, as client ids have."""
    return base62(30) + secrets.choice(string.digits) + secrets.choice(string.ascii_letters)


def hexadecimal(length: int) -> str:
    return secrets.token_hex(length // 2)


def object_id() -> str:
    return secrets.token_hex(12)


def uuid4() -> str:
    return str(uuid.uuid4())


def log_stream_id() -> str:
    return "lst_" + f"{secrets.randbelow(10**8):016d}"


def secret(length: int = 64) -> str:
    return base62(length)


def timestamp(seconds: float) -> str:
    """ISO 8601 with milliseconds and a Z."""
    moment = datetime.fromtimestamp(seconds, UTC)
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}Z"


def nanoseconds(seconds: float) -> str:
    """ISO 8601 with nine decimals, as the actions service writes it."""
    moment = datetime.fromtimestamp(seconds, UTC)
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond * 1000:09d}Z"
