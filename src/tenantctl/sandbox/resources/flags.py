"""Feature flags with their variations, and segments: what experiments are made of."""

from functools import partial
from typing import Any, Final

from tenantctl.sandbox import identity
from tenantctl.sandbox.refusal import Refusal, invalid_body
from tenantctl.sandbox.resources.risk import stamped
from tenantctl.sandbox.service import collection_routes, fetch, joined, view
from tenantctl.sandbox.store import Document
from tenantctl.sandbox.wire import Answer, Body, Call, Collection, Paging, Route, limits

FEATURE: Final = "experimentation"
FLAG_MISSING: Final = ("Feature flag not found.", None)
NO_STEP: Final = "Status transition is not allowed."
PATHS: Final = "/experimentation"
STATUS: Final = limits({"": {"required": ("status",), "maxProperties": 1}})
_STEPS = {"draft": {"active", "archived"}, "active": {"archived"}}
_TYPES: dict[str, type | tuple[type, ...]] = {
    "string": str,
    "boolean": bool,
    "number": (int, float),
    "array": list,
    "object": dict,
}


def pages(items: str) -> Paging:
    """The lists of experimentation: 25 at a time, 50 at most."""
    return Paging(items, "only_checkpoint", 25, 50)


def experiments_in_use(call: Call) -> list[Document]:
    """The experiments that hold on to flags, variations and segments."""
    rows = call.tenant.store.rows("experiments")
    return [row.document for row in rows if row.document["status"] != "archived"]


def _allocated(call: Call, field: str) -> set[Any]:
    return {
        allocation.get(field)
        for experiment in experiments_in_use(call)
        for allocation in experiment.get("allocations", [])
    }


def _check_flag(_call: Call, new: Document, old: Document) -> None:
    for name, parameter in (new.get("parameters") or {}).items():
        kind, value = parameter["type"], parameter.get("value")
        if not isinstance(value, _TYPES[kind]) or (kind == "number" and isinstance(value, bool)):
            raise invalid_body(f"Expected type {kind}", f"parameters.{name}.value")
    before = old.get("status", "draft")
    if new.setdefault("status", before) != before and new["status"] not in _STEPS.get(before, ()):
        raise Refusal(400, NO_STEP)


def _complete_flag(call: Call, new: Document, old: Document) -> Document:
    return stamped(call, {"type": "self", "status": "draft", **new}, old)


def _release_flag(call: Call, flag: Document) -> None:
    if any(item["feature_flag_id"] == flag["id"] for item in experiments_in_use(call)):
        raise Refusal(
            409,
            "Feature flag is in use by one or more non-archived experiments and cannot be deleted.",
        )
    for row in call.tenant.store.rows(VARIATIONS.name, flag["id"]):
        call.tenant.store.delete(VARIATIONS.name, row.id)


def _check_variation(call: Call, new: Document, _old: Document) -> None:
    flag = call.tenant.store.get(FLAGS.name, call.arguments["flag"]) or {}
    unknown = new["overrides"].keys() - flag.get("parameters", {}).keys()
    if unknown:
        names = ",".join(sorted(unknown))
        raise invalid_body(f"Additional properties not allowed: {names}", "overrides")


def _complete_variation(call: Call, new: Document, old: Document) -> Document:
    return stamped(call, {**new, "feature_flag_id": call.arguments["flag"]}, old)


def _release_variation(call: Call, variation: Document) -> None:
    if variation["id"] in _allocated(call, "variation_id"):
        raise Refusal(
            409,
            "Variation is in use by one or more non-archived allocations and cannot be deleted.",
        )
    if len(call.tenant.store.rows(VARIATIONS.name, call.arguments["flag"])) == 1:
        raise Refusal(
            400, "Feature flag must have at least one variation. Cannot delete the last variation."
        )


def _complete_segment(call: Call, new: Document, old: Document) -> Document:
    return stamped(call, {"type": "self", "status": "active", **new}, old)


def _release_segment(call: Call, segment: Document) -> None:
    if segment["id"] in _allocated(call, "segment_id"):
        raise Refusal(409, "Segment is in use by one or more non-archived experiment allocations.")


def change_status(collection: Collection, call: Call) -> Answer:
    """Takes a document a step further in its life; what `check` says decides whether it may."""
    if call.body["status"] is None:
        raise invalid_body("Expected type string but found type null", "status")
    old = fetch(collection, call)
    new = {**old, "status": call.body["status"]}
    collection.check(call, new, old)
    new = collection.complete(call, new, old)
    call.tenant.store.put(collection.name, new["id"], new)
    return Answer(200, view(collection, call, new))


FLAGS = Collection(
    name="feature_flags",
    path=f"{PATHS}/feature-flags",
    mint=identity.compact("flg_"),
    noun="experimentation",
    paging=pages("feature_flags"),
    missing=FLAG_MISSING,
    filters=(("status", "status"), ("type", "type")),
    unique=(("name", "A feature flag with this name already exists."),),
    feature=FEATURE,
    check=_check_flag,
    complete=_complete_flag,
    cascade=_release_flag,
)
VARIATIONS = Collection(
    name="feature_flag_variations",
    path=f"{PATHS}/feature-flags/{{flag}}/variations",
    parent=("feature_flags", "flag"),
    mint=identity.compact("var_"),
    noun="experimentation",
    paging=Paging("variations", "object"),
    missing=FLAG_MISSING,
    delete_missing=True,
    unique=(("name", "A variation with this name already exists on this feature flag."),),
    sample=(("overrides", {}),),
    feature=FEATURE,
    check=_check_variation,
    complete=_complete_variation,
    cascade=_release_variation,
)
SEGMENTS = Collection(
    name="segments",
    path=f"{PATHS}/segments",
    mint=identity.compact("seg_"),
    noun="experimentation",
    paging=pages("segments"),
    missing=("Segment not found.", None),
    filters=(("type", "type"),),
    unique=(("name", "A segment with this name already exists."),),
    sample=(("rules", []),),
    feature=FEATURE,
    complete=_complete_segment,
    cascade=_release_segment,
)

ROUTES = joined(
    *(collection_routes(collection) for collection in (FLAGS, VARIATIONS, SEGMENTS)),
    [
        Route(
            "POST",
            f"{PATHS}/feature-flags/{{id}}/status",
            ("update:experimentation",),
            partial(change_status, FLAGS),
            Body("feature_flags", "update", STATUS),
            feature=FEATURE,
        )
    ],
)
