"""Event streams: where they lead, and what of their events could not be delivered."""

from typing import Any

from tenantctl.sandbox import identity
from tenantctl.sandbox.documents import UNSEEN, public
from tenantctl.sandbox.formats import FORMATS
from tenantctl.sandbox.pages import number
from tenantctl.sandbox.refusal import Refusal, invalid_body
from tenantctl.sandbox.service import collection_routes, fetch, joined, require
from tenantctl.sandbox.store import Document
from tenantctl.sandbox.wire import FREE, Answer, Body, Call, Collection, Hidden, Paging, Route

_AUTHORIZATION = ("destination", "configuration", "webhook_authorization")
_SECRETS = {"bearer": "token", "basic": "password", "custom_header": "header_value"}
_DELIVERIES = "event_stream_deliveries"
_NO_EVENT = ("The event does not exist.", None)
_DAY = 86400.0


def _check(call: Call, new: Document, old: Document) -> None:
    destination = new.get("destination", {})
    if old and destination.get("type") != old["destination"].get("type"):
        raise invalid_body("The type of a destination cannot be changed", "destination.type")
    configuration = destination.get("configuration", {})
    if "webhook_authorization" in configuration:
        _check_authorization(configuration["webhook_authorization"])
    if destination.get("type") == "action":
        refusal = Refusal(400, "The action does not exist.", "invalid_body")
        require(call, "actions", configuration["action_id"], refusal)


def _check_authorization(given: Document) -> None:
    secret = _SECRETS[given["method"]]
    known = {"bearer": (), "basic": ("username",), "custom_header": ("header_key",)}
    unknown = sorted(given.keys() - {"method", secret, *known[given["method"]]})
    where = ".".join(_AUTHORIZATION)
    if unknown:
        raise invalid_body(f"Additional properties not allowed: {','.join(unknown)}", where)
    if not isinstance(given.get(secret), str) or not given[secret]:
        raise invalid_body(f"Missing required property: {secret}", where)


def _unseen(document: Document) -> Document:
    """A webhook has the secret of its method, which nobody is shown."""
    destination = document.get("destination", {})
    configuration = destination.get("configuration", {})
    authorization = configuration.get(_AUTHORIZATION[-1], {})
    if secret := _SECRETS.get(authorization.get("method", "")):
        known = {**configuration, _AUTHORIZATION[-1]: {secret: UNSEEN, **authorization}}
        return {**document, "destination": {**destination, "configuration": known}}
    return document


def _complete(call: Call, new: Document, old: Document) -> Document:
    now = identity.timestamp(call.tenant.clock())
    if old:
        return {**new, "updated_at": now}
    server = {"status": "enabled", "created_at": now, "updated_at": now}
    return {**server, **new, "destination": _completed_destination(call, new["destination"])}


def _completed_destination(call: Call, destination: Document) -> Document:
    """Amazon's side of an event bridge gets a name that the other side can look for."""
    if destination["type"] != "eventbridge":
        return destination
    source = f"aws.partner/auth0.com/{call.tenant.name}-{identity.uuid4()}/auth0.events"
    configuration = {"aws_partner_event_source": source, **destination["configuration"]}
    return {**destination, "configuration": configuration}


def _delete_deliveries(call: Call, stream: Document) -> None:
    for row in call.tenant.store.rows(_DELIVERIES, stream["id"]):
        call.tenant.store.delete(_DELIVERIES, row.id)


def _test(call: Call) -> Answer:
    """Sends a made-up event; the sandbox reaches nobody, so the delivery has failed."""
    stream = fetch(STREAMS, call)
    id, now = identity.compact("evt_")(), identity.timestamp(call.tenant.clock())
    delivery = {
        "id": id,
        "event_stream_id": stream["id"],
        "status": "failed",
        "event_type": call.body["event_type"],
        "attempts": [
            {"status": "failed", "timestamp": now, "error_message": "Nobody answers in a sandbox"}
        ],
        "event": {
            "id": id,
            "source": f"urn:auth0:{call.tenant.name}",
            "specversion": "1.0",
            "type": call.body["event_type"],
            "time": now,
            "data": call.body.get("data") or {},
        },
    }
    call.tenant.store.put(_DELIVERIES, id, delivery, stream["id"])
    return Answer(202, delivery)


def _list_deliveries(call: Call) -> Answer:
    """Oldest first, an array; `from` is the id of the delivery before the first one shown."""
    stream = fetch(STREAMS, call)
    found = [row.document for row in call.tenant.store.rows(_DELIVERIES, stream["id"])]
    types = {part for text in call.query.get("event_types", []) for part in text.split(",")}
    found = [item for item in found if not types or item["event_type"] in types]
    after = call.first("from")
    position = next((n for n, item in enumerate(found, 1) if item["id"] == after), 0)
    return Answer(200, found[position : position + number(call, "take", 50, 1, 100)])


def _delivery(call: Call) -> Document:
    """The delivery the path names, of the stream the path names. Raises Refusal 404."""
    stream = fetch(STREAMS, call)
    refusal = Refusal(404, *_NO_EVENT)
    found = require(call, _DELIVERIES, call.arguments["event_id"], refusal)
    if found["event_stream_id"] != stream["id"]:
        raise refusal
    return found


def _show_delivery(call: Call) -> Answer:
    return Answer(200, public(_delivery(call)))


def _redeliver(call: Call) -> Answer:
    """Accepted, and as much in vain as the first time."""
    fetch(STREAMS, call)
    body = {} if call.body is None else call.body
    if not isinstance(body, dict):
        raise invalid_body("Expected type object")
    unknown = sorted(body.keys() - {"date_from", "date_to", "statuses", "event_types"})
    if unknown:
        raise invalid_body(f"Additional properties not allowed: {','.join(unknown)}")
    for name in {"date_from", "date_to"} & body.keys():
        given = body[name]
        if not isinstance(given, str) or not FORMATS["date-time"](given):
            raise invalid_body(f"Object didn't pass validation for format date-time: {given}", name)
    if any(status != "failed" for status in _listed(body, "statuses")):
        raise invalid_body("No enum match", "statuses")
    _listed(body, "event_types")
    return Answer(202, body)


def _listed(body: Document, name: str) -> list[Any]:
    found = body.get(name, [])
    if not isinstance(found, list):
        raise invalid_body("Expected type array", name)
    return found


def _redeliver_one(call: Call) -> Answer:
    _delivery(call)
    return Answer(202)


def _show_stats(call: Call) -> Answer:
    """Deliveries by the hour of the last day; none succeeds in a sandbox."""
    stream, now = fetch(STREAMS, call), call.tenant.clock()
    buckets = [identity.timestamp(now - _DAY + 3600 * hour) for hour in range(24)]
    failed = len(call.tenant.store.rows(_DELIVERIES, stream["id"]))
    window = {
        "date_from": buckets[0],
        "date_to": identity.timestamp(now),
        "bucket_interval": {"scale_factor": 3600, "type": "seconds"},
    }

    def metric(name: str, total: int) -> dict[str, Any]:
        return {"name": name, "type": "sum", "window_total": total, "data": [0] * 23 + [total]}

    return Answer(
        200,
        {
            "id": stream["id"],
            "name": stream.get("name", ""),
            "window": window,
            "buckets": buckets,
            "metrics": [metric("total_delivered", 0), metric("total_failed", failed)],
        },
    )


STREAMS = Collection(
    name="event_streams",
    path="/event-streams",
    mint=identity.compact("est_"),
    noun="event_streams",
    paging=Paging("eventStreams", "only_checkpoint"),
    missing=("The event stream does not exist.", None),
    unique=(("name", "Event stream name already in use."),),
    hidden=tuple(Hidden((*_AUTHORIZATION, secret)) for secret in _SECRETS.values()),
    unseen=_unseen,
    open=(
        "EventStreamWebhookBasicAuth",
        "EventStreamWebhookBearerAuth",
        "EventStreamWebhookCustomHeaderAuth",
    ),
    sample=(
        ("destination", {"type": "webhook", "configuration": {"webhook_endpoint": "https://"}}),
        ("subscriptions", []),
    ),
    format=(
        "event-stream-id",
        "est_[A-Za-z0-9]{22}",
        "id (Unique identifier for the event stream)",
    ),
    check=_check,
    complete=_complete,
    cascade=_delete_deliveries,
)

_ITEM = f"{STREAMS.path}/{{id}}"
_DELIVERY_QUERY = frozenset({"statuses", "event_types", "date_from", "date_to", "from", "take"})
_READ_DELIVERIES = ("read:event_streams", "read:event_deliveries")
_REDELIVER = ("update:event_deliveries",)
ROUTES = joined(
    collection_routes(STREAMS),
    [
        Route(
            "POST",
            f"{_ITEM}/test",
            ("update:event_streams",),
            _test,
            Body("event_streams", "test"),
        ),
        Route(
            "GET", f"{_ITEM}/deliveries", _READ_DELIVERIES, _list_deliveries, query=_DELIVERY_QUERY
        ),
        Route(
            "GET", f"{_ITEM}/deliveries/{{event_id}}", ("read:event_deliveries",), _show_delivery
        ),
        Route("POST", f"{_ITEM}/redeliver", _REDELIVER, _redeliver, FREE),
        Route("POST", f"{_ITEM}/redeliver/{{event_id}}", _REDELIVER, _redeliver_one),
        Route("GET", f"{_ITEM}/stats", ("read:event_streams",), _show_stats),
    ],
)
