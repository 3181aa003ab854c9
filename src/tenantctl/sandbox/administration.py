"""What a tenant can be told past its API: JSON in, JSON out, in the words of `Sandbox`."""

import json
import math
from collections.abc import Callable
from dataclasses import asdict
from typing import Any, Final, cast

from tenantctl.sandbox.identity import timestamp
from tenantctl.sandbox.machine import Outgoing
from tenantctl.sandbox.recordings import Recorded
from tenantctl.sandbox.refusal import Refusal, SandboxError
from tenantctl.sandbox.sandbox import Sandbox
from tenantctl.sandbox.settings import (
    fault_facts,
    read_buckets,
    read_delays,
    read_faults,
    read_hostility,
)

Action = Callable[[Sandbox, Any], Any]

_END_OF_TIME: Final = 253402300799.0  # the last second that has four digits for its year


def administer(sandbox: Sandbox, method: str, thing: str, body: bytes) -> Outgoing:
    """The answer to `METHOD thing`: 200 with JSON, or 400, 404, 405 with what is wrong."""
    actions = _THINGS.get(thing)
    if actions is None:
        return _wrong(404, f"There is no {thing!r} to administer; there is {', '.join(_THINGS)}")
    action = actions.get(method)
    if action is None:
        return _wrong(405, f"{thing} takes {', '.join(actions)}")
    try:
        return _json(200, action(sandbox, _parsed(body)))
    except SandboxError as error:
        return _wrong(400, str(error))
    except UnicodeError:
        return _wrong(400, "Half a surrogate pair is no text")


def steer(sandbox: Sandbox, told: Any) -> None:
    """Bends the tenant's time: `advance` by seconds, `set` to a time, `freeze`, `thaw`.

    Times are seconds since the epoch; `freeze` takes one, or true for now. Raises SandboxError.
    """
    if not isinstance(told, dict) or len(told) != 1 or not told.keys() <= _CLOCK.keys():
        raise SandboxError(f"tell the clock one of {', '.join(_CLOCK)}, as an object")
    ((name, value),) = told.items()
    _CLOCK[name](sandbox, value)


def clock(sandbox: Sandbox) -> dict[str, Any]:
    """The tenant's time, in seconds since the epoch and as text."""
    return {"now": sandbox.now(), "time": timestamp(sandbox.now())}


def include(sandbox: Sandbox, told: Any) -> None:
    """Gives the tenant a list of `features`, or those and the limits of a `subscription`.

    Raises SandboxError.
    """
    if not isinstance(told, dict) or len(told) != 1:
        raise SandboxError('tell {"features": [...]} or {"subscription": "..."}')
    if isinstance(told.get("subscription"), str):
        sandbox.subscribe(told["subscription"])
    elif isinstance(told.get("features"), list):
        sandbox.features = told["features"]
    else:
        raise SandboxError("features are a list of names, a subscription is a name")


def _advance(sandbox: Sandbox, value: Any) -> None:
    seconds = _number("advance", value)
    _within("advance", sandbox.now() + seconds)
    sandbox.advance(seconds)


def _set(sandbox: Sandbox, value: Any) -> None:
    at = _within("set", _number("set", value))
    sandbox.advance(at - sandbox.now())


def _freeze(sandbox: Sandbox, value: Any) -> None:
    sandbox.freeze(None if value is True else _within("freeze", _number("freeze", value)))


def _thaw(sandbox: Sandbox, value: Any) -> None:
    if value is not True:
        raise SandboxError("thaw takes true")
    sandbox.thaw()


_CLOCK: Final[dict[str, Callable[[Sandbox, Any], None]]] = {
    "advance": _advance,
    "set": _set,
    "freeze": _freeze,
    "thaw": _thaw,
}


def _number(name: str, value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise SandboxError(f"{name} takes a number of seconds")
    return float(value)


def _within(name: str, at: float) -> float:
    if not 0 <= at <= _END_OF_TIME:
        raise SandboxError(f"{name} leaves the years 1970 to 9999")
    return at


def _reset(sandbox: Sandbox, told: Any) -> Any:
    if told is not None and not isinstance(told, dict):
        raise SandboxError("a reset takes nothing, or what a recording presupposes: ids and reads")
    recorded: Recorded | None = cast("Recorded", told) if told else None
    sandbox.reset(recorded)
    return sandbox.status()


def _seed(sandbox: Sandbox, told: Any) -> Any:
    sandbox.seed(told)
    return sandbox.status()


def _restore(sandbox: Sandbox, told: Any) -> Any:
    sandbox.restore(told)
    return sandbox.status()


def _steer(sandbox: Sandbox, told: Any) -> Any:
    steer(sandbox, told)
    return clock(sandbox)


def _features(sandbox: Sandbox, _told: Any) -> Any:
    return {"features": sorted(sandbox.features)}


def _include(sandbox: Sandbox, told: Any) -> Any:
    include(sandbox, told)
    return _features(sandbox, None)


def _faults(sandbox: Sandbox, _told: Any) -> Any:
    return [{**fault_facts(fault), "matched": fault.matched} for fault in sandbox.faults]


def _break(sandbox: Sandbox, told: Any) -> Any:
    sandbox.faults = read_faults(told)
    return _faults(sandbox, None)


def _repair(sandbox: Sandbox, _told: Any) -> Any:
    return _break(sandbox, [])


def _delays(sandbox: Sandbox, _told: Any) -> Any:
    return asdict(sandbox.delays)


def _delay(sandbox: Sandbox, told: Any) -> Any:
    sandbox.delays = read_delays(told)
    return _delays(sandbox, None)


def _buckets(sandbox: Sandbox, _told: Any) -> Any:
    return [asdict(bucket) for bucket in sandbox.buckets]


def _limit(sandbox: Sandbox, told: Any) -> Any:
    sandbox.buckets = read_buckets(told)
    return _buckets(sandbox, None)


def _hostility(sandbox: Sandbox, _told: Any) -> Any:
    return asdict(sandbox.hostility) if sandbox.hostility else None


def _turn(sandbox: Sandbox, told: Any) -> Any:
    sandbox.hostility = read_hostility(told)
    return _hostility(sandbox, None)


def _requests(sandbox: Sandbox, _told: Any) -> Any:
    """Counts since the tenant was made, and the last requests that this process answered."""
    return {
        "counts": sandbox.status()["requests"],
        "log": [asdict(request) for request in sandbox.log],
    }


def _forget(sandbox: Sandbox, _told: Any) -> Any:
    sandbox.clear_log()
    return _requests(sandbox, None)


_THINGS: Final[dict[str, dict[str, Action]]] = {
    "status": {"GET": lambda sandbox, _: sandbox.status()},
    "reset": {"POST": _reset},
    "seed": {"POST": _seed},
    "snapshot": {"GET": lambda sandbox, _: sandbox.snapshot(), "PUT": _restore},
    "clock": {"GET": lambda sandbox, _: clock(sandbox), "PATCH": _steer},
    "features": {"GET": _features, "PUT": _include},
    "faults": {"GET": _faults, "PUT": _break, "DELETE": _repair},
    "delays": {"GET": _delays, "PUT": _delay},
    "buckets": {"GET": _buckets, "PUT": _limit},
    "hostility": {"GET": _hostility, "PUT": _turn},
    "requests": {"GET": _requests, "DELETE": _forget},
}


def _parsed(body: bytes) -> Any:
    if not body.strip():
        return None
    try:
        return json.loads(body, parse_constant=_no_number)
    except (ValueError, RecursionError):
        raise SandboxError("the body is no JSON") from None


def _no_number(name: str) -> Any:
    raise ValueError(f"{name} is no number of JSON")


def _wrong(status: int, message: str) -> Outgoing:
    return _json(status, Refusal(status, message).body())


def _json(status: int, told: Any) -> Outgoing:
    headers = {"content-type": "application/json; charset=utf-8", "cache-control": "no-store"}
    return Outgoing(status, headers, json.dumps(told).encode())
