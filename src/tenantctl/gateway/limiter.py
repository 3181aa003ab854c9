"""One limiter for all workers: the tenant's token buckets mirrored on our side."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field

from tenantctl.errors import Limited
from tenantctl.gateway.access import Stats
from tenantctl.gateway.limits import Bucket, Limits

SLACK = 0.1
"""Seconds by which answers may be late or early without our level being wrong."""

EPSILON = 1e-4
"""Tokens that the resolution of a clock may cost."""

FALLBACK = 5.0
"""Seconds to wait after a 429 that does not say until when."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What an answer said of a bucket; *reset* in seconds since the epoch."""

    limit: float
    remaining: float
    reset: float | None


def seen(headers: Mapping[str, str]) -> Seen | None:
    """The rate-limit headers of an answer; None where there are none that make sense."""
    try:
        reset = headers.get("x-ratelimit-reset")
        return Seen(
            float(headers["x-ratelimit-limit"]),
            float(headers["x-ratelimit-remaining"]),
            float(reset) if reset is not None else None,
        )
    except (KeyError, ValueError):
        return None


@dataclass(slots=True)
class Level:
    """Our view of one bucket.

    *tokens* is what we may spend by the published rate. Until it is clear how the tenant refills,
    `continuous` or in `windows`, *left*, what the last answer said, bounds us as well. The first
    request goes alone (*primed* is false) so that its answer sets the level; so does the first one
    after a 429.
    """

    bucket: Bucket
    share: float
    tokens: float = 0.0
    since: float = 0.0
    flying: int = 0
    primed: bool = False
    refill: str = ""
    left: float | None = None
    reset: float | None = None
    blocked: float = 0.0
    heard: float = 0.0
    reserve: float = field(init=False)
    cap: float = field(init=False)
    rate: float = field(init=False)

    def __post_init__(self) -> None:
        self.rate = self.bucket.rate * self.share
        self.reserve = min(0.25 + SLACK * self.rate, self.bucket.burst / 5)
        self.cap = max(1.0, self.bucket.burst * self.share - self.reserve)
        self.tokens = self.cap

    def wait(self, now: float) -> float:
        """Seconds until a request may leave; 0 for now, infinity for after the next answer."""
        self._flow(now)
        if now < self.blocked:
            return self.blocked - now
        if not self.primed:
            return math.inf if self.flying else 0.0
        if self._spent():
            if self.flying:
                return math.inf
            if self.reset is not None and now < self.reset:
                return self.reset - now
            self._renew()
            return 0.0
        return 0.0 if self.tokens >= 1 - EPSILON else (1 - self.tokens) / self.rate

    def take(self) -> None:
        self.tokens -= 1
        self.flying += 1

    def land(self) -> None:
        self.flying -= 1

    def learn(self, news: Seen, *, sent: float, now: float) -> None:
        """Adjust to what the answer of a request that left at *sent* says.

        Answers may overtake each other: only one whose request left after the last one arrived
        is certainly newer.
        """
        newer = sent >= self.heard
        if newer:
            self._judge(news, now)
            self.heard = now
        self._flow(now)
        known = news.remaining + self.rate * (now - sent)
        if self.tokens > known:
            self.tokens = known - self.reserve
        reset = self._sensible(news.reset, now)
        if newer or self.left is None:
            self.left, self.reset = news.remaining, reset
        elif reset == self.reset:
            self.left = min(self.left, news.remaining)
        elif self.refill == "" and min(reset or 0, self.reset or 0) > now:
            self.refill = "continuous"

    def refuse(self, news: Seen | None, now: float) -> None:
        """A 429: nobody leaves before the reset, and then one alone."""
        if self.primed and self.refill == "continuous":
            self.refill = "windows"
        reset = self._sensible(news.reset if news else None, now)
        self.blocked = reset if reset is not None and reset > now else now + FALLBACK
        self._flow(now)
        self.tokens = min(self.tokens, 0.0)
        self.reset = self.blocked
        self._renew()

    def _flow(self, now: float) -> None:
        if self.refill != "windows":
            self.tokens = min(self.cap, self.tokens + self.rate * max(0.0, now - self.since))
        self.since = now

    def _spent(self) -> bool:
        """Whether only the reset can help: the last answer says so, or a window is used up."""
        if self.refill == "continuous":
            return False
        used = self.refill == "windows" and self.tokens < 1
        return used or (self.left is not None and self.left - self.flying < 1)

    def _renew(self) -> None:
        """Once the reset has come the bucket has tokens again, which one answer has to confirm."""
        self.left, self.primed = None, False
        if self.refill == "windows":
            self.tokens = self.cap

    def _sensible(self, reset: float | None, now: float) -> float | None:
        """No bucket takes longer than to fill up, whatever the two clocks say."""
        return None if reset is None else min(reset, now + self.bucket.burst / self.bucket.rate + 1)

    def _judge(self, news: Seen, now: float) -> None:
        """Learn how the bucket refills: in windows it gains nothing until its reset has come."""
        if self.reset is None or news.reset is None or self.left is None or now >= self.reset:
            return
        moved = not self.refill and abs(news.reset - self.reset) >= 1
        if moved or news.remaining > self.left:
            self.refill = "continuous"


class Limiter:
    """Holds requests back so that the tenant need not refuse them.

    Time comes from *clock* (seconds since the epoch) and passes in *sleep*. One request waits no
    longer than *patience* seconds: then Limited is raised.
    """

    def __init__(
        self,
        limits: Limits,
        *,
        clock: Callable[[], float],
        sleep: Callable[[float], Awaitable[None]],
        patience: float,
        stats: Stats,
    ) -> None:
        now = clock()
        self._levels = [Level(bucket, limits.share, since=now) for bucket in limits.buckets]
        self.clock = clock
        self._sleep = sleep
        self._patience = patience
        self._stats = stats
        self._changed = asyncio.Event()
        self._turns: dict[tuple[int, ...], asyncio.Lock] = {}

    async def acquire(self, method: str, path: str) -> Grant:
        """Wait until the request may leave. Whoever has a grant must `land` it."""
        numbers = tuple(n for n, x in enumerate(self._levels) if x.bucket.covers(method, path))
        levels = [self._levels[n] for n in numbers]
        # A lock serves who came first, among requests that the same buckets cover.
        async with self._turns.setdefault(numbers, asyncio.Lock()):
            await self._await_tokens(levels, f"{method} {path}")
            for level in levels:
                level.take()
        return Grant(levels, self.clock())

    async def _await_tokens(self, levels: list[Level], label: str) -> None:
        waited = 0.0
        while delay := max((level.wait(self.clock()) for level in levels), default=0.0):
            if math.isinf(delay):
                await self._changed.wait()
                continue
            waited += delay
            if waited > self._patience:
                raise Limited(
                    f"{label} would have to wait more than {self._patience:.0f} s for rate limits",
                    help="run it again later, or when nobody else uses the tenant",
                )
            self._stats.waited += delay
            await self._sleep(delay)

    async def rest(self, method: str, path: str, headers: Mapping[str, str]) -> None:
        """Wait after a 429 that no known bucket explains; the others have been told already."""
        if any(level.bucket.covers(method, path) for level in self._levels):
            return
        news, now = seen(headers), self.clock()
        reset = news.reset if news else None
        delay = min(reset - now, FALLBACK) if reset is not None and reset > now else FALLBACK
        self._stats.waited += delay
        await self._sleep(delay)

    def land(self, grant: Grant, status: int, headers: Mapping[str, str]) -> None:
        """Take note of an answer; *status* 0 where there was none."""
        now, news = self.clock(), seen(headers)
        for level in grant.levels:
            level.land()
        if status == 429:
            self._stats.limited += 1
            for level in _meant(grant.levels, news):
                level.refuse(news, now)
        elif news is not None:
            for level in _meant(grant.levels, news):
                level.learn(news, sent=grant.sent, now=now)
        if status and status != 429:
            for level in grant.levels:
                level.primed = True
        self._changed.set()
        self._changed = asyncio.Event()


@dataclass(frozen=True, slots=True)
class Grant:
    """Leave to send one request, given at *sent*."""

    levels: list[Level]
    sent: float

    @property
    def bucket(self) -> str:
        """The narrowest bucket that covers the request; empty where none does."""
        return self.levels[-1].bucket.name if self.levels else ""


def _meant(levels: list[Level], news: Seen | None) -> list[Level]:
    """The bucket that headers speak of: the one of that size, or any that it may be."""
    named = [level for level in levels if news and level.bucket.burst == news.limit]
    return named or levels
