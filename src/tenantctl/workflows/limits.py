"""What a subscription permits, and how long jobs take at that."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable

from tenantctl import __version__
from tenantctl.engine import Known, Wish, make_plan
from tenantctl.engine.cost import Request, reads, writes
from tenantctl.files import Loaded
from tenantctl.gateway.limits import Bucket, Limits, limits_of
from tenantctl.model import Tenant
from tenantctl.report.limits import BucketView, Job, Profile


def profile(loaded: Loaded) -> Profile:
    """The buckets of the environment's subscription, and what its definition costs.

    A full apply is one to a tenant that has nothing of it. Raises UsageError where nobody knows the
    subscription.
    """
    environment = loaded.environment
    subscription = environment.subscription or "free"
    limits = limits_of(subscription, production=environment.kind == "production")
    asked = [*reads(loaded.desired.tenant)]
    first = _first(loaded)
    return Profile(
        environment=environment.id,
        kind=environment.kind,
        subscription=subscription,
        said=bool(environment.subscription),
        embedded=environment.embedded,
        share=limits.share,
        buckets=tuple(_view(bucket, limits.share) for bucket in limits.buckets),
        jobs=(
            _job("read what is declared", asked, limits),
            _job("apply all of it to an empty tenant", first, limits),
            _job("both, and read it again", [*asked, *first, *asked], limits),
        ),
    )


def _first(loaded: Loaded) -> list[Request]:
    wish = Wish(today=dt.datetime.now(dt.UTC).date(), version=__version__)
    plan = make_plan(
        loaded.desired,
        Tenant({}),
        Known(),
        environment=loaded.environment,
        playbook=loaded.playbook,
        wish=wish,
    )
    return [*writes(plan)]


def _view(bucket: Bucket, share: float) -> BucketView:
    return BucketView(
        path=bucket.path,
        methods=bucket.methods,
        burst=bucket.burst,
        rate=bucket.rate,
        used_burst=bucket.burst * share,
        used_rate=bucket.rate * share,
    )


def _job(name: str, requests: Iterable[Request], limits: Limits) -> Job:
    """How long *requests* take where the bucket that lasts longest is the only one that counts."""
    counts = Counter(requests)
    slowest, seconds = "", 0.0
    for bucket in limits.buckets:
        number = sum(n for each, n in counts.items() if bucket.covers(each.method, each.path))
        takes = max(0.0, (number - bucket.burst * limits.share) / (bucket.rate * limits.share))
        if takes > seconds:
            slowest, seconds = f"{'/'.join(bucket.methods)} {bucket.path}", takes
    return Job(name, sum(counts.values()), round(seconds), slowest)
