"""Experiments: variations of a feature flag, allotted to devices by weight or by segment."""

from collections.abc import Iterator
from functools import partial
from typing import Any, Final

from tenantctl.sandbox import identity
from tenantctl.sandbox.refusal import Refusal, invalid_body
from tenantctl.sandbox.resources.flags import (
    FEATURE,
    FLAG_MISSING,
    NO_STEP,
    PATHS,
    STATUS,
    change_status,
    pages,
)
from tenantctl.sandbox.resources.risk import stamped
from tenantctl.sandbox.service import collection_routes, fetch, joined, require
from tenantctl.sandbox.store import Document
from tenantctl.sandbox.wire import Answer, Body, Call, Collection, Route

_ITEM = f"{PATHS}/experiments/{{id}}"
_STEPS: Final = {
    "draft": {"active", "archived"},
    "active": {"paused", "completed"},
    "paused": {"active", "completed"},
    "completed": {"archived"},
}
_ALWAYS = ("name", "description")
_EDITABLE: Final = {
    "draft": (*_ALWAYS, "allocations", "authentication_flow", "default_config", "levels", "status"),
    "active": (*_ALWAYS, "status"),
    "paused": (*_ALWAYS, "allocations", "status"),
    "completed": (*_ALWAYS, "status"),
    "archived": (),
}


def _check(call: Call, new: Document, old: Document) -> None:
    flag = require(call, "feature_flags", new["feature_flag_id"], Refusal(404, *FLAG_MISSING))
    new.setdefault("status", old.get("status", "draft"))
    new.setdefault("allocations", [])
    _check_device(new)
    _check_levels(new)
    _check_references(call, new, flag)
    if old:
        _check_frozen(new, old)
        _check_step(call, new, old)


def _check_device(new: Document) -> None:
    if new.get("assignment_config", {"subject": "device"}) != {"subject": "device"}:
        raise invalid_body('No enum match for: "subject"', "assignment_config")


def _check_levels(new: Document) -> None:
    levels = new.get("levels") or []
    if sorted(set(levels)) != levels or any(not 0 <= level <= 100 for level in levels):
        raise invalid_body("Levels must increase strictly from 0 to 100", "levels")


def _check_references(call: Call, new: Document, flag: Document) -> None:
    for item in new["allocations"]:
        row = call.tenant.store.row("feature_flag_variations", item["variation_id"])
        if row is None or row.parent != flag["id"]:
            raise invalid_body("Variation not found on the feature flag", "allocations")
        segment = item.get("segment_id")
        if segment is not None and call.tenant.store.get("segments", segment) is None:
            raise invalid_body("Segment not found", "allocations")


def _check_frozen(new: Document, old: Document) -> None:
    """What may change depends on how far the experiment is."""
    changed = {
        name for name in _EDITABLE["draft"] if name != "status" and new.get(name) != old.get(name)
    }
    locked = changed.difference(_EDITABLE[old["status"]])
    if "allocations" in locked:
        raise Refusal(400, "Allocations cannot be modified while the experiment is active.")
    if locked:
        names = ", ".join(sorted(locked))
        raise Refusal(400, f"Not editable while the experiment is {old['status']}: {names}.")


def _check_step(call: Call, new: Document, old: Document) -> None:
    if new["status"] == old["status"]:
        return
    if new["status"] not in _STEPS.get(old["status"], ()):
        raise Refusal(400, NO_STEP)
    if new["status"] == "active" and any(_obstacles(call, new)):
        raise Refusal(400, NO_STEP)


def _obstacles(call: Call, experiment: Document) -> Iterator[tuple[str, str]]:
    """Why an experiment cannot start: code and message; the wording is the sandbox's own."""
    flag = call.tenant.store.get("feature_flags", experiment["feature_flag_id"]) or {}
    allocations = experiment.get("allocations", [])
    if flag.get("status") != "active":
        yield "feature_flag_not_active", "The feature flag must be active."
    if not allocations:
        yield "no_allocations", "The experiment must have allocations."
        return
    if sum(item["is_control"] for item in allocations) != 1:
        yield "control_required", "Exactly one allocation must be the control group."
    if experiment["allocation_strategy"] == "percentage":
        if sum(item.get("weight") or 0 for item in allocations) != 100:
            yield "weights_not_100", "The weights of the allocations must add up to 100."
    else:
        yield from _obstacles_of_segments(allocations)


def _obstacles_of_segments(allocations: list[Document]) -> Iterator[tuple[str, str]]:
    rest = [item for item in allocations if not item.get("is_fallback")]
    if len(allocations) - len(rest) != 1:
        yield "fallback_required", "Exactly one allocation must be the fallback."
    if any(not item.get("segment_id") for item in rest):
        yield "segment_required", "Every other allocation must name a segment."


def _complete(call: Call, new: Document, old: Document) -> Document:
    now = identity.timestamp(call.tenant.clock())
    new = {"allocation_strategy": "percentage", "status": "draft", "allocations": [], **new}
    if new["status"] == "active" and "started_at" not in new:
        new["started_at"] = now
        if new.get("levels"):
            new["current_level"] = new["levels"][0]
    if new["status"] == "completed" and "ended_at" not in new:
        new["ended_at"] = now
    return stamped(call, new, old)


def _show(call: Call, document: Document) -> Document:
    def name(kind: str, id: Any) -> Any:
        return (call.tenant.store.get(kind, id) or {}).get("name") if id else None

    allocations = []
    for item in document["allocations"]:
        told = {"variation_name": name("feature_flag_variations", item.get("variation_id"))}
        if item.get("segment_id"):
            told["segment_name"] = name("segments", item["segment_id"])
        allocations.append({**item, **told})
    return {
        **document,
        "feature_flag_name": name("feature_flags", document["feature_flag_id"]),
        "allocations": allocations,
        "is_valid": not any(_obstacles(call, document)),
        "editable_fields": list(_EDITABLE[document["status"]]),
    }


def _refuse_active(_call: Call, experiment: Document) -> None:
    if experiment["status"] == "active":
        raise Refusal(
            400, "Active experiments cannot be deleted. Pause or complete the experiment first."
        )


def _validate(call: Call) -> Answer:
    found = list(_obstacles(call, fetch(EXPERIMENTS, call)))
    errors = [{"code": code, "message": message} for code, message in found]
    return Answer(200, {"is_valid": not errors, "errors": errors})


def _advance(call: Call) -> Answer:
    """One level up; to be where one is already is fine."""
    experiment = fetch(EXPERIMENTS, call)
    levels, target = experiment.get("levels") or [], call.body["target_level"]
    before = experiment.get("current_level")
    if experiment["status"] != "active" or before is None:
        raise Refusal(400, "The experiment has no active ramp.")
    if target not in levels[levels.index(before) :][:2]:
        raise Refusal(400, "The target must be the next level of the ramp.")
    if target != before:
        new = stamped(call, {**experiment, "current_level": target}, experiment)
        call.tenant.store.put(EXPERIMENTS.name, experiment["id"], new)
    facts = {"from_level": before, "to_level": target, "current_level": target}
    return Answer(200, {"experiment_id": experiment["id"], **facts})


EXPERIMENTS = Collection(
    name="experiments",
    path=f"{PATHS}/experiments",
    mint=identity.compact("exp_"),
    noun="experimentation",
    paging=pages("experiments"),
    missing=("Experiment not found.", None),
    filters=tuple((name, name) for name in ("status", "authentication_flow", "feature_flag_id")),
    unique=(("name", "An experiment with this name already exists."),),
    extra=("assignment_config",),
    sample=(("feature_flag_id", ""),),
    feature=FEATURE,
    check=_check,
    complete=_complete,
    show=_show,
    cascade=_refuse_active,
)

_UPDATE = ("update:experimentation",)
ROUTES = joined(
    collection_routes(EXPERIMENTS),
    [
        Route(
            "POST",
            f"{_ITEM}/status",
            _UPDATE,
            partial(change_status, EXPERIMENTS),
            Body("experiments", "update", STATUS),
            feature=FEATURE,
        ),
        Route(
            "POST",
            f"{_ITEM}/validate",
            ("read:experimentation",),
            _validate,
            feature=FEATURE,
        ),
        Route(
            "POST",
            f"{_ITEM}/advance-ramp",
            _UPDATE,
            _advance,
            Body("experiments", "advance_ramp"),
            feature=FEATURE,
        ),
    ],
)
