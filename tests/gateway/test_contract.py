"""What the kinds say of the API, against the shapes and against auth0-python's typed methods."""

import asyncio
import inspect
import operator
import re

import httpx
import pytest
from auth0.management import AsyncAuth0

from tenantctl.gateway.routes import operation
from tenantctl.kinds import KINDS, operations
from tenantctl.model import Address

ASSOCIATIONS = {"switch": ("update",), "links": ("create", "delete")}


def addresses(kind):
    """An address for each shape that a kind has."""
    if "{key}" in kind.shape:
        return [Address(kind.name, key) for key in kind.values]
    key = "/".join([*kind.values[:1], *["x"] * (len(kind.parts) - 1)]) or "x"
    return [Address(kind.name, key)]


def requests(kind):
    """Every request line that a kind's wire can lead to, and whether it has a body."""
    wire = kind.wire
    if wire.read:
        yield f"GET {wire.list.path if wire.list and '{' in wire.list.path else wire.read}", False
    if wire.list:
        yield f"GET {wire.list.path}", False
    if wire.create:
        yield wire.create, True
    if wire.update:
        yield wire.update, True
    if wire.delete:
        yield wire.delete, kind.procedure in {"links", "entries"}
    if kind.procedure in {"deploy", "verify"}:
        yield f"POST {wire.read}/{kind.procedure}", False


EVERY = [
    pytest.param(kind, address, request, body, id=f"{address} {request}")
    for kind in KINDS.values()
    for address in addresses(kind)
    for request, body in dict(requests(kind)).items()
]


@pytest.mark.parametrize(("kind", "address", "request_line", "body"), EVERY)
def test_every_request_of_a_kind_is_an_operation_of_the_api(kind, address, request_line, body):
    found = operation(kind, address, request_line)
    assert found is not None
    assert ("body" in found) == body


def test_what_publishes_a_module_is_an_operation_of_the_api():
    kind = KINDS["action_modules"]
    versions = operations("action_module_versions")["create"]
    assert (kind.procedure, versions["method"]) == ("publish", "POST")
    assert versions["path"] == f"{kind.wire.read}/versions"
    assert "body" not in versions


@pytest.mark.parametrize("kind", list(KINDS.values()), ids=lambda kind: kind.name)
def test_listings_are_paged_as_the_api_takes_it(kind):
    listing = kind.wire.list
    if listing is None:
        return
    query = operation(kind, addresses(kind)[0], f"GET {listing.path}").get("query", ())
    wanted = {"page": {"page", "per_page"}, "take": {"take", "from"}, "none": set()}
    assert wanted[listing.paging] <= set(query)
    if listing.paging == "none":
        assert not {"page", "take"} & set(query)


def typed_operations(kind):
    """The operations of a kind's shapes, other than those that nothing of ours could send."""
    methods = {request.split(" ")[0] for request, _ in requests(kind)}
    for address in addresses(kind):
        for found in operations(kind.shape.format(key=address.key)).values():
            if found["method"] in methods:
                yield found


class Seen(Exception):
    pass


@pytest.mark.parametrize("kind", list(KINDS.values()), ids=lambda kind: kind.name)
def test_the_typed_methods_of_the_sdk_send_the_same_method_to_the_same_path(kind):
    seen = []

    def record(request):
        seen.append((request.method, request.url.path))
        raise Seen

    async def call(shapes):
        async with httpx.AsyncClient(transport=httpx.MockTransport(record)) as http:
            api = AsyncAuth0(base_url="https://x.example/api/v2", token="t", httpx_client=http)
            for shape in shapes:
                where, _, name = shape["sdk"].rpartition(".")
                method = getattr(operator.attrgetter(where)(api), name)
                with pytest.raises(Seen):
                    await method(**arguments(method))

    shapes = list(typed_operations(kind))
    asyncio.run(call(shapes))
    assert len(seen) == len(shapes) > 0
    for shape, (method, path) in zip(shapes, seen, strict=True):
        assert method == shape["method"]
        assert re.fullmatch("/api/v2" + re.sub(r"\{\w+\}", "[^/]+", shape["path"]), path)


def arguments(method):
    """Something for every parameter that has to be given."""
    parameters = inspect.signature(method).parameters.values()
    return {
        p.name: [] if p.name == "request" else "x"
        for p in parameters
        if p.default is inspect.Parameter.empty and p.kind is not p.VAR_KEYWORD
    }
