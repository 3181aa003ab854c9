"""What a tenant is set up to do, besides what it holds: faults, delays, limits, features, the time.

Settings are JSON at the edges (the administration, the file) and values inside. Whoever opens the
file finds them as the last one left them.
"""

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass, field, fields
from functools import cache
from typing import Any, get_args

from tenantctl.sandbox.behaviour import Bucket, Clock, Delays, Fault, FaultKind, Hostility
from tenantctl.sandbox.refusal import SandboxError
from tenantctl.sandbox.subscriptions import FEATURES, OLD_TENANT


@dataclass(slots=True)
class Settings:
    """`offset` is added to the time; where `frozen` is a time, it stands still there."""

    delays: Delays = field(default_factory=Delays)
    faults: list[Fault] = field(default_factory=list)
    buckets: tuple[Bucket, ...] = ()
    hostility: Hostility | None = None
    features: frozenset[str] = FEATURES
    offset: float = 0.0
    frozen: float | None = None


def steered(settings: Callable[[], Settings], clock: Clock) -> Clock:
    """The tenant's time: that of `clock`, as the settings of the moment bend it."""

    def now() -> float:
        found = settings()
        return clock() + found.offset if found.frozen is None else found.frozen

    return now


def dumped(settings: Settings) -> str:
    """Settings as text, without what the faults have counted so far."""
    hostility = settings.hostility
    return json.dumps(
        {
            "delays": asdict(settings.delays),
            "faults": [fault_facts(fault) for fault in settings.faults],
            "buckets": [asdict(bucket) for bucket in settings.buckets],
            "hostility": asdict(hostility) if hostility else None,
            "features": sorted(settings.features),
            "offset": settings.offset,
            "frozen": settings.frozen,
        }
    )


def loaded(text: str | None) -> Settings:
    """The inverse of `dumped`; nothing unusual where there is no text."""
    told = json.loads(text) if text else {}
    return Settings(
        delays=read_delays(told.get("delays", {})),
        faults=read_faults(told.get("faults", [])),
        buckets=read_buckets(told.get("buckets", [])),
        hostility=read_hostility(told.get("hostility")),
        features=read_features(told.get("features", sorted(FEATURES))),
        offset=told.get("offset", 0.0),
        frozen=told.get("frozen"),
    )


def fault_facts(fault: Fault) -> dict[str, Any]:
    """A fault as it was told, without its counters."""
    return {f.name: getattr(fault, f.name) for f in fields(fault) if f.init}


def read_faults(told: Any) -> list[Fault]:
    """Faults from a list of objects with the fields of Fault. Raises SandboxError."""
    _check("faults", told)
    return [Fault(**_tuples(one)) for one in told]


def read_delays(told: Any) -> Delays:
    """Delays from an object with the fields of Delays. Raises SandboxError."""
    _check("delays", told)
    return Delays(**_tuples(told))


def read_buckets(told: Any) -> tuple[Bucket, ...]:
    """Buckets from a list of objects with the fields of Bucket. Raises SandboxError."""
    _check("buckets", told)
    return tuple(Bucket(**one) for one in told)


def read_hostility(told: Any) -> Hostility | None:
    """Hostility from an object with its fields, or null for none. Raises SandboxError."""
    _check("hostility", told)
    return Hostility(**told) if told is not None else None


def read_features(told: Any) -> frozenset[str]:
    """A set of features from a list of their names. Raises SandboxError."""
    _check("features", told)
    return frozenset(told)


def _object(required: tuple[str, ...] = (), **properties: Any) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": list(required),
        "additionalProperties": False,
    }


_TEXT = {"type": "string"}
_COUNT = {"type": "integer", "minimum": 0}
_SECONDS = {"type": "number", "minimum": 0}
_SCHEMAS: dict[str, dict[str, Any]] = {
    "faults": {
        "type": "array",
        "items": _object(
            ("kind",),
            kind={"enum": list(get_args(FaultKind))},
            method=_TEXT,
            path=_TEXT,
            nth={"type": "array", "items": {"type": "integer", "minimum": 1}},
            chance={"type": "number", "minimum": 0, "maximum": 1},
            status={"type": "integer", "minimum": 400, "maximum": 599},
            seed=_COUNT,
            message=_TEXT,
            seconds=_SECONDS,
        ),
    },
    "delays": _object(
        verify_calls=_COUNT,
        verify_seconds=_SECONDS,
        build_reads=_COUNT,
        build_seconds=_SECONDS,
        failing_builds={"type": "array", "items": _TEXT},
        connection_delete_seconds=_SECONDS,
    ),
    "buckets": {
        "type": "array",
        "items": _object(
            ("burst", "rate"),
            burst={"type": "integer", "minimum": 1},
            rate={"type": "number", "exclusiveMinimum": 0},
            method=_TEXT,
            path=_TEXT,
            name=_TEXT,
        ),
    },
    "hostility": {
        "anyOf": [
            {"type": "null"},
            _object(
                seed=_COUNT,
                shuffle={"type": "boolean"},
                page_cap={"type": ["integer", "null"], "minimum": 1},
            ),
        ]
    },
    "features": {"type": "array", "items": {"enum": sorted(FEATURES | OLD_TENANT)}},
}


@cache
def _validator(name: str) -> Any:
    import jsonschema_rs

    return jsonschema_rs.validator_for(_SCHEMAS[name])


def _check(name: str, told: Any) -> None:
    error = next(_validator(name).iter_errors(told), None)
    if error is not None:
        where = "".join(f"[{step}]" for step in error.instance_path)
        raise SandboxError(f"{name}{where}: {error.message}")


def _tuples(found: dict[str, Any]) -> dict[str, Any]:
    return {name: tuple(item) if isinstance(item, list) else item for name, item in found.items()}
