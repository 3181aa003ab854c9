"""How a sandbox misbehaves on request: delays, faults, rate limits, hostile but legal answers."""

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Any, Literal

Clock = Callable[[], float]
FaultKind = Literal["status", "before", "after", "lag", "slow", "truncated"]

# Lists whose order Auth0 does not keep (recorded traffic 7b, 7c); filters and secrets are objects.
_SETS = frozenset(
    {
        "admin_notification_frequency", "allowed_clients", "allowed_logout_urls",
        "allowed_origins", "callbacks", "clients", "filters", "grant_types", "permissions",
        "scope", "scopes", "secrets", "shields", "web_origins",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Delays:
    """How long Auth0 takes over what it does in the background; everything is instant by default.

    A custom domain is ready at the `verify_calls`-th verify call, and not before `verify_seconds`
    after it was made. An action is built once it has been read `build_reads` times and
    `build_seconds` have passed. Actions whose names match `failing_builds` end as failed. Deleting
    a connection goes on for `connection_delete_seconds`.
    """

    verify_calls: int = 1
    verify_seconds: float = 0.0
    build_reads: int = 0
    build_seconds: float = 0.0
    failing_builds: tuple[str, ...] = ()
    connection_delete_seconds: float = 0.0


@dataclass(slots=True)
class Fault:
    """Something that goes wrong with requests that match `method` and `path`.

    `path` is a pattern (`/clients*`) over the path below `/api/v2`, or `/oauth/token`. It strikes
    the `nth` matching requests, counted from 1; without `nth`, each with probability `chance` under
    `seed`. Kinds: `status` answers `status` without processing; `before` breaks the connection
    first, `after` once the request has taken effect; `lag` serves a GET from the tenant as it was
    before the last write; `slow` holds the answer back for `seconds`; `truncated` breaks off in
    the middle of it. `message` is what a `status` answer says.
    """

    kind: FaultKind
    method: str = "*"
    path: str = "*"
    nth: tuple[int, ...] = ()
    chance: float = 1.0
    status: int = 503
    seed: int = 0
    message: str = "The sandbox was asked to fail here"
    seconds: float = 1.0
    matched: int = field(default=0, init=False)
    _dice: random.Random | None = field(default=None, init=False, repr=False)

    def strikes(self, method: str, path: str) -> bool:
        """Counts the request if it matches, and says whether it is one to spoil."""
        if not _matches(self.method, self.path, method, path):
            return False
        self.matched += 1
        if self.nth:
            return self.matched in self.nth
        if self._dice is None:
            self._dice = random.Random(self.seed)  # noqa: S311 - reproducible on purpose
        return self._dice.random() < self.chance


@dataclass(frozen=True, slots=True)
class Bucket:
    """A token bucket over matching requests: `burst` at once, then `rate` per second."""

    burst: int
    rate: float
    method: str = "*"
    path: str = "*"
    name: str = "Global"

    def covers(self, method: str, path: str) -> bool:
        return _matches(self.method, self.path, method, path)


@dataclass(frozen=True, slots=True)
class Level:
    """What the headers say of the tightest bucket; `reset` is a Unix time in whole seconds."""

    limit: int
    remaining: int
    reset: int
    exceeded: str | None = None

    def headers(self) -> dict[str, str]:
        return {
            "x-ratelimit-limit": str(self.limit),
            "x-ratelimit-remaining": str(self.remaining),
            "x-ratelimit-reset": str(self.reset),
        }


class Limits:
    """The fill of the buckets over time."""

    def __init__(self) -> None:
        self._fill: dict[Bucket, tuple[float, float]] = {}

    def draw(self, buckets: tuple[Bucket, ...], now: float) -> Level | None:
        """Takes a token from each bucket, or from none where one is empty; None without buckets."""
        levels = []
        for bucket in buckets:
            tokens, since = self._fill.get(bucket, (float(bucket.burst), now))
            levels.append(min(bucket.burst, tokens + (now - since) * bucket.rate))
        empty = next((b for b, fill in zip(buckets, levels, strict=True) if fill < 1), None)
        taken = 0 if empty else 1
        found = []
        for bucket, fill in zip(buckets, levels, strict=True):
            left = fill - taken
            self._fill[bucket] = (left, now)
            wait = (bucket.burst - left) / bucket.rate if left >= 1 else (1 - left) / bucket.rate
            name = bucket.name if bucket is empty else None
            found.append(Level(bucket.burst, int(left), int(now + wait) + 1, name))
        return min(found, key=lambda level: level.remaining, default=None)


@dataclass(frozen=True, slots=True)
class Hostility:
    """Legal answers no client should rely against: shuffled sets, pages shorter than asked for.

    The same `seed` gives the same answers. `page_cap` is the largest page the server gives,
    None for the ordinary limits.
    """

    seed: int = 0
    shuffle: bool = True
    page_cap: int | None = 3


def shuffled(value: Any, dice: random.Random, key: str = "") -> Any:
    """The same JSON with every list Auth0 treats as a set in another order."""
    if isinstance(value, dict):
        return {name: shuffled(item, dice, name) for name, item in value.items()}
    if isinstance(value, list):
        items = [shuffled(item, dice) for item in value]
        if key in _SETS:
            dice.shuffle(items)
        return items
    return value


def _matches(method_pattern: str, path_pattern: str, method: str, path: str) -> bool:
    return fnmatchcase(method, method_pattern) and fnmatchcase(path, path_pattern)
