import asyncio

import pytest

from gateway.simulated import Continuous, SimulatedLoop, Windowed, latency, simulate
from tenantctl.errors import Limited
from tenantctl.gateway import Bucket, Limits, Stats, limits_of
from tenantctl.gateway.limiter import Limiter

WIDTH = 8


def make_limiter(loop, limits, patience=300.0):
    stats = Stats()
    limiter = Limiter(limits, clock=loop.time, sleep=asyncio.sleep, patience=patience, stats=stats)
    return limiter, stats


async def run(limiter, server, count, delay, path="/clients"):
    """Seconds that *count* GETs take through 8 workers, each retried until it is answered."""
    loop = asyncio.get_running_loop()
    left = iter(range(count))

    async def worker():
        for _ in left:
            status = 429
            while status == 429:
                grant = await limiter.acquire("GET", path)
                await asyncio.sleep(delay())
                status, headers = server.answer()
                await asyncio.sleep(delay())
                limiter.land(grant, status, headers)

    start = loop.time()
    await asyncio.gather(*(worker() for _ in range(WIDTH)))
    return loop.time() - start


@pytest.mark.parametrize(
    ("count", "burst", "rate", "share", "next_token"),
    [
        (426, 10, 2, 1.0, False),
        (426, 10, 2, 1.0, True),
        (426, 10, 2, 0.8, False),
        (1785, 50, 16, 1.0, False),
        (1785, 50, 16, 0.8, True),
        (200, 2, 2, 1.0, True),
        (200, 2, 2, 0.8, False),
        (300, 10, 2.5, 1.0, False),
    ],
)
def test_a_long_read_takes_hardly_longer_than_the_rate_permits_and_is_never_refused(
    count, burst, rate, share, next_token
):
    async def main(loop: SimulatedLoop):
        limiter, stats = make_limiter(loop, Limits((Bucket(burst, rate),), share))
        server = Continuous(burst, rate, loop.time, next_token=next_token)
        return await run(limiter, server, count, latency(1)), stats

    took, stats = simulate(main)
    bound = (count - burst * share) / (rate * share)
    assert stats.limited == 0
    assert 0.98 * bound <= took <= 1.02 * bound


@pytest.mark.parametrize("seed", range(5))
def test_uneven_latency_causes_no_refusals(seed):
    async def main(loop: SimulatedLoop):
        limiter, stats = make_limiter(loop, Limits((Bucket(50, 16),)))
        server = Continuous(50, 16, loop.time)
        return await run(limiter, server, 600, latency(seed, 0.06, 0.04)), stats

    took, stats = simulate(main)
    assert stats.limited == 0
    assert took <= 1.03 * (600 - 50) / 16


@pytest.mark.parametrize("next_token", [False, True])
@pytest.mark.parametrize(("burst", "rate"), [(10, 2), (50, 16)])
def test_only_the_probe_is_refused_after_another_process_has_emptied_the_bucket(
    burst, rate, next_token
):
    async def main(loop: SimulatedLoop):
        limiter, stats = make_limiter(loop, Limits((Bucket(burst, rate),)))
        server = Continuous(burst, rate, loop.time, next_token=next_token)
        server.tokens = 0.0
        return await run(limiter, server, 100, latency(2)), stats

    took, stats = simulate(main)
    assert stats.limited <= 1
    assert took <= 100 / rate * 1.1 + burst / rate


@pytest.mark.parametrize(("burst", "seconds"), [(10, 5.0), (50, 60.0), (5, 60.0)])
def test_fixed_windows_are_used_up_and_waited_for(burst, seconds):
    async def main(loop: SimulatedLoop):
        limiter, stats = make_limiter(loop, Limits((Bucket(burst, burst / seconds),)))
        server = Windowed(burst, seconds, loop.time)
        return await run(limiter, server, burst * 6, latency(3)), stats

    took, stats = simulate(main)
    assert stats.limited <= 1
    assert took <= 6.1 * seconds + 2


def test_a_slow_endpoint_does_not_hold_up_the_others():
    async def main(loop: SimulatedLoop):
        limits = Limits((Bucket(50, 16), Bucket(5, 5 / 60, ("GET",), "/prompts/*/partials")))
        limiter, _ = make_limiter(loop, limits)
        server = Continuous(50, 16, loop.time)
        slow = asyncio.create_task(
            run(limiter, Continuous(5, 5 / 60, loop.time), 8, latency(4), "/prompts/a/partials")
        )
        took = await run(limiter, server, 40, latency(5))
        return took, await slow

    took, slow = simulate(main)
    assert took < 3
    assert slow >= 30


def test_what_would_take_longer_than_our_patience_is_given_up():
    async def main(loop: SimulatedLoop):
        limiter, _ = make_limiter(loop, Limits((Bucket(1, 1 / 600),)), patience=60)
        server = Continuous(1, 1 / 600, loop.time)
        await run(limiter, server, 2, latency(6))

    with pytest.raises(Limited, match="GET /clients would have to wait more than 60 s"):
        simulate(main)


def test_a_clock_that_stands_still_ends_in_giving_up_rather_than_in_a_loop():
    async def main(_: SimulatedLoop):
        async def sleep(_: float) -> None:
            return None

        limiter = Limiter(
            Limits((Bucket(1, 1),)), clock=lambda: 0.0, sleep=sleep, patience=5, stats=Stats()
        )
        for _ in range(3):
            grant = await limiter.acquire("GET", "/roles")
            limiter.land(grant, 200, {})

    with pytest.raises(Limited):
        simulate(main)


def test_a_request_without_an_answer_frees_its_place():
    async def main(loop: SimulatedLoop):
        limiter, _ = make_limiter(loop, Limits((Bucket(10, 2),)))
        first = await limiter.acquire("GET", "/roles")
        second = asyncio.create_task(limiter.acquire("GET", "/roles"))
        await asyncio.sleep(0)
        assert not second.done()
        limiter.land(first, 0, {})
        await second
        return True

    assert simulate(main)


def test_without_buckets_nothing_waits():
    async def main(loop: SimulatedLoop):
        limiter, stats = make_limiter(loop, limits_of("unlimited"))
        for _ in range(1000):
            await limiter.acquire("GET", "/clients")
        return loop.time(), stats.waited

    now, waited = simulate(main)
    assert waited == 0
    assert now < 1_790_000_001


def test_production_uses_four_fifths():
    assert limits_of("enterprise-production", production=True).share == 0.8
    assert limits_of("enterprise-production").buckets[0] == Bucket(50, 16)


def test_a_thousand_waiting_requests_cost_little():
    async def main(loop: SimulatedLoop):
        limiter, stats = make_limiter(loop, Limits((Bucket(10, 2),)), patience=1e6)
        server = Continuous(10, 2, loop.time)
        order = []

        async def one(number):
            grant = await limiter.acquire("GET", "/clients")
            order.append(number)
            status, headers = server.answer()
            limiter.land(grant, status, headers)

        await asyncio.gather(*(one(number) for number in range(1000)))
        return order, stats.limited

    order, limited = simulate(main)
    assert limited == 0
    assert order == list(range(1000))


def test_a_neighbour_who_uses_half_of_the_tenants_limits_causes_few_refusals():
    async def main(loop: SimulatedLoop):
        limiter, stats = make_limiter(loop, Limits((Bucket(50, 16),)))
        server = Continuous(50, 16, loop.time)

        async def neighbour():
            while True:
                await asyncio.sleep(3)
                for _ in range(24):
                    server.answer()

        other = asyncio.create_task(neighbour())
        took = await run(limiter, server, 600, latency(7))
        other.cancel()
        return took, stats

    took, stats = simulate(main)
    assert stats.limited <= 15
    assert took <= 55
