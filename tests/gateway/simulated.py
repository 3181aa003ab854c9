"""A clock that jumps to whatever is due next, and tenants that count tokens by it."""

import asyncio
import math
import random
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any

EPOCH = 1_790_000_000.25


class SimulatedLoop(asyncio.SelectorEventLoop):
    """An event loop in which waiting takes no time, only `time()` moves."""

    def __init__(self) -> None:
        super().__init__()
        self.now = EPOCH
        self._clock_resolution = 1e-6  # what a float of this size resolves
        select = self._selector.select

        def jump(timeout: float | None = None) -> Any:
            self.now += timeout or 0.0
            return select(0)

        self._selector.select = jump

    def time(self) -> float:
        return self.now


def simulate(main: Callable[[SimulatedLoop], Coroutine[Any, Any, Any]]) -> Any:
    loop = SimulatedLoop()
    try:
        return loop.run_until_complete(main(loop))
    finally:
        loop.close()


@dataclass
class Continuous:
    """A bucket that refills all the time; its reset says when it is full, as some tenants do."""

    burst: float
    rate: float
    clock: Callable[[], float]
    next_token: bool = False
    tokens: float = field(init=False)
    since: float = field(init=False)

    def __post_init__(self) -> None:
        self.tokens, self.since = self.burst, self.clock()

    def answer(self) -> tuple[int, dict[str, str]]:
        now = self.clock()
        self.tokens = min(self.burst, self.tokens + (now - self.since) * self.rate)
        self.since = now
        status = 200 if self.tokens >= 1 else 429
        self.tokens -= status == 200
        wait = (self.burst - self.tokens) / self.rate
        if self.next_token and self.tokens < 1:
            wait = (1 - self.tokens) / self.rate
        return status, _headers(self.burst, self.tokens, now + wait)


@dataclass
class Windowed:
    """A bucket that is full again at fixed times."""

    burst: float
    seconds: float
    clock: Callable[[], float]
    used: int = 0
    window: int = -1

    def answer(self) -> tuple[int, dict[str, str]]:
        window = math.floor(self.clock() / self.seconds)
        if window != self.window:
            self.window, self.used = window, 0
        status = 200 if self.used < self.burst else 429
        self.used += status == 200
        return status, _headers(self.burst, self.burst - self.used, (window + 1) * self.seconds)


def _headers(limit: float, remaining: float, reset: float) -> dict[str, str]:
    return {
        "x-ratelimit-limit": str(int(limit)),
        "x-ratelimit-remaining": str(max(0, math.floor(remaining))),
        "x-ratelimit-reset": str(math.ceil(reset)),
    }


def latency(seed: int, mean: float = 0.06, spread: float = 0.0) -> Callable[[], float]:
    dice = random.Random(seed)
    return lambda: mean + dice.uniform(-spread, spread)
