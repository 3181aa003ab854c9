"""Rate limits of a subscription and the cost of jobs, as text and JSON."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass

from tenantctl.model import Json

ALL = "GET POST PATCH PUT DELETE"
MINUTE = 60


@dataclass(frozen=True, slots=True)
class BucketView:
    """A bucket: so many requests at once and so many a second, and what a run uses of either."""

    path: str
    methods: tuple[str, ...]
    burst: float
    rate: float
    used_burst: float
    used_rate: float


@dataclass(frozen=True, slots=True)
class Job:
    """What a job costs: *slowest* is the bucket that holds it up, empty where none does."""

    name: str
    requests: int
    seconds: int
    slowest: str


@dataclass(frozen=True, slots=True)
class Profile:
    """What an environment's subscription permits; *said* where the environment file names it."""

    environment: str
    kind: str
    subscription: str
    said: bool
    embedded: bool
    share: float
    buckets: tuple[BucketView, ...]
    jobs: tuple[Job, ...]


def limits_text(profile: Profile) -> str:
    """All of it, for people."""
    return "\n".join(_lines(profile))


def _lines(profile: Profile) -> Iterator[str]:
    share = f"{profile.share:.0%}"
    yield f"{profile.environment}: subscription {profile.subscription}, of which a run uses {share}"
    if not profile.said:
        yield "  The environment file names no subscription: this is the smallest."
    if profile.embedded:
        yield "  The tenant is embedded and limits nobody: this is what a tenant of Auth0's would."
    yield ""
    yield from _table(profile)
    yield ""
    yield "At that rate, where nobody else asks the tenant meanwhile:"
    for job in profile.jobs:
        held = f", held up by {_named(job.slowest)}" if job.slowest else ""
        yield f"  {job.name}: about {job.requests} requests, {_time(job.seconds)}{held}"


def _table(profile: Profile) -> Iterator[str]:
    if not profile.buckets:
        yield "  No limit is known."
        return
    rows = [(_named(f"{'/'.join(b.methods)} {b.path}"), b) for b in profile.buckets]
    width = max(len(name) for name, _ in rows)
    for name, bucket in rows:
        used = "" if profile.share == 1 else f"; used {_rate(bucket.used_burst, bucket.used_rate)}"
        yield f"  {name:{width}}  {_rate(bucket.burst, bucket.rate)}{used}"


def _named(bucket: str) -> str:
    methods, _, path = bucket.partition(" ")
    words = "any" if methods.replace("/", " ") == ALL else methods
    return "everything" if (words, path) == ("any", "*") else f"{words} {path}"


def _rate(burst: float, rate: float) -> str:
    if rate >= 1:
        return f"{burst:g} at once, {round(rate, 2):g} a second"
    return f"{burst:g} at once, {round(rate * MINUTE, 1):g} a minute"


def _time(seconds: int) -> str:
    if seconds < 1:
        return "no wait"
    if seconds < 2 * MINUTE:
        return f"{seconds} s of waiting"
    return f"{seconds // MINUTE} min {seconds % MINUTE} s of waiting"


def limits_as_json(profile: Profile) -> Json:
    """As `limits_text`, for machines."""
    return {"format": 1, "type": "limits", **asdict(profile)}
